//! How much may end.

use super::*;

#[test]
fn ends_stop_at_the_caps_of_the_run_and_of_the_hour() {
    let mut house = House::new();
    house.caps = Caps { terminations_per_run: 3, terminations_per_hour: 4, evictions_at_once: 1 };
    let leases: Vec<LeaseId> = (1..=6).map(lease).collect();
    house.chain(10, &leases.iter().map(|lease| (lease, Standing::Active, Some(99))).collect::<Vec<_>>());
    house.reconcile();
    let ids: Vec<WorkloadId> = leases.iter().map(|lease| house.manifest_for(lease, 1)).collect();
    house.reconcile();
    house.chain(11, &leases.iter().map(|lease| (lease, over(false), None)).collect::<Vec<_>>());
    let gone = || ids.iter().filter(|id| house.state(id) == State::Terminated).count();
    let report = house.reconcile();
    assert_eq!((gone(), report.capped(), report.outcome()), (3, true, Outcome::PartlyFailed));
    house.reconcile();
    assert_eq!(gone(), 4, "of the hour");
    house.pass(Duration::from_mins(61));
    let report = house.reconcile();
    assert_eq!((gone(), report.capped()), (6, false));
}

/// What the operator terminates spends nothing of what may end without anybody asking: not its close, not its end.
#[test]
fn an_operators_own_terminations_spend_no_cap() {
    let mut house = House::new();
    house.caps = Caps { terminations_per_run: 1, terminations_per_hour: 1, evictions_at_once: 1 };
    let leases: Vec<LeaseId> = (1..=4).map(lease).collect();
    house.chain(10, &leases.iter().map(|lease| (lease, Standing::Active, Some(99))).collect::<Vec<_>>());
    house.reconcile();
    let ids: Vec<WorkloadId> = leases.iter().map(|lease| house.manifest_for(lease, 1)).collect();
    let own: Vec<WorkloadId> = ["a", "b"].map(|name| house.own(name, 1)).into();
    house.reconcile();
    ids[..3].iter().chain(&own).for_each(|id| house.ask(id, Wish::Terminate));
    assert_eq!(house.reconcile().items.len(), 5);
    house.chain(11, &leases.iter().map(|lease| (lease, over(false), None)).collect::<Vec<_>>());
    let report = house.reconcile();
    assert_eq!((verbs(&report), report.capped()), (vec!["end".to_owned(); 4], false));
    assert!(ids.iter().all(|id| house.state(id) == State::Terminated));
}

/// Evictions are counted while they are under way, in whatever run they began; an end of another kind takes none of them.
#[test]
fn evictions_under_way_leave_no_room_for_more() {
    let mut house = House::new();
    house.caps = Caps { terminations_per_run: 9, terminations_per_hour: 9, evictions_at_once: 2 };
    let leases: Vec<LeaseId> = (1..=5).map(lease).collect();
    let facts = |paid: u64, ended: &[usize]| {
        let fact = |(place, lease)| {
            let standing = if ended.contains(&place) { over(false) } else { Standing::Active };
            (lease, standing, Some(paid))
        };
        leases.iter().enumerate().map(fact).collect::<Vec<_>>()
    };
    house.chain(10, &facts(99, &[]));
    house.reconcile();
    let ids: Vec<WorkloadId> = leases.iter().map(|lease| house.manifest_for(lease, 1)).collect();
    house.reconcile();
    house.chain(99, &facts(99, &[]));
    house.reconcile();
    house.pass(Duration::from_mins(11));
    // One has just ended: that is no eviction.
    house.chain(100, &facts(99, &[0]));
    let report = house.reconcile();
    let mut done = verbs(&report);
    done.sort();
    assert_eq!((done, report.capped()), (["end", "evict", "evict"].map(str::to_owned).into(), true));
    let evicted = || (0..5).filter(|place| house.one(&ids[*place]).eviction.is_some()).collect::<Vec<_>>();
    assert_eq!((verbs(&house.reconcile()), evicted().len()), (vec![], 2), "both are under way");
    house.chain(101, &facts(99, &[0, evicted()[0]]));
    let mut done = verbs(&house.reconcile());
    done.sort();
    assert_eq!((done, evicted().len()), (["end", "evict"].map(str::to_owned).into(), 3));
}
