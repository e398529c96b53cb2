//! `provider api-token list`

use clap::Args;

use super::token_row::TokenRow;
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report};
use crate::jobs::api_tokens;
use crate::store::Mode;

/// List the tokens that count
#[derive(Debug, Args)]
pub struct List {
    /// Those too that are revoked or over
    #[arg(long)]
    all: bool,

    #[command(flatten)]
    output: OutputOption,
}

impl List {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let store = context.open_state(&context.state_file()?, Mode::Read)?;
        let now = context.now();
        let tokens = api_tokens::list(&store, self.all, now)?;
        let rows = tokens.into_iter().map(|token| TokenRow::new(token, now)).collect();
        Ok(Report::listing(rows, self.output.output))
    }
}
