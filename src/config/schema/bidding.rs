//! Bidding: limits, filters, multipliers.

use std::time::Duration;

use crate::config::section::section;
use crate::config::value::{AccountAddress, ClockTime, CoinAmount, Decimal, Ratio, Text, TimeZoneName, choice};
use crate::domain::resources::{Bytes, MilliCpu};

choice! {
    /// How the price of a bid is found.
    Strategy {
        /// The price list alone.
        Fixed = "fixed",
        /// The price list times the multipliers.
        Dynamic = "dynamic",
        /// A program of the operator's.
        Custom = "custom",
    }
}

section! {
    /// Bidding.
    Bidding at ["bidding", "bid_engine"] {
        section filters: Filters;
        section multipliers: Multipliers;
        section auto_accept: AutoAccept;
        /// Bid on orders at all.
        enabled: bool = "true";
        /// How the price of a bid is found.
        strategy: Strategy = "fixed";
        /// Bids sent within a minute, at most.
        max_bids_per_minute: u64 = "10", in "1" ..= "10000";
        /// Bids sent within an hour, at most.
        max_bids_per_hour: u64 = "100", in "1" ..= "100000";
        /// Bids under way at once, at most: sent and not yet confirmed.
        max_concurrent_bids: u64 = "5", in "1" ..= "1000";
        /// Bids that are open at once, at most: confirmed and waiting for the tenant. In a `bid_engine` section with
        /// the marketplace manual's keys this is what `max_concurrent_bids` means.
        max_open_bids: u64 = "50", in "1" ..= "100000";
        /// Wait before a failed bid is tried again.
        retry_delay: Duration = "5s", in "0" ..= "1h", also ["bid_engine.bid_retry_delay"];
        /// How often a failed bid is tried again.
        max_retries: u64 = "3", in "0" ..= "100", also ["bid_engine.max_bid_retries"];
        /// How often a run that follows the chain reads the configuration again.
        config_poll_interval: Duration = "30s", in "1s" ..= "24h";
        /// How often orders are looked for: the period of the bid timer.
        order_poll_interval: Duration = "5s", in "1s" ..= "1h";
        /// A bid that no tenant takes for so long is closed and its deposit freed.
        bid_timeout: Duration = "5m", in "10s" ..= "30d";
    }

    /// Orders that get no bid.
    Filters at ["bidding.filters", "bid_engine.filters"] {
        /// The shortest funded time of an order.
        min_duration: Duration = "0", also ["filters.min_duration"];
        /// The longest funded time of an order.
        max_duration: Option<Duration>, like "720h", also ["filters.max_duration"];
        /// The least value of an order: its price times its funded time.
        min_value: Option<CoinAmount>, like "1000000uve", also ["filters.min_order_value", "filters.min_value"];
        /// The regions that are served; all where the list is empty.
        allowed_regions: Vec<Text> = "[]", also ["filters.allowed_regions"];
        /// Tenants whose orders get no bid.
        blocked_addresses: Vec<AccountAddress> = "[]", also ["filters.blocked_addresses"];
        /// The most processor an order may ask for; in a flat `filters` section a bare number counts
        /// millicores.
        max_cpu: Option<MilliCpu>, like "64", also ["filters.max_cpu" as "m"];
        /// The most memory an order may ask for; in a flat `filters` section a bare number counts MiB.
        max_memory: Option<Bytes>, like "256Gi", also ["filters.max_memory" as "Mi"];
        /// The most storage an order may ask for; in a flat `filters` section a bare number counts MiB.
        max_storage: Option<Bytes>, like "10Ti", also ["filters.max_storage" as "Mi"];
        /// Attributes (`key=value`) whose orders get no bid.
        excluded_attributes: Vec<Text> = "[]", also ["filters.excluded_attributes"];
        /// The least profit margin of a bid.
        min_profit_margin: Ratio = "0", in "0" ..= "5", also ["bid_engine.min_profit_margin" as "%"];
    }

    /// Factors on the price of the `dynamic` strategy.
    Multipliers at ["bidding.multipliers", "bid_engine.multipliers"] {
        section peak_hours: PeakHours;
        section gpu_scarcity: GpuScarcity;
        section low_utilization: LowUtilization;
    }

    /// Dearer at certain hours.
    PeakHours at ["bidding.multipliers.peak_hours", "bid_engine.multipliers.peak_hours"] {
        /// Apply it.
        enabled: bool = "false";
        /// The price times this.
        factor: Decimal = "1.5", in "0.01" ..= "1000";
        /// When it begins.
        start: ClockTime = "'09:00'";
        /// When it ends.
        end: ClockTime = "'17:00'";
        /// The time zone of both.
        time_zone: TimeZoneName = "local";
    }

    /// Dearer when few GPUs are left.
    GpuScarcity at ["bidding.multipliers.gpu_scarcity", "bid_engine.multipliers.gpu_scarcity"] {
        /// Apply it.
        enabled: bool = "false";
        /// From this share of GPUs in use.
        threshold: Ratio = "0.8", in "0" ..= "1";
        /// The price times this.
        factor: Decimal = "2.0", in "0.01" ..= "1000";
    }

    /// Cheaper when much is idle.
    LowUtilization at ["bidding.multipliers.low_utilization", "bid_engine.multipliers.low_utilization"] {
        /// Apply it.
        enabled: bool = "false";
        /// Below this share of capacity in use.
        threshold: Ratio = "0.3", in "0" ..= "1";
        /// The price times this.
        factor: Decimal = "0.8", in "0.01" ..= "1000";
    }

    /// Bidding without a person's approval.
    AutoAccept at ["bidding.auto_accept", "bid_engine.auto_accept"] {
        /// Send bids at once; otherwise they wait for `bid approve`.
        enabled: bool = "true";
        /// Stop bidding at this share of capacity in use.
        max_utilization: Ratio = "0.9", in "0" ..= "1";
    }
}
