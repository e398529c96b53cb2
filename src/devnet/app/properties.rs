//! Random messages of the modules beside the market: money is neither made nor lost, settlement's own books balance,
//! only documented states are reached, and all of them are. (The market's are in `rules/market/tests`.)

use super::messages::kinds;
use crate::chain::wire::cert::{CertificateFilter, QueryCertificatesRequest, State};
use crate::chain::wire::cosmos::coin::Coin;
use crate::chain::wire::resources::{AllocationState, QueryAllocationRequest};
use crate::chain::wire::settlement::QueryUsageRecordRequest;
use crate::chain::wire::tx_messages;
use crate::devnet::random;
use crate::devnet::rules::{auth, bank, cert, resources, settlement};
use crate::domain::amount::Int;
use proptest::prelude::*;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

mod certificate;
mod transactions;
mod world;

use world::{ENDED, KINDS, LIVE, Step, World};

/// All states that anything here can be in.
const STATES: &[&str] = &[
    "allocation ALLOCATION_STATE_ACTIVE",
    "allocation ALLOCATION_STATE_EXPIRED",
    "allocation ALLOCATION_STATE_PENDING",
    "allocation ALLOCATION_STATE_RELEASED",
    "certificate revoked",
    "certificate valid",
    "escrow active",
    "escrow disputed",
    "escrow expired",
    "escrow pending",
    "escrow refunded",
    "escrow released",
    "key deprecated",
    "key revoked",
    "key usable",
    "usage acknowledged",
    "usage open",
    "usage settled",
];

impl World {
    /// The sum of all balances is what was made, and module escrow holds what settlement's escrows say.
    fn check(&mut self) {
        let mut sums = BTreeMap::<String, Int>::new();
        for coin in bank::everything(&self.kv).unwrap() {
            let sum = sums.entry(coin.denom).or_default();
            *sum = sum.checked_add(Int::from_wire(&coin.amount).unwrap()).unwrap();
        }
        assert_eq!(sums["uve"], bank::supply(&self.kv, "uve").unwrap());
        let sum = |coins: &[Coin]| coins.iter().map(|coin| coin.amount.parse::<u64>().unwrap()).sum::<u64>();
        let mut held = 0;
        for escrow in self.escrows(&LIVE) {
            assert_eq!(sum(&escrow.amount), sum(&escrow.balance) + sum(&escrow.total_settled), "{escrow:?}");
            held += sum(&escrow.balance);
        }
        for escrow in self.escrows(&ENDED) {
            assert!(escrow.balance.is_empty() && sum(&escrow.total_settled) <= sum(&escrow.amount), "{escrow:?}");
        }
        let module = auth::module_address("escrow");
        assert_eq!(bank::balance(&self.kv, &module, "uve").unwrap(), Int::from(held));
    }

    fn states(&mut self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for state in LIVE.into_iter().chain(ENDED) {
            found.extend((!self.escrows(&[state]).is_empty()).then(|| format!("escrow {state}")));
        }
        for usage_id in self.usage.clone() {
            let request = QueryUsageRecordRequest { usage_id };
            let record = settlement::usage_record(&self.context(), &request).unwrap().usage_record.unwrap();
            assert_eq!(record.settled, !record.settlement_id.is_empty(), "{record:?}");
            let word = match (record.settled, record.customer_acknowledged) {
                (true, _) => "settled",
                (false, true) => "acknowledged",
                (false, false) => "open",
            };
            found.insert(format!("usage {word}"));
        }
        for allocation_id in self.allocations.clone() {
            let request = QueryAllocationRequest { allocation_id };
            let found_one = resources::query_allocation(&self.context(), &request).unwrap().allocation;
            found.insert(format!("allocation {}", AllocationState::try_from(found_one.state).unwrap().word()));
        }
        for number in 0..8 {
            for key in self.keys_of(number).1 {
                let word = match (key.revoked_at, key.deprecated_at) {
                    (0, 0) => "usable",
                    (0, _) => "deprecated",
                    _ => "revoked",
                };
                found.insert(format!("key {word}"));
            }
        }
        let request = QueryCertificatesRequest { filter: CertificateFilter::default(), pagination: None };
        for row in cert::certificates(&self.context(), &request).unwrap().certificates {
            found.insert(format!("certificate {}", State::try_from(row.certificate.state).unwrap().word()));
        }
        found
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let later = prop_oneof![4 => Just(0i64), 4 => 1..60i64, 1 => 3_600..200_000i64];
    let step = (later, any::<u8>(), any::<u64>(), any::<u32>()).prop_map(|(later, kind, pick, amount)| Step {
        later,
        kind,
        pick,
        amount,
    });
    prop::collection::vec(step, 200)
}

#[test]
fn promises_hold() {
    let tries = RefCell::new(BTreeMap::<&str, (u32, u32)>::new());
    let reached = RefCell::new(BTreeSet::new());
    let outcome = random::runner(36, 200).run(&steps(), |steps| {
        let mut world = World::new();
        for step in &steps {
            let Some((kind, outcome)) = world.step(step) else { continue };
            let mut tries = tries.borrow_mut();
            let (sent, accepted) = tries.entry(kind).or_default();
            *sent += 1;
            match outcome {
                Ok(()) => *accepted += 1,
                Err(refusal) => prop_assert!(refusal.broken.is_none(), "{kind}: {}", refusal.text()),
            }
            world.check();
            reached.borrow_mut().extend(world.states());
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{}: {error}", random::shown()));
    if random::seed().is_some() {
        return;
    }
    assert_eq!(reached.into_inner().into_iter().collect::<Vec<_>>(), STATES);
    let tries = tries.into_inner();
    for (kind, _) in KINDS {
        let (sent, accepted) = tries.get(kind).copied().unwrap_or_default();
        assert!(sent >= 30 && accepted * 10 >= sent, "{kind}: {accepted} of {sent} accepted; {tries:?}");
    }
}

/// Every message of a transaction is tried at random, here or with the market; but for governance's, which nobody can
/// sign.
#[test]
fn no_message_is_left_out() {
    let market: Vec<_> = crate::devnet::rules::market::tests::tried_at_random().collect();
    for message in tx_messages() {
        let name = message.message.name;
        let tried = KINDS.iter().any(|(kind, _)| *kind == name) || market.contains(&name);
        assert!(tried || name == "MsgUpdateParams", "{name} is never tried");
    }
    assert_eq!(kinds().len(), tx_messages().count());
}
