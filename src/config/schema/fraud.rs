//! What usage is credible.

use std::time::Duration;

use crate::config::section::section;
use crate::config::value::Decimal;
use crate::domain::resources::Bytes;

section! {
    /// The fraud check: a usage record beyond these limits is held for `usage review`.
    Fraud at ["fraud", "metering.fraud"] {
        /// Processor time, as a multiple of what the lease reserves.
        max_cpu_usage_ratio: Decimal = "2.0", in "0.01" ..= "1000";
        /// Memory, as a multiple of what the lease reserves.
        max_memory_usage_ratio: Decimal = "1.5", in "0.01" ..= "1000";
        /// Traffic, as a multiple of what is usual for the lease.
        max_network_anomaly_ratio: Decimal = "10.0", in "1" ..= "1000000";
        /// Less traffic than this in a window is never an anomaly.
        network_floor: Bytes = "1Gi";
        /// The shortest window. A last window that is shorter is joined to the one before.
        min_record_duration: Duration = "1m", in "1s" ..= "24h";
        /// The longest window.
        max_record_duration: Duration = "25h", in "1s" ..= "365d";
        /// How far the end of a window may lie ahead of our clock.
        future_tolerance: Duration = "1m", in "0" ..= "1h";
    }
}
