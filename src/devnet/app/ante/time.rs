//! How long a transaction may wait.

use crate::chain::convert::time_from_wire;
use crate::devnet::app::tx::Tx;
use crate::devnet::collection::Collection;
use crate::devnet::context::Context;
use crate::devnet::refusal::Refusal;
use jiff::{SignedDuration, Timestamp};

/// Unordered transactions that were taken, by the end of their time and the signer: the same must not come twice.
const UNORDERED: Collection<()> = Collection::new("auth/unordered");

/// The longest time that an unordered transaction may have.
const LONGEST_UNORDERED: SignedDuration = SignedDuration::from_mins(10);

/// As Go prints a time: `2026-11-21 11:43:43.077177767 +0000 UTC`.
fn text(time: Timestamp) -> String {
    let text = time.to_string().replace('T', " ").replace('Z', "");
    format!("{text} +0000 UTC")
}

/// Refuses what comes too late, and unordered transactions where the network takes none.
pub(super) fn check(context: &mut Context<'_>, tx: &Tx) -> Result<(), Refusal> {
    let end = match &tx.body.timeout_timestamp {
        Some(time) => Some(
            time_from_wire(time)
                .map_err(|error| Refusal::sdk(18, format!("timeout timestamp: {error}: invalid request")))?,
        ),
        None => None,
    };
    // Unordered ones first: where they are not taken, their time does not matter.
    if tx.body.unordered && !context.network.behaviour.unordered_transactions {
        return Err(Refusal::sdk(37, "unordered transactions are not enabled: feature not supported"));
    }
    let (height, limit) = (context.height, tx.body.timeout_height);
    if limit > 0 && u64::try_from(height).is_ok_and(|height| height > limit) {
        return Err(Refusal::sdk(30, format!("block height: {height}, timeout height: {limit}: tx timeout height")));
    }
    if let Some(end) = end
        && context.time > end
    {
        let (now, end) = (text(context.time), text(end));
        return Err(Refusal::sdk(42, format!("block time: {now}, timeout timestamp: {end}: tx timeout")));
    }
    if tx.body.unordered { remember(context, tx, end) } else { Ok(()) }
}

/// An unordered transaction has no sequence: what keeps it from coming twice is its end and its signer.
fn remember(context: &mut Context<'_>, tx: &Tx, end: Option<Timestamp>) -> Result<(), Refusal> {
    let Some(end) = end else {
        return Err(Refusal::sdk(18, "unordered transaction must have timeout_timestamp set: invalid request"));
    };
    if end.duration_since(context.time) > LONGEST_UNORDERED {
        return Err(Refusal::sdk(18, "unordered tx ttl exceeds 10m0s: invalid request"));
    }
    let second = |time: Timestamp| u64::try_from(time.as_second()).unwrap_or_default();
    for (key, ()) in UNORDERED.scan(context.kv, &(), None, false, 64)? {
        let ended = key.first_chunk::<8>().map_or(0, |second| u64::from_be_bytes(*second));
        if ended >= second(context.time) {
            break;
        }
        UNORDERED.remove_raw(context.kv, &key)?;
    }
    for signer in &tx.signers {
        let key = (second(end), u64::try_from(end.subsec_nanosecond()).unwrap_or_default(), signer.as_slice());
        if UNORDERED.has(context.kv, &key)? {
            return Err(Refusal::sdk(18, "already used timeout timestamp and signer: invalid request"));
        }
        UNORDERED.set(context.kv, &key, &())?;
    }
    Ok(())
}
