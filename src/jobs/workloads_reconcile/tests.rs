//! Reconciling against a simulated back end that fails on demand, with a market that says what a test wants.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;

use super::{Caps, End, LeasesRead, Market, Reconciled, Request, rehearse, run};
use crate::adapters::{Faults, Faulty, Operation, Registry, Simulated};
use crate::domain::height::Height;
use crate::domain::id::LeaseId;
use crate::domain::job::Outcome;
use crate::domain::lease::ClosedReason;
use crate::domain::manifest::{Cpu, Group, Manifest, Memory, Resources, Service};
use crate::domain::resources::{Bytes, MilliCpu};
use crate::domain::workload::plan::{ChainFacts, EvictionRules, LeaseFact, Rules, Standing, WhyHeld};
use crate::domain::workload::{
    Actor, EvictionReason, Probe, Reason, Revision, State, UnitState, Workload, WorkloadId, heal, health,
};
use crate::jobs::workloads_ask::{Wish, ask};
use crate::jobs::workloads_deploy::{self, For, deploy};
use crate::jobs::{Circumstances, Report};
use crate::store::workloads::{self, Stamp, history, manifests, samples};
use crate::store::{self, Change, Store};

const PROVIDER: &str = "ve18u2t7lt8zchhhc2tj3yq6yqq56j68mja3xe3gg";
const TENANT: &str = "ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw";

/// A provider: state file, back end, market, clock.
struct House {
    store: Store,
    back_end: Arc<Faulty<Simulated>>,
    faults: Faults,
    registry: Registry,
    market: FakeMarket,
    clock: Mutex<Timestamp>,
    rules: Rules,
    caps: Caps,
    has_chain: bool,
}

#[derive(Default)]
struct FakeMarket {
    says: RefCell<Option<ChainFacts>>,
    closed: RefCell<Vec<(LeaseId, ClosedReason)>>,
}

impl Market for FakeMarket {
    fn leases(&self, _: Vec<LeaseId>) -> LeasesRead<'_> {
        let says = self.says.borrow().clone().ok_or_else(|| "no node answers".to_owned());
        Box::pin(std::future::ready(says))
    }

    fn close(&self, _: &Change<'_>, lease: &LeaseId, reason: ClosedReason, _: &Stamp) -> Result<(), super::CloseError> {
        self.closed.borrow_mut().push((lease.clone(), reason));
        Ok(())
    }
}

fn rules() -> Rules {
    Rules {
        max_concurrent: 100_000,
        manifest_timeout: Duration::from_mins(5),
        deploy_timeout: Duration::from_mins(10),
        health: health::Rules { interval: Duration::from_secs(30), timeout: Duration::from_secs(10), retries: 3 },
        heal: heal::Rules {
            enabled: true,
            max_restarts: 2,
            delay: Duration::from_secs(30),
            stable_after: Duration::from_mins(10),
        },
        eviction: EvictionRules {
            reasons: EvictionReason::ALL.into_iter().collect(),
            timeout: Duration::from_mins(10),
        },
        draining: None,
    }
}

impl House {
    fn new() -> Self {
        let faults = Faults::default();
        let back_end = Arc::new(Faulty::around(Simulated::new("simulated"), faults.clone()));
        let registry = Registry::new([Arc::clone(&back_end) as Arc<dyn crate::adapters::Adapter>]);
        Self {
            store: Store::in_memory().unwrap(),
            back_end,
            faults,
            registry,
            market: FakeMarket::default(),
            clock: Mutex::new(Timestamp::from_second(1_000_000).unwrap()),
            rules: rules(),
            caps: Caps { terminations_per_run: 10, terminations_per_hour: 20, evictions_per_run: 5 },
            has_chain: true,
        }
    }

    /// Without a chain: only the operator's own workloads.
    fn alone() -> Self {
        Self { has_chain: false, ..Self::new() }
    }

    fn now(&self) -> Timestamp {
        *self.clock.lock().unwrap()
    }

    fn pass(&self, time: Duration) {
        let mut clock = self.clock.lock().unwrap();
        *clock = clock.checked_add(time).unwrap();
        self.back_end.within().pass(time);
    }

    fn with<T>(&self, work: impl AsyncFnOnce(&Request<'_>, Circumstances<'_>) -> T) -> T {
        let request = Request {
            registry: &self.registry,
            market: self.has_chain.then_some(&self.market as &dyn Market),
            rules: &self.rules,
            caps: self.caps,
            concurrency: 4,
            grace: Duration::from_secs(1),
            trust_processes: false,
            only: None,
        };
        let clock = &self.clock;
        let now = move || *clock.lock().unwrap();
        let given =
            Circumstances { store: &self.store, now: &now, should_stop: &|| false, wait: Duration::ZERO, audit: None };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(work(&request, given))
    }

    fn reconcile(&self) -> Reconciled {
        self.with(async |request, given| run(request, given).await.unwrap())
    }

    fn plan(&self) -> Vec<String> {
        let report = self.with(async |request, given| rehearse(request, given).await.unwrap());
        verbs(&report)
    }

    /// A workload of the operator's own.
    fn own(&self, name: &str, revision: u8) -> WorkloadId {
        self.own_with(name, revision, &BTreeMap::new())
    }

    fn own_with(&self, name: &str, revision: u8, probes: &BTreeMap<String, Probe>) -> WorkloadId {
        let manifest = manifest("here");
        let request = workloads_deploy::Request {
            manifest: &manifest,
            revision: Revision([revision; 32]),
            probes,
            owner: For::Operator(name),
            actor: operator(),
            now: self.now(),
        };
        deploy(&self.store, &request).unwrap().workload
    }

    /// The manifest of a lease, as the gateway or the command would write it down after its checks.
    fn manifest_for(&self, lease: &LeaseId, revision: u8) -> WorkloadId {
        let id = WorkloadId::of_lease(lease);
        let kept = manifests::Kept {
            revision: Revision([revision; 32]),
            group: manifest("here").groups.remove(0),
            probes: BTreeMap::new(),
        };
        self.store
            .write("test", |change| {
                manifests::keep(change, &id, &kept, self.now())?;
                workloads::want(change, &id, kept.revision, &[("web".to_owned(), 1)])
            })
            .unwrap();
        id
    }

    fn chain(&self, height: u64, leases: &[(&LeaseId, Standing, Option<u64>)]) {
        let fact = |(id, standing, paid_until): &(&LeaseId, Standing, Option<u64>)| LeaseFact {
            id: (*id).clone(),
            standing: standing.clone(),
            revision: Some(Revision([1; 32])),
            paid_until: paid_until.map(Height),
            agreed_until: None,
        };
        let leases = leases.iter().map(|lease| (lease.0.clone(), fact(lease))).collect();
        *self.market.says.borrow_mut() =
            Some(ChainFacts { height: Height(height), readable_since: Timestamp::UNIX_EPOCH, leases });
    }

    fn one(&self, id: &WorkloadId) -> Workload {
        self.store.read("test", |snapshot| workloads::one(snapshot, id)).unwrap().unwrap()
    }

    fn state(&self, id: &WorkloadId) -> State {
        self.one(id).state
    }

    fn states(&self, id: &WorkloadId) -> Vec<&'static str> {
        let all = self.store.read("test", |snapshot| history::transitions(snapshot, id)).unwrap();
        all.into_iter().map(|transition| transition.to.word()).collect()
    }

    fn ask(&self, id: &WorkloadId, wish: Wish) {
        ask(&self.store, id, wish, None, operator(), self.now()).unwrap();
    }

    fn calls(&self, operation: Operation) -> u64 {
        self.faults.calls().get(&operation).copied().unwrap_or(0)
    }
}

fn operator() -> Actor {
    Actor::Operator { user: "root".to_owned() }
}

fn manifest(group: &str) -> Manifest {
    let web = Service {
        name: "web".to_owned(),
        image: "nginx".to_owned(),
        command: None,
        args: None,
        env: None,
        resources: Resources {
            id: 1,
            cpu: Cpu { units: MilliCpu(100), attributes: vec![] },
            memory: Memory { size: Bytes(1 << 20), attributes: vec![] },
            ..Resources::default()
        },
        count: 1,
        expose: vec![],
        parameters: None,
        credentials: None,
    };
    // Only the manifests that are read back from the state file must be whole.
    let web = Service { command: Some(vec!["sleep".to_owned()]), ..web };
    Manifest { groups: vec![Group { name: group.to_owned(), services: vec![web] }] }
}

fn lease(dseq: u64) -> LeaseId {
    LeaseId::parse(&format!("{TENANT}/{dseq}/1/1/{PROVIDER}"), "ve").unwrap()
}

fn over(overdrawn: bool) -> Standing {
    Standing::Over { state: "closed".to_owned(), overdrawn }
}

fn verbs(report: &Reconciled) -> Vec<String> {
    report.items.iter().map(|item| item.verb.to_owned()).collect()
}

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
    house.chain(100, &[(&lease, Standing::Active, Some(101))]);
    house.reconcile();
    let id = house.manifest_for(&lease, 1);
    house.reconcile();
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
    house.chain(100, &[(&lease, Standing::Active, Some(101))]);
    house.reconcile();
    let id = house.manifest_for(&lease, 1);
    house.reconcile();
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

#[test]
fn ends_stop_at_the_caps_of_the_run_and_of_the_hour() {
    let mut house = House::new();
    house.caps = Caps { terminations_per_run: 3, terminations_per_hour: 4, evictions_per_run: 1 };
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
fn an_operators_end_of_a_leased_workload_closes_its_lease_first() {
    let house = House::new();
    let lease = lease(7);
    house.chain(100, &[(&lease, Standing::Active, Some(999))]);
    house.reconcile();
    let id = house.manifest_for(&lease, 1);
    house.reconcile();
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
fn what_fails_is_restarted_on_the_ladder_and_then_evicted() {
    let house = House::new();
    let lease = lease(7);
    house.chain(100, &[(&lease, Standing::Active, Some(999))]);
    house.reconcile();
    let id = house.manifest_for(&lease, 1);
    house.reconcile();
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
    assert_eq!(made, 1, "one look at the back end: {after:?}");
}
