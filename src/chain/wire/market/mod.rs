//! Packages `market.v1` and `market.v1beta5`: orders, bids, leases.

pub(super) mod query;
pub(super) mod v1;
pub(super) mod v1beta5;

pub use query::*;
pub use v1::*;
pub use v1beta5::*;
