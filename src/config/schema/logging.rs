//! Logs, the audit trail, metrics and the state file.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::config::section::section;
use crate::config::value::{Text, choice};

choice! {
    /// What is worth a line in the log.
    Level {
        /// What failed.
        Error = "error",
        /// What looks wrong.
        Warn = "warn",
        /// What happened.
        Info = "info",
        /// Why it happened.
        Debug = "debug",
        /// Everything.
        Trace = "trace",
    }
}

choice! {
    /// The form of log lines.
    LogFormat {
        /// For people.
        Text = "text",
        /// One object a line.
        Json = "json",
    }
}

choice! {
    /// An event of the audit trail.
    AuditEvent {
        /// A key signed or opened something.
        KeyUsage = "key_usage",
        /// A bid was sent.
        BidSubmitted = "bid_submitted",
        /// A workload was deployed.
        WorkloadDeployed = "workload_deployed",
        /// A workload was terminated.
        WorkloadTerminated = "workload_terminated",
        /// Usage was sent.
        UsageSubmitted = "usage_submitted",
        /// The configuration differs from that of the last run.
        ConfigChanged = "config_changed",
        /// The state file was replaced from a backup.
        StateRestored = "state_restored",
    }
}

section! {
    /// Logs.
    Logging at ["logging"] {
        section audit: Audit;
        /// What is worth a line.
        level: Level = "info";
        /// The form of a line in the log file, and on stderr where that is no terminal.
        format: LogFormat = "text";
        /// A file that gets the log besides stderr.
        output: Option<PathBuf>, like "/var/log/provider-daemon/daemon.log";
        /// Mask what looks like a secret.
        redact_sensitive: bool = "true";
    }

    /// The audit trail.
    Audit at ["logging.audit"] {
        /// Keep it.
        enabled: bool = "true";
        /// A file that gets every event besides the state file.
        output: Option<PathBuf>, like "/var/log/provider-daemon/audit.log";
        /// The events that are kept.
        events: Vec<AuditEvent> = "[key_usage, bid_submitted, workload_deployed, workload_terminated, usage_submitted, config_changed, state_restored]";
    }

    /// Metrics for Prometheus.
    Metrics at ["metrics"] {
        /// Serve them.
        enabled: bool = "true";
        /// The address to listen on.
        address: SocketAddr = "0.0.0.0:9091", also ["metrics.listen"];
        /// The path they are served at.
        path: Text = "/metrics";
    }

    /// The state file.
    State at ["state"] {
        section retention: Retention;
        section backup: Backup;
        /// The file; `state.db` in `/var/lib/provider-daemon` for a configuration under /etc, beside the configuration
        /// file otherwise.
        path: Option<PathBuf>, like "/var/lib/provider-daemon/state.db", env ["PROVIDER_STATE"];
    }

    /// How long finished things are kept. What is not settled is never removed.
    Retention at ["state.retention"] {
        /// Rows of finished runs.
        job_runs: Duration = "90d", in "1h" ..= "36500d";
        /// Messages and transactions that are settled, and what they cost. A job that wants a message sent once is known
        /// by its row for this long.
        transactions: Duration = "90d", in "1d" ..= "36500d";
        /// Workloads that are over, with their history and last meters. Their manifests go when they end.
        workloads: Duration = "90d", in "1d" ..= "36500d";
        /// Bids and leases that are over.
        bids: Duration = "90d", in "1d" ..= "36500d";
        /// Why orders got no bid, from when they are no longer listed.
        decisions: Duration = "7d", in "1h" ..= "36500d";
        /// What the sources of usage said.
        samples: Duration = "7d", in "1h" ..= "36500d";
        /// Usage records that are settled; kept for ever unless set.
        usage_records: Option<Duration>, like "730d", in "1d" ..= "36500d";
        /// Events of the audit trail; kept for ever unless set.
        audit: Option<Duration>, like "365d", in "1d" ..= "36500d";
    }

    /// Backups that the maintenance job makes.
    Backup at ["state.backup"] {
        /// The folder of backups; none are made unless set.
        dir: Option<PathBuf>, like "/var/backups/provider-daemon";
        /// How many are kept; the oldest goes first.
        keep: u64 = "7", in "1" ..= "1000";
    }
}
