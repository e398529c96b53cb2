//! Workloads.

use std::time::Duration;

use crate::config::section::section;
use crate::config::value::choice;

choice! {
    /// Why a workload may be evicted.
    EvictionReason {
        /// The node is short, or the workload outgrows its limits.
        ResourceExhaustion = "resource_exhaustion",
        /// Its restarts are used up.
        RepeatedFailures = "repeated_failures",
        /// Its funded or agreed time is over.
        LeaseExpired = "lease_expired",
    }
}

section! {
    /// Workloads.
    Workloads at ["workloads"] {
        section health_check: HealthCheck;
        section auto_heal: AutoHeal;
        section eviction: Eviction;
        /// Workloads at once, at most.
        max_concurrent: u64 = "100", in "1" ..= "100000";
        /// How long a tenant's manifest may take to come before the lease is closed.
        manifest_timeout: Duration = "5m", in "10s" ..= "24h";
        /// How long a workload may take to come up.
        deploy_timeout: Duration = "10m", in "10s" ..= "24h";
        /// How long a workload may take to end before it is made to.
        stop_grace: Duration = "30s", in "0" ..= "1h";
        /// How many workloads are worked at, at the same time.
        concurrency: u64 = "4", in "1" ..= "256";
        /// Workloads that a run may end without anybody asking; beyond, it stops and says so.
        max_terminations_per_run: u64 = "20", in "0" ..= "100000";
        /// The same for an hour.
        max_terminations_per_hour: u64 = "60", in "0" ..= "100000";
    }

    /// Health checks.
    HealthCheck at ["workloads.health_check"] {
        /// Time between two checks.
        interval: Duration = "30s", in "1s" ..= "24h", also ["workloads.health_check_interval"];
        /// How long one check may take.
        timeout: Duration = "10s", in "1s" ..= "1h";
        /// Failed checks in a row that make a workload unhealthy.
        retries: u64 = "3", in "1" ..= "100";
    }

    /// Restarts of failed workloads.
    AutoHeal at ["workloads.auto_heal"] {
        /// Restart what failed.
        enabled: bool = "true";
        /// Restarts before giving up.
        max_restarts: u64 = "5", in "0" ..= "1000";
        /// Wait before the first restart; each further one waits twice as long, up to half an hour.
        restart_delay: Duration = "30s", in "0" ..= "24h";
        /// After so long without a failure the restarts are counted anew.
        stable_after: Duration = "10m", in "1s" ..= "24h";
    }

    /// Eviction.
    Eviction at ["workloads.eviction"] {
        /// Evict at all.
        enabled: bool = "true";
        /// Evictions under way at the same time, at most.
        max_concurrent: u64 = "5", in "0" ..= "100000";
        /// How long a workload may take to end before it is forced to, how long one without funds is kept paused, and how
        /// long a leased one that its back end refuses is kept.
        timeout: Duration = "10m", in "1s" ..= "24h", also ["workloads.eviction_timeout"];
        /// The reasons that count.
        reasons: Vec<EvictionReason> = "[resource_exhaustion, repeated_failures, lease_expired]";
    }
}
