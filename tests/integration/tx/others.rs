//! Others beside the sender: another program with the same key, a second process, a chain that is not what it was, and
//! people.

use std::time::Duration;

use provider::devnet::fault::{Fault, Rule};
use provider::devnet::server::Server;
use provider::domain::network::Name;
use provider::domain::outbox::intent::State;
use provider::domain::outbox::transaction;
use provider::store::outbox::{intents, transactions};
use serde_json::Value;

use super::books;
use super::world::{World, chain_options};

/// Sends for the provider's account without the outbox, as another program would.
pub async fn foreign(world: &World, number: u64) -> u64 {
    let message = world.send(number);
    let done = world.client.run(&world.foreign_key(), &message).await;
    assert_eq!(done.code, 0, "{done:?}");
    1_000 + number
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sequence_that_another_program_took_is_repaired_in_the_same_run() {
    // Blocks are slow, so that both want the same sequence of the same block.
    let world = World::new(400, "  max_messages: 1").await;
    let store = world.store();
    let mut wanted = Vec::new();
    for number in 0..3 {
        let message = world.send(number);
        world.enqueue(&store, &format!("send/{number}"), &message, None);
        wanted.push(world.packed(&message));
    }
    // The node forgets what it was given first, and somebody else uses its sequence.
    world.server.node.faults().set(Rule::of(Fault::Swallow, Some("BroadcastTx")).only_call(1));
    let flushing = tokio::task::spawn_blocking({
        let mut command = world.flushing();
        move || command.output().unwrap()
    });
    while !live(&world).iter().any(|tx| tx.state == transaction::State::HandedOut) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    world.server.node.restart(Duration::ZERO).unwrap();
    foreign(&world, 99).await;
    let ended = flushing.await.unwrap();
    let report: Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!((ended.status.code(), &report["messages_done"]), (Some(0), &3.into()), "{report:#}");
    assert_eq!(report["transactions_in_flight"], 0);
    let void = transitions(&world, "void");
    assert!(!void.is_empty() && void.iter().all(|reason| reason == "sequence_used"), "{}", books::history(&world));
    let message = world.send(99);
    wanted.push(world.packed(&message));
    let chain = books::read(&world);
    assert!(wanted.iter().all(|message| chain.executed.get(message) == Some(&1)));
    assert_eq!(chain.executed.len(), 4);
}

/// The transactions that are out.
pub fn live(world: &World) -> Vec<transactions::Transaction> {
    let place = (world.client.chain_id.as_str(), world.address.as_str());
    world.store().read("look", |snapshot| transactions::live(snapshot, place)).unwrap()
}

/// The reasons of all transitions of transactions to a state.
pub fn transitions(world: &World, to: &str) -> Vec<String> {
    let sql = "SELECT coalesce(reason, '') FROM outbox_transitions WHERE tx IS NOT NULL AND to_state = ?1";
    world.store().read("list", |snapshot| snapshot.rows(sql, [to], |row| row.get(0))).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_is_told_who_sends() {
    let world = World::new(300, "").await;
    world.enqueue(&world.store(), "send", &world.send(1), None);
    world.server.node.halt(true);
    let mut first = world.flushing().stdout(std::process::Stdio::null()).spawn().unwrap();
    while live(&world).is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let second = world.flush().await;
    assert_eq!(second.code, Some(75), "{}", second.stderr);
    assert!(second.stderr.contains(&format!("pid {}", first.id())), "{}", second.stderr);
    world.server.node.halt(false);
    assert!(first.wait().unwrap().success());
    assert_eq!(books::read(&world).transactions, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_that_began_anew_is_not_believed() {
    let world = World::new(20, "").await;
    let store = world.store();
    world.enqueue(&store, "one", &world.send(1), None);
    assert_eq!(world.flush().await.code, Some(0));
    let World { folder, server, client, address, network } = world;
    server.stop().await.unwrap();
    // The same id, and lower than it was.
    let server = Server::start(chain_options(&folder.path().join("another"), Name::Virtengine, Duration::from_mins(1)));
    let world = World { server: server.await.unwrap(), folder, client, address, network };
    world.configure("");
    world.enqueue(&store, "two", &world.send(2), None);
    let ran = world.flush().await;
    assert_eq!(ran.code, Some(75), "{}", ran.stderr);
    assert!(ran.stderr.contains("the chain is at height 1, and was at"), "{}", ran.stderr);
    assert_eq!(world.open().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_without_effect_in_a_block_is_no_end() {
    // It comes into a block after its end: refused there before its messages, unpaid, its sequence unused.
    let world = World::new(25, "  timeout_blocks: 5").await;
    world.enqueue(&world.store(), "send", &world.send(1), None);
    world.server.node.faults().set(Rule::of(Fault::Late { blocks: 20 }, Some("BroadcastTx")).only_call(1));
    let ran = world.flush().await;
    assert_eq!(ran.code, Some(0), "{} {}", ran.stdout, ran.stderr);
    let void = transitions(&world, "void");
    assert!(!void.is_empty() && void.iter().all(|reason| reason == "end_passed"), "{}", books::history(&world));
    assert_eq!(transitions(&world, "included"), ["included"]);
    tokio::time::sleep(Duration::from_millis(800)).await;
    books::check(&world, &[world.packed(&world.send(1))], 1_001, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_backup_had_open_waits_for_a_person() {
    let world = World::new(20, "").await;
    let store = world.store();
    let (one, two) = (world.send(1), world.send(2));
    world.enqueue(&store, "one", &one, None);
    let backup = world.run(world.command(&["state", "backup", "--output", "before.db"])).await;
    assert_eq!(backup.code, Some(0), "{}", backup.stderr);
    world.enqueue(&store, "two", &two, None);
    drop(store);
    assert_eq!(world.flush().await.code, Some(0));
    let restored = world.run(world.command(&["state", "restore", "before.db"])).await;
    assert_eq!(restored.code, Some(0), "{}", restored.stderr);
    // The backup does not know that the message was sent. Nothing is sent again by a timer.
    let again = world.flush().await;
    assert_eq!((again.code, &again.json()["messages_held"]), (Some(0), &1.into()), "{}", again.stderr);
    assert!(again.stderr.contains("1 messages wait for a person"), "{}", again.stderr);
    let held = world.store().read("look", |snapshot| intents::by_key(snapshot, "one")).unwrap().unwrap();
    assert_eq!((held.state, held.reason.as_deref()), (State::NeedsConfirmation, Some("restored")));
    // A person looks, and gives it up.
    let given_up = world.run(world.command(&["tx", "abandon", &held.id.to_string()])).await;
    assert_eq!(given_up.code, Some(0), "{}", given_up.stderr);
    let chain = books::read(&world);
    assert_eq!(chain.executed.values().collect::<Vec<_>>(), [&1, &1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_a_backup_knows_are_settled_by_their_hash() {
    let world = World::new(250, "  timeout_blocks: 20").await;
    world.enqueue(&world.store(), "one", &world.send(1), None);
    // Killed when the bytes were stored; they are in the backup.
    let mut killed = world.flushing();
    killed.env("PROVIDER_FAIL_POINT", "handing-noted");
    tokio::task::spawn_blocking(move || killed.output().unwrap()).await.unwrap();
    assert_eq!(world.run(world.command(&["state", "backup", "--output", "b.db"])).await.code, Some(0));
    assert_eq!(world.run(world.command(&["state", "restore", "b.db"])).await.code, Some(0));
    let open = world.open();
    assert_eq!(open.iter().map(|(_, state)| *state).collect::<Vec<_>>(), [State::NeedsConfirmation]);
    // A person cannot let it go on while its bytes may still be executed.
    if !live(&world).is_empty() && books::read(&world).transactions == 0 {
        let id = open[0].0.to_string();
        let early = world.run(world.command(&["tx", "abandon", &id])).await;
        assert_eq!(early.code, Some(75), "{}", early.stderr);
        assert!(early.stderr.contains("which may still be executed"), "{}", early.stderr);
    }
    let ran = world.flush().await;
    assert_eq!(ran.code, Some(0), "{} {}", ran.stdout, ran.stderr);
    books::check(&world, &[world.packed(&world.send(1))], 1_001, 0).await;
    assert!(world.open().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_says_what_would_be_done_and_does_nothing() {
    let world = World::new(25, "  max_messages: 2").await;
    let store = world.store();
    for number in 0..3 {
        world.enqueue(&store, &format!("send/{number}"), &world.send(number), None);
    }
    world.server.node.halt(true);
    let mut killed = world.flushing();
    killed.env("PROVIDER_FAIL_POINT", "stored");
    tokio::task::spawn_blocking(move || killed.output().unwrap()).await.unwrap();
    let ran = world.run(world.command(&["tx", "flush", "--dry-run", "-o", "json"])).await;
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let rows: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(rows.len(), 2, "{}", ran.stdout);
    assert_eq!(rows[0]["detail"], "hand the same bytes to a node");
    assert_eq!(live(&world).len(), 1);
    assert_eq!(live(&world)[0].state, transaction::State::Signed);
    world.server.node.halt(false);
    assert_eq!(world.flush().await.code, Some(0));
    assert_eq!(books::read(&world).transactions, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_can_be_tried_again_and_what_waits_can_be_given_up() {
    let world = World::new(25, "").await;
    let store = world.store();
    // More than the account has: it cannot be paid for, and waits for money.
    let poor = world.enqueue(&store, "poor", &world.send_to(&world.address, u64::MAX), None);
    // Nobody can sign for another's account.
    let mut wrong = world.send(7);
    wrong.amount[0].amount = "no number".to_owned();
    let refused = world.enqueue(&store, "refused", &wrong, None);
    let late = world.enqueue_until(&store, "late", &world.send(3), jiff::Timestamp::UNIX_EPOCH);
    let ran = world.flush().await;
    assert_eq!(ran.code, Some(1), "{} {}", ran.stdout, ran.stderr);
    let state = |id| world.store().read("look", |snapshot| intents::state(snapshot, id)).unwrap().unwrap();
    assert_eq!([state(poor), state(refused), state(late)], [State::Queued, State::Refused, State::Expired]);
    let waiting = world.store().read("look", |snapshot| intents::by_id(snapshot, poor)).unwrap().unwrap();
    assert_eq!(waiting.reason.as_deref(), Some("insufficient_funds"));
    let retried = world.run(world.command(&["tx", "retry", &refused.to_string(), &late.to_string()])).await;
    assert_eq!(retried.code, Some(0), "{}", retried.stderr);
    assert_eq!([state(refused), state(late)], [State::Queued, State::Queued]);
    let all: Vec<String> = [poor, refused, late].iter().map(ToString::to_string).collect();
    let abandon: Vec<&str> = ["tx", "abandon"].into_iter().chain(all.iter().map(String::as_str)).collect();
    assert_eq!(world.run(world.command(&abandon)).await.code, Some(0));
    assert!(world.open().is_empty());
    let again = world.run(world.command(&["tx", "abandon", &poor.to_string()])).await;
    assert_eq!(again.code, Some(65), "{}", again.stderr);
    assert!(again.stderr.contains("an intent that is abandoned cannot be abandoned"), "{}", again.stderr);
    let unknown = world.run(world.command(&["tx", "retry", "4711"])).await;
    assert_eq!(unknown.code, Some(65), "{}", unknown.stderr);
}
