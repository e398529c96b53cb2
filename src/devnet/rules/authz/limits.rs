//! How much a deposit authorization allows.
//!
//! One coin (`spend_limit`) on VirtEngine; Akash has a list (`spend_limits`) besides it.

use crate::chain::wire::cosmos::coin;
use crate::chain::wire::escrow::{DepositAuthorization, DepositAuthorizationScope};
use crate::devnet::refusal::Refusal;
use crate::domain::amount::{self, Coin, Int};
use std::collections::BTreeSet;

/// What is refused of an authorization.
pub(super) fn check(authorization: &DepositAuthorization) -> Result<(), Refusal> {
    let invalid = |words: &str| Refusal::new("escrow", 17, "invalid authorization scope").wrap(words);
    if authorization.scopes.is_empty() {
        return Err(invalid("empty scope"));
    }
    let mut seen = BTreeSet::new();
    for scope in &authorization.scopes {
        let name = match DepositAuthorizationScope::try_from(*scope) {
            Ok(DepositAuthorizationScope::Deployment) => "deployment",
            Ok(DepositAuthorizationScope::Bid) => "bid",
            Ok(DepositAuthorizationScope::Invalid) => return Err(invalid("invalid scope \"invalid\"")),
            Err(_) => return Err(invalid(&format!("invalid scope \"{scope}\""))),
        };
        if !seen.insert(scope) {
            return Err(invalid(&format!("duplicate scope \"{name}\"")));
        }
    }
    if authorization.spend_limits.is_empty() {
        return match Coin::try_from(&authorization.spend_limit) {
            Ok(limit) if !limit.amount.is_zero() => Ok(()),
            Ok(_) | Err(_) => Err(Refusal::sdk(10, "spend limit cannot be negative: invalid coins")),
        };
    }
    let limits: Result<Vec<Coin>, _> = authorization.spend_limits.iter().map(Coin::try_from).collect();
    let ordered = |limits: &[Coin]| limits.windows(2).all(|pair| matches!(pair, [a, b] if a.denom < b.denom));
    match limits {
        Ok(limits) if ordered(&limits) && limits.iter().all(|limit| !limit.amount.is_zero()) => Ok(()),
        Ok(_) | Err(_) => Err(Refusal::sdk(10, "spend limits are not valid: invalid coins")),
    }
}

/// The limits in a denomination: the list's, then the single one.
fn limits<'a>(
    authorization: &'a mut DepositAuthorization,
    denom: &str,
) -> impl Iterator<Item = (&'a mut coin::Coin, Int)> {
    let DepositAuthorization { spend_limit, spend_limits, .. } = authorization;
    let all = spend_limits.iter_mut().chain(std::iter::once(spend_limit)).filter(move |limit| limit.denom == denom);
    all.filter_map(|limit| Int::from_wire(&limit.amount).ok().map(|amount| (limit, amount)))
}

/// Takes what there is of the wanted coin; gives how much that was.
pub(super) fn take(authorization: &mut DepositAuthorization, wanted: &Coin) -> Result<Int, amount::Error> {
    let mut left = wanted.amount;
    for (limit, allowed) in limits(authorization, wanted.denom.as_str()) {
        let part = allowed.min(left);
        limit.amount = allowed.checked_sub(part)?.to_wire();
        left = left.checked_sub(part)?;
    }
    wanted.amount.checked_sub(left)
}

/// Gives a coin back.
pub(super) fn give_back(authorization: &mut DepositAuthorization, coin: &Coin) -> Result<(), amount::Error> {
    if let Some((limit, allowed)) = limits(authorization, coin.denom.as_str()).next() {
        limit.amount = allowed.checked_add(coin.amount)?.to_wire();
    }
    Ok(())
}
