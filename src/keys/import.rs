//! Keys that other software made: PKCS#8 and SEC 1 as OpenSSL writes them, and bare hexadecimal digits as Cosmos
//! programs export them (`keys export --unarmored-hex --unsafe`).

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::{KeyType, PrivateKey};
use crate::domain::fault::{Classified, Fault};
use crate::domain::hex;

/// Why a text is no key. It never quotes the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// It is neither of the forms.
    #[error("it is neither a private key in PEM (PKCS#8, SEC 1) nor 64 hexadecimal digits")]
    Form,
    /// The key is encrypted.
    #[error("the key in it is encrypted")]
    Encrypted,
    /// The PEM holds no DER of a private key.
    #[error("what is in it is no private key")]
    Content,
    /// The key is of a type that is not kept here.
    #[error("the key in it is of none of the types {}", KeyType::WORDS.join(", "))]
    Type,
    /// The key is of another type than the one that was asked for.
    #[error("the key in it is of type {found}, not {wanted}")]
    OtherType {
        /// Its type.
        found: KeyType,
        /// The one that was asked for.
        wanted: KeyType,
    },
    /// Digits do not say which type.
    #[error("64 hexadecimal digits do not say of which type the key is")]
    NoType,
    /// The number is no secret of this type.
    #[error("the number in it is no secret of type {0}")]
    Number(KeyType),
}

impl Classified for ImportError {
    fn fault(&self) -> Fault {
        Fault::Invalid
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        let hint = match self {
            Self::Form | Self::Content => {
                "`openssl pkey -in FILE` shows PEM; a mnemonic is taken by `provider keys add --recover`, a backup of ours by \
                 `provider keys restore`"
            }
            Self::Encrypted => "decrypt it first, in a folder that only you can read: openssl pkey -in FILE -out PLAIN",
            Self::NoType | Self::OtherType { .. } => "say the type with --type",
            Self::Type | Self::Number(_) => return None,
        };
        Some(hint.into())
    }
}

const SECP256K1: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x0a];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
const X25519: &[u8] = &[0x2b, 0x65, 0x6e];

const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const OBJECT: u8 = 0x06;
const SEQUENCE: u8 = 0x30;

/// Reads a key of the wanted type, or of the type that the text itself names.
pub fn read(text: &str, wanted: Option<KeyType>) -> Result<PrivateKey, ImportError> {
    let text = text.trim();
    let (found, secret) = if text.starts_with("-----BEGIN") {
        let (found, secret) = from_pem(text)?;
        (Some(found), secret)
    } else {
        let digits = text.strip_prefix("0x").unwrap_or(text);
        (None, Zeroizing::new(hex::decode_array::<32>(digits).ok_or(ImportError::Form)?))
    };
    let key_type = match (found, wanted) {
        (Some(found), Some(wanted)) if found != wanted => return Err(ImportError::OtherType { found, wanted }),
        (found, wanted) => found.or(wanted).ok_or(ImportError::NoType)?,
    };
    PrivateKey::from_bytes(key_type, &secret).ok_or(ImportError::Number(key_type))
}

/// The first block that is a private key; OpenSSL puts the curve's parameters before it.
fn from_pem(text: &str) -> Result<(KeyType, Zeroizing<[u8; 32]>), ImportError> {
    for block in text.split("-----BEGIN ").skip(1) {
        let (label, rest) = block.split_once("-----").ok_or(ImportError::Form)?;
        if label.contains("ENCRYPTED") || rest.contains("ENCRYPTED") {
            return Err(ImportError::Encrypted);
        }
        let body = rest.split("-----END").next().unwrap_or_default();
        let body: Zeroizing<String> = Zeroizing::new(body.chars().filter(|c| !c.is_whitespace()).collect());
        let der = || STANDARD.decode(body.as_bytes()).map(Zeroizing::new).map_err(|_| ImportError::Form);
        match label {
            "PRIVATE KEY" => return pkcs8(&der()?),
            "EC PRIVATE KEY" => return sec1(&der()?, None),
            _ => {}
        }
    }
    Err(ImportError::Form)
}

/// PrivateKeyInfo: version, algorithm with its parameters, the key in octets.
fn pkcs8(der: &[u8]) -> Result<(KeyType, Zeroizing<[u8; 32]>), ImportError> {
    let (inside, _) = element(der, SEQUENCE)?;
    let (_, rest) = element(inside, INTEGER)?;
    let (algorithm, rest) = element(rest, SEQUENCE)?;
    let (key, _) = element(rest, OCTETS)?;
    let (name, parameters) = element(algorithm, OBJECT)?;
    match name {
        EC_PUBLIC_KEY => {
            let (curve, _) = element(parameters, OBJECT)?;
            sec1(key, Some(curve_of(curve)?))
        }
        ED25519 => Ok((KeyType::Ed25519, secret(element(key, OCTETS)?.0)?)),
        X25519 => Ok((KeyType::X25519, secret(element(key, OCTETS)?.0)?)),
        _ => Err(ImportError::Type),
    }
}

/// ECPrivateKey: version, the secret, perhaps the curve.
fn sec1(der: &[u8], known: Option<KeyType>) -> Result<(KeyType, Zeroizing<[u8; 32]>), ImportError> {
    const CURVE: u8 = 0xa0;
    let (inside, _) = element(der, SEQUENCE)?;
    let (_, rest) = element(inside, INTEGER)?;
    let (number, rest) = element(rest, OCTETS)?;
    let key_type = match known {
        Some(key_type) => key_type,
        None => curve_of(element(element(rest, CURVE)?.0, OBJECT)?.0)?,
    };
    Ok((key_type, secret(number)?))
}

fn curve_of(name: &[u8]) -> Result<KeyType, ImportError> {
    match name {
        SECP256K1 => Ok(KeyType::Secp256k1),
        P256 => Ok(KeyType::P256),
        _ => Err(ImportError::Type),
    }
}

fn secret(bytes: &[u8]) -> Result<Zeroizing<[u8; 32]>, ImportError> {
    bytes.try_into().map(Zeroizing::new).map_err(|_| ImportError::Type)
}

/// The first DER element, which must have this tag: its content, and what follows.
fn element(der: &[u8], tag: u8) -> Result<(&[u8], &[u8]), ImportError> {
    let (length, rest) = match der {
        [found, short @ 0..=0x7f, rest @ ..] if *found == tag => (usize::from(*short), rest),
        [found, 0x81, length, rest @ ..] if *found == tag => (usize::from(*length), rest),
        [found, 0x82, high, low, rest @ ..] if *found == tag => (usize::from(u16::from_be_bytes([*high, *low])), rest),
        _ => return Err(ImportError::Content),
    };
    rest.split_at_checked(length).ok_or(ImportError::Content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What `openssl genpkey` and `openssl ecparam -genkey` made, with the public keys that `openssl pkey -pubout` shows.
    const MADE: &str = include_str!("../../fixtures/keys/openssl.txt");

    #[test]
    fn keys_of_openssl_are_read() {
        let mut seen = 0;
        for part in MADE.split("== ").skip(1) {
            let (head, pem) = part.split_once('\n').unwrap();
            let [key_type, public] = head.split(' ').collect::<Vec<_>>()[..] else { panic!("{head}") };
            let key = read(pem, None).unwrap();
            assert_eq!((key.key_type().word(), hex::encode(key.public().bytes()).as_str()), (key_type, public));
            let other = if key_type == "p256" { KeyType::Ed25519 } else { KeyType::P256 };
            assert!(matches!(read(pem, Some(other)), Err(ImportError::OtherType { .. })));
            seen += 1;
        }
        assert_eq!(seen, 6);
    }

    #[test]
    fn digits_need_a_type() {
        let digits = "00".repeat(31) + "07";
        assert_eq!(read(&digits, None).unwrap_err(), ImportError::NoType);
        let key = read(&format!(" 0x{digits}\n"), Some(KeyType::Secp256k1)).unwrap();
        assert_eq!(key.secret()[31], 7);
        let zero = "00".repeat(32);
        assert_eq!(read(&zero, Some(KeyType::P256)).unwrap_err(), ImportError::Number(KeyType::P256));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let pem = |label: &str, body: &str| format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n");
        for (text, why) in [
            (String::new(), ImportError::Form),
            ("hello".into(), ImportError::Form),
            (pem("CERTIFICATE", "AAAA"), ImportError::Form),
            (pem("PRIVATE KEY", "!"), ImportError::Form),
            (pem("PRIVATE KEY", "AAAA"), ImportError::Content),
            (pem("ENCRYPTED PRIVATE KEY", "AAAA"), ImportError::Encrypted),
            (pem("EC PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nAAAA"), ImportError::Encrypted),
        ] {
            assert_eq!(read(&text, None).unwrap_err(), why, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(&bytes));
            prop_assert!(read(&pem, None).is_err());
            let _ = element(&bytes, SEQUENCE);
        }
    }
}
