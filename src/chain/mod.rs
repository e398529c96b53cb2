//! Rank 2, the chain as a client sees it.
//!
//! - [`wire`]: the protobuf messages of both networks, and the tables of what can be called and sent.
//! - [`client`]: questions to the chain, answered by the first of several endpoints that can.
//! - [`probe`]: whether a node answers, and for which chain.
//! - [`convert`]: from text on the wire to exact amounts, and back; `groups`: what tenants order;
//!   `from_wire`: from messages to plain types, checked.
//!
//! Nothing here decides anything about the marketplace: conversions check what they read and name the field that is
//! wrong.

pub mod client;
pub mod convert;
mod from_wire;
mod groups;
pub mod probe;
pub mod wire;
