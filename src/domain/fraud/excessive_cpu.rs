//! `EXCESSIVE_CPU_USAGE`: more processor time than `fraud.max_cpu_usage_ratio` times what the lease reserves.
//!
//! A thousandth of a core for a second is a thousandth of a second of a core: `cpu_milli_seconds` per millicore.

use super::{Facts, Flag, Limits, Surroundings, allowed};

pub(super) fn check(facts: &Facts, limits: &Limits, _: &Surroundings) -> Option<Flag> {
    let (used, allocated) = (facts.used.cpu_milli_seconds?, facts.allocated?);
    let at_most = allowed(limits.max_cpu_usage_ratio, allocated.cpu_milli_cores.0, facts.window.seconds());
    (used > at_most).then(|| Flag::ExcessiveCpu { used: used.to_string(), at_most: at_most.to_string() })
}
