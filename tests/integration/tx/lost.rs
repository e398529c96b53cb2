//! What nobody could tell any more, and what is found after all: after a person has decided, and other bytes are out.

use std::time::Duration;

use prost_types::Any;
use provider::chain::wire::Named as _;
use provider::devnet::fault::{Fault, Rule};
use provider::domain::outbox::intent::State;
use provider::store::outbox::{IntentId, intents};

use super::books;
use super::others::{live, transitions};
use super::world::{Ran, World};

/// Nobody looks a hash up, and a block is answered so.
fn silence(world: &World, about_blocks: &str) {
    let faults = world.server.node.faults();
    faults.clear();
    for method in ["GetTx", "tx"] {
        faults.set(Rule::of(Fault::Status { code: 13, message: "indexing is disabled".to_owned() }, Some(method)));
    }
    faults.set(Rule::of(Fault::Status { code: -32603, message: about_blocks.to_owned() }, Some("block")));
}

const PRUNED: &str = "height 5 is not available, lowest height is 900";
const BUSY: &str = "context canceled";

/// A message whose transaction is in a block, executed or not, and of which nobody can tell.
async fn lost(world: &World, gas_limit: u64) -> IntentId {
    let id = world.enqueue(&world.store(), "send", &world.send(1), None);
    let any: Any = world.send(1).pack(world.network);
    let bytes = world.sign_by_hand(&[(id, any)], gas_limit).await;
    let taken = world.client.broadcast(bytes).await.unwrap();
    assert_eq!(taken.code, 0, "{taken:?}");
    world.client.included(&taken.txhash).await;
    silence(world, PRUNED);
    let ran = world.flush().await;
    assert!(ran.stderr.contains("is lost"), "{:?} {}", ran.code, ran.stderr);
    assert_eq!(state(world, id), State::NeedsConfirmation);
    assert!(live(world).is_empty());
    id
}

fn state(world: &World, id: IntentId) -> State {
    world.store().read("look", |snapshot| intents::state(snapshot, id)).unwrap().unwrap()
}

async fn confirm(world: &World, id: IntentId) -> Ran {
    let id = id.to_string();
    world.run(world.command(&["tx", "confirm", &id, "--passphrase-file", "passphrase", "-o", "json"])).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_that_is_found_late_takes_nothing_from_bytes_that_are_out() {
    let world = World::new(50, "  confirm_within: 2s").await;
    let id = lost(&world, 55_000).await;
    // A person lets it be signed anew, and those bytes do not come into a block yet.
    world.server.node.halt(true);
    silence(&world, BUSY);
    let confirmed = confirm(&world, id).await;
    assert_eq!((confirmed.code, live(&world).len()), (Some(75), 1), "{} {}", confirmed.stdout, confirmed.stderr);
    // Now the first transaction is found, and it has failed.
    world.server.node.faults().clear();
    let ran = world.flush().await;
    assert_eq!((ran.code, &ran.json()["transactions_signed"]), (Some(75), &0.into()), "{}", books::history(&world));
    assert_eq!(transitions(&world, "failed").len(), 1);
    assert_eq!((state(&world, id), live(&world).len()), (State::InFlight, 1), "{}", books::history(&world));
    world.server.node.halt(false);
    let ran = world.flush().await;
    assert_eq!(ran.code, Some(0), "{} {}", ran.stdout, ran.stderr);
    assert_eq!(transitions(&world, "signed").len(), 2, "{}", books::history(&world));
    books::check(&world, &[world.packed(&world.send(1))], 1_001, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_given_up_and_is_found_executed_is_done_and_said_aloud() {
    let world = World::new(50, "").await;
    let id = lost(&world, 150_000).await;
    let given_up = world.run(world.command(&["tx", "abandon", &id.to_string()])).await;
    assert_eq!(given_up.code, Some(0), "{}", given_up.stderr);
    world.server.node.faults().clear();
    let ran = world.flush().await;
    assert_eq!(ran.code, Some(1), "{} {}", ran.stdout, ran.stderr);
    let words = format!("message {id}, which is abandoned, was on the chain: transaction ");
    assert_eq!(ran.stderr.matches(&words).count(), 1, "{}", ran.stderr);
    assert!(ran.json()["surprises"][0].as_str().unwrap().starts_with(&words));
    assert_eq!(state(&world, id), State::Done);
    // The fee is booked, and flushes go on.
    let message = world.send(2);
    world.enqueue(&world.store(), "next", &message, None);
    let next = world.flush().await;
    assert_eq!(next.code, Some(0), "{} {}", next.stdout, next.stderr);
    books::check(&world, &[world.packed(&world.send(1)), world.packed(&message)], 1_001 + 1_002, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_had_executed_twice_is_settled_twice_and_said_aloud() {
    let world = World::new(50, "  confirm_within: 2s").await;
    let id = lost(&world, 150_000).await;
    silence(&world, BUSY);
    let confirmed = confirm(&world, id).await;
    assert_eq!((confirmed.code, live(&world).len()), (Some(75), 1), "{} {}", confirmed.stdout, confirmed.stderr);
    world.server.node.faults().clear();
    let ran = world.flush().await;
    assert_eq!(ran.code, Some(1), "{} {}", ran.stdout, ran.stderr);
    for words in [format!("message {id} was on the chain: "), format!("message {id} was executed twice: ")] {
        assert_eq!(ran.stderr.matches(&words).count(), 1, "{}", ran.stderr);
    }
    assert_eq!((state(&world, id), live(&world).len()), (State::Done, 0), "{}", books::history(&world));
    let again = world.flush().await;
    assert_eq!(again.code, Some(0), "{}", again.stderr);
    let chain = books::read(&world);
    assert_eq!((chain.executed.values().copied().collect::<Vec<_>>(), chain.transactions), (vec![2], 2));
    // Both fees are booked.
    let spent = world.run(world.command(&["tx", "list", "-o", "json"])).await.json();
    assert_eq!(spent[0]["state"], "done");
    assert_eq!(transitions(&world, "included").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn blocks_that_are_refused_are_not_asked_for_without_a_pause() {
    for words in [PRUNED, BUSY] {
        let world = World::new(50, "  confirm_within: 2s").await;
        world.enqueue(&world.store(), "send", &world.send(1), None);
        world.server.node.halt(true);
        silence(&world, words);
        let begun = std::time::Instant::now();
        let ran = world.flush().await;
        assert!(begun.elapsed() > Duration::from_secs(2), "{:?} {}", begun.elapsed(), ran.stderr);
        let rules = world.server.node.faults().list();
        let asked = rules.iter().find(|rule| rule.method.as_deref() == Some("block")).unwrap().seen;
        assert!((1..=15).contains(&asked), "{words}: {asked}");
        world.server.stop().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_node_in_trouble_says_of_a_message_refuses_nothing() {
    let world = World::new(20, "  confirm_within: 1s").await;
    let id = world.enqueue(&world.store(), "send", &world.send(1), None);
    let canceled = "rpc error: code = Canceled desc = context canceled";
    for (code, message) in [(2, canceled), (7, "forbidden"), (16, "who are you?"), (3, "no such route")] {
        world.server.node.faults().clear();
        world.server.node.faults().set(Rule::of(Fault::Status { code, message: message.to_owned() }, Some("Simulate")));
        let ran = world.flush().await;
        assert_eq!(ran.code, Some(75), "{code}: {} {}", ran.stdout, ran.stderr);
        assert_eq!(ran.stderr.matches(message).count(), 1, "{code}: {}", ran.stderr);
        assert_eq!(state(&world, id), State::Queued, "{code}");
    }
    world.server.node.faults().clear();
    assert_eq!(world.flush().await.code, Some(0));
    books::check(&world, &[world.packed(&world.send(1))], 1_001, 0).await;
}
