//! A fee that no node takes: it is said at once, and not tried again without end.

use std::time::{Duration, Instant};

use provider::devnet::fault::{Fault, Rule};
use provider::domain::outbox::intent::State;
use provider::store::outbox::{intents, transactions};

use super::books;
use super::others::live;
use super::world::{Ran, World};

/// Each node wants more.
fn want_more(world: &World) {
    let log = "insufficient fees; got: 8uve required: 5000uve: insufficient fee".to_owned();
    let refuse = Fault::Refuse { codespace: "sdk".to_owned(), code: 13, log };
    world.server.node.faults().set(Rule::of(refuse, Some("BroadcastTx")));
}

async fn ran(world: &World, arguments: &[&str]) -> Ran {
    world.run(world.command(arguments)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fee_that_is_too_small_is_said_at_once_and_everywhere() {
    let world = World::new(20, "  timeout_blocks: 500").await;
    want_more(&world);
    let id = world.enqueue(&world.store(), "send", &world.send(1), None).to_string();
    let begun = Instant::now();
    let flushed = world.flush().await;
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    let why = "the fee is missing, too small or in another coin";
    assert_eq!(flushed.code, Some(75), "{}", flushed.stderr);
    assert!(flushed.stderr.contains(why) && flushed.stderr.contains("raise chain.gas_prices"), "{}", flushed.stderr);
    // What nobody took is not paid.
    assert_eq!(flushed.json()["fees"], serde_json::json!([]), "{}", flushed.stdout);
    for listed in [
        ran(&world, &["tx", "list", "-o", "json"]).await.json()[0].clone(),
        ran(&world, &["tx", "show", &id, "-o", "json"]).await.json(),
    ] {
        assert_eq!(
            (&listed["state"], &listed["reason"]),
            (&"in_flight".into(), &"insufficient_fee".into()),
            "{listed}"
        );
        assert!(listed["detail"].as_str().unwrap().contains(why), "{listed}");
    }
    let quiet = ran(&world, &["-q", "tx", "flush", "--passphrase-file", "passphrase"]).await;
    assert_eq!(quiet.code, Some(75));
    assert_eq!(quiet.stderr.matches(why).count(), 1, "{}", quiet.stderr);
    // A node takes the same bytes after all.
    world.server.node.faults().clear();
    assert_eq!(world.flush().await.code, Some(0));
    books::check(&world, &[world.packed(&world.send(1))], 1_001, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_says_why_its_message_is_not_let_in() {
    let world = World::new(20, "").await;
    want_more(&world);
    let website = ["update", "--passphrase-file", "passphrase", "--website", "https://a.example"];
    let told = ran(&world, &website).await;
    assert_eq!(told.code, Some(75), "{}", told.stderr);
    let words = "the message is not on the chain yet (in_flight): the chain refuses: the fee is missing";
    assert!(told.stderr.contains(words) && told.stderr.contains("raise chain.gas_prices"), "{}", told.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_price_is_not_offered_again() {
    for (change, retry) in [(None, true), (Some("0.05uve"), false)] {
        let world = World::new(20, "  timeout_blocks: 5").await;
        want_more(&world);
        let id = world.enqueue(&world.store(), "send", &world.send(1), None);
        assert_eq!(world.flush().await.code, Some(75));
        // Its end passes; nothing is signed in its place, whether nodes would take it or not.
        let end = live(&world)[0].timeout_height;
        while u64::try_from(world.server.node.moment(0).unwrap().height()).unwrap() <= end {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        world.server.node.faults().clear();
        let signed = || world.store().read("look", |snapshot| transactions::of_intent(snapshot, id)).unwrap().len();
        for _ in 0..2 {
            let waiting = world.flush().await;
            assert_eq!(waiting.code, Some(75), "{} {}", waiting.stdout, waiting.stderr);
            assert!(waiting.stderr.contains("no node takes it at a gas price of 0.025uve"), "{}", waiting.stderr);
            assert_eq!(signed(), 1);
        }
        let row = world.store().read("look", |snapshot| intents::by_id(snapshot, id)).unwrap().unwrap();
        assert_eq!((row.state, row.reason.as_deref()), (State::Queued, Some("insufficient_fee")));
        if retry {
            assert_eq!(ran(&world, &["tx", "retry", &id.to_string()]).await.code, Some(0));
        }
        if let Some(price) = change {
            let text = std::fs::read_to_string(world.path("config.yaml")).unwrap();
            let text = text.replace("chain:\n", &format!("chain:\n  gas_prices: {price}\n"));
            std::fs::write(world.path("config.yaml"), text).unwrap();
        }
        let ran = world.flush().await;
        assert_eq!((ran.code, signed()), (Some(0), 2), "{} {}", ran.stdout, ran.stderr);
    }
}
