//! A run that is killed at any of its steps, or at any of the outbox's: the next one mends it.

use std::os::unix::process::ExitStatusExt as _;

use futures_util::StreamExt as _;
use provider::devnet::fault::{Fault, Rule};
use provider::devnet::tenant::Action;
use provider::jobs::{bid_run, tx_flush};
use provider::store::bids::closings;

use super::world::{bid, deploy, in_state, on_chain, run, seed_orders, selling, tenant, usual};

const SELLING: &str = "max_bids_per_minute: 100\nmax_concurrent_bids: 100\nretry_delay: 0s";
const ORDERS: u32 = 5;

/// A run with bids to send and one to close is killed when it comes to a point for so many times. Whether it came there.
async fn killed_at(point: &str, time: u32) -> bool {
    let world = selling(20, SELLING).await;
    let (dseq, gone) = deploy(&world, "one", &usual(&world), "5000000uve").await;
    bid(&world).await;
    tenant(&world, "one", Action::Close { dseq }).await;
    seed_orders(&world, ORDERS, usual(&world)).await;
    // The node loses what it is given first.
    world.server.node.faults().set(Rule::of(Fault::Swallow, Some("BroadcastTx")).only_call(1));
    let mut armed = world.command(&["bid", "run", "--passphrase-file", "passphrase", "-o", "json"]);
    armed.env("PROVIDER_FAIL_POINT", format!("{point}:{time}")).env("PROVIDER_TRANSACTIONS_TIMEOUT_BLOCKS", "8");
    let output = tokio::task::spawn_blocking(move || armed.output().unwrap()).await.unwrap();
    let killed = output.status.signal() == Some(9);
    assert!(killed || output.status.code().is_some(), "{point}: {:?}", output.status);
    for _ in 0..20 {
        let ran = run(&world, &["bid", "run"]).await;
        assert!(matches!(ran.code, Some(0 | 1 | 75)), "{point} {time}: {}{}", ran.stdout, ran.stderr);
        let waiting = in_state(&world).values().any(|row| row.state.word() != "open" && row.order != gone.to_string());
        if ran.code == Some(0) && !waiting && in_state(&world)[&gone.to_string()].state.word() == "closed" {
            break;
        }
    }
    // The table of bids by order: no order has two.
    let chain = on_chain(&world).await;
    let rows = in_state(&world);
    assert_eq!((chain.len(), rows.len()), (6, 6), "{point} {time}: an order was passed over");
    for (order, row) in &rows {
        let wanted = if *order == gone.to_string() { "closed" } else { "open" };
        assert_eq!(row.state.word(), wanted, "{point} {time}: {order}");
        assert_eq!(chain[order].bid.price.amount, row.price.amount.to_wire(), "{point} {time}: {order}");
        assert_eq!(row.attempts, 1, "{point} {time}: {order} was sent again as another message");
    }
    let counted = world.store().read("closings", |snapshot| closings::since(snapshot, jiff::Timestamp::UNIX_EPOCH));
    assert_eq!(counted.unwrap().len(), 1, "{point} {time}: a closing counts once, however often it is decided");
    world.server.stop().await.unwrap();
    killed
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_anywhere_costs_no_order_and_no_second_bid() {
    let of_runs = bid_run::FailPoint::ALL.iter().map(|point| (point.word(), 1));
    let of_flushes = tx_flush::FailPoint::ALL.iter().map(|point| (point.word(), 1));
    let again = [("bids-partly-recorded", 3), ("stored", 2), ("handed-out", 2), ("settled", 2)];
    let all: Vec<(&str, u32)> = of_runs.chain(of_flushes).chain(again).collect();
    let kills =
        futures_util::stream::iter(all).map(|(point, time)| async move { (point, killed_at(point, time).await) });
    let kills: Vec<(&str, bool)> = kills.buffer_unordered(4).collect().await;
    for (point, killed) in &kills {
        let refusal = point.starts_with("refus");
        assert!(*killed || refusal || !point.starts_with("bids-"), "no run came to {point}");
    }
    assert!(kills.iter().filter(|(_, killed)| *killed).count() >= 18, "{kills:?}");
}
