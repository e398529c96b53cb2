//! What fails, is ill or too large.

use super::*;

#[test]
fn what_fails_is_restarted_on_the_ladder_and_then_evicted() {
    let house = House::new();
    let lease = lease(7);
    let id = house.leased(&lease, 999);
    let crash = || house.back_end.within().set(&id, &UnitState::Exited { code: 1 });
    crash();
    let report = house.reconcile();
    assert_eq!((verbs(&report), house.state(&id)), (vec!["fail".to_owned()], State::Failed));
    assert!(report.held.iter().any(|held| matches!(held.why, WhyHeld::Backoff(_))));
    house.pass(Duration::from_secs(29));
    assert_eq!(verbs(&house.reconcile()), Vec::<String>::new());
    house.pass(Duration::from_secs(1));
    assert_eq!(verbs(&house.reconcile()), ["heal", "up"]);
    // It ran long enough: the ladder begins anew.
    house.pass(Duration::from_mins(10));
    assert_eq!(verbs(&house.reconcile()), ["settle"]);
    for wait in [30, 60] {
        crash();
        house.reconcile();
        house.pass(Duration::from_secs(wait));
        assert_eq!(verbs(&house.reconcile()), ["heal", "up"]);
    }
    crash();
    assert_eq!(verbs(&house.reconcile()), ["fail", "evict"]);
    let workload = house.one(&id);
    assert_eq!((workload.state, workload.eviction), (State::Failed, Some(EvictionReason::RepeatedFailures)));
    assert_eq!(*house.market.closed.borrow(), [(lease, ClosedReason::Unstable)]);
}

#[test]
fn who_outgrows_its_limits_again_is_evicted_for_that() {
    let house = House::alone();
    let id = house.own("hog", 1);
    house.reconcile();
    let killed = UnitState::Failed { reason: "out of memory".to_owned(), exhausted: true };
    house.back_end.within().set(&id, &killed);
    house.reconcile();
    house.pass(Duration::from_secs(30));
    assert_eq!(verbs(&house.reconcile()), ["heal", "up"]);
    house.back_end.within().set(&id, &killed);
    assert_eq!(verbs(&house.reconcile()), ["fail", "evict"]);
    assert_eq!(house.one(&id).eviction, Some(EvictionReason::ResourceExhaustion));
    assert_eq!(verbs(&house.reconcile()), Vec::<String>::new());
    // The operator gives it another chance.
    house.ask(&id, Wish::Resume);
    assert_eq!(verbs(&house.reconcile()), ["deploy", "up"]);
}

#[test]
fn a_workload_whose_checks_fail_is_restarted() {
    let house = House::alone();
    let probes = BTreeMap::from([("web".to_owned(), Probe::Tcp { port: 80 })]);
    let id = house.own_with("web", 1, &probes);
    house.reconcile();
    house.back_end.within().set_unwell(&id, Some("connection refused"));
    for _ in 0..2 {
        house.pass(Duration::from_secs(30));
        assert_eq!(verbs(&house.reconcile()), Vec::<String>::new());
        // Not more often than the interval.
        assert_eq!(verbs(&house.reconcile()), Vec::<String>::new());
    }
    // A check that could not be made counts for nothing.
    house.faults.fail(&[Operation::Check]);
    house.pass(Duration::from_secs(30));
    assert_eq!(verbs(&house.reconcile()), Vec::<String>::new());
    house.faults.heal();
    house.pass(Duration::from_secs(30));
    assert_eq!(verbs(&house.reconcile()), ["fail"]);
    let reason = house.one(&id).reason;
    assert_eq!(reason, Reason::Unhealthy { units: "web-0: connection refused".to_owned(), checks: 3 });
    house.back_end.within().set_unwell(&id, None);
    house.pass(Duration::from_secs(30));
    assert_eq!(verbs(&house.reconcile()), ["heal", "up"]);
    assert_eq!(house.calls(Operation::Stop), 1, "what runs and is ill is ended before it is started again");
}

#[test]
fn what_does_not_come_up_fails_with_a_reason_and_no_clock_runs_while_nobody_looks() {
    let house = House::alone();
    house.back_end.within().begin_as(UnitState::Starting);
    let id = house.own("slow", 1);
    house.reconcile();
    // The back end cannot be seen for an hour: its time begins anew.
    house.faults.fail(&[Operation::Observe]);
    house.pass(Duration::from_hours(1));
    house.reconcile();
    house.faults.heal();
    house.reconcile();
    assert_eq!(house.state(&id), State::Deploying);
    house.pass(Duration::from_mins(10));
    house.reconcile();
    assert_eq!(house.state(&id), State::Failed);
    assert!(matches!(house.one(&id).reason, Reason::DeployTimeout { limit: 600, .. }));
}

/// A restart frees nothing of a volume: who holds more than it ordered goes at once.
#[test]
fn who_holds_more_data_than_it_ordered_is_evicted() {
    let house = House::alone();
    let (hog, modest) = (house.own("hog", 1), house.own("modest", 1));
    house.reconcile();
    let mib = |number: u64| Bytes(number << 20);
    // 64 MiB were ordered, and file systems round up.
    house.back_end.within().store(&hog, mib(68));
    house.back_end.within().store(&modest, mib(64));
    assert_eq!(verbs(&house.reconcile()), Vec::<String>::new());
    house.back_end.within().store(&hog, mib(80));
    // Meters that cannot be read say nothing of anybody.
    house.faults.fail(&[Operation::Sample]);
    assert_eq!(verbs(&house.reconcile()), Vec::<String>::new());
    house.faults.heal();
    assert_eq!(house.plan(), ["evict"]);
    assert_eq!(verbs(&house.reconcile()), ["evict"]);
    let evicted = house.one(&hog);
    assert_eq!((evicted.eviction, house.state(&modest)), (Some(EvictionReason::ResourceExhaustion), State::Running));
    let said = evicted.reason.to_string();
    assert!(said.ends_with("short of resources: web-0 holds 80 MiB of data, and 64 MiB were ordered"), "{said}");
}
