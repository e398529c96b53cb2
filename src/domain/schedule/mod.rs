//! Which jobs timers start, how often, and the systemd units that say so.
//!
//! [`JOBS`] is the one table: a line for each job. With the rhythms that the configuration gives them it becomes a
//! [`Timetable`], from which the units are written (`units`) and by which freshness is judged.
//!
//! Nothing here knows whether a timer runs: this is the plan, systemd has the clock, the state file the past.

mod text;
mod units;

use std::fmt;
use std::time::Duration;

use super::job::JobName;

pub use units::{Manager, SIGNATURE, Site, Unit, failure_unit, files, is_ours, service_name, timer_name, unit_names};

/// A job that a timer starts.
#[derive(Debug, PartialEq, Eq)]
pub struct Scheduled {
    /// Its name: of its lock, its rows, and (after `provider-`) of its units.
    pub job: JobName,
    /// The words after the program's name.
    pub command: &'static [&'static str],
    /// What it does, for people.
    pub summary: &'static str,
    /// A run that takes longer is stopped, first kindly.
    pub limit: Duration,
    /// It signs or opens something, so its unit is given the passphrase.
    pub unlocks_keys: bool,
    /// It starts workloads, and where those are processes of this machine they outlive it.
    pub leaves_processes: bool,
}

/// When a job runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rhythm {
    /// That long after its last run has ended, however it ended: runs neither overlap nor pile up.
    Every(Duration),
    /// As [`Rhythm::Every`], and a run stays that long too: it follows the chain meanwhile.
    Following(Duration),
    /// Once a day at this time of the machine's clock; made up for after the machine was off.
    Daily {
        /// 0 to 23.
        hour: u8,
        /// 0 to 59.
        minute: u8,
    },
}

impl Rhythm {
    /// The time from the beginning of a run to that of the next one, when all is well.
    pub const fn period(self) -> Duration {
        match self {
            Self::Every(period) | Self::Following(period) => period,
            Self::Daily { .. } => Duration::from_hours(24),
        }
    }
}

/// The rhythm of each job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rhythms {
    /// `bid run`.
    pub bid_run: Rhythm,
    /// `workloads reconcile`.
    pub workloads_reconcile: Rhythm,
    /// `usage collect`.
    pub usage_collect: Rhythm,
    /// `usage submit`.
    pub usage_submit: Rhythm,
    /// `lease monitor`.
    pub lease_monitor: Rhythm,
    /// `tx flush`.
    pub tx_flush: Rhythm,
    /// `keys rotate --if-due`.
    pub keys_rotate: Rhythm,
    /// `state maintain`.
    pub state_maintain: Rhythm,
}

/// A job and its rhythm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The job.
    pub scheduled: &'static Scheduled,
    /// When it runs.
    pub rhythm: Rhythm,
}

impl Entry {
    /// How long a run may take: its limit, after it has followed the chain if it does.
    pub const fn limit(&self) -> Duration {
        match self.rhythm {
            Rhythm::Following(stays) => stays.saturating_add(self.scheduled.limit),
            Rhythm::Every(_) | Rhythm::Daily { .. } => self.scheduled.limit,
        }
    }

    /// The words of its command line, without the program and its global options.
    pub fn command(&self) -> Vec<String> {
        let mut words: Vec<String> = self.scheduled.command.iter().map(|word| (*word).to_owned()).collect();
        if matches!(self.rhythm, Rhythm::Following(_)) {
            words.push("--follow".to_owned());
        }
        words
    }
}

/// Every job with its rhythm, in the order of the flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timetable(Vec<Entry>);

impl Timetable {
    /// The jobs with these rhythms.
    pub fn new(rhythms: &Rhythms) -> Self {
        Self(JOBS.iter().map(|(scheduled, rhythm)| Entry { scheduled, rhythm: rhythm(rhythms) }).collect())
    }

    /// Each job.
    pub fn entries(&self) -> &[Entry] {
        &self.0
    }

    /// The entry of a job.
    pub fn of(&self, job: &str) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.scheduled.job.as_str() == job)
    }
}

/// Finds the rhythm of one job.
pub type RhythmOf = fn(&Rhythms) -> Rhythm;

/// Every job that a timer starts, in the order of the flow, and where its rhythm stands.
pub static JOBS: &[(Scheduled, RhythmOf)] = &[
    (
        Scheduled {
            job: JobName::constant("bid-run"),
            command: &["bid", "run"],
            summary: "bid on open orders",
            limit: Duration::from_mins(2),
            unlocks_keys: true,
            leaves_processes: false,
        },
        |rhythms| rhythms.bid_run,
    ),
    (
        Scheduled {
            job: JobName::constant("workloads-reconcile"),
            command: &["workloads", "reconcile"],
            summary: "make workloads what leases say",
            limit: Duration::from_mins(30),
            unlocks_keys: true,
            leaves_processes: true,
        },
        |rhythms| rhythms.workloads_reconcile,
    ),
    (
        Scheduled {
            job: JobName::constant("usage-collect"),
            command: &["usage", "collect"],
            summary: "sample usage and close metering windows",
            limit: Duration::from_mins(10),
            unlocks_keys: true,
            leaves_processes: false,
        },
        |rhythms| rhythms.usage_collect,
    ),
    (
        Scheduled {
            job: JobName::constant("usage-submit"),
            command: &["usage", "submit"],
            summary: "send usage records and settle",
            limit: Duration::from_mins(30),
            unlocks_keys: true,
            leaves_processes: false,
        },
        |rhythms| rhythms.usage_submit,
    ),
    (
        Scheduled {
            job: JobName::constant("lease-monitor"),
            command: &["lease", "monitor"],
            summary: "watch leases and their escrow",
            limit: Duration::from_mins(10),
            unlocks_keys: true,
            leaves_processes: false,
        },
        |rhythms| rhythms.lease_monitor,
    ),
    (
        Scheduled {
            job: JobName::constant("tx-flush"),
            command: &["tx", "flush"],
            summary: "send and confirm transactions",
            limit: Duration::from_mins(10),
            unlocks_keys: true,
            leaves_processes: false,
        },
        |rhythms| rhythms.tx_flush,
    ),
    (
        Scheduled {
            job: JobName::constant("keys-rotate"),
            command: &["keys", "rotate", "--if-due"],
            summary: "rotate keys that are due",
            limit: Duration::from_mins(30),
            unlocks_keys: true,
            leaves_processes: false,
        },
        |rhythms| rhythms.keys_rotate,
    ),
    (
        Scheduled {
            job: JobName::constant("state-maintain"),
            command: &["state", "maintain"],
            summary: "prune, back up and check the state file",
            limit: Duration::from_hours(6),
            unlocks_keys: false,
            leaves_processes: false,
        },
        |rhythms| rhythms.state_maintain,
    ),
];

impl fmt::Display for Rhythm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Every(period) => write!(f, "every {}", super::duration::display(*period)),
            Self::Following(period) => write!(f, "always, {} at a time", super::duration::display(*period)),
            Self::Daily { hour, minute } => write!(f, "daily at {hour:02}:{minute:02}"),
        }
    }
}

#[cfg(test)]
mod tests;
