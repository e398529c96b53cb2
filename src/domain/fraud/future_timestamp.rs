//! `FUTURE_TIMESTAMP`: a window that ends after now, by more than `fraud.future_tolerance`: a clock is wrong.

use super::{Facts, Flag, Limits, Surroundings};

pub(super) fn check(facts: &Facts, limits: &Limits, surroundings: &Surroundings) -> Option<Flag> {
    let end = facts.window.end();
    (end > surroundings.now.plus(limits.future_tolerance))
        .then_some(Flag::FutureTimestamp { end, now: surroundings.now })
}
