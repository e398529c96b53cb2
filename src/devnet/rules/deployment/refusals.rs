//! What the module refuses, with the codes and texts that its nodes register.

use crate::devnet::refusal::{QueryError, Refusal, Status};

const CODESPACE: &str = "deployment";

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $text:literal;)*) => {
        $($(#[$doc])*
        pub fn $name() -> Refusal {
            Refusal::new(CODESPACE, $code, $text)
        })*
    };
}

refusals! {
    /// There is a deployment with this id, or was.
    exists = 3, "Deployment exists";
    /// There is no such deployment.
    not_found = 4, "Deployment not found";
    /// It was closed.
    closed = 5, "Deployment closed";
    /// No groups.
    invalid_groups = 7, "Invalid groups";
    /// No hash.
    empty_hash = 9, "Invalid: empty hash";
    /// A hash of another length than 32, or the one that is there already.
    invalid_hash = 10, "Invalid: deployment hash";
    /// There is no such group.
    group_not_found = 14, "Group not found";
    /// It was closed.
    group_closed = 15, "Group already closed";
    /// It is open already.
    group_open = 16, "Group open";
    /// It is paused already.
    group_paused = 17, "Group paused";
    /// Money that cannot be deposited.
    invalid_deposit = 20, "Deposit invalid";
    /// An account that belongs to no deployment.
    invalid_escrow_id = 23, "invalid escrow id";
    /// A notice that is not within the market's bounds.
    invalid_reclamation = 24, "invalid reclamation configuration";
}

/// A query for what is not there.
pub(super) fn missing(refusal: &Refusal) -> QueryError {
    QueryError::new(Status::NotFound, format!("codespace {CODESPACE} code {}: {}", refusal.code, refusal.text()))
}
