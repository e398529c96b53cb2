//! What cannot be read changes nothing.

use super::*;

#[test]
fn what_is_unknown_changes_nothing() {
    let house = House::new();
    let leases: Vec<LeaseId> = (1..=5).map(lease).collect();
    let active: Vec<_> = leases.iter().map(|lease| (lease, Standing::Active, Some(1000))).collect();
    house.chain(10, &active);
    house.reconcile();
    let ids: Vec<WorkloadId> = leases.iter().map(|lease| house.manifest_for(lease, 1)).collect();
    house.reconcile();
    let running = || ids.iter().filter(|id| house.state(id) == State::Running).count();
    assert_eq!(running(), 5);

    // The back end fails every call, for hours, whatever the chain says meanwhile.
    house.faults.fail(&Operation::ALL);
    for _ in 0..20 {
        house.pass(Duration::from_mins(30));
        let report = house.reconcile();
        assert_eq!((report.outcome(), report.unknown.len()), (Outcome::PartlyFailed, 1));
        assert_eq!(verbs(&report), Vec::<String>::new());
    }
    house.chain(11, &leases.iter().map(|lease| (lease, over(false), None)).collect::<Vec<_>>());
    house.reconcile();
    assert_eq!((running(), house.calls(Operation::Stop), house.calls(Operation::Remove)), (5, 0, 0));

    // The back end is there again; now no node answers, or the chain has forgotten, or contradicts itself.
    house.faults.heal();
    *house.market.says.borrow_mut() = None;
    house.reconcile();
    house.chain(12, &[]);
    house.reconcile();
    house.chain(12, &leases.iter().map(|lease| (lease, Standing::NotFound, None)).collect::<Vec<_>>());
    house.reconcile();
    house.chain(12, &leases.iter().map(|lease| (lease, Standing::Unread, None)).collect::<Vec<_>>());
    house.reconcile();
    assert_eq!((running(), house.calls(Operation::Stop), house.calls(Operation::Remove)), (5, 0, 0));
    assert_eq!(*house.market.closed.borrow(), []);
}

/// A single operation that fails while others work: nothing ends that should not, and what should end ends afterwards.
#[test]
fn each_operation_may_fail_alone_or_lose_its_answer() {
    for operation in Operation::ALL {
        for lost in [false, true] {
            let house = House::new();
            let (going, staying) = (lease(1), lease(2));
            house.chain(10, &[(&going, Standing::Active, Some(99)), (&staying, Standing::Active, Some(99))]);
            let fail = |house: &House| {
                if lost { house.faults.lose_answers(&[operation]) } else { house.faults.fail(&[operation]) }
            };
            house.reconcile();
            let (one, other) = (house.manifest_for(&going, 1), house.manifest_for(&staying, 1));
            fail(&house);
            house.reconcile();
            house.faults.heal();
            house.reconcile();
            assert_eq!(house.state(&one), State::Running, "{operation:?} {lost}");
            fail(&house);
            house.chain(11, &[(&going, over(false), None), (&staying, Standing::Active, Some(99))]);
            house.reconcile();
            house.faults.heal();
            house.reconcile();
            let states = (house.state(&one), house.state(&other));
            assert_eq!(states, (State::Terminated, State::Running), "{operation:?} {lost}");
            assert_eq!(house.plan(), Vec::<String>::new(), "{operation:?} {lost}");
            let kept = house.store.read("test", |snapshot| samples::of(snapshot, &one)).unwrap();
            assert_eq!(kept.len(), 1, "{operation:?} {lost}");
        }
    }
}
