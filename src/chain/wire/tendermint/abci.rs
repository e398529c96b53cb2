//! `tendermint.abci`: events of blocks and transactions.

use crate::chain::wire::macros::package;
use prost::Message;

/// An event. Typed events have the message's name as type, and proto-JSON as values.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Event {
    #[prost(string, tag = 1)]
    pub r#type: String,
    #[prost(message, repeated, tag = 2)]
    pub attributes: Vec<EventAttribute>,
}

/// One attribute of an event.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventAttribute {
    #[prost(string, tag = 1)]
    pub key: String,
    #[prost(string, tag = 2)]
    pub value: String,
    #[prost(bool, tag = 3)]
    pub index: bool,
}

package! {
    Common("tendermint.abci");
    messages {
        Event, EventAttribute,
    }
}
