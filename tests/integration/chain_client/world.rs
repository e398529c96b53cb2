//! Clients of chains of tests.

use std::time::Duration;

use provider::chain::client::{Client, Settings};
use provider::devnet::server::Server;
use provider::domain::address::Address;
use provider::domain::network::Network;

use crate::devnet::client::Key;

/// Settings for a network, without any endpoint.
pub fn settings(network: &'static Network, chain_id: &str) -> Settings {
    // reqwest takes the process's TLS provider, also for plain HTTP.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Settings {
        network,
        chain_id: chain_id.to_owned(),
        grpc: Vec::new(),
        rpc: Vec::new(),
        timeout: Duration::from_secs(5),
        max_lag: 5,
    }
}

/// Settings with these servers as endpoints.
pub fn settings_of(servers: &[&Server]) -> Settings {
    let identity = servers[0].node.identity();
    Settings {
        grpc: servers.iter().map(|server| server.grpc.to_string()).collect(),
        rpc: servers.iter().map(|server| format!("http://{}", server.rpc)).collect(),
        ..settings(identity.network, &identity.chain_id)
    }
}

/// A client of these servers.
pub fn client_of(servers: &[&Server]) -> Client {
    Client::new(settings_of(servers))
}

/// The address of an account of tests.
pub fn address(of: &Key, network: &Network) -> Address {
    Address::parse(&of.address, network.address_prefix).unwrap()
}
