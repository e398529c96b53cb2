//! Leases: what they earn, and when their money ends.

use std::time::Duration;

use crate::config::section::section;

section! {
    /// Leases.
    Leases at ["leases"] {
        /// Withdraw what leases have earned.
        withdraw: bool = "true";
        /// Time between two withdrawals of a lease.
        withdraw_interval: Duration = "24h", in "1m" ..= "365d";
        /// A withdrawal that gains less than so many times its fee waits.
        withdraw_gain: u64 = "10", in "0" ..= "1000000";
        /// A lease whose tenant's money ends within this time is warned of.
        warn_before: Duration = "24h", in "1m" ..= "365d";
        /// The period of the monitor's timer: what ends before its next run is withdrawn now.
        monitor_interval: Duration = "10m", in "1s" ..= "24h";
    }
}
