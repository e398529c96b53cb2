//! The back ends that are sold.

use std::sync::Arc;

use super::Adapter;
use crate::domain::workload::{Misfit, Spec};

/// The back ends that are sold, in the order in which the configuration names them.
#[derive(Clone, Default)]
pub struct Registry {
    adapters: Vec<Arc<dyn Adapter>>,
}

impl Registry {
    /// These back ends. Of two with one name the first counts.
    pub fn new(adapters: impl IntoIterator<Item = Arc<dyn Adapter>>) -> Self {
        let mut registry = Self::default();
        for adapter in adapters {
            if registry.get(adapter.name()).is_none() {
                registry.adapters.push(adapter);
            }
        }
        registry
    }

    /// The back end of this name.
    pub fn get(&self, name: &str) -> Option<&dyn Adapter> {
        self.iter().find(|adapter| adapter.name() == name)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &dyn Adapter> {
        self.adapters.iter().map(AsRef::as_ref)
    }

    /// The first that can run a workload; else what each of them lacks.
    pub fn choose(&self, spec: &Spec) -> Result<&dyn Adapter, Vec<(String, Vec<Misfit>)>> {
        let mut lacks = vec![];
        for adapter in self.iter() {
            let misfits = adapter.capabilities().misfits(spec);
            if misfits.is_empty() {
                return Ok(adapter);
            }
            lacks.push((adapter.name().to_owned(), misfits));
        }
        Err(lacks)
    }
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter().map(Adapter::name)).finish()
    }
}
