//! `provider bid run`

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::{Map, Value};

use super::bidding::{self, Bidding};
use crate::cli::output::OutputOption;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::{Configuration, Context, Failure, Report};
use crate::jobs::bid_run::{self, BidRun};

/// Look at the open orders, decide about each, and bid
///
/// The job of a timer. With --dry-run it says on what it would bid, and changes nothing. With --follow it stays for the
/// timer's period, or until it is told to stop, and reacts to each new block; the timer remains the backstop. A
/// configuration that is written anew meanwhile counts within `bidding.config_poll_interval`.
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
        if self.follow {
            return self.follow(context, configuration);
        }
        let (run, _) =
            bidding.job(&self.passphrase, false, async |given, request| bid_run::run(given, &request).await)?;
        Ok(bidding::report(run, self.output))
    }

    /// Follows the chain, beginning anew when the configuration is another.
    fn follow(self, context: &Context, mut configuration: Configuration) -> Result<Report, Failure> {
        let begun = Instant::now();
        let mut all: Option<BidRun> = None;
        loop {
            let left = configuration.settings.bidding.follow_for.saturating_sub(begun.elapsed());
            let watch = Watch::new(context, &configuration);
            let bidding = Bidding::open(context, &configuration)?;
            let changed = || watch.has_changed();
            let (run, _) = bidding.job(&self.passphrase, false, async |given, request| {
                bid_run::follow(given, &request, left, &changed).await
            })?;
            match &mut all {
                Some(all) => all.add(run),
                None => all = Some(run),
            }
            if !watch.seen.load(Ordering::Relaxed) {
                return Ok(bidding::report(all.unwrap_or_default(), self.output));
            }
            tracing::info!("the configuration is another");
            configuration = context.configuration()?;
        }
    }
}

/// Looks now and then whether the configuration is still what it was.
struct Watch<'c> {
    context: &'c Context,
    values: Map<String, Value>,
    every: Duration,
    last: Mutex<Instant>,
    seen: AtomicBool,
}

impl<'c> Watch<'c> {
    fn new(context: &'c Context, configuration: &Configuration) -> Self {
        Self {
            context,
            values: configuration.values(),
            every: configuration.settings.bidding.config_poll_interval,
            last: Mutex::new(Instant::now()),
            seen: AtomicBool::new(false),
        }
    }

    /// Whether it has changed. One that cannot be used leaves everything as it is.
    fn has_changed(&self) -> bool {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.elapsed() >= self.every {
            *last = Instant::now();
            let changed = self.context.values_now().is_some_and(|values| values != self.values);
            self.seen.fetch_or(changed, Ordering::Relaxed);
        }
        self.seen.load(Ordering::Relaxed)
    }
}
