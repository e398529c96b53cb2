//! Rank 2, the chain as a client sees it.
//!
//! - [`wire`]: the protobuf messages of both networks, and the tables of what can be called and sent.
//! - [`amino`]: what a hardware wallet signs: transactions as JSON.
//! - [`client`]: questions to the chain, answered by the first of several endpoints that can.
//! - [`schema`]: the same messages as data, field by field.
//! - [`tx`]: from messages to signed bytes.
//! - [`convert`]: from text on the wire to exact amounts, and back; `groups`: what tenants order;
//!   `from_wire`: from messages to plain types, checked.
//!
//! Nothing here decides anything about the marketplace: conversions check what they read and name the field that is
//! wrong.

pub mod amino;
pub mod client;
pub mod convert;
mod from_wire;
mod groups;
pub mod schema;
pub mod tx;
pub mod wire;
