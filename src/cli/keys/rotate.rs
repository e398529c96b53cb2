//! `provider keys rotate`

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::key_entry::or_dash;
use super::keyring::{self, KeyringOption};
use super::{life, policy, role};
use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::passphrase::{Asking, PassphraseOption};
use crate::cli::terminal::Terminal;
use crate::cli::tx::sending::Sending;
use crate::cli::{Configuration, Context, Failure, Report, Status, wait_for};
use crate::domain::job::Outcome;
use crate::domain::key::{Due, Role, State};
use crate::jobs::audit::Audited;
use crate::jobs::keys_inventory::{Rules, serving};
use crate::jobs::keys_rotate::{self, Item, ItemOutcome, Needs, OnChain, Request, Rotated, Wanted};
use crate::jobs::{Circumstances, Report as _, Run};
use crate::keys::file::{Access, Keyring};
use crate::keys::{Backends, KeyType, Name};
use crate::observe::audit::actor;
use crate::store::Store;

/// Put new keys in the place of old ones
///
/// A new key is made where the old one is kept, registered on the chain if it opens sealed orders, and takes over; the old
/// one still opens and verifies for the grace period, and is then revoked. Each step survives a kill, and the next run
/// goes on. The key of the chain account cannot be rotated.
///
/// With --if-due, for a timer, it does what the key policy asks for: rotations by age, the ends of grace periods,
/// archives. The chain takes five keys of an account, old ones included; a timer leaves the last place free.
#[derive(Debug, Args)]
pub struct Rotate {
    /// Which keys: `usage`, `encryption`, or the name of such a key; both unless given
    #[arg(value_name = "KEY", conflicts_with = "if_due")]
    key: Option<String>,

    /// Do what the key policy asks for, and nothing else
    #[arg(long)]
    if_due: bool,

    /// Why, for the record
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,

    #[command(flatten)]
    passphrase: PassphraseOption,

    #[command(flatten)]
    keyring: KeyringOption,

    #[command(flatten)]
    output: OutputOption,
}

/// What became of a key.
#[derive(Serialize)]
#[serde(transparent)]
pub struct ItemRow(pub Item);

impl Row for ItemRow {
    const HEADINGS: &'static [&'static str] = &["key", "role", "successor", "step", "until", "outcome", "detail"];
    const FIELDS: &'static [&'static str] = &["key", "role", "successor", "step", "until", "outcome", "detail"];

    fn cells(&self) -> Vec<String> {
        let Item { key, role, successor, step, until, outcome, detail } = &self.0;
        vec![
            key.clone(),
            or_dash(*role),
            or_dash(successor.as_ref()),
            (*step).to_owned(),
            or_dash(until.map(|until| format!("{until:.0}"))),
            outcome.word().to_owned(),
            or_dash(detail.as_ref()),
        ]
    }

    fn csv(&self) -> Vec<String> {
        fn text(value: Option<impl ToString>) -> String {
            value.map_or_else(String::new, |value| value.to_string())
        }
        let Item { key, role, successor, step, until, outcome, detail } = &self.0;
        vec![
            key.clone(),
            text(*role),
            text(successor.as_ref()),
            (*step).to_owned(),
            text(*until),
            outcome.word().to_owned(),
            text(detail.as_ref()),
        ]
    }
}

/// A rotation that a command wants.
pub struct Rotation<'r> {
    /// Which keys.
    pub wanted: Wanted,
    /// Why.
    pub reason: &'r str,
    /// A person wants it.
    pub by_hand: bool,
    /// In which states the account's key may sign what the chain must be told.
    pub account_signs: fn(State) -> bool,
    /// What opens and seals keys.
    pub passphrase: &'r PassphraseOption,
}

impl Rotate {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = self.keyring.configuration(context)?;
        let wanted = self.wanted(&configuration)?;
        if context.global.dry_run {
            let keyring = keyring::open(&configuration, Access::Look)?;
            let rows = foresee(&configuration, &keyring, &wanted, context.now())?;
            return Ok(Report::listing(rows, self.output.output));
        }
        let usual = if self.if_due { "it is due" } else { "asked for by hand" };
        let rotation = Rotation {
            wanted,
            reason: self.reason.as_deref().unwrap_or(usual),
            by_hand: !self.if_due,
            account_signs: State::may_sign,
            passphrase: &self.passphrase,
        };
        let store = context.open_for_job(&configuration.state_file)?;
        let done = rotate(context, &configuration, &store, &rotation)?;
        Ok(report(done, self.output))
    }

    fn wanted(&self, configuration: &Configuration) -> Result<Wanted, Failure> {
        let Some(word) = &self.key else {
            let all = vec![Role::Usage, Role::Encryption];
            return Ok(if self.if_due { Wanted::Due } else { Wanted::Roles(all) });
        };
        let by_name = || word.parse::<Name>().ok().and_then(|name| role::meant(&name, &configuration.settings.keys));
        let role = Role::of_word(word).or_else(by_name).ok_or_else(|| {
            Failure::new(Status::Usage, format!("`{word}` is neither a role nor the name of a key that has one"))
                .hint("the roles are usage and encryption; keys.usage_key and keys.encryption_key name their keys")
        })?;
        Ok(Wanted::Roles(vec![role]))
    }
}

/// The names that the configuration gives to the keys of the roles.
fn names(configuration: &Configuration) -> Vec<(Role, String)> {
    let keys = &configuration.settings.keys;
    Role::ALL.iter().map(|role| (*role, role::name_in(*role, keys).to_owned())).collect()
}

/// Rotates, as a run of the job.
pub fn rotate(
    context: &Context,
    configuration: &Configuration,
    store: &Store,
    rotation: &Rotation<'_>,
) -> Result<Rotated, Failure> {
    let keyring = keyring::open(configuration, Access::Use)?;
    let found = store.read("read the key policy", |snapshot| policy::in_force(Some(snapshot), configuration))?;
    let who = actor(None, None);
    let who = who.user.unwrap_or_else(|| format!("uid {}", who.uid));
    let keys = &configuration.settings.keys;
    let roles = |name: &Name, key_type: KeyType| role::meant(name, keys).filter(|role| role::fits(*role, key_type));
    let rules = Rules { roles: &roles, policy: &found.policy, who: &who, now: context.now() };
    let (names, registers) = (names(configuration), configuration.network().has("encryption.v1"));
    let ask = Asking::new(context, rotation.passphrase, configuration);
    let backends = Backends::new(&keyring, &ask, keyring::places(configuration, context)?);
    let interrupt = context.interrupt()?;
    let (audit, values) = (configuration.audit(), configuration.values());
    let given = Circumstances {
        store,
        now: &|| context.now(),
        should_stop: &|| interrupt.requested().is_some(),
        wait: context.global.wait.unwrap_or_default(),
        audit: Some(Audited { settings: &audit, configuration: Some(&values) }),
    };
    let request = Request {
        wanted: rotation.wanted.clone(),
        reason: rotation.reason,
        backends: &backends,
        rules: &rules,
        names: &names,
        chain: None,
        registers,
        by_hand: rotation.by_hand,
    };
    let run = Run::begin(&keys_rotate::NAME, given)?;
    let needs = Needs { wanted: &rotation.wanted, rules: &rules, registers };
    let done = match keys_rotate::needs_chain(store, &needs) {
        Err(error) => Err(error),
        Ok(false) => wait_for(keys_rotate::rotate(&run, given, &request))?,
        Ok(true) => {
            let sending = Sending::open_for(context, configuration, rotation.account_signs)?;
            let attended = rotation.by_hand && Terminal::open().is_some();
            sending.within((rotation.passphrase, attended), |sending_request, address| {
                let chain = OnChain { client: &sending.client, address, sending: sending_request };
                wait_for(keys_rotate::rotate(&run, given, &Request { chain: Some(chain), ..request }))
            })??
        }
    };
    Ok(run.conclude(done)?)
}

/// What a rotation did, with the exit code that it deserves.
pub fn report(done: Rotated, output: OutputOption) -> Report {
    let status = match done.outcome() {
        Outcome::Interrupted => Status::TryLater,
        Outcome::PartlyFailed => Status::SomeFailed,
        Outcome::Done | Outcome::Running | Outcome::Failed | Outcome::Killed => Status::Done,
    };
    Report::listing(done.items.into_iter().map(ItemRow).collect(), output.output).status(status)
}

/// What would be rotated.
fn foresee(
    configuration: &Configuration,
    keyring: &Keyring,
    wanted: &Wanted,
    now: Timestamp,
) -> Result<Vec<ItemRow>, Failure> {
    let store = life::state_to_look_at(configuration);
    let kept = life::look(store.as_ref(), keyring)?;
    let found = match &store {
        Some(store) => store.read("read the key policy", |snapshot| policy::in_force(Some(snapshot), configuration))?,
        None => policy::in_force(None, configuration)?,
    };
    let mut rows = Vec::new();
    for (role, name) in names(configuration) {
        let is_meant = match wanted {
            Wanted::Roles(roles) => roles.contains(&role),
            Wanted::Due => role.rotates(),
            Wanted::Begun => false,
        };
        let Some(row) = serving(&kept, &name).and_then(|kept| kept.row.as_ref()).filter(|_| is_meant) else { continue };
        let due = found.policy.assess(&row.dates(), now).due.contains(&Due::Rotation);
        if *wanted == Wanted::Due && !due {
            continue;
        }
        let taken = |name: &str| kept.iter().any(|kept| kept.name == name);
        rows.push(ItemRow(Item {
            key: row.name.clone(),
            role: Some(role),
            successor: keys_rotate::successor(&name, taken),
            step: "would be rotated",
            until: None,
            outcome: ItemOutcome::Waits,
            detail: None,
        }));
    }
    Ok(rows)
}
