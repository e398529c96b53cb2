//! `audit.v1`: attributes that an auditor vouches for. The audit log of the same package is left out.

use crate::chain::wire::base::Attribute;
use crate::chain::wire::cosmos::page::{PageRequest, PageResponse};
use crate::chain::wire::macros::{empty_messages, package};
use prost::Message;

/// An auditor vouches for attributes of a provider.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgSignProviderAttributes {
    /// The provider.
    #[prost(string, tag = 1)]
    pub owner: String,
    #[prost(string, tag = 2)]
    pub auditor: String,
    #[prost(message, repeated, tag = 3)]
    pub attributes: Vec<Attribute>,
}

/// An auditor takes attributes back.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgDeleteProviderAttributes {
    /// The provider.
    #[prost(string, tag = 1)]
    pub owner: String,
    #[prost(string, tag = 2)]
    pub auditor: String,
    /// Empty: all.
    #[prost(string, repeated, tag = 3)]
    pub keys: Vec<String>,
}

/// What one auditor vouches for of one provider.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct AuditedProvider {
    #[prost(string, tag = 1)]
    pub owner: String,
    #[prost(string, tag = 2)]
    pub auditor: String,
    #[prost(message, repeated, tag = 4)]
    pub attributes: Vec<Attribute>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryProvidersResponse {
    #[prost(message, repeated, tag = 1)]
    pub providers: Vec<AuditedProvider>,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageResponse>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryAllProvidersAttributesRequest {
    #[prost(message, optional, tag = 1)]
    pub pagination: Option<PageRequest>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryProviderAttributesRequest {
    #[prost(string, tag = 1)]
    pub owner: String,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageRequest>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryProviderAuditorRequest {
    #[prost(string, tag = 1)]
    pub auditor: String,
    #[prost(string, tag = 2)]
    pub owner: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryAuditorAttributesRequest {
    #[prost(string, tag = 1)]
    pub auditor: String,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageRequest>,
}

/// An auditor vouches for a provider.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventTrustedAuditorCreated {
    #[prost(string, tag = 1)]
    pub owner: String,
    #[prost(string, tag = 2)]
    pub auditor: String,
}

/// An auditor took something back.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventTrustedAuditorDeleted {
    #[prost(string, tag = 1)]
    pub owner: String,
    #[prost(string, tag = 2)]
    pub auditor: String,
}

empty_messages! {
    MsgSignProviderAttributesResponse,
    MsgDeleteProviderAttributesResponse,
}

package! {
    OfNetwork("audit.v1");
    messages {
        MsgSignProviderAttributes, MsgSignProviderAttributesResponse, MsgDeleteProviderAttributes,
        MsgDeleteProviderAttributesResponse, AuditedProvider, QueryProvidersResponse,
        QueryAllProvidersAttributesRequest, QueryProviderAttributesRequest, QueryProviderAuditorRequest,
        QueryAuditorAttributesRequest, EventTrustedAuditorCreated, EventTrustedAuditorDeleted,
    }
    tx_messages {
        MsgSignProviderAttributes -> MsgSignProviderAttributesResponse, signed by auditor;
        MsgDeleteProviderAttributes -> MsgDeleteProviderAttributesResponse, signed by auditor;
    }
    service Query {
        AllProvidersAttributes(QueryAllProvidersAttributesRequest) -> QueryProvidersResponse;
        ProviderAttributes(QueryProviderAttributesRequest) -> QueryProvidersResponse;
        ProviderAuditorAttributes(QueryProviderAuditorRequest) -> QueryProvidersResponse;
        AuditorAttributes(QueryAuditorAttributesRequest) -> QueryProvidersResponse;
    }
}
