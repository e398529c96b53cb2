//! What the chain asks of a certificate: PEM, X.509, self-signed with ECDSA and SHA-256, its common name the owner.

use super::CODESPACE;
use super::serial::Serial;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::auth;
use crate::domain::network::Network;
use ring::signature::{ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA256_ASN1, UnparsedPublicKey, VerificationAlgorithm};
use x509_parser::oid_registry::{OID_EC_P256, OID_KEY_TYPE_EC_PUBLIC_KEY, OID_NIST_EC_P384};
use x509_parser::prelude::{FromDer, Pem, X509Certificate};
use x509_parser::x509::SubjectPublicKeyInfo;

/// Certificates and keys are a few hundred bytes.
const LARGEST: usize = 64 << 10;

/// The serial number of a certificate that is all right.
///
/// A certificate that is none is `cert` 6, a key that is none `cert` 7; what is wrong inside of them is a plain error
/// of the recorded nodes, `undefined` 1.
pub(super) fn certificate(network: &Network, owner: &[u8], cert: &[u8], pubkey: &[u8]) -> Result<Serial, Refusal> {
    let key = block(pubkey, "EC PUBLIC KEY", 7, "invalid pubkey value")?;
    let (algorithm, point) = public_key(&key)
        .ok_or_else(|| Refusal::undefined("invalid pubkey value: x509: no ECDSA public key of a known curve"))?;
    let der = block(cert, "CERTIFICATE", 6, "invalid certificate value")?;
    let Ok((rest, certificate)) = X509Certificate::from_der(&der) else {
        return Err(Refusal::undefined("x509: malformed certificate"));
    };
    if !rest.is_empty() {
        return Err(Refusal::undefined("x509: trailing data"));
    }
    let invalid = |what: &str| Refusal::undefined(format!("invalid certificate value: {what}"));
    let signed = UnparsedPublicKey::new(algorithm, point);
    if signed.verify(certificate.tbs_certificate.as_ref(), &certificate.signature_value.data).is_err() {
        return Err(invalid("invalid certificate signature"));
    }
    let name = certificate.subject().iter_common_name().next().and_then(|name| name.as_str().ok()).unwrap_or_default();
    let named = auth::bytes_of(network, name).map_err(|refusal| invalid(&refusal.text()))?;
    if named != owner {
        return Err(invalid("CommonName does not match owner"));
    }
    let serial = certificate.raw_serial();
    Serial::of_bytes(serial).ok_or_else(|| {
        let text = format!("serial length should be max 40 bytes, got {}", serial.len());
        Refusal::sdk(9, format!("{text}: unknown address"))
    })
}

/// The one PEM block of a text, nothing after it.
fn block(text: &[u8], label: &str, code: u32, error: &'static str) -> Result<Vec<u8>, Refusal> {
    let refused = || Refusal::new(CODESPACE, code, error);
    if text.len() > LARGEST {
        return Err(refused());
    }
    let (block, length) = Pem::read(std::io::Cursor::new(text)).map_err(|_| refused())?;
    if length != text.len() {
        return Err(refused());
    }
    if block.label != label {
        return Err(Refusal::undefined(format!("{error}: invalid pem block type")));
    }
    Ok(block.contents)
}

/// The point of an ECDSA key, and how signatures of it are verified.
fn public_key(der: &[u8]) -> Option<(&'static dyn VerificationAlgorithm, Vec<u8>)> {
    let (rest, key) = SubjectPublicKeyInfo::from_der(der).ok()?;
    if !rest.is_empty() || key.algorithm.algorithm != OID_KEY_TYPE_EC_PUBLIC_KEY {
        return None;
    }
    let curve = key.algorithm.parameters.as_ref()?.as_oid().ok()?;
    let algorithm: &'static dyn VerificationAlgorithm = match curve {
        curve if curve == OID_EC_P256 => &ECDSA_P256_SHA256_ASN1,
        curve if curve == OID_NIST_EC_P384 => &ECDSA_P384_SHA256_ASN1,
        _ => return None,
    };
    Some((algorithm, key.subject_public_key.data.to_vec()))
}
