//! Prices against the documents' own figures, and against each other.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::domain::bid::capacity::Used;
use crate::domain::bid::gpu::{GpuModel, GpuWish};
use crate::domain::bid::tests::fixtures::{block, by_block, dec, gpu_unit, hourly, order, terms, unit};
use crate::domain::bid::{Asked, Resource};
use crate::domain::manifest::{Endpoint, EndpointKind, GroupSpec, Volume};
use crate::domain::resources::Bytes;

fn quote(pricing: &Pricing, spec: &GroupSpec) -> Result<Quote, Reason> {
    let asked = Asked::read("ve1tenant", spec).unwrap();
    let needs: Vec<GpuNeed<'_>> = asked
        .gpu_units()
        .map(|(unit, wish)| GpuNeed {
            number: unit.resources.gpu.units * u64::from(unit.count),
            model: &GpuModel::UNNAMED,
            wish,
        })
        .collect();
    pricing.quote(&asked, &needs, Factors::default(), block())
}

fn price(pricing: &Pricing, spec: &GroupSpec) -> String {
    quote(pricing, spec).unwrap().price.to_string()
}

/// 1000m, 2048 MB, 10 GB of storage.
fn manuals_order() -> GroupSpec {
    let mut one = unit(1, 1000, 2048 << 20, 1);
    one.resources.storage = vec![Volume { name: "default".to_owned(), size: Bytes(10 << 30), attributes: Vec::new() }];
    order(vec![one])
}

#[test]
fn the_marketplace_manuals_worked_example() {
    // (1000 × 0.000001) + (2048 × 0.0000001) + (10240 × 0.00000001) = 0.001 + 0.0002048 + 0.0001024 = 0.0013072, and
    // with 10 % 0.00143792. The manual prints both cut off after six places.
    let mut list = by_block();
    let plain = quote(&terms(list.clone()).pricing, &manuals_order()).unwrap();
    assert_eq!(plain.price, dec("0.0013072"));
    assert_eq!(plain.price.round(6, Rounding::Down).unwrap(), dec("0.001307"));
    list.margin = dec("0.1");
    let with_margin = quote(&terms(list.clone()).pricing, &manuals_order()).unwrap().price;
    assert_eq!(with_margin, dec("0.00143792"));
    assert_eq!(with_margin.round(6, Rounding::Down).unwrap(), dec("0.001437"));
    // Its configuration writes the ten percent as `min_profit_margin`, and means the same.
    let mut pricing = terms(by_block()).pricing;
    pricing.min_margin = dec("0.1");
    assert_eq!(price(&pricing, &manuals_order()), "0.00143792");
}

#[test]
fn the_operations_manuals_list_is_by_the_hour() {
    // 10 + 2 × 5 + 10 × 1 = 30 uve an hour, 720 blocks of 5 s: 1/24 uve a block.
    assert_eq!(price(&terms(hourly()).pricing, &manuals_order()), "0.041666666666666667");
}

#[test]
fn the_training_manuals_list_has_a_markup_and_a_minimum() {
    // In VIRT = 10⁶ uve by the hour: 0.001 + 2 × 0.0005 + 10 × 0.0001 = 0.003, + 10 % = 0.0033 = 3300 uve an hour.
    let list = PriceList {
        cpu_core: Some(dec("1000")),
        memory_gib: Some(dec("500")),
        storage_gib: Some(dec("100")),
        gpu: Some(dec("50000")),
        margin: dec("0.1"),
        minimum: dec("100"),
        ..PriceList::empty("uve".parse().unwrap(), Period::Hour)
    };
    let mut pricing = terms(list).pricing;
    assert_eq!(price(&pricing, &manuals_order()), "4.583333333333333333");
    pricing.lists[0].minimum = dec("7200");
    assert_eq!(price(&pricing, &manuals_order()), "10");
}

#[test]
fn every_price_of_a_list_counts() {
    let mut list = hourly();
    list.classes.insert("beta3".into(), dec("7"));
    list.endpoint = dec("3");
    list.leased_ip = dec("11");
    list.gpu_models = vec![("a100".parse().unwrap(), dec("2000")), ("nvidia/a100/80Gi".parse().unwrap(), dec("3000"))];
    let mut one = gpu_unit(1, 2, &["vendor/nvidia/model/a100"]);
    one.count = 2;
    one.resources.storage.push(volume("data", 2, "beta3"));
    one.resources.storage.push(volume("more", 3, "beta2"));
    one.resources.endpoints = vec![endpoint(EndpointKind::SharedHttp, 0), endpoint(EndpointKind::LeasedIp, 1)];
    let spec = order(vec![one]);
    let asked = Asked::read("ve1tenant", &spec).unwrap();
    let components = |model: &str, traffic: u64| {
        let model = model.parse().unwrap();
        let needs = [GpuNeed { number: 4, model: &model, wish: GpuWish(&[]) }];
        list.components(&asked.demand, &needs, traffic).unwrap().map(|amount| amount.to_string())
    };
    // cpu memory storage volumes gpus endpoints leased_ips traffic
    assert_eq!(components("nvidia/a100/40Gi", 0), ["20", "10", "2", "34", "8000", "3", "11", "0"]);
    assert_eq!(components("nvidia/a100/80Gi/sxm", 4 << 30), ["20", "10", "2", "34", "12000", "3", "11", "4"]);
    assert_eq!(components("nvidia/t4", 0)[4], "2000");
    let unnamed = [GpuNeed { number: 4, model: &GpuModel::UNNAMED, wish: GpuWish(&[]) }];
    let [.., gpus, _, _, _] = list.components(&asked.demand, &unnamed, 0).unwrap();
    assert_eq!(gpus, dec("12000"), "the dearest, for nobody knows which they are");
}

#[test]
fn what_has_no_price_is_not_given_away() {
    let mut list = hourly();
    list.gpu = None;
    let pricing = terms(list).pricing;
    assert!(quote(&pricing, &manuals_order()).is_ok());
    let refusal = quote(&pricing, &order(vec![gpu_unit(1, 1, &[])])).unwrap_err();
    assert_eq!(refusal, Reason::Unpriced { resource: Resource::GpuModel("unnamed".into()) });
    let free = terms(PriceList {
        cpu_core: Some(Dec18::ZERO),
        memory_gib: Some(Dec18::ZERO),
        storage_gib: Some(Dec18::ZERO),
        ..PriceList::empty("uve".parse().unwrap(), Period::Hour)
    })
    .pricing;
    let (spec, quote) = (manuals_order(), quote(&free, &manuals_order()).unwrap());
    let asked = Asked::read("ve1tenant", &spec).unwrap();
    assert_eq!(free.affordable(&asked, &quote), Err(Reason::Zero {}));
}

#[test]
fn another_denomination_has_its_own_list_or_a_rate() {
    let mut pricing = terms(hourly()).pricing;
    let mut spec = manuals_order();
    spec.units[0].price = "1000ibc/usdc".parse().unwrap();
    assert!(!pricing.serves(&"ibc/usdc".parse().unwrap()));
    let refusal = quote(&pricing, &spec).unwrap_err();
    assert_eq!(refusal, Reason::Denomination { denomination: "ibc/usdc".parse().unwrap() });
    // One of it costs 3 uve: 30 uve an hour are 10 of it.
    pricing.rates.insert("ibc/usdc".parse().unwrap(), "3uve".parse().unwrap());
    assert_eq!(price(&pricing, &spec), "0.013888888888888889");
    assert_eq!(pricing.worth(dec("2"), &"ibc/usdc".parse().unwrap()), dec("6"));
    assert_eq!(pricing.convert(dec("6"), &"uve".parse().unwrap(), &"ibc/usdc".parse().unwrap()), Some(dec("2")));
    let own = PriceList { denomination: "ibc/usdc".parse().unwrap(), ..by_block() };
    pricing.lists.push(own);
    assert_eq!(price(&pricing, &spec), "0.0013072");
}

#[test]
fn an_order_pays_or_does_not() {
    let mut pricing = terms(hourly()).pricing;
    let judge = |pricing: &Pricing, maximum: &str| {
        let mut spec = manuals_order();
        spec.units[0].price = maximum.parse().unwrap();
        let quote = quote(pricing, &spec).unwrap();
        pricing.affordable(&Asked::read("ve1tenant", &spec).unwrap(), &quote)
    };
    assert_eq!(judge(&pricing, "0.041666666666666667uve"), Ok(()));
    assert!(matches!(judge(&pricing, "0.041666666666666666uve"), Err(Reason::OverMaximum { .. })));
    pricing.lists[0].margin = dec("0.5");
    assert!(matches!(judge(&pricing, "0.05uve"), Err(Reason::OverMaximum { .. })));
    assert_eq!(judge(&pricing, "0.0625uve"), Ok(()));
    pricing.min_margin = dec("0.6");
    assert!(matches!(judge(&pricing, "0.0625uve"), Err(Reason::FloorOverMaximum { .. })));
}

#[test]
fn a_discount_stops_at_the_least_margin() {
    let mut pricing = terms(hourly()).pricing;
    let spec = manuals_order();
    let asked = Asked::read("ve1tenant", &spec).unwrap();
    let idle = Threshold { share: Dec18::ONE, factor: dec("0.8") };
    let multipliers = Multipliers { low_utilization: Some(idle), ..Multipliers::default() };
    let factors = multipliers.at(Timestamp::UNIX_EPOCH, &Used { gpus: None, fullest: Some(Dec18::ZERO) });
    let price = |pricing: &Pricing| pricing.quote(&asked, &[], factors, block()).unwrap().price.to_string();
    assert_eq!(price(&pricing), "0.033333333333333333", "the operations manual's own discount is below its prices");
    pricing.min_margin = dec("0.1");
    assert_eq!(price(&pricing), "0.045833333333333333");
}

#[test]
fn a_program_stays_above_the_floor() {
    let mut pricing = terms(hourly()).pricing;
    pricing.strategy = super::Strategy::Custom;
    pricing.min_margin = dec("0.2");
    let spec = manuals_order();
    let asked = Asked::read("ve1tenant", &spec).unwrap();
    let judge = |pricing: &Pricing, price: &str| {
        let quote = pricing.quote_of_program(&asked, &[], dec(price), block()).unwrap();
        assert_eq!(quote.price, dec(price));
        pricing.affordable(&asked, &quote)
    };
    assert_eq!(judge(&pricing, "0.05"), Ok(()));
    assert!(matches!(judge(&pricing, "0.049"), Err(Reason::Program { .. })));
    assert!(matches!(judge(&pricing, "1000.1"), Err(Reason::OverMaximum { .. })));
    pricing.lists.clear();
    assert_eq!(judge(&pricing, "0.000001"), Ok(()), "without a list there is no floor");
    assert!(pricing.serves(&"anything".parse().unwrap()));
}

/// Every subset of the factors, of their conditions, and of what an order asks: the price is the product of exactly
/// those that are switched on, whose condition holds, and that concern the order.
#[test]
fn the_whole_matrix_of_factors() {
    let noon: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
    let night: Timestamp = "2026-11-21T22:00:00Z".parse().unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for bits in 0..1_u32 << 7 {
        let on = |bit: u32| bits & 1 << bit != 0;
        let multipliers = Multipliers {
            peak_hours: on(0).then(|| PeakHours {
                start: Time::constant(9, 0, 0, 0),
                end: Time::constant(17, 0, 0, 0),
                zone: TimeZone::UTC,
                factor: dec("1.5"),
            }),
            gpu_scarcity: on(1).then(|| Threshold { share: dec("0.8"), factor: dec("2") }),
            low_utilization: on(2).then(|| Threshold { share: dec("0.3"), factor: dec("0.8") }),
        };
        let now = if on(3) { noon } else { night };
        // Utilization is low only where GPUs are not scarce: 85 % of them in use is much in use.
        let used = match (on(4), on(5)) {
            (true, _) => Used { gpus: Some(dec("0.85")), fullest: Some(dec("0.85")) },
            (false, true) => Used { gpus: Some(dec("0.1")), fullest: Some(dec("0.2")) },
            (false, false) => Used { gpus: Some(dec("0.5")), fullest: Some(dec("0.5")) },
        };
        let asks = on(6);
        let mut expected = dec("100");
        let mut times = |factor: &str| expected = expected.checked_mul(dec(factor), Rounding::HalfEven).unwrap();
        if on(0) && on(3) {
            times("1.5");
        }
        if on(1) && on(4) && asks {
            times("2");
        }
        if on(2) && !on(4) && on(5) {
            times("0.8");
        }
        let factors = multipliers.at(now, &used);
        assert_eq!(factors.apply(dec("100"), asks).unwrap(), expected, "{bits:07b}");
        let told: Vec<_> = factors.of(asks).into_iter().filter_map(|(name, factor)| Some((name, factor?))).collect();
        let product =
            told.iter().fold(dec("100"), |price, (_, factor)| price.checked_mul(*factor, Rounding::HalfEven).unwrap());
        assert_eq!(product, expected, "what is told is what is applied");
        seen.insert(expected);
    }
    assert_eq!(
        seen.into_iter().map(|price| price.to_string()).collect::<Vec<_>>(),
        ["80", "100", "120", "150", "200", "300"]
    );
}

#[test]
fn thresholds_are_crossed_not_touched() {
    let multipliers = Multipliers {
        peak_hours: None,
        gpu_scarcity: Some(Threshold { share: dec("0.8"), factor: dec("2") }),
        low_utilization: Some(Threshold { share: dec("0.3"), factor: dec("0.8") }),
    };
    let price = |gpus: &str, fullest: &str| {
        let used = Used { gpus: Some(dec(gpus)), fullest: Some(dec(fullest)) };
        multipliers.at(Timestamp::UNIX_EPOCH, &used).apply(dec("10"), true).unwrap().to_string()
    };
    assert_eq!(price("0.8", "0.8"), "10");
    assert_eq!(price("0.800000000000000001", "0.81"), "20");
    assert_eq!(price("0", "0.3"), "10");
    assert_eq!(price("0", "0.299999999999999999"), "8");
    let unknown = multipliers.at(Timestamp::UNIX_EPOCH, &Used::default());
    assert_eq!(unknown, Factors::default(), "what is not known is neither scarce nor idle");
}

#[test]
fn peak_hours_are_those_of_the_clock_on_the_wall() {
    let hours = |zone: &str, start: i8, end: i8| PeakHours {
        start: Time::constant(start, 0, 0, 0),
        end: Time::constant(end, 0, 0, 0),
        zone: TimeZone::get(zone).unwrap(),
        factor: dec("2"),
    };
    let within = |hours: &PeakHours, text: &str| hours.contain(text.parse().unwrap());
    let stockholm = hours("Europe/Stockholm", 9, 17);
    for (moment, wanted) in [
        // Winter: one hour before UTC; summer: two.
        ("2026-01-15T07:59:59Z", false),
        ("2026-01-15T08:00:00Z", true),
        ("2026-01-15T15:59:59Z", true),
        ("2026-01-15T16:00:00Z", false),
        ("2026-07-15T06:59:59Z", false),
        ("2026-07-15T07:00:00Z", true),
        ("2026-07-15T14:59:59Z", true),
        ("2026-07-15T15:00:00Z", false),
    ] {
        assert_eq!(within(&stockholm, moment), wanted, "{moment}");
    }
    let night = hours("UTC", 22, 6);
    assert!(within(&night, "2026-01-15T23:00:00Z") && within(&night, "2026-01-15T05:59:00Z"));
    assert!(!within(&night, "2026-01-15T06:00:00Z") && !within(&night, "2026-01-15T21:59:59Z"));
    let always = hours("UTC", 9, 9);
    assert!(within(&always, "2026-01-15T09:00:00Z") && within(&always, "2026-01-15T08:59:59Z"));
}

#[test]
fn a_block_time_stays_until_it_differs() {
    let time = |millis: u64| BlockTime::new(Duration::from_millis(millis)).unwrap();
    assert_eq!(time(5000).or_newer(time(5100)), time(5000));
    assert_eq!(time(5000).or_newer(time(4900)), time(5000));
    assert_eq!(time(5000).or_newer(time(5101)), time(5101));
    assert_eq!(time(5000).or_newer(time(1000)), time(1000));
    assert_eq!(time(5000).times(720), Duration::from_hours(1));
    for outside in [Duration::ZERO, Duration::from_millis(9), Duration::from_secs(3601)] {
        assert_eq!(BlockTime::new(outside), None);
    }
}

fn volume(name: &str, gib: u64, class: &str) -> Volume {
    use crate::domain::bid::tests::fixtures::attribute;
    let attributes = vec![attribute("class", class), attribute("persistent", "true")];
    Volume { name: name.to_owned(), size: Bytes(gib << 30), attributes }
}

fn endpoint(kind: EndpointKind, sequence_number: u32) -> Endpoint {
    Endpoint { kind, sequence_number }
}

proptest! {
    /// A list by the block and the same list by the hour give the same price, as near as 18 places allow.
    #[test]
    fn hours_and_blocks_agree(cpu in 1u64..1_000_000, gib in 1u64..4096, seconds in 1u64..60) {
        let spec = order(vec![unit(1, cpu, gib << 30, 1)]);
        let asked = Asked::read("ve1tenant", &spec).unwrap();
        let block = BlockTime::new(Duration::from_secs(seconds)).unwrap();
        let by_the_hour = hourly();
        let scaled = |price: Option<Dec18>| {
            price.map(|price| price.checked_times(u128::from(seconds)).unwrap().checked_part(3600, Rounding::HalfEven).unwrap())
        };
        let by_the_block = PriceList {
            period: Period::Block,
            cpu_core: scaled(by_the_hour.cpu_core),
            memory_gib: scaled(by_the_hour.memory_gib),
            storage_gib: scaled(by_the_hour.storage_gib),
            ..by_the_hour.clone()
        };
        let price = |list: PriceList| terms(list).pricing.quote(&asked, &[], Factors::default(), block).unwrap().price;
        let (one, other) = (price(by_the_hour), price(by_the_block));
        let difference = one.checked_sub(other).unwrap().abs();
        prop_assert!(difference <= dec("0.000000000001"), "{one} and {other}");
    }

    /// Whatever list and order: the price is never below the floor, and what is affordable never above the maximum.
    #[test]
    fn prices_keep_their_bounds(
        prices in proptest::array::uniform3(0u64..1_000_000_000_000_000_000),
        margins in proptest::array::uniform2(0u64..5_000_000_000_000_000_000),
        minimum in 0u64..1_000_000_000_000_000_000,
        shape in (1u64..384_000, 1u64..(2 << 40), 1u32..50),
        maximum in 0u64..10_000_000_000_000_000_000,
        rate in 1u64..5_000_000_000_000_000_000,
        factor in 1u64..3_000_000_000_000_000_000,
        hours: bool,
    ) {
        let scaled = |value: u64| Dec18::from_scaled(i128::from(value));
        let [cpu, memory, storage] = prices.map(scaled);
        let [margin, min_margin] = margins.map(scaled);
        let list = PriceList {
            cpu_core: Some(cpu),
            memory_gib: Some(memory),
            storage_gib: Some(storage),
            margin,
            minimum: scaled(minimum),
            ..PriceList::empty("uve".parse().unwrap(), if hours { Period::Hour } else { Period::Block })
        };
        let mut pricing = terms(list).pricing;
        pricing.min_margin = min_margin;
        pricing.rates.insert("uother".parse().unwrap(), DecCoin::new(scaled(rate), "uve".parse().unwrap()));
        let (cpu, memory, count) = shape;
        for denomination in ["uve", "uother"] {
            let mut one = unit(1, cpu, memory, count);
            one.price = DecCoin::new(scaled(maximum), denomination.parse().unwrap());
            let spec = order(vec![one]);
            let asked = Asked::read("ve1tenant", &spec).unwrap();
            let multipliers = Multipliers {
                low_utilization: Some(Threshold { share: Dec18::ONE, factor: scaled(factor) }),
                ..Multipliers::default()
            };
            let used = Used { gpus: None, fullest: Some(Dec18::ZERO) };
            let factors = multipliers.at(Timestamp::UNIX_EPOCH, &used);
            let quote = pricing.quote(&asked, &[], factors, block()).unwrap();
            prop_assert!(quote.price >= quote.floor_price);
            if pricing.affordable(&asked, &quote).is_ok() {
                prop_assert!(quote.price <= asked.maximum && quote.price.is_positive());
            }
        }
    }
}
