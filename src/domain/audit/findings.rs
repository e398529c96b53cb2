//! What verification can find, in words that name the place.

use std::fmt;

/// Numbers from `first` to `last`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first of them.
    pub first: i64,
    /// The last of them.
    pub last: i64,
}

/// What part of a row is not what was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Time, event, outcome, actor, subject or details.
    Content,
    /// The number of the row.
    Number,
    /// The hash of the row before.
    Previous,
    /// Its own hash.
    Hash,
    /// Its content or its own hash: the last row has no successor that remembers which.
    ContentOrHash,
}

/// The first thing that is wrong with the chain of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// A row is not what was recorded.
    Edited {
        /// Its number.
        seq: i64,
        /// What of it.
        column: Column,
    },
    /// Rows are gone from the beginning or the middle.
    Removed {
        /// Which.
        rows: Span,
    },
    /// A row stands in another place than where it was recorded.
    Reordered {
        /// The number it was recorded under.
        seq: i64,
        /// The number it bears now.
        stands_as: i64,
    },
    /// A row was put in that was never recorded there.
    Inserted {
        /// The number it bears.
        seq: i64,
    },
    /// Rows are gone from the end.
    Cut {
        /// Which, as far as a seal vouches for them.
        rows: Span,
    },
    /// The chain is sound in itself, but is not the one that was sealed: rows were changed and all hashes computed anew.
    Rewritten {
        /// The first of the changed rows is one of these.
        rows: Span,
    },
}

/// Anything that verification holds against the trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// The rows themselves.
    Chain(Broken),
    /// Rows were pruned up to this number, and no seal vouches for the pruning.
    PruningUnsealed {
        /// The last row that is gone.
        until: i64,
    },
    /// There are rows, but no seals file.
    NoSeals,
    /// The key is gone, so that no seal can be checked.
    KeyMissing,
    /// Seals that another key made: the key was replaced, or somebody else made them.
    SealedWithAnotherKey {
        /// Their numbers.
        seals: Span,
    },
    /// A seal is not what was written, or out of its place.
    SealChanged {
        /// Its number.
        number: i64,
    },
    /// Seals are gone.
    SealsMissing {
        /// Their numbers.
        seals: Span,
    },
    /// A line of the seals file is no seal.
    SealUnreadable {
        /// The line, counted from one.
        line: i64,
    },
    /// A seal was made for another state file.
    SealOfAnotherStore {
        /// Its number.
        number: i64,
    },
    /// The audit file holds another row than the table.
    FileDiffers {
        /// The number of the first such row.
        seq: i64,
    },
    /// The audit file holds rows that the table lacks.
    FileHoldsMore {
        /// Which.
        rows: Span,
    },
}

impl Span {
    /// From `first` to `last`, both included.
    pub const fn new(first: i64, last: i64) -> Self {
        Self { first, last }
    }

    fn of(self, f: &mut fmt::Formatter<'_>, one: &str, many: &str) -> fmt::Result {
        if self.first == self.last {
            write!(f, "{one} {}", self.first)
        } else {
            write!(f, "{many} {} to {}", self.first, self.last)
        }
    }

    const fn was(self) -> &'static str {
        if self.first == self.last { "was" } else { "were" }
    }
}

impl Broken {
    /// The number of the first row that is not as it was recorded, as far as it can be known.
    pub const fn first_row(&self) -> i64 {
        match self {
            Self::Edited { seq, .. } | Self::Reordered { seq, .. } | Self::Inserted { seq } => *seq,
            Self::Removed { rows } | Self::Cut { rows } | Self::Rewritten { rows } => rows.first,
        }
    }
}

impl Finding {
    /// The word used in JSON output and metrics.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Chain(Broken::Edited { .. }) => "edited",
            Self::Chain(Broken::Removed { .. }) => "removed",
            Self::Chain(Broken::Reordered { .. }) => "reordered",
            Self::Chain(Broken::Inserted { .. }) => "inserted",
            Self::Chain(Broken::Cut { .. }) => "cut",
            Self::Chain(Broken::Rewritten { .. }) => "rewritten",
            Self::PruningUnsealed { .. } => "pruning_unsealed",
            Self::NoSeals => "no_seals",
            Self::KeyMissing => "key_missing",
            Self::SealedWithAnotherKey { .. } => "sealed_with_another_key",
            Self::SealChanged { .. } => "seal_changed",
            Self::SealsMissing { .. } => "seals_missing",
            Self::SealUnreadable { .. } => "seal_unreadable",
            Self::SealOfAnotherStore { .. } => "seal_of_another_store",
            Self::FileDiffers { .. } => "file_differs",
            Self::FileHoldsMore { .. } => "file_holds_more",
        }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Edited { seq, column } => {
                let what = match column {
                    Column::Content => "its content is",
                    Column::Number => "its number is",
                    Column::Previous => "its link to the row before is",
                    Column::Hash => "its hash is",
                    Column::ContentOrHash => "its content or its hash is",
                };
                write!(f, "row {seq} was edited: {what} not what was recorded")
            }
            Self::Removed { rows } => {
                rows.of(f, "row", "rows")?;
                write!(f, " {} removed", rows.was())
            }
            Self::Reordered { seq, stands_as } if seq == stands_as => {
                write!(f, "row {seq} was moved: rows that were recorded later stand before it")
            }
            Self::Reordered { seq, stands_as } => {
                write!(f, "row {seq} was moved: it stands as number {stands_as}")
            }
            Self::Inserted { seq } => {
                write!(f, "row {seq} was put in: it was never recorded there, the chain leads past it")
            }
            Self::Cut { rows } => {
                rows.of(f, "row", "rows")?;
                write!(f, " {} cut off the end, though sealed", rows.was())
            }
            Self::Rewritten { rows } => {
                f.write_str("the chain was computed anew from ")?;
                rows.of(f, "row", "one of the rows")?;
                write!(f, " on: row {} is not the one that was sealed", rows.last)
            }
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Chain(broken) => broken.fmt(f),
            Self::PruningUnsealed { until } => {
                write!(f, "the rows up to {until} are gone, and no seal vouches that they were pruned")
            }
            Self::NoSeals => {
                f.write_str("there are rows but no seals: the seals file was removed, or no job has ended yet")
            }
            Self::KeyMissing => f.write_str("the audit key is missing: no seal can be checked"),
            Self::SealedWithAnotherKey { seals } => {
                seals.of(f, "seal", "seals")?;
                write!(f, " {} made with another key: the key was replaced, or somebody else sealed", seals.was())
            }
            Self::SealChanged { number } => write!(f, "seal {number} is not what was written, or out of its place"),
            Self::SealsMissing { seals } => {
                seals.of(f, "seal", "seals")?;
                write!(f, " {} removed", seals.was())
            }
            Self::SealUnreadable { line } => write!(f, "line {line} of the seals file is no seal"),
            Self::SealOfAnotherStore { number } => write!(f, "seal {number} was made for another state file"),
            Self::FileDiffers { seq } => write!(f, "row {seq} differs between the audit file and the state file"),
            Self::FileHoldsMore { rows } => {
                f.write_str("the audit file holds ")?;
                rows.of(f, "row", "the rows")?;
                f.write_str(", which the state file lacks")
            }
        }
    }
}
