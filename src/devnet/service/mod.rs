//! The node on the network: gRPC, and CometBFT's RPC.
//!
//! No rule is here. A service reads what was asked, does what a fault says, asks the [node](super::node::Node) in a
//! thread that may block, and writes the answer.

mod grpc;
mod half;
mod listener;
mod reflection;
pub mod rpc;
mod target;

pub use listener::{Closer, Limits, Place, serve, until};

use super::node::{Node, all_paths};
use crate::domain::network::Network;
use axum::Router;

/// Whether a method has this name: a gRPC path or its last part, or a method of CometBFT.
pub fn has_method(network: &Network, name: &str) -> bool {
    let grpc = all_paths(network).chain(reflection::PATHS.iter().copied());
    rpc::has_method(name) || grpc.into_iter().any(|path| path == name || path.rsplit('/').next() == Some(name))
}

/// The gRPC services, on plaintext HTTP/2.
pub fn grpc(node: Node) -> Router {
    grpc::router(node)
}

/// CometBFT's RPC: JSON-RPC by POST, GET with a query, and a websocket.
pub fn rpc(node: Node) -> Router {
    rpc::router(node)
}
