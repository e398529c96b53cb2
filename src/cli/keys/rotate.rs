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
use crate::domain::fault::in_one_line;
use crate::domain::job::Outcome;
use crate::domain::key::{Role, State};
use crate::jobs::audit::Audited;
use crate::jobs::keys_inventory::Rules;
use crate::jobs::keys_rotate::{self, Facts, Item, ItemOutcome, OnChain, Request, Rotated, Verdict, Wanted};
use crate::jobs::{Circumstances, Report as _, Run};
use crate::keys::file::{Access, Keyring};
use crate::keys::{Backends, KeyType, Name};
use crate::observe::audit::actor;
use crate::store::Store;
use crate::store::keys::open_rotations;

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
    /// Which keys: `usage`, `encryption`, or the name of the key that serves as one of them; both unless given
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
    /// Nothing may be asked of the chain, or sent to it.
    pub offline: bool,
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
            let failed = rows.iter().any(|row| row.0.outcome == ItemOutcome::Failed);
            let report = Report::listing(rows, self.output.output);
            return Ok(if failed { report.status(Status::SomeFailed) } else { report });
        }
        let usual = if self.if_due { "it is due" } else { "asked for by hand" };
        let rotation = Rotation {
            wanted,
            reason: self.reason.as_deref().unwrap_or(usual),
            by_hand: !self.if_due,
            offline: false,
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
        if let Some(role) = Role::of_word(word) {
            return Ok(Wanted::Roles(vec![role]));
        }
        let by_name = word.parse::<Name>().ok().and_then(|name| role::meant(&name, &configuration.settings.keys));
        let role = by_name.ok_or_else(|| {
            Failure::new(Status::Usage, format!("`{word}` is neither a role nor the name of a key that has one"))
                .hint("the roles are usage and encryption; keys.usage_key and keys.encryption_key name their keys")
        })?;
        Ok(Wanted::Key(role, word.clone()))
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
    let roles = |name: &Name, key_type: KeyType| role::meant(name, keys).filter(|role| role.fits(key_type));
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
        wanted: &rotation.wanted,
        reason: rotation.reason,
        backends: &backends,
        rules: &rules,
        names: &names,
        chain: None,
        no_chain: None,
        registers,
        by_hand: rotation.by_hand,
    };
    let run = Run::begin(&keys_rotate::NAME, given)?;
    let without = |why: &str| wait_for(keys_rotate::rotate(&run, given, &Request { no_chain: Some(why), ..request }));
    let done = match keys_rotate::needs_chain(store, &request) {
        Err(error) => Err(error),
        Ok(false) => wait_for(keys_rotate::rotate(&run, given, &request))?,
        Ok(true) if rotation.offline => without("the chain is left alone: --offline")?,
        Ok(true) => match account(context, configuration, rotation) {
            Ok(sending) => {
                let attended = rotation.by_hand && Terminal::open().is_some();
                sending.within((rotation.passphrase, attended), |sending_request, address| {
                    let chain = OnChain { client: &sending.client, address, sending: sending_request };
                    wait_for(keys_rotate::rotate(&run, given, &Request { chain: Some(chain), ..request }))
                })??
            }
            // What needs no chain is done all the same.
            Err(failure) => without(&failure.in_one_line())?,
        },
    };
    Ok(run.conclude(done)?)
}

/// The account whose keys the chain holds.
fn account<'c>(
    context: &'c Context,
    configuration: &'c Configuration,
    rotation: &Rotation<'_>,
) -> Result<Sending<'c>, Failure> {
    let sending = Sending::open_for(context, configuration, rotation.account_signs)?;
    sending.address()?;
    Ok(sending)
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

/// What would be rotated, and what would be refused: by the decision that the run itself makes.
fn foresee(
    configuration: &Configuration,
    keyring: &Keyring,
    wanted: &Wanted,
    now: Timestamp,
) -> Result<Vec<ItemRow>, Failure> {
    let store = life::state_to_look_at(configuration);
    let inventory = life::look(store.as_ref(), keyring)?;
    let (found, open) = match &store {
        Some(store) => store.read("read the key policy", |snapshot| {
            Ok::<_, Failure>((policy::in_force(Some(snapshot), configuration)?, open_rotations(snapshot)?))
        })?,
        None => (policy::in_force(None, configuration)?, Vec::new()),
    };
    let names = names(configuration);
    let facts = Facts { inventory: &inventory, open: &open, names: &names, policy: &found.policy, now };
    let planned = keys_rotate::plan(wanted, facts);
    let is_the_only_one = planned.len() == 1 && *wanted != Wanted::Due;
    let mut rows = Vec::new();
    for planned in planned {
        let key = planned.row.map_or(planned.configured, |row| &row.name).to_owned();
        let taken = |name: &str| {
            let mut known =
                inventory.kept.iter().map(|kept| &kept.name).chain(inventory.gone.iter().map(|row| &row.name));
            known.any(|known| known == name)
        };
        let under_way = open.iter().find(|rotation| planned.row.is_some_and(|row| row.id == rotation.old));
        let (step, successor, outcome, detail) = match planned.verdict {
            Verdict::Begin => {
                ("would be rotated", keys_rotate::successor(planned.configured, taken), ItemOutcome::Waits, None)
            }
            Verdict::UnderWay => {
                let successor = under_way.map(|rotation| rotation.new_name.clone());
                ("under way", successor, ItemOutcome::Waits, None)
            }
            Verdict::LeftToAPerson => ("rotation is due", None, ItemOutcome::Waits, None),
            Verdict::NotDue => continue,
            Verdict::Refused(error) if is_the_only_one => return Err(error.into()),
            Verdict::Refused(error) => ("not rotated", None, ItemOutcome::Failed, Some(in_one_line(&error))),
        };
        rows.push(ItemRow(Item { key, role: Some(planned.role), successor, step, until: None, outcome, detail }));
    }
    Ok(rows)
}
