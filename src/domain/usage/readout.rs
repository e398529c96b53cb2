//! What the sources say of a workload at one moment: cumulative counters, which survive lost readings, and levels.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Metric, Metrics, Moment};
use crate::domain::resources::Bytes;

/// Who measured: a back end (`kubernetes`, `local`, …), `prometheus`, or a person (`manual`).
///
/// One to 32 lower-case letters, digits, `-` and `_`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Source(String);

/// A text that names no source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} names no source of usage figures: lower-case letters, digits, - and _, 32 characters at most")]
pub struct NotASource(String);

impl Source {
    /// What a person said.
    pub fn manual() -> Self {
        Self("manual".to_owned())
    }

    /// What a Prometheus server said.
    pub fn prometheus() -> Self {
        Self("prometheus".to_owned())
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether another part is another counter for certain. A back end names each life of a unit; a series has the labels
    /// that somebody gives it, and may get others while its counter runs on.
    pub fn names_lives(&self) -> bool {
        *self != Self::prometheus()
    }
}

impl FromStr for Source {
    type Err = NotASource;

    fn from_str(text: &str) -> Result<Self, NotASource> {
        let fits = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte));
        if fits && (1..=32).contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotASource(text.chars().take(33).collect()))
        }
    }
}

impl TryFrom<String> for Source {
    type Error = NotASource;

    fn try_from(text: String) -> Result<Self, NotASource> {
        text.parse()
    }
}

impl From<Source> for String {
    fn from(source: Source) -> Self {
        source.0
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What is in use at a moment. It counts from one reading to the next: a level says nothing of the time before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Levels {
    /// Memory that is held.
    pub memory: Option<Bytes>,
    /// Storage that is held.
    pub storage: Option<Bytes>,
    /// GPUs that are held.
    pub gpus: Option<u64>,
}

impl Levels {
    /// What is known, by the metric that it makes up over time.
    pub fn known(&self) -> impl Iterator<Item = (Metric, u64)> + '_ {
        let all = [
            (Metric::MemoryByteSeconds, self.memory.map(|bytes| bytes.0)),
            (Metric::StorageByteSeconds, self.storage.map(|bytes| bytes.0)),
            (Metric::GpuSeconds, self.gpus),
        ];
        all.into_iter().filter_map(|(metric, level)| level.map(|level| (metric, level)))
    }
}

/// What one part of a workload says: a container, a pod, a machine, a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Who says so.
    pub source: Source,
    /// Which part, in the source's own words. Another container is another part, even under the same name.
    pub part: String,
    /// Since when its counters count, where the source says it.
    pub started_at: Option<Moment>,
    /// What was used since then. A metric that the source does not have is unknown.
    pub counters: Metrics,
    /// What is in use now, of what the source does not count over time.
    pub levels: Levels,
    /// When the part ended, or was held still, if it did: these are its last meters, and nothing is lost by its silence.
    pub ended_at: Option<Moment>,
}

/// What the sources say of one workload at one moment.
///
/// A reading that failed is not in it. No readout at all means that nothing is known, never that nothing was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readout {
    /// When.
    pub at: Moment,
    /// What of each part.
    pub readings: Vec<Reading>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_words() {
        for text in ["local", "kubernetes", "prometheus", "manual", "slurm-2"] {
            assert_eq!(text.parse::<Source>().unwrap().to_string(), text);
        }
        for text in ["", "Local", "a b", "=cmd", &"x".repeat(33)] {
            assert!(text.parse::<Source>().is_err(), "{text}");
        }
    }
}
