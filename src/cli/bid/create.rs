//! `provider bid create`

use clap::Args;

use super::bidding::{self, Bidding};
use crate::cli::output::OutputOption;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::{Context, Failure, Report, Status};
use crate::domain::amount::{Coin, DecCoin};
use crate::jobs::bid_run::{self, Wish};

/// Bid on an order, at a price of one's own
///
/// The filters of the configuration are not asked; what they would have said is told. Whether there is somebody to pay,
/// room for it, and room for another bid on the order is looked at, as in a run. An order takes one bid of a provider, for
/// ever.
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

    /// Bid although there is nobody to pay, or no room for it
    #[arg(long)]
    force: bool,

    /// Bid although new bids are paused
    #[arg(long)]
    even_though_paused: bool,

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
        let Self { price, deposit, force, even_though_paused, passphrase, output, .. } = self;
        let wish = Wish { order, price, deposit, force, even_though_paused };
        let (run, _) =
            bidding.job(&passphrase, true, async |given, request| bid_run::create(given, &request, &wish).await)?;
        Ok(bidding::report(run, output))
    }
}
