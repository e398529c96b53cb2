//! `DURATION_TOO_SHORT`: a window below `fraud.min_record_duration`, which sampling cannot resolve.

use super::{Facts, Flag, Limits, Surroundings};
use crate::domain::usage::seconds;

pub(super) fn check(facts: &Facts, limits: &Limits, _: &Surroundings) -> Option<Flag> {
    let (long, at_least) = (facts.window.seconds(), seconds(limits.min_record_duration));
    (long < at_least).then_some(Flag::DurationTooShort { seconds: long, at_least })
}
