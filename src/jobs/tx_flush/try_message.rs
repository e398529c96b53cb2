//! What the chain says of one message now, without signing, sending or writing anything.

use prost_types::Any;

use super::rehearse::cost_of;
use super::session::{address, point};
use super::sign::enough_to_exist;
use super::{Error, Request, Short};
use crate::chain::client::{CallError, Reading};
use crate::chain::tx::Draft;
use crate::domain::address::Address;
use crate::domain::amount::Coin;
use crate::domain::outbox::settles_escrow;
use crate::domain::refusal::Refusal;

/// What came of trying a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tried {
    /// It would be executed as things are now.
    Passes {
        /// Its gas limit.
        gas: u64,
        /// Its fee.
        fee: Coin,
    },
    /// The chain refuses it.
    Refused(Box<Refusal>),
    /// The account does not exist yet.
    NoAccount {
        /// The account.
        address: Address,
        /// What it should be sent at least.
        needs: Coin,
    },
    /// The account cannot pay for it.
    Short(Short),
}

/// Tries a message.
pub async fn try_message(request: &Request<'_>, message: &Any) -> Result<Tried, Error> {
    let Request { client, signer, policy, .. } = *request;
    let public_key = point(signer)?;
    let address = address(signer, &public_key, client.network().address_prefix)?;
    let failed = |source| Error::Chain { address: address.clone(), source };
    let account = client.account(&address).await.and_then(Reading::believed).map_err(failed)?.into_value();
    let Some(account) = account else {
        let needs = enough_to_exist(policy, 1)?;
        return Ok(Tried::NoAccount { address, needs });
    };
    let draft = Draft {
        network: client.network(),
        chain_id: &client.settings().chain_id,
        account_number: account.number,
        sequence: account.sequence,
        public_key,
        messages: std::slice::from_ref(message),
        memo: "",
        timeout_height: super::prepare::FAR,
        fee: None,
        gas_limit: 0,
    };
    let settles = settles_escrow(&message.type_url);
    let fits = |used| cost_of((settles, 0), used, request).is_ok_and(|(gas, _)| gas <= policy.limits.gas);
    let used = match client.simulated_gas(draft.simulation(), fits).await {
        Ok(used) => used,
        Err(CallError::Refused { refusal, .. }) => return Ok(Tried::Refused(refusal)),
        Err(source) => return Err(failed(source)),
    };
    let (gas, fee) = cost_of((settles, 0), used, request)?;
    let has = client.balance(&address, &fee.denom).await.map_err(failed)?.value;
    Ok(if has.amount < fee.amount { Tried::Short(Short { has, needs: fee }) } else { Tried::Passes { gas, fee } })
}
