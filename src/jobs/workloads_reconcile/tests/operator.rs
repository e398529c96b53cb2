//! What the operator wants.

use super::*;

#[test]
fn a_workload_comes_up_and_then_there_is_nothing_to_do() {
    let house = House::alone();
    let id = house.own("web", 1);
    assert_eq!(house.plan(), ["deploy"]);
    let report = house.reconcile();
    assert_eq!((verbs(&report), report.outcome()), (vec!["deploy".to_owned(), "up".to_owned()], Outcome::Done));
    assert_eq!(house.states(&id), ["pending", "deploying", "running"]);
    assert_eq!(house.plan(), Vec::<String>::new());
    let before = house.calls(Operation::Ensure);
    assert_eq!(verbs(&house.reconcile()), Vec::<String>::new());
    assert_eq!(house.calls(Operation::Ensure), before);
}

#[test]
fn an_operators_stop_outlives_reconcile_until_resumed() {
    let house = House::alone();
    let id = house.own("web", 1);
    house.reconcile();
    house.ask(&id, Wish::Stop { forced: false });
    assert_eq!(verbs(&house.reconcile()), ["stop"]);
    for _ in 0..3 {
        house.pass(Duration::from_hours(1));
        assert_eq!(verbs(&house.reconcile()), Vec::<String>::new());
    }
    assert_eq!(house.state(&id), State::Stopped);
    // A pause would start it to hold it still.
    let pause = ask(&house.store, &id, Wish::Pause, None, operator(), house.now());
    assert_eq!(pause.unwrap_err().to_string(), "workload o-web is to be stopped; pause would undo that");
    // Somebody starts it behind our back: it is stopped again.
    house.back_end.within().set(&id, &UnitState::Running);
    assert_eq!(verbs(&house.reconcile()), ["repair"]);
    house.ask(&id, Wish::Resume);
    assert_eq!(verbs(&house.reconcile()), ["deploy", "up"]);
    house.ask(&id, Wish::Pause);
    assert_eq!(verbs(&house.reconcile()), ["pause"]);
    house.back_end.within().set(&id, &UnitState::Running);
    assert_eq!(verbs(&house.reconcile()), ["repair"]);
    house.ask(&id, Wish::Resume);
    assert_eq!(verbs(&house.reconcile()), ["resume"]);
    house.ask(&id, Wish::Restart);
    assert_eq!(verbs(&house.reconcile()), ["restart", "deploy", "up"]);
    house.ask(&id, Wish::Terminate);
    assert_eq!(verbs(&house.reconcile()), ["end"]);
    assert_eq!(house.state(&id), State::Terminated);
    assert!(ask(&house.store, &id, Wish::Resume, None, operator(), house.now()).is_err());
}

#[test]
fn in_maintenance_nothing_new_starts_and_nothing_is_given_up() {
    let house = House::new();
    let (old, new) = (lease(1), lease(2));
    house.chain(100, &[(&old, Standing::Active, Some(999))]);
    house.reconcile();
    let running = house.manifest_for(&old, 1);
    house.reconcile();
    let stamp = Stamp { at: house.now(), actor: operator(), run: None };
    house.store.write("test", |change| history::drain(change, Some("new disks"), &stamp)).unwrap();
    house.chain(101, &[(&old, Standing::Active, Some(999)), (&new, Standing::Active, Some(999))]);
    house.reconcile();
    let waiting = house.manifest_for(&new, 1);
    let report = house.reconcile();
    assert!(report.held.iter().any(|held| held.why == WhyHeld::Draining("new disks".to_owned())));
    for _ in 0..8 {
        house.back_end.within().set(&running, &UnitState::Exited { code: 1 });
        house.reconcile();
        house.pass(Duration::from_hours(1));
        house.reconcile();
    }
    assert_eq!(*house.market.closed.borrow(), []);
    house.store.write("test", |change| history::drain(change, None, &stamp)).unwrap();
    house.reconcile();
    assert_eq!(house.state(&waiting), State::Running);
}

#[test]
fn another_manifest_is_rolled_out_and_a_bad_one_leaves_what_runs() {
    let house = House::alone();
    let id = house.own("web", 1);
    house.reconcile();
    house.own("web", 2);
    assert_eq!(verbs(&house.reconcile()), ["update"]);
    assert_eq!((house.state(&id), house.one(&id).deployed), (State::Running, Some(Revision([2; 32]))));
    house.own("web", 3);
    house.faults.fail(&[Operation::Ensure]);
    let report = house.reconcile();
    assert!(matches!(report.items[0].end, End::Failed(_)));
    assert_eq!((house.state(&id), house.one(&id).deployed), (State::Running, Some(Revision([2; 32]))));
    house.faults.heal();
    assert_eq!(verbs(&house.reconcile()), ["update"]);
}

/// What a wish would do is planned with the wish, and nothing of it is written.
#[test]
fn a_wish_is_rehearsed_with_the_wish() {
    let house = House::alone();
    let id = house.own("web", 1);
    house.reconcile();
    for (wish, step) in [
        (Wish::Pause, "pause"),
        (Wish::Stop { forced: true }, "stop"),
        (Wish::Restart, "restart"),
        (Wish::Terminate, "end"),
    ] {
        let supposed = crate::jobs::workloads_ask::rehearse(&house.store, &id, wish).unwrap();
        let report = house.with(async |request, given| rehearse(request, given, Some(supposed)).await.unwrap());
        assert_eq!(verbs(&report), [step]);
    }
    assert_eq!((house.state(&id), house.plan()), (State::Running, vec![]));
    let nobody = WorkloadId::of_operator("nobody").unwrap();
    assert!(crate::jobs::workloads_ask::rehearse(&house.store, &nobody, Wish::Pause).is_err());
}

/// The same manifest brought again is another try of what a back end refused.
#[test]
fn a_refused_manifest_that_is_brought_again_is_tried_again() {
    let house = House::alone();
    house.faults.refuse(&[Operation::Ensure]);
    let id = house.own("web", 1);
    house.reconcile();
    house.faults.heal();
    house.pass(Duration::from_hours(1));
    let report = house.reconcile();
    assert_eq!((verbs(&report), report.outcome()), (vec![], Outcome::Done), "nobody pays for it");
    assert!(report.held[0].why.to_string().contains("`provider workloads restart`"));
    house.own("web", 1);
    assert_eq!(verbs(&house.reconcile()), ["deploy", "up"]);
    assert_eq!(house.state(&id), State::Running);
}
