//! What a meter remembers: the window that is open, and the last reading of each part.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::spread::Delta;
use super::{Gap, GapKind, Metered, Metric, Metrics, Moment, Source};
use crate::domain::usage::note_gap;

/// The window that is filling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Open {
    pub(super) start: Moment,
    pub(super) end: Moment,
    pub(super) used: Metrics,
    pub(super) gaps: Vec<Gap>,
    pub(super) sources: BTreeSet<Source>,
}

impl Open {
    pub(super) const fn new(start: Moment, end: Moment) -> Self {
        Self { start, end, used: Metrics::UNKNOWN, gaps: Vec::new(), sources: BTreeSet::new() }
    }

    pub(super) fn note(&mut self, start: Moment, end: Moment, kind: GapKind) {
        note_gap(&mut self.gaps, Gap { end, kind, start });
    }

    /// Adds what was used up to a moment. Of what was measured only after it nothing is known here, which is not 0.
    pub(super) fn count(&mut self, deltas: &mut [Delta], until: Moment, to: Moment) {
        for delta in deltas.iter_mut().filter(|delta| self.start.max(delta.from()) < until) {
            let fresh = delta.place(until, to);
            self.used.add(delta.metric, fresh);
        }
    }

    pub(super) fn complete(self, end: Moment) -> Metered {
        let Self { start, used, gaps, sources, .. } = self;
        Metered { start, end, used, gaps, sources, last: false }
    }
}

impl Metered {
    /// This window and the one after it, as one.
    pub(super) fn joined(mut self, after: Self) -> Self {
        self.end = after.end;
        self.used = self.used.plus(&after.used);
        for gap in after.gaps {
            note_gap(&mut self.gaps, gap);
        }
        self.sources.extend(after.sources);
        self.last = after.last;
        self
    }
}

/// The last reading of one part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Part {
    /// Its counters stood at 0 then or later, unless they ran before the lease did.
    since: Moment,
    ran_before: bool,
    seen: Moment,
    ended: bool,
    last: BTreeMap<String, Counted>,
    /// What it held at the last reading that said so.
    held: BTreeMap<String, Held>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Held {
    at: Moment,
    level: u64,
}

/// A counter as it was read last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// When.
    pub at: Moment,
    /// What it stood at, in the metric's unit.
    pub value: i128,
}

/// How far one counter went.
pub(super) struct Step {
    pub(super) used: i128,
    pub(super) since: Moment,
    /// What is not known of the time since then.
    pub(super) lost: Option<GapKind>,
}

impl Part {
    pub(super) const fn new(since: Moment, ran_before: bool) -> Self {
        Self { since, ran_before, seen: since, ended: false, last: BTreeMap::new(), held: BTreeMap::new() }
    }

    /// A part whose counter another one began.
    pub(super) fn going_on(metric: Metric, from: Counted) -> Self {
        Self { last: BTreeMap::from([(metric.word().to_owned(), from)]), ..Self::new(from.at, false) }
    }

    /// Compares a counter with its last reading.
    pub(super) fn step(&mut self, metric: Metric, value: i128, started_at: Option<Moment>, at: Moment) -> Step {
        match self.last.insert(metric.word().to_owned(), Counted { at, value }) {
            None if self.ran_before => Step { used: 0, since: self.since, lost: Some(GapKind::RanBefore) },
            None => Step { used: value, since: self.since, lost: None },
            Some(before) if value < before.value || started_at.is_some_and(|began| began > before.at) => {
                Step { used: value, since: before.at, lost: Some(GapKind::Restarted) }
            }
            Some(before) => Step { used: value.saturating_sub(before.value), since: before.at, lost: None },
        }
    }

    /// Takes down what is held now. Gives back what was held before, and since when.
    pub(super) fn hold(&mut self, metric: Metric, level: u64, at: Moment) -> (Option<u64>, Moment) {
        let before = self.held.insert(metric.word().to_owned(), Held { at, level });
        before.map_or((None, self.since), |before| (Some(before.level), before.at))
    }

    /// What its counters stood at.
    pub(super) fn counters(&self) -> BTreeMap<Metric, Counted> {
        Metric::ALL.into_iter().filter_map(|metric| Some((metric, *self.last.get(metric.word())?))).collect()
    }

    pub(super) const fn last_seen(&self) -> Moment {
        self.seen
    }

    /// Whether its last meters were the last that it will ever say, as far as is known.
    pub(super) const fn has_ended(&self) -> bool {
        self.ended
    }

    pub(super) fn seen(&mut self, at: Moment, ended: bool) {
        (self.seen, self.ended) = (at, ended);
        if ended {
            self.held.clear();
        }
    }
}
