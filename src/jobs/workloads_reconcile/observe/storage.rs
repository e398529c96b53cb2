//! Who holds more data than its manifest wants: one reading of all meters of a back end.

use std::collections::HashMap;

use super::super::{Error, Request};
use super::Truth;
use crate::domain::fault::in_one_line;
use crate::domain::manifest::Group;
use crate::domain::usage::Sample;
use crate::domain::workload::{EvictionReason, Reading, State, WorkloadId};
use crate::jobs::Circumstances;
use crate::store::workloads::manifests;

/// Less than the smallest volume that can be ordered is more than nobody wants.
const SMALLEST: u64 = 5 << 20;
/// A file system rounds up, and keeps folders that no tenant counts: a sixteenth.
const ROUNDING: u64 = 16;

impl Truth {
    /// Notes which running workloads have outgrown their storage. Meters that cannot be read say nothing of anybody.
    pub(super) async fn weigh(&mut self, request: &Request<'_>, given: Circumstances<'_>) -> Result<(), Error> {
        if !request.rules.eviction.reasons.contains(&EvictionReason::ResourceExhaustion) {
            return Ok(());
        }
        let mut large: HashMap<WorkloadId, Vec<Sample>> = HashMap::new();
        for adapter in request.registry.iter() {
            let Some(Reading::Known(seen)) = self.back_ends.get(adapter.name()) else { continue };
            if seen.observed.is_empty() {
                continue;
            }
            match adapter.sample().await {
                Ok(samples) => {
                    for sample in samples.into_iter().filter(|sample| stored(sample) >= SMALLEST) {
                        large.entry(sample.workload.clone()).or_default().push(sample);
                    }
                }
                Err(error) => {
                    tracing::warn!(back_end = adapter.name(), why = in_one_line(&error), "cannot read its meters");
                }
            }
        }
        for (id, samples) in large {
            let Some(workload) = self.workload(&id).filter(|workload| workload.state == State::Running) else {
                continue;
            };
            let Some(revision) = workload.deployed else { continue };
            let kept =
                given.store.read("read the sizes of volumes", |snapshot| manifests::one(snapshot, &id, revision))?;
            let Some(kept) = kept else { continue };
            let over: Vec<String> = samples.iter().filter_map(|sample| over(sample, &kept.group)).collect();
            if !over.is_empty() {
                self.outgrown.insert(id, over.join(", "));
            }
        }
        Ok(())
    }
}

fn stored(sample: &Sample) -> u64 {
    sample.meters.storage.map_or(0, |bytes| bytes.0)
}

/// `web-0 holds 80 MiB of data, and 64 MiB were ordered`.
fn over(sample: &Sample, group: &Group) -> Option<String> {
    let service = group.services.iter().find(|service| service.name == sample.service)?;
    let ordered = service.resources.storage.iter().fold(0_u64, |sum, volume| sum.saturating_add(volume.size.0));
    let held = stored(sample);
    (held > ordered.saturating_add(ordered / ROUNDING)).then(|| {
        let name = format!("{}-{}", sample.service, sample.replica);
        format!("{name} holds {} MiB of data, and {} MiB were ordered", held >> 20, ordered >> 20)
    })
}
