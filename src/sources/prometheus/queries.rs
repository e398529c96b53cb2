//! The queries, one for each metric.

use crate::domain::usage::Metric;

/// A query of PromQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query(pub String);

impl Query {
    /// Whether it gives what was used in a time, rather than since the beginning.
    pub(super) fn is_increment(&self) -> bool {
        self.0.contains("$range")
    }

    /// The text to ask for a time of so many seconds.
    pub(super) fn text(&self, range_seconds: Option<i64>) -> String {
        range_seconds.map_or_else(|| self.0.clone(), |seconds| self.0.replace("$range", &format!("{seconds}s")))
    }
}

/// The queries of all metrics that the server has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Queries {
    /// Processor time, in seconds.
    pub cpu_seconds: Option<String>,
    /// Memory over time, in byte-seconds.
    pub memory_byte_seconds: Option<String>,
    /// Storage over time, in byte-seconds.
    pub storage_byte_seconds: Option<String>,
    /// Bytes that came in.
    pub network_bytes_in: Option<String>,
    /// Bytes that went out.
    pub network_bytes_out: Option<String>,
    /// GPU time, in seconds.
    pub gpu_seconds: Option<String>,
}

impl Queries {
    pub(super) fn all(&self) -> impl Iterator<Item = (Metric, Query)> + '_ {
        let all = [
            (Metric::CpuMilliSeconds, &self.cpu_seconds),
            (Metric::MemoryByteSeconds, &self.memory_byte_seconds),
            (Metric::StorageByteSeconds, &self.storage_byte_seconds),
            (Metric::NetworkBytesIn, &self.network_bytes_in),
            (Metric::NetworkBytesOut, &self.network_bytes_out),
            (Metric::GpuSeconds, &self.gpu_seconds),
        ];
        all.into_iter().filter_map(|(metric, query)| query.clone().map(|query| (metric, Query(query))))
    }

    /// How many units of the metric one of the query's is.
    #[allow(clippy::unused_self, reason = "a property of the queries")]
    pub(super) const fn factor(&self, metric: Metric) -> i128 {
        match metric {
            Metric::CpuMilliSeconds => 1000,
            Metric::MemoryByteSeconds
            | Metric::StorageByteSeconds
            | Metric::NetworkBytesIn
            | Metric::NetworkBytesOut
            | Metric::GpuSeconds => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn increments_have_a_time() {
        let counter = Query("a_total".to_owned());
        assert_eq!((counter.is_increment(), counter.text(None)), (false, "a_total".to_owned()));
        let increment = Query("sum_over_time(m[$range:15s]) * 15".to_owned());
        assert!(increment.is_increment());
        assert_eq!(increment.text(Some(300)), "sum_over_time(m[300s:15s]) * 15");
    }
}
