//! Rank 1, keys: making them, keeping them, signing with them, and opening what was sealed to them.
//!
//! A key is secp256k1 (the chain account), Ed25519 (usage records), X25519 (sealed orders) or P-256; what the world may
//! know of it is its [`PublicKey`]. The key folder ([`file::Keyring`]) has a file for each, and each remembers the
//! [`Backend`] that keeps its secret:
//!
//! | back end | module | the secret |
//! |---|---|---|
//! | `file` | [`mod@file`] | sealed in the key's own file |
//! | `hardware` | [`hardware`] | on a PKCS#11 token |
//! | `ledger` | [`ledger`] | on a Ledger device |
//! | `non_custodial` | [`external`] | with a signer program of the operator's |
//! | `memory` | [`memory`] | derived from the name, for chains of tests |
//!
//! [`Backends`] has them all, and gives a run its [`Signer`]s. A sealed key is unlocked when something must be done with
//! it and not before, once.
//!
//! # Promises
//! - A secret leaves this module in two ways only: as a signature, and as the [`Mnemonic`] of a key that is being made.
//!   Secrets are overwritten in memory when they are dropped, and have no `Display` and a `Debug` that hides them.
//! - Listing and showing need no passphrase and no device. What they show is authenticated when the key is used.
//! - A key is never overwritten: its file is there as a whole, or not at all, whatever kills the process.
//!
//! # What it does not do
//! No prompts (secrets that open back ends come from callers through [`Ask`]), no clock, no logging (what was tightened
//! is data: [`file::Keyring::notices`]), no life cycle (`domain::key` decides, `store::keys` remembers), no audit trail:
//! `jobs::key_usage` records what a key is used for.

mod backend;
mod backends;
pub mod certificate;
mod error;
pub mod external;
pub mod file;
pub mod hardware;
mod hd_path;
pub mod import;
pub mod ledger;
pub mod memory;
mod mnemonic;
mod name;
mod passphrase;
mod private;
pub mod protect;
mod public;
mod random;
pub mod sealing;
mod signer;
mod spki;
pub mod tls;
pub mod whole_file;

pub use crate::domain::key::{KeyType, UnknownKeyType};
pub use backend::{Ask, Backend, BackendKind, Capabilities, Known, NewKey, Origin, SealedBox};
pub use backends::{Backends, Places};
pub use error::Error;
pub use hd_path::{HdPath, NotAPath};
pub use mnemonic::{Mnemonic, MnemonicError};
pub use name::{Name, NotAName};
pub use passphrase::{Passphrase, PassphraseError, read_secret_file};
pub use private::{CannotSign, PrivateKey};
pub use public::{NotAPublicKey, PublicKey, Signature};
pub use random::{NoRandomness, bytes as random_bytes};
pub use signer::{Signer, Signs};
