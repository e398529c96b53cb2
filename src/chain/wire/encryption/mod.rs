//! Package `encryption.v1`: the keys for which secrets are sealed. VirtEngine only.

pub(super) mod service;
pub(super) mod types;

pub use service::*;
pub use types::*;
