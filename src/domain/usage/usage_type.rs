//! What the chain calls usage, and in which units it counts.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Metric;

/// A kind of usage on chain. Each is one metric in larger units, so nothing is counted under two names.
///
/// | usage type | unit | of the metric |
/// |---|---|---|
/// | `cpu_core_hours` | a core for an hour | 3,600,000 `cpu_milli_seconds` |
/// | `memory_gb_hours` | a GiB for an hour | 2³⁰ × 3,600 `memory_byte_seconds` |
/// | `storage_gb_hours` | a GiB for an hour | 2³⁰ × 3,600 `storage_byte_seconds` |
/// | `ingress` | a GiB | 2³⁰ `network_bytes_in` |
/// | `egress` | a GiB | 2³⁰ `network_bytes_out` |
/// | `gpu_hours` | a GPU for an hour | 3,600 `gpu_seconds` |
///
/// The words are those that the chain's billing knows (it takes any text, and counts other words as "other").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum UsageType {
    /// Processor time.
    #[serde(rename = "cpu_core_hours")]
    Cpu,
    /// Traffic out.
    #[serde(rename = "egress")]
    Egress,
    /// GPU time.
    #[serde(rename = "gpu_hours")]
    Gpu,
    /// Traffic in.
    #[serde(rename = "ingress")]
    Ingress,
    /// Memory over time.
    #[serde(rename = "memory_gb_hours")]
    Memory,
    /// Storage over time.
    #[serde(rename = "storage_gb_hours")]
    Storage,
}

const GIBIBYTE: i128 = 1 << 30;

impl UsageType {
    /// Every kind, in the order of their words.
    pub const ALL: [Self; 6] = [Self::Cpu, Self::Egress, Self::Gpu, Self::Ingress, Self::Memory, Self::Storage];

    /// The word on chain.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cpu => "cpu_core_hours",
            Self::Egress => "egress",
            Self::Gpu => "gpu_hours",
            Self::Ingress => "ingress",
            Self::Memory => "memory_gb_hours",
            Self::Storage => "storage_gb_hours",
        }
    }

    /// The kind with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The metric that it counts.
    pub const fn metric(self) -> Metric {
        match self {
            Self::Cpu => Metric::CpuMilliSeconds,
            Self::Egress => Metric::NetworkBytesOut,
            Self::Gpu => Metric::GpuSeconds,
            Self::Ingress => Metric::NetworkBytesIn,
            Self::Memory => Metric::MemoryByteSeconds,
            Self::Storage => Metric::StorageByteSeconds,
        }
    }

    /// How much of the metric one unit is.
    pub const fn unit(self) -> i128 {
        match self {
            Self::Cpu => 3_600_000,
            Self::Egress | Self::Ingress => GIBIBYTE,
            Self::Gpu => 3600,
            Self::Memory | Self::Storage => GIBIBYTE * 3600,
        }
    }
}

impl fmt::Display for UsageType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_metric_is_counted_under_one_word() {
        let metrics: BTreeSet<_> = UsageType::ALL.into_iter().map(UsageType::metric).collect();
        assert_eq!(metrics.len(), Metric::ALL.len());
        for kind in UsageType::ALL {
            assert_eq!(UsageType::from_word(kind.word()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.word());
        }
        assert!(UsageType::ALL.windows(2).all(|pair| pair[0].word() < pair[1].word() && pair[0] < pair[1]));
    }

    #[test]
    fn the_operations_manuals_example_in_units() {
        // 3600000 cpu_milli_seconds, 8589934592000 memory_byte_seconds, 3600 gpu_seconds, 2147483648 bytes out.
        let units = |kind: UsageType, figure: i128| (figure / kind.unit(), figure % kind.unit());
        assert_eq!(units(UsageType::Cpu, 3_600_000), (1, 0));
        assert_eq!(units(UsageType::Gpu, 3600), (1, 0));
        assert_eq!(units(UsageType::Egress, 2_147_483_648), (2, 0));
        assert_eq!(units(UsageType::Memory, 8_589_934_592_000), (2, 858_993_459_200));
    }
}
