//! The fee: enough of it, and there.

use super::Purpose;
use crate::chain::convert::Error;
use crate::devnet::app::tx::Tx;
use crate::devnet::context::Context;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::{auth, bank};
use crate::domain::amount::{Coin, Dec18, Int, Rounding};

/// Gas of looking for who pays.
const DEDUCTION: u64 = 12_000;

fn coins(tx: &Tx) -> Result<Vec<Coin>, Refusal> {
    tx.fee
        .amount
        .iter()
        .map(Coin::try_from)
        .collect::<Result<_, Error>>()
        .map_err(|error| Refusal::sdk(13, format!("invalid fee provided: {error}: insufficient fee")))
}

fn listed(coins: &[Coin]) -> String {
    coins.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// Refuses a fee below the node's minimum; only on the way into the mempool.
///
/// VirtEngine's own check compares prices and answers with a plain error (`undefined` 1); the SDK's, which Akash has,
/// compares fees (`sdk` 13).
pub(super) fn check_price(context: &Context<'_>, tx: &Tx, purpose: Purpose) -> Result<(), Refusal> {
    if !matches!(purpose, Purpose::Check | Purpose::Recheck) {
        return Ok(());
    }
    let network = context.network;
    let paid = coins(tx)?;
    let broken = |_| Refusal::sdk(13, "fee overflow: insufficient fee");
    let price: Dec18 = network.gas_price.parse().map_err(broken)?;
    let gas = Dec18::try_from(Int::from(tx.fee.gas_limit)).map_err(broken)?;
    let required = price.checked_mul(gas, Rounding::Up).and_then(|fee| fee.to_int(Rounding::Up)).map_err(broken)?;
    let denom = network.fee_denomination;
    if paid.iter().any(|coin| coin.denom == denom && coin.amount >= required) {
        return Ok(());
    }
    let code = network.behaviour.fee_refused;
    let log = if code.codespace == "undefined" {
        let offered = paid.iter().map(|coin| {
            let amount = Dec18::try_from(coin.amount)
                .and_then(|fee| if gas.is_zero() { Ok(fee) } else { fee.checked_div(gas, Rounding::HalfEven) })
                .unwrap_or_default();
            format!("{}{}", amount.fixed(), coin.denom)
        });
        let offered = offered.collect::<Vec<_>>().join(",");
        format!("insufficient fee: min gas prices {}{denom}, got {offered}", price.fixed())
    } else {
        format!("insufficient fees; got: {} required: {required}{denom}: insufficient fee", listed(&paid))
    };
    Err(Refusal::new(code.codespace, code.code, log))
}

/// Takes the fee from who pays, and tells of it.
pub(super) fn deduct(context: &mut Context<'_>, tx: &Tx) -> Result<(), Refusal> {
    let payer = tx.payer(context.network)?;
    let shown = auth::of_bytes(context.network, &payer);
    if !tx.fee.granter.is_empty() && tx.fee.granter != shown {
        // Fee grants are made by a module that this chain has not: nobody has given one.
        return Err(Refusal::sdk(
            38,
            format!("{} does not allow to pay fees for {shown}: fee-grant not found: not found", tx.fee.granter),
        ));
    }
    if auth::find(context.kv, &payer)?.is_none() {
        // Raw bytes in a text: as on a real node.
        let log = [b"fee payer address: ".as_slice(), &payer, b" does not exist: unknown address"].concat();
        let mut refusal = Refusal::sdk(9, "");
        refusal.log = log;
        return Err(refusal);
    }
    context.gas.consume(DEDUCTION, "ReadFlat")?;
    let fee = coins(tx)?;
    if !fee.is_empty() {
        bank::send_to_module(context, &payer, "fee_collector", &fee).map_err(|refusal| {
            if refusal.codespace == "sdk" && refusal.code == 5 { refusal } else { refusal.wrap("fee") }
        })?;
    }
    context.emit_plain("tx", &[("fee", &listed(&fee)), ("fee_payer", &shown)]);
    Ok(())
}
