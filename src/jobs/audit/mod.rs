//! The audit trail as jobs use it: the table, the seals and the audit file together.
//!
//! ```text
//! append    a row in the transaction of the business row it speaks of
//! settle    between two items: after a hundred events, catch up
//! finish    at the end of the run: catch up
//!           └─ append the rows that the audit file lacks, seal the head, say so in the log
//! verify    the chain, the seals, the audit file: what is wrong first, and how far the seals vouch
//! prune     rows past their retention, up to a sealed row, behind a seal that says so
//! ```
//! Catching up is level-triggered: it compares the table with the seals and the file and makes up for what is missing,
//! whichever run was killed before it could. It never seals a chain that does not follow from the last seal, so a trail
//! that was tampered with is noticed by the next run, not only by `audit-log verify`.
//!
//! A row that cannot be appended fails its transaction: what cannot be recorded is not done. A file or seal that cannot
//! be written fails the end of the run only, and the next run makes up for it.

mod catch_up;
mod configuration;
mod error;
mod prune;
mod reading;
mod restored;
mod trail;
mod verify;
mod witness;

#[cfg(test)]
mod tests;

pub use configuration::note_configuration;
pub use error::Error;
pub use prune::{prunable, prune};
pub use restored::{check_backup, head_of, not_restored, restored};
pub use trail::{Happening, Trail};
pub use verify::{Sealed, Verification, verify};
pub use witness::Witness;

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::{Map, Value};

use crate::domain::audit::Event;

/// What is recorded, and where to besides the state file (`logging.audit`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Whether anything is recorded.
    pub enabled: bool,
    /// Which events; a restore is always recorded.
    pub events: BTreeSet<Event>,
    /// The audit file.
    pub output: Option<PathBuf>,
}

impl Default for Settings {
    /// Every event, and no audit file.
    fn default() -> Self {
        Self { enabled: true, events: Event::ALL.iter().copied().collect(), output: None }
    }
}

/// What a run is told of the trail.
#[derive(Debug, Clone, Copy)]
pub struct Audited<'a> {
    /// What is recorded.
    pub settings: &'a Settings,
    /// Every value of the configuration that is in force, by its key; secrets are not among them. None is not noted.
    pub configuration: Option<&'a Map<String, Value>>,
}

/// Nothing is recorded.
pub static NOTHING: Settings = Settings { enabled: false, events: BTreeSet::new(), output: None };

impl Settings {
    fn wants(&self, event: Event) -> bool {
        self.enabled && (event.is_mandatory() || self.events.contains(&event))
    }
}
