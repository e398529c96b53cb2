//! Transactions step by step: a [`Draft`] with its messages, its end and its fee becomes a document that is signed, and
//! with the signature the bytes that are handed to a node.
//!
//! ```text
//! Draft ── simulation ──► bytes without a signature, to find out the gas
//!   └── prepare(mode) ──► Prepared ── document ──► what the key signs
//!                            └── signed(signature) ──► Signed: the bytes and their hash
//! ```
//! Nothing here asks a node, keeps anything or knows a secret. The same draft gives the same bytes.

mod auth_info;
mod draft;

pub use draft::{Draft, Prepared, Signed};

/// How a transaction is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// `SIGN_MODE_DIRECT`: over the bytes themselves.
    Direct,
    /// `SIGN_MODE_LEGACY_AMINO_JSON`: over a sorted JSON text that a device can show.
    LegacyAminoJson,
}

#[cfg(test)]
mod tests;
