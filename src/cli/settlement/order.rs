//! The order that a command is about, named by a lease or by itself.

use crate::cli::{Configuration, Failure, Status};
use crate::domain::id::{LeaseId, OrderId};

/// The order of a text: a lease's id, or an order's own.
pub(super) fn parse(text: &str, configuration: &Configuration) -> Result<OrderId, Failure> {
    let prefix = configuration.network().address_prefix;
    if let Ok(lease) = LeaseId::parse(text, prefix) {
        return Ok(lease.order().clone());
    }
    OrderId::parse(text, prefix).map_err(|error| Failure::with_status(Status::Usage, &error))
}
