//! `cosmos.base.node.v1beta1`: what a node is configured to, and where it is.

use crate::chain::wire::macros::{empty_messages, package};
use prost::Message;
use prost_types::Timestamp;

/// The node's own settings.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct ConfigResponse {
    /// Coins with 18 places: `0.025000000000000000uve`.
    #[prost(string, tag = 1)]
    pub minimum_gas_price: String,
    #[prost(string, tag = 2)]
    pub pruning_keep_recent: String,
    #[prost(string, tag = 3)]
    pub pruning_interval: String,
    #[prost(uint64, tag = 4)]
    pub halt_height: u64,
}

/// Where the node is.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct StatusResponse {
    #[prost(uint64, tag = 1)]
    pub earliest_store_height: u64,
    #[prost(uint64, tag = 2)]
    pub height: u64,
    #[prost(message, optional, tag = 3)]
    pub timestamp: Option<Timestamp>,
    #[prost(bytes = "vec", tag = 4)]
    pub app_hash: Vec<u8>,
    #[prost(bytes = "vec", tag = 5)]
    pub validator_hash: Vec<u8>,
}

empty_messages! {
    ConfigRequest,
    StatusRequest,
}

package! {
    Common("cosmos.base.node.v1beta1");
    messages {
        ConfigRequest, ConfigResponse, StatusRequest, StatusResponse,
    }
    service Service {
        Config(ConfigRequest) -> ConfigResponse;
        Status(StatusRequest) -> StatusResponse;
    }
}
