//! The module's parameters.

use crate::chain::wire::cosmos::coin::Coin;
use crate::chain::wire::market::{MsgUpdateParams, MsgUpdateParamsResponse, Params};
use crate::devnet::collection::Collection;
use crate::devnet::context::Context;
use crate::devnet::kv::{Broken, Kv};
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::authority;
use crate::domain::amount::{self, Int};
use crate::domain::network::Amount;
use prost_types::Duration;

const PARAMS: Collection<Params> = Collection::new("market/params");

const ORDER_MAX_BIDS: u32 = 20;
/// Akash's bounds for the notice before a lease is taken back: an hour and thirty days.
const WINDOW_SECONDS: (i64, i64) = (3_600, 2_592_000);

/// The parameters; as the network has them by default where nobody set them.
pub fn parameters(context: &Context<'_>) -> Result<Params, Broken> {
    if let Some(params) = PARAMS.get(&*context.kv, &())? {
        return Ok(params);
    }
    let network = context.network;
    let coin = |minimum: &Amount| Coin { denom: minimum.denomination.to_owned(), amount: minimum.amount.to_string() };
    let minimums: Vec<_> = network.minimum_bid_deposits.iter().map(coin).collect();
    let for_fees = minimums.iter().find(|minimum| minimum.denom == network.fee_denomination).cloned();
    let listed = network.has_reclamation();
    let window = |seconds| listed.then_some(Duration { seconds, nanos: 0 });
    Ok(Params {
        bid_min_deposit: for_fees.unwrap_or_default(),
        order_max_bids: ORDER_MAX_BIDS,
        bid_min_deposits: if listed { minimums } else { Vec::new() },
        min_reclamation_window: window(WINDOW_SECONDS.0),
        max_reclamation_window: window(WINDOW_SECONDS.1),
    })
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

/// Whether a bid may be made with this deposit. VirtEngine's node has a word of its own in the text.
pub(super) fn check_deposit(params: &Params, deposit: &amount::Coin) -> Result<(), Refusal> {
    let several = !params.bid_min_deposits.is_empty();
    let word = if several { "minimum" } else { "mininum" };
    let minimums =
        if several { params.bid_min_deposits.as_slice() } else { std::slice::from_ref(&params.bid_min_deposit) };
    let minimum = minimums.iter().find(|minimum| deposit.denom == minimum.denom.as_str());
    let shown = minimum.or(minimums.first()).cloned().unwrap_or_default();
    let enough = match minimum {
        None => false,
        Some(minimum) => {
            let least = Int::from_wire(&minimum.amount)
                .map_err(|error| Broken::Inconsistent { what: format!("the least deposit of a bid: {error}") })?;
            deposit.amount >= least
        }
    };
    if enough {
        return Ok(());
    }
    let text = format!("deposit invalid: {word}:{}{} received:{{{deposit} [balance]}}", shown.amount, shown.denom);
    Err(Refusal::undefined(text))
}
