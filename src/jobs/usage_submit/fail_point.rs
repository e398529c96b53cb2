//! Places where a debug build can be told to die: between any two writes of a submission.

use crate::jobs::fail_point;

/// A moment of a submission at which a kill must do no harm. `PROVIDER_FAIL_POINT=usage-enqueued` kills there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailPoint {
    /// What the chain has was read, and is written down.
    Synced,
    /// A record that is given up is a file; the state file does not say so.
    FailedFile,
    /// What became of messages is written down.
    OutcomesNoted,
    /// A record is in the outbox.
    Enqueued,
    /// A settlement is in the outbox.
    SettlementEnqueued,
    /// The outbox was flushed; our rows do not know yet what came of it.
    Flushed,
    /// What came of it is written down.
    Confirmed,
}

impl FailPoint {
    /// Every one.
    pub const ALL: &'static [Self] = &[
        Self::Synced,
        Self::FailedFile,
        Self::OutcomesNoted,
        Self::Enqueued,
        Self::SettlementEnqueued,
        Self::Flushed,
        Self::Confirmed,
    ];

    /// The word in the variable.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Synced => "usage-synced",
            Self::FailedFile => "usage-failed-file",
            Self::OutcomesNoted => "usage-outcomes-noted",
            Self::Enqueued => "usage-enqueued",
            Self::SettlementEnqueued => "usage-settlement-enqueued",
            Self::Flushed => "usage-flushed",
            Self::Confirmed => "usage-confirmed",
        }
    }

    /// The process has come to this point.
    pub(super) fn reach(self) {
        fail_point::reach(self.word());
    }
}
