//! Metering windows, and what is not known of them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Moment;

/// A span of time, its end not included. Never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    start: Moment,
    end: Moment,
}

impl Window {
    /// From a moment to a later one.
    pub fn new(start: Moment, end: Moment) -> Option<Self> {
        (end > start).then_some(Self { start, end })
    }

    /// Its first second.
    pub const fn start(&self) -> Moment {
        self.start
    }

    /// The second after its last.
    pub const fn end(&self) -> Moment {
        self.end
    }

    /// How long it is.
    pub const fn seconds(&self) -> i64 {
        self.end.since(self.start)
    }

    /// Whether a second lies in both.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.start, self.end)
    }
}

/// A stretch of which something is not known. It says so, and nothing is made up for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// Until then.
    pub end: Moment,
    /// What is not known.
    pub kind: GapKind,
    /// From then on.
    pub start: Moment,
}

/// What is not known of a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GapKind {
    /// Nothing was read. Where counters ran on, what was used in it is counted, but not when within it.
    NotSampled,
    /// A counter began anew: what was used between its last reading and its restart is not counted.
    Restarted,
    /// A part of the workload (a container, a node) was not there any more: what it used after its last reading is not
    /// counted, unless it is seen again.
    Vanished,
    /// The lease or the workload ended after the last reading: what was used after that is not counted.
    AfterLastSample,
    /// A counter ran before, under another lease or another name: it is counted from there on, and what it may have lost
    /// between is not.
    RanBefore,
    /// What was held (memory, storage) is not counted: there is no reading of it, or the next one is too far away.
    LevelsNotRead,
}

impl GapKind {
    /// The word in records and output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotSampled => "not_sampled",
            Self::Restarted => "restarted",
            Self::Vanished => "vanished",
            Self::AfterLastSample => "after_last_sample",
            Self::RanBefore => "ran_before",
            Self::LevelsNotRead => "levels_not_read",
        }
    }
}

/// So many gaps a window lists; those after them are one with the last of their kind.
const MOST_GAPS: usize = 48;

/// Adds a gap to a list, as one with a gap of its kind that it touches.
pub fn note_gap(gaps: &mut Vec<Gap>, gap: Gap) {
    if gap.end <= gap.start {
        return;
    }
    let full = gaps.len() >= MOST_GAPS;
    let touching = gaps
        .iter_mut()
        .rev()
        .find(|other| other.kind == gap.kind && (full || (gap.start <= other.end && other.start <= gap.end)));
    match touching {
        Some(other) => {
            other.start = other.start.min(gap.start);
            other.end = other.end.max(gap.end);
        }
        None => gaps.push(gap),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_never_empty_and_meet_without_overlap() {
        let window = |start, end| Window::new(Moment(start), Moment(end));
        assert_eq!((window(5, 5), window(6, 5)), (None, None));
        let (first, second) = (window(0, 10).unwrap(), window(10, 20).unwrap());
        assert!(!first.overlaps(&second) && !second.overlaps(&first));
        assert!(first.overlaps(&window(9, 11).unwrap()) && first.overlaps(&first));
        assert_eq!(first.seconds(), 10);
    }

    #[test]
    fn gaps_that_touch_are_one() {
        let gap = |start, end, kind| Gap { start: Moment(start), end: Moment(end), kind };
        let mut gaps = Vec::new();
        note_gap(&mut gaps, gap(0, 5, GapKind::Restarted));
        note_gap(&mut gaps, gap(5, 9, GapKind::Restarted));
        note_gap(&mut gaps, gap(5, 9, GapKind::Vanished));
        note_gap(&mut gaps, gap(7, 7, GapKind::NotSampled));
        assert_eq!(gaps, [gap(0, 9, GapKind::Restarted), gap(5, 9, GapKind::Vanished)]);
        for place in 0..1000 {
            note_gap(&mut gaps, gap(place * 10 + 20, place * 10 + 21, GapKind::Restarted));
        }
        assert!(gaps.len() <= MOST_GAPS);
        assert_eq!(gaps.iter().map(|gap| gap.end).max(), Some(Moment(10_011)));
    }
}
