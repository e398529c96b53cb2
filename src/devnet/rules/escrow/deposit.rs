//! Where deposited money comes from.

use super::account;
use super::book::decimal_of;
use crate::chain::wire::base::{Deposit, Source};
use crate::chain::wire::escrow::{Depositor, MsgAccountDeposit, MsgAccountDepositResponse, Scope};
use crate::devnet::context::Context;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::{auth, authz, bank};
use crate::domain::amount::{Coin, DecCoin};

/// `MsgAccountDeposit`: anyone may add to an account.
pub fn account_deposit(
    context: &mut Context<'_>,
    message: &MsgAccountDeposit,
) -> Result<MsgAccountDepositResponse, Refusal> {
    let deposits = authorize(context, &message.signer, &message.deposit, message.id.scope())?;
    account::deposit_to(context, &message.id, deposits)?;
    Ok(MsgAccountDepositResponse {})
}

/// Finds the money for a deposit in its sources, one after the other; it is taken when it comes to an account.
pub fn authorize(
    context: &mut Context<'_>,
    signer: &str,
    deposit: &Deposit,
    scope: Scope,
) -> Result<Vec<Depositor>, Refusal> {
    let Coin { amount, denom } = super::basic::deposit(context.network, deposit)?;
    // The nodes count deposits in 64 bits.
    if u64::try_from(amount).ok().and_then(|amount| i64::try_from(amount).ok()).is_none() {
        return Err(Refusal::panic("Int64() out of bound"));
    }
    let mut rest = Coin { amount, denom };
    let mut found = Vec::new();
    for source in &deposit.sources {
        match Source::try_from(*source) {
            Ok(Source::Balance) => {
                let address = auth::bytes_of(context.network, signer)?;
                let spendable = bank::balance(&*context.kv, &address, rest.denom.as_str())?;
                if !spendable.is_zero() {
                    let part = Coin { amount: spendable.min(rest.amount), denom: rest.denom.clone() };
                    take(&mut rest, &mut found, context.height, Source::Balance, signer, &part)?;
                }
            }
            Ok(Source::Grant) => {
                for (granter, part) in authz::spend(context, signer, scope, &rest)? {
                    take(&mut rest, &mut found, context.height, Source::Grant, &granter, &part)?;
                }
            }
            Ok(Source::Invalid) | Err(_) => {}
        }
        if rest.amount.is_zero() {
            return Ok(found);
        }
    }
    Err(Refusal::undefined("deposit invalid: insufficient balance"))
}

/// Notes that this part of the deposit comes from there.
fn take(
    rest: &mut Coin,
    found: &mut Vec<Depositor>,
    height: i64,
    source: Source,
    owner: &str,
    part: &Coin,
) -> Result<(), Refusal> {
    *rest = rest.checked_sub(part).map_err(|_| Refusal::undefined("deposit invalid: deposit overflow"))?;
    let balance = DecCoin { amount: decimal_of(part.amount)?, denom: part.denom.clone() };
    let balance = (&balance).into();
    found.push(Depositor { owner: owner.to_owned(), height, source: source as i32, balance, direct: false });
    Ok(())
}
