//! Rank 1, keys: making them, keeping them sealed, and signing with them.
//!
//! A [`PrivateKey`] is secp256k1 (the chain account), Ed25519 (usage records), X25519 (sealed orders) or P-256; what the
//! world may know of it is its [`PublicKey`]. Keys are kept in a [`file::Keyring`], one sealed file each, and a run
//! signs with a [`Signer`], which unlocks its key when something must be signed and not before, once.
//!
//! # Promises
//! - A secret leaves this module in two ways only: as a signature, and as the [`Mnemonic`] of a key that is being made.
//!   Secrets are overwritten in memory when they are dropped, and have no `Display` and a `Debug` that hides them.
//! - Listing and showing need no passphrase. What they show is authenticated when the key is unlocked.
//! - A key is never overwritten: its file is there as a whole, or not at all, whatever kills the process.
//!
//! # What it does not do
//! No prompts (passphrases come from callers as [`Passphrase`]), no clock, no logging (what was tightened is data:
//! [`file::Keyring::notices`]), no audit trail: `jobs::key_usage` records what a key is used for.

pub mod certificate;
pub mod file;
mod hd_path;
mod key_type;
mod mnemonic;
mod name;
mod passphrase;
mod private;
mod public;
mod random;
mod signer;

pub use hd_path::{HdPath, NotAPath};
pub use key_type::{KeyType, UnknownKeyType};
pub use mnemonic::{Mnemonic, MnemonicError};
pub use name::{Name, NotAName};
pub use passphrase::{Passphrase, PassphraseError, read_secret_file};
pub use private::{CannotSign, PrivateKey};
pub use public::{NotAPublicKey, PublicKey, Signature};
pub use random::NoRandomness;
pub use signer::{AskPassphrase, Capabilities, SignError, Signer, Signs};
