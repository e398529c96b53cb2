//! `cosmos.base.tendermint.v1beta1`: the node's CometBFT side by gRPC.

use crate::chain::wire::macros::{empty_messages, package};
use crate::chain::wire::tendermint::p2p::DefaultNodeInfo;
use crate::chain::wire::tendermint::types::{Block, BlockId, Commit, Data, EvidenceList};
use crate::chain::wire::tendermint::version::Consensus;
use prost::Message;
use prost_types::Timestamp;

/// A query by the path of a gRPC method.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct AbciQueryRequest {
    #[prost(bytes = "vec", tag = 1)]
    pub data: Vec<u8>,
    #[prost(string, tag = 2)]
    pub path: String,
    #[prost(int64, tag = 3)]
    pub height: i64,
    #[prost(bool, tag = 4)]
    pub prove: bool,
}

/// Its answer.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct AbciQueryResponse {
    #[prost(uint32, tag = 1)]
    pub code: u32,
    /// Text of the chain: not always UTF-8.
    #[prost(bytes = "vec", tag = 3)]
    pub log: Vec<u8>,
    /// Text of the chain: not always UTF-8.
    #[prost(bytes = "vec", tag = 4)]
    pub info: Vec<u8>,
    #[prost(int64, tag = 5)]
    pub index: i64,
    #[prost(bytes = "vec", tag = 6)]
    pub key: Vec<u8>,
    #[prost(bytes = "vec", tag = 7)]
    pub value: Vec<u8>,
    #[prost(message, optional, tag = 8)]
    pub proof_ops: Option<ProofOps>,
    #[prost(int64, tag = 9)]
    pub height: i64,
    #[prost(string, tag = 10)]
    pub codespace: String,
}

/// A block, the proposer as an address.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct SdkBlock {
    #[prost(message, required, tag = 1)]
    pub header: SdkHeader,
    #[prost(message, required, tag = 2)]
    pub data: Data,
    #[prost(message, required, tag = 3)]
    pub evidence: EvidenceList,
    #[prost(message, optional, tag = 4)]
    pub last_commit: Option<Commit>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct GetBlockByHeightRequest {
    #[prost(int64, tag = 1)]
    pub height: i64,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct GetBlockByHeightResponse {
    #[prost(message, optional, tag = 1)]
    pub block_id: Option<BlockId>,
    #[prost(message, optional, tag = 2)]
    pub block: Option<Block>,
    #[prost(message, optional, tag = 3)]
    pub sdk_block: Option<SdkBlock>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct GetLatestBlockResponse {
    #[prost(message, optional, tag = 1)]
    pub block_id: Option<BlockId>,
    #[prost(message, optional, tag = 2)]
    pub block: Option<Block>,
    #[prost(message, optional, tag = 3)]
    pub sdk_block: Option<SdkBlock>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct GetNodeInfoResponse {
    #[prost(message, optional, tag = 1)]
    pub default_node_info: Option<DefaultNodeInfo>,
    #[prost(message, optional, tag = 2)]
    pub application_version: Option<VersionInfo>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct GetSyncingResponse {
    #[prost(bool, tag = 1)]
    pub syncing: bool,
}

/// The header of a block, the proposer as an address.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct SdkHeader {
    #[prost(message, required, tag = 1)]
    pub version: Consensus,
    #[prost(string, tag = 2)]
    pub chain_id: String,
    #[prost(int64, tag = 3)]
    pub height: i64,
    #[prost(message, required, tag = 4)]
    pub time: Timestamp,
    #[prost(message, required, tag = 5)]
    pub last_block_id: BlockId,
    #[prost(bytes = "vec", tag = 6)]
    pub last_commit_hash: Vec<u8>,
    #[prost(bytes = "vec", tag = 7)]
    pub data_hash: Vec<u8>,
    #[prost(bytes = "vec", tag = 8)]
    pub validators_hash: Vec<u8>,
    #[prost(bytes = "vec", tag = 9)]
    pub next_validators_hash: Vec<u8>,
    #[prost(bytes = "vec", tag = 10)]
    pub consensus_hash: Vec<u8>,
    /// The state after the block before this.
    #[prost(bytes = "vec", tag = 11)]
    pub app_hash: Vec<u8>,
    /// The results of the block before this.
    #[prost(bytes = "vec", tag = 12)]
    pub last_results_hash: Vec<u8>,
    #[prost(bytes = "vec", tag = 13)]
    pub evidence_hash: Vec<u8>,
    #[prost(string, tag = 14)]
    pub proposer_address: String,
}

/// A Go module of the node's build.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Module {
    #[prost(string, tag = 1)]
    pub path: String,
    #[prost(string, tag = 2)]
    pub version: String,
    #[prost(string, tag = 3)]
    pub sum: String,
}

/// A step of a proof.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct ProofOp {
    #[prost(string, tag = 1)]
    pub r#type: String,
    #[prost(bytes = "vec", tag = 2)]
    pub key: Vec<u8>,
    #[prost(bytes = "vec", tag = 3)]
    pub data: Vec<u8>,
}

/// A proof.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct ProofOps {
    #[prost(message, repeated, tag = 1)]
    pub ops: Vec<ProofOp>,
}

/// The node's build.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct VersionInfo {
    #[prost(string, tag = 1)]
    pub name: String,
    #[prost(string, tag = 2)]
    pub app_name: String,
    #[prost(string, tag = 3)]
    pub version: String,
    #[prost(string, tag = 4)]
    pub git_commit: String,
    #[prost(string, tag = 5)]
    pub build_tags: String,
    #[prost(string, tag = 6)]
    pub go_version: String,
    #[prost(message, repeated, tag = 7)]
    pub build_deps: Vec<Module>,
    #[prost(string, tag = 8)]
    pub cosmos_sdk_version: String,
}

empty_messages! {
    GetLatestBlockRequest,
    GetNodeInfoRequest,
    GetSyncingRequest,
}

package! {
    Common("cosmos.base.tendermint.v1beta1");
    messages {
        AbciQueryRequest as "ABCIQueryRequest", AbciQueryResponse as "ABCIQueryResponse", SdkBlock as "Block",
        GetBlockByHeightRequest, GetBlockByHeightResponse, GetLatestBlockRequest, GetLatestBlockResponse,
        GetNodeInfoRequest, GetNodeInfoResponse, GetSyncingRequest, GetSyncingResponse, SdkHeader as "Header", Module,
        ProofOp, ProofOps, VersionInfo,
    }
    service Service {
        GetNodeInfo(GetNodeInfoRequest) -> GetNodeInfoResponse;
        GetSyncing(GetSyncingRequest) -> GetSyncingResponse;
        GetLatestBlock(GetLatestBlockRequest) -> GetLatestBlockResponse;
        GetBlockByHeight(GetBlockByHeightRequest) -> GetBlockByHeightResponse;
        ABCIQuery(AbciQueryRequest) -> AbciQueryResponse;
    }
}
