//! `provider settlement list`

use clap::Args;
use serde::Serialize;

use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::{Context, Failure, Report};
use crate::store::Mode;
use crate::store::settlement::{self, SettlementRow};

/// List settlements, the newest first
#[derive(Debug, Args)]
pub struct List {
    /// Only settlements of this lease
    #[arg(long, value_name = "LEASE")]
    lease: Option<String>,

    /// That many at most
    #[arg(long, value_name = "NUMBER", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    limit: u32,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct SettlementEntry {
    settlement_id: String,
    lease_id: String,
    escrow_id: String,
    records: u64,
    total: String,
    provider_share: String,
    platform_fee: String,
    validator_fee: String,
    is_final: bool,
    settled_at: String,
}

impl Row for SettlementEntry {
    const HEADINGS: &'static [&'static str] = &["settlement", "lease", "records", "total", "ours", "final", "at"];
    const FIELDS: &'static [&'static str] = &[
        "settlement_id",
        "lease_id",
        "escrow_id",
        "records",
        "total",
        "provider_share",
        "platform_fee",
        "validator_fee",
        "is_final",
        "settled_at",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.settlement_id.clone(),
            self.lease_id.clone(),
            self.records.to_string(),
            self.total.clone(),
            self.provider_share.clone(),
            self.is_final.to_string(),
            self.settled_at.clone(),
        ]
    }

    fn csv(&self) -> Vec<String> {
        vec![
            self.settlement_id.clone(),
            self.lease_id.clone(),
            self.escrow_id.clone(),
            self.records.to_string(),
            self.total.clone(),
            self.provider_share.clone(),
            self.platform_fee.clone(),
            self.validator_fee.clone(),
            self.is_final.to_string(),
            self.settled_at.clone(),
        ]
    }
}

impl From<SettlementRow> for SettlementEntry {
    fn from(row: SettlementRow) -> Self {
        Self {
            settlement_id: row.settlement_id,
            lease_id: row.lease,
            escrow_id: row.escrow_id,
            records: row.records,
            total: row.total,
            provider_share: row.provider_share,
            platform_fee: row.platform_fee,
            validator_fee: row.validator_fee,
            is_final: row.is_final,
            settled_at: row.settled_at.to_string(),
        }
    }
}

impl List {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let store = context.open_state(&context.state_file()?, Mode::Read)?;
        let (rows, wrong) = store.read("list settlements", |snapshot| {
            let rows = settlement::settlements(snapshot, self.lease.as_deref(), Some(self.limit))?;
            Ok::<_, crate::store::Error>((rows, settlement::discrepancies(snapshot)?))
        })?;
        let mut report = Report::listing(rows.into_iter().map(SettlementEntry::from).collect(), self.output.output);
        for (lease, what, since) in wrong {
            report = report.note(format!("{lease}: {what} (since {since})"));
        }
        Ok(report)
    }
}
