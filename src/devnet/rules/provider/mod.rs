//! Module `provider`: the register of providers, and the proof of their domains.
//!
//! Whether a provider may register by transaction is not asked here: on the recorded VirtEngine build such a
//! transaction ends before its messages are looked at (`Behaviour::provider_registers_itself`).
//!
//! Nobody looks anything up in the world's DNS: as on the real node, a proof that is not empty is taken.

pub mod basic;
mod domain;
mod event;
mod query;
pub mod refusals;
mod register;

pub use domain::{
    confirm_domain_verification, generate_domain_verification_token, request_domain_verification,
    revoke_domain_verification, verify_provider_domain,
};
pub use query::{provider, providers};
pub use register::{create_provider, delete_provider, find, register, update_provider};
