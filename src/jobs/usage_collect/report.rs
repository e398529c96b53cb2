//! What a collection did.

use serde::Serialize;

use super::Made;
use crate::domain::job::{Counts, Outcome};
use crate::jobs::Report;

/// A source that could not be asked, or not for everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceFailure {
    /// Which.
    pub source: String,
    /// Why, in one line.
    pub error: String,
}

/// What a collection did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Collected {
    /// Meters that were opened.
    pub opened: u64,
    /// Meters that took a readout.
    pub sampled: u64,
    /// Meters whose readout was not later than the last one.
    pub late: u64,
    /// Meters of which no source said anything.
    pub silent: u64,
    /// Meters that ended.
    pub ended: u64,
    /// Records that were signed.
    pub signed: u64,
    /// Records that are held for a person.
    pub held: u64,
    /// Sources that could not be asked.
    pub failed: Vec<SourceFailure>,
    /// It was stopped on request, between two transactions.
    pub interrupted: bool,
}

impl Collected {
    pub(super) fn count<'m>(&mut self, made: impl Iterator<Item = &'m Made>) {
        for made in made {
            match made {
                Made::Signed(_) => self.signed = self.signed.saturating_add(1),
                Made::Held(_) => self.held = self.held.saturating_add(1),
            }
        }
    }
}

impl Report for Collected {
    fn outcome(&self) -> Outcome {
        if self.interrupted {
            Outcome::Interrupted
        } else if self.failed.is_empty() {
            Outcome::Done
        } else {
            Outcome::PartlyFailed
        }
    }

    fn counts(&self) -> Counts {
        let counts = [
            ("meters_opened", self.opened),
            ("meters_sampled", self.sampled),
            ("meters_silent", self.silent),
            ("meters_ended", self.ended),
            ("records_signed", self.signed),
            ("records_held", self.held),
            ("sources_failed", self.failed.len() as u64),
        ];
        let mut all = Counts::default();
        for (kind, number) in counts {
            all.add(kind, number);
        }
        all
    }
}
