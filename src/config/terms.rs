//! What the configuration says of bidding, in the words of [`crate::domain::bid`].

use std::collections::BTreeMap;
use std::num::NonZeroU64;

use jiff::civil::Time;
use jiff::tz::TimeZone;

use super::schema::{Adapter, Bidding, Capacity, Custom, Pricing, Settings, Strategy};
use super::value::{AttributeText, TimeZoneName};
use super::value::{BackEndCapacity, Choice, ClockTime, DenominationPrices, NodeGroupCapacity, Price, PriceFor};
use crate::domain::amount::{Dec18, Denom};
use crate::domain::bid::capacity::{BackEnd, Difference, EndpointKinds, Inventory, NodeGroup, Overall, lesser};
use crate::domain::bid::price::{self, Multipliers, PeakHours, Period, PriceList, Threshold};
use crate::domain::bid::{AttributePattern, Filters, GpuModel, Limits, Terms};
use crate::domain::resources::{Bytes, MilliCpu};

/// The terms on which orders are decided.
pub fn terms(settings: &Settings) -> Terms {
    let bidding = &settings.bidding;
    Terms {
        filters: filters(bidding),
        pricing: price::Pricing {
            strategy: strategy(bidding),
            lists: lists(settings),
            rates: rates(&settings.pricing),
            min_margin: bidding.filters.min_profit_margin.0,
            expected_traffic: bidding.expected_traffic.0,
        },
        max_utilization: bidding.auto_accept.max_utilization.0,
    }
}

/// How much may be under way.
pub fn limits(bidding: &Bidding) -> Limits {
    // Their bounds begin at 1.
    let limit = |number: u64| NonZeroU64::new(number).unwrap_or(NonZeroU64::MIN);
    Limits {
        per_minute: limit(bidding.max_bids_per_minute),
        per_hour: limit(bidding.max_bids_per_hour),
        in_flight: limit(bidding.max_concurrent_bids),
        open: limit(bidding.max_open_bids),
        retries: bidding.max_retries,
        retry_delay: bidding.retry_delay,
        timeout: bidding.bid_timeout,
    }
}

/// What a back end that was asked says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observation {
    /// It has this.
    Has(Box<Inventory>),
    /// It did not answer: what it has is unknown, and nothing new is sold of it.
    Silent,
}

/// What the back ends that were asked say, by name.
pub type Observations = BTreeMap<String, Observation>;

/// The back ends that are sold, in the order of preference, with what they have: the lesser of what the configuration
/// says and what they say themselves.
pub fn back_ends(settings: &Settings, observations: &Observations) -> Vec<BackEnd> {
    let orchestration = &settings.orchestration;
    let back_end = |adapter: Adapter| {
        let inventory = inventory_of(settings, adapter, observations).0;
        // Jobs of a partition cannot be reached from outside.
        let endpoints = if adapter == Adapter::Slurm { EndpointKinds::NONE } else { EndpointKinds::ALL };
        BackEnd { name: adapter.word().into(), inventory, endpoints }
    };
    let mut enabled = orchestration.enabled();
    let place = |list: &[Adapter], adapter: Adapter| list.iter().position(|one| *one == adapter).unwrap_or(usize::MAX);
    let preferred = &settings.bidding.back_end_preference;
    enabled.sort_by_key(|adapter| (place(preferred, *adapter), place(&orchestration.adapter, *adapter)));
    enabled.into_iter().map(back_end).collect()
}

/// Where what the capacity section says of a back end is not what the back end says of itself: by back end. The lesser
/// counts, and somebody should know.
pub fn differences(settings: &Settings, observations: &Observations) -> Vec<(String, Difference)> {
    let of = |adapter: Adapter| {
        let (_, differences) = inventory_of(settings, adapter, observations);
        differences.into_iter().map(move |one| (adapter.word().to_owned(), one))
    };
    settings.orchestration.enabled().into_iter().flat_map(of).collect()
}

/// What the capacity section says of a back end.
fn configured(settings: &Settings, adapter: Adapter) -> Option<Inventory> {
    let own = settings.capacity.back_ends.get(adapter.word()).map(inventory);
    // What there is in all is what the only back end has, unless it is told apart.
    let only = settings.orchestration.enabled().len() == 1;
    own.or_else(|| if only { whole(&settings.capacity) } else { None })
}

/// What there is of a back end to sell, and where the sides differ.
fn inventory_of(
    settings: &Settings,
    adapter: Adapter,
    observations: &Observations,
) -> (Option<Inventory>, Vec<Difference>) {
    let observed = match observations.get(adapter.word()) {
        Some(Observation::Silent) => return (None, vec![]),
        Some(Observation::Has(inventory)) => Some(inventory.as_ref().clone()),
        None => None,
    };
    // What all our leases in a cluster may take is as good as what the cluster has.
    let quota = if adapter == Adapter::Kubernetes { quota(settings) } else { None };
    let observed = lesser(quota.as_ref(), observed.as_ref()).0;
    lesser(configured(settings, adapter).as_ref(), observed.as_ref())
}

/// What all back ends together may sell.
pub fn overall(capacity: &Capacity) -> Overall {
    Overall {
        cpu: capacity.total_cpu.map(|total| total.0.saturating_sub(capacity.reserved_cpu.0)),
        memory: capacity.total_memory.map(|total| total.0.saturating_sub(capacity.reserved_memory.0)),
        storage: capacity.total_storage.map(|total| total.0.saturating_sub(capacity.reserved_storage.0)),
        gpus: capacity.total_gpus,
    }
}

fn filters(bidding: &Bidding) -> Filters {
    let written = &bidding.filters;
    // Each was read once already, when the configuration was checked.
    let patterns = |texts: &[AttributeText]| -> Vec<AttributePattern> {
        texts.iter().filter_map(|text| text.0.parse().ok()).collect()
    };
    Filters {
        min_duration: written.min_duration,
        max_duration: written.max_duration,
        min_value: written.min_value.as_ref().map(|value| value.0.clone()),
        allowed_regions: written.allowed_regions.iter().map(|region| region.0.clone()).collect(),
        blocked_addresses: written.blocked_addresses.iter().map(|address| address.0.clone()).collect(),
        max_cpu: written.max_cpu,
        max_memory: written.max_memory,
        max_storage: written.max_storage,
        excluded_attributes: patterns(&written.excluded_attributes),
        required_attributes: patterns(&written.required_attributes),
    }
}

fn strategy(bidding: &Bidding) -> price::Strategy {
    match bidding.strategy {
        Strategy::Fixed => price::Strategy::Fixed,
        Strategy::Custom => price::Strategy::Custom,
        Strategy::Dynamic => {
            let written = &bidding.multipliers;
            let (peak, scarce, idle) = (&written.peak_hours, &written.gpu_scarcity, &written.low_utilization);
            price::Strategy::Dynamic(Box::new(Multipliers {
                peak_hours: peak.enabled.then(|| PeakHours {
                    start: clock(&peak.start),
                    end: clock(&peak.end),
                    zone: zone(&peak.time_zone),
                    factor: peak.factor.0,
                }),
                gpu_scarcity: scarce
                    .enabled
                    .then_some(Threshold { share: scarce.threshold.0, factor: scarce.factor.0 }),
                low_utilization: idle.enabled.then_some(Threshold { share: idle.threshold.0, factor: idle.factor.0 }),
            }))
        }
    }
}

/// A time of day, whose form was checked.
fn clock(written: &ClockTime) -> Time {
    let number = |part: Option<&str>| part.and_then(|part| part.parse().ok()).unwrap_or(0);
    let mut parts = written.0.split(':');
    Time::new(number(parts.next()), number(parts.next()), 0, 0).unwrap_or_default()
}

fn zone(written: &TimeZoneName) -> TimeZone {
    match written.0.as_str() {
        "local" => TimeZone::system(),
        name => TimeZone::get(name).unwrap_or(TimeZone::UTC),
    }
}

/// The main list, in whichever form it is written, and those of further denominations.
fn lists(settings: &Settings) -> Vec<PriceList> {
    let main = [base_prices(&settings.pricing), hourly(&settings.pricing), by_block(&settings.pricing)];
    let further = settings.pricing.lists.iter().filter_map(|(name, prices)| further(name, prices));
    main.into_iter().flatten().chain(further).collect()
}

fn base_prices(pricing: &Pricing) -> Option<PriceList> {
    let written = &pricing.base_prices;
    let prices = [
        &written.cpu_core,
        &written.memory_gb,
        &written.storage_gb,
        &written.gpu_unit,
        &written.endpoint,
        &written.leased_ip,
        &written.bandwidth_gb,
    ];
    let denomination = denomination(&prices, &[&written.gpu_models, &written.storage_classes])?;
    Some(PriceList {
        cpu_core: amount(written.cpu_core.as_ref()),
        memory_gib: amount(written.memory_gb.as_ref()),
        storage_gib: amount(written.storage_gb.as_ref()),
        classes: by_class(&written.storage_classes, 1),
        gpu: amount(written.gpu_unit.as_ref()),
        gpu_models: by_model(&written.gpu_models),
        endpoint: amount(written.endpoint.as_ref()).unwrap_or_default(),
        leased_ip: amount(written.leased_ip.as_ref()).unwrap_or_default(),
        traffic_gib: amount(written.bandwidth_gb.as_ref()).unwrap_or_default(),
        ..PriceList::empty(denomination, Period::Hour)
    })
}

fn hourly(pricing: &Pricing) -> Option<PriceList> {
    let written = &pricing.hourly;
    let prices = [
        &written.cpu_price_per_core,
        &written.memory_price_per_gb,
        &written.storage_price_per_gb,
        &written.gpu_price_per_hour,
        &written.endpoint_price_per_hour,
        &written.ip_price_per_hour,
        &written.min_bid_price,
    ];
    let tables = [&written.gpu_model_prices_per_hour, &written.storage_class_prices_per_gb];
    let denomination = denomination(&prices, &tables)?;
    Some(PriceList {
        cpu_core: amount(written.cpu_price_per_core.as_ref()),
        memory_gib: amount(written.memory_price_per_gb.as_ref()),
        storage_gib: amount(written.storage_price_per_gb.as_ref()),
        classes: by_class(&written.storage_class_prices_per_gb, 1),
        gpu: amount(written.gpu_price_per_hour.as_ref()),
        gpu_models: by_model(&written.gpu_model_prices_per_hour),
        endpoint: amount(written.endpoint_price_per_hour.as_ref()).unwrap_or_default(),
        leased_ip: amount(written.ip_price_per_hour.as_ref()).unwrap_or_default(),
        margin: written.bid_markup_percent.map(|share| share.0).unwrap_or_default(),
        minimum: amount(written.min_bid_price.as_ref()).unwrap_or_default(),
        ..PriceList::empty(denomination, Period::Hour)
    })
}

/// Millicores and MiB become cores and GiB.
fn by_block(pricing: &Pricing) -> Option<PriceList> {
    let written = &pricing.block;
    let prices = [
        &written.cpu_millicores,
        &written.memory_mb,
        &written.storage_mb,
        &written.gpu,
        &written.endpoint,
        &written.leased_ip,
    ];
    let denomination = denomination(&prices, &[&written.gpu_models, &written.storage_classes_mb])?;
    let times = |price: &Option<Price>, number: u128| amount(price.as_ref()).map(|price| scaled(price, number));
    Some(PriceList {
        cpu_core: times(&written.cpu_millicores, 1000),
        memory_gib: times(&written.memory_mb, 1024),
        storage_gib: times(&written.storage_mb, 1024),
        classes: by_class(&written.storage_classes_mb, 1024),
        gpu: amount(written.gpu.as_ref()),
        gpu_models: by_model(&written.gpu_models),
        endpoint: amount(written.endpoint.as_ref()).unwrap_or_default(),
        leased_ip: amount(written.leased_ip.as_ref()).unwrap_or_default(),
        margin: written.profit_margin.map(|share| share.0).unwrap_or_default(),
        ..PriceList::empty(denomination, Period::Block)
    })
}

fn further(name: &str, written: &DenominationPrices) -> Option<PriceList> {
    let period = match written.per.unwrap_or(PriceFor::Hour) {
        PriceFor::Hour => Period::Hour,
        PriceFor::Block => Period::Block,
    };
    let of_models = written.gpu_models.iter().flatten();
    let of_classes = written.storage_classes.iter().flatten();
    Some(PriceList {
        cpu_core: written.cpu_core.map(|price| price.0),
        memory_gib: written.memory_gb.map(|price| price.0),
        storage_gib: written.storage_gb.map(|price| price.0),
        classes: of_classes.map(|(class, price)| (class.as_str().into(), price.0)).collect(),
        gpu: written.gpu_unit.map(|price| price.0),
        gpu_models: of_models.filter_map(|(model, price)| Some((model.parse().ok()?, price.0))).collect(),
        endpoint: written.endpoint.map(|price| price.0).unwrap_or_default(),
        leased_ip: written.leased_ip.map(|price| price.0).unwrap_or_default(),
        traffic_gib: written.bandwidth_gb.map(|price| price.0).unwrap_or_default(),
        margin: written.markup.map(|share| share.0).unwrap_or_default(),
        minimum: written.minimum.map(|price| price.0).unwrap_or_default(),
        ..PriceList::empty(name.parse().ok()?, period)
    })
}

/// The denomination of a list: that of its prices, which are all of one. A list without any price is none.
fn denomination(prices: &[&Option<Price>], tables: &[&BTreeMap<String, Price>]) -> Option<Denom> {
    let single = prices.iter().filter_map(|price| price.as_ref());
    single.chain(tables.iter().flat_map(|table| table.values())).map(|price| price.coin.denom.clone()).next()
}

fn amount(price: Option<&Price>) -> Option<Dec18> {
    price.map(|price| price.coin.amount)
}

/// No price is so large that it does not fit; one that is is more than anybody pays.
fn scaled(price: Dec18, number: u128) -> Dec18 {
    price.checked_times(number).unwrap_or(Dec18::MAX)
}

fn by_class(table: &BTreeMap<String, Price>, number: u128) -> BTreeMap<Box<str>, Dec18> {
    table.iter().map(|(class, price)| (class.as_str().into(), scaled(price.coin.amount, number))).collect()
}

fn by_model(table: &BTreeMap<String, Price>) -> Vec<(GpuModel, Dec18)> {
    table.iter().filter_map(|(model, price)| Some((model.parse().ok()?, price.coin.amount))).collect()
}

fn rates(pricing: &Pricing) -> BTreeMap<Denom, crate::domain::amount::DecCoin> {
    pricing.rates.iter().filter_map(|(name, rate)| Some((name.parse().ok()?, rate.coin.clone()))).collect()
}

/// The whole capacity less what is reserved, as the inventory of the only back end; `None` where nothing is said.
fn whole(capacity: &Capacity) -> Option<Inventory> {
    let Overall { cpu, memory, storage, gpus } = overall(capacity);
    let inventory = Inventory {
        cpu,
        memory,
        storage,
        gpus,
        gpu_models: models(&capacity.gpu_models),
        classes: classes(&capacity.storage_classes),
        leased_ips: capacity.leased_ips,
        nodes: nodes(&capacity.nodes),
    };
    (inventory != Inventory::default()).then_some(inventory)
}

fn inventory(written: &BackEndCapacity) -> Inventory {
    let BackEndCapacity { cpu, memory, storage, gpus, gpu_models, storage_classes, leased_ips, nodes: groups } =
        written;
    Inventory {
        cpu: cpu.map(|MilliCpu(cpu)| cpu),
        memory: memory.map(|Bytes(memory)| memory),
        storage: storage.map(|Bytes(storage)| storage),
        gpus: *gpus,
        gpu_models: gpu_models.as_ref().map(models).unwrap_or_default(),
        classes: storage_classes.as_ref().map(classes).unwrap_or_default(),
        leased_ips: *leased_ips,
        nodes: groups.as_deref().map(nodes).unwrap_or_default(),
    }
}

fn models(written: &BTreeMap<String, u64>) -> BTreeMap<GpuModel, u64> {
    written.iter().filter_map(|(model, number)| Some((model.parse().ok()?, *number))).collect()
}

fn classes(written: &BTreeMap<String, Bytes>) -> BTreeMap<Box<str>, u64> {
    written.iter().map(|(class, Bytes(bytes))| (class.as_str().into(), *bytes)).collect()
}

fn nodes(written: &[NodeGroupCapacity]) -> Vec<NodeGroup> {
    let group = |(place, written): (usize, &NodeGroupCapacity)| {
        let NodeGroupCapacity { name, count, cpu, memory, storage, gpus, gpu_models } = written;
        let mut by_model = gpu_models.as_ref().map(models).unwrap_or_default();
        let named: u64 = by_model.values().fold(0, |sum: u64, number| sum.saturating_add(*number));
        let unnamed = gpus.unwrap_or(0).saturating_sub(named);
        if unnamed > 0 {
            by_model.insert(GpuModel::UNNAMED, unnamed);
        }
        let usual = || format!("nodes-{}", place + 1);
        NodeGroup {
            name: name.as_ref().map_or_else(usual, |name| name.0.clone()).into(),
            count: u32::try_from(count.unwrap_or(1)).unwrap_or(u32::MAX),
            cpu: cpu.map_or(0, |MilliCpu(cpu)| cpu),
            memory: memory.map_or(0, |Bytes(memory)| memory),
            storage: storage.map(|Bytes(storage)| storage),
            gpu_models: by_model,
        }
    };
    written.iter().enumerate().map(group).collect()
}

/// The quota of the cluster: what all leases together may use of it.
fn quota(settings: &Settings) -> Option<Inventory> {
    let written = &settings.orchestration.kubernetes.resource_quota;
    let inventory = Inventory {
        cpu: written.cpu.map(|MilliCpu(cpu)| cpu),
        memory: written.memory.map(|Bytes(memory)| memory),
        storage: written.storage.map(|Bytes(storage)| storage),
        gpus: written.gpu.map(|count| count.0),
        ..Inventory::default()
    };
    (inventory != Inventory::default()).then_some(inventory)
}

/// The price program of the `custom` strategy.
pub fn program(bidding: &Bidding) -> Option<&Custom> {
    (bidding.strategy == Strategy::Custom).then_some(&bidding.custom)
}

#[cfg(test)]
mod tests;
