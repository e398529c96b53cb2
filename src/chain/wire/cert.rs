//! `cert.v1`: client certificates of tenants and server certificates of providers.

use crate::chain::wire::cosmos::page::{PageRequest, PageResponse};
use crate::chain::wire::macros::{empty_messages, package, wire_enum};
use prost::Message;

/// A certificate: its owner and its serial number in decimal.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct CertificateId {
    #[prost(string, tag = 1)]
    pub owner: String,
    #[prost(string, tag = 2)]
    pub serial: String,
}

/// A certificate.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Certificate {
    /// A [`State`].
    #[prost(enumeration = "State", tag = 2)]
    pub state: i32,
    /// PEM, one `CERTIFICATE` block; self-signed, ECDSA with SHA-256, its common name the owner's address.
    #[prost(bytes = "vec", tag = 3)]
    pub cert: Vec<u8>,
    /// PEM, one `EC PUBLIC KEY` block.
    #[prost(bytes = "vec", tag = 4)]
    pub pubkey: Vec<u8>,
}

/// Publishes a certificate.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgCreateCertificate {
    #[prost(string, tag = 1)]
    pub owner: String,
    /// PEM.
    #[prost(bytes = "vec", tag = 2)]
    pub cert: Vec<u8>,
    /// PEM.
    #[prost(bytes = "vec", tag = 3)]
    pub pubkey: Vec<u8>,
}

/// Revokes a certificate.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgRevokeCertificate {
    #[prost(message, required, tag = 1)]
    pub id: CertificateId,
}

/// Exact matches; empty matches everything.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct CertificateFilter {
    #[prost(string, tag = 1)]
    pub owner: String,
    #[prost(string, tag = 2)]
    pub serial: String,
    /// A word of [`State`].
    #[prost(string, tag = 3)]
    pub state: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct CertificateResponse {
    #[prost(message, required, tag = 1)]
    pub certificate: Certificate,
    #[prost(string, tag = 2)]
    pub serial: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryCertificatesRequest {
    #[prost(message, required, tag = 1)]
    pub filter: CertificateFilter,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageRequest>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryCertificatesResponse {
    #[prost(message, repeated, tag = 1)]
    pub certificates: Vec<CertificateResponse>,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageResponse>,
}

wire_enum! {
    /// The state of a certificate.
    pub enum State {
        Invalid = 0 => "invalid",
        Valid = 1 => "valid",
        Revoked = 2 => "revoked",
    }
}

empty_messages! {
    MsgCreateCertificateResponse,
    MsgRevokeCertificateResponse,
}

package! {
    OfNetwork("cert.v1");
    messages {
        CertificateId as "ID", Certificate, MsgCreateCertificate, MsgCreateCertificateResponse, MsgRevokeCertificate,
        MsgRevokeCertificateResponse, CertificateFilter, CertificateResponse, QueryCertificatesRequest,
        QueryCertificatesResponse,
    }
    tx_messages {
        MsgCreateCertificate -> MsgCreateCertificateResponse, signed by owner;
        MsgRevokeCertificate -> MsgRevokeCertificateResponse, signed by id.owner;
    }
    service Query {
        Certificates(QueryCertificatesRequest) -> QueryCertificatesResponse;
    }
}
