//! `provider chain`

mod ping;
mod status;

use clap::{Args, Subcommand};

use super::{Configuration, Context, Failure, Report, Status};
use crate::chain::client::{Client, Endpoint, Protocol, Settings};
use crate::config;
use crate::domain::network::Network;

/// The connection to the chain: its endpoints, and where it is
#[derive(Debug, Args)]
pub struct Chain {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Ping(ping::Ping),
    Status(status::ChainStatus),
}

impl Chain {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        match self.command {
            Command::Ping(command) => command.run(context),
            Command::Status(command) => command.run(context),
        }
    }
}

/// A client of the chain of a configuration. Nothing is asked yet.
pub fn client(configuration: &Configuration) -> Client {
    client_of(&configuration.settings, configuration.network())
}

/// The same, of settings and the facts that they mean.
pub fn client_of(settings: &config::Settings, network: &'static Network) -> Client {
    let chain = &settings.chain;
    Client::new(Settings {
        network,
        chain_id: chain.chain_id.as_ref().map_or_else(|| network.chain_id.to_owned(), |id| id.0.clone()),
        grpc: chain.grpc_url.iter().map(|endpoint| endpoint.0.clone()).collect(),
        rpc: chain.node_url.iter().map(|endpoint| endpoint.0.clone()).collect(),
        timeout: chain.timeout,
        max_lag: chain.max_lag,
    })
}

/// How a command ends that looked at the endpoints: well if all are in step with the chain; in part if each protocol
/// still has one that is.
fn outcome(endpoints: &[Endpoint]) -> Status {
    let of = |protocol: Protocol| endpoints.iter().filter(move |endpoint| endpoint.protocol == protocol);
    let lacking = |protocol: Protocol| !of(protocol).any(|endpoint| endpoint.verdict().is_ok());
    let hopeless = |protocol: Protocol| !of(protocol).any(Endpoint::is_ours);
    let protocols = [Protocol::Grpc, Protocol::Rpc];
    if endpoints.iter().all(|endpoint| endpoint.verdict().is_ok()) {
        Status::Done
    } else if protocols.into_iter().any(hopeless) {
        Status::Unavailable
    } else if protocols.into_iter().any(lacking) {
        Status::TryLater
    } else {
        Status::SomeFailed
    }
}
