//! `provider devnet identity`

use clap::Args;

use super::place::Place;
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report};
use crate::devnet::control::Request;

/// Say how well an account's owner is known (VirtEngine)
#[derive(Debug, Args)]
pub(super) struct Identity {
    /// The account
    address: String,

    /// The score
    #[arg(value_parser = clap::value_parser!(u32).range(0..=100))]
    score: u32,

    /// The tier
    #[arg(value_parser = ["basic", "standard", "premium"])]
    tier: String,

    #[command(flatten)]
    place: Place,

    #[command(flatten)]
    output: OutputOption,
}

impl Identity {
    /// Runs the command.
    pub(super) fn run(self, context: &Context) -> Result<Report, Failure> {
        let request = Request::Identity { address: self.address, score: self.score, tier: self.tier };
        self.place.perform(context, &request, self.output.output)
    }
}
