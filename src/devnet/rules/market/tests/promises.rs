//! What must be true of the chain at all times.

use super::world::World;
use crate::chain::wire::base::Source;
use crate::chain::wire::deployment::{DeploymentState, GroupState};
use crate::chain::wire::escrow::{Account, State};
use crate::chain::wire::market::{BidState, LeaseState, OrderState};
use crate::devnet::rules::listing::RowKey;
use crate::devnet::rules::market::state::{BIDS, LEASES, ORDERS};
use crate::devnet::rules::market::{deployment_of, find_bid, find_order, order_of};
use crate::devnet::rules::{auth, bank, deployment, escrow, market};
use crate::domain::amount::{Dec18, Int};
use std::collections::{BTreeMap, BTreeSet};

/// All money, by denomination.
pub fn all_money(world: &World) -> BTreeMap<String, Int> {
    let mut sums: BTreeMap<String, Int> = BTreeMap::new();
    for coin in bank::everything(&world.kv).unwrap() {
        let sum = sums.entry(coin.denom).or_default();
        *sum = sum.checked_add(Int::from_wire(&coin.amount).unwrap()).unwrap();
    }
    sums
}

/// Sums by denomination; none of them is zero.
type Sums = BTreeMap<String, Dec18>;

fn add(sums: &mut Sums, denom: &str, wire: &str) {
    let sum = sums.entry(denom.to_owned()).or_default();
    *sum = sum.checked_add(Dec18::from_wire(wire).unwrap()).unwrap();
    sums.retain(|_, sum| !sum.is_zero());
}

/// The deposits and the funds of an account.
fn books(account: &Account) -> (Sums, Sums) {
    let (mut deposits, mut funds) = (Sums::new(), Sums::new());
    for one in &account.state.deposits {
        add(&mut deposits, &one.balance.denom, &one.balance.amount);
    }
    for one in &account.state.funds {
        add(&mut funds, &one.denom, &one.amount);
    }
    (deposits, funds)
}

/// The module holds what its books say, account by account and denomination by denomination.
pub fn books_balance(world: &World) {
    let mut owed = Sums::new();
    for account in escrow::all_accounts(&world.kv).unwrap() {
        let (deposits, funds) = books(&account);
        match account.state.state() {
            State::Open => assert_eq!(deposits, funds, "{account:?}"),
            State::Closed => assert!(deposits.is_empty() && funds.is_empty(), "{account:?}"),
            // What is missing is missing in one denomination; what there was of others was given back.
            State::Overdrawn => {
                assert!(deposits.is_empty() && funds.len() == 1, "{account:?}");
                assert!(funds.values().all(|sum| sum.is_negative()), "{account:?}");
            }
            State::Invalid => panic!("{account:?}"),
        }
        for (denom, sum) in deposits {
            add(&mut owed, &denom, &sum.to_wire());
        }
    }
    for payment in escrow::all_payments(&world.kv).unwrap() {
        let state = &payment.state;
        assert_eq!(state.balance.denom, state.rate.denom, "{payment:?}");
        add(&mut owed, &state.balance.denom, &state.balance.amount);
        let unsettled = Dec18::from_wire(&state.unsettled.amount).unwrap();
        assert_eq!(unsettled.is_positive(), state.state() == State::Overdrawn && !unsettled.is_zero(), "{payment:?}");
        assert!(!Dec18::from_wire(&state.balance.amount).unwrap().is_negative(), "{payment:?}");
    }
    let module = auth::module_address("escrow");
    let mut held = Sums::new();
    for coin in bank::balances(&world.kv, &module).unwrap() {
        let whole = Dec18::try_from(Int::from_wire(&coin.amount).unwrap()).unwrap();
        add(&mut held, &coin.denom, &whole.to_wire());
    }
    assert_eq!(held, owed);
}

/// What is named has its parts: a lease that runs has an active bid, order and deployment, an open group and a payment.
pub fn parts_fit(world: &mut World) {
    let context = &world.context();
    for lease in market::all_leases(&*context.kv).unwrap() {
        let bid_id = market::bid_of(&lease.id);
        let bid = find_bid(context, &bid_id).unwrap().unwrap();
        let order = find_order(context, &order_of(&bid_id)).unwrap().unwrap();
        let running = matches!(lease.state(), LeaseState::Active | LeaseState::Reclaiming);
        assert_eq!(running, bid.state() == BidState::Active, "{lease:?}");
        assert_eq!(running, order.state() == OrderState::Active, "{lease:?}");
        assert_eq!(running, lease.closed_on == 0, "{lease:?}");
        if running {
            let found = deployment::find(context, &deployment_of(&bid_id)).unwrap().unwrap();
            let group = deployment::find_group(context, &market::group_of(&order.id)).unwrap().unwrap();
            let states = (found.state(), group.state());
            assert_eq!(states, (DeploymentState::Active, GroupState::Open), "{lease:?}");
        }
    }
}

/// Each index names each row once, where it belongs.
pub fn indexes_fit(world: &World) {
    let rows = |all: usize, count: &dyn Fn(u8) -> u64| assert_eq!(all as u64, (0..8).map(count).sum::<u64>());
    let within = &RowKey::new();
    rows(ORDERS.all(&world.kv).unwrap().len(), &|state| ORDERS.count(&world.kv, state, within).unwrap());
    rows(BIDS.all(&world.kv).unwrap().len(), &|state| BIDS.count(&world.kv, state, within).unwrap());
    rows(LEASES.all(&world.kv).unwrap().len(), &|state| LEASES.count(&world.kv, state, within).unwrap());
}

/// The states in which anything is, as words: `bid lost`. (And where deposits are from.)
pub fn states(world: &World) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut note = |what: &str, word: &str| found.insert(format!("{what} {word}"));
    for one in deployment::all(&world.kv).unwrap() {
        note("deployment", DeploymentState::try_from(one.state).unwrap().word());
    }
    for one in deployment::all_groups(&world.kv).unwrap() {
        note("group", GroupState::try_from(one.state).unwrap().word());
    }
    for one in market::all_orders(&world.kv).unwrap() {
        note("order", OrderState::try_from(one.state).unwrap().word());
    }
    for one in market::all_bids(&world.kv).unwrap() {
        note("bid", BidState::try_from(one.state).unwrap().word());
    }
    for one in market::all_leases(&world.kv).unwrap() {
        note("lease", LeaseState::try_from(one.state).unwrap().word());
    }
    for one in escrow::all_accounts(&world.kv).unwrap() {
        note("account", State::try_from(one.state.state).unwrap().word());
        if books(&one).1.len() > 1 {
            note("account", "of several denominations");
        }
        for deposit in one.state.deposits {
            note("deposit from", Source::try_from(deposit.source).unwrap().word());
        }
    }
    for one in escrow::all_payments(&world.kv).unwrap() {
        note("payment", State::try_from(one.state.state).unwrap().word());
    }
    found
}
