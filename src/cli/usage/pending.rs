//! `provider usage pending`

use clap::Args;

use super::list;
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report};
use crate::domain::usage::state::State;
use crate::store::usage::Filter;

/// List usage records that are not on the chain yet, and what they wait for
///
/// Held ones wait for `usage review`, failed ones for `usage submit --force`, and those without a settlement escrow for
/// the tenant to make one; they earn through the lease payment alone.
#[derive(Debug, Args)]
pub struct Pending {
    #[command(flatten)]
    output: OutputOption,
}

impl Pending {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let states = State::ALL.iter().copied().filter(|state| state.is_open()).collect();
        list::rows(context, &Filter { states, superseded: true, ..Filter::default() }, self.output)
    }
}
