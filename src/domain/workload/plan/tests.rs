//! The plan over every combination of what may be known: properties that hold whatever the rules say.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::domain::height::Height;
use crate::domain::id::LeaseId;
use crate::domain::workload::heal::Restarts;
use crate::domain::workload::{EvictionReason, Handle, Hold, Reading, Reason, Revision, Unit, UnitState, heal, health};

fn lease() -> LeaseId {
    let text = "ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw/28/1/2/ve18u2t7lt8zchhhc2tj3yq6yqq56j68mja3xe3gg";
    LeaseId::parse(text, "ve").unwrap()
}

fn rules() -> Rules {
    let minutes = Duration::from_mins;
    Rules {
        max_concurrent: 10,
        manifest_timeout: minutes(5),
        deploy_timeout: minutes(10),
        health: health::Rules { interval: minutes(1), timeout: minutes(1), retries: 3 },
        heal: heal::Rules { enabled: true, max_restarts: 2, delay: minutes(1), stable_after: minutes(10) },
        eviction: EvictionRules { reasons: EvictionReason::ALL.into_iter().collect(), timeout: minutes(10) },
        draining: None,
    }
}

/// What a back end that answers runs of the workload: a unit, or nothing.
type Runs = Option<UnitState>;

/// What the chain and the back end are found to be.
#[derive(Debug, Clone)]
struct Case {
    workload: Workload,
    chain: Option<(Standing, Option<u64>)>,
    back_end: Option<Runs>,
    minutes: u32,
    draining: bool,
}

fn states() -> impl Strategy<Value = UnitState> {
    prop_oneof![
        Just(UnitState::Starting),
        Just(UnitState::Running),
        Just(UnitState::Paused),
        Just(UnitState::Exited { code: 1 }),
        Just(UnitState::Failed { reason: "oom".to_owned(), exhausted: true }),
    ]
}

fn cases() -> impl Strategy<Value = Case> {
    let standing = prop_oneof![
        Just(Standing::Active),
        Just(Standing::Over { state: "closed".to_owned(), overdrawn: false }),
        Just(Standing::NotFound),
        Just(Standing::Unread),
    ];
    let hold = prop_oneof![
        Just(None),
        Just(Some(Hold::Paused)),
        Just(Some(Hold::Stopped { forced: false })),
        Just(Some(Hold::Terminated)),
    ];
    let reason = prop_oneof![
        Just(Reason::Adopted),
        Just(Reason::FundsEnded { paid_until: 1, height: 2 }),
        Just(Reason::Exhausted { units: "web-0".to_owned() }),
    ];
    let workload =
        (0..State::ALL.len(), any::<bool>(), any::<bool>(), any::<bool>(), hold, reason, 0_u32..4, any::<bool>());
    let workload = workload.prop_map(|(state, tenant, manifest, restart, hold, reason, count, closing)| Workload {
        id: WorkloadId::of_lease(&lease()),
        owner: if tenant { Owner::Lease(lease()) } else { Owner::Operator },
        adapter: (State::ALL[state] != State::Pending).then(|| "one".to_owned()),
        state: State::ALL[state],
        since: Timestamp::UNIX_EPOCH,
        reason,
        created: Timestamp::UNIX_EPOCH,
        revision: manifest.then_some(Revision([1; 32])),
        deployed: Some(Revision([1; 32])).filter(|_| State::ALL[state] != State::Pending),
        services: vec![("web".to_owned(), 1)],
        has_manifest: manifest,
        handle: None,
        hold,
        restart,
        restarts: Restarts { count, last: None },
        failed_checks: count,
        eviction: None,
        closing,
    });
    let chain = proptest::option::of((standing, proptest::option::of(0_u64..200)));
    let back_end = proptest::option::of(proptest::option::of(states()));
    (workload, chain, back_end, 0_u32..100, any::<bool>()).prop_map(|(workload, chain, back_end, minutes, draining)| {
        Case { workload, chain, back_end, minutes, draining }
    })
}

fn planned(case: &Case) -> Plan {
    let mut rules = rules();
    rules.draining = case.draining.then(|| "disks".to_owned());
    let now = Timestamp::UNIX_EPOCH.checked_add(Duration::from_mins(u64::from(case.minutes))).unwrap();
    let chain = match &case.chain {
        None => Reading::Unknown("no node answers".to_owned()),
        Some((standing, paid_until)) => {
            let fact = LeaseFact {
                id: lease(),
                standing: standing.clone(),
                revision: Some(Revision([1; 32])),
                paid_until: paid_until.map(Height),
                agreed_until: None,
                wanted_since: None,
            };
            let leases = BTreeMap::from([(lease(), fact)]);
            Reading::Known(ChainFacts { height: Height(100), readable_since: Timestamp::UNIX_EPOCH, leases })
        }
    };
    let observed = case.back_end.clone().flatten().map(|state| Observed {
        id: case.workload.id.clone(),
        owner: case.workload.owner.clone(),
        revision: Revision([1; 32]),
        handle: Handle { version: 1, data: String::new() },
        units: vec![Unit {
            service: "web".to_owned(),
            replica: 0,
            revision: Revision([1; 32]),
            state,
            since: None,
            endpoints: vec![],
        }],
    });
    let back_end = match &case.back_end {
        None => Reading::Unknown("it does not answer".to_owned()),
        Some(_) => Reading::Known(BackEnd {
            readable_since: Timestamp::UNIX_EPOCH,
            can_pause: true,
            observed: observed.iter().map(|observed| (&observed.id, observed)).collect::<HashMap<_, _>>(),
            checks: HashMap::new(),
            outgrown: HashMap::new(),
        }),
    };
    let back_ends = BTreeMap::from([("one".to_owned(), back_end)]);
    let workloads = [case.workload.clone()];
    plan(&World {
        now,
        rules: &rules,
        budget: Budget { terminations: 1, deploys: 1, evictions: 1 },
        workloads: &workloads,
        chain: &chain,
        back_ends: &back_ends,
        undone: &BTreeMap::new(),
    })
}

/// The steps that take something away from a tenant.
fn takes(step: &Step) -> bool {
    step.verb.ends() || matches!(step.verb, Verb::Stop { .. } | Verb::Pause | Verb::Restart)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    /// Nothing is taken away because something is unknown: only the operator, or the chain, says so.
    #[test]
    fn nothing_is_taken_away_on_unknown(case in cases()) {
        let plan = planned(&case);
        let tenant = case.workload.owner.is_tenant();
        let over = matches!(&case.chain, Some((Standing::Over { .. }, _)));
        let active = matches!(&case.chain, Some((Standing::Active, _)));
        for step in plan.steps.iter().filter(|step| takes(step)) {
            prop_assert!(case.back_end.is_some() || case.workload.adapter.is_none(), "{step:?}");
            let by_operator = matches!(step.reason, Reason::Operator { .. }) || case.workload.hold.is_some();
            // What was begun with good reason is finished.
            let begun = case.workload.state == State::Stopping || case.workload.closing;
            let asked = by_operator || begun || case.workload.restart;
            prop_assert!(!tenant || over || active || asked, "{case:?}: {step:?}");
            if tenant && matches!(step.verb, Verb::End) {
                let nobodys = matches!(&case.chain, Some((Standing::NotFound, _)));
                let terminated = nobodys && case.workload.hold == Some(Hold::Terminated);
                prop_assert!(over || terminated, "{case:?}: {step:?}");
            }
        }
    }

    /// Who waits for the end of a lease starts nothing of it.
    #[test]
    fn nothing_starts_while_its_lease_is_closed(case in cases()) {
        let case = Case { workload: Workload { closing: true, ..case.workload.clone() }, ..case };
        for step in planned(&case).steps {
            prop_assert!(!matches!(step.verb, Verb::Deploy { .. } | Verb::Resume | Verb::Update), "{case:?}: {step:?}");
        }
    }

    /// In maintenance nobody's workload is given up, and none is started for the first time.
    #[test]
    fn maintenance_starts_nothing_and_gives_nothing_up(case in cases()) {
        let case = Case { draining: true, ..case };
        for step in planned(&case).steps {
            let first = case.workload.state == State::Pending && matches!(step.verb, Verb::Deploy { .. });
            prop_assert!(!first, "{case:?}");
            let gives_up = matches!(
                step.reason,
                Reason::Evicted { eviction: EvictionReason::RepeatedFailures | EvictionReason::ResourceExhaustion, .. }
                    | Reason::ManifestTimeout { .. }
            );
            prop_assert!(!gives_up, "{case:?}: {step:?}");
        }
    }

    /// Every step is one that the state machine has.
    #[test]
    fn each_step_is_legal(case in cases()) {
        use crate::domain::workload::Event;
        for step in planned(&case).steps {
            let from = case.workload.state;
            let legal = match step.verb {
                Verb::Deploy { .. } => from.next(Event::Deploy).is_ok(),
                Verb::Up => from.next(Event::Up).is_ok(),
                Verb::Fail => from.next(Event::Fail).is_ok(),
                Verb::Pause => from.next(Event::Pause).is_ok(),
                Verb::Resume => from.next(Event::Resume).is_ok(),
                Verb::Stop { .. } | Verb::Restart => from.is_live(),
                Verb::Sweep => from == State::Terminated,
                Verb::End | Verb::Evict { .. } | Verb::CloseLease { .. } => from != State::Terminated,
                Verb::Update | Verb::Settle => from == State::Running,
                Verb::Open { .. } | Verb::Adopt { .. } | Verb::Repair => true,
            };
            prop_assert!(legal, "{case:?}: {step:?}");
        }
    }
}

#[test]
fn no_budget_no_end() {
    let over = Standing::Over { state: "closed".to_owned(), overdrawn: false };
    let mut budget = Budget { terminations: 0, deploys: 0, evictions: 0 };
    let step = Step {
        workload: WorkloadId::of_lease(&lease()),
        verb: Verb::End,
        reason: Reason::LeaseOver { state: "closed".to_owned(), overdrawn: false },
    };
    let case = Case {
        workload: Workload {
            id: WorkloadId::of_lease(&lease()),
            owner: Owner::Lease(lease()),
            adapter: Some("one".to_owned()),
            state: State::Running,
            since: Timestamp::UNIX_EPOCH,
            reason: Reason::Adopted,
            created: Timestamp::UNIX_EPOCH,
            revision: None,
            deployed: None,
            services: vec![],
            has_manifest: false,
            handle: None,
            hold: None,
            restart: false,
            restarts: Restarts::default(),
            failed_checks: 0,
            eviction: None,
            closing: false,
        },
        chain: Some((over, None)),
        back_end: Some(None),
        minutes: 0,
        draining: false,
    };
    assert_eq!(planned(&case).steps, std::slice::from_ref(&step));
    assert_eq!(budget.spend(&step, &case.workload), Err(WhyHeld::TerminationCap));
    // The operator's own word is not held back.
    let asked = Step { reason: Reason::Operator { command: "terminate".to_owned(), note: None }, ..step };
    assert_eq!(budget.spend(&asked, &case.workload), Ok(()));
}
