//! `provider devnet seed`

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::groups::{Order, groups_of};
use super::place::Place;
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report, Status};
use crate::devnet::control::Request;
use crate::devnet::seed::MOST_ORDERS;

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
    /// How many; 1000000 at most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_ORDERS)))]
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
            Some(path) => {
                let groups = groups_of(context, path)?;
                if groups.is_empty() {
                    return Err(Failure::new(Status::Data, format!("{} lists no group to order", path.display())));
                }
                Order::in_hex(&groups)
            }
            None => Vec::new(),
        };
        let request = Request::Seed { count: self.count, groups };
        self.place.perform(context, &request, self.output.output)
    }
}
