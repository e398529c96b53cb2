//! Package `settlement.v1`: usage, and its settlement. VirtEngine only.

pub(super) mod messages;
pub(super) mod query;
pub(super) mod records;

pub use messages::*;
pub use query::*;
pub use records::*;
