//! Every message that a transaction can hold, with what the chain does with it.

use crate::chain::wire::{Named, TxMessage, TxMessageType, tx_messages};
use crate::devnet::context::Context;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::{
    audit, authz, bank, cert, deployment, encryption, escrow, market, provider, resources, settlement, take,
};
use crate::domain::network::Network;
use prost::DecodeError;
use prost_types::Any;
use std::sync::LazyLock;

type Check = Box<dyn Fn(&Network, &[u8]) -> Result<(), Refusal> + Send + Sync>;
type Run = Box<dyn Fn(&mut Context<'_>, &[u8]) -> Result<Any, Refusal> + Send + Sync>;

/// A kind of message.
pub struct Kind {
    /// Its name on every network.
    wire: &'static TxMessageType,
    /// The message's own name, without package.
    pub name: &'static str,
    /// Reads the address that must sign.
    pub signer: fn(&[u8]) -> Result<String, DecodeError>,
    /// What is refused before the state is looked at.
    pub validate_basic: Check,
    /// What it does.
    pub run: Run,
    /// What it costs besides the money that it moves.
    pub gas: u64,
}

/// Every message with its check, its rule and its gas: near what the recorded nodes used, without the transfers of
/// money that it brings about.
static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    vec![
        kind(bank::validate_basic, bank::msg_send, 1_200),
        kind(authz::validate_grant, authz::grant, 8_000),
        kind(unchecked, authz::revoke, 6_000),
        kind(deployment::basic::create_deployment, deployment::create_deployment, 45_000),
        kind(deployment::basic::update_deployment, deployment::update_deployment, 12_000),
        kind(deployment::basic::close_deployment, deployment::close_deployment, 50_000),
        kind(deployment::basic::close_group, deployment::close_group, 9_000),
        kind(deployment::basic::pause_group, deployment::pause_group, 17_000),
        kind(deployment::basic::start_group, deployment::start_group, 22_000),
        kind(deployment::basic::update_params, deployment::update_params, 5_000),
        kind(market::basic::create_bid, market::create_bid, 42_000),
        kind(market::basic::close_bid, market::close_bid, 40_000),
        kind(market::basic::create_lease, market::create_lease, 71_000),
        kind(market::basic::close_lease, market::close_lease, 75_000),
        kind(market::basic::withdraw_lease, market::withdraw_lease, 24_000),
        kind(market::basic::lease_start_reclaim, market::lease_start_reclaim, 30_000),
        kind(market::basic::update_params, market::update_params, 5_000),
        kind(escrow::basic::account_deposit, escrow::account_deposit, 17_000),
        kind(take::validate_update_params, take::update_params, 5_000),
        kind(provider::basic::create_provider, provider::create_provider, 15_000),
        kind(provider::basic::update_provider, provider::update_provider, 12_000),
        kind(provider::basic::delete_provider, provider::delete_provider, 8_000),
        kind(provider::basic::generate_domain_verification_token, provider::generate_domain_verification_token, 12_000),
        kind(provider::basic::verify_provider_domain, provider::verify_provider_domain, 12_000),
        kind(provider::basic::request_domain_verification, provider::request_domain_verification, 12_000),
        kind(provider::basic::confirm_domain_verification, provider::confirm_domain_verification, 12_000),
        kind(provider::basic::revoke_domain_verification, provider::revoke_domain_verification, 12_000),
        kind(audit::validate_sign, audit::sign_provider_attributes, 1_500),
        kind(audit::validate_delete, audit::delete_provider_attributes, 1_500),
        kind(cert::validate_create, cert::create_certificate, 22_000),
        kind(cert::validate_revoke, cert::revoke_certificate, 26_000),
        kind(unchecked, encryption::register_recipient_key, 37_000),
        kind(unchecked, encryption::revoke_recipient_key, 25_000),
        kind(unchecked, encryption::update_key_label, 20_000),
        kind(unchecked, encryption::rotate_key, 102_000),
        kind(settlement::basic::create_escrow, settlement::create_escrow, 43_000),
        kind(settlement::basic::activate_escrow, settlement::activate_escrow, 28_000),
        kind(settlement::basic::release_escrow, settlement::release_escrow, 40_000),
        kind(settlement::basic::refund_escrow, settlement::refund_escrow, 40_000),
        kind(settlement::basic::dispute_escrow, settlement::dispute_escrow, 25_000),
        kind(settlement::basic::record_usage, settlement::record_usage, 71_000),
        kind(settlement::basic::acknowledge_usage, settlement::acknowledge_usage, 33_000),
        kind(settlement::basic::settle_order, settlement::settle_order, 790_000),
        kind(settlement::basic::claim_rewards, settlement::claim_rewards, 40_000),
        kind(unchecked, resources::provider_heartbeat, 25_000),
        kind(unchecked, resources::allocate_resources, 30_000),
        kind(unchecked, resources::activate_allocation, 20_000),
        kind(unchecked, resources::release_allocation, 20_000),
        kind(unchecked, resources::update_params, 5_000),
    ]
});

/// Of a message that has no check of its own before the state is looked at.
#[allow(clippy::unnecessary_wraps, reason = "checks of all messages have one shape")]
fn unchecked<M>(_: &Network, _: &M) -> Result<(), Refusal> {
    Ok(())
}

/// The kind of message that the network calls `type_url`.
pub fn kind_of(network: &Network, type_url: &str) -> Option<&'static Kind> {
    let full = type_url.strip_prefix('/')?;
    KINDS.iter().find(|kind| kind.wire.message.is_on(network) && kind.wire.message.full_name(network) == full)
}

/// Every kind of message.
pub fn kinds() -> &'static [Kind] {
    &KINDS
}

fn kind<M: TxMessage>(
    validate_basic: fn(&Network, &M) -> Result<(), Refusal>,
    run: fn(&mut Context<'_>, &M) -> Result<M::Response, Refusal>,
    gas: u64,
) -> Kind {
    let decode = |bytes: &[u8]| {
        M::decode(bytes).map_err(|error| Refusal::sdk(2, format!("{}: {error}: tx parse error", M::NAME)))
    };
    #[allow(clippy::expect_used, reason = "the table of messages is made from the same types")]
    let wire = tx_messages()
        .find(|message| message.message.name == M::NAME && message.message.package == M::PACKAGE)
        .expect("every message of a transaction is in the table");
    Kind {
        wire,
        name: M::NAME,
        signer: wire.signer,
        validate_basic: Box::new(move |network, bytes| validate_basic(network, &decode(bytes)?)),
        run: Box::new(move |context, bytes| {
            let response = run(context, &decode(bytes)?)?;
            Ok(response.pack(context.network))
        }),
        gas,
    }
}

/// The module that a message belongs to, as the SDK reads it from its type URL: `market` of
/// `/virtengine.market.v1beta5.MsgCreateBid`.
pub fn module_of(type_url: &str) -> &str {
    type_url.split('.').nth(1).unwrap_or_default()
}

/// Says so when a message of the table has no rule.
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_of_the_table_has_a_rule() {
        for message in tx_messages() {
            let found = KINDS.iter().any(|kind| std::ptr::eq(kind.wire, message));
            assert!(found, "no rule for {}", message.message.name);
        }
    }

    #[test]
    fn a_message_belongs_to_the_module_in_its_name() {
        assert_eq!(module_of("/virtengine.market.v1beta5.MsgCreateBid"), "market");
        assert_eq!(module_of("/cosmos.bank.v1beta1.MsgSend"), "bank");
        assert_eq!(module_of("/x"), "");
    }
}
