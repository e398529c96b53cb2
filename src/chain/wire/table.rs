//! All messages and methods as data, their types erased.

use super::{Call, Named, Package, TxMessage};
use super::{
    audit, base, cert, cosmos, deployment, encryption, escrow, market, provider, resources, settlement, take,
    tendermint,
};
use crate::domain::network::Network;
use prost::DecodeError;

/// What one file of a package declares; made by the macro `package!`.
pub(super) struct Table {
    pub(super) messages: &'static [MessageType],
    pub(super) calls: &'static [CallType],
    pub(super) tx_messages: &'static [TxMessageType],
}

/// A type of message.
#[derive(Debug, Clone, Copy)]
pub struct MessageType {
    /// Its package.
    pub package: Package,
    /// Its name in the package.
    pub name: &'static str,
    /// Decodes and encodes again: what is left are the fields that this product knows, in canonical order.
    pub reencode: fn(&[u8]) -> Result<Vec<u8>, DecodeError>,
}

/// A gRPC method that a node answers.
#[derive(Debug, Clone, Copy)]
pub struct CallType {
    /// The service, in the package of the request.
    pub service: &'static str,
    /// The method.
    pub method: &'static str,
    /// The request.
    pub request: MessageType,
    /// The answer.
    pub response: MessageType,
}

/// A message of a transaction.
#[derive(Debug, Clone, Copy)]
pub struct TxMessageType {
    /// The message.
    pub message: MessageType,
    /// The answer.
    pub response: MessageType,
    /// Reads the address that must sign out of the message's bytes.
    pub signer: fn(&[u8]) -> Result<String, DecodeError>,
}

impl MessageType {
    pub(super) const fn of<M: Named>() -> Self {
        Self { package: M::PACKAGE, name: M::NAME, reencode: |bytes| Ok(M::decode(bytes)?.encode_to_vec()) }
    }

    /// `virtengine.market.v1beta5.MsgCreateBid`.
    pub fn full_name(&self, network: &Network) -> String {
        self.package.full_name(network, self.name)
    }

    /// Whether the network has this message.
    pub fn is_on(&self, network: &Network) -> bool {
        self.package.is_on(network, self.name)
    }

    fn has_type_url(&self, network: &Network, type_url: &str) -> bool {
        type_url.strip_prefix('/').is_some_and(|full| self.package.is_full_name(network, self.name, full))
            && self.is_on(network)
    }
}

impl CallType {
    pub(super) const fn of<C: Call>() -> Self {
        Self {
            service: C::SERVICE,
            method: C::METHOD,
            request: MessageType::of::<C>(),
            response: MessageType::of::<C::Response>(),
        }
    }

    /// `/virtengine.market.v1beta5.Query/Orders`.
    pub fn path(&self, network: &Network) -> String {
        format!("/{}/{}", self.request.package.full_name(network, self.service), self.method)
    }

    /// Whether the network has this method.
    pub fn is_on(&self, network: &Network) -> bool {
        self.request.is_on(network)
    }
}

impl TxMessageType {
    pub(super) const fn of<M: TxMessage>() -> Self {
        Self {
            message: MessageType::of::<M>(),
            response: MessageType::of::<M::Response>(),
            signer: |bytes| Ok(M::decode(bytes)?.signer().to_owned()),
        }
    }
}

/// Every type of message, whichever network has it.
pub fn messages() -> impl Iterator<Item = &'static MessageType> {
    TABLES.iter().flat_map(|table| table.messages)
}

/// Every method that a node answers, whichever network has it.
pub fn calls() -> impl Iterator<Item = &'static CallType> {
    TABLES.iter().flat_map(|table| table.calls)
}

/// Every message of a transaction, whichever network has it.
pub fn tx_messages() -> impl Iterator<Item = &'static TxMessageType> {
    TABLES.iter().flat_map(|table| table.tx_messages)
}

/// The type of message that the network calls `type_url`, if it has it.
pub fn message_of(network: &Network, type_url: &str) -> Option<&'static MessageType> {
    messages().find(|message| message.has_type_url(network, type_url))
}

/// The message of a transaction that the network calls `type_url`, if it has it.
pub fn tx_message_of(network: &Network, type_url: &str) -> Option<&'static TxMessageType> {
    tx_messages().find(|message| message.message.has_type_url(network, type_url))
}

const TABLES: &[Table] = &[
    audit::TABLE,
    base::attributes::TABLE,
    base::deposit::TABLE,
    base::resources::TABLE,
    cert::TABLE,
    cosmos::abci::TABLE,
    cosmos::auth::TABLE,
    cosmos::authz::TABLE,
    cosmos::bank::TABLE,
    cosmos::coin::TABLE,
    cosmos::comet::TABLE,
    cosmos::consensus::TABLE,
    cosmos::ed25519::TABLE,
    cosmos::multisig::TABLE,
    cosmos::multisignature::TABLE,
    cosmos::node::TABLE,
    cosmos::page::TABLE,
    cosmos::params::TABLE,
    cosmos::secp256k1::TABLE,
    cosmos::tx::TABLE,
    cosmos::tx_service::TABLE,
    deployment::v1::TABLE,
    deployment::v1beta4::TABLE,
    encryption::service::TABLE,
    encryption::types::TABLE,
    escrow::id::TABLE,
    escrow::types::TABLE,
    escrow::v1::TABLE,
    market::query::TABLE,
    market::v1::TABLE,
    market::v1beta5::TABLE,
    provider::TABLE,
    resources::service::TABLE,
    resources::types::TABLE,
    settlement::messages::TABLE,
    settlement::query::TABLE,
    settlement::records::TABLE,
    take::TABLE,
    tendermint::abci::TABLE,
    tendermint::crypto::TABLE,
    tendermint::p2p::TABLE,
    tendermint::params::TABLE,
    tendermint::types::TABLE,
    tendermint::version::TABLE,
];
