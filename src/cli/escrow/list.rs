//! `provider escrow list`

use std::collections::BTreeMap;

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use crate::cli::lease::leasing::{Leasing, hours};
use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::{Context, Failure, Report, Status};

/// List the accounts that pay our leases: what is left, what is taken of it, and how long it lasts
#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    output: OutputOption,
}

/// An account.
#[derive(Debug, Serialize)]
struct EscrowRow {
    deployment: String,
    denomination: String,
    left: String,
    burn_rate: String,
    hours_left: Option<String>,
    funded_until: Option<Timestamp>,
    leases: u64,
}

impl Row for EscrowRow {
    const HEADINGS: &'static [&'static str] = &["deployment", "left", "taken a block", "hours left", "our leases"];
    const FIELDS: &'static [&'static str] =
        &["deployment", "denomination", "left", "burn_rate", "hours_left", "funded_until", "leases"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.deployment.clone(),
            format!("{}{}", self.left, self.denomination),
            format!("{}{}", self.burn_rate, self.denomination),
            self.hours_left.clone().unwrap_or_else(|| "-".to_owned()),
            self.leases.to_string(),
        ]
    }

    fn csv(&self) -> Vec<String> {
        vec![
            self.deployment.clone(),
            self.denomination.clone(),
            self.left.clone(),
            self.burn_rate.clone(),
            self.hours_left.clone().unwrap_or_default(),
            self.funded_until.map(|time| time.to_string()).unwrap_or_default(),
            self.leases.to_string(),
        ]
    }
}

impl List {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let leasing = Leasing::to_look(context, &configuration)?;
        let seen = leasing.running()?;
        let mut rows: BTreeMap<(String, String), EscrowRow> = BTreeMap::new();
        for watched in &seen.leases {
            let Some(funds) = &watched.funds else { continue };
            let (deployment, denomination) =
                (watched.lease.id.order().deployment().to_string(), funds.denomination.to_string());
            let row = rows.entry((deployment.clone(), denomination.clone())).or_insert_with(|| EscrowRow {
                deployment,
                denomination,
                left: funds.left.to_string(),
                burn_rate: funds.rate.to_string(),
                hours_left: hours(Some(funds)),
                funded_until: watched.until,
                leases: 0,
            });
            row.leases += 1;
        }
        let status = if seen.troubles.is_empty() { Status::Done } else { Status::TryLater };
        let report = Report::listing(rows.into_values().collect(), self.output.output).status(status);
        Ok(seen.troubles.into_iter().fold(report.note(format!("as of height {}", seen.height)), Report::note))
    }
}
