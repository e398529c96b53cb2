//! `provider devnet fund`

use clap::Args;

use super::place::Place;
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report};
use crate::devnet::control::Request;

/// Give an account coins out of nothing
#[derive(Debug, Args)]
pub(super) struct Fund {
    /// Who gets them
    address: String,

    /// How much, as in 5000000uve or 1000uact,1000uakt
    coins: String,

    #[command(flatten)]
    place: Place,

    #[command(flatten)]
    output: OutputOption,
}

impl Fund {
    /// Runs the command.
    pub(super) fn run(self, context: &Context) -> Result<Report, Failure> {
        let request = Request::Fund { address: self.address, coins: self.coins };
        self.place.perform(context, &request, self.output.output)
    }
}
