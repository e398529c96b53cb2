//! One flush from its lock to its report.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::chain::ChainNow;
use super::{Error, FailPoint, Flushed, Policy, Short};
use crate::chain::client::Client;
use crate::domain::address::Address;
use crate::domain::amount::Coin;
use crate::domain::job::JobName;
use crate::domain::outbox::intent::State;
use crate::jobs::audit::Trail;
use crate::jobs::{Circumstances, Run};
use crate::keys::{PublicKey, Signs};
use crate::observe::logging::SAID_OTHERWISE;
use crate::store::job_runs::RunId;
use crate::store::outbox::{IntentId, Stamp, Transaction, TxId, intents, spending, transactions};
use crate::store::{self, JobLock, ShouldStop, Store};

/// For whom to send, how, and within which limits.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The chain.
    pub client: &'a Client,
    /// The key.
    pub signer: &'a dyn Signs,
    /// The account that must be the key's; none: whatever account the key has.
    pub account: Option<&'a Address>,
    /// The operator's choices.
    pub policy: &'a Policy,
    /// Somebody is there to touch a device.
    pub attended: bool,
}

/// How many transactions were handed out since the last block.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pace {
    height: u64,
    handed: usize,
}

impl Pace {
    /// Whether one more may be handed out at a height.
    pub(super) fn allows(&mut self, height: u64, most: usize) -> bool {
        if self.height != height {
            *self = Self { height, handed: 0 };
        }
        self.handed < most
    }

    pub(super) fn note(&mut self) {
        self.handed = self.handed.saturating_add(1);
    }

    /// Nothing more before the next block.
    pub(super) fn stop(&mut self) {
        self.handed = usize::MAX;
    }
}

/// A flush under way.
pub(super) struct Session<'a> {
    pub(super) store: &'a Store,
    pub(super) client: &'a Client,
    pub(super) signer: &'a dyn Signs,
    pub(super) policy: &'a Policy,
    pub(super) trail: &'a Trail<'a>,
    pub(super) attended: bool,
    pub(super) address: Address,
    pub(super) public_key: [u8; 33],
    pub(super) run: RunId,
    pub(super) report: Flushed,
    /// Messages that are not tried again in this run.
    pub(super) set_aside: BTreeSet<IntentId>,
    /// Transactions that no node lets in for their fee.
    pub(super) underpriced: BTreeSet<TxId>,
    /// Transactions of which it was said that nodes do not let them in.
    pub(super) not_let_in: BTreeSet<TxId>,
    /// Transactions whose bytes are not given to a node any more: what they rest on is not so now.
    pub(super) held_back: BTreeSet<TxId>,
    /// Messages whose guard was looked at, and at which height it held.
    pub(super) guarded: BTreeMap<IntentId, u64>,
    /// Messages that were signed in this run.
    pub(super) signed: BTreeSet<IntentId>,
    pub(super) pace: Pace,
    /// The balances, and the height of the reading that they belong to.
    pub(super) balances: Option<(u64, Vec<Coin>)>,
    /// Nothing more can be signed in this run: a cap, the balance, the key.
    pub(super) blocked: bool,
    /// How far apart blocks are, as seen in this run.
    pub(super) interval: Option<Duration>,
    now: &'a (dyn Fn() -> Timestamp + Sync),
    should_stop: ShouldStop<'a>,
    moved: Instant,
    _lock: JobLock,
}

/// The key's point on the chain's curve.
pub(super) fn point(signer: &dyn Signs) -> Result<[u8; 33], Error> {
    match signer.key().public {
        PublicKey::Secp256k1(point) => Ok(point),
        other @ (PublicKey::Ed25519(_) | PublicKey::X25519(_) | PublicKey::P256(_)) => {
            Err(Error::KeyType { key: signer.key().name.clone(), key_type: other.key_type() })
        }
    }
}

/// The address of that point.
pub(super) fn address(signer: &dyn Signs, point: &[u8; 33], prefix: &str) -> Result<Address, Error> {
    let key = signer.key();
    Address::of_secp256k1(point, prefix)
        .map_err(|_| Error::KeyType { key: key.name.clone(), key_type: key.public.key_type() })
}

/// The lock of a signer: a job name of its own.
fn lock_name(address: &Address) -> Option<JobName> {
    format!("tx-{address}").parse().ok()
}

impl<'a> Session<'a> {
    /// Locks the signer.
    pub(super) fn begin(run: &'a Run<'_>, given: Circumstances<'a>, request: &Request<'a>) -> Result<Self, Error> {
        let Request { client, signer, account, policy, attended } = *request;
        let public_key = point(signer)?;
        let address = address(signer, &public_key, client.network().address_prefix)?;
        if let Some(wanted) = account
            && *wanted != address
        {
            return Err(Error::OtherAccount { key: signer.key().name.clone(), address, wanted: wanted.clone() });
        }
        let name = lock_name(&address).ok_or_else(|| Error::KeyType {
            key: signer.key().name.clone(),
            key_type: signer.key().public.key_type(),
        })?;
        let mut lock = JobLock::take(given.store, &name, (given.now)(), given.waiting())?;
        lock.name_run(run.id())?;
        FailPoint::Locked.reach();
        Ok(Self {
            store: given.store,
            client,
            signer,
            policy,
            trail: run.trail(),
            attended,
            address,
            public_key,
            run: run.id(),
            report: Flushed::default(),
            set_aside: BTreeSet::new(),
            underpriced: BTreeSet::new(),
            not_let_in: BTreeSet::new(),
            held_back: BTreeSet::new(),
            guarded: BTreeMap::new(),
            signed: BTreeSet::new(),
            pace: Pace::default(),
            balances: None,
            blocked: false,
            interval: None,
            now: given.now,
            should_stop: given.should_stop,
            moved: Instant::now(),
            _lock: lock,
        })
    }

    /// Everything between the lock and the report.
    pub(super) async fn work(&mut self) -> Result<(), Error> {
        let lost = self.has_lost()?;
        // Nothing to do needs no node.
        if !lost && !self.has_work()? {
            return Ok(());
        }
        let mut now = self.read_chain().await?;
        if lost {
            self.find_lost().await?;
        }
        loop {
            self.settle(&now).await?;
            if !self.stops() {
                self.sign(&now).await?;
            }
            if !self.has_work()? || !self.watch(now.height).await? {
                return Ok(());
            }
            now = self.read_chain().await?;
        }
    }

    /// Whether something is out, or can be signed.
    fn has_work(&self) -> Result<bool, store::Error> {
        Ok(!self.live()?.is_empty() || (!self.blocked && !self.queue(1)?.is_empty()))
    }

    /// The account's own view of the chain, the key of most reads.
    pub(super) fn place(&self) -> (&str, &str) {
        (&self.client.settings().chain_id, self.address.as_str())
    }

    pub(super) fn stamp(&self) -> Stamp {
        Stamp { at: (self.now)(), run: Some(self.run) }
    }

    pub(super) fn time(&self) -> Timestamp {
        (self.now)()
    }

    pub(super) fn stops(&self) -> bool {
        (self.should_stop)()
    }

    /// Something was signed for the first time in this run, or settled: each message does that a few times at most, so that
    /// a run ends also where nodes answer, and let nothing in.
    pub(super) fn note_move(&mut self) {
        self.moved = Instant::now();
    }

    /// Nothing has moved for too long.
    pub(super) fn is_stuck(&self) -> bool {
        self.moved.elapsed() >= self.policy.confirm_within
    }

    /// Waits, and wakes when asked to stop.
    pub(super) async fn pause(&self, at_most: Duration) {
        const SLICE: Duration = Duration::from_millis(100);
        let begun = Instant::now();
        while begun.elapsed() < at_most && !self.stops() {
            tokio::time::sleep(SLICE.min(at_most.saturating_sub(begun.elapsed()))).await;
        }
    }

    pub(super) fn live(&self) -> Result<Vec<Transaction>, store::Error> {
        self.store.read("read the transactions that are out", |snapshot| transactions::live(snapshot, self.place()))
    }

    fn has_lost(&self) -> Result<bool, store::Error> {
        let lost = self.store.read("read lost transactions", |snapshot| transactions::lost(snapshot, self.place()))?;
        Ok(!lost.is_empty())
    }

    /// The first messages that wait to be signed, without those that are not tried again in this run.
    pub(super) fn queue(&self, at_most: usize) -> Result<Vec<intents::Intent>, store::Error> {
        let enough = u32::try_from(at_most.saturating_add(self.set_aside.len())).unwrap_or(u32::MAX);
        let mut queue = self.store.read("read the queue of messages", |snapshot| {
            intents::waiting(snapshot, self.place(), State::Queued, enough)
        })?;
        queue.retain(|intent| !self.set_aside.contains(&intent.id));
        queue.truncate(at_most);
        Ok(queue)
    }

    /// What the run did, and how things stand at its end.
    pub(super) async fn finish(mut self) -> Flushed {
        let counted = self.store.read("count what is left", |snapshot| {
            let place = self.place();
            Ok::<_, store::Error>((
                transactions::live(snapshot, place)?.len(),
                intents::count(snapshot, place, State::Queued)?,
                intents::count(snapshot, place, State::NeedsConfirmation)?,
                intents::of_others(snapshot, place)?,
                spending::booked_on(snapshot, self.run)?,
            ))
        });
        match counted {
            Ok((live, queued, held, others, spent)) => {
                let in_flight = u64::try_from(live).unwrap_or(u64::MAX);
                self.report = Flushed { in_flight, queued, held, others, spent, ..self.report };
            }
            Err(error) => self.report.trouble(crate::domain::fault::in_one_line(&error)),
        }
        self.report.interrupted = self.stops();
        self.look_at_balance().await;
        self.report
    }

    /// A low balance is said before it hurts.
    async fn look_at_balance(&mut self) {
        let denom = &self.policy.gas_price.denom;
        match self.client.balance(&self.address, denom).await {
            Ok(reading) if reading.value.amount < self.policy.low_balance => {
                let needs = Coin { amount: self.policy.low_balance, denom: denom.clone() };
                let balance = &reading.value;
                tracing::warn!(target: SAID_OTHERWISE, account = %self.address, %balance, wanted = %needs, "the balance is low");
                self.report.low = Some(Short { has: reading.value, needs });
            }
            Ok(_) => {}
            Err(error) => self.report.trouble(crate::domain::fault::in_one_line(&error)),
        }
    }

    /// Refuses a chain that is lower than it was when we last signed.
    pub(super) fn check_height(&self, now: &ChainNow) -> Result<(), Error> {
        let known =
            self.store.read("read the last height", |snapshot| transactions::highest(snapshot, self.place()))?;
        match known {
            Some(known) if now.height < known => Err(Error::Behind {
                address: self.address.clone(),
                known: crate::domain::height::Height(known),
                found: crate::domain::height::Height(now.height),
            }),
            Some(_) | None => Ok(()),
        }
    }
}
