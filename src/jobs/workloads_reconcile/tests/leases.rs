//! Leases: the story of one, and how they end.

use super::*;

#[test]
fn the_story_of_a_lease() {
    let house = House::new();
    let lease = lease(7);
    house.chain(100, &[(&lease, Standing::Active, Some(200))]);
    assert_eq!(verbs(&house.reconcile()), ["open"]);
    let id = house.manifest_for(&lease, 1);
    house.reconcile();
    assert_eq!(house.state(&id), State::Running);
    house.pass(Duration::from_mins(1));
    // The last block that is paid for.
    house.chain(199, &[(&lease, Standing::Active, Some(200))]);
    assert_eq!(verbs(&house.reconcile()), Vec::<String>::new());
    house.chain(200, &[(&lease, Standing::Active, Some(200))]);
    house.reconcile();
    assert_eq!(house.state(&id), State::Paused);
    assert_eq!(house.one(&id).reason, Reason::FundsEnded { paid_until: 200, height: 200 });
    assert_eq!(verbs(&house.reconcile()), Vec::<String>::new());
    house.chain(201, &[(&lease, Standing::Active, Some(400))]);
    house.reconcile();
    assert_eq!(house.state(&id), State::Running);
    house.pass(Duration::from_mins(1));
    house.chain(250, &[(&lease, over(false), None)]);
    house.reconcile();
    assert_eq!(
        house.states(&id),
        ["pending", "deploying", "running", "paused", "running", "stopping", "stopped", "terminated"]
    );
    let last = house.store.read("test", |snapshot| samples::of(snapshot, &id)).unwrap();
    assert_eq!(last.len(), 1, "its final usage is kept");
    assert_eq!(last[0].meters.cpu, Duration::from_mins(2));
    assert_eq!(verbs(&house.reconcile()), Vec::<String>::new());
}

#[test]
fn an_overdrawn_lease_is_over_for_good() {
    let house = House::new();
    let lease = lease(7);
    let id = house.leased(&lease, 101);
    house.chain(101, &[(&lease, Standing::Active, Some(101))]);
    house.reconcile();
    assert_eq!(house.state(&id), State::Paused);
    house.chain(102, &[(&lease, over(true), None)]);
    house.reconcile();
    assert_eq!(house.one(&id).reason, Reason::LeaseOver { state: "closed".to_owned(), overdrawn: true });
    assert_eq!(house.state(&id), State::Terminated);
}

#[test]
fn without_funds_for_long_it_is_evicted_and_its_lease_closed() {
    let house = House::new();
    let lease = lease(7);
    let id = house.leased(&lease, 101);
    house.chain(101, &[(&lease, Standing::Active, Some(101))]);
    house.reconcile();
    house.pass(Duration::from_mins(11));
    assert_eq!(verbs(&house.reconcile()), ["evict"]);
    assert_eq!(*house.market.closed.borrow(), [(lease.clone(), ClosedReason::Unspecified)]);
    let workload = house.one(&id);
    assert_eq!((workload.state, workload.eviction), (State::Stopped, Some(EvictionReason::LeaseExpired)));
    // Until the chain says so it waits; then it goes.
    assert_eq!(verbs(&house.reconcile()), Vec::<String>::new());
    house.chain(105, &[(&lease, over(false), None)]);
    assert_eq!(verbs(&house.reconcile()), ["end"]);
    assert_eq!(house.market.closed.borrow().len(), 1);
}

#[test]
fn an_operators_end_of_a_leased_workload_closes_its_lease_first() {
    let house = House::new();
    let lease = lease(7);
    let id = house.leased(&lease, 999);
    house.ask(&id, Wish::Terminate);
    assert_eq!(verbs(&house.reconcile()), ["evict"]);
    assert_eq!(*house.market.closed.borrow(), [(lease.clone(), ClosedReason::Decommission)]);
    assert_eq!(verbs(&house.reconcile()), Vec::<String>::new());
    assert_eq!(house.state(&id), State::Stopped);
    house.chain(101, &[(&lease, over(false), None)]);
    house.reconcile();
    assert_eq!(house.state(&id), State::Terminated);
}

#[test]
fn a_manifest_that_does_not_come_closes_the_lease() {
    let house = House::new();
    let lease = lease(7);
    house.chain(100, &[(&lease, Standing::Active, Some(999))]);
    house.reconcile();
    house.pass(Duration::from_mins(4));
    // The chain cannot be read for a while: the limit begins anew.
    *house.market.says.borrow_mut() = None;
    house.reconcile();
    house.pass(Duration::from_mins(4));
    house.chain(101, &[(&lease, Standing::Active, Some(999))]);
    assert_eq!(verbs(&house.reconcile()), Vec::<String>::new());
    house.pass(Duration::from_mins(5));
    assert_eq!(verbs(&house.reconcile()), ["close_lease"]);
    assert_eq!(*house.market.closed.borrow(), [(lease.clone(), ClosedReason::ManifestTimeout)]);
    assert_eq!(verbs(&house.reconcile()), Vec::<String>::new());
    house.chain(102, &[(&lease, over(false), None)]);
    house.reconcile();
    assert_eq!(house.state(&WorkloadId::of_lease(&lease)), State::Terminated);
}

#[test]
fn a_manifest_of_another_version_does_not_run() {
    let house = House::new();
    let lease = lease(7);
    house.chain(100, &[(&lease, Standing::Active, Some(999))]);
    house.reconcile();
    let id = house.manifest_for(&lease, 2);
    assert_eq!(verbs(&house.reconcile()), Vec::<String>::new());
    assert_eq!(house.state(&id), State::Pending);
    house.manifest_for(&lease, 1);
    assert_eq!(verbs(&house.reconcile()), ["deploy", "up"]);
}

/// A close that the chain refused, or that a person gave up, is told at every run; nothing is closed again by itself.
#[test]
fn a_close_that_came_to_nothing_is_told_until_somebody_decides() {
    let house = House::new();
    let lease = lease(7);
    let id = house.leased(&lease, 101);
    house.chain(101, &[(&lease, Standing::Active, Some(101))]);
    house.reconcile();
    house.pass(Duration::from_mins(11));
    assert_eq!(verbs(&house.reconcile()), ["evict"]);
    assert_eq!(house.reconcile().outcome(), Outcome::Done, "its close is on its way");
    house.market.undone.borrow_mut().insert(lease.clone(), "abandoned: by a person".to_owned());
    for _ in 0..2 {
        let report = house.reconcile();
        assert_eq!((verbs(&report), report.outcome()), (vec![], Outcome::PartlyFailed));
        let said = report.held[0].why.to_string();
        assert!(said.contains("came to nothing (abandoned: by a person): `provider tx retry 12`"), "{said}");
        assert!(said.contains("`provider workloads terminate`") && said.contains("`provider workloads resume`"));
    }
    assert_eq!(house.market.closed.borrow().len(), 1);
    // Whoever wants its end wants the close anew, once. (The outbox has nothing of the fake's close: it came to nothing.)
    house.ask(&id, Wish::Terminate);
    house.market.undone.borrow_mut().clear();
    assert_eq!(verbs(&house.reconcile()), ["evict"]);
    assert_eq!(
        *house.market.closed.borrow(),
        [(lease.clone(), ClosedReason::Unspecified), (lease.clone(), ClosedReason::Decommission)]
    );
    assert_eq!(house.reconcile().outcome(), Outcome::Done);
    // Or it goes on, with its money back.
    house.market.undone.borrow_mut().insert(lease.clone(), "refused".to_owned());
    house.ask(&id, Wish::Resume);
    house.chain(102, &[(&lease, Standing::Active, Some(200))]);
    assert_eq!(verbs(&house.reconcile()), ["deploy", "up"]);
}

/// A tenant pays for what its back end refuses: that is told at once, and after the time of an eviction the lease is closed.
#[test]
fn a_leased_workload_that_is_refused_is_told_and_then_closed() {
    let house = House::new();
    let lease = lease(7);
    house.chain(100, &[(&lease, Standing::Active, Some(999))]);
    house.reconcile();
    let id = house.manifest_for(&lease, 1);
    house.faults.refuse(&[Operation::Ensure]);
    house.reconcile();
    assert!(matches!(house.one(&id).reason, Reason::DeployRefused { .. }));
    let report = house.reconcile();
    assert_eq!((verbs(&report), report.outcome()), (vec![], Outcome::PartlyFailed));
    let said = report.held[0].why.to_string();
    assert!(said.contains("`provider workloads restart`") && said.contains("its lease is closed from"), "{said}");
    house.pass(Duration::from_mins(9));
    assert_eq!(verbs(&house.reconcile()), Vec::<String>::new());
    house.pass(Duration::from_mins(1));
    assert_eq!(verbs(&house.reconcile()), ["evict"]);
    assert_eq!(house.one(&id).eviction, Some(EvictionReason::RepeatedFailures));
    assert_eq!(*house.market.closed.borrow(), [(lease, ClosedReason::Unstable)]);
}

/// What runs for a lease that the chain does not know is never touched, and never silent.
#[test]
fn who_runs_for_a_lease_that_nobody_knows_is_told() {
    let house = House::new();
    let lease = lease(7);
    let id = house.leased(&lease, 999);
    let fresh = House { store: Store::in_memory().unwrap(), ..house };
    fresh.chain(101, &[(&lease, Standing::NotFound, None)]);
    assert_eq!(verbs(&fresh.reconcile()), ["adopt"]);
    let report = fresh.reconcile();
    assert_eq!((verbs(&report), report.outcome()), (vec![], Outcome::PartlyFailed));
    assert_eq!((fresh.state(&id), &report.held[0].why), (State::Running, &WhyHeld::LeaseNotFound));
    // The operator knows that it is nobody's.
    fresh.ask(&id, Wish::Terminate);
    assert_eq!(verbs(&fresh.reconcile()), ["end"]);
    assert_eq!(fresh.state(&id), State::Terminated);
}

/// What counts is the manifest that the chain names, not that some manifest came.
#[test]
fn a_manifest_that_is_not_the_one_on_chain_is_waited_for_so_long() {
    for comes in [true, false] {
        let house = House::new();
        let lease = lease(7);
        let names_another = || {
            house.chain(100, &[(&lease, Standing::Active, Some(900))]);
            let mut says = house.market.says.borrow_mut();
            says.as_mut().unwrap().leases.get_mut(&lease).unwrap().revision = Some(Revision([2; 32]));
        };
        names_another();
        assert_eq!(verbs(&house.reconcile()), ["open"]);
        // It came long after the lease was made, and the tenant had changed its mind by then.
        house.pass(Duration::from_mins(4));
        let id = house.manifest_for(&lease, 1);
        assert_eq!(verbs(&house.reconcile()), Vec::<String>::new());
        house.pass(Duration::from_mins(4));
        assert_eq!(verbs(&house.reconcile()), Vec::<String>::new(), "its time began when it was first missed");
        if comes {
            house.manifest_for(&lease, 2);
            assert_eq!(verbs(&house.reconcile())[0], "deploy");
        } else {
            house.pass(Duration::from_mins(2));
            assert_eq!(house.plan().len(), 1, "a rehearsal says the same");
            assert_eq!(verbs(&house.reconcile()), ["close_lease"]);
            assert_eq!(*house.market.closed.borrow(), [(lease.clone(), ClosedReason::ManifestTimeout)]);
            assert!(house.one(&id).closing);
        }
    }
}

/// The notice that was given for a lease is the only time that both sides agree on.
#[test]
fn a_lease_whose_notice_is_over_is_evicted() {
    let house = House::new();
    let lease = lease(7);
    let id = house.leased(&lease, 900);
    let ends = house.now() + Duration::from_mins(10);
    house.market.says.borrow_mut().as_mut().unwrap().leases.get_mut(&lease).unwrap().agreed_until = Some(ends);
    house.pass(Duration::from_mins(9));
    assert_eq!(verbs(&house.reconcile()), Vec::<String>::new());
    house.pass(Duration::from_mins(1));
    assert_eq!(verbs(&house.reconcile()), ["evict"]);
    let workload = house.one(&id);
    assert_eq!((workload.eviction, workload.closing), (Some(EvictionReason::LeaseExpired), true));
    assert_eq!(house.market.closed.borrow().len(), 1);
}
