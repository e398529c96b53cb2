//! The checks of manifests: made when they are due, and what they found is written down.

use std::collections::HashMap;

use futures_util::StreamExt;

use super::super::{Error, Request};
use super::Truth;
use crate::adapters::{Adapter, Check, Target};
use crate::domain::fault::in_one_line;
use crate::domain::workload::health::Checked;
use crate::domain::workload::{Probe, State, UnitState, Workload, WorkloadId};
use crate::jobs::Circumstances;
use crate::store::workloads::{self, checks, manifests};

impl Truth {
    /// Makes the checks that are due, and writes down what they found.
    pub(super) async fn check(&mut self, request: &Request<'_>, given: Circumstances<'_>) -> Result<(), Error> {
        let (wanted, last) = given.store.read("read the checks that are wanted", |snapshot| {
            Ok::<_, Error>((manifests::probes(snapshot)?, checks::last(snapshot)?))
        })?;
        if wanted.is_empty() {
            return Ok(());
        }
        let now = (given.now)();
        let mut due = vec![];
        for workload in self.workloads.iter().filter(|workload| workload.state == State::Running) {
            let Some(probes) = wanted.get(workload.id.as_str()) else { continue };
            let next = last.get(workload.id.as_str()).map(|last| last.saturating_add(request.rules.health.interval));
            if next.is_some_and(|next| next.is_ok_and(|next| now < next)) {
                continue;
            }
            let Some(adapter) = workload.adapter.as_deref().and_then(|name| request.registry.get(name)) else {
                continue;
            };
            let Some(observed) = self.observed(&workload.id) else { continue };
            for unit in observed.units.iter().filter(|unit| unit.state == UnitState::Running) {
                if let Some(probe) = probes.get(&unit.service) {
                    due.push(one(adapter, workload, (&unit.service, unit.replica), probe, request));
                }
            }
        }
        let found: Vec<(WorkloadId, Result<Checked, String>)> =
            futures_util::stream::iter(due).buffer_unordered(request.concurrency.max(1)).collect().await;
        // Whoever could not be asked is not unwell: nothing is known of it.
        let mut by_workload: HashMap<WorkloadId, Vec<Checked>> = HashMap::new();
        for (id, found) in found {
            match found {
                Ok(checked) => by_workload.entry(id).or_default().push(checked),
                Err(why) => tracing::warn!(workload = %id, why, "a check could not be made"),
            }
        }
        given.store.write("write down what checks found", |change| {
            for workload in &mut self.workloads {
                let Some(found) = by_workload.get(&workload.id) else { continue };
                for checked in found {
                    checks::keep(change, &workload.id, checked, now)?;
                }
                let well = found.iter().all(|checked| checked.healthy);
                workload.failed_checks = if well { 0 } else { workload.failed_checks.saturating_add(1) };
                workloads::failed_checks(change, &workload.id, workload.failed_checks)?;
            }
            Ok::<_, Error>(())
        })?;
        self.checks = by_workload;
        Ok(())
    }
}

async fn one(
    adapter: &dyn Adapter,
    workload: &Workload,
    (service, replica): (&str, u32),
    probe: &Probe,
    request: &Request<'_>,
) -> (WorkloadId, Result<Checked, String>) {
    let target = Target { id: &workload.id, handle: workload.handle.as_ref() };
    let check = Check { workload: target, service, replica, probe, timeout: request.rules.health.timeout };
    let found = adapter.check(check).await.map_err(|error| in_one_line(&error));
    (workload.id.clone(), found)
}
