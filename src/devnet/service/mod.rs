//! The node on the network: gRPC, and CometBFT's RPC.
//!
//! No rule is here. A service reads what was asked, does what a fault says, asks the [node](super::node::Node) in a
//! thread that may block, and writes the answer.

mod body;
mod grpc;
mod half;
mod listener;
mod reflection;
pub mod rpc;
mod target;

pub use body::Intake;
pub use listener::{Closer, Limits, Place, serve, until};

use super::fault::Effects;
use super::node::{Node, all_paths};
use crate::domain::network::Network;
use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// Whether a method has this name: a gRPC path or its last part, or a method of CometBFT.
pub fn has_method(network: &Network, name: &str) -> bool {
    let grpc = all_paths(network).chain(reflection::PATHS.iter().copied());
    rpc::has_method(name) || grpc.into_iter().any(|path| path == name || path.rsplit('/').next() == Some(name))
}

/// What goes wrong in a call of a method by these names. What comes later or not at all does so here, and what happens
/// to the node itself has happened.
async fn effects_of(node: &Node, closer: &Closer, names: &[&str]) -> Effects {
    let effects = node.faults().of_call(names);
    tokio::time::sleep(effects.delay()).await;
    if effects.befalls_node() {
        let (node, effects) = (node.clone(), effects.clone());
        // A node that has ended suffers nothing any more.
        let _ = tokio::task::spawn_blocking(move || node.suffer(&effects)).await;
    }
    if effects.drops() {
        return closer.close().await;
    }
    effects
}

/// A status of HTTP in place of any answer, where a fault says so: what stands before a node answers.
fn refused(effects: &Effects) -> Option<Response> {
    let (status, text) = effects.http()?;
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    Some((status, format!("{text}\n")).into_response())
}

/// The gRPC services, on plaintext HTTP/2.
pub fn grpc(node: Node) -> Router {
    grpc::router(node)
}

/// CometBFT's RPC: JSON-RPC by POST, GET with a query, and a websocket.
pub fn rpc(node: Node) -> Router {
    rpc::router(node)
}
