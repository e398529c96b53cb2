//! Which keys get a successor: one decision, for the job and for its rehearsal.

use jiff::Timestamp;

use super::{Error, Wanted};
use crate::domain::key::{Due, Policy, Role, State};
use crate::jobs::keys_inventory::{Inventory, Problem};
use crate::store::keys::{KeyRow, Rotation};

/// What becomes of a role.
#[derive(Debug)]
pub struct Planned<'k> {
    /// The role.
    pub role: Role,
    /// The name that the configuration gives it.
    pub configured: &'k str,
    /// The key that serves it.
    pub row: Option<&'k KeyRow>,
    /// What becomes of it.
    pub verdict: Verdict,
}

/// Whether a key gets a successor.
#[derive(Debug)]
pub enum Verdict {
    /// It does.
    Begin,
    /// Its rotation has begun.
    UnderWay,
    /// It took over a moment ago, and the one before it is in its grace period: that rotation goes on, and no other begins.
    GoesOn,
    /// It is due, and the policy leaves that to a person.
    LeftToAPerson,
    /// Nothing asks for it.
    NotDue,
    /// A person ended its last key, and gave it none: that is a decision, and no failure.
    Ended,
    /// It cannot be.
    Refused(Error),
}

/// What the decision looks at.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'k> {
    /// Every key.
    pub inventory: &'k Inventory,
    /// The rotations that are under way.
    pub open: &'k [Rotation],
    /// The name that the configuration gives to the key of each role.
    pub names: &'k [(Role, String)],
    /// The policy.
    pub policy: &'k Policy,
    /// The time.
    pub now: Timestamp,
    /// A key that took over a moment ago gets a successor too.
    pub again: bool,
}

/// What becomes of each role that is wanted.
pub fn plan<'k>(wanted: &Wanted, facts: Facts<'k>) -> Vec<Planned<'k>> {
    let roles: Vec<Role> = match wanted {
        Wanted::Begun => Vec::new(),
        Wanted::Roles(roles) => roles.clone(),
        Wanted::Key(role, _) => vec![*role],
        Wanted::Due => Role::ALL.iter().copied().filter(|role| role.rotates()).collect(),
    };
    let named = roles.into_iter().filter_map(|role| facts.names.iter().find(|(known, _)| *known == role));
    named
        .map(|(role, configured)| {
            let serves = facts.inventory.serving(*role, configured);
            let row = serves.and_then(|kept| kept.row.as_ref());
            let lost = serves.and_then(|kept| kept.problem.as_ref()).filter(|problem| problem.is_loss());
            let verdict = verdict(wanted, (*role, configured), (row, lost), facts);
            // What is said of the role is said of that key.
            let row = if matches!(verdict, Verdict::Ended) { facts.inventory.ended(*role, configured) } else { row };
            Planned { role: *role, configured, row, verdict }
        })
        .collect()
}

fn verdict(
    wanted: &Wanted,
    (role, configured): (Role, &str),
    (row, lost): (Option<&KeyRow>, Option<&Problem>),
    facts: Facts<'_>,
) -> Verdict {
    let of_timer = *wanted == Wanted::Due;
    let Some(row) = row else {
        // A role that never had a key is not used.
        if of_timer && !facts.inventory.ever_had(role, configured) {
            return Verdict::NotDue;
        }
        if of_timer && facts.inventory.ended(role, configured).is_some() {
            return Verdict::Ended;
        }
        return Verdict::Refused(Error::NoKey { role, name: configured.to_owned() });
    };
    let key = || row.name.clone();
    if let Wanted::Key(_, name) = wanted
        && *name != row.name
    {
        return Verdict::Refused(Error::NotServing { key: name.clone(), role, serving: key() });
    }
    if !role.rotates() {
        return Verdict::Refused(Error::Account { key: key() });
    }
    if facts.open.iter().any(|rotation| rotation.old == row.id) {
        return Verdict::UnderWay;
    }
    let must_go = row.must_go();
    // Whoever repeats a command that was killed, or ends a grace period, wants no other key.
    let is_new = || facts.open.iter().any(|rotation| rotation.role == role && rotation.switched_at.is_some());
    if !of_timer && !facts.again && !must_go && is_new() {
        return Verdict::GoesOn;
    }
    if of_timer {
        let due = facts.policy.assess(&row.dates(), facts.now).due.contains(&Due::Rotation);
        if let Some(problem) = lost.filter(|_| !due && !must_go) {
            return Verdict::Refused(Error::Lost { key: key(), role, problem: problem.to_string() });
        }
        if !due && !must_go {
            return Verdict::NotDue;
        }
        if !facts.policy.auto_rotate {
            return Verdict::LeftToAPerson;
        }
    }
    match row.state {
        State::Active | State::Compromised => {}
        // A timer leaves to a person what a person has stopped.
        state if of_timer && matches!(state, State::Suspended | State::Pending | State::Created) => {
            return Verdict::NotDue;
        }
        state => return Verdict::Refused(Error::NotInUse { key: key(), state }),
    }
    match facts.policy.allows(row.key_type) {
        Ok(()) => Verdict::Begin,
        Err(refusal) => Verdict::Refused(Error::Forbidden { key: key(), source: refusal }),
    }
}
