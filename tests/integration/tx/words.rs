//! What the commands say, and what they end with: true, once, and with a way on.

use provider::devnet::fault::{Fault, Rule};
use provider::devnet::server::Options;
use provider::domain::outbox::intent::State;

use super::others::live;
use super::world::{Ran, World};

async fn ran(world: &World, arguments: &[&str]) -> Ran {
    world.run(world.command(arguments)).await
}

/// `update` with the key's passphrase.
async fn update(world: &World, more: &[&str]) -> Ran {
    let all: Vec<&str> = ["update", "--passphrase-file", "passphrase"].iter().chain(more).copied().collect();
    ran(world, &all).await
}

fn states(world: &World) -> Vec<State> {
    world.open().into_iter().map(|(_, state)| state).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_fails_says_that_its_message_stays() {
    let world = World::new(20, "").await;
    let stays = "message 1 is queued: `provider tx flush` sends it, `provider tx abandon 1` drops it";
    world.server.node.faults().set(Rule::of(Fault::CatchingUp, None));
    let website = ["--website", "https://a.example"];
    let behind = update(&world, &website).await;
    // What is merged into the record must be believed first: there is no message yet.
    assert_eq!(behind.code, Some(75), "{}", behind.stderr);
    assert!(behind.stderr.contains("is not believed") && !behind.stderr.contains(stays), "{}", behind.stderr);
    assert!(states(&world).is_empty());
    world.server.node.faults().clear();

    std::fs::write(world.folder.path().join("passphrase"), "not the passphrase at all").unwrap();
    let wrong = update(&world, &website).await;
    assert_eq!(wrong.code, Some(77), "{}", wrong.stderr);
    assert!(wrong.stderr.contains(stays), "{}", wrong.stderr);
    assert_eq!(states(&world), [State::Queued]);
    assert_eq!(ran(&world, &["tx", "abandon", "1"]).await.code, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_passphrase_nothing_is_signed_and_the_hint_is_readable() {
    let world = World::new(20, "").await;
    world.enqueue(&world.store(), "send", &world.send(1), None);
    let flushed = ran(&world, &["tx", "flush"]).await;
    assert_eq!(flushed.code, Some(77), "{}", flushed.stderr);
    let hint = "give the unit a credential `provider-passphrase` (LoadCredential)";
    assert!(flushed.stderr.contains(hint), "{}", flushed.stderr);
    assert_eq!(states(&world), [State::Queued]);
    assert!(live(&world).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn exit_codes_say_whether_to_try_later_helps() {
    let world = World::new(50, "  confirm_within: 1s").await;
    let id = world.enqueue(&world.store(), "send", &world.send(1), None).to_string();
    world.server.node.halt(true);
    assert_eq!(world.flush().await.code, Some(75));
    assert_eq!(states(&world), [State::InFlight]);
    let decisions: [&[&str]; 3] =
        [&["tx", "abandon", &id], &["tx", "retry", &id], &["tx", "confirm", &id, "--passphrase-file", "passphrase"]];
    // It is signed: it will be settled, and then something else can be decided.
    for decision in decisions {
        assert_eq!(ran(&world, decision).await.code, Some(75), "{decision:?}");
    }
    world.server.node.halt(false);
    assert_eq!(world.flush().await.code, Some(0));
    // It is done for good.
    for decision in decisions {
        let told = ran(&world, decision).await;
        assert_eq!(told.code, Some(65), "{decision:?} {}", told.stderr);
        assert!(told.stderr.contains("an intent that is done cannot be"), "{}", told.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsed_update_shows_what_would_change_and_what_waits() {
    let world = World::new(50, "  confirm_within: 1s").await;
    let dry = ["--dry-run", "-o", "json", "--attributes", "zone=a", "--website", "https://a.example"];
    let rehearsed = update(&world, &dry).await;
    assert_eq!(rehearsed.code, Some(0), "{}", rehearsed.stderr);
    let wanted = serde_json::json!([
        {"field": "attributes.zone", "before": null, "after": "a"},
        {"field": "website", "before": null, "after": "https://a.example"},
    ]);
    let told = rehearsed.json();
    assert_eq!((&told["changes"], &told["changed"]), (&wanted, &false.into()), "{told:#}");
    assert!(rehearsed.stderr.contains("nothing was sent"), "{}", rehearsed.stderr);
    assert!(world.open().is_empty());

    // Another change is out.
    world.server.node.halt(true);
    let out = update(&world, &["--attributes", "zone=b"]).await;
    assert_eq!(out.code, Some(75), "{}", out.stderr);
    let signed = "message 1 is signed, and cannot be taken back: `provider tx flush` finds out what becomes of it";
    assert!(out.stderr.contains(signed), "{}", out.stderr);
    for arguments in [&dry[..], &dry[1..], &["--dry-run"], &[]] {
        let told = update(&world, arguments).await;
        assert_eq!(told.code, Some(75), "{arguments:?} {}", told.stderr);
        assert!(told.stderr.contains("intent 1 is in_flight, and is another wish"), "{arguments:?} {}", told.stderr);
        assert!(told.stderr.contains(signed) && !told.stderr.contains("tx abandon"), "{}", told.stderr);
    }
    // The same wish is no other one.
    let same = update(&world, &["--dry-run", "--attributes", "zone=b"]).await;
    assert!(same.code == Some(0) && same.stderr.contains(signed), "{:?} {}", same.code, same.stderr);
    world.server.node.halt(false);
    assert_eq!(world.flush().await.code, Some(0));
    let same = update(&world, &["--dry-run", "--attributes", "zone=b", "-o", "json"]).await;
    assert_eq!((same.code, &same.json()["changes"]), (Some(0), &serde_json::json!([])), "{}", same.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deposit_that_is_no_amount_is_refused() {
    let world = World::new(20, "").await;
    for arguments in [&["--deposit", "abc"][..], &["--deposit", "abc", "-q"], &["--deposit", "-5uve"]] {
        let told = update(&world, arguments).await;
        assert_eq!(told.code, Some(64), "{arguments:?} {}", told.stderr);
    }
    let told = update(&world, &["--deposit", "100000uve"]).await;
    assert_eq!(told.code, Some(0), "{}", told.stderr);
    assert!(told.stderr.contains("--deposit 100000uve: the chain takes no stake"), "{}", told.stderr);
}

/// The log says everything on stderr that it says by default.
fn with_the_usual_log(world: &World) {
    let text = std::fs::read_to_string(world.path("config.yaml")).unwrap();
    std::fs::write(world.path("config.yaml"), text.replace("level: error", "level: info")).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_wrong_is_said_once() {
    let world = World::new(20, "  confirm_within: 3s").await;
    with_the_usual_log(&world);
    world.enqueue(&world.store(), "send", &world.send(1), None);
    let faults = world.server.node.faults();
    faults.set(Rule::of(Fault::Status { code: 14, message: "no balances today".to_owned() }, Some("AllBalances")));
    let flushed = world.flush().await;
    assert_eq!(flushed.code, Some(75), "{}", flushed.stderr);
    // It was met with each block.
    assert!(faults.list()[0].seen > 1);
    assert_eq!(flushed.stderr.matches("no balances today").count(), 1, "{}", flushed.stderr);
    assert!(flushed.stderr.contains("note: "), "{}", flushed.stderr);
    let quiet = ran(&world, &["tx", "flush", "--passphrase-file", "passphrase", "-q"]).await;
    // Why it failed is said all the same, and nothing else.
    assert_eq!(quiet.code, Some(75));
    assert_eq!(quiet.stderr.matches("no balances today").count(), 1, "{}", quiet.stderr);
    assert!(quiet.stderr.lines().all(|line| line.starts_with("note: ")), "{}", quiet.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn money_that_is_missing_is_said_once() {
    let poor = |options: &mut Options| options.genesis.accounts.retain(|account| account.name != "provider");
    let world = World::with(20, "", poor).await;
    with_the_usual_log(&world);
    let words = "does not exist yet: send it at least 5000uve";
    for more in [&["--website", "https://a.example"][..], &["--website", "https://a.example", "-q"]] {
        let told = update(&world, more).await;
        assert_eq!(told.code, Some(75), "{}", told.stderr);
        assert_eq!(told.stderr.matches(words).count(), 1, "{more:?} {}", told.stderr);
        assert!(told.stderr.contains("message 1 is queued: `provider tx flush` sends it"), "{}", told.stderr);
    }
    let flushed = world.flush().await;
    assert_eq!(flushed.code, Some(1), "{}", flushed.stderr);
    assert_eq!(flushed.stderr.matches("the next transaction needs").count(), 1, "{}", flushed.stderr);
}
