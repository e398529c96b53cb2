//! The queries of the rules.

use super::{Method, of_rules};
use crate::devnet::rules::{auth, bank};

pub(super) fn methods() -> Vec<Method> {
    vec![
        of_rules(auth::account),
        of_rules(auth::params),
        of_rules(auth::bech32_prefix),
        of_rules(bank::query_balance),
        of_rules(bank::all_balances),
        of_rules(bank::spendable_balances),
    ]
}
