//! The module's parameters.

use super::refusals;
use crate::chain::wire::cosmos::coin::Coin;
use crate::chain::wire::deployment::{MsgUpdateParams, MsgUpdateParamsResponse, Params};
use crate::devnet::collection::Collection;
use crate::devnet::context::Context;
use crate::devnet::kv::{Broken, Kv};
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::authority;
use crate::domain::amount::{self, Int};

const PARAMS: Collection<Params> = Collection::new("deployment/params");

/// The parameters; as the network has them by default where nobody set them.
pub fn parameters(context: &Context<'_>) -> Result<Params, Broken> {
    if let Some(params) = PARAMS.get(&*context.kv, &())? {
        return Ok(params);
    }
    let coin = |minimum: &crate::domain::network::Amount| Coin {
        denom: minimum.denomination.to_owned(),
        amount: minimum.amount.to_string(),
    };
    Ok(Params { min_deposits: context.network.minimum_deployment_deposits.iter().map(coin).collect() })
}

/// Sets the parameters: for a genesis.
pub fn set_parameters(kv: &mut dyn Kv, params: &Params) -> Result<(), Broken> {
    PARAMS.set(kv, &(), params)
}

/// `MsgUpdateParams`: only governance may.
pub fn update_params(context: &mut Context<'_>, message: &MsgUpdateParams) -> Result<MsgUpdateParamsResponse, Refusal> {
    authority::check(context.network, &message.authority)?;
    set_parameters(context.kv, &message.params)?;
    Ok(MsgUpdateParamsResponse {})
}

/// Whether a deployment may be made with this deposit.
pub(super) fn check_deposit(context: &Context<'_>, deposit: &amount::Coin) -> Result<(), Refusal> {
    let params = parameters(context)?;
    let minimum = params.min_deposits.iter().find(|minimum| deposit.denom == minimum.denom.as_str());
    let Some(minimum) = minimum else {
        return Err(Refusal::undefined(format!("Deposit invalid: Invalid deposit denomination {}", deposit.denom)));
    };
    let least = Int::from_wire(&minimum.amount)
        .map_err(|error| Broken::Inconsistent { what: format!("the least deposit of a deployment: {error}") })?;
    if deposit.amount < least {
        let (amount, denom) = (deposit.amount, &deposit.denom);
        return Err(refusals::invalid_deposit().wrap(format!("Deposit too low - {amount} < {least}{denom}")));
    }
    Ok(())
}
