//! What a passphrase's root does for a text: authenticate its parts, and seal its secret part.

use crypto_secretbox::{KeyInit as _, XSalsa20Poly1305};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::costs::ROOT_LENGTH;

/// A keyed digest of a text, told apart from others by the format and by what it is for.
pub(super) fn mac(root: &[u8; ROOT_LENGTH], format: &str, purpose: &str, text: &str) -> Hmac<Sha256> {
    // HMAC takes a key of any length, and this one as it is.
    let mut mac = <Hmac<Sha256> as hmac::Mac>::new(&(*padded(root)).into());
    mac.update(format!("{format} {purpose}").as_bytes());
    if !text.is_empty() {
        mac.update(b"\n");
        mac.update(text.as_bytes());
    }
    mac
}

/// The key as HMAC pads it itself, to the length of a block: a constructor that cannot fail takes nothing shorter.
fn padded(root: &[u8; ROOT_LENGTH]) -> Zeroizing<[u8; 64]> {
    let mut block = Zeroizing::new([0; 64]);
    for (to, from) in block.iter_mut().zip(root) {
        *to = *from;
    }
    block
}

/// The cipher of what stands under a header.
pub(super) fn cipher(root: &[u8; ROOT_LENGTH], format: &str, header: &str) -> XSalsa20Poly1305 {
    let key = Zeroizing::new(<[u8; 32]>::from(mac(root, format, "seal", header).finalize().into_bytes()));
    XSalsa20Poly1305::new(&(*key).into())
}
