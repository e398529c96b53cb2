//! A node that is dead, behind, or answers by halves: nothing wrong is sent, and what was not seen is said.

use provider::devnet::fault::{Fault, Rule};
use provider::devnet::tenant::Action;
use serde_json::json;

use super::world::{bid, deploy, in_state, on_chain, run, seed_orders, selling, tenant, usual};
use crate::tx::world::{Ran, World};

fn away() -> Fault {
    Fault::Status { code: 14, message: "away".to_owned() }
}

/// A run while something is wrong.
async fn run_with(world: &World, rule: Rule) -> Ran {
    world.server.node.faults().set(rule);
    let ran = run(world, &["bid", "run"]).await;
    world.server.node.faults().clear();
    ran
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_seen_is_not_bid_on_and_is_said() {
    let world = selling(0, "").await;
    let (_, order) = deploy(&world, "one", &usual(&world), "5000000uve").await;
    // What goes wrong, of which calls, from which on; the exit code; what is said.
    let nothing = [
        (Fault::Drop, None, 1, 69, "cannot find out"),
        (Fault::Half, None, 1, 69, "cannot find out"),
        (away(), None, 1, 69, "cannot find out"),
        (Fault::CatchingUp, None, 1, 69, "where the chain stands"),
        (away(), Some("GetLatestBlock"), 1, 69, "cannot find out"),
        (away(), Some("Provider"), 1, 69, "whether we are registered"),
        (away(), Some("ProviderAttributes"), 1, 69, "what auditors vouch for"),
        (away(), Some("/virtengine.market.v1beta5.Query/Params"), 1, 69, "the rules of the market"),
        (Fault::Half, Some("Bids"), 1, 69, "which bids we have"),
        (away(), Some("Bids"), 2, 69, "which bids we have"),
        (Fault::Half, Some("Orders"), 1, 1, "list of orders"),
        (away(), Some("Deployment"), 1, 1, "deployment"),
        (Fault::Half, Some("Bids"), 3, 1, "bids"),
    ];
    for (fault, method, from, code, said) in nothing {
        let rule = Rule { from, ..Rule::of(fault.clone(), method) };
        let ran = run_with(&world, rule).await;
        let told = format!("{fault} of {method:?}: {:?} {}{}", ran.code, ran.stdout, ran.stderr);
        assert_eq!(ran.code, Some(code), "{told}");
        assert!(ran.stderr.contains(said), "{told}");
        assert!(on_chain(&world).await.is_empty(), "{told}");
        assert!(in_state(&world).is_empty(), "{told}");
    }
    // None of it is held against the order.
    assert_eq!(bid(&world).await["bids"][0]["order"], order.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_seen_before_the_node_fell_silent_counts() {
    let world = selling(0, "max_bids_per_minute: 3\nmax_concurrent_bids: 1000").await;
    seed_orders(&world, 1200, usual(&world)).await;
    let ran = run_with(&world, Rule { from: 2, ..Rule::of(away(), Some("Orders")) }).await;
    let run = ran.json();
    let seen = run["orders"].as_u64().unwrap();
    assert!(ran.code == Some(1) && seen > 0 && seen < 1200, "{:?} {run}", ran.code);
    assert_eq!(run["bids"].as_array().unwrap().len(), 3, "{run}");
    assert!(run["troubles"][0].as_str().unwrap().contains("list of orders"), "{run}");
    assert_eq!(on_chain(&world).await.len(), 3);
    // The next run sees them all.
    let run = bid(&world).await;
    assert_eq!((&run["orders"], &run["ours"]), (&json!(1200), &json!(3)));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_closed_because_of_silence_or_an_old_answer() {
    let world = selling(0, "").await;
    let (dseq, order) = deploy(&world, "one", &usual(&world), "5000000uve").await;
    bid(&world).await;
    let still = |ran: &Ran| {
        let run = ran.json();
        assert_eq!((&run["closing"], &run["ended"], &run["bids"]), (&json!([]), &json!([]), &json!([])), "{run}");
        assert_eq!(in_state(&world)[&order.to_string()].state.word(), "open", "{run}");
    };
    // The node is behind: it does not know the bid yet, or not even the order.
    for blocks in [1, 2, 3] {
        let ran = run_with(&world, Rule::of(Fault::Stale { blocks }, None)).await;
        let behind = ran.code == Some(75) && ran.stderr.contains("the chain is at height");
        assert!(behind || ran.code == Some(0), "{:?} {}", ran.code, ran.stderr);
        assert_eq!(in_state(&world)[&order.to_string()].state.word(), "open");
    }
    // It does not list the order, or does not say what became of it.
    for (fault, method) in [(Fault::Half, "Orders"), (away(), "Orders"), (Fault::Stale { blocks: 3 }, "Orders")] {
        still(&run_with(&world, Rule::of(fault, Some(method))).await);
    }
    tenant(&world, "one", Action::Close { dseq }).await;
    for (fault, method) in
        [(away(), "Deployment"), (Fault::Half, "Deployment"), (Fault::Stale { blocks: 1 }, "Deployment")]
    {
        still(&run_with(&world, Rule::of(fault, Some(method))).await);
    }
    // It was seen alive a moment ago, so nobody asks; the clock of the row is set back.
    world.store().write("age", |change| change.execute("UPDATE bids SET checked_at = NULL", [])).unwrap();
    assert_eq!(bid(&world).await["closing"], json!([{"order": order.to_string(), "why": "deployment_closed"}]));
}

/// What a back end has is asked of itself: nothing new is sold of one that is silent, and never more than it has.
#[tokio::test(flavor = "multi_thread")]
async fn back_ends_are_asked_what_they_have() {
    let world = selling(0, "").await;
    let (_, order) = deploy(&world, "one", &usual(&world), "5000000uve").await;
    let asked = async |arguments: &[&str], runtime: &str| {
        let more = ["--passphrase-file", "passphrase", "-o", "json"];
        let more = if arguments[0] == "bid" { &more[..] } else { &more[2..] };
        let mut command = world.command(&[arguments, more].concat());
        command.envs([
            ("PROVIDER_CAPACITY_OBSERVE", "true"),
            ("PROVIDER_ORCHESTRATION_LOCAL_RUNTIME", runtime),
            ("PROVIDER_ORCHESTRATION_LOCAL_SOCKET", "/nowhere/engine.sock"),
        ]);
        world.run(command).await
    };
    let silent = asked(&["bid", "run"], "container").await;
    let said = format!("{:?} {}{}", silent.code, silent.stdout, silent.stderr);
    assert!(silent.code == Some(1) && silent.stderr.contains("back end local does not say what it has"), "{said}");
    assert_eq!(silent.json()["declined"], json!({"insufficient_resources": 1}), "{said}");
    assert!(on_chain(&world).await.is_empty(), "{said}");
    let status = asked(&["resources", "status"], "container").await;
    assert!(status.code == Some(0) && status.stderr.contains("does not say what it has"), "{}", status.stderr);

    let status = asked(&["resources", "status"], "process").await;
    let rows = status.json();
    let cpu = rows.as_array().unwrap().iter().find(|row| row["resource"] == "cpu").unwrap();
    let machine = std::fs::read_to_string("/proc/cpuinfo").unwrap();
    let processors = machine.lines().filter(|line| line.starts_with("processor")).count();
    assert_eq!(cpu["total"], json!(processors.to_string()), "{rows}");
    assert!(status.stderr.contains("1000 of cpu is configured, and it has"), "{}", status.stderr);
    // It answers again: what was declined for its silence is looked at anew.
    let run = asked(&["bid", "run"], "process").await.json();
    assert_eq!(run["bids"][0]["order"], order.to_string(), "{run}");
}
