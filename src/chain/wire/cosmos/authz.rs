//! `cosmos.authz.v1beta1`, as far as deposit authorizations need it: granting, revoking, listing.
//!
//! Not in the tables of this product's chain facts; taken from the Cosmos SDK 0.53 proto files.

use crate::chain::wire::cosmos::page::{PageRequest, PageResponse};
use crate::chain::wire::macros::{empty_messages, package};
use prost::Message;
use prost_types::{Any, Timestamp};

/// What is granted, and until when.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Grant {
    #[prost(message, optional, tag = 1)]
    pub authorization: Option<Any>,
    /// None: no end.
    #[prost(message, optional, tag = 2)]
    pub expiration: Option<Timestamp>,
}

/// Gives a grant.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgGrant {
    #[prost(string, tag = 1)]
    pub granter: String,
    #[prost(string, tag = 2)]
    pub grantee: String,
    #[prost(message, required, tag = 3)]
    pub grant: Grant,
}

/// Takes a grant back.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgRevoke {
    #[prost(string, tag = 1)]
    pub granter: String,
    #[prost(string, tag = 2)]
    pub grantee: String,
    #[prost(string, tag = 3)]
    pub msg_type_url: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryGrantsRequest {
    #[prost(string, tag = 1)]
    pub granter: String,
    #[prost(string, tag = 2)]
    pub grantee: String,
    #[prost(string, tag = 3)]
    pub msg_type_url: String,
    #[prost(message, optional, tag = 4)]
    pub pagination: Option<PageRequest>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryGrantsResponse {
    #[prost(message, repeated, tag = 1)]
    pub grants: Vec<Grant>,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageResponse>,
}

/// What is told of a grant that is given, or used.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventGrant {
    #[prost(string, tag = 2)]
    pub msg_type_url: String,
    #[prost(string, tag = 3)]
    pub granter: String,
    #[prost(string, tag = 4)]
    pub grantee: String,
}

/// What is told of a grant that is taken back.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventRevoke {
    #[prost(string, tag = 2)]
    pub msg_type_url: String,
    #[prost(string, tag = 3)]
    pub granter: String,
    #[prost(string, tag = 4)]
    pub grantee: String,
}

empty_messages! {
    MsgGrantResponse,
    MsgRevokeResponse,
}

package! {
    Common("cosmos.authz.v1beta1");
    messages {
        Grant, MsgGrant, MsgGrantResponse, MsgRevoke, MsgRevokeResponse, EventGrant, EventRevoke, QueryGrantsRequest,
        QueryGrantsResponse,
    }
    tx_messages {
        MsgGrant -> MsgGrantResponse, signed by granter;
        MsgRevoke -> MsgRevokeResponse, signed by granter;
    }
    service Query {
        Grants(QueryGrantsRequest) -> QueryGrantsResponse;
    }
}
