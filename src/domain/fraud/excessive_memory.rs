//! `EXCESSIVE_MEMORY_USAGE`: more memory than `fraud.max_memory_usage_ratio` times what the lease reserves.

use super::{Facts, Flag, Limits, Surroundings, allowed};

pub(super) fn check(facts: &Facts, limits: &Limits, _: &Surroundings) -> Option<Flag> {
    let (used, allocated) = (facts.used.memory_byte_seconds?, facts.allocated?);
    let at_most = allowed(limits.max_memory_usage_ratio, allocated.memory_bytes.0, facts.window.seconds());
    (used > at_most).then(|| Flag::ExcessiveMemory { used: used.to_string(), at_most: at_most.to_string() })
}
