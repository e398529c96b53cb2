//! Moving money.

use super::{auth, balance, overflow, set, text, validated};
use crate::chain::wire::cosmos::bank::{MsgSend, MsgSendResponse};
use crate::devnet::context::Context;
use crate::devnet::refusal::Refusal;
use crate::domain::amount::Coin;
use crate::domain::network::Network;

/// What is refused before the state is looked at.
pub fn validate_basic(network: &Network, message: &MsgSend) -> Result<(), Refusal> {
    address(network, &message.from_address, "from")?;
    address(network, &message.to_address, "to")?;
    validated(&message.amount).map(drop)
}

fn address(network: &Network, text: &str, which: &str) -> Result<Vec<u8>, Refusal> {
    auth::bytes_of(network, text)
        .map_err(|refusal| Refusal::sdk(7, format!("invalid {which} address: {}: invalid address", refusal.text())))
}

/// `MsgSend`.
pub fn msg_send(context: &mut Context<'_>, message: &MsgSend) -> Result<MsgSendResponse, Refusal> {
    let from = address(context.network, &message.from_address, "from")?;
    let to = address(context.network, &message.to_address, "to")?;
    let coins = validated(&message.amount)?;
    let blocked = auth::MODULE_ACCOUNTS.iter().any(|(module, _)| auth::module_address(module) == to);
    if blocked {
        return Err(Refusal::sdk(4, format!("{} is not allowed to receive funds: unauthorized", message.to_address)));
    }
    send(context, &from, &to, &coins)?;
    Ok(MsgSendResponse {})
}

/// Gas of moving coins.
const TRANSFER: u64 = 14_000;

/// Moves coins from one account to another, which is made where it is missing. Tells `coin_spent`, `coin_received`,
/// `transfer` and `message.sender`, as the SDK does.
pub fn send(context: &mut Context<'_>, from: &[u8], to: &[u8], coins: &[Coin]) -> Result<(), Refusal> {
    context.gas.consume(TRANSFER, "WriteFlat")?;
    let (sender, recipient) = (auth::of_bytes(context.network, from), auth::of_bytes(context.network, to));
    let amount = text(coins);
    for coin in coins {
        let denom = coin.denom.as_str();
        let has = balance(&*context.kv, from, denom)?;
        let rest = has.checked_sub(coin.amount).map_err(|_| {
            Refusal::sdk(5, format!("spendable balance {has}{denom} is smaller than {coin}: insufficient funds"))
        })?;
        set(context.kv, from, denom, rest)?;
    }
    context.emit_plain("coin_spent", &[("spender", &sender), ("amount", &amount)]);
    for coin in coins {
        let denom = coin.denom.as_str();
        let sum = balance(&*context.kv, to, denom)?.checked_add(coin.amount).map_err(|error| overflow(&error))?;
        set(context.kv, to, denom, sum)?;
    }
    context.emit_plain("coin_received", &[("receiver", &recipient), ("amount", &amount)]);
    auth::ensure(context, to)?;
    context.emit_plain("transfer", &[("recipient", &recipient), ("sender", &sender), ("amount", &amount)]);
    context.emit_plain("message", &[("sender", &sender)]);
    Ok(())
}

/// Moves coins into a module's account.
pub fn send_to_module(context: &mut Context<'_>, from: &[u8], module: &str, coins: &[Coin]) -> Result<(), Refusal> {
    send(context, from, &auth::module_address(module), coins)
}

/// Moves coins out of a module's account.
pub fn send_from_module(context: &mut Context<'_>, module: &str, to: &[u8], coins: &[Coin]) -> Result<(), Refusal> {
    send(context, &auth::module_address(module), to, coins)
}
