//! Rank 4, the server: health, metrics and what else may be asked of this provider over HTTP.
//!
//! The one long-running piece, and a small one: it reads the state file, owns no loop, and can be stopped at any time
//! without harm. What clients want done it writes down, as the command line does; the jobs carry it out.
//!
//! # The way of a request
//! ```text
//! sockets       systemd's, or bound here                          socket.rs
//! connection    a place among all and among the client's own,     connection.rs, clients.rs
//!               TLS with certificates that are read anew          tls.rs
//! gate          rate, size of the body, headers of safety, log    gate.rs
//! route         who may ask it: each route names that             route.rs
//! caller        anonymous, a tenant, an operator                  caller.rs
//! handler       one read of the state file, then an answer        health.rs, …; state_file.rs
//! ```
//!
//! # Where to add things
//! Routes come in groups: a function that gives `Vec<Route>`, each with its method, path, who may ask it and a sentence
//! for the API's document; [`routes`] puts the groups together, and the tests hold every route against every caller.
//! A handler takes [`Shared`] as its state and the [`Caller`] as an extension, and fails with a [`Problem`].
//!
//! # Promises
//! - A state file that is missing, locked, damaged or of another version is a 503 with the reason, and the next request
//!   looks again.
//! - SIGTERM ends nothing that is under way: see `connection.rs`.
//! - What a client can take is bounded: connections, requests, bytes, time.

mod caller;
mod clients;
mod connection;
mod dashboard;
mod gate;
mod gateway;
mod health;
mod metrics;
mod options;
mod problem;
mod route;
mod run;
mod shared;
mod socket;
mod state_file;
mod tls;

pub use caller::{Caller, Peer, TenantFound, Tenants};
pub use gateway::Gateway;
pub use options::{Limits, OperatorCertificates, Options, TlsFiles};
pub use problem::Problem;
pub use route::{Access, Route};
pub use run::{Error, run};
pub use shared::Shared;
pub use state_file::StateFile;

/// Every route of the API's address, in the order of the document, but those of tenants, which [`Gateway`] brings.
pub fn routes() -> Vec<Route> {
    let mut routes = health::routes();
    routes.extend(dashboard::routes());
    routes
}
