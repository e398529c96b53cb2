//! Package `base.*`: what the other packages have in common.

pub(super) mod attributes;
pub(super) mod deposit;
pub(super) mod resources;

pub use attributes::*;
pub use deposit::*;
pub use resources::*;
