//! Whether a node answers, and for which chain: what an operator asks before anything else.

use std::borrow::Cow;
use std::time::Duration;

use serde::Deserialize;
use tonic::transport::{ClientTlsConfig, Endpoint};
use tonic_prost::ProstCodec;

use super::wire::Call;
use super::wire::cosmos::comet::{GetNodeInfoRequest, GetNodeInfoResponse};
use crate::domain::fault::{Classified, Fault};
use crate::domain::network::Network;

/// What a node says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeStatus {
    /// The id of its chain.
    pub chain_id: String,
    /// The height of its newest block, where it tells.
    pub height: Option<u64>,
    /// It has not caught up with the chain yet.
    pub catching_up: bool,
}

/// Why a node gave no answer that can be used.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// The address is none.
    #[error("`{address}` is no address")]
    Address {
        /// The address as configured.
        address: String,
        /// What is wrong with it.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// No connection.
    #[error("cannot reach {address}")]
    Connect {
        /// The address.
        address: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// No answer in time.
    #[error("{address} did not answer within {seconds} s")]
    Timeout {
        /// The address.
        address: String,
        /// The time that was given.
        seconds: u64,
    },
    /// Something answers, but no node.
    #[error("what answers at {address} is not a node of a Cosmos chain")]
    NotANode {
        /// The address.
        address: String,
        /// What could not be read.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Classified for ProbeError {
    fn fault(&self) -> Fault {
        match self {
            Self::Address { .. } | Self::NotANode { .. } => Fault::Invalid,
            Self::Connect { .. } | Self::Timeout { .. } => Fault::Unavailable,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::NotANode { .. } => {
                Some("RPC usually listens on port 26657, gRPC on 9090; https:// where it has TLS".into())
            }
            Self::Address { .. } | Self::Connect { .. } | Self::Timeout { .. } => None,
        }
    }
}

/// The part of CometBFT's answer to `status` that counts here; the numbers are decimal text.
#[derive(Deserialize)]
struct StatusAnswer {
    result: StatusResult,
}

#[derive(Deserialize)]
struct StatusResult {
    node_info: NodeInfo,
    sync_info: SyncInfo,
}

#[derive(Deserialize)]
struct NodeInfo {
    network: String,
}

#[derive(Deserialize)]
struct SyncInfo {
    latest_block_height: String,
    catching_up: bool,
}

/// The most of an answer that is read.
const LONGEST_ANSWER: usize = 1 << 20;

/// Asks a CometBFT RPC endpoint for its status.
pub async fn rpc(address: &str, timeout: Duration) -> Result<NodeStatus, ProbeError> {
    let connect = |source: reqwest::Error| unreachable_or_late(address, timeout, source.is_timeout(), source.into());
    let client = reqwest::Client::builder().timeout(timeout).no_proxy().build().map_err(connect)?;
    let url = format!("{}/status", with_scheme(address).trim_end_matches('/'));
    let mut answer = client.get(url).send().await.map_err(connect)?;
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(connect)? {
        body.extend_from_slice(&part);
        if body.len() > LONGEST_ANSWER {
            break;
        }
    }
    let not_a_node =
        |source: serde_json::Error| ProbeError::NotANode { address: address.to_owned(), source: source.into() };
    let status: StatusAnswer = serde_json::from_slice(&body).map_err(not_a_node)?;
    let StatusResult { node_info, sync_info } = status.result;
    let height = sync_info.latest_block_height.parse().ok();
    Ok(NodeStatus { chain_id: node_info.network, height, catching_up: sync_info.catching_up })
}

/// Asks a gRPC endpoint for the chain it serves.
pub async fn grpc(address: &str, network: &'static Network, timeout: Duration) -> Result<NodeStatus, ProbeError> {
    let bad =
        |source: tonic::transport::Error| ProbeError::Address { address: address.to_owned(), source: source.into() };
    let full = with_scheme(address);
    let mut endpoint = Endpoint::from_shared(full.clone()).map_err(bad)?.connect_timeout(timeout).timeout(timeout);
    if full.starts_with("https://") {
        endpoint = endpoint.tls_config(ClientTlsConfig::new().with_native_roots()).map_err(bad)?;
    }
    let late = || ProbeError::Timeout { address: address.to_owned(), seconds: timeout.as_secs() };
    let connecting = tokio::time::timeout(timeout, endpoint.connect()).await.map_err(|_| late())?;
    let channel =
        connecting.map_err(|source| ProbeError::Connect { address: address.to_owned(), source: source.into() })?;
    let mut client = tonic::client::Grpc::new(channel);
    let not_a_node =
        |source: Box<dyn std::error::Error + Send + Sync>| ProbeError::NotANode { address: address.to_owned(), source };
    client.ready().await.map_err(|source| not_a_node(source.into()))?;
    let path = GetNodeInfoRequest::path(network)
        .parse()
        .map_err(|source: tonic::codegen::http::uri::InvalidUri| not_a_node(source.into()))?;
    let codec = ProstCodec::<GetNodeInfoRequest, GetNodeInfoResponse>::default();
    let asking = client.unary(tonic::Request::new(GetNodeInfoRequest {}), path, codec);
    let answer = tokio::time::timeout(timeout, asking).await.map_err(|_| late())?;
    let answer = answer.map_err(|source| not_a_node(source.into()))?.into_inner();
    let chain_id = answer.default_node_info.map(|info| info.network).unwrap_or_default();
    Ok(NodeStatus { chain_id, height: None, catching_up: false })
}

fn unreachable_or_late(
    address: &str,
    timeout: Duration,
    late: bool,
    source: Box<dyn std::error::Error + Send + Sync>,
) -> ProbeError {
    let address = address.to_owned();
    if late {
        ProbeError::Timeout { address, seconds: timeout.as_secs() }
    } else {
        ProbeError::Connect { address, source }
    }
}

fn with_scheme(address: &str) -> String {
    match address.split_once("://") {
        None => format!("http://{address}"),
        Some(("tcp", rest)) => format!("http://{rest}"),
        Some(_) => address.to_owned(),
    }
}
