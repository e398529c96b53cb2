//! What the server is told.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::jobs::health::Expected;

/// What the server is told.
#[derive(Debug, Clone)]
pub struct Options {
    /// The state file.
    pub state_file: PathBuf,
    /// Where API, gateway and dashboard listen.
    pub address: SocketAddr,
    /// TLS; `None`: plain HTTP, which is served on loopback only.
    pub tls: Option<TlsFiles>,
    /// Where the metrics listen, and at which path they are; `None`: nowhere.
    pub metrics: Option<(SocketAddr, String)>,
    /// Operators with certificates.
    pub operators: Option<OperatorCertificates>,
    /// What clients may take.
    pub limits: Limits,
    /// How long requests that are under way may take when the server is told to stop.
    pub shutdown_timeout: Duration,
    /// What health is held against.
    pub expected: Expected,
    /// What is sold of each resource, for the dashboard.
    pub capacity: Vec<(&'static str, u128)>,
}

/// The files of TLS, all PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The server's certificate chain and its key.
    pub server: (PathBuf, PathBuf),
    /// The provider's certificate on the chain and its key, by which tenants know it; they get the server's where there
    /// is none.
    pub on_chain: Option<(PathBuf, PathBuf)>,
}

/// Operators with certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorCertificates {
    /// The authority that signs them.
    pub ca_file: PathBuf,
    /// They may act, and not only look.
    pub may_act: bool,
}

/// What clients may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Connections at once.
    pub connections: usize,
    /// Connections of one client at once.
    pub connections_per_client: usize,
    /// Requests of one client in a second.
    pub requests_per_second: u64,
    /// The body of a request, in bytes.
    pub body: usize,
    /// All headers of a request, in bytes.
    pub headers: usize,
    /// How long a client may take for the headers of a request, and between two requests.
    pub header_timeout: Duration,
    /// How long an answer may take to begin.
    pub request_timeout: Duration,
}
