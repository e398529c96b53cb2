//! Asking the sources: back ends and Prometheus, in bulk.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Error, Sampled, SourceFailure, Truth};
use crate::adapters::Registry;
use crate::domain::fault::in_one_line;
use crate::domain::usage::gather::{add_gpus, add_last, join, readouts};
use crate::domain::usage::{Moment, Readout, Sample, Source};
use crate::domain::workload::WorkloadId;
use crate::sources::prometheus::{Before, Prometheus};
use crate::store::Store;
use crate::store::usage::meters;
use crate::store::workloads::samples;

/// What is asked, in the order in which a metric's source is chosen.
pub enum Asked<'a> {
    /// Every back end.
    BackEnds(&'a Registry),
    /// A Prometheus server.
    Prometheus(&'a Prometheus),
}

/// Where the meters stand, before the sources are asked.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// When each was read last, by whomever.
    positions: BTreeMap<WorkloadId, Moment>,
    before: BTreeMap<WorkloadId, Before>,
    last: BTreeMap<WorkloadId, Vec<Sample>>,
    gpus: BTreeMap<WorkloadId, BTreeMap<String, u64>>,
}

impl<'a> Asked<'a> {
    const fn back_ends(&self) -> Option<&'a Registry> {
        match self {
            Self::BackEnds(registry) => Some(registry),
            Self::Prometheus(_) => None,
        }
    }
}

impl Standing {
    /// Reads it.
    pub fn load(store: &Store, truth: &Truth) -> Result<Self, Error> {
        store.read("read where the meters stand", |snapshot| {
            let mut standing = Self { gpus: truth.gpus.clone(), ..Self::default() };
            for row in meters::running(snapshot)? {
                let Ok(workload) = WorkloadId::parse(&row.workload) else { continue };
                standing.positions.insert(workload.clone(), row.meter.position());
                standing.before.insert(workload, Before::of(&row.meter));
            }
            let oldest = standing.positions.values().min();
            if let Some(oldest) = oldest {
                for sample in samples::since(snapshot, oldest.timestamp())? {
                    standing.last.entry(sample.workload.clone()).or_default().push(sample);
                }
            }
            Ok(standing)
        })
    }
}

/// Asks the sources. One that fails says nothing; the others go on.
///
/// Back ends are asked first, wherever they stand: they say themselves when they looked, and a server of metrics is then
/// asked for that moment, so that what it counts up to and what the meter notes are the same.
pub async fn sample(asked: &[Asked<'_>], standing: &Standing, now: Timestamp) -> Sampled {
    let (mut of_back_ends, mut failed) = (BTreeMap::new(), Vec::new());
    for adapter in asked.iter().filter_map(Asked::back_ends).flat_map(Registry::iter) {
        let Ok(name) = adapter.name().parse::<Source>() else { continue };
        match adapter.sample().await {
            Ok(samples) => {
                let mut of_it = readouts(&name, &samples);
                complete(&mut of_it, &name, standing, now);
                join(&mut of_back_ends, of_it);
            }
            Err(error) => failed.push(SourceFailure { source: name.to_string(), error: in_one_line(&error) }),
        }
    }
    let at = of_back_ends.values().map(|readout: &Readout| readout.at).max().unwrap_or_default().max(Moment::of(now));
    let mut all = BTreeMap::new();
    for source in asked {
        match source {
            Asked::BackEnds(_) => join(&mut all, std::mem::take(&mut of_back_ends)),
            Asked::Prometheus(server) => {
                let (of_it, errors) = server.sample(at, &standing.before).await;
                join(&mut all, of_it);
                failed.extend(
                    errors
                        .iter()
                        .map(|error| SourceFailure { source: "prometheus".to_owned(), error: in_one_line(error) }),
                );
            }
        }
    }
    Sampled { readouts: all, failed }
}

/// Adds what the state file knows: the last meters of units that ended, and the GPUs that units hold.
fn complete(of_it: &mut BTreeMap<WorkloadId, Readout>, name: &Source, standing: &Standing, now: Timestamp) {
    for (workload, last) in &standing.last {
        let Some(position) = standing.positions.get(workload).copied() else { continue };
        let fresh = last.iter().any(|sample| Moment::of(sample.at) >= position);
        if fresh {
            let empty = || Readout { at: Moment::of(now), readings: Vec::new() };
            add_last(of_it.entry(workload.clone()).or_insert_with(empty), name, last, position);
        }
    }
    for (workload, readout) in of_it.iter_mut() {
        if let Some(gpus) = standing.gpus.get(workload) {
            add_gpus(readout, name, gpus);
        }
    }
}
