//! What became of a transaction.

use crate::chain::wire::tendermint::abci::Event;
use prost::Message;

/// The result of a transaction, CometBFT's `tendermint.abci.ExecTxResult`.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct TxResult {
    /// 0: done.
    #[prost(uint32, tag = 1)]
    pub code: u32,
    /// A `TxMsgData`.
    #[prost(bytes = "vec", tag = 2)]
    pub data: Vec<u8>,
    /// Not always UTF-8.
    #[prost(bytes = "vec", tag = 3)]
    pub log: Vec<u8>,
    /// Always empty.
    #[prost(string, tag = 4)]
    pub info: String,
    /// The limit.
    #[prost(int64, tag = 5)]
    pub gas_wanted: i64,
    /// What was used.
    #[prost(int64, tag = 6)]
    pub gas_used: i64,
    /// What it told.
    #[prost(message, repeated, tag = 7)]
    pub events: Vec<Event>,
    /// Whose code it is.
    #[prost(string, tag = 8)]
    pub codespace: String,
}

impl TxResult {
    /// What goes into the hash of a block's results: what every node must have computed alike.
    #[must_use]
    pub fn deterministic(&self) -> Self {
        Self {
            code: self.code,
            data: self.data.clone(),
            gas_wanted: self.gas_wanted,
            gas_used: self.gas_used,
            ..Self::default()
        }
    }
}

/// What a block told besides its transactions.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Events {
    /// In order.
    #[prost(message, repeated, tag = 1)]
    pub events: Vec<Event>,
}

/// A transaction in a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Included {
    /// SHA-256 of the bytes.
    pub hash: Vec<u8>,
    /// The block.
    pub height: i64,
    /// The place in the block, from 0.
    pub position: i64,
    /// A `TxRaw`.
    pub bytes: Vec<u8>,
    /// What became of it.
    pub result: TxResult,
}
