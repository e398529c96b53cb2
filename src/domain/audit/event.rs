//! What is recorded, and how it ended.

use std::fmt;
use std::str::FromStr;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Event {
    /// A key signed, decrypted, was made, rotated or destroyed.
    KeyUsage,
    /// A bid was sent to the chain.
    BidSubmitted,
    /// A workload was started in a back end.
    WorkloadDeployed,
    /// A workload was stopped or removed.
    WorkloadTerminated,
    /// Usage was reported to the chain.
    UsageSubmitted,
    /// The effective configuration is another than in the run before.
    ConfigChanged,
    /// The state file, and the trail within it, was replaced by a backup.
    StateRestored,
}

/// How it ended. Failures are recorded too: a refused signature is worth more than a granted one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It was done.
    Succeeded,
    /// It was tried and not done, or not known to be done.
    Failed,
}

/// A word that names no event or outcome.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is none of {}", known.join(", "))]
pub struct UnknownWord {
    word: String,
    known: &'static [&'static str],
}

impl Event {
    /// Every event.
    pub const ALL: &'static [Self] = &[
        Self::KeyUsage,
        Self::BidSubmitted,
        Self::WorkloadDeployed,
        Self::WorkloadTerminated,
        Self::UsageSubmitted,
        Self::ConfigChanged,
        Self::StateRestored,
    ];

    /// The words of [`Event::ALL`], in the same order.
    pub const WORDS: &'static [&'static str] = &[
        "key_usage",
        "bid_submitted",
        "workload_deployed",
        "workload_terminated",
        "usage_submitted",
        "config_changed",
        "state_restored",
    ];

    /// The word used in the configuration, the table, the file and on the command line (the operations manual's).
    pub const fn word(self) -> &'static str {
        match self {
            Self::KeyUsage => "key_usage",
            Self::BidSubmitted => "bid_submitted",
            Self::WorkloadDeployed => "workload_deployed",
            Self::WorkloadTerminated => "workload_terminated",
            Self::UsageSubmitted => "usage_submitted",
            Self::ConfigChanged => "config_changed",
            Self::StateRestored => "state_restored",
        }
    }

    /// Whether it is recorded whatever events are selected: without it, the trail itself could not be read aright.
    pub const fn is_mandatory(self) -> bool {
        matches!(self, Self::StateRestored)
    }
}

impl Outcome {
    /// The word used in the table, the file and listings.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        }
    }
}

impl FromStr for Event {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let event = Self::ALL.iter().find(|event| event.word() == text);
        event.copied().ok_or_else(|| UnknownWord { word: text.to_owned(), known: Self::WORDS })
    }
}

impl FromStr for Outcome {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        match text {
            "succeeded" => Ok(Self::Succeeded),
            "failed" => Ok(Self::Failed),
            _ => Err(UnknownWord { word: text.to_owned(), known: &["succeeded", "failed"] }),
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_a_contract() {
        for (event, word) in Event::ALL.iter().zip(Event::WORDS) {
            assert_eq!(event.word(), *word);
            assert_eq!(word.parse(), Ok(*event));
        }
        assert_eq!(Event::ALL.len(), Event::WORDS.len());
        for outcome in [Outcome::Succeeded, Outcome::Failed] {
            assert_eq!(outcome.word().parse(), Ok(outcome));
        }
        let unknown = "bids".parse::<Event>().unwrap_err().to_string();
        assert!(unknown.starts_with("`bids` is none of key_usage, bid_submitted"), "{unknown}");
        assert!("ok".parse::<Outcome>().is_err());
    }
}
