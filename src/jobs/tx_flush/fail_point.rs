//! The points of a flush at which a debug build can be told to die, as `jobs::fail_point` says: between any two writes. The
//! tests that use them are in tests/integration/tx.

/// A moment of a flush at which a kill must do no harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailPoint {
    /// The signer is locked; nothing was read.
    Locked,
    /// A batch was simulated; nothing was signed.
    Simulated,
    /// There is a signature; nothing was stored.
    Signed,
    /// The bytes are stored; no node has them.
    Stored,
    /// A node has the bytes; that was not written down.
    HandedOut,
    /// It was written down.
    HandingNoted,
    /// A block was read that holds nothing of ours; that was not written down.
    BlockRead,
    /// It was written down.
    ReadNoted,
    /// A transaction was found in a block; that was not written down.
    Found,
    /// What became of it is written down.
    Settled,
    /// A transaction is proved void; that was not written down.
    Proved,
    /// It was written down.
    Voided,
    /// A message is refused; that was not written down.
    Refused,
    /// It was written down.
    RefusalNoted,
}

impl FailPoint {
    /// Every one.
    pub const ALL: &'static [Self] = &[
        Self::Locked,
        Self::Simulated,
        Self::Signed,
        Self::Stored,
        Self::HandedOut,
        Self::HandingNoted,
        Self::BlockRead,
        Self::ReadNoted,
        Self::Found,
        Self::Settled,
        Self::Proved,
        Self::Voided,
        Self::Refused,
        Self::RefusalNoted,
    ];

    /// The word in the variable.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Locked => "locked",
            Self::Simulated => "simulated",
            Self::Signed => "signed",
            Self::Stored => "stored",
            Self::HandedOut => "handed-out",
            Self::HandingNoted => "handing-noted",
            Self::BlockRead => "block-read",
            Self::ReadNoted => "read-noted",
            Self::Found => "found",
            Self::Settled => "settled",
            Self::Proved => "proved",
            Self::Voided => "voided",
            Self::Refused => "refused",
            Self::RefusalNoted => "refusal-noted",
        }
    }

    /// The process has come to this point.
    pub(super) fn reach(self) {
        crate::jobs::fail_point::reach(self.word());
    }
}
