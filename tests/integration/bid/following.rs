//! `bid run --follow`: a run that stays.

use std::process::Stdio;
use std::time::{Duration, Instant};

use provider::domain::id::OrderId;
use serde_json::{Value, json};

use super::world::{bid, decision, deploy, in_state, on_chain, run, seed_orders, sell, selling, usual};
use crate::tx::world::World;

/// Waits for our bid on an order.
async fn until_bid(world: &World, order: &OrderId) -> Duration {
    let begun = Instant::now();
    while !on_chain(world).await.contains_key(&order.to_string()) {
        assert!(begun.elapsed() < Duration::from_mins(1), "no bid on {order}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    begun.elapsed()
}

fn following(world: &World, span: &str) -> std::process::Child {
    let mut command = world.command(&["bid", "run", "--follow", "--passphrase-file", "passphrase", "-o", "json"]);
    command.env("PROVIDER_BIDDING_FOLLOW_FOR", span).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

async fn end_of(child: std::process::Child) -> (Option<i32>, Value, String) {
    let output = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap()).await.unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    let run = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{:?} {stderr}", output.status));
    (output.status.code(), run, stderr)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_follows_bids_on_what_comes_and_ends_when_told() {
    let world = selling(0, "max_bids_per_minute: 100\nmax_concurrent_bids: 100").await;
    let (_, first) = deploy(&world, "one", &usual(&world), "5000000uve").await;
    let child = following(&world, "10m");
    until_bid(&world, &first).await;
    for name in ["two", "three", "four"] {
        let (_, order) = deploy(&world, name, &usual(&world), "5000000uve").await;
        until_bid(&world, &order).await;
    }
    let told = Instant::now();
    let id = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
    let (code, run, stderr) = end_of(child).await;
    assert!(told.elapsed() < Duration::from_secs(20), "{:?}", told.elapsed());
    assert_eq!((code, run["bids"].as_array().unwrap().len()), (Some(0), 4), "{run} {stderr}");
    assert!(in_state(&world).values().all(|row| row.state.word() == "open"));
    // The timer's run finds nothing to do.
    assert_eq!(bid(&world).await["bids"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_let_in_while_it_follows() {
    let world = selling(0, "filters: { max_cpu: 500m }").await;
    let (_, order) = deploy(&world, "one", &usual(&world), "5000000uve").await;
    let child = following(&world, "10m");
    let begun = Instant::now();
    while decision(&world, &order.to_string()).is_none() {
        assert!(begun.elapsed() < Duration::from_mins(1), "no decision");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let order = order.to_string();
    let ran = run(&world, &["bid", "create", "--order-id", &order, "--price", "500uve"]).await;
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    let ran = run(&world, &["bid", "cancel", "--yes", "--bid-id", &order]).await;
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    let id = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
    let (code, report, stderr) = end_of(child).await;
    assert_eq!(code, Some(0), "{report} {stderr}");
    assert_eq!(in_state(&world)[&order].state.word(), "closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_with_its_time_and_leaves_the_lock() {
    let world = selling(0, "").await;
    seed_orders(&world, 2, usual(&world)).await;
    let (code, run, stderr) = end_of(following(&world, "2s")).await;
    assert_eq!((code, run["bids"].as_array().unwrap().len()), (Some(0), 2), "{run} {stderr}");
    assert_eq!(bid(&world).await["ours"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configuration_that_is_written_anew_counts() {
    let world = selling(0, "config_poll_interval: 1s\nfilters: { max_cpu: 500m }").await;
    let (_, order) = deploy(&world, "one", &usual(&world), "5000000uve").await;
    let child = following(&world, "10m");
    let begun = Instant::now();
    while decision(&world, &order.to_string()).is_none() {
        assert!(begun.elapsed() < Duration::from_mins(1), "no decision");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    std::fs::write(world.path("config.yaml"), "no: configuration\n").unwrap();
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(on_chain(&world).await.is_empty(), "one that cannot be used changes nothing");
    sell(&world, "config_poll_interval: 1s");
    until_bid(&world, &order).await;
    // On the chain is not yet known to be there: who is told to stop before leaves the rest to the next.
    while in_state(&world)[&order.to_string()].state.word() != "open" {
        assert!(begun.elapsed() < Duration::from_mins(2), "it is not settled");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let id = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
    let (code, run, stderr) = end_of(child).await;
    assert_eq!((code, run["bids"].as_array().unwrap().len()), (Some(0), 1), "{run} {stderr}");
}
