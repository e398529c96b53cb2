//! A kill at each write boundary in turn, for certain.

use std::os::unix::process::ExitStatusExt as _;

use futures_util::StreamExt as _;
use provider::chain::wire::market::{Order, OrderId};
use provider::devnet::fault::{Fault, Rule};
use provider::domain::outbox::intent::State;
use provider::jobs::tx_flush::FailPoint;
use provider::store::outbox::intents;

use super::books;
use super::world::World;

/// A world in which a flush comes to every point: one message is refused, one transaction is lost by the node.
async fn eventful(name: &str) -> (World, Vec<(String, Vec<u8>)>, u64) {
    let world = World::new(20, "  max_messages: 2\n  timeout_blocks: 6").await;
    let store = world.store();
    let (mut wanted, mut sent) = (Vec::new(), 0);
    for number in 0..5 {
        let message = world.send(number);
        world.enqueue(&store, &format!("send/{number}"), &message, None);
        wanted.push(world.packed(&message));
        sent += 1_000 + number;
        if number == 1 {
            let nowhere = world.bid(&Order { spec: provider::devnet::seed::usual_group(world.network), ..unknown() });
            world.enqueue(&store, &format!("bid/{name}"), &nowhere, Some("500000uve"));
        }
    }
    let lost = Rule::of(Fault::Swallow, Some("BroadcastTx")).only_call(1);
    world.server.node.faults().set(lost);
    (world, wanted, sent)
}

/// An order that the chain does not know.
fn unknown() -> Order {
    let owner = "ve1vtad8680vhdfqvxx0f2yaxa6agdylelmyn8y87".to_owned();
    Order { id: OrderId { owner, dseq: 77, gseq: 1, oseq: 1 }, ..Order::default() }
}

/// Kills a flush at a point, lets others end its work, and compares. Whether it came to that point.
async fn killed_at(point: FailPoint, time: u32) -> bool {
    let (world, wanted, sent) = eventful(point.word()).await;
    let mut armed = world.flushing();
    armed.env("PROVIDER_FAIL_POINT", format!("{}:{time}", point.word()));
    let status = tokio::task::spawn_blocking(move || armed.output().unwrap().status).await.unwrap();
    let killed = status.signal() == Some(9);
    // Some points are passed once only.
    assert!(killed || (time > 1 && status.code() == Some(1)), "{} {time}: {status}", point.word());
    // On a busy machine an end that near passes before a node has the bytes, again and again.
    world.configure("  max_messages: 2\n  timeout_blocks: 500");
    let rounds = world.flush_to_the_end().await;
    let checked = books::check(&world, &wanted, sent, 0).await;
    assert!(checked.transactions >= 3, "{} after {rounds}", point.word());
    let key = format!("bid/{}", point.word());
    let bid = world.store().read("look", |snapshot| intents::by_key(snapshot, &key)).unwrap().unwrap();
    assert_eq!(bid.state, State::Refused, "{}", point.word());
    world.server.stop().await.unwrap();
    killed
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_at_each_write_boundary_does_no_harm() {
    let times = FailPoint::ALL.iter().flat_map(|point| [(*point, 1), (*point, 2)]);
    let kills = futures_util::stream::iter(times).map(|(point, time)| async move { killed_at(point, time).await });
    let killed = kills.buffer_unordered(4).filter(|killed| std::future::ready(*killed)).count().await;
    assert!(killed >= FailPoint::ALL.len(), "{killed} kills");
}
