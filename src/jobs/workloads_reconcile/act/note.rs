//! Steps that only write: rows for leases and for what a back end runs, and what was seen.

use super::{Acting, Doing, Failed};
use crate::domain::audit;
use crate::domain::id::LeaseId;
use crate::domain::workload::heal::Restarts;
use crate::domain::workload::plan::Step;
use crate::domain::workload::{Event, Hold, Observed, Owner, State, Unit, UnitState, Workload};
use crate::store::workloads;

impl Acting<'_> {
    pub(super) fn open(&self, step: &Step, lease: &LeaseId) -> Result<(), Failed> {
        self.write("write down a workload for a lease", |change, stamp| {
            let new = Workload {
                id: step.workload.clone(),
                owner: Owner::Lease(lease.clone()),
                reason: step.reason.clone(),
                ..fresh(State::Pending, stamp.at)?
            };
            workloads::create(change, &new, stamp)?;
            Ok(())
        })
    }

    pub(super) fn adopt(&self, step: &Step, adapter: &str, observed: &Observed) -> Result<(), Failed> {
        self.write("take a workload into the state file", |change, stamp| {
            let new = Workload {
                id: observed.id.clone(),
                owner: observed.owner.clone(),
                adapter: Some(adapter.to_owned()),
                reason: step.reason.clone(),
                revision: Some(observed.revision),
                deployed: Some(observed.revision),
                services: services(&observed.units),
                handle: Some(observed.handle.clone()),
                ..fresh(state(&observed.units), stamp.at)?
            };
            let paused = new.state == State::Paused && new.owner == Owner::Operator;
            workloads::create(change, &new, stamp)?;
            if paused {
                // Only a person pauses the operator's own, and nobody has resumed it.
                workloads::hold(change, &new.id, Some(Hold::Paused), false)?;
            }
            Ok(())
        })
    }
}

impl Doing<'_> {
    pub(super) fn note_up(&self) -> Result<(), Failed> {
        self.acting.write("write down that a workload is up", |change, stamp| {
            workloads::transition(change, self.id(), Event::Up, &self.step.reason, stamp)?;
            self.audit(change, audit::Event::WorkloadDeployed, audit::Outcome::Succeeded)
        })
    }

    pub(super) fn settle(&self) -> Result<(), Failed> {
        self.acting.write("forget the restarts of a workload", |change, _| {
            Ok(workloads::restarts(change, self.id(), Restarts::default())?)
        })
    }
}

/// A row with nothing in it but its state. The caller names it.
fn fresh(state: State, now: jiff::Timestamp) -> Result<Workload, Failed> {
    let id = crate::domain::workload::WorkloadId::parse("unnamed");
    let id = id.map_err(|error| Failed::Step(error.to_string()))?;
    Ok(Workload {
        id,
        owner: Owner::Operator,
        adapter: None,
        state,
        since: now,
        reason: crate::domain::workload::Reason::Adopted,
        created: now,
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
    })
}

/// What runs, as the manifest that is lost would have said it.
fn services(units: &[Unit]) -> Vec<(String, u32)> {
    let mut services: Vec<(String, u32)> = vec![];
    for unit in units {
        let count = unit.replica.saturating_add(1);
        match services.iter_mut().find(|(name, _)| *name == unit.service) {
            Some((_, most)) => *most = (*most).max(count),
            None => services.push((unit.service.clone(), count)),
        }
    }
    services
}

fn state(units: &[Unit]) -> State {
    let any = |state: UnitState| units.iter().any(|unit| unit.state == state);
    if any(UnitState::Running) || any(UnitState::Starting) {
        State::Running
    } else if any(UnitState::Paused) {
        State::Paused
    } else {
        State::Failed
    }
}
