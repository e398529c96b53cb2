//! What was right when it was decided, and is not any more: closings that wait, proposals that grow old, answers of a node
//! that is a little behind, refusals that have nothing to do with the order.

use provider::devnet::fault::{Fault, Rule};
use provider::devnet::tenant::Action;
use serde_json::{Value, json};

use super::world::{ask, bid, decision, deploy, in_state, on_chain, run, selling, tenant, usual};
use crate::tx::world::{Ran, World};

fn away() -> Fault {
    Fault::Status { code: 14, message: "away".to_owned() }
}

/// A command that gives up soon where nodes let nothing in.
async fn hasty(world: &World, arguments: &[&str]) -> Ran {
    let mut command = world.command(&[arguments, &["--passphrase-file", "passphrase", "-o", "json"]].concat());
    command.env("PROVIDER_TRANSACTIONS_CONFIRM_WITHIN", "2s");
    world.run(command).await
}

/// A run while something is wrong.
async fn run_with(world: &World, rules: &[(Fault, &str)], arguments: &[&str]) -> Ran {
    for (fault, method) in rules {
        world.server.node.faults().set(Rule::of(fault.clone(), Some(method)));
    }
    let ran = hasty(world, arguments).await;
    world.server.node.faults().clear();
    ran
}

/// Makes a column of all bids so many seconds older.
fn age(world: &World, column: &str, seconds: i64) {
    let table = if column == "expires_at" { "reservations" } else { "bids" };
    let sql = format!("UPDATE {table} SET {column} = {column} - {}", seconds * 1_000_000);
    world.store().write("age", |change| change.execute(&sql, [])).unwrap();
}

fn state(world: &World, order: &provider::domain::id::OrderId) -> String {
    in_state(world)[&order.to_string()].state.word().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closing_that_waits_ends_no_lease() {
    // It is not signed yet, or signed and not let in.
    for method in ["Simulate", "BroadcastTx"] {
        let world = selling(0, "").await;
        let (dseq, order) = deploy(&world, "one", &usual(&world), "5000000uve").await;
        bid(&world).await;
        age(&world, "opened_at", 301);
        let ran = run_with(&world, &[(away(), method)], &["bid", "run"]).await;
        assert_eq!(ran.json()["closing"][0]["why"], "timeout", "{method}: {}", ran.stderr);
        assert!(!world.open().is_empty(), "{method}: it waits");
        tenant(&world, "one", Action::Accept { dseq, gseq: None, wait: 0 }).await;
        let ran = hasty(&world, &["tx", "flush"]).await;
        assert!(ran.stderr.contains("would end the lease") || method == "Simulate", "{method}: {}", ran.stderr);
        hasty(&world, &["bid", "run"]).await;
        assert_eq!(state(&world, &order), "active", "{method}");
        assert_eq!(in_state(&world)[&order.to_string()].won, Some(true), "{method}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bid_that_won_and_ended_between_two_runs_has_won() {
    let world = selling(0, "").await;
    let (dseq, order) = deploy(&world, "one", &usual(&world), "5000000uve").await;
    bid(&world).await;
    tenant(&world, "one", Action::Accept { dseq, gseq: None, wait: 0 }).await;
    tenant(&world, "one", Action::CloseLease { dseq, gseq: None }).await;
    bid(&world).await;
    let row = in_state(&world)[&order.to_string()].clone();
    assert_eq!((row.state.word(), row.won), ("closed", Some(true)));
    let chain = world.client.chain_id.clone();
    let leases = world.store().read("leases", |snapshot| provider::store::bids::leases::all(snapshot, &chain)).unwrap();
    assert_eq!(leases.len(), 1, "the monitor learns how it ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn how_a_lease_ended_is_learned_though_nobody_watched_it() {
    let world = selling(0, "").await;
    let (dseq, order) = deploy(&world, "one", &usual(&world), "5000000uve").await;
    bid(&world).await;
    tenant(&world, "one", Action::Accept { dseq, gseq: None, wait: 0 }).await;
    bid(&world).await;
    assert_eq!(state(&world, &order), "active");
    tenant(&world, "one", Action::Close { dseq }).await;
    // No `lease monitor` ran while the lease did.
    bid(&world).await;
    assert_eq!(state(&world, &order), "closed");
    let ran = run(&world, &["lease", "monitor"]).await;
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    let listed = ask(&world, &["lease", "list", "--state", "closed"]).await;
    assert_eq!((listed.as_array().unwrap().len(), listed[0]["reason"].is_string()), (1, true), "{listed}");
    // What is known of how it ended is not forgotten.
    bid(&world).await;
    assert_eq!(ask(&world, &["lease", "list", "--state", "closed"]).await[0]["reason"], listed[0]["reason"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_node_that_is_behind_does_not_show_is_not_gone() {
    let world = selling(0, "").await;
    let (_, order) = deploy(&world, "one", &usual(&world), "5000000uve").await;
    // The deployment is younger than the answer.
    for blocks in [3, 8, 50] {
        let ran = run_with(&world, &[(Fault::Stale { blocks }, "Deployment")], &["bid", "run"]).await;
        let told = format!("{blocks}: {}{}", ran.stdout, ran.stderr);
        assert_eq!((ran.code, &ran.json()["declined"]), (Some(1), &json!({})), "{told}");
        assert!(ran.stderr.contains("behind") || ran.stderr.contains("as of height"), "{told}");
        world.store().write("try", |change| change.execute("DELETE FROM bid_decisions", [])).unwrap();
    }
    assert_eq!(bid(&world).await["bids"][0]["order"], order.to_string());
    // The order is: a fresh bid on a live order stays open.
    for blocks in [4, 40] {
        let stale = Fault::Stale { blocks };
        let rules = [(stale.clone(), "Orders"), (stale.clone(), "Order"), (stale, "Deployment")];
        let ran = run_with(&world, &rules, &["bid", "run"]).await;
        assert_eq!(ran.json()["closing"], json!([]), "{blocks}: {}", ran.stderr);
        world.store().write("age", |change| change.execute("UPDATE bids SET checked_at = NULL", [])).unwrap();
    }
    assert_eq!(state(&world, &order), "open");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_again_and_again_lets_others_pass() {
    let world = selling(0, "").await;
    let (_, order) = deploy(&world, "one", &usual(&world), "5000000uve").await;
    for tries in 1..=3 {
        let ran = run_with(&world, &[(away(), "Deployment")], &["bid", "run"]).await;
        assert_eq!(ran.json()["unchanged"], json!(0), "{tries}: {}", ran.stderr);
        assert_eq!(decision(&world, &order.to_string()).unwrap().code, "unseen");
    }
    assert_eq!(bid(&world).await["unchanged"], json!(1), "it has its turn again after a while");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_account_costs_no_order() {
    let world = selling(0, "max_retries: 1\nretry_delay: 1s").await;
    let (_, order) = deploy(&world, "one", &usual(&world), "5000000uve").await;
    let (_, other) = deploy(&world, "two", &usual(&world), "5000000uve").await;
    let poor = Fault::Fail { codespace: "sdk".to_owned(), code: 5, log: "insufficient funds".to_owned() };
    for _ in 0..3 {
        let ran = run_with(&world, &[(poor.clone(), "BroadcastTx")], &["bid", "run"]).await;
        assert_eq!(ran.json()["bids"].as_array().unwrap().len(), 2, "{}{}", ran.stdout, ran.stderr);
        // While it is held, nothing else is sent either.
        let held = run(&world, &["bid", "run"]).await;
        if held.json()["bids"] == json!([]) && held.json()["ended"] == json!([]) {
            assert!(held.stderr.contains("nothing new is sent") || held.json()["ours"] == json!(2), "{}", held.stderr);
        } else {
            break;
        }
        age(&world, "retry_at", 5);
    }
    age(&world, "retry_at", 5);
    bid(&world).await;
    for order in [&order, &other] {
        assert_eq!((state(&world, order).as_str(), in_state(&world)[&order.to_string()].failures), ("open", 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_chain_refused_is_given_up_for_a_while_and_a_person_may_try_it() {
    let world = selling(0, "max_retries: 0\nretry_delay: 1s").await;
    let (_, order) = deploy(&world, "one", &usual(&world), "5000000uve").await;
    let fail = Fault::Fail { codespace: "market".to_owned(), code: 99, log: "no such thing".to_owned() };
    run_with(&world, &[(fail, "BroadcastTx")], &["bid", "run"]).await;
    assert_eq!(state(&world, &order), "refused");
    let run_again = bid(&world).await;
    assert_eq!((&run_again["bids"], &run_again["ours"]), (&json!([]), &json!(1)), "{run_again}");
    let explained = ask(&world, &["bid", "explain", &order.to_string()]).await;
    let verdict = explained["verdict"].as_str().unwrap();
    assert!(verdict.contains("tried again later") && !verdict.contains("our one bid"), "{verdict}");
    let ran = run(&world, &["bid", "create", "--order-id", &order.to_string(), "--price", "500uve"]).await;
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    assert_eq!(state(&world, &order), "open");
}

const PROPOSING: &str = "auto_accept: { enabled: false }\nretry_delay: 1s\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_proposal_waits_for_a_person_again() {
    let world = selling(0, PROPOSING).await;
    let (_, order) = deploy(&world, "one", &usual(&world), "5000000uve").await;
    bid(&world).await;
    let fail = Fault::Fail { codespace: "sdk".to_owned(), code: 5, log: "insufficient funds".to_owned() };
    run_with(&world, &[(fail, "BroadcastTx")], &["bid", "approve", "--all"]).await;
    assert_eq!(state(&world, &order), "refused");
    age(&world, "retry_at", 5);
    let run_again = bid(&world).await;
    assert_eq!(state(&world, &order), "proposed", "{run_again}");
    let ran = run(&world, &["bid", "approve", "--all"]).await;
    assert_eq!((ran.code, state(&world, &order).as_str()), (Some(0), "open"), "{}{}", ran.stdout, ran.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn proposals_end_and_are_made_anew() {
    let world = selling(0, PROPOSING).await;
    let (_, order) = deploy(&world, "one", &usual(&world), "5000000uve").await;
    let (gone, closed) = deploy(&world, "two", &usual(&world), "5000000uve").await;
    bid(&world).await;
    age(&world, "expires_at", 301);
    tenant(&world, "two", Action::Close { dseq: gone }).await;
    let run = bid(&world).await;
    assert_eq!(run["ended"].as_array().unwrap().len(), 2, "{run}");
    assert_eq!(run["bids"].as_array().unwrap().len(), 1, "{run}");
    assert_eq!((state(&world, &order).as_str(), state(&world, &closed).as_str()), ("proposed", "dropped"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_took_back_stays_back_and_is_called_so() {
    let world = selling(0, PROPOSING).await;
    let (_, order) = deploy(&world, "one", &usual(&world), "5000000uve").await;
    bid(&world).await;
    run(&world, &["bid", "cancel", "--yes", "--bid-id", &order.to_string()]).await;
    assert_eq!(bid(&world).await["bids"], json!([]));
    let explained = ask(&world, &["bid", "explain", &order.to_string()]).await;
    assert!(explained["verdict"].as_str().unwrap().contains("took our proposal"), "{explained}");
}

/// One core is sold; two proposals on it, one after the other, become one bid.
#[tokio::test(flavor = "multi_thread")]
async fn approved_proposals_do_not_oversell() {
    let world = selling(0, PROPOSING).await;
    let one_core = || {
        let text = std::fs::read_to_string(world.path("config.yaml")).unwrap();
        std::fs::write(world.path("config.yaml"), text.replace("total_cpu: 1000", "total_cpu: 1")).unwrap();
    };
    let (_, first) = deploy(&world, "one", &usual(&world), "5000000uve").await;
    let (_, second) = deploy(&world, "two", &usual(&world), "5000000uve").await;
    assert_eq!(bid(&world).await["bids"].as_array().unwrap().len(), 2);
    one_core();
    let ran = run(&world, &["bid", "approve", "--all"]).await;
    let run = ran.json();
    assert_eq!(run["bids"].as_array().unwrap().len(), 1, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains("is not sent"), "{}", ran.stderr);
    assert_eq!(on_chain(&world).await.len(), 1);
    let states = [state(&world, &first), state(&world, &second)];
    assert!(states.contains(&"open".to_owned()) && states.contains(&"proposed".to_owned()), "{states:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_dead_or_dearer_by_now_is_not_approved() {
    let world = selling(0, PROPOSING).await;
    let (gone, dead) = deploy(&world, "one", &usual(&world), "5000000uve").await;
    let (_, dearer) = deploy(&world, "two", &usual(&world), "5000000uve").await;
    bid(&world).await;
    tenant(&world, "one", Action::Close { dseq: gone }).await;
    let text = std::fs::read_to_string(world.path("config.yaml")).unwrap();
    std::fs::write(world.path("config.yaml"), text.replace("cpu_core: 10", "cpu_core: 20")).unwrap();
    let ran = run(&world, &["bid", "approve", "--all"]).await;
    assert_eq!(ran.json()["bids"], json!([]), "{}{}", ran.stdout, ran.stderr);
    assert!(on_chain(&world).await.is_empty());
    assert_eq!((state(&world, &dead).as_str(), state(&world, &dearer).as_str()), ("dropped", "dropped"));
    assert_eq!(bid(&world).await["bids"][0]["order"], dearer.to_string(), "at the new price");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_holds_what_is_queued_proposed_or_made_by_hand() {
    let world = selling(0, "").await;
    let (_, order) = deploy(&world, "one", &usual(&world), "5000000uve").await;
    run_with(&world, &[(away(), "Simulate")], &["bid", "run"]).await;
    assert_eq!(state(&world, &order), "queued");
    let ran = world.run(world.command(&["pause", "--reason", "works"])).await;
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let ran = hasty(&world, &["tx", "flush"]).await;
    assert!(ran.stderr.contains("no new bids: works"), "{}{}", ran.stdout, ran.stderr);
    assert!(on_chain(&world).await.is_empty());
    let (_, other) = deploy(&world, "two", &usual(&world), "5000000uve").await;
    let create = ["bid", "create", "--order-id", &other.to_string(), "--price", "500uve"];
    for arguments in [&["bid", "approve", "--all"][..], &create[..]] {
        let ran = run(&world, arguments).await;
        assert!(ran.code == Some(65) && ran.stderr.contains("provider resume"), "{arguments:?}: {}", ran.stderr);
    }
    let ran = run(&world, &[&create[..], &["--even-though-paused"]].concat()).await;
    assert_eq!(state(&world, &other), "open", "{}{}", ran.stdout, ran.stderr);
    world.run(world.command(&["resume"])).await;
    bid(&world).await;
    assert_eq!(state(&world, &order), "open");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bid_by_hand_is_looked_at_twice() {
    let world = selling(0, "filters: { max_cpu: 500m }").await;
    let (dseq, order) = deploy(&world, "one", &usual(&world), "5000000uve").await;
    // It is declined before; what is bid on by hand is swept all the same.
    bid(&world).await;
    let create = ["bid", "create", "--order-id", &order.to_string(), "--price", "500uve"];
    let ran = run(&world, &create).await;
    assert_eq!(state(&world, &order), "open", "{}{}", ran.stdout, ran.stderr);
    tenant(&world, "one", Action::Close { dseq }).await;
    assert_eq!(bid(&world).await["closing"][0]["why"], "deployment_closed");
    let (dseq, dead) = deploy(&world, "two", &usual(&world), "5000000uve").await;
    tenant(&world, "two", Action::Close { dseq }).await;
    let create = ["bid", "create", "--order-id", &dead.to_string(), "--price", "500uve"];
    let ran = run(&world, &create).await;
    assert!(ran.code == Some(65) && ran.stderr.contains("the deployment is closed; --force"), "{}", ran.stderr);
    run(&world, &[&create[..], &["--force"]].concat()).await;
    assert_eq!(state(&world, &dead), "open");
}

/// Blocks are so fast that the bytes end before a run would give up: signing them anew is no progress.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_ends_where_nodes_answer_and_let_nothing_in() {
    let world = selling(100, "").await;
    deploy(&world, "one", &usual(&world), "5000000uve").await;
    let full = Fault::Refuse { codespace: "sdk".to_owned(), code: 20, log: "mempool is full".to_owned() };
    world.server.node.faults().set(Rule::of(full, Some("BroadcastTx")));
    let mut command = world.command(&["bid", "run", "--passphrase-file", "passphrase", "-o", "json"]);
    command.env("PROVIDER_TRANSACTIONS_CONFIRM_WITHIN", "4s").env("PROVIDER_TRANSACTIONS_TIMEOUT_BLOCKS", "5");
    let ran = tokio::time::timeout(std::time::Duration::from_mins(3), world.run(command)).await;
    let ran = ran.expect("it never ends");
    assert!(ran.json()["transactions"].as_array().unwrap().len() >= 2, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.code == Some(1) || ran.code == Some(75), "{:?} {}", ran.code, ran.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_and_a_rehearsal_tell_of_every_order() {
    let world = selling(0, "max_concurrent_bids: 2").await;
    super::world::seed_orders(&world, 1200, usual(&world)).await;
    let run_of_all = bid(&world).await;
    let number = |run: &Value, name: &str| run[name].as_u64().unwrap();
    let seen = ["unchanged", "ours", "candidates"].iter().map(|name| number(&run_of_all, name)).sum::<u64>();
    assert_eq!((number(&run_of_all, "orders"), seen), (1200, 1200), "{run_of_all}");
    assert!(number(&run_of_all, "passed_over") >= 1100, "{run_of_all}");
    age(&world, "opened_at", 301);
    let dry = run(&world, &["bid", "run", "--dry-run"]).await.json();
    assert_eq!(dry["closing"].as_array().unwrap().len(), 2, "{dry}");
    // Without the state file it still knows what is ours.
    for file in ["state.db", "state.db-wal", "state.db-shm"] {
        let _ = std::fs::remove_file(world.path(file));
    }
    let dry = run(&world, &["bid", "run", "--dry-run"]).await.json();
    assert_eq!((number(&dry, "ours"), number(&dry, "orders")), (2, 1200), "{dry}");
}
