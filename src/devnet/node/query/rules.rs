//! The queries of the rules.

use super::{Method, of_rules};
use crate::devnet::rules::{
    audit, auth, authz, bank, cert, consensus, deployment, encryption, escrow, market, provider, resources, take,
};

pub(super) fn methods() -> Vec<Method> {
    vec![
        of_rules(auth::account),
        of_rules(auth::params),
        of_rules(auth::bech32_prefix),
        of_rules(authz::grants),
        of_rules(consensus::consensus_params),
        of_rules(consensus::subspace_params),
        of_rules(bank::query_balance),
        of_rules(bank::all_balances),
        of_rules(bank::spendable_balances),
        of_rules(deployment::deployments),
        of_rules(deployment::deployment),
        of_rules(deployment::group),
        of_rules(deployment::params),
        of_rules(market::orders),
        of_rules(market::order),
        of_rules(market::bids),
        of_rules(market::bid),
        of_rules(market::leases),
        of_rules(market::lease),
        of_rules(market::params),
        of_rules(escrow::accounts),
        of_rules(escrow::payments),
        of_rules(take::params),
        of_rules(provider::providers),
        of_rules(provider::provider),
        of_rules(audit::all_providers_attributes),
        of_rules(audit::provider_attributes),
        of_rules(audit::provider_auditor_attributes),
        of_rules(audit::auditor_attributes),
        of_rules(cert::certificates),
        of_rules(encryption::recipient_key),
        of_rules(encryption::key_by_fingerprint),
        of_rules(encryption::params),
        of_rules(encryption::algorithms),
        of_rules(encryption::validate_envelope),
        of_rules(resources::available_resources),
        of_rules(resources::query_allocation),
        of_rules(resources::allocation_history),
        of_rules(resources::allocations_by_provider),
        of_rules(resources::params),
    ]
}
