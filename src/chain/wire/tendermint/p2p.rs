//! `tendermint.p2p`: what a node says of itself.

use crate::chain::wire::macros::package;
use prost::Message;

/// What a node says of itself.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct DefaultNodeInfo {
    #[prost(message, required, tag = 1)]
    pub protocol_version: ProtocolVersion,
    #[prost(string, tag = 2)]
    pub default_node_id: String,
    #[prost(string, tag = 3)]
    pub listen_addr: String,
    #[prost(string, tag = 4)]
    pub network: String,
    #[prost(string, tag = 5)]
    pub version: String,
    #[prost(bytes = "vec", tag = 6)]
    pub channels: Vec<u8>,
    #[prost(string, tag = 7)]
    pub moniker: String,
    #[prost(message, required, tag = 8)]
    pub other: DefaultNodeInfoOther,
}

/// What else.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct DefaultNodeInfoOther {
    #[prost(string, tag = 1)]
    pub tx_index: String,
    #[prost(string, tag = 2)]
    pub rpc_address: String,
}

/// Versions of protocols.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct ProtocolVersion {
    #[prost(uint64, tag = 1)]
    pub p2p: u64,
    #[prost(uint64, tag = 2)]
    pub block: u64,
    #[prost(uint64, tag = 3)]
    pub app: u64,
}

package! {
    Common("tendermint.p2p");
    messages {
        DefaultNodeInfo, DefaultNodeInfoOther, ProtocolVersion,
    }
}
