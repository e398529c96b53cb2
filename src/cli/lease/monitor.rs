//! `provider lease monitor`

use clap::Args;
use serde::Serialize;

use super::leasing::{Leasing, hours};
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::tx::flushed;
use crate::cli::{Context, Failure, Report, Status};
use crate::jobs::lease_monitor::Monitored;

/// Watch our leases: their money, their ends, and withdrawals that are due
///
/// The job of a timer. With --dry-run it says what it would do, and changes nothing.
#[derive(Debug, Args)]
pub struct Monitor {
    #[command(flatten)]
    passphrase: PassphraseOption,

    #[command(flatten)]
    output: OutputOption,
}

/// A lease of which something is to be said.
#[derive(Debug, Serialize)]
struct LeaseNote {
    lease: String,
    hours_left: Option<String>,
    used_up: bool,
}

/// A withdrawal.
#[derive(Debug, Serialize)]
struct WithdrawalNote {
    lease: String,
    earned: String,
    why: &'static str,
    queued: bool,
}

/// How a lease ended.
#[derive(Debug, Serialize)]
struct EndNote {
    lease: String,
    state: &'static str,
    reason: &'static str,
    says: &'static str,
}

/// What the monitor saw and did.
#[derive(Debug, Serialize)]
struct MonitorEntry {
    height: u64,
    leases: usize,
    low: Vec<LeaseNote>,
    withdrawals: Vec<WithdrawalNote>,
    ended: Vec<EndNote>,
    missing: usize,
    troubles: Vec<String>,
    transactions: Vec<i64>,
}

impl Entry for MonitorEntry {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let mut parts = vec![
            ("height", self.height.to_string()),
            ("leases", self.leases.to_string()),
            ("money ends soon", self.low.len().to_string()),
            ("withdrawals", self.withdrawals.len().to_string()),
            ("ended", self.ended.len().to_string()),
        ];
        for low in &self.low {
            let words = match (&low.hours_left, low.used_up) {
                (_, true) => "used up".to_owned(),
                (Some(hours), false) => format!("{hours} hours left"),
                (None, false) => String::new(),
            };
            parts.push(("low", format!("{} ({words})", low.lease)));
        }
        for one in &self.withdrawals {
            parts.push(("withdrawal", format!("{} has earned {} ({})", one.lease, one.earned, one.why)));
        }
        for ended in &self.ended {
            parts.push(("over", format!("{} {} ({}, says {})", ended.lease, ended.state, ended.reason, ended.says)));
        }
        parts
    }
}

impl Monitor {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let leasing = Leasing::open(context, &configuration)?;
        let seen = if context.global.dry_run { leasing.running()? } else { leasing.monitor(&self.passphrase)?.0 };
        Ok(report(seen, self.output))
    }
}

fn report(seen: Monitored, output: OutputOption) -> Report {
    let low = seen.leases.iter().filter(|watched| watched.warn).map(|watched| LeaseNote {
        lease: watched.lease.id.to_string(),
        hours_left: hours(watched.funds.as_ref()),
        used_up: watched.ended,
    });
    let withdrawals = seen.leases.iter().filter_map(|watched| {
        Some(WithdrawalNote {
            lease: watched.lease.id.to_string(),
            earned: format!("{}{}", watched.earned, watched.lease.price.denom),
            why: watched.due?,
            queued: watched.withdrawing,
        })
    });
    let ended = seen.ended.iter().map(|ended| EndNote {
        lease: ended.lease.clone(),
        state: ended.state,
        reason: ended.reason,
        says: ended.source,
    });
    let entry = MonitorEntry {
        height: seen.height.0,
        leases: seen.leases.len(),
        low: low.collect(),
        withdrawals: withdrawals.collect(),
        ended: ended.collect(),
        missing: seen.missing(),
        troubles: seen.troubles.clone(),
        transactions: seen.flushed.iter().flat_map(|flushed| &flushed.signed).map(|tx| tx.0).collect(),
    };
    let missing = entry.missing;
    let unfinished = seen.flushed.as_ref().is_some_and(crate::jobs::tx_flush::Flushed::is_unfinished);
    let status = if seen.troubles.is_empty() && !unfinished {
        Status::Done
    } else if seen.troubles.is_empty() {
        Status::TryLater
    } else {
        Status::SomeFailed
    };
    let mut report = Report::record(entry, output.output).status(status);
    if missing > 0 {
        report = report.note(format!("{missing} leases run no more since the last look; a run learns why"));
    }
    for trouble in seen.troubles.into_iter().chain(seen.flushed.into_iter().flat_map(flushed::remarks)) {
        report = report.note(trouble);
    }
    report
}
