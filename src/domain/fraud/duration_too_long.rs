//! `DURATION_TOO_LONG`: a window above `fraud.max_record_duration`: nobody looked for a day.

use super::{Facts, Flag, Limits, Surroundings};
use crate::domain::usage::seconds;

pub(super) fn check(facts: &Facts, limits: &Limits, _: &Surroundings) -> Option<Flag> {
    let (long, at_most) = (facts.window.seconds(), seconds(limits.max_record_duration));
    (long > at_most).then_some(Flag::DurationTooLong { seconds: long, at_most })
}
