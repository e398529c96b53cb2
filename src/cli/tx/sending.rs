//! What every command needs that sends: the chain, the key, the operator's limits.

use crate::chain::client::Client;
use crate::cli::chain::client;
use crate::cli::keys::{check_in_use, open_keyring, places};
use crate::cli::passphrase::{Asking, PassphraseOption};
use crate::cli::{Configuration, Context, Failure, Status, wait_for};
use crate::domain::address::Address;
use crate::domain::amount::{DecCoin, Denom, Int};
use crate::domain::job::JobName;
use crate::domain::key::State as KeyState;
use crate::domain::network::Network;
use crate::domain::outbox::{Caps, Factors, Limits};
use crate::jobs::audit::Audited;
use crate::jobs::tx_flush::{self, Flushed, Planned, Policy, Request};
use crate::jobs::{Circumstances, Run};
use crate::keys::file::{Access, Key, Keyring};
use crate::keys::{Backends, Name, Signs};
use crate::store::outbox::Stamp;
use crate::store::{Mode, Store};

/// Bytes of messages in one transaction, at most: a node takes no transaction above a megabyte.
const MOST_BYTES: usize = 256 * 1024;

/// A command that sends.
pub struct Sending<'c> {
    pub(super) context: &'c Context,
    /// The configuration.
    pub configuration: &'c Configuration,
    /// The chain.
    pub client: Client,
    keyring: Keyring,
    key: Key,
    /// The key was named, and its account need not be the one that the configuration names.
    is_named: bool,
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
    Ok(Policy {
        gas_price: gas_price(configuration)?,
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

/// What the operator pays for a unit of gas.
pub fn gas_price(configuration: &Configuration) -> Result<DecCoin, Failure> {
    match &configuration.settings.chain.gas_prices {
        Some(price) => Ok(price.coin.clone()),
        None => usual_price(configuration.network()),
    }
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

    /// The same for commands that sign nothing: whatever became of the key, its account is to be seen.
    pub fn to_look(context: &'c Context, configuration: &'c Configuration) -> Result<Self, Failure> {
        Self::open_for(context, configuration, |_| true)
    }

    /// The same with a key in other states too.
    pub fn open_for(
        context: &'c Context,
        configuration: &'c Configuration,
        allows: impl Fn(KeyState) -> bool,
    ) -> Result<Self, Failure> {
        let word = &configuration.settings.keys.signing_key.0;
        let name: Name = word.parse().map_err(|_| {
            Failure::new(Status::Configuration, format!("keys.signing_key: `{word}` is no name of a key"))
        })?;
        Self::open_key(context, configuration, &name, (allows, false))
    }

    /// The same with a key that was named, whatever its role: it sends for its own account, and for no other.
    pub fn open_named(
        context: &'c Context,
        configuration: &'c Configuration,
        name: &Name,
        allows: impl Fn(KeyState) -> bool,
    ) -> Result<Self, Failure> {
        Self::open_key(context, configuration, name, (allows, true))
    }

    fn open_key(
        context: &'c Context,
        configuration: &'c Configuration,
        name: &Name,
        (allows, is_named): (impl Fn(KeyState) -> bool, bool),
    ) -> Result<Self, Failure> {
        let access = if context.global.dry_run { Access::Look } else { Access::Use };
        let keyring = open_keyring(configuration, access)?;
        let (policy, key) = (policy(configuration)?, keyring.find(name)?);
        check_in_use(context, configuration, &key, allows)?;
        Ok(Self { context, configuration, client: client(configuration), keyring, key, is_named, policy })
    }

    /// Whether nothing is to be changed.
    pub const fn is_rehearsal(&self) -> bool {
        self.context.global.dry_run
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
        passphrase: (&PassphraseOption, bool),
        begin: impl FnOnce(&Beginning<'_>) -> Result<(), tx_flush::Error>,
    ) -> Result<(Flushed, Store), Failure> {
        let name: JobName = job.parse().map_err(|_| Failure::new(Status::Bug, format!("`{job}` is no job")))?;
        self.job(passphrase, async |given: Circumstances<'_>, request: Request<'_>| {
            let address = tx_flush::address_of(request.signer, self.client.network().address_prefix)?;
            let run = Run::begin(&name, given)?;
            let beginning = Beginning {
                store: given.store,
                stamp: Stamp { at: (given.now)(), run: Some(run.id()) },
                network: self.client.network(),
                chain_id: &self.client.settings().chain_id,
                signer: request.signer,
                address,
            };
            let flushed = match begin(&beginning) {
                Ok(()) => tx_flush::flush(&run, given, &request).await,
                Err(error) => Err(error),
            };
            run.conclude(flushed)
        })
    }

    /// Runs a job of another kind that sends: it is given the state file open for writing, and the key.
    pub fn job<T, E>(
        &self,
        passphrase: (&PassphraseOption, bool),
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
        let done = self.within(passphrase, |request, _| Ok::<_, Failure>(wait_for(work(given, *request))??))??;
        Ok((done, store))
    }

    /// Does work that changes nothing: the state file is open for reading, and no key is unlocked.
    pub fn look<T, E>(&self, work: impl AsyncFnOnce(&Store, Request<'_>) -> Result<T, E>) -> Result<T, Failure>
    where
        Failure: From<E>,
    {
        let store = self.context.open_state(&self.configuration.state_file, Mode::Read)?;
        self.look_at(&store, work)
    }

    /// The same with a state file that is open already, or one in memory where there is none yet.
    pub fn look_at<T, E>(
        &self,
        store: &Store,
        work: impl AsyncFnOnce(&Store, Request<'_>) -> Result<T, E>,
    ) -> Result<T, Failure>
    where
        Failure: From<E>,
    {
        self.with_request(|request| Ok::<_, Failure>(wait_for(work(store, *request))??))?
    }

    /// Does something that may send, with the key at hand and for the account that is ours.
    pub fn within<T>(
        &self,
        passphrase: (&PassphraseOption, bool),
        work: impl FnOnce(&Request<'_>, &Address) -> T,
    ) -> Result<T, Failure> {
        // Before anything is written down for an account that is not ours.
        let address = self.address()?;
        self.request(passphrase, |request| work(request, &address))
    }

    /// What a flush would do.
    pub fn rehearse(&self) -> Result<Planned, Failure> {
        let store = self.context.open_state(&self.configuration.state_file, Mode::Read)?;
        let now = self.context.now();
        Ok(self.with_request(|request| wait_for(tx_flush::rehearse(&store, request, now)))???)
    }

    /// A request that signs nothing.
    pub(super) fn with_request<T>(&self, then: impl FnOnce(&Request<'_>) -> T) -> Result<T, Failure> {
        self.request((&PassphraseOption::default(), false), then)
    }

    fn request<T>(
        &self,
        (passphrase, attended): (&PassphraseOption, bool),
        then: impl FnOnce(&Request<'_>) -> T,
    ) -> Result<T, Failure> {
        let ask = Asking::new(self.context, passphrase, self.configuration);
        let backends = self.backends(&ask)?;
        let signer = backends.signer(&self.key)?;
        let wanted = self.wanted()?;
        let (client, policy) = (&self.client, &self.policy);
        Ok(then(&Request { client, signer: &signer, account: wanted.as_ref(), policy, attended }))
    }

    fn backends<'b>(&'b self, ask: &'b Asking<'_>) -> Result<Backends<'b>, Failure> {
        Ok(Backends::new(&self.keyring, ask, places(self.configuration, self.context)?))
    }

    /// The account that the configuration says is ours.
    fn wanted(&self) -> Result<Option<Address>, Failure> {
        if self.is_named {
            return Ok(None);
        }
        let Some(address) = &self.configuration.settings.provider.address else { return Ok(None) };
        let address = Address::parse(&address.0, self.client.network().address_prefix);
        address.map(Some).map_err(|error| Failure::with_status(Status::Configuration, &error))
    }
}
