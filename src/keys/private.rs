//! The secret itself, unsealed.

use std::fmt;

use crypto_box::SalsaBox;
use crypto_box::aead::Aead as _;
use k256::ecdsa::signature::Signer as _;
use zeroize::Zeroizing;

use super::backend::SealedBox;
use super::{KeyType, NoRandomness, PublicKey, Signature, random};

/// A private key in memory. Each variant overwrites its bytes when it is dropped.
pub enum PrivateKey {
    /// For transactions.
    Secp256k1(k256::ecdsa::SigningKey),
    /// For usage records.
    Ed25519(ed25519_dalek::SigningKey),
    /// For sealed orders.
    X25519(crypto_box::SecretKey),
    /// On the NIST curve.
    P256(p256::ecdsa::SigningKey),
}

/// A key that is not for signing was asked to sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("keys of type {0} do not sign")]
pub struct CannotSign(pub KeyType);

/// The length of every secret, in bytes.
pub(super) const SECRET_LENGTH: usize = 32;

impl PrivateKey {
    /// A new key from random bytes of the system. A secp256k1 key that is to have a mnemonic comes from
    /// [`super::Mnemonic::derive`].
    pub fn generate(key_type: KeyType) -> Result<Self, NoRandomness> {
        loop {
            // One of 2^32 numbers is too large for P-256, one of 2^127 for secp256k1.
            let secret = random::bytes::<SECRET_LENGTH>()?;
            if let Some(key) = Self::from_bytes(key_type, &secret) {
                return Ok(key);
            }
        }
    }

    /// A key from its secret bytes; `None` where these are no secret of this kind.
    pub(super) fn from_bytes(key_type: KeyType, bytes: &[u8; SECRET_LENGTH]) -> Option<Self> {
        // No curve but these two would notice; nobody made this key.
        if *bytes == [0; SECRET_LENGTH] {
            return None;
        }
        Some(match key_type {
            KeyType::Secp256k1 => Self::Secp256k1(k256::ecdsa::SigningKey::from_slice(bytes).ok()?),
            KeyType::Ed25519 => Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(bytes)),
            KeyType::X25519 => Self::X25519(crypto_box::SecretKey::from_bytes(*bytes)),
            KeyType::P256 => Self::P256(p256::ecdsa::SigningKey::from_slice(bytes).ok()?),
        })
    }

    /// The secret bytes, to be sealed.
    pub(super) fn secret(&self) -> Zeroizing<[u8; SECRET_LENGTH]> {
        Zeroizing::new(match self {
            Self::Secp256k1(key) => key.to_bytes().into(),
            Self::Ed25519(key) => key.to_bytes(),
            Self::X25519(key) => key.to_bytes(),
            Self::P256(key) => key.to_bytes().into(),
        })
    }

    /// Its kind.
    pub const fn key_type(&self) -> KeyType {
        match self {
            Self::Secp256k1(_) => KeyType::Secp256k1,
            Self::Ed25519(_) => KeyType::Ed25519,
            Self::X25519(_) => KeyType::X25519,
            Self::P256(_) => KeyType::P256,
        }
    }

    /// Its public key.
    pub fn public(&self) -> PublicKey {
        /// The form with 33 bytes that every point but infinity has, and no public key is infinity.
        fn compressed(point: &[u8]) -> [u8; 33] {
            point.try_into().unwrap_or([0; 33])
        }
        match self {
            Self::Secp256k1(key) => {
                PublicKey::Secp256k1(compressed(key.verifying_key().to_encoded_point(true).as_bytes()))
            }
            Self::Ed25519(key) => PublicKey::Ed25519(key.verifying_key().to_bytes()),
            Self::X25519(key) => PublicKey::X25519(key.public_key().to_bytes()),
            Self::P256(key) => PublicKey::P256(compressed(key.verifying_key().to_encoded_point(true).as_bytes())),
        }
    }

    /// Opens what was sealed to an X25519 key; `None` if it was not, or was changed, or if the key is of another type.
    pub fn open(&self, sealed: SealedBox<'_>) -> Option<Zeroizing<Vec<u8>>> {
        let Self::X25519(key) = self else { return None };
        let opened = SalsaBox::new(&crypto_box::PublicKey::from_bytes(*sealed.sender), key);
        opened.decrypt(sealed.nonce.into(), sealed.ciphertext).ok().map(Zeroizing::new)
    }

    /// Signs a message. The same key and message give the same signature.
    ///
    /// ECDSA (secp256k1, P-256): over the SHA-256 of the message, nonce by RFC 6979, `r` and `s` in 32 bytes each,
    /// `s` in the lower half: what Cosmos chains take. Ed25519: RFC 8032.
    pub fn sign(&self, message: &[u8]) -> Result<Signature, CannotSign> {
        match self {
            Self::Secp256k1(key) => {
                let signature: k256::ecdsa::Signature = key.sign(message);
                Ok(signature.normalize_s().unwrap_or(signature).to_bytes().into())
            }
            Self::Ed25519(key) => Ok(key.sign(message).to_bytes()),
            Self::X25519(_) => Err(CannotSign(KeyType::X25519)),
            Self::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                Ok(signature.normalize_s().unwrap_or(signature).to_bytes().into())
            }
        }
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({}:***)", self.key_type())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::hex;
    use crate::keys::{HdPath, Mnemonic};

    fn secret(text: &str) -> [u8; SECRET_LENGTH] {
        hex::decode_array(text).unwrap()
    }

    #[test]
    fn every_signing_key_verifies_its_own_signatures_only() {
        for key_type in KeyType::ALL.iter().copied().filter(|kind| kind.signs()) {
            let (key, other) = (PrivateKey::generate(key_type).unwrap(), PrivateKey::generate(key_type).unwrap());
            let signature = key.sign(b"message").unwrap();
            assert_eq!(signature, key.sign(b"message").unwrap(), "{key_type}");
            assert!(key.public().verifies(b"message", &signature), "{key_type}");
            assert!(!key.public().verifies(b"another", &signature) && !other.public().verifies(b"message", &signature));
            assert!(!key.public().verifies(b"message", &[0; 64]) && !key.public().verifies(b"message", &[255; 64]));
            assert_ne!(key.public(), other.public());
        }
        let opener = PrivateKey::generate(KeyType::X25519).unwrap();
        assert_eq!(opener.sign(b"message"), Err(CannotSign(KeyType::X25519)));
        assert!(!opener.public().verifies(b"message", &[1; 64]));
    }

    #[test]
    fn a_high_s_is_no_signature() {
        // The order of the curve minus s is the other valid s of plain ECDSA.
        let key = k256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
        let signature: k256::ecdsa::Signature = key.sign(b"message");
        let (r, s) = signature.split_scalars();
        let high: [u8; 64] = k256::ecdsa::Signature::from_scalars(*r, -*s).unwrap().to_bytes().into();
        let public = PrivateKey::Secp256k1(key).public();
        assert!(public.verifies(b"message", &signature.to_bytes().into()));
        assert!(!public.verifies(b"message", &high));
    }

    /// RFC 8032, section 7.1, test 2.
    #[test]
    fn ed25519_is_the_standards() {
        let key = PrivateKey::from_bytes(
            KeyType::Ed25519,
            &secret("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"),
        )
        .unwrap();
        let public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
        assert_eq!(hex::encode(key.public().bytes()), public);
        let signature = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
                         085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
        assert_eq!(hex::encode(&key.sign(&[0x72]).unwrap()), signature);
    }

    /// RFC 6979, section A.2.5, whose s is in the upper half: what is left of the curve's order is the lower one.
    #[test]
    fn p256_is_the_standards() {
        let key = PrivateKey::from_bytes(
            KeyType::P256,
            &secret("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"),
        )
        .unwrap();
        let public = "0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6";
        assert_eq!(hex::encode(key.public().bytes()), public);
        let signature = "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716\
                         0834e36ad29a83bf2bc9385e491d6099c8fdf9d1ed67aa7ea5f51f93782857a9";
        assert_eq!(hex::encode(&key.sign(b"sample").unwrap()), signature);
    }

    /// OpenSSL's public key for this secret.
    #[test]
    fn x25519_is_openssls() {
        let key = PrivateKey::from_bytes(KeyType::X25519, &[9; 32]).unwrap();
        let public = "57db4b359f23ae5e146e4e2512056704722506348c150c14753d0c933d04d421";
        assert_eq!(hex::encode(key.public().bytes()), public);
    }

    #[test]
    fn what_is_no_secret_gives_no_key() {
        for key_type in [KeyType::Secp256k1, KeyType::P256] {
            assert!(PrivateKey::from_bytes(key_type, &[0; 32]).is_none());
            assert!(PrivateKey::from_bytes(key_type, &[255; 32]).is_none());
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        let mnemonic = Mnemonic::generate().unwrap();
        let key = mnemonic.derive(&HdPath::of_account(118, 0).unwrap()).unwrap();
        assert_eq!(format!("{key:?}"), "PrivateKey(secp256k1:***)");
    }
}
