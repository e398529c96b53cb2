//! Ids of accounts and payments.

use super::refusals;
use crate::chain::wire::escrow::{AccountId, PaymentId, Scope};
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::auth;
use crate::domain::network::Network;

/// An account's key: `deployment/<owner>/<dseq>`, `bid/<owner>/<dseq>/<gseq>/<oseq>/<provider>`.
pub(super) fn account_key(id: &AccountId) -> String {
    format!("{}/{}", id.scope().word(), id.xid)
}

/// A payment's key: its account's, and `/<gseq>/<oseq>/<provider>`.
pub(super) fn payment_key(id: &PaymentId) -> String {
    format!("{}/{}", account_key(&id.aid), id.xid)
}

/// What is refused of an account's id.
pub(super) fn check_account(network: &Network, id: &AccountId) -> Result<(), Refusal> {
    let parts: Vec<_> = id.xid.split('/').collect();
    let is_address = |text: &str| auth::bytes_of(network, text).is_ok();
    let is_number = |text: &str| text.parse::<u64>().is_ok_and(|number| number > 0);
    let well_formed = match (id.scope(), parts.as_slice()) {
        (Scope::Invalid, _) => return Err(refusals::invalid_id().wrap("invalid scope")),
        (Scope::Deployment, [owner, dseq]) => is_address(owner) && is_number(dseq),
        (Scope::Bid, [owner, dseq, gseq, oseq, provider]) => {
            is_address(owner) && [dseq, gseq, oseq].into_iter().all(|text| is_number(text)) && is_address(provider)
        }
        (Scope::Deployment | Scope::Bid, _) => false,
    };
    if well_formed { Ok(()) } else { Err(refusals::invalid_id().wrap("invalid xid format")) }
}
