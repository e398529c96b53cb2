//! The protobuf messages of the chain, written from the tables of its descriptors: no protoc, no build script.
//!
//! One file per package (two or three where a package is long), and below a module of one name the versions that are
//! live together: [`market`] holds `market.v1` and `market.v1beta5`. The structs hold the union of both networks'
//! fields; what a network lacks says [`Network::has`], and a writer leaves the other network's fields empty.
//!
//! Promise: what a node's bytes decode to encodes to the same bytes again. For that
//! - a message that the Go nodes embed by value, and so always write, is a field of its own (`required`); reading
//!   accepts its absence as the empty message. Only what may really be absent is an [`Option`];
//! - integers and 18-digit decimals stay text as they are on the wire (their conversion is in
//!   [`convert`](super::convert));
//! - free text of the chain (`raw_log`, `log`, `info`) is bytes: a real node puts raw addresses into it;
//! - enums are `i32` with a getter that answers the zero value for a number it does not know: match on
//!   `TryFrom<i32>` where that matters.
//!
//! Names: a message knows its package ([`Named`]), a call its path and its answer ([`Call`]), a message of a
//! transaction its answer and its signer ([`TxMessage`]). Type URLs and paths are made from these and a [`Network`],
//! and nowhere written out. [`messages`], [`calls`] and [`tx_messages`] list all of them, for a server, for
//! reflection, for tests.
#![allow(missing_docs, reason = "the names are the protocol's; what they do not say is said at the field")]

mod macros;
mod names;
mod table;

pub mod audit;
pub mod base;
pub mod cert;
pub mod cosmos;
pub mod deployment;
pub mod encryption;
pub mod escrow;
pub mod market;
pub mod provider;
pub mod resources;
pub mod settlement;
pub mod take;
pub mod tendermint;

pub use names::{Call, Named, Package, TxMessage, UnpackError};
pub use table::{CallType, MessageType, TxMessageType, calls, message_of, messages, tx_message_of, tx_messages};

#[cfg(doc)]
use crate::domain::network::Network;
