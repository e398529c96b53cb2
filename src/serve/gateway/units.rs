//! What back ends say they run, kept for a moment: many tenants ask, and a back end is asked for all of it at once.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use crate::adapters::Registry;
use crate::domain::fault::in_one_line;
use crate::domain::workload::{Observed, Workload};

/// How old an answer may be.
const FRESH: Duration = Duration::from_secs(5);

/// How long a back end is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a back end said, and when.
type Said = Arc<Mutex<Option<(Instant, Result<Arc<Vec<Observed>>, ()>)>>>;

/// The back ends, and what they said lately.
pub(super) struct Units {
    registry: Registry,
    said: HashMap<String, Said>,
}

impl Units {
    pub(super) fn new(registry: Registry) -> Self {
        let said = registry.iter().map(|adapter| (adapter.name().to_owned(), Said::default())).collect();
        Self { registry, said }
    }

    /// The back ends.
    pub(super) const fn registry(&self) -> &Registry {
        &self.registry
    }

    /// A workload as its back end sees it: none where it runs nothing of it; an error where nobody knows.
    pub(super) async fn of(&self, workload: &Workload) -> Result<Option<Observed>, ()> {
        let Some(name) = &workload.adapter else { return Ok(None) };
        let (Some(said), Some(adapter)) = (self.said.get(name), self.registry.get(name)) else { return Err(()) };
        // Whoever comes while it is asked waits for that answer.
        let mut said = said.lock().await;
        let fresh = said.as_ref().filter(|(at, _)| at.elapsed() < FRESH).map(|(_, answer)| answer.clone());
        let answer = match fresh {
            Some(answer) => answer,
            None => {
                let answer = match tokio::time::timeout(PATIENCE, adapter.observe()).await {
                    Ok(Ok(observed)) => Ok(Arc::new(observed)),
                    Ok(Err(error)) => {
                        tracing::warn!(
                            adapter = name,
                            error = in_one_line(&error),
                            "a back end does not say what runs"
                        );
                        Err(())
                    }
                    Err(_) => {
                        tracing::warn!(adapter = name, "a back end takes too long to say what runs");
                        Err(())
                    }
                };
                *said = Some((Instant::now(), answer.clone()));
                answer
            }
        };
        Ok(answer?.iter().find(|observed| observed.id == workload.id).cloned())
    }
}
