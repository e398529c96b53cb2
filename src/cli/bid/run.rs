//! `provider bid run`

use clap::Args;

use super::bidding::{self, Bidding};
use crate::cli::output::OutputOption;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::{Context, Failure, Report};
use crate::jobs::bid_run;

/// Look at the open orders, decide about each, and bid
///
/// The job of a timer. With --dry-run it says on what it would bid, and changes nothing. With --follow it stays for the
/// timer's period, or until it is told to stop, and reacts to each new block; the timer remains the backstop.
#[derive(Debug, Args)]
pub struct Run {
    /// Stay, and react to each new block
    #[arg(long)]
    follow: bool,

    #[command(flatten)]
    passphrase: PassphraseOption,

    #[command(flatten)]
    output: OutputOption,
}

impl Run {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let bidding = Bidding::open(context, &configuration)?;
        if context.global.dry_run {
            let run = bidding.look(async |moment, request| Box::pin(bid_run::rehearse(moment, &request)).await)?;
            return Ok(bidding::report(run, self.output));
        }
        let follow = self.follow.then_some(configuration.settings.bidding.follow_for);
        let (run, _) = bidding.job(&self.passphrase, false, async |given, request| match follow {
            Some(span) => bid_run::follow(given, &request, span).await,
            None => bid_run::run(given, &request).await,
        })?;
        Ok(bidding::report(run, self.output))
    }
}
