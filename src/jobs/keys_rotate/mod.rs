//! `keys-rotate`: what the key policy asks for, and keys that take the place of others.
//!
//! ```text
//! compare     the key folder with the state file; take up what is new
//! term        deactivate and archive what has served its time; say what is due and waits for a person
//! begin       write down which key gets a successor, and under which name
//! advance     each rotation as far as it goes: make, register, switch, wait, revoke, deactivate
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
mod terms;
#[cfg(test)]
mod tests;

pub use advance::successor;
pub use chain::{OnChain, register_purpose, remember, revoke_purpose};
pub use error::Error;

use jiff::Timestamp;
use serde::Serialize;

use super::audit::Trail;
use super::keys_inventory::{self, Kept, Rules};
use super::{Circumstances, FailPoint, Report, Run};
use crate::domain::job::{Counts, JobName, Outcome};
use crate::domain::key::{Due, Role, State};
use crate::keys::Backends;
use crate::store::Store;
use crate::store::keys::{self as rows, KeyRow};

/// The name of the job.
pub const NAME: JobName = JobName::constant("keys-rotate");

/// Which keys get a successor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Those that are due, as a timer wants it.
    Due,
    /// Those of these roles, now.
    Roles(Vec<Role>),
    /// None: only what has begun goes on.
    Begun,
}

/// What to do.
pub struct Request<'a> {
    /// Which keys get a successor.
    pub wanted: Wanted,
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
    /// The network registers keys.
    pub registers: bool,
    /// Somebody asked for it, so that what was refused is tried again and the last place on the chain may be taken.
    pub by_hand: bool,
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
}

/// Whether anything of this needs the chain: a rotation of a registered key that is under way, due or wanted.
pub fn needs_chain(store: &Store, request: &Needs<'_>) -> Result<bool, Error> {
    if !request.registers {
        return Ok(false);
    }
    let (known, open) = store.read("read the rotations", |snapshot| {
        Ok::<_, crate::store::Error>((rows::list(snapshot)?, rows::open_rotations(snapshot)?))
    })?;
    let is_due = |row: &KeyRow| {
        let found = request.rules.policy.assess(&row.dates(), request.rules.now);
        request.rules.policy.auto_rotate && found.due.contains(&Due::Rotation)
    };
    let wanted = match request.wanted {
        Wanted::Due => known.iter().any(|row| row.role.is_some_and(Role::is_registered) && is_due(row)),
        Wanted::Roles(roles) => roles.iter().any(|role| role.is_registered()),
        Wanted::Begun => false,
    };
    // One that is in its grace period needs nobody.
    let waits = |rotation: &rows::Rotation| {
        rotation.switched_at.is_some_and(|at| {
            let grace = jiff::SignedDuration::try_from(request.rules.policy.grace_period).unwrap_or_default();
            at.checked_add(grace).is_ok_and(|end| end > request.rules.now)
        })
    };
    Ok(wanted || open.iter().any(|rotation| rotation.role.is_registered() && !waits(rotation)))
}

/// What [`needs_chain`] looks at.
pub struct Needs<'a> {
    /// Which keys get a successor.
    pub wanted: &'a Wanted,
    /// Which keys are what, and the policy.
    pub rules: &'a Rules<'a>,
    /// The network registers keys.
    pub registers: bool,
}

/// Does what is due and wanted, as part of a job's run.
pub async fn rotate(run: &Run<'_>, given: Circumstances<'_>, request: &Request<'_>) -> Result<Rotated, Error> {
    let trail = given.audit.map(|_| run.trail());
    let store = given.store;
    let mut session = Session { store, trail, run, given, request, report: Rotated::default() };
    let kept = session.compare()?;
    session.end_terms(&kept)?;
    session.begin(&kept)?;
    session.advance().await?;
    Ok(session.report)
}

impl Session<'_> {
    fn compare(&self) -> Result<Vec<Kept>, Error> {
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

    /// Writes down which keys get a successor.
    fn begin(&mut self, kept: &[Kept]) -> Result<(), Error> {
        let roles: Vec<Role> = match &self.request.wanted {
            Wanted::Begun => return Ok(()),
            Wanted::Roles(roles) => roles.clone(),
            Wanted::Due => Role::ALL.iter().copied().filter(|role| role.rotates()).collect(),
        };
        for role in roles {
            let Some((_, name)) = self.request.names.iter().find(|(known, _)| *known == role) else { continue };
            let Some(row) = keys_inventory::serving(kept, name).and_then(|kept| kept.row.as_ref()) else {
                if self.request.wanted != Wanted::Due {
                    return Err(Error::NoKey { role, name: name.clone() });
                }
                continue;
            };
            if self.request.wanted == Wanted::Due {
                let found = self.request.rules.policy.assess(&row.dates(), self.now());
                if !found.due.contains(&Due::Rotation) {
                    continue;
                }
                if !self.request.rules.policy.auto_rotate {
                    let detail = "`provider keys rotate` does it; the policy's auto_rotate is off".to_owned();
                    self.note(row, "rotation is due", ItemOutcome::Waits, Some(detail));
                    continue;
                }
            }
            if !role.rotates() {
                return Err(Error::Account { key: row.name.clone() });
            }
            if !matches!(row.state, State::Active | State::Compromised) {
                return Err(Error::NotInUse { key: row.name.clone(), state: row.state });
            }
            self.begin_one(role, row, name)?;
        }
        Ok(())
    }

    fn begin_one(&self, role: Role, row: &KeyRow, configured: &str) -> Result<(), Error> {
        let keyring = self.request.backends.keyring();
        self.store.write("begin to rotate a key", |change| {
            // One that is under way already goes on.
            if rows::open_rotations(change)?.iter().any(|open| open.old == row.id) {
                return Ok(());
            }
            let known = rows::list(change)?;
            let taken = |name: &str| known.iter().any(|row| row.name == name) || keyring.path_of(name).exists();
            let new_name = successor(configured, taken).ok_or_else(|| Error::NoName { name: configured.to_owned() })?;
            rows::begin_rotation(change, role, row.id, &new_name, self.request.reason, self.now())?;
            tracing::info!(key = row.name, successor = new_name, reason = self.request.reason, "a key is rotated");
            Ok::<_, Error>(())
        })?;
        FailPoint::RotationBegun.reach();
        Ok(())
    }
}
