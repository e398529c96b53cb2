//! What a back end is asked to run.

use std::collections::BTreeMap;

use super::{Owner, Probe, Revision, WorkloadId};
use crate::domain::manifest::Group;

/// A workload as a back end is asked to run it: one group of a manifest, with whose it is and which revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    /// Which workload: a label of everything that it is made of.
    pub id: WorkloadId,
    /// Whose it is: a label too, so that a lost state file can be built anew.
    pub owner: Owner,
    /// Which manifest: a label too, so that another one is seen.
    pub revision: Revision,
    /// The services.
    pub group: Group,
    /// The checks that the manifest asks for, by service.
    pub probes: BTreeMap<String, Probe>,
}

impl Spec {
    /// How many units it has: one for each instance of each service.
    pub fn units(&self) -> u32 {
        self.group.services.iter().fold(0, |sum, service| sum.saturating_add(service.count))
    }
}
