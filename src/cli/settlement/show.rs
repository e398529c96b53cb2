//! `provider settlement show`

use std::collections::BTreeMap;

use clap::Args;
use serde::Serialize;

use super::order;
use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::{Context, Failure, Report};
use crate::domain::ledger::{Account, Entry, Stage, accounts};
use crate::domain::usage::UsageType;
use crate::store::usage::charges;
use crate::store::{Mode, settlement};

/// Show the ledger of a lease: what became of every unit that was metered
///
/// metered = unit × (pending + submitted + recorded + settled) + carried, for each usage type; figures of `metered` and
/// `carried` are in the metric's own units.
#[derive(Debug, Args)]
pub struct Show {
    /// The lease: owner/dseq/gseq/oseq/provider
    #[arg(value_name = "LEASE")]
    lease: String,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct AccountRow {
    usage_type: &'static str,
    metered: String,
    pending: String,
    submitted: String,
    recorded: String,
    settled: String,
    carried: String,
    balanced: bool,
}

impl Row for AccountRow {
    const HEADINGS: &'static [&'static str] =
        &["usage", "metered", "pending", "submitted", "recorded", "settled", "carried", "balanced"];
    const FIELDS: &'static [&'static str] =
        &["usage_type", "metered", "pending", "submitted", "recorded", "settled", "carried", "balanced"];

    fn cells(&self) -> Vec<String> {
        self.csv()
    }

    fn csv(&self) -> Vec<String> {
        vec![
            self.usage_type.to_owned(),
            self.metered.clone(),
            self.pending.clone(),
            self.submitted.clone(),
            self.recorded.clone(),
            self.settled.clone(),
            self.carried.clone(),
            self.balanced.to_string(),
        ]
    }
}

impl AccountRow {
    fn new(usage_type: UsageType, account: &Account) -> Self {
        Self {
            usage_type: usage_type.word(),
            metered: account.metered.to_string(),
            pending: account.pending.to_string(),
            submitted: account.submitted.to_string(),
            recorded: account.recorded.to_string(),
            settled: account.settled.to_string(),
            carried: account.carried.to_string(),
            balanced: account.check(usage_type).is_ok(),
        }
    }
}

impl Show {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let order = order::parse(&self.lease, &configuration)?;
        let store = context.open_state(&configuration.state_file, Mode::Read)?;
        let (accounts, payment, escrows, wrong) = store.read("read the ledger of a lease", |snapshot| {
            let charged = charges::of_lease(snapshot, &self.lease)?;
            let entries = charged.iter().map(|row| Entry {
                usage_type: row.charge.usage_type,
                metered: row.charge.metered,
                units: row.charge.units,
                stage: match (&row.settlement_id, &row.usage_id, row.intent) {
                    (Some(_), _, _) => Stage::Settled,
                    (None, Some(_), _) => Stage::Recorded,
                    (None, None, Some(_)) => Stage::Submitted,
                    (None, None, None) => Stage::Pending,
                },
            });
            let accounts: BTreeMap<_, _> = accounts(entries, charges::carries(snapshot, &self.lease)?);
            let payments = settlement::payments(snapshot, false)?;
            let payment = payments.into_iter().find(|payment| payment.lease == self.lease);
            let escrows = settlement::escrows_of(snapshot, &order.to_string())?;
            let wrong = settlement::discrepancies(snapshot)?;
            Ok::<_, crate::store::Error>((accounts, payment, escrows, wrong))
        })?;
        let rows = accounts.iter().map(|(usage_type, account)| AccountRow::new(*usage_type, account)).collect();
        let mut report = Report::listing(rows, self.output.output);
        if let Some(payment) = payment {
            report = report.note(format!(
                "lease payment: {} earned at {} a block, {} withdrawn, {} due (as of height {})",
                payment.earned, payment.rate, payment.withdrawn, payment.balance, payment.seen_height
            ));
        }
        for escrow in escrows {
            report = report.note(format!(
                "{} is {}: {} of {} left, {} settled",
                escrow.escrow_id,
                escrow.state,
                or_nothing(&escrow.balance),
                or_nothing(&escrow.amount),
                or_nothing(&escrow.settled)
            ));
        }
        for (_, what, since) in wrong.into_iter().filter(|(lease, _, _)| *lease == self.lease) {
            report = report.note(format!("{what} (since {since})"));
        }
        Ok(report)
    }
}

fn or_nothing(coins: &str) -> &str {
    if coins.is_empty() { "nothing" } else { coins }
}
