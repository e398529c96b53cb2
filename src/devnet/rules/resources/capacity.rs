//! Comparing and adding capacities.

use crate::chain::wire::resources::{Locality, ResourceCapacity};

/// 1, in scores and weights.
pub(super) const ONE: i64 = 1_000_000;

/// The amounts, in order: cores, memory, storage, network, GPUs.
fn amounts(capacity: &ResourceCapacity) -> [i64; 5] {
    [capacity.cpu_cores, capacity.memory_gb, capacity.storage_gb, capacity.network_mbps, capacity.gpus]
}

fn pairs(available: &ResourceCapacity, required: &ResourceCapacity) -> impl Iterator<Item = (i64, i64)> {
    amounts(available).into_iter().zip(amounts(required))
}

/// Whether nothing is asked for.
pub(super) fn is_nothing(capacity: &ResourceCapacity) -> bool {
    amounts(capacity) == [0; 5]
}

/// Whether there is enough of everything. A kind of GPU that was not reported is any kind.
pub(super) fn suffices(available: &ResourceCapacity, required: &ResourceCapacity) -> bool {
    let kind = required.gpu_type.is_empty() || available.gpu_type.is_empty() || required.gpu_type == available.gpu_type;
    kind && pairs(available, required).all(|(available, required)| required <= 0 || available >= required)
}

/// What is left, never below nothing.
pub(super) fn less(available: &ResourceCapacity, taken: &ResourceCapacity) -> ResourceCapacity {
    changed(available, taken, |available, taken| available.saturating_sub(taken).max(0))
}

/// What there is with more.
pub(super) fn more(available: &ResourceCapacity, given: &ResourceCapacity) -> ResourceCapacity {
    changed(available, given, i64::saturating_add)
}

fn changed(one: &ResourceCapacity, other: &ResourceCapacity, change: fn(i64, i64) -> i64) -> ResourceCapacity {
    ResourceCapacity {
        cpu_cores: change(one.cpu_cores, other.cpu_cores),
        memory_gb: change(one.memory_gb, other.memory_gb),
        storage_gb: change(one.storage_gb, other.storage_gb),
        network_mbps: change(one.network_mbps, other.network_mbps),
        gpus: change(one.gpus, other.gpus),
        gpu_type: one.gpu_type.clone(),
    }
}

/// How near a place is: 1 for the same zone, a half for the same region, a third for another.
pub(super) fn locality_score(found: &Locality, wanted: &Locality) -> i64 {
    if wanted.region.is_empty() {
        ONE
    } else if found.region != wanted.region {
        ONE / 3
    } else if !wanted.zone.is_empty() && found.zone != wanted.zone {
        ONE / 2
    } else {
        ONE
    }
}

/// The scarcest of what is asked for, as a share of it, at most 1.
pub(super) fn capacity_score(available: &ResourceCapacity, required: &ResourceCapacity) -> i64 {
    let share = |(available, required): (i64, i64)| (available.max(0).saturating_mul(ONE) / required).min(ONE);
    pairs(available, required).filter(|(_, required)| *required > 0).map(share).min().unwrap_or(ONE)
}

/// A weight in millionths; what is none counts as 1.
pub(super) fn weight(text: &str) -> i64 {
    text.parse().ok().filter(|weight| *weight > 0).unwrap_or(ONE)
}
