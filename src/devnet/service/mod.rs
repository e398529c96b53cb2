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

use super::node::Node;
use axum::Router;

/// The gRPC services, on plaintext HTTP/2.
pub fn grpc(node: Node) -> Router {
    grpc::router(node)
}

/// CometBFT's RPC: JSON-RPC by POST, GET with a query, and a websocket.
pub fn rpc(node: Node) -> Router {
    rpc::router(node)
}
