//! Random messages of tenants and providers: money is neither made nor lost, the books of escrow balance, only
//! documented states are reached, and all of them are.

use super::promises;
use super::world::{KINDS, Step, Tries, World};
use crate::devnet::random;
use crate::domain::network::Name;
use proptest::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// The states of this network, as semantics.md and networks.md have them.
fn documented(name: Name) -> BTreeSet<String> {
    let mut states = vec![
        "deployment active",
        "deployment closed",
        "group open",
        "group paused",
        "group insufficient_funds",
        "group closed",
        "order open",
        "order active",
        "order closed",
        "bid open",
        "bid active",
        "bid lost",
        "bid closed",
        "lease active",
        "lease closed",
        "deposit from balance",
        "deposit from grant",
        "account open",
        "account closed",
        "account overdrawn",
        "payment open",
        "payment closed",
        "payment overdrawn",
    ];
    if name == Name::Akash {
        states.push("account of several denominations");
        // VirtEngine's overdrawn leases look closed, and it knows no notice.
        states.extend(["lease insufficient_funds", "lease reclaiming"]);
    }
    states.into_iter().map(str::to_owned).collect()
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let blocks = prop_oneof![1 => Just(0u8), 3 => 1..4u8, 1 => 4..12u8];
    let step = (blocks, any::<u8>(), any::<u64>(), any::<u32>()).prop_map(|(blocks, kind, pick, amount)| Step {
        blocks,
        kind,
        pick,
        amount,
    });
    prop::collection::vec(step, 150)
}

fn promises_hold(name: Name) {
    let tries = RefCell::new(Tries::new());
    let reached = RefCell::new(BTreeSet::new());
    let outcome = random::runner(32, 400).run(&steps(), |steps| {
        let mut world = World::new(name);
        let money = promises::all_money(&world);
        for step in &steps {
            let Some((kind, outcome)) = world.step(step) else { continue };
            let mut tries = tries.borrow_mut();
            let (sent, accepted) = tries.entry(kind).or_default();
            *sent += 1;
            match outcome {
                Ok(()) => *accepted += 1,
                Err(refusal) => prop_assert!(refusal.broken.is_none(), "{kind}: {}", refusal.text()),
            }
            prop_assert_eq!(&promises::all_money(&world), &money);
            promises::books_balance(&world);
            promises::parts_fit(&mut world);
            promises::indexes_fit(&world);
            reached.borrow_mut().extend(promises::states(&world));
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{}: {error}", random::shown()));
    if random::seed().is_some() {
        return;
    }
    assert_eq!(reached.into_inner(), documented(name));
    let tries = tries.into_inner();
    for (kind, _, networks) in KINDS {
        if networks.contains(&name) {
            let (sent, accepted) = tries.get(kind).copied().unwrap_or_default();
            assert!(sent >= 30 && accepted * 10 >= sent, "{kind}: {accepted} of {sent} accepted; {tries:?}");
        }
    }
}

#[test]
fn promises_hold_on_virtengine() {
    promises_hold(Name::Virtengine);
}

#[test]
fn promises_hold_on_akash() {
    promises_hold(Name::Akash);
}
