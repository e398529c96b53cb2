//! Whether what a configuration names can be reached: nodes, files, addresses to listen on.
//!
//! Everything is asked at once, nothing is changed, and one failure never hides another.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::chain::probe::{self, NodeStatus, ProbeError};
use crate::domain::fault::in_one_line;
use crate::domain::network::Network;

/// Something that a configuration names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A CometBFT RPC endpoint.
    Rpc(String),
    /// A gRPC endpoint.
    Grpc(String),
    /// A file that must be readable.
    Readable(PathBuf),
    /// An address to listen on.
    Listen(SocketAddr),
}

/// A target with the key that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The configuration key.
    pub key: &'static str,
    /// What it names.
    pub target: Target,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The configuration key.
    pub key: &'static str,
    /// What it names, as text.
    pub target: String,
    /// It can be reached and is what it should be.
    pub ok: bool,
    /// What was found, in words.
    pub message: String,
    /// How long it took.
    pub took: Duration,
}

/// What nodes must be.
#[derive(Debug, Clone)]
pub struct Expected {
    /// The network.
    pub network: &'static Network,
    /// The id of the chain.
    pub chain_id: String,
    /// How long one call may take.
    pub timeout: Duration,
}

/// Asks for everything at once.
pub async fn run(targets: Vec<Named>, expected: &Expected) -> Vec<Finding> {
    futures_util::future::join_all(targets.into_iter().map(|named| ask(named, expected))).await
}

async fn ask(named: Named, expected: &Expected) -> Finding {
    let begun = Instant::now();
    let (target, answer) = match named.target {
        Target::Rpc(address) => {
            let answer = probe::rpc(&address, expected.timeout).await;
            (address, node(answer, expected))
        }
        Target::Grpc(address) => {
            let answer = probe::grpc(&address, expected.network, expected.timeout).await;
            (address, node(answer, expected))
        }
        Target::Readable(path) => {
            let opened = File::open(&path).map(|_| "readable".to_owned()).map_err(|error| error.to_string());
            (path.display().to_string(), opened)
        }
        Target::Listen(address) => {
            let bound = TcpListener::bind(address);
            let answer = bound.map(|_| "free".to_owned()).map_err(|error| format!("cannot listen there: {error}"));
            (address.to_string(), answer)
        }
    };
    let (ok, message) = match answer {
        Ok(message) => (true, message),
        Err(message) => (false, message),
    };
    Finding { key: named.key, target, ok, message, took: begun.elapsed() }
}

fn node(answer: Result<NodeStatus, ProbeError>, expected: &Expected) -> Result<String, String> {
    let status = answer.map_err(|error| in_one_line(&error))?;
    if status.chain_id != expected.chain_id {
        return Err(format!("it serves the chain `{}`, not `{}`", status.chain_id, expected.chain_id));
    }
    if status.catching_up {
        return Err(format!("it is catching up with {}", status.chain_id));
    }
    let height = status.height.map(|height| format!(" at height {height}")).unwrap_or_default();
    Ok(format!("{}{height}", status.chain_id))
}
