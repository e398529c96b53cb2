//! `cosmos.params.v1beta1`: raw parameters of a subspace.

use crate::chain::wire::macros::package;
use prost::Message;

/// A raw parameter.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct ParamChange {
    #[prost(string, tag = 1)]
    pub subspace: String,
    #[prost(string, tag = 2)]
    pub key: String,
    #[prost(string, tag = 3)]
    pub value: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryParamsRequest {
    #[prost(string, tag = 1)]
    pub subspace: String,
    #[prost(string, tag = 2)]
    pub key: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryParamsResponse {
    #[prost(message, required, tag = 1)]
    pub param: ParamChange,
}

package! {
    Common("cosmos.params.v1beta1");
    messages {
        ParamChange, QueryParamsRequest, QueryParamsResponse,
    }
    service Query {
        Params(QueryParamsRequest) -> QueryParamsResponse;
    }
}
