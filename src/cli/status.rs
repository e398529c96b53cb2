//! Exit codes: the numbers of sysexits.h, so that units and scripts can react to them.

use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// All done.
    Done,
    /// Done, but some items failed; the report says which.
    SomeFailed,
    /// The command line is wrong.
    Usage,
    /// Input data (a manifest, a file, a record) is wrong.
    Data,
    /// Something that we need did not answer.
    Unavailable,
    /// A defect of this program.
    Bug,
    /// The state file cannot be used.
    StateFile,
    /// Try again later: a lock is held, the node is not synced, a rate limit, an interrupted job.
    TryLater,
    /// We are not allowed to.
    Denied,
    /// The configuration is wrong.
    Configuration,
}

impl Status {
    /// Every status, for the manual page.
    pub const ALL: &'static [Self] = &[
        Self::Done,
        Self::SomeFailed,
        Self::Usage,
        Self::Data,
        Self::Unavailable,
        Self::Bug,
        Self::StateFile,
        Self::TryLater,
        Self::Denied,
        Self::Configuration,
    ];

    /// The number the process ends with.
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::SomeFailed => 1,
            Self::Usage => 64,
            Self::Data => 65,
            Self::Unavailable => 69,
            Self::Bug => 70,
            Self::StateFile => 73,
            Self::TryLater => 75,
            Self::Denied => 77,
            Self::Configuration => 78,
        }
    }

    /// What it means, for people.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Done => "Done.",
            Self::SomeFailed => "Done, but some items failed; the report says which.",
            Self::Usage => "The command line is wrong.",
            Self::Data => "Input data is wrong, or the thing that was named does not exist.",
            Self::Unavailable => "A node, a back end or another service did not answer.",
            Self::Bug => "A defect of this program.",
            Self::StateFile => "The state file cannot be used.",
            Self::TryLater => {
                "Try again later: a lock is held, the node is not synced, a rate limit, or an interrupted job."
            }
            Self::Denied => "Permission denied.",
            Self::Configuration => "The configuration is wrong.",
        }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status.code())
    }
}
