//! `provider devnet`: the embedded development chain.

mod advance;
mod fault;
mod fund;
mod groups;
mod identity;
mod place;
mod provider;
mod reset;
mod seed;
mod start;
mod status;
mod stop;
mod tenant;

use clap::{Args, Subcommand};

use super::{Context, Failure, Report};

/// Run a development chain: for trying, rehearsing and testing without money
///
/// One process with its own SQLite file. It answers what a node of the chosen network answers, on gRPC and on
/// CometBFT's RPC, so that this program and other clients work with it unchanged.
#[derive(Debug, Args)]
pub struct Devnet {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Start(start::Start),
    Stop(stop::Stop),
    Status(status::Status),
    Reset(reset::Reset),
    Fund(fund::Fund),
    Identity(identity::Identity),
    Advance(advance::Advance),
    Provider(provider::Provider),
    Tenant(tenant::Tenant),
    Fault(fault::Fault),
    Seed(seed::Seed),
}

impl Devnet {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        match self.command {
            Command::Start(command) => command.run(context),
            Command::Stop(command) => command.run(context),
            Command::Status(command) => command.run(context),
            Command::Reset(command) => command.run(context),
            Command::Fund(command) => command.run(context),
            Command::Identity(command) => command.run(context),
            Command::Advance(command) => command.run(context),
            Command::Provider(command) => command.run(context),
            Command::Tenant(command) => command.run(context),
            Command::Fault(command) => command.run(context),
            Command::Seed(command) => command.run(context),
        }
    }
}
