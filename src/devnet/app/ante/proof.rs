//! What stands for the signature of one signer: a signature, or those of several keys.

use super::key::Key;
use crate::chain::wire::cosmos::multisignature::{CompactBitArray, MultiSignature};
use crate::chain::wire::cosmos::signing::SignMode;
use crate::chain::wire::cosmos::tx::{ModeInfo, ModeInfoSum};
use crate::devnet::refusal::Refusal;
use prost::Message;

/// What stands for the signature of one signer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Proof {
    /// By one key.
    Single {
        /// A [`SignMode`].
        mode: i32,
        /// The signature.
        signature: Vec<u8>,
    },
    /// By several keys.
    Several {
        /// Which of the keys signed.
        bits: CompactBitArray,
        /// Theirs, in the order of the keys.
        proofs: Vec<Proof>,
    },
}

/// Signatures within signatures: no deeper than keys are.
const DEEPEST: usize = 8;

impl Proof {
    /// Takes the signature of a transaction apart as its mode says.
    pub(super) fn read(mode: Option<&ModeInfo>, signature: &[u8]) -> Result<Self, Refusal> {
        Self::read_at(mode, signature, 0)
    }

    fn read_at(mode: Option<&ModeInfo>, signature: &[u8], depth: usize) -> Result<Self, Refusal> {
        let parse = |what: &str| Refusal::sdk(2, format!("{what}: tx parse error"));
        match mode.and_then(|mode| mode.sum.as_ref()) {
            Some(ModeInfoSum::Single(single)) => Ok(Self::Single { mode: single.mode, signature: signature.to_vec() }),
            None => Ok(Self::Single { mode: SignMode::Unspecified.into(), signature: signature.to_vec() }),
            Some(ModeInfoSum::Multi(_)) if depth == DEEPEST => Err(parse("signatures are nested too deeply")),
            Some(ModeInfoSum::Multi(multi)) => {
                let signatures =
                    MultiSignature::decode(signature).map_err(|error| parse(&error.to_string()))?.signatures;
                if signatures.len() != multi.mode_infos.len() {
                    return Err(parse("not as many signatures as modes"));
                }
                let pairs = multi.mode_infos.iter().zip(&signatures);
                let proofs = pairs.map(|(mode, signature)| Self::read_at(Some(mode), signature, depth + 1));
                let bits = multi.bitarray.clone().unwrap_or_default();
                Ok(Self::Several { bits, proofs: proofs.collect::<Result<_, _>>()? })
            }
        }
    }

    /// All signatures in it, then what joins them: as a node tells of them.
    pub(super) fn told(&self) -> Vec<Vec<u8>> {
        match self {
            Self::Single { signature, .. } => vec![signature.clone()],
            Self::Several { proofs, .. } => {
                let mut signatures: Vec<_> = proofs.iter().flat_map(Self::told).collect();
                signatures.push(MultiSignature { signatures: signatures.clone() }.encode_to_vec());
                signatures
            }
        }
    }

    /// Whether all of it is in sign mode LEGACY_AMINO_JSON.
    pub(super) fn is_amino(&self) -> bool {
        match self {
            Self::Single { mode, .. } => *mode == i32::from(SignMode::LegacyAminoJson),
            Self::Several { proofs, .. } => proofs.iter().all(Self::is_amino),
        }
    }

    /// How many single signatures the chain is paid for, given the key that they are of.
    pub(super) fn cost(&self, key: Option<&Key>) -> Result<u64, Refusal> {
        match (key, self) {
            (None | Some(Key::Secp256k1(_)), _) => Ok(1),
            (Some(Key::Ed25519(_)), _) => Err(Refusal::sdk(8, "ED25519 public keys are unsupported: invalid pubkey")),
            (Some(Key::Several { .. }), Self::Single { .. }) => {
                Err(Refusal::undefined("expected *signing.MultiSignatureData, got, *signing.SingleSignatureData"))
            }
            (Some(Key::Several { keys, .. }), Self::Several { bits, proofs }) => {
                let signed = keys.iter().zip(0..).filter(|(_, index)| is_set(bits, *index)).map(|(key, _)| key);
                signed.zip(proofs).map(|(key, proof)| proof.cost(Some(key))).sum()
            }
        }
    }

    /// Whether the key, or enough of its keys, signed; `document` gives what is signed in a mode. The error is the
    /// node's own text.
    pub(super) fn verify(&self, key: &Key, document: &dyn Fn(i32) -> Result<Vec<u8>, String>) -> Result<(), String> {
        match (self, key) {
            (Self::Single { mode, signature }, Key::Secp256k1(_) | Key::Ed25519(_)) => {
                let valid = key.signed(&document(*mode)?, signature);
                if valid { Ok(()) } else { Err("unable to verify single signer signature".to_owned()) }
            }
            (Self::Several { bits, proofs }, Key::Several { threshold, keys }) => {
                let (size, threshold) = (keys.len(), *threshold as usize);
                if length(bits) != size {
                    return Err(format!("bit array size is incorrect, expecting: {size}"));
                }
                if proofs.len() < threshold || proofs.len() > size {
                    return Err(format!("signature size is incorrect {}", proofs.len()));
                }
                let signed: Vec<_> = (0..size).filter(|index| is_set(bits, *index)).collect();
                if signed.len() < threshold {
                    return Err(format!("not enough signatures set, have {}, expected {threshold}", signed.len()));
                }
                if signed.len() != proofs.len() {
                    return Err(format!("signature size is incorrect {}", proofs.len()));
                }
                for (index, proof) in signed.into_iter().zip(proofs) {
                    let of =
                        keys.get(index).ok_or_else(|| format!("bit array size is incorrect, expecting: {size}"))?;
                    proof.verify(of, document).map_err(|why| match proof {
                        Self::Single { .. } => format!("unable to verify signature at index {index}"),
                        Self::Several { .. } => why,
                    })?;
                }
                Ok(())
            }
            (Self::Single { .. }, Key::Several { .. }) => {
                Err("expected *signing.MultiSignatureData, got *signing.SingleSignatureData".to_owned())
            }
            (Self::Several { .. }, _) => Err("expected multisig.PubKey, got *secp256k1.PubKey".to_owned()),
        }
    }
}

/// How many bits it has.
fn length(bits: &CompactBitArray) -> usize {
    let (extra, bytes) = (bits.extra_bits_stored as usize, bits.elems.len());
    match extra {
        0 => bytes * 8,
        _ => bytes.saturating_sub(1) * 8 + extra,
    }
}

fn is_set(bits: &CompactBitArray, index: usize) -> bool {
    index < length(bits) && bits.elems.get(index / 8).is_some_and(|byte| byte & (0x80 >> (index % 8)) != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bit_is_the_highest() {
        let bits = CompactBitArray { extra_bits_stored: 3, elems: vec![0b1010_0000] };
        assert_eq!(length(&bits), 3);
        assert_eq!((0..4).filter(|index| is_set(&bits, *index)).collect::<Vec<_>>(), [0, 2]);
        assert_eq!(length(&CompactBitArray { extra_bits_stored: 0, elems: vec![0; 2] }), 16);
        assert_eq!(length(&CompactBitArray { extra_bits_stored: u32::MAX, elems: vec![] }), u32::MAX as usize);
    }
}
