//! The meter: samples come in, windows with what was used in them come out.
//!
//! # Windows
//! A lease's time is cut at the boundaries of `metering.interval` in UTC. Its windows follow each other without overlap
//! and without a hole, from the lease's begin to its last sample:
//!
//! - A window is given out once the next one is long enough to be a record by itself. So a last window that would be too
//!   short can still be joined to the one before. A first one that is too short takes in the next.
//! - Where nothing was read for longer than [`Rules::longest_stretch`] and a boundary lies in that stretch, nobody knows
//!   on which side of it something was used: the windows that the stretch touches are one, and it says so ([`Gap`]).
//!
//! # What counts
//! Counters are cumulative: what was used between two samples is the difference, however much later the second one comes.
//!
//! | what happens | what counts |
//! |---|---|
//! | the counter ran on | the difference |
//! | it stands lower, or says that it began anew | what it shows: it began at 0; the rest is a gap |
//! | a new part | what it shows: it began after the last sample |
//! | a new series, with a counter that goes on where another one's stopped | the difference to that one, and a gap |
//! | a part that ran before the lease began | the difference to its first reading |
//! | a part is gone | nothing more, and a gap; if it comes back, the difference |
//! | a part ended, and its last meters are known | the difference to them, and no gap |
//! | a level (what is held now, where nothing counts it over time) | it, for the time until the next reading |
//! | a level after a gap, or the first one | nothing for the time before it, and a gap |
//! | the metric is missing | nothing yet: the next reading that has it brings the difference |
//! | a sample is not later than the last one | nothing: the next one brings the difference |
//!
//! Between two samples that lie close, use is taken to be even in time, in whole units, cut so that the parts make up the
//! difference exactly. So a boundary between them moves nothing but a part of one sampling interval from one window
//! to the next, and the sum over windows never depends on where they are cut.
//!
//! A metric has one source for the life of a lease, the first that knows it: two sources that count the same thing
//! are never added, not even where one of them is silent for a while.
//!
//! # What it does not do
//! No I/O and no clock. A clock that jumped ahead is the caller's to notice, before the sample comes here
//! ([`Meter::position`] says how far the meter is); one that jumped back makes samples late, which loses nothing.

mod spread;
mod state;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::moment::seconds;
use super::{Gap, GapKind, Metric, Metrics, Moment, Reading, Readout, Source, Window};
use spread::Delta;
pub use state::Counted;
use state::{Open, Part};

/// How windows are cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// The length of a window.
    pub interval: Duration,
    /// Two samples further apart leave a gap.
    pub longest_stretch: Duration,
    /// A last window that is shorter is joined to the one before.
    pub shortest_window: Duration,
}

/// The meter of one workload under one lease. What it knows goes into the state file between two runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meter {
    opened_at: Moment,
    /// The last sample, or the begin.
    position: Moment,
    open: Open,
    /// Complete, and kept back until the next one is long enough to stand alone.
    kept_back: Option<Metered>,
    /// Which source each metric is read from.
    sources: BTreeMap<String, Source>,
    /// The last readings, by source and part.
    parts: BTreeMap<String, Part>,
}

/// A window and what was used in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metered {
    /// When it begins.
    pub start: Moment,
    /// When it ends.
    pub end: Moment,
    /// What was used.
    pub used: Metrics,
    /// What is not known of it.
    pub gaps: Vec<Gap>,
    /// Who measured.
    pub sources: BTreeSet<Source>,
    /// The lease has no windows after it.
    pub last: bool,
}

impl Metered {
    /// Its window; `None` only if somebody changed the state file by hand.
    pub fn window(&self) -> Option<Window> {
        Window::new(self.start, self.end)
    }
}

/// What became of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It counts.
    Counted,
    /// Another one of the same second was there before.
    Duplicate,
    /// A later one was there before: it says nothing new.
    Late,
}

/// Parts that were gone for longer than this are forgotten, and so are the longest gone of too many. (A part that came
/// back after that would count from 0.)
const REMEMBERED: Duration = Duration::from_hours(30 * 24);
const MOST_PARTS: usize = 512;

impl Meter {
    /// The meter of a workload that begins to run.
    pub fn open(at: Moment, interval: Duration) -> Self {
        Self {
            opened_at: at,
            position: at,
            open: Open::new(at, at.next_boundary(interval)),
            kept_back: None,
            sources: BTreeMap::new(),
            parts: BTreeMap::new(),
        }
    }

    /// Up to where it has counted.
    pub const fn position(&self) -> Moment {
        self.position
    }

    /// When the workload began.
    pub const fn opened_at(&self) -> Moment {
        self.opened_at
    }

    /// What was counted and is in no window that was given out yet.
    pub fn in_hand(&self) -> Metrics {
        self.kept_back.as_ref().map_or(Metrics::UNKNOWN, |kept| kept.used).plus(&self.open.used)
    }

    /// Counts a sample. Gives back the windows that are complete with it.
    pub fn take(&mut self, readout: &Readout, rules: &Rules) -> (Taken, Vec<Metered>) {
        if readout.at <= self.position {
            let taken = if readout.at == self.position { Taken::Duplicate } else { Taken::Late };
            return (taken, Vec::new());
        }
        if readout.at.since(self.position) > seconds(rules.longest_stretch) {
            self.open.note(self.position, readout.at, GapKind::NotSampled);
            self.open.end = self.open.end.max(readout.at.next_boundary(rules.interval));
        }
        let (mut deltas, sources) = self.advance(readout, rules);
        self.open.sources.extend(sources.iter().cloned());
        let mut complete = Vec::new();
        while readout.at >= self.open.end {
            let end = self.open.end;
            // A lease that began just before a boundary has a longer first window instead of one too short to be believed.
            if end.since(self.open.start) < seconds(rules.shortest_window) {
                self.open.end = end.next_boundary(rules.interval);
                continue;
            }
            self.open.count(&mut deltas, end, readout.at);
            let mut next = Open::new(end, end.next_boundary(rules.interval));
            if readout.at > end {
                next.sources.clone_from(&sources);
            }
            let done = std::mem::replace(&mut self.open, next);
            complete.extend(self.kept_back.replace(done.complete(end)));
        }
        self.open.count(&mut deltas, readout.at, readout.at);
        self.position = readout.at;
        if readout.at.since(self.open.start) >= seconds(rules.shortest_window) {
            complete.extend(self.kept_back.take());
        }
        (Taken::Counted, complete)
    }

    /// Ends the metering: the workload or its lease ended at this moment. Gives back the windows that are left, the last
    /// of them marked as such; none where the workload ended as it began.
    ///
    /// The last window ends with the last sample. What was used after it is nowhere counted, and the window says so.
    pub fn finish(mut self, ended_at: Moment, rules: &Rules) -> Vec<Metered> {
        let (mut windows, measured_to) = (Vec::new(), self.position);
        let after = (measured_to, ended_at, GapKind::AfterLastSample);
        let rest = (measured_to > self.open.start).then(|| {
            self.open.note(after.0, after.1, after.2);
            self.open.clone().complete(measured_to)
        });
        match (self.kept_back.take(), rest) {
            (Some(before), Some(rest)) if rest.end.since(rest.start) < seconds(rules.shortest_window) => {
                windows.push(before.joined(rest));
            }
            (before, Some(rest)) => windows.extend(before.into_iter().chain([rest])),
            (Some(mut before), None) => {
                super::note_gap(&mut before.gaps, Gap { start: after.0, end: after.1, kind: after.2 });
                windows.push(before);
            }
            (None, None) if ended_at > self.open.start => {
                // Nothing was ever read.
                self.open.note(self.open.start, ended_at, GapKind::NotSampled);
                windows.push(self.open.complete(ended_at));
            }
            (None, None) => {}
        }
        if let Some(last) = windows.last_mut() {
            last.last = true;
        }
        windows
    }

    /// Compares a sample with the last readings, and keeps it as the last reading. Gives back how far the counters went,
    /// and who says so.
    fn advance(&mut self, readout: &Readout, rules: &Rules) -> (Vec<Delta>, BTreeSet<Source>) {
        let (mut deltas, mut sources) = (Vec::new(), BTreeSet::new());
        // Before anything of this sample is taken down.
        for reading in &readout.readings {
            let key = format!("{}:{}", reading.source, reading.part);
            if let Some(part) = self.renamed(&key, readout, reading) {
                self.parts.insert(key, part);
            }
        }
        for reading in &readout.readings {
            let key = format!("{}:{}", reading.source, reading.part);
            let ran_before = reading.started_at.is_some_and(|began| began < self.opened_at);
            let part = self.parts.entry(key).or_insert_with(|| Part::new(self.position, ran_before));
            for (metric, value) in reading.counters.known() {
                let owner = self.sources.entry(metric.word().to_owned()).or_insert_with(|| reading.source.clone());
                if *owner != reading.source {
                    continue;
                }
                sources.insert(reading.source.clone());
                let step = part.step(metric, value, reading.started_at, readout.at);
                if let Some(kind) = step.lost {
                    self.open.note(step.since, readout.at, kind);
                }
                if readout.at.since(step.since) > seconds(rules.longest_stretch) {
                    // When in that time it was used nobody knows; the open window is the first that is left.
                    self.open.note(step.since, readout.at, GapKind::NotSampled);
                    self.open.used.add(metric, step.used);
                } else {
                    deltas.push(Delta::new(metric, step.since.max(self.open.start), step.used));
                }
            }
            for (metric, level) in reading.levels.known() {
                let owner = self.sources.entry(metric.word().to_owned()).or_insert_with(|| reading.source.clone());
                if *owner != reading.source || reading.counters.get(metric).is_some() {
                    continue;
                }
                let until = reading.ended_at.unwrap_or(readout.at).min(readout.at);
                let (held, since) = part.hold(metric, level, until);
                match held {
                    Some(held) if readout.at.since(since) <= seconds(rules.longest_stretch) => {
                        sources.insert(reading.source.clone());
                        let amount = i128::from(held).saturating_mul(i128::from(until.since(since).max(0)));
                        deltas.push(Delta::new(metric, since.max(self.open.start), amount));
                    }
                    Some(_) | None => self.open.note(since, readout.at, GapKind::LevelsNotRead),
                }
            }
            part.seen(readout.at, reading.ended_at.is_some());
        }
        self.forget(readout.at);
        (deltas, sources)
    }

    /// The part that a series goes on under other labels: of the same metric, gone in this sample or standing still, at
    /// the highest value below the new one's. What is new could as well be a part of its own that was very busy; then too
    /// little is charged, and a gap says so. Charged twice is nothing.
    fn renamed(&mut self, key: &str, readout: &Readout, reading: &Reading) -> Option<Part> {
        let source = &reading.source;
        if source.names_lives() || reading.started_at.is_some() || self.parts.contains_key(key) {
            return None;
        }
        let (metric, value) = reading.counters.known().next()?;
        let now_at = |name: &str| {
            let same = readout.readings.iter().find(|other| other.source == *source && other.part == name);
            same.map(|other| other.counters.get(metric))
        };
        let prefix = format!("{source}:");
        let seen_last = self.parts.iter().filter(|(_, part)| part.last_seen() == self.position && !part.has_ended());
        let stopped = seen_last.filter_map(|(key, part)| {
            let (name, last) = (key.strip_prefix(&prefix)?, *part.counters().get(&metric)?);
            let stands = now_at(name).is_none_or(|now| now == Some(last.value));
            (stands && last.value <= value).then(|| (key.clone(), now_at(name).is_none(), last))
        });
        let (old, gone, last) = stopped.max_by_key(|(_, _, last)| last.value)?;
        if gone {
            self.parts.remove(&old);
        }
        self.open.note(last.at, readout.at, GapKind::RanBefore);
        Some(Part::going_on(metric, last))
    }

    /// Notes which parts are gone, and lets go of those that are gone for good.
    fn forget(&mut self, now: Moment) {
        let silent = |part: &&Part| part.last_seen() == self.position && !part.has_ended();
        for part in self.parts.values().filter(silent) {
            self.open.note(part.last_seen(), now, GapKind::Vanished);
        }
        self.parts.retain(|_, part| now.since(part.last_seen()) <= seconds(REMEMBERED));
        while self.parts.len() > MOST_PARTS {
            let longest_gone = self.parts.iter().min_by_key(|(_, part)| part.last_seen()).map(|(key, _)| key.clone());
            let Some(key) = longest_gone else { break };
            self.parts.remove(&key);
        }
    }

    /// Since when it holds what is in no window that was given out yet.
    pub fn in_hand_since(&self) -> Moment {
        self.kept_back.as_ref().map_or(self.open.start, |kept| kept.start)
    }

    /// What the counters of a source stood at when they were read last, by part.
    pub fn counters_of(&self, source: &Source) -> BTreeMap<String, BTreeMap<Metric, Counted>> {
        let prefix = format!("{source}:");
        let parts = self.parts.iter().filter_map(|(key, part)| Some((key.strip_prefix(&prefix)?, part)));
        parts.map(|(part, last)| (part.to_owned(), last.counters())).collect()
    }

    /// The source of a metric, if one ever knew it.
    pub fn source_of(&self, metric: Metric) -> Option<&Source> {
        self.sources.get(metric.word())
    }
}
