//! Volumes and GPUs must be among the capabilities of our registration; the chain refuses a bid otherwise (market 32).

use super::Case;
use crate::domain::bid::reason::cut;
use crate::domain::bid::{Notes, Reason};

pub(super) fn check(case: &Case<'_>, notes: &mut Notes) -> Result<(), Reason> {
    for unit in &case.asked.spec.units {
        let resources = &unit.resources;
        for volume in &resources.storage {
            if volume.attributes.is_empty() {
                continue;
            }
            notes.put("volume", &volume.name);
            if !case.standing.has_storage(&volume.attributes) {
                return Err(Reason::StorageCapability { unit: resources.id, volume: cut(&volume.name) });
            }
        }
        if resources.gpu.units > 0 {
            notes.put("gpus", resources.gpu.units);
            if !case.standing.has_gpu(&resources.gpu.attributes) {
                return Err(Reason::GpuCapability { unit: resources.id });
            }
        }
    }
    Ok(())
}
