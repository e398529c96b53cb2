//! What must still be so when a message is signed, and again each time its bytes are given to a node.
//!
//! A message is wanted because of what was read then. Between that and the block lie a queue, refusals, restarts: what was
//! right when it was written down may destroy something by then.

/// What must still be so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Guard {
    /// The bid that the message closes is open: the closing of one that was taken ends the tenant's lease.
    BidOpen,
    /// No pause and no maintenance is in force: the message asks for new work.
    NotPaused,
}

impl Guard {
    /// Every guard.
    pub const ALL: &'static [Self] = &[Self::BidOpen, Self::NotPaused];

    /// The word in rows.
    pub const fn word(self) -> &'static str {
        match self {
            Self::BidOpen => "bid_open",
            Self::NotPaused => "not_paused",
        }
    }

    /// The guard of that word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|guard| guard.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_guard_has_its_word() {
        for guard in Guard::ALL {
            assert_eq!(Guard::of_word(guard.word()), Some(*guard));
        }
        assert_eq!(Guard::of_word(""), None);
    }
}
