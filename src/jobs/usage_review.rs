//! `usage review`: a person decides about a record that the fraud check holds.
//!
//! An approved record is signed with the reviewer's name and the flags in it, and goes the way of every other. A rejected
//! one stays in the state file with the reason, and its window may be recorded anew.

use std::borrow::Cow;

use super::usage_sign::{self, UsageKey};
use super::{Circumstances, Report, Run};
use crate::domain::fault::{Classified, Fault};
use crate::domain::job::{Counts, JobName, Outcome};
use crate::domain::usage::state::{Event, State};
use crate::domain::usage::{CannotApprove, Held, Moment};
use crate::store::usage::{RecordId, RecordRow, records};
use crate::store::{self, LockError, usage as rows};

/// The job's name.
pub const NAME: JobName = JobName::constant("usage-review");

/// What a person decides.
pub enum Decision<'a> {
    /// It is right.
    Approve {
        /// Who says so.
        by: String,
        /// The key that signs it.
        key: UsageKey<'a>,
    },
    /// It is wrong.
    Reject {
        /// Why.
        reason: String,
    },
}

/// A record that was decided about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewed(pub RecordRow);

impl Report for Reviewed {
    fn outcome(&self) -> Outcome {
        Outcome::Done
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        let approved = self.0.state != State::Rejected;
        counts.add(if approved { "records_approved" } else { "records_rejected" }, 1);
        counts
    }
}

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another run has the lock.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The state file.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The rows of usage.
    #[error(transparent)]
    Rows(#[from] rows::Error),
    /// The usage key.
    #[error(transparent)]
    Sign(#[from] usage_sign::Error),
    /// Nobody can say that it is right.
    #[error("usage record {id} is not approved")]
    Approve {
        /// The record.
        id: RecordId,
        /// Why.
        #[source]
        source: CannotApprove,
    },
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Lock(error) => error.fault(),
            Self::Store(error) => error.fault(),
            Self::Rows(error) => error.fault(),
            Self::Sign(error) => error.fault(),
            Self::Approve { .. } => Fault::Denied,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Lock(error) => error.hint(),
            Self::Store(error) => error.hint(),
            Self::Rows(error) => error.hint(),
            Self::Sign(error) => error.hint(),
            Self::Approve { .. } => Some(
                "reject it, find out what the source does, and write down what was used with `provider usage record`"
                    .into(),
            ),
        }
    }
}

/// Runs the job.
pub fn run(given: Circumstances<'_>, name: &str, decision: Decision<'_>) -> Result<Reviewed, Error> {
    let run = Run::begin(&NAME, given)?;
    let reviewed = review(&run, given, name, decision);
    run.conclude(reviewed)
}

fn review(run: &Run<'_>, given: Circumstances<'_>, name: &str, decision: Decision<'_>) -> Result<Reviewed, Error> {
    let row = given.store.read("read a usage record", |snapshot| records::find(snapshot, name))?;
    let id = row.id;
    match decision {
        Decision::Approve { by, key } => {
            row.state.next(Event::Approve).map_err(|source| rows::Error::State { id, source })?;
            let held = Held { facts: row.facts, flags: row.flags };
            let checked =
                held.approve(by, Moment::of((given.now)())).map_err(|source| Error::Approve { id, source })?;
            let signed = key.sign(checked)?;
            given.store.write("approve a usage record", |change| {
                records::approve(change, id, &signed)?;
                Ok::<_, Error>(key.note(run.trail(), change, 1)?)
            })?;
        }
        Decision::Reject { reason } => {
            given.store.write("reject a usage record", |change| records::reject(change, id, &reason))?;
        }
    }
    Ok(Reviewed(given.store.read("read a usage record", |snapshot| records::get(snapshot, id))?))
}
