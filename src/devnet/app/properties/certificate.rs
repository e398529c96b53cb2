//! Self-signed certificates, as small as X.509 lets them be.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{DerSignature, SigningKey};

/// A value of ASN.1.
fn der(tag: u8, content: &[&[u8]]) -> Vec<u8> {
    let content = content.concat();
    let length = match u8::try_from(content.len()) {
        Ok(short) if short < 0x80 => vec![short],
        Ok(one) => vec![0x81, one],
        Err(_) => [vec![0x82], u16::try_from(content.len()).unwrap().to_be_bytes().to_vec()].concat(),
    };
    [vec![tag], length, content].concat()
}

const ECDSA_WITH_SHA256: &[u8] = &[0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
const EC_PUBLIC_KEY: &[u8] = &[0x06, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const P256: &[u8] = &[0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const COMMON_NAME: &[u8] = &[0x06, 3, 0x55, 4, 3];

/// The certificate of an owner with this number (256 … 32767: two bytes), and its key, both as PEM.
pub(super) fn of(owner: &str, serial: u16) -> (Vec<u8>, Vec<u8>) {
    let key = SigningKey::from_slice(&[7; 32]).unwrap();
    let point = key.verifying_key().to_encoded_point(false);
    let algorithm = der(0x30, &[ECDSA_WITH_SHA256]);
    let attribute = der(0x30, &[COMMON_NAME, &der(0x0c, &[owner.as_bytes()])]);
    let name = der(0x30, &[&der(0x31, &[&attribute])]);
    let validity = der(0x30, &[&der(0x17, &[b"200101000000Z"]), &der(0x17, &[b"400101000000Z"])]);
    let public = der(0x30, &[&der(0x30, &[EC_PUBLIC_KEY, P256]), &der(0x03, &[&[0], point.as_bytes()])]);
    let number = der(0x02, &[&serial.to_be_bytes()]);
    let version = der(0xa0, &[&der(0x02, &[&[2]])]);
    let content = der(0x30, &[&version, &number, &algorithm, &name, &validity, &name, &public]);
    let signature: DerSignature = key.sign(&content);
    let whole = der(0x30, &[&content, &algorithm, &der(0x03, &[&[0], signature.as_bytes()])]);
    (pem("CERTIFICATE", &whole), pem("EC PUBLIC KEY", &public))
}

fn pem(label: &str, der: &[u8]) -> Vec<u8> {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der)).into_bytes()
}
