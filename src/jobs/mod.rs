//! Rank 3, the jobs: one verb, one file, one process that a timer (or a person) starts.
//!
//! Every job has the same shape and reads like the comment above it: lock, load the truth, decide, record the intent,
//! act, confirm, report. What is the same in all of them is here: [`Circumstances`] come in, a [`Run`] holds the lock
//! and the row in `job_runs` while the job works, and its [`Report`] says what was done to each item.
//!
//! What changes the state file is a job with a row. What only reads it (`state backup`, `state check`, every listing) is
//! none and leaves no row, and a rehearsal (`--dry-run`) neither.
//!
//! Jobs know neither the command line nor the configuration: they take plain typed requests. They do not print.

pub mod alerts;
pub mod api_tokens;
pub mod audit;
pub mod bid_run;
pub mod chain_status;
pub mod connectivity;
pub mod dashboard;
pub mod escrow_funds;
mod fail_point;
pub mod health;
pub mod init;
pub mod key_usage;
pub mod keys_add;
pub mod keys_backup;
pub mod keys_compromise;
pub mod keys_delete;
pub mod keys_inventory;
pub mod keys_life;
pub mod keys_open;
pub mod keys_policy;
pub mod keys_restore;
pub mod keys_rotate;
pub mod keys_test_sign;
pub mod lease_monitor;
pub mod overview;
mod run;
pub mod settlement_sync;
pub mod state_maintain;
pub mod state_prune;
pub mod state_restore;
pub mod state_vacuum;
pub mod timers;
pub mod tls_generate;
pub mod tx_flush;
pub mod usage_collect;
pub mod usage_export;
pub mod usage_record;
pub mod usage_review;
pub mod usage_sign;
pub mod usage_submit;
pub mod usage_verify;
pub mod workloads_ask;
pub mod workloads_deploy;
pub mod workloads_market;
pub mod workloads_reconcile;

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::job::{Counts, Outcome};
use crate::store::{ShouldStop, Store, Waiting};

use audit::Audited;
pub use fail_point::FailPoint;
pub use run::{Run, RunError};

/// What every job is given.
#[derive(Clone, Copy)]
pub struct Circumstances<'a> {
    /// The state file, open for writing (or for reading, in a rehearsal).
    pub store: &'a Store,
    /// The wall clock.
    pub now: &'a (dyn Fn() -> Timestamp + Sync),
    /// Asked at safe points: whether to end now.
    pub should_stop: ShouldStop<'a>,
    /// How long to wait for another run of the same job.
    pub wait: Duration,
    /// The audit trail; none records nothing.
    pub audit: Option<Audited<'a>>,
}

impl<'a> Circumstances<'a> {
    /// How to wait for a lock.
    pub const fn waiting(&self) -> Waiting<'a> {
        Waiting { at_most: self.wait, should_stop: self.should_stop }
    }
}

/// What a job gives back when it went through.
pub trait Report {
    /// How it ended: done, partly failed or interrupted.
    fn outcome(&self) -> Outcome;
    /// How many of what.
    fn counts(&self) -> Counts;
}
