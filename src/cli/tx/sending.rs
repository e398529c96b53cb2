//! What every command needs that sends: the chain, the key, the operator's limits.

use serde::Serialize;

use super::flushed::remarks;
use crate::chain::client::Client;
use crate::chain::wire::TxMessage;
use crate::cli::chain::client;
use crate::cli::keys::{check_in_use, open_keyring, places};
use crate::cli::passphrase::{Asking, PassphraseOption};
use crate::cli::{Configuration, Context, Failure, Status, wait_for};
use crate::domain::address::Address;
use crate::domain::amount::{DecCoin, Denom, Int};
use crate::domain::job::JobName;
use crate::domain::key::State as KeyState;
use crate::domain::network::Network;
use crate::domain::outbox::intent::State;
use crate::domain::outbox::{Caps, Factors, Limits, Span, transaction};
use crate::domain::tx_hash::TxHash;
use crate::jobs::audit::Audited;
use crate::jobs::tx_flush::{self, Flushed, Planned, Policy, Request, Short, Tried};
use crate::jobs::{Circumstances, Run};
use crate::keys::file::{Access, Key, Keyring};
use crate::keys::{Backends, Name, Signs};
use crate::store::outbox::{IntentId, Stamp, intents, transactions};
use crate::store::{Mode, Store};

/// Bytes of messages in one transaction, at most: a node takes no transaction above a megabyte.
const MOST_BYTES: usize = 256 * 1024;

/// A command that sends.
pub struct Sending<'c> {
    context: &'c Context,
    /// The configuration.
    pub configuration: &'c Configuration,
    /// The chain.
    pub client: Client,
    keyring: Keyring,
    key: Key,
    policy: Policy,
}

/// A run that may write into the outbox before it is flushed.
pub struct Beginning<'b> {
    /// The state file.
    pub store: &'b Store,
    /// When, and in which run.
    pub stamp: Stamp,
    /// The network's facts.
    pub network: &'static Network,
    /// The chain's id.
    pub chain_id: &'b str,
    /// The key, still locked.
    signer: &'b dyn Signs,
    address: Address,
}

impl Beginning<'_> {
    /// Finds out whether the key opens, before anything is written down that rests on it. A key that must be touched,
    /// or that signs transactions only, says so when it signs one.
    pub fn unlock(&self) -> Result<(), tx_flush::Error> {
        let able = self.signer.capabilities();
        if able.needs_touch || able.json_only {
            return Ok(());
        }
        // A signature under nothing, which nobody gets, is the only thing that a locked key opens for.
        let failed = |source| tx_flush::Error::Sign { address: self.address.clone(), source };
        self.signer.sign(&[]).map(drop).map_err(failed)
    }
}

/// The operator's limits.
fn policy(configuration: &Configuration) -> Result<Policy, Failure> {
    let settings = &configuration.settings;
    let (chain, wanted) = (&settings.chain, &settings.transactions);
    let count = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let gas_price = match &chain.gas_prices {
        Some(price) => price.coin.clone(),
        None => usual_price(configuration.network())?,
    };
    Ok(Policy {
        gas_price,
        factors: Factors { usual: chain.gas_adjustment.0, settling: wanted.escrow_gas_adjustment.0 },
        limits: Limits { messages: count(wanted.max_messages), bytes: MOST_BYTES, gas: wanted.max_gas },
        per_block: count(wanted.per_block),
        timeout_blocks: wanted.timeout_blocks,
        caps: Caps {
            fees_per_run: wanted.fees_per_run,
            fees_per_hour: wanted.fees_per_hour,
            deposits_per_run: wanted.deposits_per_run,
            deposits_per_hour: wanted.deposits_per_hour,
        },
        low_balance: Int::from(wanted.low_balance),
        confirm_within: wanted.confirm_within,
    })
}

fn usual_price(network: &Network) -> Result<DecCoin, Failure> {
    let bug = || Failure::new(Status::Bug, format!("the usual gas price of {} is none", network.word));
    let denom: Denom = network.fee_denomination.parse().map_err(|_| bug())?;
    let amount: crate::domain::amount::Dec18 = network.gas_price.parse().map_err(|_| bug())?;
    Ok(DecCoin::new(amount, denom))
}

impl<'c> Sending<'c> {
    /// Opens the keyring. Nothing is unlocked and no node is asked yet.
    pub fn open(context: &'c Context, configuration: &'c Configuration) -> Result<Self, Failure> {
        Self::open_for(context, configuration, KeyState::may_sign)
    }

    /// The same with a key in other states too.
    pub fn open_for(
        context: &'c Context,
        configuration: &'c Configuration,
        allows: impl Fn(KeyState) -> bool,
    ) -> Result<Self, Failure> {
        let access = if context.global.dry_run { Access::Look } else { Access::Use };
        let keyring = open_keyring(configuration, access)?;
        let word = &configuration.settings.keys.signing_key.0;
        let name: Name = word.parse().map_err(|_| {
            Failure::new(Status::Configuration, format!("keys.signing_key: `{word}` is no name of a key"))
        })?;
        let (policy, key) = (policy(configuration)?, keyring.find(&name)?);
        check_in_use(context, configuration, &key, allows)?;
        Ok(Self { context, configuration, client: client(configuration), keyring, key, policy })
    }

    /// What is paid for a unit of gas.
    pub const fn gas_price(&self) -> &DecCoin {
        &self.policy.gas_price
    }

    /// The address of the signing key, which must be the one that the configuration names.
    pub fn address(&self) -> Result<Address, Failure> {
        let nothing = PassphraseOption::default();
        let ask = Asking::new(self.context, &nothing, self.configuration);
        let backends = self.backends(&ask)?;
        let address = tx_flush::address_of(&backends.signer(&self.key)?, self.client.network().address_prefix)?;
        match self.wanted()? {
            Some(wanted) if wanted != address => {
                Err(tx_flush::Error::OtherAccount { key: self.key.name.clone(), address, wanted }.into())
            }
            Some(_) | None => Ok(address),
        }
    }

    /// Runs a job that writes something into the outbox, if it has anything, and flushes.
    pub fn run(
        &self,
        job: &'static str,
        (passphrase, attended): (&PassphraseOption, bool),
        begin: impl FnOnce(&Beginning<'_>) -> Result<(), tx_flush::Error>,
    ) -> Result<(Flushed, Store), Failure> {
        let (context, configuration) = (self.context, self.configuration);
        let interrupt = context.interrupt()?;
        let store = context.open_for_job(&configuration.state_file)?;
        let (audit, values) = (configuration.audit(), configuration.values());
        let given = Circumstances {
            store: &store,
            now: &|| context.now(),
            should_stop: &|| interrupt.requested().is_some(),
            wait: context.global.wait.unwrap_or_default(),
            audit: Some(Audited { settings: &audit, configuration: Some(&values) }),
        };
        let ask = Asking::new(context, passphrase, configuration);
        let backends = self.backends(&ask)?;
        let signer = backends.signer(&self.key)?;
        // Before anything is written down for an account that is not ours.
        let address = self.address()?;
        let wanted = self.wanted()?;
        let request =
            Request { client: &self.client, signer: &signer, account: wanted.as_ref(), policy: &self.policy, attended };
        let name: JobName = job.parse().map_err(|_| Failure::new(Status::Bug, format!("`{job}` is no job")))?;
        let run = Run::begin(&name, given)?;
        let beginning = Beginning {
            store: &store,
            stamp: Stamp { at: context.now(), run: Some(run.id()) },
            network: self.client.network(),
            chain_id: &self.client.settings().chain_id,
            signer: &signer,
            address,
        };
        let flushed = match begin(&beginning) {
            Ok(()) => wait_for(tx_flush::flush(&run, given, &request))?,
            Err(error) => Err(error),
        };
        let flushed = run.conclude(flushed)?;
        Ok((flushed, store))
    }

    /// Runs a job of another kind that sends: it is given the state file open for writing, and the key.
    pub fn job<T, E>(
        &self,
        (passphrase, attended): (&PassphraseOption, bool),
        work: impl AsyncFnOnce(Circumstances<'_>, Request<'_>) -> Result<T, E>,
    ) -> Result<(T, Store), Failure>
    where
        Failure: From<E>,
    {
        let (context, configuration) = (self.context, self.configuration);
        let interrupt = context.interrupt()?;
        let store = context.open_for_job(&configuration.state_file)?;
        let (audit, values) = (configuration.audit(), configuration.values());
        let given = Circumstances {
            store: &store,
            now: &|| context.now(),
            should_stop: &|| interrupt.requested().is_some(),
            wait: context.global.wait.unwrap_or_default(),
            audit: Some(Audited { settings: &audit, configuration: Some(&values) }),
        };
        let ask = Asking::new(context, passphrase, configuration);
        let backends = self.backends(&ask)?;
        let signer = backends.signer(&self.key)?;
        // Before anything is written down for an account that is not ours.
        self.address()?;
        let wanted = self.wanted()?;
        let request =
            Request { client: &self.client, signer: &signer, account: wanted.as_ref(), policy: &self.policy, attended };
        let done = wait_for(work(given, request))??;
        Ok((done, store))
    }

    /// Does work that changes nothing: the state file is open for reading, and no key is unlocked.
    pub fn look<T, E>(&self, work: impl AsyncFnOnce(&Store, Request<'_>) -> Result<T, E>) -> Result<T, Failure>
    where
        Failure: From<E>,
    {
        let store = self.context.open_state(&self.configuration.state_file, Mode::Read)?;
        let nothing = PassphraseOption::default();
        let ask = Asking::new(self.context, &nothing, self.configuration);
        let backends = self.backends(&ask)?;
        let signer = backends.signer(&self.key)?;
        let wanted = self.wanted()?;
        let (client, policy) = (&self.client, &self.policy);
        let request = Request { client, signer: &signer, account: wanted.as_ref(), policy, attended: false };
        Ok(wait_for(work(&store, request))??)
    }

    /// Does something that may send, with the key at hand and for the account that is ours.
    pub fn within<T>(
        &self,
        (passphrase, attended): (&PassphraseOption, bool),
        work: impl FnOnce(&Request<'_>, &Address) -> T,
    ) -> Result<T, Failure> {
        let ask = Asking::new(self.context, passphrase, self.configuration);
        let backends = self.backends(&ask)?;
        let signer = backends.signer(&self.key)?;
        let (address, wanted) = (self.address()?, self.wanted()?);
        let request =
            Request { client: &self.client, signer: &signer, account: wanted.as_ref(), policy: &self.policy, attended };
        Ok(work(&request, &address))
    }

    /// Sends one message that a person wants now, and waits for it. A rehearsal sends nothing, and says what stands in the
    /// way.
    pub fn send<M: TxMessage>(
        &self,
        names: (&'static str, &str),
        passphrase: &PassphraseOption,
        message: &M,
    ) -> Result<Delivery, Failure> {
        self.send_based_on(names, passphrase, message, None)
    }

    /// The same for a message that replaces something as a whole: it is not sent where the chain says something else by
    /// then than what has this digest.
    pub fn send_based_on<M: TxMessage>(
        &self,
        (job, purpose): (&'static str, &str),
        passphrase: &PassphraseOption,
        message: &M,
        base: Option<&[u8; 32]>,
    ) -> Result<Delivery, Failure> {
        if self.context.global.dry_run {
            return self.rehearse_sending(purpose, message);
        }
        let mut wanted = None;
        let ran = self.run(job, (passphrase, true), |begun| {
            let place = (begun.network, begun.chain_id);
            let id = begun.store.write("want a message on the chain", |change| match base {
                Some(base) => tx_flush::enqueue_based_on(change, place, (purpose, base), message, begun.stamp),
                None => tx_flush::enqueue_anew(change, place, purpose, message, begun.stamp),
            })?;
            wanted = Some(id);
            Ok(())
        });
        let (flushed, store) = ran.map_err(|failure| match wanted.and_then(|id| self.what_next(id)) {
            Some(next) => failure.hint(next),
            None => failure,
        })?;
        let missing = || Failure::new(Status::Bug, "the message is not in the outbox");
        let id = wanted.ok_or_else(missing)?;
        let (intent, tx) = store.read("read what became of a message", |snapshot| {
            let tx =
                transactions::of_intent(snapshot, id)?.into_iter().find(|tx| tx.state == transaction::State::Included);
            Ok::<_, crate::store::Error>((intents::by_id(snapshot, id)?, tx))
        })?;
        let intent = intent.ok_or_else(missing)?;
        match (intent.state, tx) {
            (State::Done, Some(tx)) => {
                let fee = tx.fee.to_string();
                let (transaction, height) = (TxHash(tx.hash).to_string(), tx.height.unwrap_or(0));
                let sent = Sent { intent: id.0, transaction, height, fee };
                Ok(Delivery { sent: Some(sent), notes: remarks(flushed).collect() })
            }
            (State::Refused, _) => {
                let refusal = flushed.refusals.into_iter().find(|(refused, _)| *refused == id);
                Err(refusal.map_or_else(
                    || Failure::new(Status::Data, intent.detail.unwrap_or_else(|| "the chain refuses it".to_owned())),
                    |(_, refusal)| Failure::from_error(&refusal),
                ))
            }
            (state, _) => Err(not_yet(id, state, intent.detail.as_deref(), flushed)),
        }
    }

    /// What would come of a message: whether anything waits for the same purpose, and what the chain says of it now.
    fn rehearse_sending<M: TxMessage>(&self, purpose: &str, message: &M) -> Result<Delivery, Failure> {
        let mut delivery = self.waiting(purpose, message)?;
        // What is signed already has had its trial.
        if !delivery.notes.is_empty() {
            return Ok(delivery);
        }
        let any = message.pack(self.client.network());
        match self.with_request(|request| wait_for(tx_flush::try_message(request, &any)))??? {
            Tried::Passes { gas, fee } => delivery.notes.push(format!("it would have {gas} gas, and cost {fee}")),
            Tried::Refused(refusal) => return Err(Failure::from_error(&*refusal)),
            Tried::NoAccount { address, needs } => {
                let words = format!("the account {address} does not exist yet: send it at least {needs}");
                return Err(Failure::new(Status::TryLater, words));
            }
            Tried::Short(Short { has, needs }) => {
                return Err(Failure::new(Status::TryLater, format!("the account has {has}, and it needs {needs}"))
                    .hint("`provider balance` shows what the account has"));
            }
        }
        Ok(delivery)
    }

    /// What waits in the outbox for the same purpose: the same wish, or another one, which must come to its end first.
    pub fn waiting<M: TxMessage>(&self, purpose: &str, message: &M) -> Result<Delivery, Failure> {
        let file = &self.configuration.state_file;
        // Without a state file nothing waits; the run that sends makes one.
        if !file.exists() {
            return Ok(Delivery::default());
        }
        let place = (self.client.network(), self.client.settings().chain_id.as_str());
        let store = self.context.open_state(file, Mode::Read)?;
        let same = store
            .read("look for a wish that waits", |snapshot| tx_flush::unsettled(snapshot, place, purpose, message))?;
        let next = same.and_then(|(id, state)| tx_flush::what_next(id, state));
        Ok(Delivery { sent: None, notes: next.into_iter().collect() })
    }

    /// Refuses to prepare something for a purpose for which an earlier wish is not settled yet.
    pub fn check_settled(&self, purpose: &str) -> Result<(), Failure> {
        let file = &self.configuration.state_file;
        if !file.exists() {
            return Ok(());
        }
        let store = self.context.open_state(file, Mode::Read)?;
        let before = store.read("look for a wish that waits", |snapshot| intents::newest_of(snapshot, purpose))?;
        match before.filter(|before| !before.state.is_settled()) {
            Some(intents::Intent { id, state, .. }) => {
                Err(tx_flush::Error::Unsettled { purpose: purpose.to_owned(), id, state }.into())
            }
            None => Ok(()),
        }
    }

    /// What a person can do about a message of ours when the command ends early.
    fn what_next(&self, id: IntentId) -> Option<String> {
        let store = self.context.open_state(&self.configuration.state_file, Mode::Read).ok()?;
        let state = store.read("read a message", |snapshot| intents::state(snapshot, id)).ok()??;
        tx_flush::what_next(id, state)
    }

    /// What a flush would do.
    pub fn rehearse(&self) -> Result<Planned, Failure> {
        let store = self.context.open_state(&self.configuration.state_file, Mode::Read)?;
        let now = self.context.now();
        Ok(self.with_request(|request| wait_for(tx_flush::rehearse(&store, request, now)))???)
    }

    /// A request that signs nothing.
    fn with_request<T>(&self, then: impl FnOnce(&Request<'_>) -> T) -> Result<T, Failure> {
        let nothing = PassphraseOption::default();
        let ask = Asking::new(self.context, &nothing, self.configuration);
        let backends = self.backends(&ask)?;
        let signer = backends.signer(&self.key)?;
        let wanted = self.wanted()?;
        let request = Request {
            client: &self.client,
            signer: &signer,
            account: wanted.as_ref(),
            policy: &self.policy,
            attended: false,
        };
        Ok(then(&request))
    }

    fn backends<'b>(&'b self, ask: &'b Asking<'_>) -> Result<Backends<'b>, Failure> {
        Ok(Backends::new(&self.keyring, ask, places(self.configuration, self.context)?))
    }

    /// The account that the configuration says is ours.
    fn wanted(&self) -> Result<Option<Address>, Failure> {
        let Some(address) = &self.configuration.settings.provider.address else { return Ok(None) };
        let address = Address::parse(&address.0, self.client.network().address_prefix);
        address.map(Some).map_err(|error| Failure::with_status(Status::Configuration, &error))
    }
}

/// The message is not on the chain at the end of the run.
fn not_yet(id: IntentId, state: State, detail: Option<&str>, flushed: Flushed) -> Failure {
    let why = detail.map(|detail| format!(": {detail}")).unwrap_or_default();
    let words = format!("the message is not on the chain yet ({state}){why}");
    // What went wrong with a message is its detail already.
    let beneath = flushed.surprises.into_iter().chain(flushed.troubles);
    let beneath = beneath.filter(|words| detail.is_none_or(|detail| !words.contains(detail)));
    if let Some(reached) = &flushed.cap {
        // No flush sends it before the cap is another one, or its hour is over.
        let setting = reached.setting();
        let wait = if reached.span == Span::Hour { ", or wait" } else { "" };
        let failure = Failure::new(Status::TryLater, words);
        return beneath.fold(failure, Failure::beneath).hint(format!(
            "message {id} is {state}: raise {setting}{wait}; then `provider tx flush` sends it, `provider tx abandon {id}` \
             drops it"
        ));
    }
    let failure = beneath.fold(Failure::new(Status::TryLater, words), Failure::beneath);
    match tx_flush::what_next(id, state) {
        Some(next) => failure.hint(next),
        None => failure,
    }
}

/// What came of a message that a person wants now.
#[derive(Debug, Default)]
pub struct Delivery {
    /// Where it is; none in a rehearsal.
    pub sent: Option<Sent>,
    /// What a person should know besides.
    pub notes: Vec<String>,
}

/// A message that is on the chain.
#[derive(Debug, Serialize)]
pub struct Sent {
    intent: i64,
    transaction: String,
    height: u64,
    fee: String,
}

impl Sent {
    /// Name and value of each part.
    pub fn parts(&self) -> Vec<(&'static str, String)> {
        vec![("transaction", self.transaction.clone()), ("height", self.height.to_string()), ("fee", self.fee.clone())]
    }
}
