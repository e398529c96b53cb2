//! `tendermint.types`: consensus parameters.

use crate::chain::wire::macros::package;
use prost::Message;
use prost_types::Duration;

/// Of the interface to the application.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct AbciParams {
    #[prost(int64, tag = 1)]
    pub vote_extensions_enable_height: i64,
}

/// Limits of a block.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct BlockParams {
    #[prost(int64, tag = 1)]
    pub max_bytes: i64,
    /// -1: none.
    #[prost(int64, tag = 2)]
    pub max_gas: i64,
}

/// The consensus parameters.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct ConsensusParams {
    #[prost(message, optional, tag = 1)]
    pub block: Option<BlockParams>,
    #[prost(message, optional, tag = 2)]
    pub evidence: Option<EvidenceParams>,
    #[prost(message, optional, tag = 3)]
    pub validator: Option<ValidatorParams>,
    #[prost(message, optional, tag = 4)]
    pub version: Option<VersionParams>,
    #[prost(message, optional, tag = 5)]
    pub abci: Option<AbciParams>,
}

/// How long evidence counts.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct EvidenceParams {
    #[prost(int64, tag = 1)]
    pub max_age_num_blocks: i64,
    #[prost(message, required, tag = 2)]
    pub max_age_duration: Duration,
    #[prost(int64, tag = 3)]
    pub max_bytes: i64,
}

/// Keys that validators may have.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct ValidatorParams {
    #[prost(string, repeated, tag = 1)]
    pub pub_key_types: Vec<String>,
}

/// The application's version.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct VersionParams {
    #[prost(uint64, tag = 1)]
    pub app: u64,
}

package! {
    Common("tendermint.types");
    messages {
        AbciParams as "ABCIParams", BlockParams, ConsensusParams, EvidenceParams, ValidatorParams, VersionParams,
    }
}
