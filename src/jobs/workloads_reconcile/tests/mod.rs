//! Reconciling against a simulated back end that fails on demand, with a market that says what a test wants.

mod caps;
mod healing;
mod leases;
mod operator;
mod state_file;
mod unknown;

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
use crate::domain::manifest::{Cpu, Group, Manifest, Memory, Resources, Service, Volume};
use crate::domain::resources::{Bytes, MilliCpu};
use crate::domain::workload::plan::{ChainFacts, EvictionRules, LeaseFact, Rules, Standing, UndoneClose, WhyHeld};
use crate::domain::workload::{
    Actor, EvictionReason, Probe, Reason, Revision, State, UnitState, Wish, Workload, WorkloadId, heal, health,
};
use crate::jobs::workloads_ask::ask;
use crate::jobs::workloads_deploy::{self, For, deploy};
use crate::jobs::{Circumstances, Report};
use crate::store::workloads::{self, Stamp, history, manifests, samples};
use crate::store::{self, Change, Snapshot, Store};

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
    /// Closes that came to nothing, and how.
    undone: RefCell<BTreeMap<LeaseId, String>>,
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

    fn undone(&self, _: &Snapshot<'_>, lease: &LeaseId) -> Result<Option<UndoneClose>, store::Error> {
        let how = self.undone.borrow().get(lease).cloned();
        Ok(how.map(|how| UndoneClose { message: Some(12), how }))
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
            caps: Caps { terminations_per_run: 10, terminations_per_hour: 20, evictions_at_once: 5 },
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
        let report = self.with(async |request, given| rehearse(request, given, None).await.unwrap());
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

    /// A lease that runs, at height 100, paid for up to another.
    fn leased(&self, lease: &LeaseId, paid_until: u64) -> WorkloadId {
        self.chain(100, &[(lease, Standing::Active, Some(paid_until))]);
        self.reconcile();
        let id = self.manifest_for(lease, 1);
        self.reconcile();
        id
    }

    fn chain(&self, height: u64, leases: &[(&LeaseId, Standing, Option<u64>)]) {
        let fact = |(id, standing, paid_until): &(&LeaseId, Standing, Option<u64>)| LeaseFact {
            id: (*id).clone(),
            standing: standing.clone(),
            revision: Some(Revision([1; 32])),
            paid_until: paid_until.map(Height),
            agreed_until: None,
            wanted_since: None,
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
            storage: vec![Volume { name: "default".to_owned(), size: Bytes(64 << 20), attributes: vec![] }],
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
