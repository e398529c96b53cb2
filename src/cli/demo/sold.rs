//! What became of an order of the demonstration.

use serde::Serialize;

use crate::cli::output::listing::Row;

/// An order that was won: what it became, what was used and what it earned.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Sold {
    pub order: String,
    /// Of a block.
    pub price: String,
    pub state: String,
    pub records: usize,
    pub cpu_milli_seconds: i128,
    pub network_bytes_out: i128,
    pub earned: String,
}

impl Sold {
    pub(super) fn words(&self) -> String {
        self.csv().join(" · ")
    }
}

impl Row for Sold {
    const HEADINGS: &'static [&'static str] = &["order", "price a block", "state", "records", "usage", "earned"];
    const FIELDS: &'static [&'static str] =
        &["order", "price", "state", "records", "cpu_milli_seconds", "network_bytes_out", "earned"];

    fn cells(&self) -> Vec<String> {
        let used = match self.network_bytes_out {
            0 => format!("{} ms of cpu", self.cpu_milli_seconds),
            bytes => format!("{} ms of cpu, {} MiB out", self.cpu_milli_seconds, bytes >> 20),
        };
        let records = self.records.to_string();
        vec![self.order.clone(), self.price.clone(), self.state.clone(), records, used, self.earned.clone()]
    }

    fn csv(&self) -> Vec<String> {
        vec![
            self.order.clone(),
            self.price.clone(),
            self.state.clone(),
            self.records.to_string(),
            self.cpu_milli_seconds.to_string(),
            self.network_bytes_out.to_string(),
            self.earned.clone(),
        ]
    }
}
