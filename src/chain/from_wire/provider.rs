//! Providers, what auditors vouch for, and certificates.

use super::group::attributes;
use super::{Malformed, Of};
use crate::chain::wire::{audit, cert, provider as wire};
use crate::domain::address::Address;
use crate::domain::certificate::{Certificate, CertificateState};
use crate::domain::provider::{AuditedAttributes, Provider};

/// Reads a registered provider.
pub(in crate::chain) fn provider(found: wire::Provider, prefix: &str) -> Result<Provider, Malformed> {
    let of = Of { message: "a Provider", prefix };
    Ok(Provider {
        owner: of.address("owner", &found.owner)?,
        host_uri: found.host_uri,
        attributes: attributes(found.attributes),
        email: found.info.email,
        website: found.info.website,
    })
}

/// Reads what one auditor vouches for.
pub(in crate::chain) fn audited(found: audit::AuditedProvider, prefix: &str) -> Result<AuditedAttributes, Malformed> {
    let of = Of { message: "an AuditedProvider", prefix };
    Ok(AuditedAttributes {
        owner: of.address("owner", &found.owner)?,
        auditor: of.address("auditor", &found.auditor)?,
        attributes: attributes(found.attributes),
    })
}

/// Reads a certificate of an owner: the answer names only its serial number.
pub(in crate::chain) fn certificate(found: cert::CertificateResponse, owner: &Address) -> Certificate {
    let state = match cert::State::try_from(found.certificate.state) {
        Ok(cert::State::Valid) => CertificateState::Valid,
        Ok(cert::State::Revoked) => CertificateState::Revoked,
        Ok(cert::State::Invalid) | Err(_) => CertificateState::Unknown(found.certificate.state),
    };
    Certificate {
        owner: owner.clone(),
        serial: found.serial,
        state,
        certificate: found.certificate.cert,
        public_key: found.certificate.pubkey,
    }
}
