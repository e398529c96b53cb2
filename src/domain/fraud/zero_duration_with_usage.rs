//! `ZERO_DURATION_WITH_USAGE`: something was used, and all of its window is unknown or no time at all.
//!
//! A window is never empty by its type. What the rule still finds is a window in which nobody looked from begin to end
//! and which claims usage all the same.

use super::{Facts, Flag, Limits, Surroundings};
use crate::domain::usage::GapKind;

pub(super) fn check(facts: &Facts, _: &Limits, _: &Surroundings) -> Option<Flag> {
    let (metric, figure) = facts.used.known().find(|(_, figure)| *figure != 0)?;
    let ended_before = |gap: &&crate::domain::usage::Gap| {
        gap.kind == GapKind::AfterLastSample && gap.start <= facts.window.start() && gap.end >= facts.window.end()
    };
    let nothing_measured = facts.gaps.iter().any(|gap| ended_before(&gap));
    nothing_measured
        .then(|| Flag::ZeroDurationWithUsage { metric: metric.word().to_owned(), figure: figure.to_string() })
}
