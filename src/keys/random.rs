//! Random bytes of the system.

use crypto_box::aead::OsRng;
use crypto_box::aead::rand_core::RngCore as _;
use zeroize::Zeroizing;

/// The system gave no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the system gives no random bytes")]
pub struct NoRandomness {
    #[source]
    source: crypto_box::aead::rand_core::Error,
}

/// Random bytes that are overwritten when they are dropped.
pub fn bytes<const N: usize>() -> Result<Zeroizing<[u8; N]>, NoRandomness> {
    let mut bytes = Zeroizing::new([0; N]);
    OsRng.try_fill_bytes(bytes.as_mut_slice()).map_err(|source| NoRandomness { source })?;
    Ok(bytes)
}
