//! `provider devnet seed`

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::groups::{Order, groups_of};
use super::place::Place;
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report};
use crate::devnet::control::Request;

/// Fill the development chain, for tests
#[derive(Debug, Args)]
pub(super) struct Seed {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Orders(Orders),
}

/// Make many open orders at once
#[derive(Debug, Args)]
struct Orders {
    /// How many
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    count: u32,

    /// What each deployment orders, an SDL or (.json) a list of groups [default: one small group]
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,

    #[command(flatten)]
    place: Place,

    #[command(flatten)]
    output: OutputOption,
}

impl Seed {
    /// Runs the command.
    pub(super) fn run(self, context: &Context) -> Result<Report, Failure> {
        match self.command {
            Command::Orders(orders) => orders.run(context),
        }
    }
}

impl Orders {
    fn run(self, context: &Context) -> Result<Report, Failure> {
        let groups = match &self.spec {
            Some(path) => Order::in_hex(&groups_of(context, path)?),
            None => Vec::new(),
        };
        let request = Request::Seed { count: self.count, groups };
        self.place.perform(context, &request, self.output.output)
    }
}
