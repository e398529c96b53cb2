//! `provider api-token revoke`

use clap::Args;

use crate::cli::{Context, Failure, Report};
use crate::jobs::api_tokens;
use crate::store::Mode;

/// Take a token back; it counts no more at once
#[derive(Debug, Args)]
pub struct Revoke {
    /// Its name or number
    #[arg(value_name = "TOKEN")]
    token: String,
}

impl Revoke {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let path = context.state_file()?;
        if context.global.dry_run {
            return Ok(Report::nothing().note(format!("would revoke the token {}", self.token)));
        }
        let store = context.open_state(&path, Mode::WriteExisting)?;
        let token = api_tokens::revoke(&store, &self.token, context.now())?;
        Ok(Report::nothing().note(format!("token {} ({}) counts no more", token.id, token.name)))
    }
}
