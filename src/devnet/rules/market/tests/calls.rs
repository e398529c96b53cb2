//! Messages and queries by their names.

use crate::chain::wire::{Named, deployment as d, escrow as e, market as m, provider as p, take as t};
use crate::devnet::context::Context;
use crate::devnet::refusal::{QueryError, Refusal};
use crate::devnet::rules::{deployment, escrow, market, provider, take};
use crate::domain::network::Network;
use prost::Message;
use prost_types::Any;

macro_rules! messages {
    ($($message:ty => $check:path, $run:path;)*) => {
        /// Whether the message is one of these modules'.
        pub fn knows(network: &Network, type_url: &str) -> bool {
            false $(|| type_url == format!("/{}", <$message>::full_name(network)))*
        }

        pub fn validate_basic(network: &Network, message: &Any) -> Result<(), Refusal> {
            $(if message.type_url == format!("/{}", <$message>::full_name(network)) {
                return $check(network, &<$message>::decode(message.value.as_slice()).unwrap());
            })*
            panic!("{} is not known", message.type_url);
        }

        pub fn run(context: &mut Context<'_>, message: &Any) -> Result<(), Refusal> {
            validate_basic(context.network, message)?;
            $(if message.type_url == format!("/{}", <$message>::full_name(context.network)) {
                return $run(context, &<$message>::decode(message.value.as_slice()).unwrap()).map(drop);
            })*
            panic!("{} is not known", message.type_url);
        }
    };
}

messages! {
    d::MsgCreateDeployment => deployment::basic::create_deployment, deployment::create_deployment;
    d::MsgUpdateDeployment => deployment::basic::update_deployment, deployment::update_deployment;
    d::MsgCloseDeployment => deployment::basic::close_deployment, deployment::close_deployment;
    d::MsgCloseGroup => deployment::basic::close_group, deployment::close_group;
    d::MsgPauseGroup => deployment::basic::pause_group, deployment::pause_group;
    d::MsgStartGroup => deployment::basic::start_group, deployment::start_group;
    d::MsgUpdateParams => deployment::basic::update_params, deployment::update_params;
    m::MsgCreateBid => market::basic::create_bid, market::create_bid;
    m::MsgCloseBid => market::basic::close_bid, market::close_bid;
    m::MsgCreateLease => market::basic::create_lease, market::create_lease;
    m::MsgCloseLease => market::basic::close_lease, market::close_lease;
    m::MsgWithdrawLease => market::basic::withdraw_lease, market::withdraw_lease;
    m::MsgLeaseStartReclaim => market::basic::lease_start_reclaim, market::lease_start_reclaim;
    m::MsgUpdateParams => market::basic::update_params, market::update_params;
    e::MsgAccountDeposit => escrow::basic::account_deposit, escrow::account_deposit;
    p::MsgCreateProvider => provider::basic::create_provider, provider::create_provider;
    p::MsgUpdateProvider => provider::basic::update_provider, provider::update_provider;
    p::MsgDeleteProvider => provider::basic::delete_provider, provider::delete_provider;
    p::MsgGenerateDomainVerificationToken =>
        provider::basic::generate_domain_verification_token, provider::generate_domain_verification_token;
    p::MsgRequestDomainVerification =>
        provider::basic::request_domain_verification, provider::request_domain_verification;
    p::MsgConfirmDomainVerification =>
        provider::basic::confirm_domain_verification, provider::confirm_domain_verification;
    p::MsgVerifyProviderDomain => provider::basic::verify_provider_domain, provider::verify_provider_domain;
    p::MsgRevokeDomainVerification =>
        provider::basic::revoke_domain_verification, provider::revoke_domain_verification;
    t::MsgUpdateParams => take::validate_update_params, take::update_params;
}

type Answer = Result<(Vec<u8>, String), QueryError>;

macro_rules! queries {
    ($($call:literal => $request:ty, $run:path;)*) => {
        /// The answer to a query of these modules, as bytes and as text.
        pub fn query(context: &Context<'_>, call: &str, request: &[u8]) -> Option<Answer> {
            match call {
                $($call => {
                    let request = <$request>::decode(request).unwrap();
                    Some($run(context, &request).map(|answer| (answer.encode_to_vec(), format!("{answer:?}"))))
                })*
                _ => None,
            }
        }
    };
}

queries! {
    "deployment.v1beta4.Query/Deployments" => d::QueryDeploymentsRequest, deployment::deployments;
    "deployment.v1beta4.Query/Deployment" => d::QueryDeploymentRequest, deployment::deployment;
    "deployment.v1beta4.Query/Group" => d::QueryGroupRequest, deployment::group;
    "deployment.v1beta4.Query/Params" => d::QueryParamsRequest, deployment::params;
    "market.v1beta5.Query/Orders" => m::QueryOrdersRequest, market::orders;
    "market.v1beta5.Query/Order" => m::QueryOrderRequest, market::order;
    "market.v1beta5.Query/Bids" => m::QueryBidsRequest, market::bids;
    "market.v1beta5.Query/Bid" => m::QueryBidRequest, market::bid;
    "market.v1beta5.Query/Leases" => m::QueryLeasesRequest, market::leases;
    "market.v1beta5.Query/Lease" => m::QueryLeaseRequest, market::lease;
    "market.v1beta5.Query/Params" => m::QueryParamsRequest, market::params;
    "escrow.v1.Query/Accounts" => e::QueryAccountsRequest, escrow::accounts;
    "escrow.v1.Query/Payments" => e::QueryPaymentsRequest, escrow::payments;
    "provider.v1beta4.Query/Providers" => p::QueryProvidersRequest, provider::providers;
    "provider.v1beta4.Query/Provider" => p::QueryProviderRequest, provider::provider;
    "take.v1.Query/Params" => t::QueryParamsRequest, take::params;
}
