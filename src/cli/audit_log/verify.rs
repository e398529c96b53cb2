//! `provider audit-log verify`

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::{Context, Failure, Report, Status};
use crate::domain::audit::{Broken, Finding};
use crate::jobs::audit::{self, Verification};
use crate::store::Mode;

/// Tell whether the audit trail is what was recorded
///
/// Reads the whole trail, its seals and, where one is configured, the audit file. Ends with 65 and names the first row
/// that was edited, removed, moved or put in. Rows that are not sealed yet can be cut off or changed by somebody who
/// computes the chain anew; whoever owns the machine can forge the seals too, so compare them with copies that are
/// elsewhere (`audit trail sealed` in the journal of another host).
#[derive(Debug, Args)]
pub struct Verify {
    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct Verified {
    sound: bool,
    rows: u64,
    pruned_until: i64,
    last_row: i64,
    sealed_row: Option<i64>,
    sealed_at: Option<Timestamp>,
    unsealed_rows: u64,
    restores: Vec<RestoreRow>,
    audit_file_rows: Option<u64>,
    findings: Vec<FindingRow>,
}

#[derive(Serialize)]
struct RestoreRow {
    at: Timestamp,
    row: i64,
    sealed_before: Option<i64>,
}

#[derive(Serialize)]
struct FindingRow {
    finding: &'static str,
    row: Option<i64>,
    message: String,
}

impl Entry for Verified {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let sealed = match (self.sealed_row, self.sealed_at) {
            (None, _) => "no row".to_owned(),
            (Some(row), None) => format!("up to row {row}"),
            (Some(row), Some(at)) => format!("up to row {row}, at {at:.0}"),
        };
        let mut parts = vec![
            ("sound", self.sound.to_string()),
            ("sound rows", self.rows.to_string()),
            (
                "pruned",
                if self.pruned_until > 0 { format!("up to row {}", self.pruned_until) } else { "no row".into() },
            ),
            ("sealed", sealed),
            ("not yet sealed", format!("{} rows", self.unsealed_rows)),
        ];
        if let Some(rows) = self.audit_file_rows {
            parts.push(("in the audit file", format!("{rows} rows agree")));
        }
        for restore in &self.restores {
            parts.push(("restored", format!("at {:.0}, to row {}", restore.at, restore.row)));
        }
        for finding in &self.findings {
            parts.push(("finding", finding.message.clone()));
        }
        parts
    }
}

impl From<&Finding> for FindingRow {
    fn from(finding: &Finding) -> Self {
        let row = match finding {
            Finding::Chain(broken) => Some(Broken::first_row(broken)),
            Finding::FileDiffers { seq } => Some(*seq),
            Finding::FileHoldsMore { rows } => Some(rows.first),
            _ => None,
        };
        Self { finding: finding.word(), row, message: finding.to_string() }
    }
}

impl From<Verification> for Verified {
    fn from(found: Verification) -> Self {
        Self {
            sound: found.findings.is_empty(),
            rows: found.rows,
            pruned_until: found.pruned_until,
            last_row: found.last_row,
            sealed_row: found.sealed.map(|sealed| sealed.row),
            sealed_at: found.sealed.and_then(|sealed| sealed.at),
            unsealed_rows: found.unsealed,
            restores: found
                .restores
                .iter()
                .map(|restore| RestoreRow { at: restore.at, row: restore.row, sealed_before: restore.sealed_before })
                .collect(),
            audit_file_rows: found.witness.as_ref().map(|witness| witness.confirmed),
            findings: found.findings.iter().map(FindingRow::from).collect(),
        }
    }
}

impl Verify {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let store = context.open_state(&context.state_file()?, Mode::Read)?;
        let found = audit::verify(&store, context.audit().output.as_deref())?;
        let unreadable = found.witness.as_ref().map_or(0, |witness| witness.unreadable);
        let status = if found.findings.is_empty() { Status::Done } else { Status::Data };
        let report = Report::record(Verified::from(found), self.output.output).status(status);
        let report = match status {
            Status::Done => report,
            _ => report.note("keep a copy of the state file and of what lies beside it before anything else is done"),
        };
        Ok(match unreadable {
            0 => report,
            lines => report.note(format!("{lines} lines of the audit file are no rows")),
        })
    }
}
