//! What the state file knows of the workloads: which are metered, and which are over.

use std::collections::BTreeMap;

use super::Error;
use crate::domain::id::LeaseId;
use crate::domain::manifest::Group;
use crate::domain::resources::{Bytes, MilliCpu};
use crate::domain::usage::{Allocation, Moment};
use crate::domain::workload::{Owner, State, Workload, WorkloadId};
use crate::store::settlement;
use crate::store::usage::meters::{self, NewMeter};
use crate::store::workloads::{self, history, manifests};
use crate::store::{Snapshot, Store};

/// What is known of the workloads.
#[derive(Debug, Clone, Default)]
pub struct Truth {
    /// Those that run, or should, and since when.
    pub running: Vec<(NewMeter, Moment)>,
    /// Leases that are over for certain, and since when. A lease that is in neither list goes on.
    pub ended: BTreeMap<LeaseId, Moment>,
    /// The GPUs that each unit of a workload holds, by service.
    pub gpus: BTreeMap<WorkloadId, BTreeMap<String, u64>>,
}

/// Loads it. The operator's own workloads have no lease, and no record.
pub fn load(store: &Store) -> Result<Truth, Error> {
    store.read("read the workloads that are metered", |snapshot| {
        let mut truth = Truth::default();
        for workload in workloads::all(snapshot, false)? {
            let Owner::Lease(lease) = workload.owner.clone() else { continue };
            // Before anything was deployed there is nothing to meter.
            let Some(deployed) = workload.deployed else { continue };
            let group = manifests::one(snapshot, &workload.id, deployed)?.map(|kept| kept.group);
            if let Some(group) = &group {
                truth.gpus.insert(workload.id.clone(), gpus(group));
            }
            if meters::of_lease(snapshot, &lease)?.is_none() {
                let lease_price = settlement::rate_of(snapshot, &lease)?;
                let allocated = group.as_ref().map(allocation);
                let new = NewMeter { lease, workload: workload.id.to_string(), allocated, lease_price };
                truth.running.push((new, began(snapshot, &workload)?));
            }
        }
        for (lease, workload) in meters::whose(snapshot)? {
            let Ok(id) = WorkloadId::parse(&workload) else { continue };
            if let Some(over) = workloads::one(snapshot, &id)?.filter(|workload| workload.state == State::Terminated) {
                truth.ended.insert(lease, Moment::of(over.since));
            }
        }
        Ok(truth)
    })
}

/// When a workload began: when its back end was first asked to run it. Its units came after that, and counted from 0.
fn began(snapshot: &Snapshot<'_>, workload: &Workload) -> Result<Moment, Error> {
    let transitions = history::transitions(snapshot, &workload.id)?;
    let first = transitions.iter().find(|transition| transition.to == State::Deploying);
    Ok(Moment::of(first.map_or(workload.created, |transition| transition.at)))
}

fn gpus(group: &Group) -> BTreeMap<String, u64> {
    group.services.iter().map(|service| (service.name.clone(), service.resources.gpu.units)).collect()
}

/// What all instances of all services reserve.
fn allocation(group: &Group) -> Allocation {
    let mut all = Allocation { cpu_milli_cores: MilliCpu(0), gpus: 0, memory_bytes: Bytes(0), storage_bytes: Bytes(0) };
    for service in &group.services {
        let count = u64::from(service.count);
        let one = &service.resources;
        let add = |sum: &mut u64, each: u64| *sum = sum.saturating_add(each.saturating_mul(count));
        add(&mut all.cpu_milli_cores.0, one.cpu.units.0);
        add(&mut all.memory_bytes.0, one.memory.size.0);
        add(&mut all.gpus, one.gpu.units);
        for volume in &one.storage {
            add(&mut all.storage_bytes.0, volume.size.0);
        }
    }
    all
}
