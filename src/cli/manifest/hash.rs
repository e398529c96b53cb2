//! `provider manifest hash`

use std::path::PathBuf;

use clap::Args;

use super::file;
use crate::cli::{Context, Failure, Report};

/// Print the version of a manifest: what stands on chain as the deployment's hash
#[derive(Debug, Args)]
pub struct Hash {
    /// The file
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl Hash {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let read = file::read(context, &self.file)?;
        Ok(Report::verbatim(format!("{}\n", read.revision)))
    }
}
