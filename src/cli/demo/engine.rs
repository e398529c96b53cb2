//! The container engine of this machine, where there is one that runs what the demonstration has for it.

use std::collections::BTreeMap;
use std::time::Duration;

use super::root;
use crate::adapters::local::container::Container;
use crate::adapters::{Adapter, Error, Target};
use crate::cli::{Context, back_ends, wait_for};
use crate::domain::fault::in_one_line;
use crate::domain::manifest;
use crate::domain::workload::{Owner, Revision, Spec, UnitState, WorkloadId};

/// An engine that runs containers.
pub(super) struct Engine {
    container: Container,
    /// The image that it has for the demonstration.
    pub(super) image: String,
}

/// How long a container may take to be running.
const PATIENCE: Duration = Duration::from_secs(5);

impl Engine {
    /// The engine, if there is one that takes an image of this machine's own shell and runs the manifest with it.
    pub(super) fn ready(context: &Context, manifest: impl FnOnce(&str) -> String) -> Option<Self> {
        let configuration = context.configuration().ok()?;
        let container = back_ends::containers(context, &configuration).ok()??;
        let image = format!("localhost/provider-demo:{}", std::process::id());
        let spec = spec(&manifest(&image))?;
        let archive = root::archive().ok()?;
        let tried = wait_for(async {
            container.import(&image, archive).await?;
            let runs = runs(&container, &spec).await;
            container.remove(Target { id: &spec.id, handle: None }).await?;
            runs
        });
        let engine = Self { container, image };
        match tried.ok()? {
            Ok(true) => Some(engine),
            Ok(false) => engine.clear(),
            Err(error) => {
                tracing::info!(error = in_one_line(&error), "the container engine does not serve here");
                engine.clear()
            }
        }
    }

    /// Takes the image away again, and before that what a demonstration that failed left running of it.
    pub(super) fn clear(self) -> Option<Self> {
        let cleared = wait_for(async {
            for left in self.container.observe().await? {
                self.container.remove(Target { id: &left.id, handle: None }).await?;
            }
            self.container.forget(&self.image).await
        });
        if let Ok(Err(error)) = cleared {
            tracing::warn!(image = self.image, error = in_one_line(&error), "the image stays in the engine");
        }
        None
    }
}

/// Whether a workload comes up.
async fn runs(container: &Container, spec: &Spec) -> Result<bool, Error> {
    container.ensure(spec).await?;
    let begun = tokio::time::Instant::now();
    while begun.elapsed() < PATIENCE {
        // A shell that lacks something ends at once.
        tokio::time::sleep(Duration::from_millis(200)).await;
        let seen = container.observe().await?;
        let units = seen.iter().filter(|seen| seen.id == spec.id).flat_map(|seen| &seen.units);
        let states: Vec<&UnitState> = units.map(|unit| &unit.state).collect();
        if states.iter().all(|state| **state == UnitState::Running) || states.iter().any(|state| state.has_ended()) {
            return Ok(!states.is_empty() && states.iter().all(|state| **state == UnitState::Running));
        }
    }
    Ok(false)
}

fn spec(text: &str) -> Option<Spec> {
    let (_, deployment) = manifest::read(text).ok()?;
    Some(Spec {
        id: WorkloadId::of_operator("try").ok()?,
        owner: Owner::Operator,
        revision: Revision(deployment.manifest.version()),
        group: deployment.manifest.groups.into_iter().next()?,
        probes: BTreeMap::new(),
    })
}
