//! Whether what a configuration names can be reached: nodes, files, addresses to listen on.
//!
//! Everything is asked at once, nothing is changed, and one failure never hides another.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::chain::client::{Client, Endpoint, Protocol};
use crate::domain::fault::in_one_line;

/// Something that a configuration names, beside the endpoints of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A file that must be readable.
    Readable(PathBuf),
    /// An address to listen on.
    Listen(SocketAddr),
    /// A web service; any answer shows that it is there.
    Web(String),
    /// A host and port that something listens on.
    Tcp(String),
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

/// Asks for everything at once: the endpoints of the chain first.
pub async fn run(client: &Client, targets: Vec<Named>) -> Vec<Finding> {
    let timeout = client.settings().timeout;
    let others = futures_util::future::join_all(targets.into_iter().map(|named| ask(named, timeout)));
    let (endpoints, others) = tokio::join!(client.endpoints(), others);
    endpoints.iter().map(node).chain(others).collect()
}

fn node(endpoint: &Endpoint) -> Finding {
    let key = match endpoint.protocol {
        Protocol::Rpc => "chain.node_url",
        Protocol::Grpc => "chain.grpc_url",
    };
    let (ok, message) = match endpoint.verdict() {
        Ok(status) => (true, format!("{} at height {}", status.chain_id, status.height)),
        Err(why) => (false, format!("it {why}")),
    };
    Finding { key, target: endpoint.address.to_string(), ok, message, took: endpoint.took }
}

async fn ask(named: Named, timeout: Duration) -> Finding {
    let begun = Instant::now();
    let (target, answer) = match named.target {
        Target::Readable(path) => {
            let opened = File::open(&path).map(|_| "readable".to_owned()).map_err(|error| error.to_string());
            (path.display().to_string(), opened)
        }
        Target::Web(address) => {
            let answer = web(&address, timeout).await;
            (address, answer)
        }
        Target::Tcp(address) => {
            let connecting = tokio::time::timeout(timeout, tokio::net::TcpStream::connect(&address)).await;
            let answer = match connecting {
                Ok(Ok(_)) => Ok("it listens".to_owned()),
                Ok(Err(error)) => Err(error.to_string()),
                Err(_) => Err("it did not answer in time".to_owned()),
            };
            (address, answer)
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

/// Asks a web service for anything.
async fn web(address: &str, timeout: Duration) -> Result<String, String> {
    let words = |error: reqwest::Error| {
        if error.is_timeout() {
            format!("it did not answer within {} s", timeout.as_secs())
        } else {
            in_one_line(&error)
        }
    };
    let client = reqwest::Client::builder().timeout(timeout).no_proxy().build().map_err(words)?;
    let full = if address.contains("://") { address.to_owned() } else { format!("https://{address}") };
    let answer = client.get(full).send().await.map_err(words)?;
    Ok(format!("it answers ({})", answer.status().as_u16()))
}
