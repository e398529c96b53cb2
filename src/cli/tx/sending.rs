//! What every command needs that sends: the chain, the key, the operator's limits, and the words for what came of it.

use serde::Serialize;

use crate::chain::client::Client;
use crate::chain::wire::TxMessage;
use crate::cli::chain::client;
use crate::cli::keys::open_keyring;
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::{Configuration, Context, Failure, Report, Status, wait_for};
use crate::domain::address::Address;
use crate::domain::amount::{DecCoin, Denom, Int};
use crate::domain::job::JobName;
use crate::domain::network::Network;
use crate::domain::outbox::intent::State;
use crate::domain::outbox::{Caps, Factors, Limits, SpendingKind};
use crate::domain::tx_hash::TxHash;
use crate::jobs::audit::Audited;
use crate::jobs::tx_flush::{self, Flushed, Planned, Policy, Request};
use crate::jobs::{Circumstances, Run};
use crate::keys::file::{Access, Key, Keyring};
use crate::keys::{Name, Signer};
use crate::store::outbox::{Stamp, intents, transactions};
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
    name: Name,
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
        let access = if context.global.dry_run { Access::Look } else { Access::Use };
        let keyring = open_keyring(configuration, access)?;
        let word = &configuration.settings.keys.signing_key.0;
        let name: Name = word.parse().map_err(|_| {
            Failure::new(Status::Configuration, format!("keys.signing_key: `{word}` is no name of a key"))
        })?;
        let policy = policy(configuration)?;
        Ok(Self { context, configuration, client: client(configuration), keyring, name, policy })
    }

    /// The address of the signing key, which must be the one that the configuration names.
    pub fn address(&self) -> Result<Address, Failure> {
        let ask = |_: &Key| Err(crate::keys::PassphraseError::NoSource);
        let signer = Signer::new(&self.keyring, &self.name, &ask)?;
        let address = tx_flush::address_of(&signer, self.client.network().address_prefix)?;
        match self.wanted()? {
            Some(wanted) if wanted != address => {
                Err(tx_flush::Error::OtherAccount { key: self.name.clone(), address, wanted }.into())
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
        let ask = |key: &Key| passphrase.existing(context, &key.name);
        let signer = Signer::new(&self.keyring, &self.name, &ask)?;
        // Before anything is written down for an account that is not ours.
        self.address()?;
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
        let ask = |key: &Key| passphrase.existing(context, &key.name);
        let signer = Signer::new(&self.keyring, &self.name, &ask)?;
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
        let ask = |_: &Key| Err(crate::keys::PassphraseError::NoSource);
        let signer = Signer::new(&self.keyring, &self.name, &ask)?;
        let wanted = self.wanted()?;
        let (client, policy) = (&self.client, &self.policy);
        let request = Request { client, signer: &signer, account: wanted.as_ref(), policy, attended: false };
        Ok(wait_for(work(&store, request))??)
    }

    /// Sends one message that a person wants now, and waits for it. None in a rehearsal, which sends nothing.
    pub fn send<M: TxMessage>(
        &self,
        (job, purpose): (&'static str, &str),
        passphrase: &PassphraseOption,
        message: &M,
    ) -> Result<Option<Sent>, Failure> {
        if self.context.global.dry_run {
            return Ok(None);
        }
        let mut wanted = None;
        let (flushed, store) = self.run(job, (passphrase, true), |begun| {
            let place = (begun.network, begun.chain_id);
            let id = begun.store.write("want a message on the chain", |change| {
                tx_flush::enqueue_anew(change, place, purpose, message, begun.stamp)
            })?;
            wanted = Some(id);
            Ok(())
        })?;
        let missing = || Failure::new(Status::Bug, "the message is not in the outbox");
        let id = wanted.ok_or_else(missing)?;
        let (intent, tx) = store.read("read what became of a message", |snapshot| {
            let tx = transactions::of_intent(snapshot, id)?.into_iter().next();
            Ok::<_, crate::store::Error>((intents::by_id(snapshot, id)?, tx))
        })?;
        let intent = intent.ok_or_else(missing)?;
        match (intent.state, tx) {
            (State::Done, Some(tx)) => Ok(Some(Sent {
                intent: id.0,
                transaction: TxHash(tx.hash).to_string(),
                height: tx.height.unwrap_or(0),
                fee: tx.fee.to_string(),
            })),
            (State::Refused, _) => {
                let refusal = flushed.refusals.into_iter().find(|(refused, _)| *refused == id);
                Err(refusal.map_or_else(
                    || Failure::new(Status::Data, intent.detail.unwrap_or_else(|| "the chain refuses it".to_owned())),
                    |(_, refusal)| Failure::from_error(&refusal),
                ))
            }
            (state, _) => {
                let why = intent.detail.or_else(|| flushed.troubles.into_iter().next()).map(|why| format!(": {why}"));
                let words = format!("the message is not on the chain yet ({state}){}", why.unwrap_or_default());
                Err(Failure::new(Status::TryLater, words)
                    .hint(format!("`provider tx flush` goes on with it, `provider tx show {id}` says where it stands")))
            }
        }
    }

    /// What a flush would do.
    pub fn rehearse(&self) -> Result<Planned, Failure> {
        let store = self.context.open_state(&self.configuration.state_file, Mode::Read)?;
        let ask = |_: &Key| Err(crate::keys::PassphraseError::NoSource);
        let signer = Signer::new(&self.keyring, &self.name, &ask)?;
        let wanted = self.wanted()?;
        let request = Request {
            client: &self.client,
            signer: &signer,
            account: wanted.as_ref(),
            policy: &self.policy,
            attended: false,
        };
        Ok(wait_for(tx_flush::rehearse(&store, &request))??)
    }

    /// The account that the configuration says is ours.
    fn wanted(&self) -> Result<Option<Address>, Failure> {
        let Some(address) = &self.configuration.settings.provider.address else { return Ok(None) };
        let address = Address::parse(&address.0, self.client.network().address_prefix);
        address.map(Some).map_err(|error| Failure::with_status(Status::Configuration, &error))
    }
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

/// What became of a message in a run.
#[derive(Debug, Serialize)]
struct MessageEnd {
    intent: i64,
    key: String,
    message: String,
    state: &'static str,
    reason: Option<String>,
    detail: Option<String>,
}

/// What a flush did.
#[derive(Debug, Serialize)]
pub struct FlushEntry {
    transactions_signed: usize,
    transactions_settled: usize,
    transactions_in_flight: u64,
    messages_done: usize,
    messages_refused: usize,
    messages_returned: u64,
    messages_queued: u64,
    messages_held: u64,
    fees: Vec<String>,
    deposits: Vec<String>,
    messages: Vec<MessageEnd>,
    troubles: Vec<String>,
}

impl Entry for FlushEntry {
    fn parts(&self) -> Vec<(&'static str, String)> {
        vec![
            ("transactions signed", self.transactions_signed.to_string()),
            ("transactions settled", self.transactions_settled.to_string()),
            ("transactions in flight", self.transactions_in_flight.to_string()),
            ("messages done", self.messages_done.to_string()),
            ("messages refused", self.messages_refused.to_string()),
            ("messages returned", self.messages_returned.to_string()),
            ("messages queued", self.messages_queued.to_string()),
            ("messages held", self.messages_held.to_string()),
            ("fees", self.fees.join(", ")),
            ("deposits", self.deposits.join(", ")),
        ]
    }
}

/// A flush as data, with the remarks and the exit code that it deserves.
pub fn report(flushed: Flushed, store: &Store, output: OutputOption) -> Result<Report, Failure> {
    let mut messages = Vec::new();
    for (id, state) in &flushed.intents {
        let row = store.read("read a message", |snapshot| intents::by_id(snapshot, *id))?;
        let Some(row) = row else { continue };
        let (reason, detail) = if *state == State::Done { (None, None) } else { (row.reason, row.detail) };
        let message = row.type_url.rsplit('.').next().unwrap_or_default().to_owned();
        messages.push(MessageEnd { intent: id.0, key: row.key, message, state: state.word(), reason, detail });
    }
    let coins = |wanted: SpendingKind| {
        let spent = flushed.spent.coins().filter(move |(kind, _)| *kind == wanted);
        spent.map(|(_, coin)| coin.to_string()).collect()
    };
    let refused: Vec<String> = messages
        .iter()
        .filter(|message| message.state != State::Done.word())
        .map(|message| {
            let why = message.detail.as_deref().or(message.reason.as_deref()).unwrap_or("no reason is known");
            format!("{} {} ({}) is {}: {why}", message.message, message.intent, message.key, message.state)
        })
        .collect();
    let entry = FlushEntry {
        transactions_signed: flushed.signed.len(),
        transactions_settled: flushed.settled.len(),
        transactions_in_flight: flushed.in_flight,
        messages_done: flushed.ended(State::Done),
        messages_refused: flushed.ended(State::Refused),
        messages_returned: flushed.returned,
        messages_queued: flushed.queued,
        messages_held: flushed.held,
        fees: coins(SpendingKind::Fee),
        deposits: coins(SpendingKind::Deposit),
        messages,
        troubles: flushed.troubles.clone(),
    };
    let mut report = Report::record(entry, output.output).status(status(&flushed));
    for note in refused.into_iter().chain(remarks(flushed)) {
        report = report.note(note);
    }
    Ok(report)
}

fn status(flushed: &Flushed) -> Status {
    if flushed.interrupted {
        Status::TryLater
    } else if flushed.ended(State::Refused) > 0 || flushed.short.is_some() {
        Status::SomeFailed
    } else if flushed.is_unfinished() {
        Status::TryLater
    } else {
        Status::Done
    }
}

fn remarks(flushed: Flushed) -> impl Iterator<Item = String> {
    let mut remarks = flushed.troubles;
    if let Some(reached) = flushed.cap {
        let setting = reached.setting();
        remarks.push(format!("{reached}; the rest waits (raise {setting} if that is meant)"));
    }
    if let Some(short) = flushed.short {
        remarks.push(format!("the account has {}, and the next transaction needs {}", short.has, short.needs));
    }
    if let Some(low) = flushed.low {
        remarks.push(format!("the balance is low: {} (transactions.low_balance is {})", low.has, low.needs));
    }
    if flushed.in_flight > 0 {
        remarks.push(format!("{} transactions are still out; the next flush goes on with them", flushed.in_flight));
    }
    if flushed.held > 0 {
        remarks.push(format!(
            "{} messages wait for a person: `provider tx list --state needs_confirmation`",
            flushed.held
        ));
    }
    if flushed.others > 0 {
        remarks.push(format!("{} messages are for another signer or another chain", flushed.others));
    }
    remarks.into_iter()
}
