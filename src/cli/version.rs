//! `provider version`

use clap::Args;
use serde::Serialize;

use super::output::OutputOption;
use super::output::record::Entry;
use super::{Context, Failure, Report};

/// Show the version of this program
#[derive(Debug, Args)]
pub struct Version {
    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct Versions {
    program: &'static str,
    version: &'static str,
    rust: &'static str,
    platform: String,
    sqlite: &'static str,
}

impl Entry for Versions {
    fn parts(&self) -> Vec<(&'static str, String)> {
        vec![
            ("provider", self.version.to_owned()),
            ("rust", self.rust.to_owned()),
            ("platform", self.platform.clone()),
            ("sqlite", self.sqlite.to_owned()),
        ]
    }
}

impl Version {
    /// Runs the command.
    #[allow(clippy::unnecessary_wraps, reason = "every command has this shape")]
    pub fn run(self, _: &Context) -> Result<Report, Failure> {
        let versions = Versions {
            program: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
            rust: env!("CARGO_PKG_RUST_VERSION"),
            platform: format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH),
            sqlite: rusqlite::version(),
        };
        Ok(Report::record(versions, self.output.output))
    }
}
