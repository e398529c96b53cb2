//! Flushes that nobody disturbs.

use super::books;
use super::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_queued_comes_onto_the_chain_once_and_is_booked() {
    let world = World::new(20, "  max_messages: 3").await;
    let store = world.store();
    let orders = world.orders(4).await;
    let (mut wanted, mut sent) = (Vec::new(), 0);
    for number in 0..10 {
        let message = world.send(number);
        world.enqueue(&store, &format!("send/{number}"), &message, None);
        wanted.push(world.packed(&message));
        sent += 1_000 + number;
    }
    for (number, order) in orders.iter().enumerate() {
        let message = world.bid(order);
        world.enqueue(&store, &format!("bid/{number}"), &message, Some("500000uve"));
        wanted.push(world.packed(&message));
    }
    for number in 0..3 {
        let message = world.heartbeat(number);
        world.enqueue(&store, &format!("heartbeat/{number}"), &message, None);
        wanted.push(world.packed(&message));
    }
    let ran = world.flush().await;
    let report = ran.json();
    assert_eq!((ran.code, &report["messages_done"]), (Some(0), &17.into()), "{report:#} {}", ran.stderr);
    assert_eq!(report["transactions_signed"], 6, "{report:#}");
    let chain = books::check(&world, &wanted, sent, 4 * 500_000).await;
    assert_eq!(chain.transactions, 6);
    // Once more: nothing to do, and no node is needed for that.
    world.server.stop().await.unwrap();
}
