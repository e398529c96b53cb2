//! What is asked of a transaction before its messages run, in the order of the recorded nodes:
//! rate limit, gas price, time limits, memo, size, fee, key, number of signatures, their gas, signatures, identity,
//! second factor, sequence.

mod fee;
mod identity;
mod key;
mod proof;
mod rate_limit;
mod signature;
mod time;

pub use rate_limit::RateLimit;

use super::tx::Tx;
use crate::devnet::context::Context;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::auth;

/// Why a transaction is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To be taken into the mempool.
    Check,
    /// To stay there after a block.
    Recheck,
    /// To see what it would do.
    Simulate,
    /// As part of a block.
    Deliver,
}

/// The chain that a transaction is meant for.
pub struct Chain<'c> {
    /// Its id.
    pub id: &'c str,
    /// Who sent how much in this block.
    pub rate_limit: &'c mut RateLimit,
}

/// The SDK's `MaxGasWanted`.
const MOST_GAS: u64 = i64::MAX.cast_unsigned();
/// Gas of reading the parameters of accounts.
const PARAMETERS: u64 = 1_174;
/// Gas of looking at the keys of signers.
const KEY: u64 = 1_900;
/// Gas of raising sequences.
const SEQUENCE: u64 = 18_000;

/// Runs all checks; what they write (fee, keys, sequences) is kept by the caller, or not.
pub fn check(context: &mut Context<'_>, chain: &mut Chain<'_>, tx: &Tx, purpose: Purpose) -> Result<(), Refusal> {
    let network = context.network;
    if purpose != Purpose::Simulate
        && let Some(limit) = network.behaviour.transactions_per_signer_and_block
    {
        chain.rate_limit.count(context, tx, limit)?;
    }
    context.gas.consume(PARAMETERS, "ReadFlat")?;
    let memo = tx.body.memo.chars().count();
    if tx.fee.gas_limit > MOST_GAS {
        let log = format!("invalid gas supplied; {} > {MOST_GAS}: invalid request", tx.fee.gas_limit);
        return Err(Refusal::sdk(18, log));
    }
    if tx.raw.signatures.is_empty() {
        return Err(Refusal::sdk(15, "no signatures supplied"));
    }
    if tx.raw.signatures.len() != tx.signers.len() {
        let (want, got) = (tx.signers.len(), tx.raw.signatures.len());
        return Err(Refusal::sdk(4, format!("wrong number of signers; expected {want}, got {got}: unauthorized")));
    }
    fee::check_price(context, tx, purpose)?;
    time::check(context, tx)?;
    let parameters = auth::parameters();
    if memo as u64 > parameters.max_memo_characters {
        return Err(Refusal::sdk(
            12,
            format!("maximum number of characters is 256 but received {memo} characters: memo too large"),
        ));
    }
    context.gas.consume(parameters.tx_size_cost_per_byte * tx.size as u64, "txSize")?;
    fee::deduct(context, tx)?;
    context.gas.consume(KEY, "ReadFlat")?;
    signature::set_keys(context, tx, purpose)?;
    signature::limit_and_charge(context, tx)?;
    signature::verify(context, chain.id, tx, purpose)?;
    if network.behaviour.identity_is_checked {
        identity::check_score(context, tx)?;
        identity::check_second_factor(context, tx)?;
    }
    context.gas.consume(SEQUENCE, "WriteFlat")?;
    signature::raise_sequences(context, tx)
}
