//! The chain, and our own server.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::config::section::section;
use crate::config::value::{AddressPrefix, Decimal, Denomination, Endpoint, Price, Text, choice};
use crate::domain::network;

choice! {
    /// Which network the provider sells on.
    NetworkName {
        /// VirtEngine.
        Virtengine = "virtengine",
        /// Akash.
        Akash = "akash",
    }
}

impl From<NetworkName> for network::Name {
    fn from(name: NetworkName) -> Self {
        match name {
            NetworkName::Virtengine => Self::Virtengine,
            NetworkName::Akash => Self::Akash,
        }
    }
}

choice! {
    /// How a transaction is handed to a node.
    BroadcastMode {
        /// The node checks the transaction before it answers. The only mode in which a refusal is seen.
        Sync = "sync",
    }
}

section! {
    /// The connection to the chain.
    Chain at ["chain"] {
        /// The network, which decides addresses, denominations and what the chain can do.
        network: NetworkName = "virtengine";
        /// CometBFT RPC endpoints, the preferred one first.
        node_url: Vec<Endpoint> = "http://localhost:26657";
        /// gRPC endpoints, the preferred one first; https:// for TLS.
        grpc_url: Vec<Endpoint> = "localhost:9090";
        /// The chain's id; a node of another chain is not believed. The network's main chain unless set.
        chain_id: Option<Text>, like "virtengine-1";
        /// The prefix of account addresses; the network's unless set. (No node is asked for it: some answer wrongly.)
        address_prefix: Option<AddressPrefix>, like "ve";
        /// The denomination of fees, in its smallest unit; the network's unless set.
        fee_denomination: Option<Denomination>, like "uve";
        /// The denominations of orders and deposits, in their smallest units, the usual one first; the network's unless
        /// set.
        denominations: Option<Vec<Denomination>>, like "[uve]";
        /// What is paid for a unit of gas; the network's usual price unless set.
        gas_prices: Option<Price>, like "0.025uve";
        /// Simulated gas times this is the gas limit.
        gas_adjustment: Decimal = "1.5", in "1" ..= "10";
        /// How transactions are handed to a node.
        broadcast_mode: BroadcastMode = "sync";
        /// How long one call may take.
        timeout: Duration = "30s", in "1s" ..= "10m";
        /// A node that is more blocks than this behind another one is not believed when something is to be signed anew,
        /// stopped or closed because of what it says.
        max_lag: u64 = "5", in "0" ..= "10000";
    }

    /// The API and the tenant gateway of `provider serve`.
    Server at ["server"] {
        section tls: Tls;
        /// The address to listen on.
        address: SocketAddr = "0.0.0.0:8443";
    }

    /// TLS of the server.
    Tls at ["server.tls"] {
        /// Serve TLS. Plain HTTP is served on loopback only.
        enabled: bool = "true";
        /// The certificate chain (PEM).
        cert_file: Option<PathBuf>, like "/etc/provider-daemon/tls/server.crt";
        /// The private key (PEM).
        key_file: Option<PathBuf>, like "/etc/provider-daemon/tls/server.key";
    }
}
