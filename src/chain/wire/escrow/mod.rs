//! Packages `escrow.v1`, `escrow.id.v1` and `escrow.types.v1`: deposits, and payments out of them.

pub(super) mod id;
pub(super) mod types;
pub(super) mod v1;

pub use id::*;
pub use types::*;
pub use v1::*;
