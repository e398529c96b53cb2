//! `provider.v1beta4`: the register of providers.

use crate::chain::wire::base::Attribute;
use crate::chain::wire::cosmos::page::{PageRequest, PageResponse};
use crate::chain::wire::macros::{empty_messages, package, wire_enum};
use prost::Message;

/// How to reach the people.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Info {
    #[prost(string, tag = 1)]
    pub email: String,
    #[prost(string, tag = 2)]
    pub website: String,
}

/// A registered provider.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Provider {
    #[prost(string, tag = 1)]
    pub owner: String,
    /// Where its gateway is: `https://host[:port]`, without a path.
    #[prost(string, tag = 2)]
    pub host_uri: String,
    #[prost(message, repeated, tag = 3)]
    pub attributes: Vec<Attribute>,
    #[prost(message, required, tag = 4)]
    pub info: Info,
}

/// A provider registers. The recorded VirtEngine build refuses it from everyone.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgCreateProvider {
    #[prost(string, tag = 1)]
    pub owner: String,
    #[prost(string, tag = 2)]
    pub host_uri: String,
    #[prost(message, repeated, tag = 3)]
    pub attributes: Vec<Attribute>,
    #[prost(message, required, tag = 4)]
    pub info: Info,
}

/// A provider replaces its record.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgUpdateProvider {
    #[prost(string, tag = 1)]
    pub owner: String,
    #[prost(string, tag = 2)]
    pub host_uri: String,
    #[prost(message, repeated, tag = 3)]
    pub attributes: Vec<Attribute>,
    #[prost(message, required, tag = 4)]
    pub info: Info,
}

/// A provider leaves; refused while it has leases.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgDeleteProvider {
    #[prost(string, tag = 1)]
    pub owner: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgGenerateDomainVerificationToken {
    #[prost(string, tag = 1)]
    pub owner: String,
    #[prost(string, tag = 2)]
    pub domain: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgGenerateDomainVerificationTokenResponse {
    #[prost(string, tag = 1)]
    pub token: String,
    #[prost(int64, tag = 2)]
    pub expires_at: i64,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgVerifyProviderDomain {
    #[prost(string, tag = 1)]
    pub owner: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgVerifyProviderDomainResponse {
    #[prost(bool, tag = 1)]
    pub verified: bool,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgRequestDomainVerification {
    #[prost(string, tag = 1)]
    pub owner: String,
    #[prost(string, tag = 2)]
    pub domain: String,
    /// A [`VerificationMethod`].
    #[prost(enumeration = "VerificationMethod", tag = 3)]
    pub method: i32,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgRequestDomainVerificationResponse {
    #[prost(string, tag = 1)]
    pub token: String,
    #[prost(int64, tag = 2)]
    pub expires_at: i64,
    #[prost(string, tag = 3)]
    pub verification_target: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgConfirmDomainVerification {
    #[prost(string, tag = 1)]
    pub owner: String,
    #[prost(string, tag = 2)]
    pub proof: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgConfirmDomainVerificationResponse {
    #[prost(bool, tag = 1)]
    pub verified: bool,
    #[prost(int64, tag = 2)]
    pub verified_at: i64,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgRevokeDomainVerification {
    #[prost(string, tag = 1)]
    pub owner: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventProviderCreated {
    #[prost(string, tag = 1)]
    pub owner: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventProviderUpdated {
    #[prost(string, tag = 1)]
    pub owner: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventProviderDeleted {
    #[prost(string, tag = 1)]
    pub owner: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventProviderDomainVerificationStarted {
    #[prost(string, tag = 1)]
    pub owner: String,
    #[prost(string, tag = 2)]
    pub domain: String,
    #[prost(string, tag = 3)]
    pub token: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventProviderDomainVerified {
    #[prost(string, tag = 1)]
    pub owner: String,
    #[prost(string, tag = 2)]
    pub domain: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventProviderDomainVerificationRequested {
    #[prost(string, tag = 1)]
    pub owner: String,
    #[prost(string, tag = 2)]
    pub domain: String,
    #[prost(string, tag = 3)]
    pub method: String,
    #[prost(string, tag = 4)]
    pub token: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventProviderDomainVerificationConfirmed {
    #[prost(string, tag = 1)]
    pub owner: String,
    #[prost(string, tag = 2)]
    pub domain: String,
    #[prost(string, tag = 3)]
    pub method: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventProviderDomainVerificationRevoked {
    #[prost(string, tag = 1)]
    pub owner: String,
    #[prost(string, tag = 2)]
    pub domain: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryProvidersRequest {
    #[prost(message, optional, tag = 1)]
    pub pagination: Option<PageRequest>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryProvidersResponse {
    #[prost(message, repeated, tag = 1)]
    pub providers: Vec<Provider>,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageResponse>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryProviderRequest {
    #[prost(string, tag = 1)]
    pub owner: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryProviderResponse {
    #[prost(message, required, tag = 1)]
    pub provider: Provider,
}

wire_enum! {
    /// How a domain is proved.
    pub enum VerificationMethod {
        Unknown = 0 => "VERIFICATION_METHOD_UNKNOWN",
        DnsTxt = 1 => "VERIFICATION_METHOD_DNS_TXT",
        DnsCname = 2 => "VERIFICATION_METHOD_DNS_CNAME",
        HttpWellKnown = 3 => "VERIFICATION_METHOD_HTTP_WELL_KNOWN",
    }
}

empty_messages! {
    MsgCreateProviderResponse,
    MsgUpdateProviderResponse,
    MsgDeleteProviderResponse,
    MsgRevokeDomainVerificationResponse,
}

package! {
    OfNetwork("provider.v1beta4");
    messages {
        Info, Provider, MsgCreateProvider, MsgCreateProviderResponse, MsgUpdateProvider, MsgUpdateProviderResponse,
        MsgDeleteProvider, MsgDeleteProviderResponse, MsgGenerateDomainVerificationToken,
        MsgGenerateDomainVerificationTokenResponse, MsgVerifyProviderDomain, MsgVerifyProviderDomainResponse,
        MsgRequestDomainVerification, MsgRequestDomainVerificationResponse, MsgConfirmDomainVerification,
        MsgConfirmDomainVerificationResponse, MsgRevokeDomainVerification, MsgRevokeDomainVerificationResponse,
        EventProviderCreated, EventProviderUpdated, EventProviderDeleted, EventProviderDomainVerificationStarted,
        EventProviderDomainVerified, EventProviderDomainVerificationRequested,
        EventProviderDomainVerificationConfirmed, EventProviderDomainVerificationRevoked, QueryProvidersRequest,
        QueryProvidersResponse, QueryProviderRequest, QueryProviderResponse,
    }
    tx_messages {
        MsgCreateProvider -> MsgCreateProviderResponse, signed by owner;
        MsgUpdateProvider -> MsgUpdateProviderResponse, signed by owner;
        MsgDeleteProvider -> MsgDeleteProviderResponse, signed by owner;
        MsgGenerateDomainVerificationToken -> MsgGenerateDomainVerificationTokenResponse, signed by owner;
        MsgVerifyProviderDomain -> MsgVerifyProviderDomainResponse, signed by owner;
        MsgRequestDomainVerification -> MsgRequestDomainVerificationResponse, signed by owner;
        MsgConfirmDomainVerification -> MsgConfirmDomainVerificationResponse, signed by owner;
        MsgRevokeDomainVerification -> MsgRevokeDomainVerificationResponse, signed by owner;
    }
    service Query {
        Providers(QueryProvidersRequest) -> QueryProvidersResponse;
        Provider(QueryProviderRequest) -> QueryProviderResponse;
    }
}
