//! Using grants for deposits.

use super::{GRANTS, authorization_of, has_ended, limits, save};
use crate::chain::wire::cosmos::authz::Grant;
use crate::chain::wire::escrow::{DepositAuthorization, DepositAuthorizationScope, Scope};
use crate::devnet::context::Context;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::auth;
use crate::domain::amount::Coin;
use prost::Message;

/// Finds money for a deposit in the grants that `grantee` has, in the order of the granters' addresses; gives who
/// lends how much, `wanted` together at most. The grants shrink by it (one that is used up stays, and may grow again
/// by [`restore`]); the money itself is not moved.
pub fn spend(
    context: &mut Context<'_>,
    grantee: &str,
    scope: Scope,
    wanted: &Coin,
) -> Result<Vec<(String, Coin)>, Refusal> {
    let needed = match scope {
        Scope::Deployment => DepositAuthorizationScope::Deployment,
        Scope::Bid => DepositAuthorizationScope::Bid,
        Scope::Invalid => return Ok(Vec::new()),
    };
    let grantee = auth::bytes_of(context.network, grantee)?;
    let mut left = wanted.clone();
    let mut found = Vec::new();
    for mut given in GRANTS.all(&*context.kv, &(grantee.as_slice(),))? {
        if left.amount.is_zero() {
            break;
        }
        if has_ended(&given.grant, context.time) {
            continue;
        }
        let Some(mut authorization) = authorization_of(&given.grant) else { continue };
        if !authorization.scopes.contains(&(needed as i32)) {
            continue;
        }
        let amount = limits::take(&mut authorization, &left).map_err(|error| Refusal::panic(&error.to_string()))?;
        let part = Coin { amount, denom: left.denom.clone() };
        if part.amount.is_zero() {
            continue;
        }
        replace(&mut given.grant, &authorization);
        let granter = auth::bytes_of(context.network, &given.granter)?;
        save(context, (&grantee, &granter), &given)?;
        left = left.checked_sub(&part).map_err(|error| Refusal::panic(&error.to_string()))?;
        found.push((given.granter, part));
    }
    Ok(found)
}

/// Lets a grant be used again for what came back of its money, if it is still there.
pub fn restore(context: &mut Context<'_>, grantee: &str, granter: &str, coins: &[Coin]) -> Result<(), Refusal> {
    let (grantee, granter) = (auth::bytes_of(context.network, grantee)?, auth::bytes_of(context.network, granter)?);
    let key = (grantee.as_slice(), granter.as_slice());
    let Some(mut given) = GRANTS.get(&*context.kv, &key)? else { return Ok(()) };
    let Some(mut authorization) = authorization_of(&given.grant) else { return Ok(()) };
    for coin in coins {
        limits::give_back(&mut authorization, coin).map_err(|error| Refusal::panic(&error.to_string()))?;
    }
    replace(&mut given.grant, &authorization);
    save(context, key, &given)?;
    Ok(())
}

fn replace(grant: &mut Grant, authorization: &DepositAuthorization) {
    if let Some(any) = &mut grant.authorization {
        any.value = authorization.encode_to_vec();
    }
}
