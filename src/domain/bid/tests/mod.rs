//! Deciding as a whole: orders, desk, second look, choice.

pub mod fixtures;

use std::collections::BTreeMap;
use std::time::Duration;

use fixtures::{attribute, back_end, dec, gpu_unit, hourly, inventory, ledger, order, standing, terms, unit, world};
use proptest::prelude::*;
use serde_json::json;

use super::capacity::{BackEnd, EndpointKinds, Footprint, Ledger, Overall};
use super::price::{Multipliers, Threshold};
use super::*;
use crate::domain::address::Address;
use crate::domain::amount::Dec18;
use crate::domain::deployment::{Deployment, DeploymentState, Group, GroupState};
use crate::domain::escrow::{Account, AccountId, EscrowState};
use crate::domain::height::Height;
use crate::domain::id::OrderId;
use crate::domain::manifest::{Endpoint, EndpointKind, GroupSpec};

/// A desk over one back end of which nothing is taken, and what it says of an order without the second look.
fn decide(terms: &Terms, back_ends: &[BackEnd], spec: &GroupSpec) -> Result<(usize, String), Reason> {
    let ledger = Ledger::new(back_ends, Overall::default(), terms.max_utilization);
    let us = standing();
    let desk = Desk::new(terms, &us, world(), back_ends, Overall::default(), &ledger);
    let asked = Asked::read("ve1tenant", spec)?;
    let explained = desk.explain(&ledger, &asked);
    let decided = desk.fit(&ledger, &asked).and_then(|fit| Ok((desk.price(&asked, &fit)?, fit)));
    assert_eq!(explained.refusal, decided.as_ref().err().cloned(), "what is explained is what is decided");
    if let Ok((quote, fit)) = &decided {
        assert_eq!((explained.quote.as_ref(), explained.fit.as_ref()), (Some(quote), Some(fit)));
    }
    decided.map(|(quote, fit)| (fit.back_end, quote.price.to_string()))
}

const TENANT: &str = "ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw";

/// The tenant's order with this number.
fn order_id(dseq: u64) -> OrderId {
    OrderId::of(Address::parse(TENANT, "ve").unwrap(), dseq, 1, 1).unwrap()
}

/// A deployment that holds these coins since a height.
fn deployment(funds: &str, settled_at: u64) -> Deployment {
    let id = order_id(1);
    let account = Account {
        id: AccountId::Deployment(id.deployment().clone()),
        owner: id.owner().clone(),
        state: EscrowState::Open,
        transferred: Vec::new(),
        settled_at: Height(settled_at),
        funds: funds.split_whitespace().map(|coin| coin.parse().unwrap()).collect(),
        deposits: Vec::new(),
    };
    let group = Group { id: id.group().clone(), state: GroupState::Open, spec: one_core(), created_at: Height(1) };
    Deployment {
        id: id.deployment().clone(),
        state: DeploymentState::Active,
        hash: [0; 32],
        created_at: Height(1),
        reclamation: None,
        groups: vec![group],
        escrow: account,
    }
}

/// 10 + 5 + 1 uve an hour are 2/90 uve a block of five seconds.
fn one_core() -> GroupSpec {
    order(vec![unit(1, 1000, 1 << 30, 1)])
}

#[test]
fn an_order_goes_to_the_first_back_end_that_takes_it() {
    let terms = terms(hourly());
    let no_ways_in = BackEnd { endpoints: EndpointKinds::NONE, ..back_end("slurm", inventory()) };
    let small = capacity::Inventory { cpu: Some(4000), ..inventory() };
    let back_ends = [no_ways_in, back_end("local", small), back_end("kubernetes", inventory())];
    assert_eq!(decide(&terms, &back_ends, &one_core()), Ok((0, "0.022222222222222222".to_owned())));
    let mut web = one_core();
    web.units[0].resources.endpoints = vec![Endpoint { kind: EndpointKind::SharedHttp, sequence_number: 0 }];
    assert_eq!(decide(&terms, &back_ends, &web).unwrap().0, 1);
    web.units[0].count = 5;
    assert_eq!(decide(&terms, &back_ends, &web).unwrap().0, 2);
    web.units[0].count = 101;
    let refused = decide(&terms, &back_ends, &web).unwrap_err();
    // Of the three refusals those that may pass count, and of these the first.
    assert!(matches!(&refused, Reason::Short { backend, .. } if &**backend == "local"), "{refused}");
    assert_eq!(decide(&terms, &[], &web), Err(Reason::NoBackEnd {}));
}

/// What another back end never takes, one that is full may take tomorrow: the decline lasts as long as the shorter of both.
#[test]
fn of_several_refusals_the_one_that_may_pass_first_counts() {
    let terms = terms(hourly());
    let none = EndpointKinds { shared_http: false, ..EndpointKinds::ALL };
    let deaf = BackEnd { endpoints: none, ..back_end("slurm", inventory()) };
    let full = back_end("kubernetes", capacity::Inventory { cpu: Some(500), ..inventory() });
    let mut spec = one_core();
    spec.units[0].resources.endpoints = vec![Endpoint { kind: EndpointKind::SharedHttp, sequence_number: 0 }];
    for back_ends in [[deaf.clone(), full.clone()], [full, deaf]] {
        let reason = decide(&terms, &back_ends, &spec).unwrap_err();
        assert!(matches!(&reason, Reason::Short { backend, .. } if &**backend == "kubernetes"), "{reason}");
        assert_eq!(reason.lasts(), Lasts::Capacity);
    }
}

#[test]
fn the_price_depends_on_what_leases_use_of_the_back_end() {
    let mut list = hourly();
    list.margin = Dec18::ONE;
    let mut terms = terms(list);
    terms.pricing.strategy = price::Strategy::Dynamic(Box::new(Multipliers {
        peak_hours: None,
        gpu_scarcity: Some(Threshold { share: dec("0.8"), factor: dec("3") }),
        low_utilization: Some(Threshold { share: dec("0.3"), factor: dec("0.25") }),
    }));
    let back_ends = [back_end("kubernetes", inventory())];
    let us = standing();
    let price = |leased: &GroupSpec, promised: &GroupSpec, spec: &GroupSpec| {
        let mut ledger = Ledger::new(&back_ends, Overall::default(), Dec18::ONE);
        let print = |spec: &GroupSpec, ledger: &Ledger| {
            let asked = Asked::read("ve1tenant", spec).unwrap();
            let gpus = ledger.fits(0, &asked, &|_, _| Dec18::ZERO).unwrap();
            Footprint::of(&asked, &gpus)
        };
        ledger.occupy(0, &print(leased, &ledger));
        ledger.promise(0, &print(promised, &ledger));
        let desk = Desk::new(&terms, &us, world(), &back_ends, Overall::default(), &ledger);
        let asked = Asked::read("ve1tenant", spec).unwrap();
        desk.fit(&ledger, &asked).and_then(|fit| desk.price(&asked, &fit)).unwrap().price.to_string()
    };
    let (little, much) = (order(vec![unit(1, 29_000, 1, 1)]), order(vec![unit(1, 30_000, 1, 1)]));
    let (one_gpu, seven_gpus) = (order(vec![gpu_unit(1, 1, &[])]), order(vec![gpu_unit(1, 7, &[])]));
    // 16 uve an hour, twice, for 1/720 of an hour.
    assert_eq!(price(&much, &little, &one_core()), "0.044444444444444444");
    // A quarter of that. What is promised is not yet in use.
    assert_eq!(price(&little, &little, &one_core()), "0.011111111111111111");
    // (16 + 500) × 2 × 3 / 720.
    assert_eq!(price(&seven_gpus, &little, &one_gpu), "4.3");
    assert_eq!(price(&seven_gpus, &little, &one_core()), "0.044444444444444444", "it takes none of the scarce GPUs");
}

#[test]
fn funded_time_is_what_the_escrow_pays_at_our_price() {
    let mut terms = terms(hourly());
    let (us, spec) = (standing(), one_core());
    let back_ends = [back_end("kubernetes", inventory())];
    let ledger = ledger(inventory());
    let asked = Asked::read(TENANT, &spec).unwrap();
    let look = |terms: &Terms, funds: &str, others: &str, settled_at: u64| {
        let desk = Desk::new(terms, &us, world(), &back_ends, Overall::default(), &ledger);
        let fit = desk.fit(&ledger, &asked).unwrap();
        let quote = desk.price(&asked, &fit).unwrap();
        let behind = Behind { deployment: &deployment(funds, settled_at), gseq: 1, others: dec(others) };
        desk.fund(&asked, &quote, behind)
    };
    // 16 uve pay for an hour at 16 uve an hour.
    let funded = look(&terms, "16.1uve", "0", 1000).unwrap();
    assert_eq!((funded.time, funded.blocks), (Duration::from_secs(3620), 724));
    // Others take a tenth of a uve a block since height 900: ten are gone, and they go on taking.
    let shared = look(&terms, "16.1uve 999uakt", "0.1", 900).unwrap();
    assert_eq!((shared.left, shared.blocks), (dec("6.1"), 49));
    terms.filters.min_duration = Duration::from_hours(1);
    assert!(look(&terms, "16.1uve", "0", 1000).is_ok());
    let short = look(&terms, "15.9uve", "0", 1000).unwrap_err();
    assert_eq!(
        serde_json::to_value(&short).unwrap(),
        json!({"reason": "too_short", "funded": "59m35s", "least": "1h"})
    );
    terms.filters.max_duration = Some(Duration::from_hours(2));
    assert!(matches!(look(&terms, "33uve", "0", 1000), Err(Reason::TooLong { .. })));
    terms.filters.min_value = Some("17uve".parse().unwrap());
    let low = look(&terms, "16.1uve", "0", 1000).unwrap_err();
    assert!(matches!(&low, Reason::LowValue { value, .. } if value.denom == "uve"), "{low:?}");
    assert!(look(&terms, "17.1uve", "0", 1000).is_ok());
    terms.filters.min_value = Some("17uother".parse().unwrap());
    assert!(matches!(look(&terms, "17.1uve", "0", 1000), Err(Reason::ValueUnknown { .. })));
    terms.pricing.rates.insert("uother".parse().unwrap(), "1uve".parse().unwrap());
    assert!(look(&terms, "17.1uve", "0", 1000).is_ok());
}

type Change<'a> = &'a dyn Fn(&mut Deployment);

#[test]
fn nobody_pays_for_what_is_gone() {
    let (terms, us, spec) = (terms(hourly()), standing(), one_core());
    let back_ends = [back_end("kubernetes", inventory())];
    let ledger = ledger(inventory());
    let desk = Desk::new(&terms, &us, world(), &back_ends, Overall::default(), &ledger);
    let asked = Asked::read(TENANT, &spec).unwrap();
    let quote = desk.price(&asked, &desk.fit(&ledger, &asked).unwrap()).unwrap();
    let says = |change: &dyn Fn(&mut Deployment)| {
        let mut changed = deployment("100uve", 1000);
        change(&mut changed);
        let behind = Behind { deployment: &changed, gseq: 1, others: Dec18::ZERO };
        desk.fund(&asked, &quote, behind).map_err(|reason| (reason.word(), reason.lasts()))
    };
    assert!(says(&|_| {}).is_ok());
    let cases: [(Change<'_>, &str, Lasts); 10] = [
        (&|it| it.state = DeploymentState::Closed, "deployment_state", Lasts::ForEver),
        (&|it| it.state = DeploymentState::Unknown(9), "state_unknown", Lasts::AWhile),
        (&|it| it.groups[0].state = GroupState::Paused, "group_paused", Lasts::AWhile),
        (&|it| it.groups[0].state = GroupState::Closed, "group_state", Lasts::ForEver),
        (&|it| it.groups[0].state = GroupState::InsufficientFunds, "group_state", Lasts::ForEver),
        (&|it| it.groups.clear(), "state_unknown", Lasts::AWhile),
        (&|it| it.escrow.state = EscrowState::Overdrawn, "escrow_state", Lasts::AWhile),
        (&|it| it.escrow.state = EscrowState::Unknown(9), "state_unknown", Lasts::AWhile),
        (&|it| it.escrow.funds = vec!["5uakt".parse().unwrap()], "escrow_state", Lasts::AWhile),
        (&|it| it.escrow.funds[0].amount = dec("-1"), "escrow_state", Lasts::AWhile),
    ];
    for (change, word, lasts) in cases {
        assert_eq!(says(change).unwrap_err(), (word.to_owned(), lasts));
    }
}

#[test]
fn a_decline_holds_as_long_as_what_it_was_made_from() {
    let (mut terms, us) = (terms(hourly()), standing());
    terms.pricing.strategy = price::Strategy::Dynamic(Box::new(Multipliers {
        low_utilization: Some(Threshold { share: dec("0.3"), factor: dec("0.8") }),
        ..Multipliers::default()
    }));
    let back_ends = [back_end("kubernetes", inventory())];
    let mut ledger = ledger(inventory());
    let digests = |terms: &Terms, us: &Standing, world: World, ledger: &Ledger| {
        Desk::new(terms, us, world, &back_ends, Overall::default(), ledger).digests()
    };
    let first = digests(&terms, &us, world(), &ledger);
    assert_eq!(
        first,
        digests(&terms.clone(), &us, World { height: Height(5), ..world() }, &ledger),
        "the same is the same"
    );
    let spec = order(vec![unit(1, 10_000, 1, 1)]);
    let print = Footprint::of(&Asked::read("ve1tenant", &spec).unwrap(), &[]);
    ledger.promise(0, &print);
    let promised = digests(&terms, &us, world(), &ledger);
    assert_eq!((promised.terms, promised.price), (first.terms, first.price));
    assert_ne!((promised.capacity, promised.all), (first.capacity, first.all));
    for _ in 0..3 {
        ledger.occupy(0, &print);
    }
    let dearer = digests(&terms, &us, world(), &ledger);
    assert_eq!(dearer.terms, first.terms);
    assert_ne!(dearer.price, first.price, "it is no longer idle");
    let slower = World { block: price::BlockTime::new(Duration::from_secs(6)).unwrap(), ..world() };
    assert_ne!(digests(&terms, &us, slower, &ledger).price, dearer.price);
    let audited = Standing::new("ve1provider", true, vec![attribute("region", "us")], BTreeMap::new());
    assert_ne!(digests(&terms, &audited, world(), &ledger).terms, first.terms);
    terms.filters.blocked_addresses.insert("ve1bad".to_owned());
    assert_ne!(digests(&terms, &us, world(), &ledger).terms, first.terms);
}

fn candidate(dseq: u64, worth: &str, blocks: u64, cpu: u64) -> Candidate {
    let spec = order(vec![unit(1, cpu, 1, 1)]);
    let footprint = Footprint::of(&Asked::read("ve1tenant", &spec).unwrap(), &[]);
    let (worth, win_rate) = (dec(worth), WinRate::default());
    let order = order_id(dseq);
    Candidate { order, created_at: Height(1), back_end: 0, footprint, worth, blocks, win_rate }
}

#[test]
fn what_is_worth_most_of_what_is_scarce_comes_first() {
    let ledger = ledger(inventory());
    let numbers = |candidates: &[Candidate]| -> Vec<u64> {
        let ranked = rank(&ledger, candidates);
        ranked.into_iter().map(|one| candidates[one.candidate].order.dseq()).collect()
    };
    let (cheap, dear) = (candidate(21, "1", 1000, 1000), candidate(22, "2", 1000, 1000));
    let (long, fat) = (candidate(23, "1", 5000, 1000), candidate(24, "3", 1000, 4000));
    assert_eq!(numbers(&[cheap.clone(), fat, dear, long]), [23, 22, 21, 24]);
    let mut won = candidate(31, "1", 1000, 1000);
    won.win_rate = WinRate { won: 9, decided: 10 };
    let mut lost = candidate(32, "1", 1000, 1000);
    lost.win_rate = WinRate { won: 0, decided: 10 };
    assert_eq!(numbers(&[lost, cheap.clone(), won]), [31, 21, 32]);
    let mut older = candidate(41, "1", 1000, 1000);
    older.created_at = Height(0);
    let tie = candidate(11, "1", 1000, 1000);
    assert_eq!(numbers(&[cheap, tie, older]), [41, 11, 21]);
    let overflow = candidate(51, "100000000000000000000000000000000000000000", u64::MAX, 1000);
    assert_eq!(numbers(&[candidate(1, "1", 1, 1), overflow]), [51, 1]);
}

#[test]
fn limits_and_capacity_bound_the_choice() {
    let mut ledger = ledger(capacity::Inventory { cpu: Some(3000), ..inventory() });
    let candidates = [
        candidate(1, "9", 1000, 1000),
        candidate(2, "16", 1000, 2500),
        candidate(3, "8", 1000, 1000),
        candidate(4, "7", 1000, 1000),
        candidate(5, "6", 1000, 1000),
    ];
    let ranked = rank(&ledger, &candidates);
    let mut slots = Slots { per_minute: 10, per_hour: 100, in_flight: 5, open: 50, workloads: 99, held: false };
    let results = select(&mut ledger, &candidates, &ranked, &mut slots);
    let words: Vec<String> =
        results.iter().map(|result| result.as_ref().map_or_else(Reason::word, |()| "bid".to_owned())).collect();
    assert_eq!(words, ["bid", "short", "bid", "bid", "short"]);
    assert_eq!(slots, Slots { per_minute: 7, per_hour: 97, in_flight: 2, open: 47, workloads: 96, held: false });
    for (slots, word) in [
        (Slots { per_minute: 9, per_hour: 9, in_flight: 9, open: 9, workloads: 99, held: true }, "held"),
        (Slots { per_minute: 0, per_hour: 9, in_flight: 9, open: 9, workloads: 99, held: false }, "per_minute"),
        (Slots { per_minute: 0, per_hour: 0, in_flight: 9, open: 9, workloads: 99, held: false }, "per_hour"),
        (Slots { per_minute: 9, per_hour: 9, in_flight: 0, open: 9, workloads: 99, held: false }, "in_flight"),
        (Slots { per_minute: 0, per_hour: 0, in_flight: 0, open: 0, workloads: 99, held: false }, "open"),
    ] {
        let mut none = slots;
        let results = select(&mut ledger, &candidates[..1], &[Ranked { candidate: 0, score: Dec18::ONE }], &mut none);
        assert_eq!(results, [Err(Reason::NotChosen { rank: 1, limit: word.into() })]);
        assert_eq!(slots.left(), 0);
    }
}

proptest! {
    /// The same orders in any order give the same bids.
    #[test]
    fn the_choice_does_not_depend_on_the_order_of_the_book(
        shapes in proptest::collection::vec((1u64..5, 1u64..4, 1u64..5), 1..20),
        seed in any::<u64>(),
        slots in 0u64..12,
    ) {
        let candidates: Vec<Candidate> = shapes
            .iter()
            .enumerate()
            .map(|(place, (worth, blocks, cores))| {
                candidate(place as u64 + 1, &worth.to_string(), blocks * 100, cores * 1000)
            })
            .collect();
        let mut shuffled = candidates.clone();
        let mut state = seed;
        for place in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(place, usize::try_from(state >> 33).unwrap() % (place + 1));
        }
        let chosen = |candidates: &[Candidate]| {
            let mut ledger = ledger(capacity::Inventory { cpu: Some(12_000), ..inventory() });
            let mut slots = Slots { per_minute: slots, per_hour: 100, in_flight: 100, open: 100, workloads: 99, held: false };
            let ranked = rank(&ledger, candidates);
            let results = select(&mut ledger, candidates, &ranked, &mut slots);
            let chosen = candidates.iter().zip(results).filter(|(_, result)| result.is_ok());
            chosen.map(|(candidate, _)| candidate.order.clone()).collect::<std::collections::BTreeSet<_>>()
        };
        prop_assert_eq!(chosen(&candidates), chosen(&shuffled));
    }
}
