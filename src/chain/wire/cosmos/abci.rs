//! `cosmos.base.abci.v1beta1`: results of transactions.

use crate::chain::wire::macros::package;
use crate::chain::wire::tendermint::abci::Event;
use prost::Message;
use prost_types::Any;

/// The log of one message.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct AbciMessageLog {
    #[prost(uint32, tag = 1)]
    pub msg_index: u32,
    /// Text of the chain: not always UTF-8.
    #[prost(bytes = "vec", tag = 2)]
    pub log: Vec<u8>,
    #[prost(message, repeated, tag = 3)]
    pub events: Vec<StringEvent>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct Attribute {
    #[prost(string, tag = 1)]
    pub key: String,
    #[prost(string, tag = 2)]
    pub value: String,
}

/// Gas of a simulation.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct GasInfo {
    #[prost(uint64, tag = 1)]
    pub gas_wanted: u64,
    #[prost(uint64, tag = 2)]
    pub gas_used: u64,
}

/// The answer to one message, as it was before SDK 0.46.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgData {
    #[prost(string, tag = 1)]
    pub msg_type: String,
    #[prost(bytes = "vec", tag = 2)]
    pub data: Vec<u8>,
}

/// The result of a simulation.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Result {
    #[prost(bytes = "vec", tag = 1)]
    pub data: Vec<u8>,
    /// Text of the chain: not always UTF-8.
    #[prost(bytes = "vec", tag = 2)]
    pub log: Vec<u8>,
    #[prost(message, repeated, tag = 3)]
    pub events: Vec<Event>,
    #[prost(message, repeated, tag = 4)]
    pub msg_responses: Vec<Any>,
}

/// An event in a log.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct StringEvent {
    #[prost(string, tag = 1)]
    pub r#type: String,
    #[prost(message, repeated, tag = 2)]
    pub attributes: Vec<Attribute>,
}

/// The answers to the messages of a transaction: the `data` of its result.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct TxMsgData {
    #[prost(message, repeated, tag = 1)]
    pub data: Vec<MsgData>,
    #[prost(message, repeated, tag = 2)]
    pub msg_responses: Vec<Any>,
}

/// The result of a transaction.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct TxResponse {
    #[prost(int64, tag = 1)]
    pub height: i64,
    /// Upper-case hex of SHA-256 of the transaction's bytes.
    #[prost(string, tag = 2)]
    pub txhash: String,
    #[prost(string, tag = 3)]
    pub codespace: String,
    /// 0: done. Otherwise see codespace.
    #[prost(uint32, tag = 4)]
    pub code: u32,
    /// Upper-case hex of a [`TxMsgData`].
    #[prost(string, tag = 5)]
    pub data: String,
    /// Text of the chain: not always UTF-8, and many KB after a panic.
    #[prost(bytes = "vec", tag = 6)]
    pub raw_log: Vec<u8>,
    #[prost(message, repeated, tag = 7)]
    pub logs: Vec<AbciMessageLog>,
    /// Text of the chain: not always UTF-8.
    #[prost(bytes = "vec", tag = 8)]
    pub info: Vec<u8>,
    #[prost(int64, tag = 9)]
    pub gas_wanted: i64,
    #[prost(int64, tag = 10)]
    pub gas_used: i64,
    /// A [`Tx`](super::tx::Tx).
    #[prost(message, optional, tag = 11)]
    pub tx: Option<Any>,
    /// RFC 3339, empty before inclusion.
    #[prost(string, tag = 12)]
    pub timestamp: String,
    #[prost(message, repeated, tag = 13)]
    pub events: Vec<Event>,
}

package! {
    Common("cosmos.base.abci.v1beta1");
    messages {
        AbciMessageLog as "ABCIMessageLog", Attribute, GasInfo, MsgData, Result, StringEvent, TxMsgData, TxResponse,
    }
}
