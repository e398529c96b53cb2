//! Module `auth`: accounts, their numbers, sequences and keys.
//!
//! In keys of the state an account is its address's bytes: the real node lists by them, and bech32 has another order.

mod address;
mod query;

pub use address::{bytes_of, module_address, of_bytes};
pub use query::{account, bech32_prefix, params};

use crate::chain::wire::cosmos::auth::{BaseAccount, Params};
use crate::devnet::collection::Collection;
use crate::devnet::context::Context;
use crate::devnet::kv::{Broken, Kv};
use crate::domain::network::Network;

/// Accounts by the bytes of their addresses.
const ACCOUNTS: Collection<BaseAccount> = Collection::new("auth/account");
/// The next account number.
const NUMBER: Collection<u64> = Collection::new("auth/number");

/// The modules that have an account of their own, and what it may do.
pub const MODULE_ACCOUNTS: &[(&str, &[&str])] = &[
    ("bonded_tokens_pool", &["burner", "staking"]),
    ("distribution", &[]),
    ("escrow", &[]),
    ("fee_collector", &[]),
    ("gov", &["burner"]),
    ("mint", &["minter"]),
    ("not_bonded_tokens_pool", &["burner", "staking"]),
    ("settlement", &[]),
];

/// The longest memo, the most signatures, and what bytes and signatures cost.
pub const fn parameters() -> Params {
    Params {
        max_memo_characters: 256,
        tx_sig_limit: 7,
        tx_size_cost_per_byte: 10,
        sig_verify_cost_ed25519: 590,
        sig_verify_cost_secp256k1: 1000,
    }
}

/// The account with this address, if it is one.
pub fn find(kv: &dyn Kv, address: &[u8]) -> Result<Option<BaseAccount>, Broken> {
    ACCOUNTS.get(kv, &(address,))
}

/// The account with this address; made, with the next account number, where it is missing.
pub fn ensure(context: &mut Context<'_>, address: &[u8]) -> Result<BaseAccount, Broken> {
    if let Some(account) = find(&*context.kv, address)? {
        return Ok(account);
    }
    let account_number = NUMBER.next(context.kv, &(), 0)?;
    let account =
        BaseAccount { address: of_bytes(context.network, address), pub_key: None, account_number, sequence: 0 };
    store(context.kv, address, &account)?;
    Ok(account)
}

/// Keeps what became of an account.
pub fn store(kv: &mut dyn Kv, address: &[u8], account: &BaseAccount) -> Result<(), Broken> {
    ACCOUNTS.set(kv, &(address,), account)
}

/// Makes the accounts of all modules: what a genesis does.
pub fn make_module_accounts(context: &mut Context<'_>) -> Result<(), Broken> {
    for (module, _) in MODULE_ACCOUNTS {
        let address = module_address(module);
        ensure(context, &address)?;
    }
    Ok(())
}

/// The module that the address belongs to.
fn module_of(network: &Network, address: &str) -> Option<(&'static str, &'static [&'static str])> {
    MODULE_ACCOUNTS.iter().copied().find(|(module, _)| of_bytes(network, &module_address(module)) == address)
}

#[cfg(test)]
mod tests;
