//! A job, seen from outside: its name, how a run of it ends and what it counted.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The name of a job: `state-maintain`. It names a lock file too, so it can never be a path.
///
/// One to 48 characters, lower-case letters, digits and single hyphens between them, a letter first.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct JobName(Cow<'static, str>);

/// A text that names no job.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no name of a job: lower-case letters, digits and single hyphens between them, 48 characters at most")]
pub struct NotAJobName(String);

/// The longest name, in characters.
const LONGEST_NAME: usize = 48;

impl JobName {
    /// The name of a job of this program, checked when it is compiled:
    /// `const NAME: JobName = JobName::constant("state-maintain");`.
    ///
    /// # Panics
    /// If the text is no name: in a constant, so the program does not compile.
    pub const fn constant(name: &'static str) -> Self {
        assert!(is_name(name), "lower-case letters, digits and single hyphens between them");
        Self(Cow::Borrowed(name))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

const fn is_name(text: &str) -> bool {
    let mut rest = text.as_bytes();
    // A hyphen stands between two others, never first; a digit is never first either.
    let mut before = b'-';
    let mut first = true;
    while let Some((byte, after)) = rest.split_first() {
        let fits = match *byte {
            b'a'..=b'z' => true,
            b'0'..=b'9' => !first,
            b'-' => before != b'-',
            _ => false,
        };
        if !fits {
            return false;
        }
        (before, first, rest) = (*byte, false, after);
    }
    before != b'-' && text.len() <= LONGEST_NAME
}

impl FromStr for JobName {
    type Err = NotAJobName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if is_name(text) {
            Ok(Self(Cow::Owned(text.to_owned())))
        } else {
            Err(NotAJobName(text.chars().take(LONGEST_NAME + 1).collect()))
        }
    }
}

impl TryFrom<String> for JobName {
    type Error = NotAJobName;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<JobName> for String {
    fn from(name: JobName) -> Self {
        name.0.into_owned()
    }
}

impl fmt::Display for JobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Where a run of a job stands.
///
/// ```text
/// running ─┬─> done            everything worked
///          ├─> partly_failed   the run went through, some of its items failed
///          ├─> failed          the run ended early with an error (or a panic)
///          ├─> interrupted     it was asked to stop and did, at a safe point
///          └─> killed          it vanished; the next run of the same job finds that
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Not ended yet.
    Running,
    /// Everything worked.
    Done,
    /// The run went through; some of its items failed.
    PartlyFailed,
    /// The run ended early with an error.
    Failed,
    /// The run was asked to stop and did, at a safe point.
    Interrupted,
    /// The process vanished without a word.
    Killed,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: &'static [Self] =
        &[Self::Running, Self::Done, Self::PartlyFailed, Self::Failed, Self::Interrupted, Self::Killed];

    /// The word in stored rows, output and metric labels.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::PartlyFailed => "partly_failed",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
            Self::Killed => "killed",
        }
    }

    /// The outcome of that word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|outcome| outcome.word() == word)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// What a run counted: how many of each kind, such as `bids_placed: 3`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Counts(BTreeMap<String, u64>);

impl Counts {
    /// Counts `number` more of a kind; stops at the largest number instead of wrapping.
    pub fn add(&mut self, kind: &str, number: u64) {
        match self.0.get_mut(kind) {
            Some(count) => *count = count.saturating_add(number),
            None => {
                self.0.insert(kind.to_owned(), number);
            }
        }
    }

    /// How many of a kind.
    pub fn of(&self, kind: &str) -> u64 {
        self.0.get(kind).copied().unwrap_or(0)
    }

    /// Kinds and numbers, in the order of the kinds.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0.iter().map(|(kind, number)| (kind.as_str(), *number))
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (kind, number)) in self.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            write!(f, "{comma}{kind} {number}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_never_paths() {
        for good in ["a", "bid-run", "state-maintain", "tx2-flush", &"a".repeat(48)] {
            assert_eq!(good.parse::<JobName>().unwrap().as_str(), good);
        }
        let long = "a".repeat(49);
        for bad in ["", "-a", "a-", "a--b", "A", "a/b", "..", "a.lock", "a b", "1a", "ä", "a\0", &long] {
            assert!(bad.parse::<JobName>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn every_outcome_has_its_own_word() {
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::of_word(outcome.word()), Some(*outcome));
            assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.word());
        }
        assert_eq!(Outcome::of_word("ended"), None);
    }

    #[test]
    fn counts_add_up_and_do_not_wrap() {
        let mut counts = Counts::default();
        counts.add("rows_pruned", 2);
        counts.add("rows_pruned", 3);
        counts.add("backups_written", u64::MAX);
        counts.add("backups_written", 1);
        assert_eq!((counts.of("rows_pruned"), counts.of("backups_written"), counts.of("none")), (5, u64::MAX, 0));
        assert_eq!(counts.to_string(), format!("backups_written {}, rows_pruned 5", u64::MAX));
    }
}
