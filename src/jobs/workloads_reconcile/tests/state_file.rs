//! The state file: lost, pruned, and large.

use super::*;

#[test]
fn a_fresh_state_file_takes_over_what_runs() {
    let house = House::new();
    let lease = lease(7);
    house.chain(100, &[(&lease, Standing::Active, Some(999))]);
    house.reconcile();
    let id = house.manifest_for(&lease, 1);
    let own = house.own("mine", 1);
    house.reconcile();
    let fresh = House { store: Store::in_memory().unwrap(), ..house };
    assert_eq!(verbs(&fresh.reconcile()), ["adopt", "adopt"]);
    assert_eq!((fresh.state(&id), fresh.state(&own)), (State::Running, State::Running));
    assert_eq!(fresh.one(&id).revision, Some(Revision([1; 32])));
    assert_eq!(fresh.calls(Operation::Ensure), 2, "nothing is deployed twice");
    fresh.chain(101, &[(&lease, over(false), None)]);
    assert_eq!(verbs(&fresh.reconcile()), ["end"]);
    // What is over in the state file and comes back from nowhere is swept.
    let spec_again = fresh.one(&id);
    fresh.back_end.within().begin_as(UnitState::Running);
    assert_eq!(spec_again.state, State::Terminated);
}

#[test]
fn what_was_paused_before_the_state_file_was_lost_stays_so_until_somebody_knows_better() {
    let house = House::new();
    let lease = lease(7);
    house.chain(100, &[(&lease, Standing::Active, Some(999))]);
    house.reconcile();
    let id = house.manifest_for(&lease, 1);
    let own = house.own("mine", 1);
    house.reconcile();
    house.ask(&own, Wish::Pause);
    house.chain(1000, &[(&lease, Standing::Active, Some(999))]);
    house.reconcile();
    assert_eq!((house.state(&id), house.state(&own)), (State::Paused, State::Paused));
    let fresh = House { store: Store::in_memory().unwrap(), ..house };
    *fresh.market.says.borrow_mut() = None;
    for _ in 0..3 {
        fresh.reconcile();
        assert_eq!((fresh.state(&id), fresh.state(&own)), (State::Paused, State::Paused));
    }
    // Nobody knows how they are run: a restart would end them for good.
    let restart = ask(&fresh.store, &own, Wish::Restart, None, operator(), fresh.now());
    assert!(matches!(restart, Err(crate::jobs::workloads_ask::Error::NoManifest { .. })), "{restart:?}");
    fresh.ask(&own, Wish::Resume);
    fresh.chain(1001, &[(&lease, Standing::Active, Some(2000))]);
    assert_eq!(verbs(&fresh.reconcile()), ["resume", "resume"]);
    assert_eq!(fresh.one(&id).reason, Reason::FundsReturned { paid_until: 2000, height: 1001 });
}

#[test]
fn what_is_over_keeps_no_manifest_and_is_forgotten_after_its_time() {
    let house = House::alone();
    let (over, lives) = (house.own("over", 1), house.own("lives", 1));
    house.reconcile();
    house.own("lives", 2);
    house.reconcile();
    let manifest = |id: &WorkloadId, revision: u8| {
        let revision = Revision([revision; 32]);
        house.store.read("test", |snapshot| manifests::one(snapshot, id, revision)).unwrap().is_some()
    };
    assert!(manifest(&over, 1) && !manifest(&lives, 1) && manifest(&lives, 2), "only what is deployed is kept");
    ask(&house.store, &over, Wish::Terminate, None, operator(), house.now()).unwrap();
    house.reconcile();
    assert_eq!((house.state(&over), manifest(&over, 1)), (State::Terminated, false));
    let known = |id: &WorkloadId| {
        let known = house.store.read("test", |snapshot| {
            Ok::<_, store::Error>((workloads::one(snapshot, id)?.is_some(), samples::of(snapshot, id)?.len()))
        });
        known.unwrap()
    };
    let prune = || house.store.prune(&store::Retention::default(), house.now(), &|| false).unwrap();
    prune();
    assert_eq!((known(&over), known(&lives)), ((true, 1), (true, 1)), "the last meters of what ended or was replaced");
    house.pass(Duration::from_hours(91 * 24));
    let gone = prune().into_iter().filter(|pruned| pruned.table != "job_runs" && pruned.rows > 0);
    let gone: Vec<_> = gone.map(|pruned| (pruned.table, pruned.rows)).collect();
    assert_eq!(gone, [("workloads", 1), ("final_samples", 1)]);
    assert_eq!((known(&over), known(&lives)), ((false, 0), (true, 1)));
}

/// Steady state: the number of calls does not depend on how many workloads there are, and nothing is written for each.
#[test]
fn ten_thousand_workloads_in_steady_state_cost_a_constant_number_of_calls() {
    let house = House::alone();
    let manifest = manifest("here");
    let stamp = Stamp { at: house.now(), actor: operator(), run: None };
    house
        .store
        .write("test", |change| {
            for number in 0..10_000 {
                let id = WorkloadId::of_operator(&format!("w{number}")).unwrap();
                let revision = Revision([1; 32]);
                let spec = crate::domain::workload::Spec {
                    id: id.clone(),
                    owner: crate::domain::workload::Owner::Operator,
                    revision,
                    group: manifest.groups[0].clone(),
                    probes: BTreeMap::new(),
                };
                // It does so at once, whoever waits for it or does not.
                drop(crate::adapters::Adapter::ensure(house.back_end.within(), &spec));
                let workload = Workload {
                    id,
                    owner: spec.owner.clone(),
                    adapter: Some("simulated".to_owned()),
                    state: State::Running,
                    since: house.now(),
                    reason: Reason::UnitsRunning { units: 1 },
                    created: house.now(),
                    revision: Some(revision),
                    deployed: Some(revision),
                    services: vec![("web".to_owned(), 1)],
                    has_manifest: true,
                    handle: None,
                    hold: None,
                    restart: false,
                    restarts: heal::Restarts::default(),
                    failed_checks: 0,
                    eviction: None,
                    closing: false,
                };
                workloads::create(change, &workload, &stamp)?;
            }
            Ok::<_, store::Error>(())
        })
        .unwrap();
    let before = house.faults.calls();
    let report = house.reconcile();
    assert_eq!((report.items.len(), report.workloads, report.outcome()), (0, 10_000, Outcome::Done));
    let after = house.faults.calls();
    let made: u64 = after.values().sum::<u64>() - before.values().sum::<u64>();
    assert_eq!(made, 2, "one look at the back end, and one at all meters: {after:?}");
}
