//! Flushes that nobody disturbs.

use provider::devnet::fault::{Fault, Rule};

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
    // Each signature is in the audit trail, with the transaction that it is on.
    let trail = world.run(world.command(&["audit-log", "--event", "key_usage", "-o", "json"])).await;
    let rows = trail.json();
    let signed: Vec<&str> =
        rows.as_array().unwrap().iter().filter_map(|row| row["details"]["transaction"].as_str()).collect();
    assert_eq!(signed.len(), 6, "{rows:#}");
    // What a person asks for.
    let listed = world.run(world.command(&["tx", "list", "--limit", "2", "-o", "json"])).await.json();
    assert_eq!((listed[0]["key"].as_str(), listed[0]["state"].as_str()), (Some("heartbeat/2"), Some("done")));
    let message = world.run(world.command(&["tx", "show", "bid/1", "-o", "json"])).await.json();
    let path: Vec<&str> =
        message["transitions"].as_array().unwrap().iter().map(|row| row["to"].as_str().unwrap()).collect();
    assert_eq!((path, message["deposit"].as_str()), (vec!["queued", "in_flight", "done"], Some("500000uve")));
    let hash = message["transaction"].as_str().unwrap();
    assert!(signed.contains(&hash));
    let transaction = world.run(world.command(&["tx", "show", hash])).await;
    assert!(transaction.stdout.contains("included") && transaction.stdout.contains("fee "), "{}", transaction.stdout);
    assert_eq!(world.run(world.command(&["tx", "show", "nothing"])).await.code, Some(65));
    // Once more: nothing to do, and no node is needed for that.
    world.server.node.faults().set(Rule::of(Fault::Drop, None));
    let nothing = world.flush().await;
    assert_eq!((nothing.code, &nothing.json()["transactions_signed"]), (Some(0), &0.into()), "{}", nothing.stderr);
}
