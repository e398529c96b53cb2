//! Curves as PKCS#11 names them.

use cryptoki::mechanism::eddsa::{EddsaParams, EddsaSignatureScheme};
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::{Attribute, KeyType as ObjectType};

use crate::keys::{KeyType, PublicKey};

/// What PKCS#11 knows of a type of keys.
#[derive(Debug, Clone, Copy)]
pub(super) struct Curve {
    /// The type of the objects.
    pub(super) object_type: ObjectType,
    /// The curve's names in DER (CKA_EC_PARAMS); tokens differ in which they know.
    pub(super) parameters: &'static [&'static [u8]],
    /// What makes a pair.
    pub(super) generates: MechanismType,
    /// What signs.
    pub(super) signs: MechanismType,
}

/// 1.3.132.0.10
const SECP256K1: &[u8] = &[0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x0a];
/// 1.2.840.10045.3.1.7
const P256: &[u8] = &[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
/// 1.3.101.112 (PKCS#11 3.0)
const ED25519: &[u8] = &[0x06, 0x03, 0x2b, 0x65, 0x70];
/// The name of the draft that came before: the printable string `edwards25519`.
const EDWARDS25519: &[u8] = &[0x13, 0x0c, b'e', b'd', b'w', b'a', b'r', b'd', b's', b'2', b'5', b'5', b'1', b'9'];

impl Curve {
    /// The curve of a type that signs.
    pub(super) const fn of(key_type: KeyType) -> Option<Self> {
        match key_type {
            KeyType::Secp256k1 => Some(Self::ecdsa(&[SECP256K1])),
            KeyType::P256 => Some(Self::ecdsa(&[P256])),
            KeyType::Ed25519 => Some(Self {
                object_type: ObjectType::EC_EDWARDS,
                parameters: &[ED25519, EDWARDS25519],
                generates: MechanismType::ECC_EDWARDS_KEY_PAIR_GEN,
                signs: MechanismType::EDDSA,
            }),
            KeyType::X25519 => None,
        }
    }

    const fn ecdsa(parameters: &'static [&'static [u8]]) -> Self {
        Self {
            object_type: ObjectType::EC,
            parameters,
            generates: MechanismType::ECC_KEY_PAIR_GEN,
            signs: MechanismType::ECDSA,
        }
    }

    /// The mechanism that makes a pair.
    pub(super) fn generate(&self) -> Mechanism<'static> {
        if self.object_type == ObjectType::EC { Mechanism::EccKeyPairGen } else { Mechanism::EccEdwardsKeyPairGen }
    }

    /// The mechanism that signs.
    pub(super) fn sign(&self) -> Mechanism<'static> {
        if self.object_type == ObjectType::EC {
            Mechanism::Ecdsa
        } else {
            Mechanism::Eddsa(EddsaParams::new(EddsaSignatureScheme::Ed25519))
        }
    }

    /// Whether an object with these parameters is of this curve.
    pub(super) fn has(&self, parameters: &[u8]) -> bool {
        self.parameters.contains(&parameters)
    }

    /// The attributes of a public object.
    pub(super) fn attributes(&self, parameters: &[u8]) -> Vec<Attribute> {
        vec![Attribute::KeyType(self.object_type), Attribute::EcParams(parameters.to_vec()), Attribute::Verify(true)]
    }
}

/// The public key of a point as tokens write it (CKA_EC_POINT): bare, or in a DER octet string (04 LENGTH).
pub(super) fn public_key(key_type: KeyType, point: &[u8]) -> Option<PublicKey> {
    let bare = match point {
        [0x04, length, rest @ ..] if usize::from(*length) == rest.len() => rest,
        bare => bare,
    };
    match (key_type, bare) {
        (KeyType::Secp256k1 | KeyType::P256, [0x04, coordinates @ ..]) if coordinates.len() == 64 => {
            let (x, y) = coordinates.split_at(32);
            let parity = if y.last()? % 2 == 0 { 0x02 } else { 0x03 };
            PublicKey::from_bytes(key_type, &[&[parity], x].concat()).ok()
        }
        (_, bare) => PublicKey::from_bytes(key_type, bare).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::PrivateKey;

    #[test]
    fn points_are_read_in_every_dress() {
        let PrivateKey::Secp256k1(key) = PrivateKey::generate(KeyType::Secp256k1).unwrap() else { panic!() };
        let full = key.verifying_key().to_encoded_point(false);
        let public = PrivateKey::Secp256k1(key).public();
        let wrapped = [&[0x04, 65], full.as_bytes()].concat();
        for point in [full.as_bytes(), wrapped.as_slice(), public.bytes()] {
            assert_eq!(public_key(KeyType::Secp256k1, point), Some(public));
        }
        let edwards = PrivateKey::generate(KeyType::Ed25519).unwrap().public();
        let wrapped = [&[0x04, 32], edwards.bytes()].concat();
        for point in [edwards.bytes(), wrapped.as_slice()] {
            assert_eq!(public_key(KeyType::Ed25519, point), Some(edwards));
        }
        assert_eq!(public_key(KeyType::Secp256k1, &[0x04; 65]), None);
        assert_eq!(public_key(KeyType::Ed25519, &[]), None);
    }
}
