//! Workloads, metering and usage reports.

use std::path::PathBuf;
use std::time::Duration;

use crate::config::section::section;
use crate::config::value::{Decimal, Ratio, choice};

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

choice! {
    /// Where usage figures come from.
    MetricsSource {
        /// The back end itself.
        Local = "local",
        /// A Prometheus server.
        Prometheus = "prometheus",
        /// The Kubernetes API.
        Kubernetes = "kubernetes",
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

    /// Metering.
    Metering at ["metering"] {
        section alerts: Alerts;
        /// The length of a metering window, aligned to UTC.
        interval: Duration = "1h", in "1m" ..= "24h";
    }

    /// When metering raises an alert. A bare number counts percent.
    Alerts at ["metering.alerts"] {
        /// A workload uses more than this share of its processor.
        high_cpu_threshold: Ratio = "90%", in "1%" ..= "100%", bare "%";
        /// A workload uses more than this share of its memory.
        high_memory_threshold: Ratio = "85%", in "1%" ..= "100%", bare "%";
        /// Less than this share of its storage is left to a workload.
        low_storage_threshold: Ratio = "10%", in "1%" ..= "100%", bare "%";
    }

    /// Usage reports to the chain.
    Usage at ["usage"] {
        /// Time between two submissions.
        report_interval: Duration = "1h", in "1m" ..= "30d";
        /// Records in one transaction, at most.
        batch_size: u64 = "100", in "1" ..= "1000";
        /// How often a failed submission is tried again.
        max_retries: u64 = "5", in "0" ..= "1000";
        /// Wait before the first retry.
        retry_delay: Duration = "30s", in "1s" ..= "24h";
        /// Each further wait is so many times the one before.
        retry_backoff: Decimal = "2.0", in "1" ..= "100";
        /// Where records are also kept as files once their retries are used up; `failed_reports` beside the state file
        /// unless set.
        failed_reports_dir: Option<PathBuf>, like "/var/lib/provider-daemon/failed_reports";
        /// Where usage figures come from; the back end itself where the list is empty.
        metrics_sources: Vec<MetricsSource> = "[]";
    }
}
