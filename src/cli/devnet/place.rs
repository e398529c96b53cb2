//! Where the development chain is, and how it is reached.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use crate::cli::output::Form;
use crate::cli::output::record::Entry;
use crate::cli::{Context, Failure, Report, Status};
use crate::devnet::control::{Client, Request};
use crate::devnet::server;

/// The option that names the chain's folder.
#[derive(Debug, Clone, Args)]
pub(super) struct Place {
    /// The chain's folder; ~/.provider-daemon/devnet unless given
    #[arg(long, value_name = "FOLDER")]
    pub(super) home: Option<PathBuf>,
}

/// The chain's file.
#[derive(Serialize)]
pub(super) struct Chain {
    chain: String,
}

impl Chain {
    /// That of the chain in this folder.
    pub(super) fn of(home: &Path) -> Self {
        Self { chain: server::file_of(home).display().to_string() }
    }
}

impl Entry for Chain {
    fn parts(&self) -> Vec<(&'static str, String)> {
        vec![("chain", self.chain.clone())]
    }
}

/// The height after something was done.
#[derive(Serialize)]
struct Height {
    height: i64,
}

impl Entry for Height {
    fn parts(&self) -> Vec<(&'static str, String)> {
        vec![("height", self.height.to_string())]
    }
}

impl Place {
    /// The folder.
    pub(super) fn folder(&self, context: &Context) -> Result<PathBuf, Failure> {
        let home = || context.environment.text("HOME").map(|home| PathBuf::from(home).join(".provider-daemon/devnet"));
        self.home.clone().or_else(home).ok_or_else(|| {
            Failure::new(Status::Usage, "there is no home folder for a development chain")
                .hint("name a folder with --home")
        })
    }

    /// A way to the running chain.
    pub(super) fn client(&self, context: &Context) -> Result<Client, Failure> {
        Ok(Client::of(&self.folder(context)?))
    }

    /// Asks the running chain to do something, and reports the height after it.
    pub(super) fn perform(&self, context: &Context, request: &Request, form: Form) -> Result<Report, Failure> {
        let client = self.client(context)?;
        if context.global.dry_run {
            return Ok(Report::nothing().note("nothing was changed: --dry-run"));
        }
        let height = client.perform(request).map_err(|error| Failure::from_error(&error))?;
        Ok(Report::record(Height { height }, form))
    }
}
