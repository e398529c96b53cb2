//! `provider bid cancel`

use clap::Args;

use super::bidding::{self, Bidding};
use crate::cli::output::OutputOption;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::terminal::Terminal;
use crate::cli::{Context, Failure, Report, Status};
use crate::domain::id::OrderId;
use crate::jobs::bid_run;
use crate::store::Mode;
use crate::store::bids::BidNumber;
use crate::store::bids::rows;

/// Close an open bid of ours, or drop a proposal
///
/// The deposit comes back. It is final: the order takes no other bid of this provider.
#[derive(Debug, Args)]
pub struct Cancel {
    /// The bid: its number, its order, or OWNER/DSEQ/GSEQ/OSEQ/PROVIDER
    #[arg(long, value_name = "BID")]
    bid_id: String,

    /// Do not ask
    #[arg(long, short)]
    yes: bool,

    #[command(flatten)]
    passphrase: PassphraseOption,

    #[command(flatten)]
    output: OutputOption,
}

impl Cancel {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let bidding = Bidding::open(context, &configuration)?;
        let order = match self.bid_id.parse() {
            Ok(number) => {
                let store = context.open_state(&configuration.state_file, Mode::Read)?;
                let row = store.read("read a bid", |snapshot| rows::by_id(snapshot, BidNumber(number)))?;
                let row = row.ok_or_else(|| {
                    Failure::new(Status::Data, format!("there is no bid {number}"))
                        .hint("`provider bid list` shows them")
                })?;
                bidding.order(&row.order)?
            }
            Err(_) => bidding.order(&self.bid_id)?,
        };
        if context.global.dry_run {
            return Ok(Report::nothing().note(warning(&order)));
        }
        if !self.yes {
            confirm(&order)?;
        }
        let (run, _) = bidding
            .job(&self.passphrase, true, async |given, request| bid_run::cancel(given, &request, &order).await)?;
        Ok(bidding::report(run, self.output))
    }
}

fn warning(order: &OrderId) -> String {
    format!("closing our bid on order {order} is final: that order takes no other bid of this provider, ever")
}

fn confirm(order: &OrderId) -> Result<(), Failure> {
    let unsure = |message: &str| Failure::new(Status::Usage, message).hint("nothing was closed; --yes does not ask");
    let mut terminal = Terminal::open().ok_or_else(|| unsure("nobody can be asked whether to close the bid"))?;
    let question = format!("{}. Type yes to go on: ", warning(order));
    let answer = terminal.ask(&question).map_err(|error| unsure("there was no answer").caused_by(&error))?;
    if answer.trim() == "yes" { Ok(()) } else { Err(unsure("the answer is not yes")) }
}
