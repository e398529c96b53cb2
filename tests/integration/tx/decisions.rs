//! What a person decides about messages, and what stands in the way.

use provider::devnet::fault::{Fault, Rule};
use provider::domain::outbox::intent::{Event, State};
use provider::store::outbox::{IntentId, Stamp, intents};
use serde_json::{Value, json};

use super::world::{Ran, World};

async fn ran(world: &World, arguments: &[&str]) -> Ran {
    world.run(world.command(arguments)).await
}

async fn update(world: &World, more: &[&str]) -> Ran {
    let all: Vec<&str> = ["update", "--passphrase-file", "passphrase"].iter().chain(more).copied().collect();
    ran(world, &all).await
}

fn row(world: &World, id: i64) -> intents::Intent {
    world.store().read("look", |snapshot| intents::by_id(snapshot, IntentId(id))).unwrap().unwrap()
}

/// The message waits for a person.
fn hold(world: &World, id: IntentId) {
    let stamp = Stamp { at: jiff::Timestamp::now(), run: None };
    world.store().write("hold", |change| intents::apply(change, id, Event::Hold, stamp, None)).unwrap();
}

async fn zone(world: &World) -> Value {
    ran(world, &["info", "-o", "json"]).await.json()["attributes"]["zone"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_not_set_back_without_a_word() {
    let world = World::new(20, "").await;
    let passphrase = world.folder.path().join("passphrase");
    let right = std::fs::read_to_string(&passphrase).unwrap();
    std::fs::write(&passphrase, "not the passphrase at all").unwrap();
    assert_eq!(update(&world, &["--attributes", "zone=old"]).await.code, Some(77));
    assert_eq!(ran(&world, &["tx", "abandon", "1"]).await.code, Some(0));
    std::fs::write(&passphrase, right).unwrap();
    for value in ["zone=b", "zone=new"] {
        assert_eq!(update(&world, &["--attributes", value]).await.code, Some(0));
    }
    assert_eq!(ran(&world, &["tx", "retry", "1"]).await.code, Some(0));
    let flushed = world.flush().await;
    assert!(flushed.stderr.contains("the register says something else"), "{:?} {}", flushed.code, flushed.stderr);
    let held = row(&world, 1);
    assert_eq!((held.state, held.reason.as_deref()), (State::NeedsConfirmation, Some("base_changed")));
    assert_eq!(zone(&world).await, "new");
    // Another change in the meantime is told what stands in its way.
    let other = update(&world, &["--attributes", "zone=c"]).await;
    assert_eq!(other.code, Some(0), "its purpose is that of the newest: {}", other.stderr);
    // A person has looked, and means it.
    let confirmed = ran(&world, &["tx", "confirm", "1", "--passphrase-file", "passphrase"]).await;
    assert_eq!(confirmed.code, Some(0), "{}", confirmed.stderr);
    assert_eq!(zone(&world).await, "old");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_is_behind_changes_nothing_and_is_no_witness() {
    let world = World::with(20, "", |options| options.genesis.providers.clear()).await;
    world.server.node.faults().set(Rule::of(Fault::CatchingUp, None));
    for arguments in [
        &["info"][..],
        &["cert", "show"],
        &["update", "--dry-run", "--website", "https://a.example"],
        &["register", "--dry-run", "--host-uri", "https://p.example.com"],
        &["cert", "revoke", "4711", "--passphrase-file", "passphrase"],
        &["register", "--host-uri", "https://p.example.com", "--passphrase-file", "passphrase"],
    ] {
        let told = ran(&world, arguments).await;
        assert_eq!(told.code, Some(75), "{arguments:?} {}", told.stderr);
        assert!(told.stderr.contains("is catching up with the chain"), "{arguments:?} {}", told.stderr);
        assert!(!told.stderr.contains("is not registered"), "{arguments:?} {}", told.stderr);
    }
    assert!(world.open().is_empty());
    world.enqueue(&world.store(), "send", &world.send(1), None);
    assert_eq!(world.flush().await.code, Some(75));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_confirmed_that_cannot_be_signed() {
    let world = World::new(20, "").await;
    let id = world.enqueue(&world.store(), "send", &world.send(1), None);
    hold(&world, id);
    for arguments in [&["tx", "confirm", "1"][..], &["tx", "confirm", "--all"], &["tx", "confirm", "1"]] {
        let told = ran(&world, arguments).await;
        assert_eq!(told.code, Some(77), "{arguments:?} {}", told.stderr);
        assert!(told.stderr.contains("cannot unlock the key `provider`"), "{}", told.stderr);
        assert_eq!(row(&world, id.0).state, State::NeedsConfirmation);
    }
    let retried = ran(&world, &["tx", "retry", "1"]).await;
    assert_eq!(retried.code, Some(65), "{}", retried.stderr);
    assert!(retried.stderr.contains("`provider tx confirm 1`"), "{}", retried.stderr);
    let confirmed = ran(&world, &["tx", "confirm", "1", "--passphrase-file", "passphrase"]).await;
    assert_eq!(confirmed.code, Some(0), "{}", confirmed.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_message_is_decided_about_by_itself() {
    let world = World::new(20, "").await;
    let store = world.store();
    let (one, two) =
        (world.enqueue(&store, "one", &world.send(1), None), world.enqueue(&store, "two", &world.send(2), None));
    let rows = |ran: &Ran| {
        let rows: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
        rows.into_iter().map(|row| json!([row["intent"], row["state"], row["error"].is_null()])).collect::<Vec<_>>()
    };
    for dry in [true, false] {
        let mut arguments = vec!["tx", "abandon", "1", "99999", "2", "-o", "json"];
        arguments.extend(dry.then_some("--dry-run"));
        let told = ran(&world, &arguments).await;
        assert_eq!(told.code, Some(1), "{}", told.stderr);
        assert_eq!(
            rows(&told),
            [json!([1, "abandoned", true]), json!([99999, null, false]), json!([2, "abandoned", true])]
        );
        let wanted = if dry { State::Queued } else { State::Abandoned };
        assert_eq!((row(&world, one.0).state, row(&world, two.0).state), (wanted, wanted));
    }
    // A rehearsal ends as the real thing would.
    for arguments in [
        &["tx", "abandon", "1", "--dry-run"][..],
        &["tx", "abandon", "1"],
        &["tx", "confirm", "1", "--dry-run"],
        &["tx", "retry", "99999", "--dry-run"],
    ] {
        assert_eq!(ran(&world, arguments).await.code, Some(65), "{arguments:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsed_flush_knows_the_caps() {
    // A payment costs less than 3000uve, and two cost more.
    let world = World::new(20, "  max_messages: 1\n  fees_per_run: 3000").await;
    let store = world.store();
    for number in 0..2 {
        world.enqueue(&store, &format!("send/{number}"), &world.send(number), None);
    }
    let told = ran(&world, &["tx", "flush", "--dry-run", "-o", "json"]).await;
    let rows: Vec<Value> = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(rows[0]["detail"], "sign and hand to a node");
    assert!(rows[1]["detail"].as_str().unwrap().starts_with("not now: "), "{}", told.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cap_that_stops_a_command_is_named() {
    let world = World::new(20, "  fees_per_run: 1").await;
    let told = update(&world, &["--website", "https://a.example"]).await;
    assert_eq!(told.code, Some(75), "{}", told.stderr);
    assert!(told.stderr.contains("raise transactions.fees_per_run; then"), "{}", told.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn listings_take_a_state_and_a_state_file() {
    let world = World::new(20, "").await;
    let id = world.enqueue(&world.store(), "send", &world.send(1), None);
    let file = world.path("state.db");
    let file = file.to_str().unwrap();
    for more in [&[][..], &["--state-file", file]] {
        for (state, count) in [("queued", 1), ("done", 0)] {
            let arguments: Vec<&str> =
                ["tx", "list", "--state", state, "-o", "json"].iter().chain(more).copied().collect();
            let told = ran(&world, &arguments).await;
            assert_eq!(told.code, Some(0), "{arguments:?} {}", told.stderr);
            let rows: Vec<Value> = serde_json::from_str(&told.stdout).unwrap();
            assert_eq!(rows.len(), count, "{arguments:?}");
            assert!(rows.iter().all(|row| row["intent"] == id.0));
        }
        let arguments: Vec<&str> =
            ["workloads", "list", "--state", "running", "-o", "json"].iter().chain(more).copied().collect();
        let told = ran(&world, &arguments).await;
        assert_eq!((told.code, told.stdout.trim()), (Some(0), "[]"), "{arguments:?} {}", told.stderr);
    }
}
