//! Places where a debug build can be told to die: between any two steps of a bid run.

use crate::jobs::fail_point;

/// A moment of a bid run at which a kill must do no harm. `PROVIDER_FAIL_POINT=bids-recorded` kills there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailPoint {
    /// The chain was read; of our bids what it shows is written down.
    TruthRead,
    /// The book was read, and what was declined is written down.
    BookRead,
    /// One bid that is to be closed is in the outbox, and counted.
    PartlySwept,
    /// What is to be closed is in the outbox.
    Swept,
    /// It is decided which orders get a bid; nothing is written down.
    Chosen,
    /// Some of the bids are written down, with their messages.
    PartlyRecorded,
    /// All are.
    Recorded,
    /// The outbox was flushed; our rows do not know yet what came of it.
    Flushed,
}

impl FailPoint {
    /// Every one.
    pub const ALL: &'static [Self] = &[
        Self::TruthRead,
        Self::BookRead,
        Self::PartlySwept,
        Self::Swept,
        Self::Chosen,
        Self::PartlyRecorded,
        Self::Recorded,
        Self::Flushed,
    ];

    /// The word in the variable.
    pub const fn word(self) -> &'static str {
        match self {
            Self::TruthRead => "bids-truth-read",
            Self::BookRead => "bids-book-read",
            Self::PartlySwept => "bids-partly-swept",
            Self::Swept => "bids-swept",
            Self::Chosen => "bids-chosen",
            Self::PartlyRecorded => "bids-partly-recorded",
            Self::Recorded => "bids-recorded",
            Self::Flushed => "bids-flushed",
        }
    }

    /// The process has come to this point.
    pub(super) fn reach(self) {
        fail_point::reach(self.word());
    }
}
