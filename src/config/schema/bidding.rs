//! Bidding: limits, filters, multipliers.

use std::path::PathBuf;
use std::time::Duration;

use super::Adapter;
use crate::config::section::section;
use crate::config::value::{
    AccountAddress, AttributeText, ClockTime, CoinAmount, Decimal, Ratio, Text, Texts, TimeZoneName, choice,
};
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
        section custom: Custom;
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
        /// How long a run that follows the chain stays.
        follow_for: Duration = "10m", in "1s" ..= "24h";
        /// Own open bids that one run closes, at most; past that it says so and leaves the rest to the next.
        max_closings_per_run: u64 = "50", in "1" ..= "10000";
        /// The same for an hour, all runs together. Bids that nobody takes are closed after `bid_timeout`: it should be
        /// above the bids of an hour.
        max_closings_per_hour: u64 = "200", in "1" ..= "200000";
        /// Of several back ends that could take an order, the first of this list gets it; those that are not in it
        /// follow in the order of `orchestration.adapter`.
        back_end_preference: Vec<Adapter> = "[]";
        /// What an instance with a way in from outside is expected to send and receive within an hour; orders do not
        /// say. `base_prices.bandwidth_gb` prices it.
        expected_traffic: Bytes = "0";
    }

    /// Orders that get no bid.
    Filters at ["bidding.filters", "bid_engine.filters"] {
        /// The shortest funded time of an order. Orders carry no duration: it is how long what is left of the
        /// deployment's escrow pays for our price and for what other leases of the deployment take.
        min_duration: Duration = "0", also ["filters.min_duration"];
        /// The longest funded time of an order.
        max_duration: Option<Duration>, like "720h", also ["filters.max_duration"];
        /// The least value of an order: its price times its funded time.
        min_value: Option<CoinAmount>, like "1000000uve", also ["filters.min_order_value", "filters.min_value"];
        /// The regions that are served; all where the list is empty. It concerns orders that name one (attribute
        /// `region` or `location-region`); `us-east` serves `us-east-1` too, and globs may be used.
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
        /// Attributes (`key=value`, or a key alone for any value) whose orders get no bid: of the placement, of
        /// volumes and of GPUs.
        excluded_attributes: Vec<AttributeText> = "[]", also ["filters.excluded_attributes"];
        /// Attributes that an order must ask for; without them it was not meant for providers like this one.
        required_attributes: Vec<AttributeText> = "[]", also ["filters.required_attributes"];
        /// The least profit margin of a bid: where it is above 0, no price is below the cost and so much of it, whatever
        /// the factors, and an order that does not pay that gets no bid.
        min_profit_margin: Ratio = "0", in "0" ..= "5", also ["bid_engine.min_profit_margin" as "%"];
    }

    /// Factors on the price of the `dynamic` strategy, applied in this order to the cost with its margin. What is in use
    /// is what leases use of the back end that the order would go to; open bids do not count.
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
        /// When it is over; where that is not later than the start, on the next day.
        end: ClockTime = "'17:00'";
        /// The time zone of both.
        time_zone: TimeZoneName = "local";
    }

    /// Dearer when few GPUs are left, for orders that ask for GPUs.
    GpuScarcity at ["bidding.multipliers.gpu_scarcity", "bid_engine.multipliers.gpu_scarcity"] {
        /// Apply it.
        enabled: bool = "false";
        /// Above this share of GPUs in use.
        threshold: Ratio = "0.8", in "0" ..= "1";
        /// The price times this.
        factor: Decimal = "2.0", in "0.01" ..= "1000";
    }

    /// Cheaper when much is idle.
    LowUtilization at ["bidding.multipliers.low_utilization", "bid_engine.multipliers.low_utilization"] {
        /// Apply it.
        enabled: bool = "false";
        /// Below this share of capacity in use: of processor, memory, storage and GPUs the one that is used most.
        threshold: Ratio = "0.3", in "0" ..= "1";
        /// The price times this.
        factor: Decimal = "0.8", in "0.01" ..= "1000";
    }

    /// Bidding without a person's approval.
    AutoAccept at ["bidding.auto_accept", "bid_engine.auto_accept"] {
        /// Send bids at once; otherwise they wait for `bid approve`.
        enabled: bool = "true";
        /// Stop bidding when this share of something that the order needs is taken: used by leases, or promised to open
        /// bids.
        max_utilization: Ratio = "0.9", in "0" ..= "1";
    }

    /// The program of the `custom` strategy. It speaks the contract of Akash's price scripts: JSON on stdin, one decimal
    /// (the price of a block, in the order's denomination) on stdout; any exit code but 0 is no bid.
    Custom at ["bidding.custom", "bid_engine.custom"] {
        /// The program, without arguments.
        program: Option<PathBuf>, like "/etc/provider-daemon/price.sh";
        /// Its arguments.
        arguments: Vec<Text> = "[]";
        /// Ask for all orders of a run at once: one process, one JSON object a line each way.
        batch: bool = "false";
        /// How long an order waits for its price: for its turn and for the program. In a batch, all orders together.
        timeout: Duration = "10s", in "100ms" ..= "10m";
        /// Processes at once, at most.
        concurrency: u64 = "4", in "1" ..= "64";
        /// The environment of the program, besides PATH, AKASH_OWNER and AKASH_DENOM; nothing of ours is handed on.
        environment: Texts = "{}";
        /// After so long an order that got no price is asked about again.
        recheck: Duration = "5m", in "1s" ..= "24h";
    }
}
