//! Metering and usage records.

use std::path::PathBuf;
use std::time::Duration;

use crate::config::section::section;
use crate::config::value::{Decimal, Price, Ratio, Secret, Text, WebAddress, choice};

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
    /// Metering.
    Metering at ["metering"] {
        section alerts: MeteringAlerts;
        /// The length of a metering window, aligned to UTC.
        interval: Duration = "1h", in "1s" ..= "24h";
        /// Two readings further apart leave a gap: what counters counted between them is kept, the windows that the gap
        /// touches become one, and the record says so.
        max_sample_gap: Duration = "10m", in "1s" ..= "24h";
    }

    /// When metering raises an alert. A bare number counts percent.
    MeteringAlerts at ["metering.alerts"] {
        /// A workload uses more than this share of its processor.
        high_cpu_threshold: Ratio = "90%", in "1%" ..= "100%", bare "%";
        /// A workload uses more than this share of its memory.
        high_memory_threshold: Ratio = "85%", in "1%" ..= "100%", bare "%";
        /// Less than this share of its storage is left to a workload.
        low_storage_threshold: Ratio = "10%", in "1%" ..= "100%", bare "%";
    }

    /// Usage reports to the chain.
    Usage at ["usage"] {
        section prices: UsagePrices;
        section prometheus: Prometheus;
        /// Time between two submissions.
        report_interval: Duration = "1h", in "1s" ..= "30d";
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
        /// Where usage figures come from; the back end itself where the list is empty. A metric of a lease keeps the first
        /// source that knows it.
        metrics_sources: Vec<MetricsSource> = "[]";
    }

    /// What usage costs beyond the price of the lease, which pays for what it reserves. What has no price here costs
    /// nothing more; traffic costs bidding.base_prices.bandwidth_gb unless it has one.
    UsagePrices at ["usage.prices"] {
        /// A processor core that was busy for an hour.
        cpu_core_hour: Option<Price>, like "1uve";
        /// A GiB of memory that was held for an hour.
        memory_gb_hour: Option<Price>, like "1uve";
        /// A GiB of storage that was held for an hour.
        storage_gb_hour: Option<Price>, like "1uve";
        /// A GPU that was held for an hour.
        gpu_hour: Option<Price>, like "100uve";
        /// A GiB that came in.
        ingress_gb: Option<Price>, like "0uve";
        /// A GiB that went out.
        egress_gb: Option<Price>, like "2uve";
    }

    /// A Prometheus server as a source of usage figures: one query for each metric, for all leases at once. A query gives
    /// counters that only grow; with `$range` in it, it gives what was used in that time.
    Prometheus at ["usage.prometheus"] {
        /// The server.
        address: Option<WebAddress>, like "http://127.0.0.1:9090";
        /// The user name, where the server asks for one.
        username: Option<Text>, like "provider";
        /// Its password.
        password: Option<Secret>, like "${PROMETHEUS_PASSWORD}";
        /// A token that is sent instead of a user name.
        bearer_token: Option<Secret>, like "${PROMETHEUS_TOKEN}";
        /// A file with the certificates that the server's is checked against, besides those of the system.
        ca_file: Option<PathBuf>, like "/etc/provider-daemon/prometheus-ca.pem";
        /// How long one query may take.
        timeout: Duration = "30s", in "1s" ..= "10m";
        /// The label that names the workload.
        workload_label: Text = "workload";
        /// Processor time, in seconds of a core.
        cpu_seconds: Option<Text>, like "container_cpu_usage_seconds_total{container!=''}";
        /// Memory over time, in byte-seconds.
        memory_byte_seconds: Option<Text>, like "sum_over_time(container_memory_working_set_bytes{container!=''}[$range:15s]) * 15";
        /// Storage over time, in byte-seconds.
        storage_byte_seconds: Option<Text>, like "sum_over_time(kubelet_volume_stats_used_bytes[$range:15s]) * 15";
        /// Bytes that came in.
        network_bytes_in: Option<Text>, like "container_network_receive_bytes_total{interface='eth0'}";
        /// Bytes that went out.
        network_bytes_out: Option<Text>, like "container_network_transmit_bytes_total{interface='eth0'}";
        /// GPU time, in seconds of a GPU.
        gpu_seconds: Option<Text>, like "sum_over_time(gpu_allocated[$range:15s]) * 15";
    }
}
