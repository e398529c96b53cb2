//! Sealing for a public key, and opening with ours: `domain::envelope` by NaCl's `crypto_box`.
//!
//! What is sealed here has one recipient and a sender's key that is made for it and forgotten. Envelopes with several
//! recipients, as the chain's client library makes them, are read and never made: their text is sealed with a constant
//! (`CONSTANT`), so that anybody can read it. Who must reach several seals one envelope for each.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;

use crypto_box::aead::{Aead as _, KeyInit as _};
use crypto_box::{PublicKey as BoxKey, SalsaBox, SecretKey};
use crypto_secretbox::XSalsa20Poly1305;
use zeroize::Zeroizing;

use super::backend::SealedBox;
use super::{Error, KeyType, NoRandomness, PublicKey, Signer, random};
use crate::domain::envelope::{ALGORITHM, Envelope, NONCE_LENGTH, NotAnEnvelope, VERSION};
use crate::domain::fault::{Classified, Fault};

/// The key that the chain's client library seals texts for several recipients with: HSalsa20(0³², 0¹⁶), whatever the
/// data key is. It multiplies the data key by a point of low order, which gives zero.
const CONSTANT: [u8; 32] = [
    0x35, 0x1f, 0x86, 0xfa, 0xa3, 0xb9, 0x88, 0x46, 0x8a, 0x85, 0x01, 0x22, 0xb6, 0x5b, 0x0a, 0xce, 0xce, 0x9c, 0x48,
    0x26, 0x80, 0x6a, 0xee, 0xe6, 0x3d, 0xe9, 0xc0, 0xda, 0x2b, 0xd7, 0xf9, 0x1e,
];

/// Why nothing was sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum SealingError {
    /// It is no envelope.
    #[error(transparent)]
    Envelope(#[from] NotAnEnvelope),
    /// None of the keys that were tried is among its recipients.
    #[error("the envelope is sealed for {}, and none of these is a key of ours", recipients.join(", "))]
    NotForUs {
        /// For whom it is.
        recipients: Vec<String>,
    },
    /// The key does not open it.
    #[error(transparent)]
    Open(#[from] Error),
    /// The data key, or the text under it, was changed.
    #[error("the envelope for several recipients was changed since it was sealed")]
    Changed,
    /// Only X25519 keys are sealed for.
    #[error("nothing can be sealed for a key of type {key_type}")]
    Recipient {
        /// The type.
        key_type: KeyType,
    },
    /// There are no random bytes, or the cipher fails.
    #[error("cannot seal")]
    Random {
        /// Why.
        #[source]
        source: NoRandomness,
    },
    /// The cipher takes no text of this length.
    #[error("the text is too long to be sealed")]
    Long,
}

impl Classified for SealingError {
    fn fault(&self) -> Fault {
        match self {
            Self::Open(error) => error.fault(),
            Self::Random { .. } => Fault::Unavailable,
            Self::NotForUs { .. } => Fault::NotFound,
            Self::Envelope(_) | Self::Changed | Self::Recipient { .. } | Self::Long => Fault::Invalid,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        let hint = match self {
            Self::Open(error) => return error.hint(),
            Self::Envelope(_) | Self::Changed => "ask the sender for it again",
            Self::NotForUs { .. } => {
                "`provider keys list` shows the fingerprints of our keys; the sender takes the newest one from the chain"
            }
            Self::Recipient { .. } => "name an x25519 key, such as the one that keys.encryption_key names",
            Self::Random { .. } | Self::Long => return None,
        };
        Some(hint.into())
    }
}

/// What was in an envelope.
pub struct Opened {
    /// The text.
    pub text: Zeroizing<Vec<u8>>,
    /// Anybody can read it: it was sealed for several recipients by the chain's client library.
    pub readable_by_anyone: bool,
    /// Its checksum belongs to it.
    pub checksum_fits: bool,
}

/// Seals a text for one key; `version` is that of the key on the chain, if it is known.
pub fn seal(text: &[u8], recipient: &PublicKey, version: Option<u32>) -> Result<Envelope, SealingError> {
    let PublicKey::X25519(key) = recipient else {
        return Err(SealingError::Recipient { key_type: recipient.key_type() });
    };
    let failed = |source| SealingError::Random { source };
    let sender = SecretKey::from_bytes(*random::bytes::<32>().map_err(failed)?);
    let nonce = random::bytes::<NONCE_LENGTH>().map_err(failed)?;
    let ciphertext = SalsaBox::new(&BoxKey::from_bytes(*key), &sender).encrypt(&(*nonce).into(), text);
    let id = recipient.fingerprint();
    let mut envelope = Envelope {
        version: VERSION,
        algorithm_id: ALGORITHM.to_owned(),
        algorithm_version: VERSION,
        recipient_key_ids: vec![version.map_or_else(|| id.clone(), |version| format!("{id}:v{version}"))],
        recipient_public_keys: vec![key.to_vec()],
        encrypted_keys: Vec::new(),
        wrapped_keys: Vec::new(),
        nonce: nonce.to_vec(),
        ciphertext: ciphertext.map_err(|_| SealingError::Long)?,
        sender_signature: Vec::new(),
        sender_pub_key: sender.public_key().to_bytes().to_vec(),
        metadata: BTreeMap::new(),
    };
    envelope.sender_signature = envelope.checksum().to_vec();
    Ok(envelope)
}

/// The ids of recipients, as far as an operator wants to see them: whoever sealed it wrote them.
fn shown(ids: &[String]) -> Vec<String> {
    let cut =
        |id: &String| if id.chars().count() > 48 { id.chars().take(47).chain(['…']).collect() } else { id.clone() };
    let mut shown: Vec<String> = ids.iter().take(8).map(cut).collect();
    if ids.len() > shown.len() {
        shown.push(format!("{} more", ids.len().saturating_sub(shown.len())));
    }
    shown
}

/// Opens an envelope with the first of our keys that it is sealed for.
pub fn open(envelope: &Envelope, keys: &[Signer<'_>]) -> Result<Opened, SealingError> {
    envelope.check()?;
    let ours = keys.iter().find_map(|key| Some((key, envelope.recipient(&key.key().public.fingerprint())?)));
    let (key, place) = ours.ok_or_else(|| SealingError::NotForUs { recipients: shown(&envelope.recipient_key_ids) })?;
    let wrong = |part| SealingError::Envelope(NotAnEnvelope::Part(part));
    let sender = envelope.sender_pub_key.as_slice().try_into().map_err(|_| wrong("sender key has not 32 bytes"))?;
    let nonce = envelope.nonce.as_slice().try_into().map_err(|_| wrong("nonce has not 24 bytes"))?;
    let several = envelope.has_several_recipients();
    let text = if several {
        open_shared(envelope, (key, place), sender, nonce)?
    } else {
        key.open(SealedBox { sender, nonce, ciphertext: &envelope.ciphertext })?
    };
    let checksum_fits = envelope.sender_signature == envelope.checksum();
    Ok(Opened { text, readable_by_anyone: several, checksum_fits })
}

/// Opens the data key, which shows that the envelope is for us, and the text under the constant.
fn open_shared(
    envelope: &Envelope,
    (key, place): (&Signer<'_>, usize),
    sender: &[u8; 32],
    nonce: &[u8; NONCE_LENGTH],
) -> Result<Zeroizing<Vec<u8>>, SealingError> {
    let wrapped = envelope.wrapped_for(place).ok_or(SealingError::Changed)?;
    let (own_nonce, sealed) = wrapped.split_first_chunk::<NONCE_LENGTH>().ok_or(SealingError::Changed)?;
    key.open(SealedBox { sender, nonce: own_nonce, ciphertext: sealed })?;
    let cipher = XSalsa20Poly1305::new(&CONSTANT.into());
    let text = cipher.decrypt(nonce.into(), envelope.ciphertext.as_slice());
    text.map(Zeroizing::new).map_err(|_| SealingError::Changed)
}
