//! Timers.

use std::path::PathBuf;
use std::time::Duration;

use crate::config::section::section;
use crate::config::value::ClockTime;

section! {
    /// When systemd starts the jobs: `provider timers install` writes units that say so. Workloads are reconciled every
    /// `workloads.health_check.interval`, leases looked at every `leases.monitor_interval`, usage is submitted every
    /// `usage.report_interval`.
    Timers at ["timers"] {
        /// Each bid run follows the chain for `bidding.follow_for`, so that an order waits for a block and not for a
        /// timer. Otherwise a run looks once, every `bidding.order_poll_interval`.
        follow: bool = "true";
        /// Time between two samples of usage.
        usage_collect: Duration = "1m", in "5s" ..= "1h";
        /// Time between two rounds of sending and confirming transactions.
        tx_flush: Duration = "30s", in "1s" ..= "1h";
        /// When keys that are due are rotated, by the machine's clock.
        keys_rotate: ClockTime = "'04:10'";
        /// When the state file is looked after, by the machine's clock.
        state_maintain: ClockTime = "'03:40'";
        /// The file with the passphrase of the keys, which systemd hands to the jobs that need it; only root (or you, for
        /// `--user`) may read it. `passphrase` beside the configuration file unless set.
        passphrase_file: Option<PathBuf>, like "/etc/provider-daemon/passphrase";
        /// A program that is called with the name of the unit when a job fails.
        on_failure: Option<PathBuf>, like "/etc/provider-daemon/on-failure";
    }
}
