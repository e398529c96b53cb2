//! `usage record`: a record of what no back end measured, or a correction of one that is wrong.
//!
//! ```text
//! lock      one run at a time
//! load      the record of that window, if there is one, and the lease's meter
//! refuse    a window that overlaps others, or lies where a meter will make records itself
//! check     the fraud rules, as for every record
//! sign      with the usage key; or hold it for review
//! write     the record, its charges, and, for a correction, that it took the other's place
//! ```
//! A correction never edits: it is a new revision of the window, and it charges the difference. What it does not give stays
//! as it was.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::usage_sign::{self, UsageKey};
use super::{Circumstances, Report, Run};
use crate::domain::address::Address;
use crate::domain::amount::DecCoin;
use crate::domain::fault::{Classified, Fault};
use crate::domain::fraud::{self, Limits, Surroundings};
use crate::domain::id::LeaseId;
use crate::domain::job::{Counts, JobName, Outcome};
use crate::domain::usage::{Facts, Kind, Metrics, Moment, Pricing, Record, Source, UsageType, Window};
use crate::store::usage::{RecordId, meters, records};
use crate::store::{self, LockError, Snapshot, settlement, usage as rows};

/// The job's name.
pub const NAME: JobName = JobName::constant("usage-record");

/// What a person says was used.
pub struct Request<'a> {
    /// Under which lease.
    pub lease: LeaseId,
    /// Whose leases are ours, where that is known.
    pub provider: Option<Address>,
    /// Over which time.
    pub window: Window,
    /// How much. What is not given is unknown, or stays as it was.
    pub used: Metrics,
    /// It is the last record of the lease.
    pub last: bool,
    /// Make a new revision of the record of this window.
    pub correct: bool,
    /// What is credible.
    pub limits: Limits,
    /// What usage costs beyond the lease.
    pub prices: BTreeMap<UsageType, DecCoin>,
    /// The key that signs records.
    pub key: UsageKey<'a>,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its number.
    pub id: RecordId,
    /// What is suspicious about it: it is held for review. Empty: it is signed.
    pub flags: Vec<fraud::Flag>,
    /// The state file has more of the lease than this.
    pub known: bool,
}

impl Report for Recorded {
    fn outcome(&self) -> Outcome {
        Outcome::Done
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        counts.add(if self.flags.is_empty() { "records_signed" } else { "records_held" }, 1);
        counts
    }
}

/// Why there is no record.
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
    /// There is nothing to correct.
    #[error("there is no usage record of {window} of the lease {lease}")]
    NothingToCorrect {
        /// The lease.
        lease: LeaseId,
        /// The window.
        window: Window,
    },
    /// A meter runs there.
    #[error("the lease {lease} is metered since {since}; its records come by themselves")]
    Metered {
        /// The lease.
        lease: LeaseId,
        /// Since when.
        since: Moment,
    },
    /// Somebody else's lease.
    #[error("the lease {lease} is not ours: {} is our account", provider)]
    NotOurs {
        /// The lease.
        lease: LeaseId,
        /// Our account.
        provider: Address,
    },
    /// Nothing was said to be used.
    #[error("a usage record that says nothing")]
    Nothing,
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Lock(error) => error.fault(),
            Self::Store(error) => error.fault(),
            Self::Rows(error) => error.fault(),
            Self::Sign(error) => error.fault(),
            Self::NothingToCorrect { .. } => Fault::NotFound,
            Self::Metered { .. } => Fault::Conflict,
            Self::Nothing | Self::NotOurs { .. } => Fault::Invalid,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Lock(error) => error.hint(),
            Self::Store(error) => error.hint(),
            Self::Rows(error) => error.hint(),
            Self::Sign(error) => error.hint(),
            Self::NothingToCorrect { .. } => {
                Some("`provider usage list --lease LEASE` shows its windows; leave --correct away for a new one".into())
            }
            Self::Metered { .. } => {
                Some("wait until the window is a record, then correct that one with --correct".into())
            }
            Self::NotOurs { .. } => {
                Some("the last part of a lease's id is its provider; `provider lease list` shows ours".into())
            }
            Self::Nothing => Some("give at least one figure, such as --cpu-milliseconds".into()),
        }
    }
}

/// Runs the job.
pub fn run(given: Circumstances<'_>, request: &Request<'_>) -> Result<Recorded, Error> {
    let run = Run::begin(&NAME, given)?;
    let recorded = record(&run, given, request);
    run.conclude(recorded)
}

fn record(run: &Run<'_>, given: Circumstances<'_>, request: &Request<'_>) -> Result<Recorded, Error> {
    if request.used.known().next().is_none() {
        return Err(Error::Nothing);
    }
    if let Some(provider) = request.provider.as_ref().filter(|provider| *provider != request.lease.provider()) {
        return Err(Error::NotOurs { lease: request.lease.clone(), provider: provider.clone() });
    }
    let now = Moment::of((given.now)());
    let (facts, known, usual_traffic) = given.store.read("read what is recorded of a lease", |snapshot| {
        let facts = facts(snapshot, request, now)?;
        Ok::<_, Error>((facts, known(snapshot, request)?, records::usual_traffic(snapshot, &request.lease)?))
    })?;
    let surroundings = Surroundings { now, usual_traffic };
    let checked = fraud::check(Record::draft(facts), &request.limits, &surroundings);
    let signed = checked.map(|record| request.key.sign(record));
    given.store.write("write a usage record", |change| match signed {
        Ok(record) => {
            let id = records::insert_signed(change, &record?)?;
            request.key.note(run.trail(), change, 1)?;
            Ok(Recorded { id, flags: Vec::new(), known })
        }
        Err(held) => Ok(Recorded { id: records::insert_held(change, &held)?, flags: held.flags, known }),
    })
}

/// Whether the state file has anything of the lease.
fn known(snapshot: &Snapshot<'_>, request: &Request<'_>) -> Result<bool, Error> {
    let lease = &request.lease;
    Ok(request.correct
        || meters::of_lease(snapshot, lease)?.is_some()
        || settlement::rate_of(snapshot, lease)?.is_some())
}

/// What the record will say.
fn facts(snapshot: &Snapshot<'_>, request: &Request<'_>, now: Moment) -> Result<Facts, Error> {
    let (lease, window) = (&request.lease, request.window);
    let before = records::overlapping(snapshot, lease, window)?.filter(|row| row.facts.window == window);
    let meter = meters::of_lease(snapshot, lease)?;
    let kind = if request.last { Kind::Final } else { Kind::Periodic };
    let revision = records::last_revision(snapshot, lease, window)?.saturating_add(1);
    match before {
        Some(before) if request.correct => Ok(Facts {
            used: request.used.or(&before.facts.used),
            sources: before.facts.sources.iter().cloned().chain([Source::manual()]).collect(),
            kind: if request.last { Kind::Final } else { before.facts.kind },
            revision,
            created_at: now,
            ..before.facts
        }),
        Some(before) => Err(rows::Error::Overlaps { other: before.id, window: before.facts.window.to_string() }.into()),
        None if request.correct => Err(Error::NothingToCorrect { lease: lease.clone(), window }),
        None => {
            let metered = meter.as_ref().filter(|row| {
                row.meter.opened_at() < window.end() && row.ended_at.is_none_or(|ended| ended > window.start())
            });
            // A window that was rejected may be recorded anew, as a whole or in parts, also where a meter runs.
            if let (Some(row), false) = (metered, records::is_rejected(snapshot, lease, window)?) {
                return Err(Error::Metered { lease: lease.clone(), since: row.meter.opened_at() });
            }
            Ok(Facts {
                lease: lease.clone(),
                workload: meter.as_ref().map(|row| row.workload.clone()).unwrap_or_default(),
                kind,
                window,
                used: request.used,
                gaps: Vec::new(),
                sources: BTreeSet::from([Source::manual()]),
                allocated: meter.as_ref().and_then(|row| row.allocated),
                pricing: Pricing {
                    lease_price: meter.and_then(|row| row.lease_price),
                    usage_prices: request.prices.clone(),
                },
                revision,
                created_at: now,
            })
        }
    }
}
