//! Module `cert`: the certificates by which tenants and providers know each other.
//!
//! A certificate is published by the account that it names and can be revoked, never deleted. Nothing is told.

mod parse;
mod query;
mod serial;

pub use query::certificates;

use crate::chain::wire::cert::{
    Certificate, CertificateResponse, MsgCreateCertificate, MsgCreateCertificateResponse, MsgRevokeCertificate,
    MsgRevokeCertificateResponse, State,
};
use crate::devnet::collection::Collection;
use crate::devnet::context::Context;
use crate::devnet::kv::{Broken, Kv};
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::auth;
use crate::domain::network::Network;
use prost::Message;
use serial::Serial;

const CODESPACE: &str = "cert";

/// Certificates by state, the bytes of the owner's address, then by serial number: the order in which they are listed.
const CERTIFICATES: Collection<Stored> = Collection::new("cert/certificate");

/// A certificate with what its key says.
#[derive(Clone, PartialEq, Eq, Message)]
struct Stored {
    /// The bytes of the owner's address.
    #[prost(bytes = "vec", tag = 1)]
    owner: Vec<u8>,
    #[prost(message, required, tag = 2)]
    response: CertificateResponse,
}

/// What is refused of `MsgCreateCertificate` before the state is looked at: the whole certificate is checked.
pub fn validate_create(network: &Network, message: &MsgCreateCertificate) -> Result<(), Refusal> {
    let owner = auth::bytes_of(network, &message.owner)
        .map_err(|_| Refusal::sdk(7, "MsgCreateCertificate: Invalid Owner Address: invalid address"))?;
    parse::certificate(network, &owner, &message.cert, &message.pubkey).map(drop)
}

/// `MsgCreateCertificate`.
pub fn create_certificate(
    context: &mut Context<'_>,
    message: &MsgCreateCertificate,
) -> Result<MsgCreateCertificateResponse, Refusal> {
    let owner = auth::bytes_of(context.network, &message.owner)?;
    let serial = parse::certificate(context.network, &owner, &message.cert, &message.pubkey)?;
    if find(&*context.kv, &owner, &serial)?.is_some() {
        return Err(Refusal::new(CODESPACE, 3, "certificate exists"));
    }
    let certificate =
        Certificate { state: State::Valid.into(), cert: message.cert.clone(), pubkey: message.pubkey.clone() };
    let response = CertificateResponse { certificate, serial: serial.to_string() };
    put(context.kv, &serial, &Stored { owner, response })?;
    Ok(MsgCreateCertificateResponse {})
}

/// What is refused of `MsgRevokeCertificate` before the state is looked at.
pub fn validate_revoke(network: &Network, message: &MsgRevokeCertificate) -> Result<(), Refusal> {
    auth::bytes_of(network, &message.id.owner)
        .map_err(|_| Refusal::sdk(7, "MsgRevoke: Invalid Owner Address: invalid address"))?;
    serial_of(&message.id.serial).map(drop)
}

/// `MsgRevokeCertificate`.
pub fn revoke_certificate(
    context: &mut Context<'_>,
    message: &MsgRevokeCertificate,
) -> Result<MsgRevokeCertificateResponse, Refusal> {
    let owner = auth::bytes_of(context.network, &message.id.owner)?;
    let serial = serial_of(&message.id.serial)?;
    let Some(mut stored) = find(&*context.kv, &owner, &serial)? else {
        return Err(Refusal::new(CODESPACE, 1, "certificate not found"));
    };
    if stored.response.certificate.state == i32::from(State::Revoked) {
        return Err(Refusal::new(CODESPACE, 4, "certificate already revoked"));
    }
    CERTIFICATES.remove(context.kv, &serial.key(State::Valid, &owner))?;
    stored.response.certificate.state = State::Revoked.into();
    put(context.kv, &serial, &stored)?;
    Ok(MsgRevokeCertificateResponse {})
}

fn serial_of(text: &str) -> Result<Serial, Refusal> {
    Serial::parse(text).ok_or_else(|| Refusal::new(CODESPACE, 5, "invalid serial number"))
}

fn find(kv: &dyn Kv, owner: &[u8], serial: &Serial) -> Result<Option<Stored>, Broken> {
    match CERTIFICATES.get(kv, &serial.key(State::Valid, owner))? {
        Some(stored) => Ok(Some(stored)),
        None => CERTIFICATES.get(kv, &serial.key(State::Revoked, owner)),
    }
}

fn put(kv: &mut dyn Kv, serial: &Serial, stored: &Stored) -> Result<(), Broken> {
    let state = State::try_from(stored.response.certificate.state).unwrap_or(State::Invalid);
    CERTIFICATES.set(kv, &serial.key(state, &stored.owner), stored)
}

#[cfg(test)]
mod tests;
