use super::*;
use crate::chain::wire::cosmos::coin::{Coin, DecCoin};
use crate::chain::wire::escrow::{QueryInvoiceLedgerRequest, QueryInvoiceRequest, QueryInvoicesByCustomerRequest};
use crate::chain::wire::settlement::{
    MsgAcknowledgeUsage, MsgActivateEscrow, MsgClaimRewards, MsgCreateEscrow, MsgDisputeEscrow, MsgRecordUsage,
    MsgRefundEscrow, MsgReleaseEscrow, MsgSettleOrder, QueryEscrowsByOrderRequest, QueryEscrowsByStateRequest,
    QueryPayoutsByProviderRequest, QuerySettlementsByOrderRequest,
};
use crate::devnet::context::Profile;
use crate::devnet::kv::MemoryKv;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::replay::Rules;
use crate::devnet::rules::{auth, bank, escrow as accounts};
use crate::domain::network::Name;
use jiff::Timestamp;

#[test]
fn the_recorded_node_is_repeated() {
    let rules = Rules::of(Name::Virtengine)
        .message(basic::create_escrow, create_escrow)
        .message(basic::activate_escrow, activate_escrow)
        .message(basic::record_usage, record_usage)
        .message(basic::acknowledge_usage, acknowledge_usage)
        .message(basic::settle_order, settle_order)
        .query(query_escrow)
        .query(escrows_by_order)
        .query(settlements_by_order)
        .query(usage_record)
        .query(usage_records_by_order)
        .query(usage_summary)
        .query(params)
        .hooks(|context| begin_block(context).unwrap(), |context| end_block(context).unwrap());
    let compared = rules.replay("08-usage-settlement.jsonl");
    for note in ["second settlement escrow for one order (included)", "final settlement by the provider (included)"] {
        assert!(compared.iter().any(|compared| compared == note), "{note}: {compared:?}");
    }
    assert_eq!(compared.len(), 39);
    assert_eq!(rules.replay("01-node.jsonl"), ["node facts"]);
}

const TENANT: u8 = 1;
const PROVIDER: u8 = 2;
const ORDER: &str = "t/7/1/1";
const DAY: i64 = 86_400;
/// Ids are ordered as text: the times in them need equally many digits.
const BEGIN: i64 = 1_700_000_000;

/// A chain with a rich tenant.
struct World(MemoryKv);

impl World {
    fn new() -> Self {
        let mut world = Self(MemoryKv::new());
        auth::make_module_accounts(&mut world.at(0)).unwrap();
        bank::mint(&mut world.at(0), &[TENANT; 20], &["10000000uve".parse().unwrap()]).unwrap();
        world
    }

    fn at(&mut self, seconds: i64) -> Context<'_> {
        let time = Timestamp::from_second(BEGIN + seconds).unwrap();
        Context::new(&mut self.0, Name::Virtengine.facts(), Profile::Localnet, 1 + seconds / 10, time)
    }

    fn has(&mut self, who: &[u8]) -> String {
        bank::balance(&self.0, who, "uve").unwrap().to_string()
    }

    fn created(mut self, expires_in: u64) -> Self {
        let amount = vec![Coin { denom: "uve".into(), amount: "1000000".into() }];
        let message = MsgCreateEscrow { sender: address(TENANT), order_id: ORDER.into(), amount, expires_in };
        create_escrow(&mut self.at(0), &message).unwrap();
        self
    }

    fn activated(mut self) -> Self {
        let message = MsgActivateEscrow {
            sender: address(9),
            escrow_id: "escrow-1".into(),
            lease_id: "l".into(),
            recipient: address(PROVIDER),
        };
        activate_escrow(&mut self.at(5), &message).unwrap();
        self
    }

    fn used(&mut self, at: i64, units: u64, usage_type: &str) -> String {
        let message = MsgRecordUsage {
            sender: address(PROVIDER),
            order_id: ORDER.into(),
            lease_id: "l".into(),
            usage_units: units,
            usage_type: usage_type.into(),
            period_start: BEGIN,
            period_end: BEGIN + 10,
            unit_price: DecCoin { denom: "uve".into(), amount: "1500000000000000000".into() },
            signature: vec![1],
        };
        record_usage(&mut self.at(at), &message).unwrap().usage_id
    }

    fn settled(&mut self, at: i64, ids: &[&str], is_final: bool) -> Result<String, u32> {
        let message = MsgSettleOrder {
            sender: address(TENANT),
            order_id: ORDER.into(),
            usage_record_ids: ids.iter().map(|id| (*id).to_owned()).collect(),
            is_final,
        };
        settle_order(&mut self.at(at), &message).map(|answer| answer.total_amount).map_err(|refusal| refusal.code)
    }

    fn state(&mut self) -> (String, String) {
        let request = QueryEscrowsByOrderRequest { order_id: ORDER.into() };
        let found = escrows_by_order(&self.at(0), &request).unwrap().escrows.remove(0);
        (found.state, coins::Coins::of(&found.balance).unwrap().to_string())
    }
}

fn address(byte: u8) -> String {
    auth::of_bytes(Name::Virtengine.facts(), &[byte; 20])
}

fn code<T>(result: Result<T, Refusal>) -> u32 {
    result.map(drop).map_or_else(|refusal| refusal.code, |()| 0)
}

#[test]
fn an_escrow_that_is_over_gives_the_money_back() {
    let mut world = World::new().created(3_600).activated();
    world.used(10, 1_000, "cpu");
    assert_eq!(world.settled(20, &[], false), Ok("1500uve".into()));
    begin_block(&mut world.at(3_600)).unwrap();
    assert_eq!(world.state(), ("active".into(), "998500uve".into()));
    assert_eq!(world.settled(3_601, &[], true), Err(1518));
    begin_block(&mut world.at(3_601)).unwrap();
    assert_eq!(world.state(), ("expired".into(), String::new()));
    assert_eq!(world.has(&[TENANT; 20]), "9998500");
    assert_eq!(world.has(&auth::module_address("escrow")), "0");
    assert_eq!(accounts::all_accounts(&world.0).unwrap()[0].state.state(), crate::chain::wire::escrow::State::Closed);
    // One that waits for a provider, too.
    let mut world = World::new().created(3_600);
    begin_block(&mut world.at(4_000)).unwrap();
    assert_eq!((world.state().0.as_str(), world.has(&[TENANT; 20]).as_str()), ("expired", "10000000"));
    assert_eq!(world.settled(4_001, &[], true), Err(1519));
}

#[test]
fn usage_is_settled_by_itself_after_a_day() {
    let mut world = World::new().created(10 * 86_400).activated();
    world.used(10, 1_000, "cpu");
    end_block(&mut world.at(DAY + 4)).unwrap();
    assert_eq!(world.state().1, "1000000uve");
    end_block(&mut world.at(DAY + 5)).unwrap();
    assert_eq!(world.state().1, "998500uve");
    world.used(DAY + 6, 1_000_000, "cpu");
    end_block(&mut world.at(2 * DAY + 4)).unwrap();
    assert_eq!(world.state().1, "998500uve");
    // There is less than was used.
    end_block(&mut world.at(2 * DAY + 5)).unwrap();
    assert_eq!(world.state(), ("active".into(), String::new()));
    let fees = world.has(&auth::module_address("settlement"));
    assert_eq!((world.has(&[PROVIDER; 20]).as_str(), fees.as_str()), ("940000", "60000"));
    let request = QuerySettlementsByOrderRequest { order_id: ORDER.into() };
    let settlements = settlements_by_order(&world.at(0), &request).unwrap().settlements;
    assert_eq!(settlements.len(), 2);
    assert_eq!(settlements[1].total_usage_units, 1_000_000);
    // What is refused is left.
    world.used(2 * DAY + 6, 5, "cpu");
    end_block(&mut world.at(4 * DAY)).unwrap();
    assert_eq!(world.settled(4 * DAY, &[], false), Err(1506));
}

#[test]
fn settling_refuses_what_does_not_fit() {
    let mut world = World::new().created(3_600).activated();
    assert_eq!(world.settled(10, &[], false), Err(1506));
    assert_eq!(world.settled(10, &["usage-1-1"], false), Err(1513));
    let id = world.used(10, 2, "cpu");
    let stranger = MsgSettleOrder { sender: address(8), order_id: ORDER.into(), ..MsgSettleOrder::default() };
    assert_eq!(code(settle_order(&mut world.at(11), &stranger)), 1505);
    let elsewhere = MsgSettleOrder { sender: address(TENANT), order_id: "x".into(), ..stranger };
    assert_eq!(code(settle_order(&mut world.at(11), &elsewhere)), 1501);
    assert_eq!(world.settled(11, &[id.as_str()], false), Ok("3uve".into()));
    assert_eq!(world.settled(12, &[id.as_str()], false), Err(1515));
    assert_eq!(world.settled(13, &[], true), Ok("999997uve".into()));
    assert_eq!(world.state(), ("released".into(), String::new()));
}

#[test]
fn either_side_ends_an_escrow_in_its_way() {
    let refund = |sender| MsgRefundEscrow { sender, escrow_id: "escrow-1".into(), reason: "r".into() };
    let release = |sender| MsgReleaseEscrow { sender, escrow_id: "escrow-1".into(), ..MsgReleaseEscrow::default() };
    let dispute = |sender| MsgDisputeEscrow {
        sender,
        escrow_id: "escrow-1".into(),
        reason: "r".into(),
        ..MsgDisputeEscrow::default()
    };
    let mut world = World::new().created(3_600);
    assert_eq!(code(release_escrow(&mut world.at(1), &release(address(TENANT)))), 1519);
    assert_eq!(code(dispute_escrow(&mut world.at(1), &dispute(address(TENANT)))), 1503);
    assert_eq!(code(refund_escrow(&mut world.at(1), &refund(address(PROVIDER)))), 1505);
    let mut world = world.activated();
    assert_eq!(code(release_escrow(&mut world.at(6), &release(address(PROVIDER)))), 1505);
    assert_eq!(code(dispute_escrow(&mut world.at(6), &dispute(address(8)))), 1505);
    dispute_escrow(&mut world.at(6), &dispute(address(PROVIDER))).unwrap();
    assert_eq!(world.settled(7, &[], true), Err(1519));
    // In dispute nothing expires.
    begin_block(&mut world.at(9_000)).unwrap();
    assert_eq!(world.state().0, "disputed");
    let released = release_escrow(&mut world.at(8), &release(address(TENANT))).unwrap();
    assert_eq!(released.released_amount, "1000000uve");
    assert_eq!((world.state().0.as_str(), world.has(&[PROVIDER; 20]).as_str()), ("released", "1000000"));
    assert_eq!(code(refund_escrow(&mut world.at(9), &refund(address(PROVIDER)))), 1503);

    let mut world = World::new().created(3_600).activated();
    let refunded = refund_escrow(&mut world.at(8), &refund(address(PROVIDER))).unwrap();
    assert_eq!((refunded.refunded_amount.as_str(), world.has(&[TENANT; 20]).as_str()), ("1000000uve", "10000000"));
    let request = QueryEscrowsByStateRequest { state: "refunded".into() };
    assert_eq!(escrows_by_state(&world.at(0), &request).unwrap().escrows.len(), 1);
    let request = QueryEscrowsByStateRequest { state: "gone".into() };
    assert!(escrows_by_state(&world.at(0), &request).is_err());
}

#[test]
fn an_escrow_collides_with_a_deployment_of_its_number() {
    let mut world = World::new();
    let id = crate::chain::wire::escrow::AccountId { scope: 1, xid: format!("{}/1", address(TENANT)) };
    accounts::create_account(&mut world.at(0), id, &address(TENANT), vec![]).unwrap();
    let amount = vec![Coin { denom: "uve".into(), amount: "5".into() }];
    let message = MsgCreateEscrow { sender: address(TENANT), order_id: ORDER.into(), amount, expires_in: 3_600 };
    let refusal = create_escrow(&mut world.at(0), &message).unwrap_err();
    assert_eq!((refusal.code, refusal.text().as_ref()), (1504, "account exists: insufficient funds"));
    let short = MsgCreateEscrow { expires_in: 3_599, ..message.clone() };
    assert_eq!(code(create_escrow(&mut world.at(0), &short)), 1500);
    let long = MsgCreateEscrow { expires_in: 31_536_001, ..message };
    assert_eq!(code(create_escrow(&mut world.at(0), &long)), 1500);
}

#[test]
fn rewards_are_claimed_once_and_move_nothing() {
    let mut world = World::new().created(31_536_000).activated();
    let claim = MsgClaimRewards { sender: address(PROVIDER), source: String::new() };
    assert_eq!(code(claim_rewards(&mut world.at(9), &claim)), 1511);
    let agreed = world.used(10, 1_000, "GPU");
    let message = MsgAcknowledgeUsage { sender: address(TENANT), usage_id: agreed, signature: vec![1] };
    acknowledge_usage(&mut world.at(11), &message).unwrap();
    // Late, and not agreed with.
    world.used(11 + DAY, 1_000, "network");
    world.settled(12 + DAY, &[], false).unwrap();
    let before = world.has(&[PROVIDER; 20]);
    let elsewhere = MsgClaimRewards { source: "staking".into(), ..claim.clone() };
    assert_eq!(code(claim_rewards(&mut world.at(13), &elsewhere)), 1511);
    // A tenth of 1500: × 1.2, and × 0.9 × 0.8 × 0.9.
    assert_eq!(claim_rewards(&mut world.at(13), &claim).unwrap().claimed_amount, "277uve");
    assert_eq!(code(claim_rewards(&mut world.at(13), &claim)), 1511);
    assert_eq!(world.has(&[PROVIDER; 20]), before);
    let stranger = MsgAcknowledgeUsage { sender: address(8), ..message.clone() };
    assert_eq!(code(acknowledge_usage(&mut world.at(14), &stranger)), 1505);
    assert_eq!(code(acknowledge_usage(&mut world.at(14), &message)), 1515);
}

#[test]
fn a_settlement_leaves_a_payout_and_an_invoice() {
    let mut world = World::new().created(3_600).activated();
    world.used(10, 1_000, "cpu");
    world.settled(11, &[], false).unwrap();
    let request = QueryPayoutsByProviderRequest { provider: address(PROVIDER) };
    let payout = payouts_by_provider(&world.at(0), &request).unwrap().payouts.remove(0);
    assert_eq!((payout.payout_id.as_str(), payout.state.as_str()), ("payout-1700000011-1", "completed"));
    assert_eq!(payout.net_amount[0].amount, "1410");
    let request = QueryInvoiceRequest { invoice_id: payout.invoice_id.clone() };
    let invoice = invoice(&world.at(0), &request).unwrap().invoice_json;
    assert_eq!(serde_json::from_str::<serde_json::Value>(&invoice).unwrap()["settlement_id"], "settle-1700000011-1");
    let request = QueryInvoicesByCustomerRequest { customer: address(TENANT), pagination: None };
    assert_eq!(invoices_by_customer(&world.at(0), &request).unwrap().invoices_json, [invoice]);
    let request = QueryInvoiceLedgerRequest { invoice_id: payout.invoice_id };
    assert_eq!(invoice_ledger(&world.at(0), &request).unwrap().entries_json.len(), 2);
    let request = QueryInvoiceRequest { invoice_id: "x".into() };
    assert!(super::invoice(&world.at(0), &request).is_err());
}
