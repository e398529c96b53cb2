//! VirtEngine, as its node at commit 4954b9cc is.

use super::behaviour::{Behaviour, BidListing, ErrorCode, OverdrawnLease};
use super::{Amount, Denomination, Name, Network, TakeRates};

pub(super) const NETWORK: Network = Network {
    name: Name::Virtengine,
    word: "virtengine",
    package_prefix: "virtengine",
    address_prefix: "ve",
    coin_type: 118,
    fee_denomination: "uve",
    denominations: &[Denomination {
        base: "uve",
        units: &[("uve", 0), ("mve", 3), ("ve", 6), ("virtengine", 6)],
        aliases: &[("uvirt", "uve"), ("virt", "ve")],
    }],
    gas_price: "0.025",
    chain_id: "virtengine-1",
    test_chain_ids: &["virtengine-localnet-1"],
    minimum_bid_deposits: &[Amount { amount: 500_000, denomination: "uve" }],
    minimum_deployment_deposits: &[Amount { amount: 500_000, denomination: "uve" }],
    take_rates: TakeRates { by_denomination: &[("uve", 2)], otherwise: 20 },
    lacks: &["market.v1beta5.MsgLeaseStartReclaim", "market.v1.EventLeaseReclaimStarted"],
    behaviour: Behaviour {
        overdrawn_lease: OverdrawnLease::LooksClosedByOwner,
        order_outlives_its_group: true,
        lease_reason_is_stored: false,
        price_over_order: ErrorCode { codespace: "market", code: 4 },
        fee_refused: ErrorCode { codespace: "undefined", code: 1 },
        unordered_transactions: false,
        transactions_per_signer_and_block: Some(10),
        identity_is_checked: true,
        provider_registers_itself: false,
        provider_can_leave: true,
        accounts_take_any_denomination: false,
        bech32_prefix_answer: "virtengine",
        broken_page_key_status: 13,
        unfiltered_rows_by_state: true,
        bids_of_an_order: BidListing::ByKey,
    },
};
