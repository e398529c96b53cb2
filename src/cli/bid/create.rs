//! `provider bid create`

use clap::Args;

use super::bidding::{self, Bidding};
use crate::cli::output::OutputOption;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::{Context, Failure, Report, Status};
use crate::domain::amount::{Coin, DecCoin};
use crate::jobs::bid_run;

/// Bid on an order, at a price of one's own
///
/// The filters of the configuration are not asked; what they would have said is told. An order takes one bid of a
/// provider, for ever.
#[derive(Debug, Args)]
pub struct Create {
    /// The order: OWNER/DSEQ/GSEQ/OSEQ
    #[arg(long, value_name = "ORDER")]
    order_id: String,

    /// The price of a block, in the order's denomination
    #[arg(long, value_name = "PRICE")]
    price: DecCoin,

    /// What the bid locks; the market's least unless given
    #[arg(long, value_name = "COIN")]
    deposit: Option<Coin>,

    #[command(flatten)]
    passphrase: PassphraseOption,

    #[command(flatten)]
    output: OutputOption,
}

impl Create {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let bidding = Bidding::open(context, &configuration)?;
        let order = bidding.order(&self.order_id)?;
        if context.global.dry_run {
            return Err(Failure::new(Status::Usage, "`bid create` has no rehearsal").hint("see `provider bid explain`"));
        }
        let (run, _) = bidding.job(&self.passphrase, true, async |given, request| {
            bid_run::create(given, &request, &order, self.price, self.deposit).await
        })?;
        Ok(bidding::report(run, self.output))
    }
}
