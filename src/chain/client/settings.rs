//! What a client is told.

use std::time::Duration;

use crate::domain::network::Network;

/// Where the chain is, and what is believed of it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The network's facts, with what the configuration sets instead.
    pub network: &'static Network,
    /// The chain's id; a node of another chain is never asked for anything.
    pub chain_id: String,
    /// gRPC endpoints, the preferred one first: `https://host:port`, `http://host:port` or `host:port` (plain).
    pub grpc: Vec<String>,
    /// CometBFT RPC endpoints, the preferred one first; `tcp://` stands for `http://`.
    pub rpc: Vec<String>,
    /// How long one call to one endpoint may take.
    pub timeout: Duration,
    /// How many blocks an endpoint may be behind the best one and still be believed.
    pub max_lag: u64,
}

/// The address with a scheme that says whether TLS is spoken.
pub(super) fn with_scheme(address: &str) -> String {
    let full = match address.split_once("://") {
        None => format!("http://{address}"),
        Some(("tcp", rest)) => format!("http://{rest}"),
        Some(_) => address.to_owned(),
    };
    full.trim_end_matches('/').to_owned()
}
