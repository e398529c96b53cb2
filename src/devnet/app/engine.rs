//! The engine: takes transactions in and makes blocks of them.
//!
//! One thread at a time. What it keeps in memory (mempool, rate limits, the state that checks see) is forgotten by a
//! restart, as a real node's is; what is in a block is in the file.

use super::ante::{Chain, Purpose, RateLimit};
use super::block::{self, MAX_BLOCK_BYTES, Making, StoredBlock, Validator};
pub use super::execute::Verdict;
use super::execute::{self, Outcome, Place};
use super::file::{ChainFile, NewBlock};
use super::genesis::{self, Genesis};
use super::hooks;
use super::mempool::{Mempool, Waiting};
use super::result::{Events, Included};
use super::tx::hash_of;
use crate::devnet::context::{Context, Profile};
use crate::devnet::kv::{Broken, Changes, Overlay};
use crate::domain::network::Network;
use jiff::{SignedDuration, Timestamp};
use std::path::Path;

/// What a chain is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The network whose rules it follows.
    pub network: &'static Network,
    /// Its id.
    pub chain_id: String,
    /// How strict it is.
    pub profile: Profile,
    /// Whether messages that register or change a provider are refused as the recorded VirtEngine node refuses them,
    /// whose generated code lacks their signer.
    pub refuses_provider_messages: bool,
}

/// Why there is no engine.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file.
    #[error("cannot open the development chain at {path}")]
    State {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: Broken,
    },
    /// The genesis.
    #[error(transparent)]
    Genesis(#[from] genesis::Error),
    /// The file holds another chain.
    #[error("the development chain at {path} has {what} {found:?}, not {wanted:?}")]
    Other {
        /// The file.
        path: String,
        /// Which fact differs.
        what: &'static str,
        /// What the file says.
        found: String,
        /// What was asked for.
        wanted: String,
    },
    /// The file holds a chain that began with another genesis.
    #[error("the development chain at {path} began with another genesis")]
    OtherGenesis {
        /// The file.
        path: String,
    },
}

/// A transaction on its way in.
#[derive(Debug)]
pub enum Admission {
    /// The same bytes are waiting or were included (`sdk` 19).
    Seen,
    /// It was checked: it waits, unless the outcome says that it was refused.
    Checked(Outcome),
}

/// How a transaction that was accepted is treated on purpose; by default, fairly.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Treatment {
    /// It never goes into a block.
    pub swallowed: bool,
    /// It waits for so many blocks more.
    pub late: i64,
    /// What becomes of it in its block, whatever its messages would do.
    pub verdict: Option<Verdict>,
}

/// A new block with its transactions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Produced {
    /// The block.
    pub block: StoredBlock,
    /// The block before.
    pub previous: Option<StoredBlock>,
    /// Its transactions.
    pub txs: Vec<Included>,
}

/// The engine.
pub struct Engine {
    file: ChainFile,
    identity: Identity,
    validator: Validator,
    last: Option<StoredBlock>,
    genesis_app_hash: Vec<u8>,
    genesis_time: Timestamp,
    checks: Changes,
    rate_limit: RateLimit,
    mempool: Mempool,
    ahead: SignedDuration,
}

const GENESIS: &str = "genesis";
const GENESIS_APP_HASH: &str = "genesis app hash";
const GENESIS_TIME: &str = "genesis time";
const AHEAD: &str = "clock ahead, in milliseconds";

impl Engine {
    /// Opens the chain in this file; begins a new one where there is none.
    pub fn open(path: &Path, identity: Identity, genesis: &Genesis, now: Timestamp) -> Result<Self, OpenError> {
        let shown = path.display().to_string();
        let state = |source| OpenError::State { path: shown.clone(), source };
        let mut file = ChainFile::open(path).map_err(state)?;
        match file.fact(GENESIS_TIME).map_err(state)? {
            None => begin(&mut file, &identity, genesis, now).map_err(|error| match error {
                BeginError::Broken(source) => state(source),
                BeginError::Genesis(error) => error.into(),
            })?,
            Some(_) => same_chain(&file, &identity, genesis, &shown)?,
        }
        let fact = |name: &str| file.fact(name).map(Option::unwrap_or_default).map_err(state);
        let genesis_app_hash = crate::devnet::hex::decode(&fact(GENESIS_APP_HASH)?).unwrap_or_default();
        let genesis_time = fact(GENESIS_TIME)?.parse().unwrap_or(now);
        let ahead = fact(AHEAD)?.parse().map_or(SignedDuration::ZERO, SignedDuration::from_millis);
        let last = file.last_block().map_err(state)?;
        Ok(Self {
            validator: Validator::of_chain(&identity.chain_id),
            file,
            identity,
            last,
            genesis_app_hash,
            genesis_time,
            checks: Changes::default(),
            rate_limit: RateLimit::default(),
            mempool: Mempool::default(),
            ahead,
        })
    }

    /// What the chain is.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The chain's one validator.
    pub fn validator(&self) -> &Validator {
        &self.validator
    }

    /// The last height; 0 before the first block.
    pub fn height(&self) -> i64 {
        self.last.as_ref().map_or(0, |block| block.header.height)
    }

    /// The time of the last block.
    pub fn time(&self) -> Timestamp {
        self.last.as_ref().map_or(self.genesis_time, StoredBlock::time)
    }

    /// The mempool.
    pub fn mempool(&self) -> &Mempool {
        &self.mempool
    }

    /// Checks a transaction and lets it wait for a block.
    pub fn admit(&mut self, bytes: &[u8], treatment: Treatment) -> Result<Admission, Broken> {
        let hash = hash_of(bytes);
        if !self.mempool.see(&hash) {
            return Ok(Admission::Seen);
        }
        let outcome = self.check(bytes, Purpose::Check)?;
        if outcome.refusal.is_some() {
            self.mempool.forget(&hash);
            return Ok(Admission::Checked(outcome));
        }
        let Treatment { swallowed, late, verdict } = treatment;
        if !swallowed {
            let not_before = if late > 0 { self.height().saturating_add(1).saturating_add(late) } else { 0 };
            self.mempool.add(Waiting { hash, bytes: bytes.to_vec(), not_before, verdict });
        }
        Ok(Admission::Checked(outcome))
    }

    /// Checks a transaction that is not to wait for a block. The check is kept until the next one.
    pub fn check_only(&mut self, bytes: &[u8]) -> Result<Outcome, Broken> {
        self.check(bytes, Purpose::Check)
    }

    /// Runs a transaction without keeping anything of it.
    pub fn simulate(&mut self, bytes: &[u8]) -> Result<Outcome, Broken> {
        let kept = self.checks.clone();
        let outcome = self.check(bytes, Purpose::Simulate);
        self.checks = kept;
        outcome
    }

    /// Runs a transaction on the state that checks see: that of the last block, and what was checked since.
    fn check(&mut self, bytes: &[u8], purpose: Purpose) -> Result<Outcome, Broken> {
        let (height, time) = (self.height(), self.time());
        let state = self.file.state();
        let mut overlay = Overlay::with(&state, std::mem::take(&mut self.checks));
        let mut place = Place::new(&self.identity, height, time, &mut self.rate_limit);
        let outcome = execute::run(&mut overlay, &mut place, bytes, purpose);
        self.checks = overlay.into_changes();
        outcome
    }

    /// Makes the next block, of the transactions that wait.
    pub fn produce(&mut self, now: Timestamp) -> Result<Produced, Broken> {
        self.produce_keeping(now, None)
    }

    fn produce_keeping(&mut self, now: Timestamp, fact: Option<(&'static str, String)>) -> Result<Produced, Broken> {
        let time = self.block_time(now);
        let height = self.height().saturating_add(1);
        let taken = self.mempool.take(height, MAX_BLOCK_BYTES);
        let (produced, changes) = self.make(time, &taken, |_| Ok(()))?;
        self.file.add_block(NewBlock { block: &produced.block, changes, txs: &produced.txs, fact })?;
        self.settle(&produced.block)?;
        Ok(produced)
    }

    /// Makes the next block of one change to the state that no transaction makes: what `devnet fund` and its like do.
    pub fn produce_with(
        &mut self,
        now: Timestamp,
        change: impl FnOnce(&mut Context<'_>) -> Result<(), Broken>,
    ) -> Result<Produced, Broken> {
        let time = self.block_time(now);
        let (produced, changes) = self.make(time, &[], change)?;
        self.file.add_block(NewBlock { block: &produced.block, changes, txs: &produced.txs, fact: None })?;
        self.settle(&produced.block)?;
        Ok(produced)
    }

    /// The time of a block that is made now: never before the last one.
    fn block_time(&self, now: Timestamp) -> Timestamp {
        let now = now.checked_add(self.ahead).unwrap_or(Timestamp::MAX);
        let next = self.time().checked_add(SignedDuration::from_millis(1)).unwrap_or(Timestamp::MAX);
        now.max(next)
    }

    /// What the next block would be, with the changes that it makes.
    fn make(
        &mut self,
        time: Timestamp,
        taken: &[Waiting],
        change: impl FnOnce(&mut Context<'_>) -> Result<(), Broken>,
    ) -> Result<(Produced, Changes), Broken> {
        let making = Making {
            chain_id: &self.identity.chain_id,
            validator: &self.validator,
            time,
            previous: self.last.as_ref(),
            genesis_app_hash: &self.genesis_app_hash,
        };
        let header = making.header(taken.iter().map(|waiting| waiting.bytes.as_slice()));
        let height = header.height;
        let state = self.file.state();
        let mut overlay = Overlay::new(&state);
        let (network, profile) = (self.identity.network, self.identity.profile);
        let mut events = hooks::begin_block(&mut Context::new(&mut overlay, network, profile, height, time))?;
        change(&mut Context::new(&mut overlay, network, profile, height, time))?;
        let mut place = Place::new(&self.identity, height, time, &mut self.rate_limit);
        let mut txs = Vec::with_capacity(taken.len());
        for (waiting, position) in taken.iter().zip(0..) {
            place.verdict.clone_from(&waiting.verdict);
            let outcome = execute::run(&mut overlay, &mut place, &waiting.bytes, Purpose::Deliver)?;
            let (hash, bytes) = (waiting.hash.clone(), waiting.bytes.clone());
            txs.push(Included { hash, height, position, bytes, result: outcome.result() });
        }
        events.extend(hooks::end_block(&mut Context::new(&mut overlay, network, profile, height, time))?);
        let changes = overlay.into_changes();
        let before = self.last.as_ref().map_or(&self.genesis_app_hash, |block| &block.app_hash);
        let app_hash = block::app_hash(before, &changes);
        let block = StoredBlock::new(header, app_hash, &txs, Events { events });
        Ok((Produced { block, previous: self.last.clone(), txs }, changes))
    }

    /// A new block is in the file: checks begin anew on its state, and those that still wait are checked again.
    fn settle(&mut self, block: &StoredBlock) -> Result<(), Broken> {
        self.last = Some(block.clone());
        self.checks = Changes::default();
        let waiting: Vec<_> = self.mempool.waiting().cloned().collect();
        let mut refused = Vec::new();
        for waiting in waiting {
            if self.check(&waiting.bytes, Purpose::Recheck)?.refusal.is_some() {
                self.mempool.forget(&waiting.hash);
                refused.push(waiting.hash);
            }
        }
        self.mempool.retain(|waiting| !refused.contains(&waiting.hash));
        Ok(())
    }

    /// Makes the next block `step` later than it would come; the clock stays ahead, which is kept with the block.
    pub fn step(&mut self, now: Timestamp, step: SignedDuration) -> Result<Produced, Broken> {
        self.ahead = self.ahead.saturating_add(step);
        self.produce_keeping(now, Some((AHEAD, self.ahead.as_millis().to_string())))
    }

    /// Sets the clock of all blocks to come forward, or back; a block is never older than the one before.
    pub fn jump(&mut self, by: SignedDuration) -> Result<(), Broken> {
        self.ahead = self.ahead.saturating_add(by);
        self.keep_clock()
    }

    fn keep_clock(&self) -> Result<(), Broken> {
        self.file.set_fact(AHEAD, &self.ahead.as_millis().to_string())
    }

    /// Forgets what a restart forgets.
    pub fn forget(&mut self) {
        self.mempool = Mempool::default();
        self.rate_limit = RateLimit::default();
        self.checks = Changes::default();
    }
}

enum BeginError {
    Broken(Broken),
    Genesis(genesis::Error),
}

/// Writes the genesis of a new chain.
fn begin(file: &mut ChainFile, identity: &Identity, genesis: &Genesis, now: Timestamp) -> Result<(), BeginError> {
    let state = file.state();
    let mut overlay = Overlay::new(&state);
    let mut context = Context::new(&mut overlay, identity.network, identity.profile, 0, now);
    genesis::apply(&mut context, genesis).map_err(BeginError::Genesis)?;
    let changes = overlay.into_changes();
    let app_hash = crate::devnet::hex::lower(&block::app_hash(&[], &changes));
    let facts = [
        ("what this is", "a development chain of provider devnet: nothing on it is worth anything"),
        ("chain id", identity.chain_id.as_str()),
        ("network", identity.network.word),
        ("profile", identity.profile.word()),
        (GENESIS, &fingerprint(genesis)),
        (GENESIS_TIME, &now.to_string()),
        (GENESIS_APP_HASH, &app_hash),
    ];
    file.write_genesis(changes, &facts).map_err(BeginError::Broken)
}

/// What tells one genesis from another, however its JSON is laid out.
fn fingerprint(genesis: &Genesis) -> String {
    let text = serde_json::to_vec(genesis).unwrap_or_default();
    crate::devnet::hex::lower(&hash_of(&text))
}

/// Refuses a file that holds another chain than was asked for. Who names no genesis asks for the one that there is.
fn same_chain(file: &ChainFile, identity: &Identity, genesis: &Genesis, path: &str) -> Result<(), OpenError> {
    let facts = [
        ("chain id", identity.chain_id.as_str()),
        ("network", identity.network.word),
        ("profile", identity.profile.word()),
    ];
    for (what, wanted) in facts {
        let found = file.fact(what).map_err(|source| OpenError::State { path: path.to_owned(), source })?;
        let found = found.unwrap_or_default();
        if found != wanted {
            return Err(OpenError::Other { path: path.to_owned(), what, found, wanted: wanted.to_owned() });
        }
    }
    let begun = file.fact(GENESIS).map_err(|source| OpenError::State { path: path.to_owned(), source })?;
    if *genesis != Genesis::default() && begun.is_some_and(|begun| begun != fingerprint(genesis)) {
        return Err(OpenError::OtherGenesis { path: path.to_owned() });
    }
    Ok(())
}

impl<'p> Place<'p> {
    /// A block of a chain.
    fn new(identity: &'p Identity, height: i64, time: Timestamp, rate_limit: &'p mut RateLimit) -> Self {
        Self {
            network: identity.network,
            profile: identity.profile,
            height,
            time,
            refuses_provider_messages: identity.refuses_provider_messages,
            chain: Chain { id: &identity.chain_id, rate_limit },
            verdict: None,
        }
    }
}
