//! `cosmos.base.tendermint.v1beta1.Service`: the CometBFT side by gRPC.
#![allow(clippy::trivially_copy_pass_by_ref, clippy::unnecessary_wraps, reason = "handlers have one shape")]

use super::{Asked, Method, broken, of_node};
use crate::chain::wire::cosmos::comet::{
    AbciQueryRequest, AbciQueryResponse, GetBlockByHeightRequest, GetBlockByHeightResponse, GetLatestBlockRequest,
    GetLatestBlockResponse, GetNodeInfoRequest, GetNodeInfoResponse, GetSyncingRequest, GetSyncingResponse, SdkBlock,
    SdkHeader, VersionInfo,
};
use crate::chain::wire::tendermint::p2p::{DefaultNodeInfo, DefaultNodeInfoOther, ProtocolVersion};
use crate::chain::wire::tendermint::types::{Block, BlockId};
use crate::devnet::app::block::{BLOCK_PROTOCOL, StoredBlock};
use crate::devnet::node::{Moment, Node};
use crate::devnet::refusal::QueryError;
use crate::devnet::rules::auth;
use crate::domain::address::Address;
use crate::domain::network::Network;

pub(super) fn methods() -> Vec<Method> {
    vec![of_node(node_info), of_node(syncing), of_node(latest_block), of_node(block_by_height), of_node(abci_query)]
}

fn node_info(node: &Node, _: &Asked, _: &GetNodeInfoRequest) -> Result<GetNodeInfoResponse, QueryError> {
    Ok(GetNodeInfoResponse {
        default_node_info: Some(DefaultNodeInfo {
            protocol_version: ProtocolVersion { p2p: 8, block: BLOCK_PROTOCOL, app: 0 },
            default_node_id: node.id(),
            listen_addr: "tcp://127.0.0.1:26656".to_owned(),
            network: node.identity().chain_id.clone(),
            version: Node::COMET_VERSION.to_owned(),
            channels: Node::CHANNELS.to_vec(),
            moniker: Node::MONIKER.to_owned(),
            other: DefaultNodeInfoOther { tx_index: "on".to_owned(), rpc_address: "tcp://127.0.0.1:26657".to_owned() },
        }),
        application_version: Some(VersionInfo {
            name: "provider".to_owned(),
            app_name: "provider devnet".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            cosmos_sdk_version: "v0.53.4".to_owned(),
            ..VersionInfo::default()
        }),
    })
}

fn syncing(_: &Node, asked: &Asked, _: &GetSyncingRequest) -> Result<GetSyncingResponse, QueryError> {
    Ok(GetSyncingResponse { syncing: asked.effects.catches_up() })
}

fn latest_block(node: &Node, asked: &Asked, _: &GetLatestBlockRequest) -> Result<GetLatestBlockResponse, QueryError> {
    let moment = node.moment(asked.effects.lag())?;
    let (block_id, block, sdk_block) = forms(&moment, &moment.latest)?;
    Ok(GetLatestBlockResponse { block_id: Some(block_id), block: Some(block), sdk_block: Some(sdk_block) })
}

fn block_by_height(
    node: &Node,
    asked: &Asked,
    request: &GetBlockByHeightRequest,
) -> Result<GetBlockByHeightResponse, QueryError> {
    let moment = node.moment(asked.effects.lag())?;
    if request.height > moment.height() {
        return Err(QueryError::invalid("requested block height is bigger then the chain length"));
    }
    let found = moment.block(request.height)?;
    let found = found.ok_or_else(|| QueryError::not_found(format!("block {} not found", request.height)))?;
    let (block_id, block, sdk_block) = forms(&moment, &found)?;
    Ok(GetBlockByHeightResponse { block_id: Some(block_id), block: Some(block), sdk_block: Some(sdk_block) })
}

/// A block in both of its forms.
fn forms(moment: &Moment<'_>, found: &StoredBlock) -> Result<(BlockId, Block, SdkBlock), QueryError> {
    let height = found.header.height;
    let previous = moment.block(height - 1).map_err(|error| broken(&error))?;
    let txs = moment.txs(height).map_err(|error| broken(&error))?;
    let block = found.whole(previous.as_ref(), &txs, moment.node.validator());
    let sdk_block = sdk_block(moment.node.identity().network, &block);
    Ok((found.id(), block, sdk_block))
}

fn sdk_block(network: &Network, block: &Block) -> SdkBlock {
    let header = block.header.clone();
    let prefix = format!("{}valcons", network.address_prefix);
    let proposer = Address::of_bytes(&header.proposer_address, &prefix).map(|address| address.to_string());
    SdkBlock {
        header: SdkHeader {
            version: header.version,
            chain_id: header.chain_id,
            height: header.height,
            time: header.time,
            last_block_id: header.last_block_id,
            last_commit_hash: header.last_commit_hash,
            data_hash: header.data_hash,
            validators_hash: header.validators_hash,
            next_validators_hash: header.next_validators_hash,
            consensus_hash: header.consensus_hash,
            app_hash: header.app_hash,
            last_results_hash: header.last_results_hash,
            evidence_hash: header.evidence_hash,
            proposer_address: proposer.unwrap_or_default(),
        },
        data: block.data.clone(),
        evidence: block.evidence.clone(),
        last_commit: block.last_commit.clone(),
    }
}

fn abci_query(node: &Node, asked: &Asked, request: &AbciQueryRequest) -> Result<AbciQueryResponse, QueryError> {
    let height = (request.height > 0).then_some(request.height);
    Ok(node.abci_query(&request.path, &request.data, &Asked { height, ..asked.clone() }))
}

impl Node {
    /// The version of CometBFT whose interface this is.
    pub const COMET_VERSION: &'static str = "0.38.19";
    /// What the node calls itself.
    pub const MONIKER: &'static str = "devnet";
    /// The channels of a full node.
    pub const CHANNELS: &'static [u8] = &[0x40, 0x20, 0x21, 0x22, 0x23, 0x30, 0x38, 0x60, 0x61, 0x00];

    /// The node's id: of no key that anybody has.
    pub fn id(&self) -> String {
        crate::devnet::hex::lower(&auth::module_address(&format!("devnet node of {}", self.identity().chain_id)))
    }

    /// A query by the path of a gRPC method; errors are told in the answer, as the SDK turns them into its own.
    pub fn abci_query(&self, path: &str, data: &[u8], asked: &Asked) -> AbciQueryResponse {
        if !super::has_method(self.identity().network, path) {
            let log = b"unknown query path: unknown request".to_vec();
            return AbciQueryResponse { code: 6, codespace: "sdk".to_owned(), log, ..AbciQueryResponse::default() };
        }
        match self.answer(path, data, asked) {
            Ok(answer) => {
                AbciQueryResponse { value: answer.bytes, height: answer.height, ..AbciQueryResponse::default() }
            }
            Err(error) => {
                let (code, word, text) = error.in_sdk_terms();
                let log = format!("rpc error: code = {word} desc = {}: {text}", error.message).into_bytes();
                AbciQueryResponse { code, codespace: "sdk".to_owned(), log, ..AbciQueryResponse::default() }
            }
        }
    }
}
