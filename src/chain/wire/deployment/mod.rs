//! Packages `deployment.v1` and `deployment.v1beta4`: what tenants deploy.

pub(super) mod v1;
pub(super) mod v1beta4;

pub use v1::*;
pub use v1beta4::*;
