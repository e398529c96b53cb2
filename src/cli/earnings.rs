//! `provider earnings`

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::output::OutputOption;
use super::output::listing::Row;
use super::{Context, Failure, Report, Status};
use crate::domain::ledger::earned::{By, Earned};
use crate::domain::when;
use crate::store::{Mode, settlement};

/// What was earned: from the price of leases, and from settled usage
///
/// As it was noticed by `settlement sync`, before what the chain keeps of a withdrawal. Of settled usage it is the
/// provider's share.
#[derive(Debug, Args)]
pub struct Earnings {
    /// Sum it up
    #[arg(long, value_enum, default_value_t = SumOf::Day)]
    by: SumOf,

    /// Only what was noticed then or later: RFC 3339, a date, or a span as in 48h
    #[arg(long, value_name = "TIME")]
    start: Option<String>,

    /// Only what was noticed before then
    #[arg(long, value_name = "TIME")]
    end: Option<String>,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SumOf {
    /// Each day in UTC.
    Day,
    /// Each lease.
    Lease,
    /// Each tenant.
    Tenant,
}

impl From<SumOf> for By {
    fn from(of: SumOf) -> Self {
        match of {
            SumOf::Day => Self::Day,
            SumOf::Lease => Self::Lease,
            SumOf::Tenant => Self::Tenant,
        }
    }
}

#[derive(Serialize)]
struct EarnedRow {
    of: String,
    denom: String,
    lease: String,
    usage: String,
    total: String,
}

impl Row for EarnedRow {
    const HEADINGS: &'static [&'static str] = &["of", "denom", "lease", "usage", "total"];
    const FIELDS: &'static [&'static str] = &["of", "denom", "lease", "usage", "total"];

    fn cells(&self) -> Vec<String> {
        self.csv()
    }

    fn csv(&self) -> Vec<String> {
        vec![self.of.clone(), self.denom.clone(), self.lease.clone(), self.usage.clone(), self.total.clone()]
    }
}

impl Earnings {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let time = |name: &str, text: Option<&String>| {
            let time = text.map(|text| when::parse(text, context.now())).transpose();
            time.map_err(|error| Failure::new(Status::Usage, format!("--{name}: {error}")))
        };
        let span = (time("start", self.start.as_ref())?, time("end", self.end.as_ref())?);
        let store = context.open_state(&context.state_file()?, Mode::Read)?;
        let (mut earned, by) = (Earned::default(), By::from(self.by));
        store.read("sum up what was earned", |snapshot| {
            settlement::each_earning(snapshot, span, |one| {
                let with = match by {
                    By::Day => one.at.strftime("%Y-%m-%d").to_string(),
                    By::Lease => one.lease,
                    By::Tenant => one.tenant,
                };
                earned.add(&with, one.source == "usage", &one.amount);
            })
        })?;
        let rows = earned.sums().map(|(of, denom, sum)| EarnedRow {
            of: of.to_owned(),
            denom: denom.to_owned(),
            lease: sum.lease.to_string(),
            usage: sum.usage.to_string(),
            total: sum.total().to_string(),
        });
        Ok(Report::listing(rows.collect(), self.output.output))
    }
}
