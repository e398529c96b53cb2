//! `NEGATIVE_METRICS`: a figure below zero. Nobody gives anything back.

use super::{Facts, Flag, Limits, Surroundings};

pub(super) fn check(facts: &Facts, _: &Limits, _: &Surroundings) -> Option<Flag> {
    let (metric, figure) = facts.used.known().find(|(_, figure)| *figure < 0)?;
    Some(Flag::NegativeMetrics { metric: metric.word().to_owned(), figure: figure.to_string() })
}
