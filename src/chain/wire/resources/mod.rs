//! Package `resources.v1`: what providers report of their capacity. VirtEngine only.

pub(super) mod service;
pub(super) mod types;

pub use service::*;
pub use types::*;
