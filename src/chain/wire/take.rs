//! `take.v1`: the share of each payout that the chain keeps.

use crate::chain::wire::macros::{empty_messages, package};
use prost::Message;

/// The share for one denomination.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct DenomTakeRate {
    #[prost(string, tag = 1)]
    pub denom: String,
    /// Percent.
    #[prost(uint32, tag = 2)]
    pub rate: u32,
}

/// The shares.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Params {
    #[prost(message, repeated, tag = 1)]
    pub denom_take_rates: Vec<DenomTakeRate>,
    /// Percent, for all other denominations.
    #[prost(uint32, tag = 2)]
    pub default_take_rate: u32,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgUpdateParams {
    #[prost(string, tag = 1)]
    pub authority: String,
    #[prost(message, required, tag = 2)]
    pub params: Params,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryParamsResponse {
    #[prost(message, required, tag = 1)]
    pub params: Params,
}

empty_messages! {
    MsgUpdateParamsResponse,
    QueryParamsRequest,
}

package! {
    OfNetwork("take.v1");
    messages {
        DenomTakeRate, Params, MsgUpdateParams, MsgUpdateParamsResponse, QueryParamsRequest, QueryParamsResponse,
    }
    tx_messages {
        MsgUpdateParams -> MsgUpdateParamsResponse, signed by authority;
    }
    service Query {
        Params(QueryParamsRequest) -> QueryParamsResponse;
    }
}
