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
use crate::domain::key::rotation::Waiting;
use crate::domain::key::{Role, State};
use crate::jobs::audit::Audited;
use crate::jobs::keys_inventory::Rules;
use crate::jobs::keys_rotate::{self, Facts, Item, ItemOutcome, OnChain, Planned, Request, Rotated, Verdict, Wanted};
use crate::jobs::{Circumstances, Report as _, Run};
use crate::keys::file::Access;
use crate::keys::{Backends, KeyType, Name};
use crate::observe::audit::actor;
use crate::store::Store;
use crate::store::keys::{self as rotations, open_rotations};

/// Put new keys in the place of old ones
///
/// A new key is made where the old one is kept, registered on the chain if it opens sealed orders, and takes over; the old
/// one still opens and verifies for the grace period, and is then revoked. Each step survives a kill, and the next run
/// goes on. The key of the chain account cannot be rotated.
///
/// Where the last rotation of a key is in its grace period, that one goes on, and no other begins without --again. Each new
/// encryption key takes one of the few places that the chain gives to an account, for ever: at a terminal it is asked for.
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

    /// Rotate a key again that took over a moment ago, while the one before it is in its grace period
    #[arg(long, conflicts_with = "if_due")]
    again: bool,

    /// Do not ask before a place on the chain is taken
    #[arg(long, short)]
    yes: bool,

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
    /// A key that took over a moment ago gets a successor too.
    pub again: bool,
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
            let (rows, _) = self.foresee(&configuration, &wanted, context.now())?;
            let failed = rows.iter().any(|row| row.0.outcome == ItemOutcome::Failed);
            let report = Report::listing(rows, self.output.output);
            return Ok(if failed { report.status(Status::SomeFailed) } else { report });
        }
        if !self.if_due && !self.yes {
            self.confirm(&configuration, &wanted, context.now())?;
        }
        let usual = if self.if_due { "it is due" } else { "asked for by hand" };
        let rotation = Rotation {
            wanted,
            reason: self.reason.as_deref().unwrap_or(usual),
            by_hand: !self.if_due,
            again: self.again,
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
        again: rotation.again,
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
    // Nothing was done, and only the chain is missing: try again when a node answers.
    let waits_for_chain = [Waiting::Chain, Waiting::Registration, Waiting::Revocation].map(Waiting::word);
    let of_chain = |item: &Item| item.outcome == ItemOutcome::Failed && waits_for_chain.contains(&item.step);
    let no_chain = done.items.iter().all(of_chain);
    let status = match done.outcome() {
        Outcome::PartlyFailed if no_chain => Status::Unavailable,
        Outcome::Interrupted => Status::TryLater,
        Outcome::PartlyFailed => Status::SomeFailed,
        Outcome::Done | Outcome::Running | Outcome::Failed | Outcome::Killed => Status::Done,
    };
    let goes_on = done.goes_on.iter().map(|role| {
        format!(
            "the key for {role} took over a moment ago: its rotation goes on, and `provider keys rotate {role} --again` \
             begins another"
        )
    });
    let notes: Vec<String> = goes_on.collect();
    let report = Report::listing(done.items.into_iter().map(ItemRow).collect(), output.output).status(status);
    notes.into_iter().fold(report, Report::note)
}

impl Rotate {
    /// What would be rotated, and what would be refused: by the decision that the run itself makes. And how many encryption
    /// keys the chain was seen to hold.
    fn foresee(
        &self,
        configuration: &Configuration,
        wanted: &Wanted,
        now: Timestamp,
    ) -> Result<(Vec<ItemRow>, usize), Failure> {
        let keyring = keyring::open(configuration, Access::Look)?;
        let store = life::state_to_look_at(configuration);
        let inventory = life::look(store.as_ref(), &keyring)?;
        let (found, open) = match &store {
            Some(store) => store.read("read the key policy", |snapshot| {
                Ok::<_, Failure>((policy::in_force(Some(snapshot), configuration)?, open_rotations(snapshot)?))
            })?,
            None => (policy::in_force(None, configuration)?, Vec::new()),
        };
        let names = names(configuration);
        let (policy, again) = (&found.policy, self.again);
        let facts = Facts { inventory: &inventory, open: &open, names: &names, policy, now, again };
        let rows = || inventory.kept.iter().filter_map(|kept| kept.row.as_ref()).chain(&inventory.gone);
        let planned = keys_rotate::plan(wanted, facts);
        let is_the_only_one = planned.len() == 1 && *wanted != Wanted::Due;
        let shown = planned.into_iter().filter_map(|planned| {
            let taken = |name: &str| rows().any(|row| row.name == name) || inventory.named(name).is_some();
            foreseen(planned, &open, taken, is_the_only_one).transpose()
        });
        let shown = shown.collect::<Result<Vec<ItemRow>, Failure>>()?;
        Ok((shown, rows().filter(|row| row.registered_at.is_some()).count()))
    }

    /// Has a person who sits there agree to what can never be taken back: a place on the chain.
    fn confirm(&self, configuration: &Configuration, wanted: &Wanted, now: Timestamp) -> Result<(), Failure> {
        let Some(mut terminal) = Terminal::open() else { return Ok(()) };
        let (rows, used) = self.foresee(configuration, wanted, now)?;
        let takes = |row: &&ItemRow| row.0.role.is_some_and(Role::is_registered) && row.0.step == BEGINS;
        let Some(row) = rows.iter().find(takes) else { return Ok(()) };
        if !configuration.network().has("encryption.v1") {
            return Ok(());
        }
        let question = format!(
            "Rotating `{}` takes one of the few places for keys that the chain gives to an account (five), for ever; {used} \
             were seen to be used. Type yes to go on: ",
            row.0.key
        );
        let unsure =
            |message: &str| Failure::new(Status::Usage, message).hint("nothing was changed; --yes does not ask");
        match terminal.ask(&question) {
            Ok(answer) if answer.trim() == "yes" => Ok(()),
            Ok(_) => Err(unsure("the answer is not yes")),
            Err(error) => Err(unsure("there was no answer").caused_by(&error)),
        }
    }
}

/// What a rehearsal says of a key that would get a successor.
const BEGINS: &str = "would be rotated";

/// One role of a rehearsal; none where nothing asks for it.
fn foreseen(
    planned: Planned<'_>,
    open: &[rotations::Rotation],
    taken: impl Fn(&str) -> bool,
    is_the_only_one: bool,
) -> Result<Option<ItemRow>, Failure> {
    let key = planned.row.map_or(planned.configured, |row| &row.name).to_owned();
    let under_way = open.iter().find(|rotation| planned.row.is_some_and(|row| row.id == rotation.old));
    let (step, successor, outcome, detail) = match planned.verdict {
        Verdict::Begin => (BEGINS, keys_rotate::successor(planned.configured, taken), ItemOutcome::Waits, None),
        Verdict::UnderWay => {
            let successor = under_way.map(|rotation| rotation.new_name.clone());
            ("under way", successor, ItemOutcome::Waits, None)
        }
        Verdict::GoesOn => {
            let detail = "it took over a moment ago; --again rotates it all the same".to_owned();
            ("under way", None, ItemOutcome::Waits, Some(detail))
        }
        Verdict::LeftToAPerson => ("rotation is due", None, ItemOutcome::Waits, None),
        Verdict::Ended => ("role ended", None, ItemOutcome::Waits, None),
        Verdict::NotDue => return Ok(None),
        Verdict::Refused(error) if is_the_only_one => return Err(error.into()),
        Verdict::Refused(error) => ("not rotated", None, ItemOutcome::Failed, Some(in_one_line(&error))),
    };
    Ok(Some(ItemRow(Item { key, role: Some(planned.role), successor, step, until: None, outcome, detail })))
}
