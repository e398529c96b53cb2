//! What the module refuses, with the codes and texts that its nodes register.

use crate::devnet::refusal::Refusal;

const CODESPACE: &str = "escrow";

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $text:literal;)*) => {
        $($(#[$doc])*
        pub fn $name() -> Refusal {
            Refusal::new(CODESPACE, $code, $text)
        })*
    };
}

refusals! {
    /// There is an account with this id, or was.
    account_exists = 1, "account exists";
    /// It was closed.
    account_closed = 2, "account closed";
    /// There is no such account.
    account_not_found = 3, "account not found";
    /// Its money ran out.
    account_overdrawn = 4, "account overdrawn";
    /// The account holds another denomination.
    invalid_denomination = 5, "invalid denomination";
    /// There is a payment with this id, or was.
    payment_exists = 6, "payment exists";
    /// It was closed, or its account's money ran out.
    payment_closed = 7, "payment closed";
    /// There is no such payment.
    payment_not_found = 8, "payment not found";
    /// A payment of nothing.
    payment_rate_zero = 9, "payment rate zero";
    /// An id that names nothing that can be.
    invalid_id = 12, "invalid ID";
    /// A deposit of nothing.
    invalid_deposit = 16, "invalid deposit";
}
