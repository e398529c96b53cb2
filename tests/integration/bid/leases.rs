//! Leases: what the monitor watches, withdraws and learns, and what the commands show.

use provider::devnet::control::{Request, perform};
use provider::devnet::tenant::Action;
use provider::domain::id::OrderId;
use serde_json::{Value, json};

use super::world::{ask, bid, deploy, run, selling, tenant, usual};
use crate::tx::world::World;

/// Makes blocks, a second each.
async fn advance(world: &World, blocks: u32) {
    let (node, grpc, rpc) = (world.server.node.clone(), world.server.grpc, world.server.rpc);
    let request = Request::Advance { blocks, step: 1_000 };
    tokio::task::spawn_blocking(move || perform(&node, grpc, rpc, request)).await.unwrap();
}

/// A lease that takes 500 uve a block of five millions.
async fn leased(world: &World, name: &str) -> (u64, OrderId) {
    let (dseq, order) = deploy(world, name, &usual(world), "5000000uve").await;
    let ran = run(world, &["bid", "create", "--order-id", &order.to_string(), "--price", "500uve"]).await;
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    tenant(world, name, Action::Accept { dseq, gseq: None, wait: 0 }).await;
    (dseq, order)
}

/// A run of the monitor whose next one is near: how fast blocks are here does not decide what is due before it.
async fn monitor(world: &World) -> Value {
    let mut command = world.command(&["lease", "monitor", "--passphrase-file", "passphrase", "-o", "json"]);
    command.env("PROVIDER_LEASES_MONITOR_INTERVAL", "1s");
    let ran = world.run(command).await;
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    ran.json()
}

fn number(text: &Value) -> f64 {
    text.as_str().unwrap_or_else(|| panic!("{text}")).trim_end_matches("uve").parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_is_watched_paid_out_and_its_end_is_learned() {
    let world = selling(0, "").await;
    let (dseq, order) = leased(&world, "one").await;
    bid(&world).await;
    advance(&world, 100).await;
    let seen = monitor(&world).await;
    assert_eq!((&seen["leases"], &seen["ended"], &seen["withdrawals"]), (&json!(1), &json!([]), &json!([])), "{seen}");
    let lease = format!("{order}/{}", world.address);
    let rows = ask(&world, &["lease", "list"]).await;
    assert_eq!((&rows[0]["lease"], &rows[0]["back_end"]), (&json!(lease), &json!("local")), "{rows}");
    assert!(number(&rows[0]["earned"]) >= 50_000.0, "{rows}");
    let escrow = ask(&world, &["escrow", "show", &lease]).await;
    let funds = &escrow["funds"][0];
    assert_eq!((number(&funds["burn_rate"]), &funds["denomination"]), (500.0, &json!("uve")), "{escrow}");
    // What is left pays for so many blocks, and the hours of these are told.
    assert!(number(&funds["left"]) < 4_960_000.0 && number(&funds["hours_left"]) >= 0.0, "{escrow}");
    let accounts = ask(&world, &["escrow", "list"]).await;
    assert_eq!(accounts.as_array().unwrap().len(), 1, "{accounts}");

    // A person's withdrawal.
    let ran = run(&world, &["lease", "withdraw", &lease]).await;
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    let shown = ask(&world, &["lease", "show", &lease]).await;
    assert!(number(&shown["withdrawn"]) >= 50_000.0, "{shown}");
    // The monitor's, when it is time: the row's clock is set back.
    let back = |change: &provider::store::Change<'_>| {
        change.execute("UPDATE leases SET first_seen = first_seen - 90000000000, withdrawn_at = NULL", [])
    };
    world.store().write("age", back).unwrap();
    advance(&world, 400).await;
    let seen = monitor(&world).await;
    assert_eq!((&seen["withdrawals"][0]["why"], &seen["withdrawals"][0]["queued"]), (&json!("interval"), &json!(true)));
    let shown = ask(&world, &["lease", "show", &lease]).await;
    assert!(number(&shown["withdrawn"]) >= 100_000.0, "{shown}");

    tenant(&world, "one", Action::CloseLease { dseq, gseq: None }).await;
    let seen = monitor(&world).await;
    assert_eq!((&seen["leases"], &seen["ended"][0]["lease"]), (&json!(0), &json!(lease)), "{seen}");
    assert_ne!(seen["ended"][0]["reason"], json!("unknown"), "{seen}");
    assert_eq!(seen["ended"][0]["says"], json!("event"), "the network stores no reason: {seen}");
    let shown = ask(&world, &["lease", "show", &lease]).await;
    assert_eq!((&shown["state"], &shown["reason"]), (&json!("closed"), &seen["ended"][0]["reason"]));
    assert_eq!(monitor(&world).await["ended"], json!([]), "it is learned once");
}

#[tokio::test(flavor = "multi_thread")]
async fn money_that_ends_is_told_and_taken_in_time() {
    let world = selling(0, "").await;
    let (_, order) = leased(&world, "one").await;
    bid(&world).await;
    let lease = format!("{order}/{}", world.address);
    advance(&world, 9_000).await;
    // The block time that this chain has now.
    bid(&world).await;
    let seen = monitor(&world).await;
    assert_eq!((&seen["low"][0]["lease"], &seen["low"][0]["used_up"]), (&json!(lease), &json!(false)), "{seen}");
    let mut before = world.command(&["lease", "monitor", "--passphrase-file", "passphrase", "-o", "json"]);
    before.env("PROVIDER_LEASES_MONITOR_INTERVAL", "24h");
    let seen = world.run(before).await.json();
    assert_eq!(
        (&seen["withdrawals"][0]["why"], &seen["withdrawals"][0]["queued"]),
        (&json!("funds_end"), &json!(true))
    );
    let shown = ask(&world, &["lease", "show", &lease]).await;
    assert!(number(&shown["withdrawn"]) >= 4_500_000.0, "{shown}");

    // Past the end the chain has not noticed yet: touching the account ends the lease, so nobody does unasked.
    advance(&world, 2_000).await;
    let seen = monitor(&world).await;
    assert_eq!((&seen["low"][0]["used_up"], &seen["withdrawals"]), (&json!(true), &json!([])), "{seen}");
    let ran = run(&world, &["lease", "withdraw", &lease]).await;
    assert!(ran.code == Some(65) && ran.stderr.contains("--even-if-it-ends"), "{:?} {}", ran.code, ran.stderr);
    let ran = run(&world, &["lease", "withdraw", "--even-if-it-ends", &lease]).await;
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    let seen = monitor(&world).await;
    let ended = &seen["ended"][0];
    assert_eq!(
        (&ended["reason"], &ended["says"]),
        (&json!("lease_closed_reason_insufficient_funds"), &json!("payment")),
        "{seen}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_ends_a_lease() {
    let world = selling(0, "").await;
    let (_, order) = leased(&world, "one").await;
    let ran = run(&world, &["lease", "close", &order.to_string()]).await;
    assert!(ran.code == Some(64) && ran.stderr.contains("--yes"), "nobody can be asked: {:?} {}", ran.code, ran.stderr);
    let ran = run(&world, &["lease", "close", "--yes", "--dry-run", &order.to_string()]).await;
    assert_eq!((ran.code, &ran.json()["closed"]), (Some(0), &json!(false)), "{}", ran.stderr);
    let ran = run(&world, &["lease", "close", "--yes", &order.to_string()]).await;
    assert_eq!((ran.code, &ran.json()["closed"]), (Some(0), &json!(true)), "{}", ran.stderr);
    let ran = run(&world, &["lease", "close", "--yes", &order.to_string()]).await;
    assert!(ran.code == Some(65) && ran.stderr.contains("closed already"), "{:?} {}", ran.code, ran.stderr);
    let rows = ask(&world, &["lease", "list", "--state", "all"]).await;
    let closed = ask(&world, &["lease", "list", "--state", "closed"]).await;
    assert_eq!((&rows[0]["state"], closed.as_array().unwrap().len()), (&json!("closed"), 1), "{rows} {closed}");
}
