//! `provider bid approve`

use clap::Args;

use super::bidding::{self, Bidding};
use crate::cli::output::OutputOption;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::{Context, Failure, Report, Status};
use crate::jobs::bid_run::{self, Approval};

/// Send proposals: bids that wait for a person because bidding.auto_accept.enabled is false
#[derive(Debug, Args)]
pub struct Approve {
    /// The orders whose proposals to send
    #[arg(value_name = "ORDER", required_unless_present = "all", conflicts_with = "all")]
    orders: Vec<String>,

    /// Every proposal
    #[arg(long)]
    all: bool,

    #[command(flatten)]
    passphrase: PassphraseOption,

    #[command(flatten)]
    output: OutputOption,
}

impl Approve {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let bidding = Bidding::open(context, &configuration)?;
        let which = if self.all {
            Approval::All
        } else {
            Approval::Orders(self.orders.iter().map(|text| bidding.order(text)).collect::<Result<_, _>>()?)
        };
        if context.global.dry_run {
            return Err(Failure::new(Status::Usage, "`bid approve` has no rehearsal")
                .hint("`provider bid list --state proposed` shows what would be sent"));
        }
        let (run, _) = bidding
            .job(&self.passphrase, true, async |given, request| bid_run::approve(given, &request, &which).await)?;
        Ok(bidding::report(run, self.output))
    }
}
