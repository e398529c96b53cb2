//! A back end in memory: units are rows, time stands still unless it is moved.
//!
//! For tests, rehearsals and measurements. It keeps the promises of [`Adapter`] like any other, and its units do what
//! they are told: [`Simulated::set`] puts one into a state, and [`Simulated::pass`] lets time pass.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::{Adapter, Answer, Call, Capacity, Check, Error, LogLine, LogRequest, LogSink, Operation, Stream, Target};
use crate::domain::resources::{Bytes, MilliCpu};
use crate::domain::usage::{Meters, Sample};
use crate::domain::workload::health::Checked;
use crate::domain::workload::{
    Capabilities, Handle, Isolation, Observed, Owner, Revision, Spec, Unit, UnitState, WorkloadId,
};

/// A back end in memory.
pub struct Simulated {
    name: String,
    world: Mutex<World>,
}

struct World {
    now: Timestamp,
    /// New units begin like this.
    begins: UnitState,
    workloads: BTreeMap<WorkloadId, Workload>,
    unwell: BTreeMap<WorkloadId, String>,
    stored: BTreeMap<WorkloadId, Bytes>,
}

struct Workload {
    owner: Owner,
    revision: Revision,
    units: Vec<Simulacrum>,
}

struct Simulacrum {
    unit: Unit,
    incarnation: u64,
    ran: Duration,
}

impl Simulated {
    /// An empty one.
    pub fn new(name: &str) -> Self {
        let world = World {
            now: Timestamp::UNIX_EPOCH,
            begins: UnitState::Running,
            workloads: BTreeMap::new(),
            unwell: BTreeMap::new(),
            stored: BTreeMap::new(),
        };
        Self { name: name.to_owned(), world: Mutex::new(world) }
    }

    /// From now on new units begin in this state.
    pub fn begin_as(&self, state: UnitState) {
        self.world().begins = state;
    }

    /// Puts every unit of a workload into a state.
    pub fn set(&self, id: &WorkloadId, state: &UnitState) {
        let mut world = self.world();
        let now = world.now;
        for simulacrum in world.workloads.get_mut(id).into_iter().flat_map(|workload| &mut workload.units) {
            simulacrum.unit.state = state.clone();
            simulacrum.unit.since = Some(now);
        }
    }

    /// Takes units of a workload away, as somebody at the back end might.
    pub fn lose(&self, id: &WorkloadId) {
        self.world().workloads.remove(id);
    }

    /// From now on the checks of a workload find it unwell, or well again.
    pub fn set_unwell(&self, id: &WorkloadId, detail: Option<&str>) {
        match detail {
            Some(detail) => self.world().unwell.insert(id.clone(), detail.to_owned()),
            None => self.world().unwell.remove(id),
        };
    }

    /// From now on every unit of a workload holds so much data.
    pub fn store(&self, id: &WorkloadId, data: Bytes) {
        self.world().stored.insert(id.clone(), data);
    }

    /// Lets time pass: what runs uses a whole processor.
    pub fn pass(&self, time: Duration) {
        let mut world = self.world();
        world.now = world.now.saturating_add(time).unwrap_or(world.now);
        for simulacrum in world.workloads.values_mut().flat_map(|workload| &mut workload.units) {
            if simulacrum.unit.state == UnitState::Running {
                simulacrum.ran = simulacrum.ran.saturating_add(time);
            }
        }
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn done<'a, T: Send + 'a>(result: Result<T, Error>) -> Answer<'a, T> {
        Box::pin(std::future::ready(result))
    }

    fn call(&self, operation: Operation, workload: &WorkloadId) -> Call {
        Call { adapter: self.name.clone(), operation, workload: Some(workload.clone()) }
    }

    /// Puts the units that are in one of some states into another.
    fn turn(&self, id: &WorkloadId, from: impl Fn(&UnitState) -> bool, to: &UnitState) {
        let mut world = self.world();
        let now = world.now;
        for simulacrum in world.workloads.get_mut(id).into_iter().flat_map(|workload| &mut workload.units) {
            if from(&simulacrum.unit.state) {
                simulacrum.unit.state = to.clone();
                simulacrum.unit.since = Some(now);
            }
        }
    }
}

impl World {
    fn ensure(&mut self, spec: &Spec) {
        let (now, begins) = (self.now, self.begins.clone());
        let workload = self.workloads.entry(spec.id.clone()).or_insert_with(|| Workload {
            owner: spec.owner.clone(),
            revision: spec.revision,
            units: vec![],
        });
        workload.revision = spec.revision;
        let wanted = |unit: &Unit| {
            spec.group.services.iter().any(|service| service.name == unit.service && unit.replica < service.count)
        };
        workload.units.retain(|simulacrum| wanted(&simulacrum.unit));
        for simulacrum in &mut workload.units {
            if simulacrum.unit.state.has_ended() || simulacrum.unit.revision != spec.revision {
                simulacrum.unit.state = begins.clone();
                simulacrum.unit.revision = spec.revision;
                simulacrum.unit.since = Some(now);
                simulacrum.incarnation += 1;
                simulacrum.ran = Duration::ZERO;
            }
        }
        for service in &spec.group.services {
            for replica in 0..service.count {
                let same = |unit: &Unit| unit.service == service.name && unit.replica == replica;
                if workload.units.iter().any(|simulacrum| same(&simulacrum.unit)) {
                    continue;
                }
                let unit = Unit {
                    service: service.name.clone(),
                    replica,
                    revision: spec.revision,
                    state: begins.clone(),
                    waits_for: None,
                    since: Some(now),
                    endpoints: vec![],
                };
                workload.units.push(Simulacrum { unit, incarnation: 0, ran: Duration::ZERO });
            }
        }
    }
}

fn handle() -> Handle {
    Handle { version: 1, data: String::new() }
}

impl Adapter for Simulated {
    fn name(&self) -> &str {
        &self.name
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            isolation: Isolation::Machine,
            images: true,
            pause: true,
            logs: true,
            follow: false,
            port_mapping: true,
            mounts: true,
            persistent: true,
            gpus: true,
            leased_ips: true,
            network_checks: true,
            command_checks: true,
            registry_logins: true,
            network_usage: false,
        }
    }

    fn probe(&self) -> Answer<'_, Capacity> {
        let capacity = Capacity {
            cpu: MilliCpu(64_000),
            memory: Bytes(256 << 30),
            storage: Some(Bytes(1 << 40)),
            ..Capacity::default()
        };
        Self::done(Ok(capacity))
    }

    fn ensure<'a>(&'a self, spec: &'a Spec) -> Answer<'a, Handle> {
        self.world().ensure(spec);
        Self::done(Ok(handle()))
    }

    fn observe(&self) -> Answer<'_, Vec<Observed>> {
        let world = self.world();
        let observed = world.workloads.iter().map(|(id, workload)| Observed {
            id: id.clone(),
            owner: workload.owner.clone(),
            revision: workload.revision,
            handle: handle(),
            units: workload.units.iter().map(|simulacrum| simulacrum.unit.clone()).collect(),
        });
        Self::done(Ok(observed.collect()))
    }

    fn sample(&self) -> Answer<'_, Vec<Sample>> {
        let world = self.world();
        let mut samples = vec![];
        for (id, workload) in &world.workloads {
            let storage = world.stored.get(id).copied();
            for Simulacrum { unit, incarnation, ran } in &workload.units {
                samples.push(Sample {
                    workload: id.clone(),
                    service: unit.service.clone(),
                    replica: unit.replica,
                    incarnation: incarnation.to_string(),
                    at: world.now,
                    meters: Meters { cpu: *ran, memory: Bytes(1 << 20), storage, ..Meters::default() },
                });
            }
        }
        Self::done(Ok(samples))
    }

    fn logs<'a>(&'a self, target: Target<'a>, wanted: &'a LogRequest, sink: LogSink<'a>) -> Answer<'a, ()> {
        let world = self.world();
        let Some(workload) = world.workloads.get(target.id) else {
            return Self::done(Err(Error::NotFound { call: self.call(Operation::Logs, target.id) }));
        };
        for Simulacrum { unit, .. } in &workload.units {
            let (service, replica) = (unit.service.clone(), unit.replica);
            let text = format!("{} is {}", unit.name(), unit.state);
            let line = LogLine { service, replica, at: unit.since, stream: Stream::Stdout, text };
            let skipped = wanted.tail == Some(0) || wanted.service.as_ref().is_some_and(|only| *only != unit.service);
            if !skipped && sink(line).is_break() {
                break;
            }
        }
        Self::done(Ok(()))
    }

    fn pause<'a>(&'a self, target: Target<'a>) -> Answer<'a, ()> {
        self.turn(target.id, |state| *state == UnitState::Running, &UnitState::Paused);
        Self::done(Ok(()))
    }

    fn resume<'a>(&'a self, target: Target<'a>) -> Answer<'a, ()> {
        self.turn(target.id, |state| *state == UnitState::Paused, &UnitState::Running);
        Self::done(Ok(()))
    }

    fn stop<'a>(&'a self, target: Target<'a>, _: Duration) -> Answer<'a, ()> {
        self.turn(target.id, |state| !state.has_ended(), &UnitState::Exited { code: 143 });
        Self::done(Ok(()))
    }

    fn remove<'a>(&'a self, target: Target<'a>) -> Answer<'a, ()> {
        self.world().workloads.remove(target.id);
        Self::done(Ok(()))
    }

    fn check<'a>(&'a self, check: Check<'a>) -> Answer<'a, Checked> {
        let world = self.world();
        if !world.workloads.contains_key(check.workload.id) {
            return Self::done(Err(Error::NotFound { call: self.call(Operation::Check, check.workload.id) }));
        }
        let unwell = world.unwell.get(check.workload.id);
        Self::done(Ok(Checked {
            service: check.service.to_owned(),
            replica: check.replica,
            kind: check.probe.word(),
            healthy: unwell.is_none(),
            detail: unwell.cloned().unwrap_or_else(|| "well".to_owned()),
        }))
    }
}
