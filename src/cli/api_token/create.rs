//! `provider api-token create`

use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::cli::{Context, Failure, Report, Status};
use crate::domain::api_token::Scope;
use crate::domain::duration;
use crate::jobs::api_tokens;
use crate::observe::audit::actor;
use crate::store::api_tokens::NewToken;

/// Make a token, and show it this once
///
/// Programs send it as `Authorization: Bearer TOKEN`; a browser that looks takes it as the password, with any name. Only its
/// hash is kept.
#[derive(Debug, Args)]
pub struct Create {
    /// What it is called
    #[arg(value_name = "NAME")]
    name: String,

    /// What it is good for
    #[arg(long, value_enum, default_value_t = ScopeOption::Read)]
    scope: ScopeOption,

    /// When it ends by itself: after this time, or `never`
    #[arg(long, value_name = "TIME", default_value = "365d", value_parser = ends)]
    expires: Ends,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ScopeOption {
    /// Look at everything
    Read,
    /// Pause, resume, stop and restart workloads too
    Act,
}

#[derive(Debug, Clone, Copy)]
enum Ends {
    Never,
    After(Duration),
}

fn ends(text: &str) -> Result<Ends, String> {
    if text == "never" {
        return Ok(Ends::Never);
    }
    match duration::parse(text) {
        Ok(Duration::ZERO) => Err("a token that ends at once is none".to_owned()),
        Ok(span) => Ok(Ends::After(span)),
        Err(error) => Err(error.to_string()),
    }
}

impl Create {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let now = context.now();
        let expires_at = match self.expires {
            Ends::Never => None,
            Ends::After(span) => Some(
                now.checked_add(span)
                    .map_err(|error| Failure::new(Status::Usage, "--expires is too far away").caused_by(&error))?,
            ),
        };
        let scope = match self.scope {
            ScopeOption::Read => Scope::Read,
            ScopeOption::Act => Scope::Act,
        };
        if context.global.dry_run {
            return Ok(Report::nothing().note(format!("would make the token {}", self.name)));
        }
        let who = actor(None, None);
        let by = who.user.unwrap_or_else(|| who.uid.to_string());
        let store = context.open_for_job(&configuration.state_file)?;
        let new = NewToken { name: &self.name, scope, at: now, by: &by, expires_at };
        let made = api_tokens::create(&store, &new)?;
        let ends = made.token.expires_at.map_or_else(|| "never ends".to_owned(), |end| format!("ends at {end:.0}"));
        Ok(Report::verbatim(format!("{}\n", made.text.as_str()))
            .note(format!("token {} ({scope}) {ends}; it is not shown again", made.token.id)))
    }
}
