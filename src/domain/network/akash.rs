//! Akash, as the node of its main branch at commit 3efe26bf and chain-sdk go/v0.2.16 are.

use super::behaviour::{Behaviour, BidListing, ErrorCode, OverdrawnLease};
use super::{Amount, Denomination, Name, Network, TakeRates};

pub(super) const NETWORK: Network = Network {
    name: Name::Akash,
    word: "akash",
    package_prefix: "akash",
    address_prefix: "akash",
    coin_type: 118,
    fee_denomination: "uakt",
    denominations: &[
        Denomination { base: "uact", units: &[("uact", 0), ("mact", 3), ("act", 6)], aliases: &[] },
        Denomination { base: "uakt", units: &[("uakt", 0), ("makt", 3), ("akt", 6)], aliases: &[] },
    ],
    gas_price: "0.025",
    chain_id: "akashnet-2",
    test_chain_ids: &["sandbox-2", "akash-localnet-1"],
    minimum_bid_deposits: &[
        Amount { amount: 500_000, denomination: "uact" },
        Amount { amount: 500_000, denomination: "uakt" },
    ],
    minimum_deployment_deposits: &[
        Amount { amount: 500_000, denomination: "uakt" },
        Amount { amount: 500_000, denomination: "uact" },
    ],
    // The module is there, but payouts are not shortened by it (as recorded: a withdrawal is one transfer of all).
    take_rates: TakeRates { by_denomination: &[], otherwise: 0 },
    lacks: &[
        "settlement.v1",
        "encryption.v1",
        "resources.v1",
        // The module is there, its query service is not registered.
        "take.v1.QueryParamsRequest",
        "escrow.v1.QueryInvoiceRequest",
        "escrow.v1.QueryInvoicesByProviderRequest",
        "escrow.v1.QueryInvoicesByCustomerRequest",
        "escrow.v1.QueryInvoiceLedgerRequest",
        "provider.v1beta4.MsgGenerateDomainVerificationToken",
        "provider.v1beta4.MsgVerifyProviderDomain",
        "provider.v1beta4.MsgRequestDomainVerification",
        "provider.v1beta4.MsgConfirmDomainVerification",
        "provider.v1beta4.MsgRevokeDomainVerification",
    ],
    behaviour: Behaviour {
        overdrawn_lease: OverdrawnLease::InsufficientFunds,
        order_outlives_its_group: false,
        lease_reason_is_stored: true,
        price_over_order: ErrorCode { codespace: "market", code: 22 },
        fee_refused: ErrorCode { codespace: "sdk", code: 13 },
        unordered_transactions: true,
        transactions_per_signer_and_block: None,
        identity_is_checked: false,
        provider_registers_itself: true,
        provider_can_leave: false,
        accounts_take_any_denomination: true,
        bech32_prefix_answer: "akash",
        broken_page_key_status: 3,
        unfiltered_rows_by_state: false,
        bids_of_an_order: BidListing::Unspecified,
    },
};
