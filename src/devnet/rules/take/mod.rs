//! Module `take`: the share of each payout that the chain keeps.

use super::authority;
use crate::chain::wire::take::{
    DenomTakeRate, MsgUpdateParams, MsgUpdateParamsResponse, Params, QueryParamsRequest, QueryParamsResponse,
};
use crate::devnet::collection::Collection;
use crate::devnet::context::Context;
use crate::devnet::kv::{Broken, Kv};
use crate::devnet::refusal::{QueryError, Refusal};
use crate::devnet::rules::auth;
use crate::domain::amount::{self, Coin, Int, Rounding};
use crate::domain::network::Network;

const PARAMS: Collection<Params> = Collection::new("take/params");

/// The parameters; as the network has them by default where nobody set them.
pub fn parameters(context: &Context<'_>) -> Result<Params, Broken> {
    if let Some(params) = PARAMS.get(&*context.kv, &())? {
        return Ok(params);
    }
    let rates = &context.network.take_rates;
    let rate = |(denom, rate): &(&str, u32)| DenomTakeRate { denom: (*denom).to_owned(), rate: *rate };
    Ok(Params {
        denom_take_rates: rates.by_denomination.iter().map(rate).collect(),
        default_take_rate: rates.otherwise,
    })
}

/// Sets the parameters: for a genesis.
pub fn set_parameters(kv: &mut dyn Kv, params: &Params) -> Result<(), Broken> {
    PARAMS.set(kv, &(), params)
}

/// What a payout comes to, and the chain's share: a part in a hundred, without fractions.
pub fn subtract(context: &Context<'_>, payout: &Coin) -> Result<(Coin, Coin), Refusal> {
    let params = parameters(context)?;
    let rate = params
        .denom_take_rates
        .iter()
        .find(|rate| payout.denom == rate.denom.as_str())
        .map_or(params.default_take_rate, |rate| rate.rate);
    let too_large = |error: amount::Error| Refusal::panic(&error.to_string());
    let share = payout
        .amount
        .checked_mul(Int::from(rate))
        .and_then(|product| product.checked_div(Int::from(100u32), Rounding::Down))
        .map_err(too_large)?;
    let earnings = payout.amount.checked_sub(share).map_err(too_large)?;
    let coin = |amount| Coin { amount, denom: payout.denom.clone() };
    Ok((coin(earnings), coin(share)))
}

/// What is refused of `MsgUpdateParams` before the state is looked at.
pub fn validate_update_params(network: &Network, message: &MsgUpdateParams) -> Result<(), Refusal> {
    auth::bytes_of(network, &message.authority).map(drop).map_err(|refusal| refusal.wrap("invalid authority address"))
}

/// `MsgUpdateParams`: only governance may.
pub fn update_params(context: &mut Context<'_>, message: &MsgUpdateParams) -> Result<MsgUpdateParamsResponse, Refusal> {
    authority::check(context.network, &message.authority)?;
    set_parameters(context.kv, &message.params)?;
    Ok(MsgUpdateParamsResponse {})
}

/// `Params`.
pub fn params(context: &Context<'_>, _: &QueryParamsRequest) -> Result<QueryParamsResponse, QueryError> {
    Ok(QueryParamsResponse { params: parameters(context)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::devnet::context::Profile;
    use crate::devnet::kv::MemoryKv;
    use crate::domain::network::Name;

    #[test]
    fn the_chain_keeps_whole_units_only() {
        let kv = &mut MemoryKv::new();
        let network = Name::Virtengine.facts();
        let context = Context::new(kv, network, Profile::Localnet, 1, jiff::Timestamp::UNIX_EPOCH);
        let split = |text: &str| {
            let (earnings, share) = subtract(&context, &text.parse().unwrap()).unwrap();
            (earnings.to_string(), share.to_string())
        };
        assert_eq!(split("149uve"), ("147uve".into(), "2uve".into()));
        assert_eq!(split("49uve"), ("49uve".into(), "0uve".into()));
        assert_eq!(split("100uact"), ("80uact".into(), "20uact".into()));
    }
}
