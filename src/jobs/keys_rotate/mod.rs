//! `keys-rotate`: what the key policy asks for, and keys that take the place of others.
//!
//! ```text
//! compare     the key folder with the state file; take up what is new
//! term        deactivate and archive what has served its time; say what is due and waits for a person
//! begin       write down which key gets a successor, and under which name
//! advance     each rotation as far as it goes: make, register, switch, wait, revoke, deactivate
//! revoke      what others may have and no rotation takes care of
//! report      what each key's step was
//! ```
//! A rotation goes on where the world is, not where the last run stopped (`domain::key::rotation`): the key folder says
//! whether the new key is made, the chain whether it is registered and whether the old one is revoked. A message is on its
//! way as long as the outbox holds it, so nothing is sent twice.
//!
//! The chain holds so many keys of an account, old ones included, and forgets none. What the timer does leaves one place
//! free, for the day on which a key must go at once.

mod advance;
mod chain;
mod error;
mod plan;
mod terms;
#[cfg(test)]
mod tests;

pub use advance::successor;
pub use chain::{OnChain, register_purpose, remember, revoke_purpose};
pub use error::Error;
pub use plan::{Facts, Planned, Verdict, plan};

use std::cell::{Cell, RefCell};

use jiff::Timestamp;
use serde::Serialize;

use super::audit::Trail;
use super::keys_inventory::{self, Inventory, Rules};
use super::{Circumstances, FailPoint, Report, Run};
use crate::domain::fault::{Classified as _, in_one_line};
use crate::domain::job::{Counts, JobName, Outcome};
use crate::domain::key::{Due, Policy, Role, State};
use crate::keys::Backends;
use crate::store::keys::{self as rows, KeyRow, Rotation};
use crate::store::{Change, Store, job_runs};

/// The name of the job.
pub const NAME: JobName = JobName::constant("keys-rotate");

/// Which keys get a successor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Those that are due, as a timer wants it.
    Due,
    /// Those of these roles, now.
    Roles(Vec<Role>),
    /// This one of a role, now.
    Key(Role, String),
    /// None: only what has begun goes on.
    Begun,
}

/// What to do.
pub struct Request<'a> {
    /// Which keys get a successor.
    pub wanted: &'a Wanted,
    /// Why, for the record.
    pub reason: &'a str,
    /// Where keys are kept.
    pub backends: &'a Backends<'a>,
    /// Which keys are what, and the policy.
    pub rules: &'a Rules<'a>,
    /// The name that the configuration gives to the key of each role.
    pub names: &'a [(Role, String)],
    /// How the chain is reached; none where no rotation needs it.
    pub chain: Option<OnChain<'a>>,
    /// Why the chain cannot be reached, where one needs it: what waits for it has failed.
    pub no_chain: Option<&'a str>,
    /// The network registers keys.
    pub registers: bool,
    /// Somebody asked for it, so that what was refused is tried again and the last place on the chain may be taken.
    pub by_hand: bool,
    /// A key that took over a moment ago gets a successor too.
    pub again: bool,
}

/// What became of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// The key.
    pub key: String,
    /// Its role.
    pub role: Option<Role>,
    /// The key that takes its place.
    pub successor: Option<String>,
    /// What was done, or what is awaited.
    pub step: &'static str,
    /// Until when it waits.
    pub until: Option<Timestamp>,
    /// How it ended.
    pub outcome: ItemOutcome,
    /// Why it failed, or what a person must do.
    pub detail: Option<String>,
}

/// How the work on a key ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ItemOutcome {
    /// It was done.
    Done,
    /// It waits for time, the chain or a person.
    Waits,
    /// It failed.
    Failed,
}

impl ItemOutcome {
    /// The word in output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Waits => "waits",
            Self::Failed => "failed",
        }
    }
}

/// What was done.
#[derive(Debug, Clone, Default)]
pub struct Rotated {
    /// What became of each key.
    pub items: Vec<Item>,
    /// The roles whose last rotation goes on instead of another that begins.
    pub goes_on: Vec<Role>,
    /// It stopped on request.
    pub interrupted: bool,
}

impl Report for Rotated {
    fn outcome(&self) -> Outcome {
        if self.interrupted {
            Outcome::Interrupted
        } else if self.items.iter().any(|item| item.outcome == ItemOutcome::Failed) {
            Outcome::PartlyFailed
        } else {
            Outcome::Done
        }
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for item in &self.items {
            counts.add(item.outcome.word(), 1);
        }
        counts
    }
}

/// A run at work.
struct Session<'s> {
    store: &'s Store,
    trail: Option<&'s Trail<'s>>,
    run: &'s Run<'s>,
    given: Circumstances<'s>,
    request: &'s Request<'s>,
    report: Rotated,
    /// The keys that this run made: it need not find out whether they are ours.
    made: RefCell<Vec<String>>,
    /// How many of the account's places on the chain are used, and how many there are; none where nobody looked.
    places: Cell<Option<(u32, u32)>>,
}

/// Whether anything of this needs the chain: a rotation of a registered key that is under way, due or wanted, or a key
/// that must be revoked.
pub fn needs_chain(store: &Store, request: &Request<'_>) -> Result<bool, Error> {
    if !request.registers {
        return Ok(false);
    }
    let (inventory, open) = store.read("read the rotations", |snapshot| {
        let inventory = keys_inventory::look(Some(snapshot), request.backends.keyring())?;
        Ok::<_, Error>((inventory, rows::open_rotations(snapshot)?))
    })?;
    let (policy, now) = (request.rules.policy, request.rules.now);
    let again = request.again;
    let facts = Facts { inventory: &inventory, open: &open, names: request.names, policy, now, again };
    let begins = plan(request.wanted, facts)
        .iter()
        .any(|planned| planned.role.is_registered() && matches!(planned.verdict, Verdict::Begin));
    let row = |id| inventory.kept.iter().filter_map(|kept| kept.row.as_ref()).find(|row| row.id == id);
    // One that is in its grace period needs nobody.
    let goes_on = open
        .iter()
        .filter(|rotation| rotation.role.is_registered())
        .any(|rotation| grace_until(policy, rotation, row(rotation.old)).is_none_or(|end| end <= now));
    let is_stray = |row: &KeyRow| is_stray(row, &open, policy, now);
    let strays = inventory.kept.iter().filter_map(|kept| kept.row.as_ref()).any(is_stray);
    Ok(begins || goes_on || strays)
}

/// The end of an old key's grace period; none before the new key took over, and where it is over or there is none.
fn grace_until(policy: &Policy, rotation: &Rotation, old: Option<&KeyRow>) -> Option<Timestamp> {
    match old.map(|old| old.state) {
        // Whoever ended it by hand does not wait, and others must not have it any longer.
        Some(State::Deactivated | State::Archived | State::Compromised | State::Destroyed) | None => None,
        Some(State::Created | State::Pending | State::Active | State::Rotating | State::Suspended) => {
            let span = jiff::SignedDuration::try_from(policy.grace_period).ok()?;
            rotation.switched_at?.checked_add(span).ok()
        }
    }
}

/// Whether the chain shows a key for which nobody should seal any more, and no rotation takes care of it: given up, or at
/// the end of its time, with a state file that was lost and restored.
fn is_stray(row: &KeyRow, open: &[Rotation], policy: &Policy, now: Timestamp) -> bool {
    let is_over = match row.state {
        State::Compromised | State::Deactivated | State::Archived => true,
        State::Rotating => policy.assess(&row.dates(), now).due.contains(&Due::Deactivation),
        State::Created | State::Pending | State::Active | State::Suspended | State::Destroyed => false,
    };
    is_over && row.is_on_chain() && !open.iter().any(|rotation| rotation.old == row.id)
}

/// Does what is due and wanted, as part of a job's run.
pub async fn rotate(run: &Run<'_>, given: Circumstances<'_>, request: &Request<'_>) -> Result<Rotated, Error> {
    let trail = given.audit.map(|_| run.trail());
    let store = given.store;
    let (report, made) = (Rotated::default(), RefCell::default());
    let mut session = Session { store, trail, run, given, request, report, made, places: Cell::new(None) };
    let inventory = session.compare()?;
    session.end_terms(&inventory.kept)?;
    session.begin(&inventory)?;
    session.advance().await?;
    session.revoke_strays().await?;
    Ok(session.report)
}

impl Session<'_> {
    fn compare(&self) -> Result<Inventory, Error> {
        Ok(keys_inventory::sync(self.store, self.request.backends.keyring(), self.request.rules, self.trail)?)
    }

    fn now(&self) -> Timestamp {
        self.request.rules.now
    }

    fn note(&mut self, row: &KeyRow, step: &'static str, outcome: ItemOutcome, detail: Option<String>) {
        match outcome {
            ItemOutcome::Failed => tracing::warn!(key = row.name, step, detail, "a key could not be rotated"),
            ItemOutcome::Done => tracing::info!(key = row.name, step, "a key changed"),
            ItemOutcome::Waits => tracing::info!(key = row.name, step, detail, "a key waits"),
        }
        let key = row.name.clone();
        self.report.items.push(Item { key, role: row.role, successor: None, step, until: None, outcome, detail });
    }

    /// Writes down which keys get a successor. One that cannot be rotated does not stop the others.
    fn begin(&mut self, inventory: &Inventory) -> Result<(), Error> {
        let request = self.request;
        let open = self.store.read("read the rotations", rows::open_rotations)?;
        let (policy, now) = (request.rules.policy, self.now());
        let (names, again) = (request.names, request.again);
        let planned = plan(request.wanted, Facts { inventory, open: &open, names, policy, now, again });
        let is_the_only_one = planned.len() == 1 && *request.wanted != Wanted::Due;
        let last_look = self.last_look()?;
        for planned in planned {
            match (planned.verdict, planned.row) {
                (Verdict::Begin, Some(row)) => match self.begin_one(planned.role, row, planned.configured) {
                    // Its own failure, and not that of the other keys.
                    Err(error @ Error::NoName { .. }) if !is_the_only_one => {
                        let why = format!("{}; {}", in_one_line(&error), error.hint().unwrap_or_default());
                        self.note(row, "not rotated", ItemOutcome::Failed, Some(why));
                    }
                    begun => begun?,
                },
                (Verdict::LeftToAPerson, Some(row)) => {
                    let detail = "`provider keys rotate` does it; the policy's auto_rotate is off".to_owned();
                    self.note(row, "rotation is due", ItemOutcome::Waits, Some(detail));
                }
                // Said once: whoever did it knows, and a timer that repeats it is not read any more.
                (Verdict::Ended, Some(row)) if last_look.is_none_or(|last| last <= row.since) => {
                    let detail = format!(
                        "{} has no key since this one was ended by hand; `provider keys add {}` gives it one, under a \
                         later version of that name where it is taken",
                        planned.role, planned.configured
                    );
                    self.note(row, "role ended", ItemOutcome::Waits, Some(detail));
                }
                (Verdict::GoesOn, _) => self.report.goes_on.push(planned.role),
                (Verdict::Begin | Verdict::LeftToAPerson, None)
                | (Verdict::UnderWay | Verdict::NotDue | Verdict::Ended, _) => {}
                (Verdict::Refused(error), _) if is_the_only_one => return Err(error),
                (Verdict::Refused(error), row) => {
                    let key = row.map_or(planned.configured, |row| &row.name).to_owned();
                    let mut why = in_one_line(&error);
                    if let Some(hint) = error.hint() {
                        why = format!("{why}; {hint}");
                    }
                    tracing::warn!(key, role = planned.role.word(), why, "a key cannot be rotated");
                    self.report.items.push(Item {
                        key,
                        role: Some(planned.role),
                        successor: None,
                        step: "not rotated",
                        until: None,
                        outcome: ItemOutcome::Failed,
                        detail: Some(why),
                    });
                }
            }
        }
        Ok(())
    }

    /// When the last run began that came to its end.
    fn last_look(&self) -> Result<Option<Timestamp>, Error> {
        let wanted = job_runs::History { job: Some(NAME), since: None, limit: Some(16) };
        let runs = self.store.read("read the last runs", |snapshot| job_runs::history(snapshot, &wanted))?;
        let ended = |run: &job_runs::JobRun| matches!(run.outcome, Outcome::Done | Outcome::PartlyFailed);
        Ok(runs.into_iter().find(ended).map(|run| run.started_at))
    }

    fn begin_one(&self, role: Role, row: &KeyRow, configured: &str) -> Result<(), Error> {
        self.store.write("begin to rotate a key", |change| {
            // One that is under way already goes on.
            if rows::open_rotations(change)?.iter().any(|open| open.old == row.id) {
                return Ok(());
            }
            self.write_beginning(change, (role, row), configured, self.request.reason)
        })?;
        FailPoint::RotationBegun.reach();
        Ok(())
    }

    /// Writes down that a key gets a successor, and under which name.
    fn write_beginning(
        &self,
        change: &Change<'_>,
        (role, row): (Role, &KeyRow),
        configured: &str,
        reason: &str,
    ) -> Result<(), Error> {
        let keyring = self.request.backends.keyring();
        let known = rows::list(change)?;
        let taken = |name: &str| known.iter().any(|row| row.name == name) || keyring.path_of(name).exists();
        let is_name = |name: &String| name.parse::<crate::keys::Name>().is_ok();
        let new_name = successor(configured, taken).filter(is_name);
        let new_name = new_name.ok_or_else(|| Error::NoName { name: configured.to_owned() })?;
        rows::begin_rotation(change, role, row.id, &new_name, reason, self.now())?;
        tracing::info!(key = row.name, successor = new_name, reason, "a key is rotated");
        Ok(())
    }
}
