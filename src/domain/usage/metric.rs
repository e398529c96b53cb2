//! What is metered: the training manual's `ResourceMetrics`.

use serde::{Deserialize, Serialize};

/// One of the things that are metered. The words are the manuals', and so are the units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Metric {
    /// Processor time: thousandths of a second of one core.
    CpuMilliSeconds,
    /// Memory over time: a byte that is held for a second.
    MemoryByteSeconds,
    /// Storage over time: a byte that is held for a second.
    StorageByteSeconds,
    /// Bytes that came in over the network.
    NetworkBytesIn,
    /// Bytes that went out over the network.
    NetworkBytesOut,
    /// GPU time: a GPU that is held for a second.
    GpuSeconds,
}

impl Metric {
    /// Every metric, in the order in which the manuals list them.
    pub const ALL: [Self; 6] = [
        Self::CpuMilliSeconds,
        Self::MemoryByteSeconds,
        Self::StorageByteSeconds,
        Self::NetworkBytesIn,
        Self::NetworkBytesOut,
        Self::GpuSeconds,
    ];

    /// The word in records, columns and output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::CpuMilliSeconds => "cpu_milli_seconds",
            Self::MemoryByteSeconds => "memory_byte_seconds",
            Self::StorageByteSeconds => "storage_byte_seconds",
            Self::NetworkBytesIn => "network_bytes_in",
            Self::NetworkBytesOut => "network_bytes_out",
            Self::GpuSeconds => "gpu_seconds",
        }
    }
}

/// A figure for each metric. One that nobody measured is `None`: unknown, which is never the same as 0.
///
/// 128 bits hold what a hundred tebibytes amount to in years. A figure can be below zero only where a person or a broken
/// source says so; the fraud check stops it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    // In the order of the alphabet: the order of canonical JSON.
    /// [`Metric::CpuMilliSeconds`].
    pub cpu_milli_seconds: Option<i128>,
    /// [`Metric::GpuSeconds`].
    pub gpu_seconds: Option<i128>,
    /// [`Metric::MemoryByteSeconds`].
    pub memory_byte_seconds: Option<i128>,
    /// [`Metric::NetworkBytesIn`].
    pub network_bytes_in: Option<i128>,
    /// [`Metric::NetworkBytesOut`].
    pub network_bytes_out: Option<i128>,
    /// [`Metric::StorageByteSeconds`].
    pub storage_byte_seconds: Option<i128>,
}

impl Metrics {
    /// Nothing is known.
    pub const UNKNOWN: Self = Self {
        cpu_milli_seconds: None,
        gpu_seconds: None,
        memory_byte_seconds: None,
        network_bytes_in: None,
        network_bytes_out: None,
        storage_byte_seconds: None,
    };

    /// What is known of one.
    pub const fn get(&self, metric: Metric) -> Option<i128> {
        match metric {
            Metric::CpuMilliSeconds => self.cpu_milli_seconds,
            Metric::MemoryByteSeconds => self.memory_byte_seconds,
            Metric::StorageByteSeconds => self.storage_byte_seconds,
            Metric::NetworkBytesIn => self.network_bytes_in,
            Metric::NetworkBytesOut => self.network_bytes_out,
            Metric::GpuSeconds => self.gpu_seconds,
        }
    }

    /// The place of one.
    pub const fn get_mut(&mut self, metric: Metric) -> &mut Option<i128> {
        match metric {
            Metric::CpuMilliSeconds => &mut self.cpu_milli_seconds,
            Metric::MemoryByteSeconds => &mut self.memory_byte_seconds,
            Metric::StorageByteSeconds => &mut self.storage_byte_seconds,
            Metric::NetworkBytesIn => &mut self.network_bytes_in,
            Metric::NetworkBytesOut => &mut self.network_bytes_out,
            Metric::GpuSeconds => &mut self.gpu_seconds,
        }
    }

    /// The same with one figure set.
    #[must_use]
    pub const fn with(mut self, metric: Metric, figure: i128) -> Self {
        *self.get_mut(metric) = Some(figure);
        self
    }

    /// What is known, in the manuals' order.
    pub fn known(&self) -> impl Iterator<Item = (Metric, i128)> + '_ {
        Metric::ALL.into_iter().filter_map(|metric| self.get(metric).map(|figure| (metric, figure)))
    }

    /// Adds to one; it is known from then on. A sum beyond 128 bits stays at the end: no meter gets there.
    pub const fn add(&mut self, metric: Metric, figure: i128) {
        let place = self.get_mut(metric);
        *place = Some(match *place {
            Some(before) => before.saturating_add(figure),
            None => figure,
        });
    }

    /// The sums: known where either is.
    #[must_use]
    pub fn plus(mut self, other: &Self) -> Self {
        for (metric, figure) in other.known() {
            self.add(metric, figure);
        }
        self
    }

    /// The first figures of each metric: this one's, and the other's where this one has none.
    #[must_use]
    pub fn or(mut self, other: &Self) -> Self {
        for (metric, figure) in other.known() {
            self.get_mut(metric).get_or_insert(figure);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_is_not_zero() {
        let known = Metrics::UNKNOWN.with(Metric::GpuSeconds, 0);
        assert_ne!(known, Metrics::UNKNOWN);
        assert_eq!(Metrics::UNKNOWN.plus(&Metrics::UNKNOWN).known().count(), 0);
        assert_eq!(known.plus(&Metrics::UNKNOWN), known);
        let json = serde_json::to_string(&known).unwrap();
        assert!(json.contains(r#""gpu_seconds":0,"memory_byte_seconds":null"#), "{json}");
        assert_eq!(serde_json::from_str::<Metrics>(&json).unwrap(), known);
    }

    #[test]
    fn each_metric_has_one_place_and_one_word() {
        let mut all = Metrics::UNKNOWN;
        for (place, metric) in (1..).zip(Metric::ALL) {
            all.add(metric, place);
            all.add(metric, 10 * place);
        }
        for (place, metric) in (1..).zip(Metric::ALL) {
            assert_eq!(all.get(metric), Some(11 * place));
            let json: serde_json::Value = serde_json::from_str(&serde_json::to_string(&all).unwrap()).unwrap();
            assert_eq!(json[metric.word()].to_string(), (11 * place).to_string());
        }
    }

    #[test]
    fn figures_beyond_64_bits_survive() {
        let all = Metrics::UNKNOWN.with(Metric::StorageByteSeconds, i128::from(u64::MAX) * 1000);
        let json = serde_json::to_string(&all).unwrap();
        assert_eq!(serde_json::from_str::<Metrics>(&json).unwrap(), all);
    }
}
