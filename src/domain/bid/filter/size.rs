//! `bidding.filters.max_cpu`, `max_memory` and `max_storage`: the sum over all instances of the order.

use super::Case;
use crate::domain::bid::{Notes, Reason, Resource};

pub(super) fn check(case: &Case<'_>, notes: &mut Notes) -> Result<(), Reason> {
    let (demand, filters) = (&case.asked.demand, &case.terms.filters);
    let limits = [
        ("cpu", Resource::Cpu, demand.cpu, filters.max_cpu.map(|limit| limit.0)),
        ("memory", Resource::Memory, demand.memory, filters.max_memory.map(|limit| limit.0)),
        ("storage", Resource::Storage, demand.all_storage(), filters.max_storage.map(|limit| limit.0)),
    ];
    for (name, resource, asked, limit) in limits {
        notes.put(name, resource.quantity(asked));
        let Some(limit) = limit else { continue };
        notes.put("limit", resource.quantity(limit));
        if asked > limit {
            let (asked, limit) = (resource.quantity(asked), resource.quantity(limit));
            return Err(Reason::OverLimit { resource, asked, limit });
        }
    }
    Ok(())
}
