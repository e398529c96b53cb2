//! The chain, and our own server.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::config::section::section;
use crate::config::value::{AddressPrefix, Decimal, Denomination, Endpoint, Price, Text, choice};
use crate::domain::network;
use crate::domain::resources::Bytes;

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
        section operators: Operators;
        section limits: ServerLimits;
        /// The address to listen on.
        address: SocketAddr = "0.0.0.0:8443";
        /// How long requests that are under way may take when the server is told to stop.
        shutdown_timeout: Duration = "20s", in "0" ..= "50s";
    }

    /// Operators who come with a client certificate instead of a token (`provider api-token create`).
    Operators at ["server.operators"] {
        /// The authority that signs their certificates (PEM); no certificate makes an operator unless set.
        ca_file: Option<PathBuf>, like "/etc/provider-daemon/tls/operators.crt";
        /// They may pause, resume, stop and restart workloads too, and not only look.
        may_act: bool = "false";
    }

    /// What clients may take of the server.
    ServerLimits at ["server.limits"] {
        /// Connections at once; more wait until one ends.
        connections: u64 = "8192", in "1" ..= "1000000";
        /// Connections of one client at once (of one network, with IPv6); more are closed.
        connections_per_client: u64 = "1024", in "1" ..= "1000000";
        /// Requests of one client in a second, over some seconds; more are answered with 429.
        requests_per_second: u64 = "50", in "1" ..= "1000000";
        /// The body of a request.
        body: Bytes = "4Mi";
        /// All headers of a request together.
        headers: Bytes = "16Ki";
        /// How long a client may take until the headers of a request are there, and between two requests.
        header_timeout: Duration = "20s", in "1s" ..= "10m";
        /// How long an answer may take to begin, the body of the request included.
        request_timeout: Duration = "30s", in "1s" ..= "10m";
    }

    /// TLS of the server.
    Tls at ["server.tls"] {
        /// Serve TLS. Plain HTTP is served on loopback only.
        enabled: bool = "true";
        /// The certificate chain (PEM); `tls/server.crt` beside the state file unless set. Files that change are read anew.
        cert_file: Option<PathBuf>, like "/etc/provider-daemon/tls/server.crt";
        /// The private key (PEM), which only its owner may read; `tls/server.key` beside the state file unless set.
        key_file: Option<PathBuf>, like "/etc/provider-daemon/tls/server.key";
    }
}
