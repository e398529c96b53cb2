//! `cosmos.consensus.v1`: the consensus parameters.

use crate::chain::wire::macros::{empty_messages, package};
use crate::chain::wire::tendermint::params::ConsensusParams;
use prost::Message;

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryParamsResponse {
    #[prost(message, optional, tag = 1)]
    pub params: Option<ConsensusParams>,
}

empty_messages! {
    QueryParamsRequest,
}

package! {
    Common("cosmos.consensus.v1");
    messages {
        QueryParamsRequest, QueryParamsResponse,
    }
    service Query {
        Params(QueryParamsRequest) -> QueryParamsResponse;
    }
}
