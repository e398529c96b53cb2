//! `provider config example`

use clap::Args;

use crate::cli::{Failure, Report, Status};
use crate::config;

/// Print a configuration file that holds every key, with its meaning and its default
#[derive(Debug, Args)]
pub struct Example {
    /// Only this section, as in `bidding` or `orchestration.kubernetes`
    #[arg(value_name = "SECTION")]
    section: Option<String>,
}

impl Example {
    /// Runs the command.
    pub fn run(self) -> Result<Report, Failure> {
        let text = config::example(self.section.as_deref());
        match self.section {
            Some(section) if text.is_empty() => {
                Err(Failure::new(Status::Usage, format!("there is no section `{section}`"))
                    .hint("`provider config example` prints all of them"))
            }
            _ => Ok(Report::verbatim(text)),
        }
    }
}
