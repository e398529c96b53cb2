//! How the end of a transaction is searched: what it costs, and what is concluded where parts of a node do not answer.

use std::time::Duration;

use provider::devnet::fault::{Fault, Rule};
use provider::domain::outbox::intent::State;
use provider::store::outbox::intents;

use super::books;
use super::others::{foreign, live, transitions};
use super::world::World;

/// A fault that does nothing but count the calls of a method.
fn counting(method: &str) -> Rule {
    Rule::of(Fault::Delay { milliseconds: 0 }, Some(method))
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_costs_about_one_call_a_block_for_all_transactions_together() {
    let world = World::new(400, "  max_messages: 1").await;
    let store = world.store();
    for number in 0..5 {
        world.enqueue(&store, &format!("send/{number}"), &world.send(number), None);
    }
    let faults = world.server.node.faults();
    faults.set(Rule::of(Fault::Late { blocks: 1 }, Some("BroadcastTx")));
    for method in ["block", "block_results", "status", "GetTx"] {
        faults.set(counting(method));
    }
    let before = world.server.node.moment(0).unwrap().height();
    assert_eq!(world.flush().await.code, Some(0));
    let blocks = u64::try_from(world.server.node.moment(0).unwrap().height() - before).unwrap();
    let seen = |method: &str| {
        let counted = faults.list().into_iter().find(|rule| rule.method.as_deref() == Some(method)).unwrap();
        counted.seen
    };
    // A block that is not made yet costs a second look; nobody is asked for each hash.
    assert!(seen("block") <= 8 * blocks.max(1), "{} for {blocks} blocks", seen("block"));
    assert!(seen("block_results") <= 5 && seen("GetTx") == 0, "{} {}", seen("block_results"), seen("GetTx"));
    assert!(seen("status") <= 4 + blocks, "{} for {blocks} blocks", seen("status"));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_index_the_blocks_say_what_is_there() {
    let world = World::new(25, "  timeout_blocks: 6").await;
    let faults = world.server.node.faults();
    for method in ["GetTx", "tx"] {
        faults.set(Rule::of(Fault::Status { code: 13, message: "indexing is disabled".to_owned() }, Some(method)));
    }
    faults.set(Rule::of(Fault::Swallow, Some("BroadcastTx")).only_call(1));
    world.enqueue(&world.store(), "send", &world.send(1), None);
    let ran = world.flush().await;
    assert_eq!(ran.code, Some(0), "{} {}", ran.stdout, ran.stderr);
    let void = transitions(&world, "void");
    assert!(!void.is_empty() && void.iter().all(|reason| reason == "end_passed"), "{}", books::history(&world));
    assert_eq!(transitions(&world, "included").len(), 1);
    books::check(&world, &[world.packed(&world.send(1))], 1_001, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outcome_that_nobody_can_tell_waits_for_a_person() {
    let world = World::new(100, "  confirm_within: 4s").await;
    world.enqueue(&world.store(), "send", &world.send(1), None);
    world.server.node.faults().set(Rule::of(Fault::Swallow, Some("BroadcastTx")).only_call(1));
    let mut killed = world.flushing();
    killed.env("PROVIDER_FAIL_POINT", "handing-noted");
    tokio::task::spawn_blocking(move || killed.output().unwrap()).await.unwrap();
    world.server.node.restart(Duration::ZERO).unwrap();
    let foreign = foreign(&world, 99).await;
    // Its sequence is used, and the blocks that would tell by whom are gone.
    let gone = "height 5 is not available, lowest height is 900".to_owned();
    world.server.node.faults().set(Rule::of(Fault::Status { code: -32603, message: gone }, Some("block")));
    let ran = world.flush().await;
    assert!(ran.stderr.contains("is lost"), "{:?} {}", ran.code, ran.stderr);
    assert!(live(&world).is_empty());
    let held = world.store().read("look", |snapshot| intents::by_key(snapshot, "send")).unwrap().unwrap();
    assert_eq!((held.state, held.reason.as_deref()), (State::NeedsConfirmation, Some("outcome_unknown")));
    // A timer does nothing about it; a person does.
    world.server.node.faults().clear();
    assert_eq!(world.flush().await.json()["messages_held"], 1);
    let confirmed =
        world.run(world.command(&["tx", "confirm", "--all", "--passphrase-file", "passphrase", "-o", "json"])).await;
    assert_eq!(confirmed.code, Some(0), "{} {}", confirmed.stdout, confirmed.stderr);
    assert_eq!(confirmed.json()["messages_done"], 1);
    let chain = books::read(&world);
    assert_eq!((chain.executed.len(), foreign), (2, 1_099));
    assert!(chain.executed.values().all(|times| *times == 1));
}
