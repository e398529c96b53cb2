//! A workload as the state file remembers it.

use jiff::Timestamp;

use super::heal::Restarts;
use super::{EvictionReason, Handle, Owner, Reason, Revision, State, WorkloadId};

/// A workload as the state file remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workload {
    /// Which.
    pub id: WorkloadId,
    /// Whose.
    pub owner: Owner,
    /// The back end that it was given to; none before its manifest is there.
    pub adapter: Option<String>,
    /// Where it stands.
    pub state: State,
    /// Since when.
    pub since: Timestamp,
    /// Why.
    pub reason: Reason,
    /// When the state file first knew it.
    pub created: Timestamp,
    /// The manifest that it should run; none before it came.
    pub revision: Option<Revision>,
    /// The manifest that the back end was last asked to run, and did not refuse.
    pub deployed: Option<Revision>,
    /// What should run by that manifest: services and how many instances of each.
    pub services: Vec<(String, u32)>,
    /// Whether the manifest itself is there. One that was adopted has lost it.
    pub has_manifest: bool,
    /// How the back end finds it.
    pub handle: Option<Handle>,
    /// What the operator wants, until something else is wanted.
    pub hold: Option<Hold>,
    /// The operator wants it restarted, once.
    pub restart: bool,
    /// Restarts in a row.
    pub restarts: Restarts,
    /// Failed checks in a row, of its manifest's own checks.
    pub failed_checks: u32,
    /// It is being evicted.
    pub eviction: Option<EvictionReason>,
    /// It is to be closed on chain, and that was written down.
    pub closing: bool,
}

/// What the operator wants of a workload; it outlives every run until something else is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// Held still.
    Paused,
    /// Ended, with its data kept.
    Stopped {
        /// Without giving it time.
        forced: bool,
    },
    /// Over.
    Terminated,
}

impl Hold {
    /// The word in output and stored rows.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Paused => "paused",
            Self::Stopped { forced: false } => "stopped",
            Self::Stopped { forced: true } => "stopped_by_force",
            Self::Terminated => "terminated",
        }
    }

    /// The hold with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        let all = [Self::Paused, Self::Stopped { forced: false }, Self::Stopped { forced: true }, Self::Terminated];
        all.into_iter().find(|hold| hold.word() == word)
    }
}
