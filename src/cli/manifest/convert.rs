//! `provider manifest convert`

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::file;
use crate::cli::{Context, Failure, Report, Status};
use crate::domain::manifest::groups_json;

/// Make the chain's own JSON of a tenant's file
#[derive(Debug, Args)]
pub struct Convert {
    /// The file
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// What to make
    #[arg(long, value_enum, default_value_t, value_name = "WHAT")]
    to: To,
}

/// What a tenant's file can be made into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum To {
    /// What the provider is sent, to the byte.
    #[default]
    Manifest,
    /// What is ordered on chain.
    Groups,
}

impl Convert {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let read = file::read(context, &self.file)?;
        let json = match self.to {
            To::Manifest => read.deployment.manifest.to_json(),
            To::Groups if read.deployment.groups.is_empty() => {
                let text = format!("{} names no prices, so nothing can be ordered with it", self.file.display());
                return Err(Failure::new(Status::Data, text));
            }
            To::Groups => groups_json(&read.deployment.groups),
        };
        Ok(Report::verbatim(format!("{json}\n")))
    }
}
