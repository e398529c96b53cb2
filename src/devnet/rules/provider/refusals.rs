//! What the module refuses, with the codes and texts that its nodes register.

use crate::devnet::refusal::{QueryError, Refusal, Status};

const CODESPACE: &str = "provider";

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $text:literal;)*) => {
        $($(#[$doc])*
        pub fn $name() -> Refusal {
            Refusal::new(CODESPACE, $code, $text)
        })*
    };
}

refusals! {
    /// A gateway that is not `https://host[:port]`.
    invalid_host = 1, "invalid provider: invalid host uri";
    /// A gateway without scheme.
    not_absolute = 2, "invalid provider: not absolute host uri";
    /// It is not registered.
    not_found = 3, "invalid provider: address not found";
    /// It is registered.
    exists = 4, "invalid provider: already exists";
    /// No address.
    invalid_address = 5, "invalid address";
    /// A page that is no URL.
    invalid_website = 8, "invalid provider: invalid info website";
    /// What the node does not do.
    not_implemented = 10, "internal error";
    /// It cannot leave while it has leases.
    active_leases = 24, "provider has active leases";
    /// A name that is no domain.
    invalid_domain = 30, "invalid domain";
    /// The proof of a domain was not asked for.
    verification_not_found = 31, "domain verification not found";
    /// The proof does not hold.
    verification_failed = 32, "domain verification failed";
    /// The proof took too long.
    verification_expired = 33, "domain verification expired";
}

/// A query for what is not there.
pub(super) fn missing(refusal: &Refusal) -> QueryError {
    QueryError::new(Status::NotFound, format!("codespace {CODESPACE} code {}: {}", refusal.code, refusal.text()))
}
