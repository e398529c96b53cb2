//! Runs: what gets a bid, what does not, what is sent, what is closed, and what a second run does.

use provider::devnet::tenant::Action;
use serde_json::json;

use super::world::{
    ask, bid, bid_id, decision, deploy, in_state, on_chain, run, seed_orders, sell, selling, tenant, usual,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_run_bids_on_what_is_worth_most_and_the_next_goes_on() {
    let world = selling(0, "max_bids_per_minute: 7\nmax_concurrent_bids: 4").await;
    seed_orders(&world, 12, usual(&world)).await;
    let first = bid(&world).await;
    assert_eq!((&first["orders"], &first["candidates"]), (&json!(12), &json!(12)), "{first}");
    assert_eq!(first["bids"].as_array().unwrap().len(), 4, "no more are under way at once");
    let chain = on_chain(&world).await;
    assert_eq!(chain.len(), 4);
    // 10 + 2.5 + 1 uve an hour; the price of a block depends on how fast this chain makes them.
    for row in in_state(&world).values() {
        let shown = &chain[&row.order].bid.price;
        assert_eq!(shown.amount, row.price.amount.to_wire());
        assert_eq!(
            (row.state.word(), row.back_end.as_str(), row.deposit.to_string().as_str()),
            ("open", "local", "500000uve")
        );
    }
    let second = bid(&world).await;
    assert_eq!((&second["ours"], second["bids"].as_array().unwrap().len()), (&json!(4), 3), "seven a minute: {second}");
    let third = bid(&world).await;
    assert_eq!(third["bids"], json!([]), "{third}");
    assert!(third["passed"][0]["why"].as_str().unwrap().contains("per_minute"), "{third}");
    assert_eq!(on_chain(&world).await.len(), 7);
    let status = ask(&world, &["bid", "status"]).await;
    assert_eq!(status["limits"]["bids in this minute"], json!({"used": 7, "limit": 7}));
    assert_eq!(status["bids"], json!({"open": 7}));
    let resources = ask(&world, &["resources", "status"]).await;
    let cpu = resources.as_array().unwrap().iter().find(|row| row["resource"] == "cpu").unwrap().clone();
    assert_eq!((&cpu["promised"], &cpu["available"], &cpu["utilization"]), (&json!("7"), &json!("993"), &json!("1%")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_declined_costs_a_look_up_until_something_changes() {
    let world = selling(0, "filters: { max_cpu: 500m }").await;
    seed_orders(&world, 5, usual(&world)).await;
    let first = bid(&world).await;
    assert_eq!((&first["declined"], &first["unchanged"]), (&json!({"filtered": 5}), &json!(0)));
    let second = bid(&world).await;
    assert_eq!((&second["declined"], &second["unchanged"]), (&json!({}), &json!(5)));
    let order = ask(&world, &["order", "list", "--limit", "1"]).await[0]["order"].as_str().unwrap().to_owned();
    let reason: serde_json::Value = serde_json::from_str(&decision(&world, &order).unwrap().reason).unwrap();
    assert_eq!(reason, json!({"reason": "over_limit", "resource": "cpu", "asked": "1", "limit": "500m"}));
    sell(&world, "filters: { max_cpu: 2 }");
    let third = bid(&world).await;
    assert_eq!((&third["unchanged"], third["bids"].as_array().unwrap().len()), (&json!(0), 5), "{third}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_bid_on_what_is_gone_and_open_bids_on_it_are_closed() {
    let world = selling(0, "").await;
    let group = usual(&world);
    let (gone, dead) = deploy(&world, "one", &group, "5000000uve").await;
    let (_, alive) = deploy(&world, "two", &group, "5000000uve").await;
    let (paused, resting) = deploy(&world, "three", &group, "5000000uve").await;
    let first = bid(&world).await;
    assert_eq!(first["bids"].as_array().unwrap().len(), 3, "{first}");
    // On this network the orders stay open; only the deployment tells.
    tenant(&world, "one", Action::Close { dseq: gone }).await;
    tenant(&world, "three", Action::Pause { dseq: paused, gseq: 1 }).await;
    let (closed, never) = deploy(&world, "four", &group, "5000000uve").await;
    tenant(&world, "four", Action::Close { dseq: closed }).await;
    let second = bid(&world).await;
    let why: Vec<_> = second["closing"].as_array().unwrap().iter().map(|one| one["why"].as_str().unwrap()).collect();
    assert_eq!(why.len(), 2, "{second}");
    assert!(why.contains(&"deployment_closed") && why.contains(&"group_paused"), "{why:?}");
    assert_eq!(second["declined"], json!({"order_gone": 1}));
    assert_eq!(decision(&world, &never.to_string()).unwrap().code, "order_gone");
    bid(&world).await;
    let state = in_state(&world);
    let word = |order: &provider::domain::id::OrderId| state[&order.to_string()].state.word();
    assert_eq!((word(&dead), word(&alive), word(&resting)), ("closed", "open", "closed"));
    let chain = on_chain(&world).await;
    assert!(!chain.contains_key(&never.to_string()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bid_that_wins_becomes_a_lease_and_keeps_its_capacity() {
    let world = selling(0, "bid_timeout: 10s").await;
    let group = usual(&world);
    let (dseq, order) = deploy(&world, "one", &group, "5000000uve").await;
    bid(&world).await;
    tenant(&world, "one", Action::Accept { dseq, gseq: None, wait: 0 }).await;
    bid(&world).await;
    assert_eq!(in_state(&world)[&order.to_string()].state.word(), "active");
    let used = |rows: &serde_json::Value| {
        let cpu = rows.as_array().unwrap().iter().find(|row| row["resource"] == "cpu").unwrap().clone();
        (cpu["used"].clone(), cpu["promised"].clone())
    };
    assert_eq!(used(&ask(&world, &["resources", "status"]).await), (json!("1"), json!("0")));
    tenant(&world, "one", Action::CloseLease { dseq, gseq: None }).await;
    let run = bid(&world).await;
    assert_eq!(run["ended"], json!([{"order": order.to_string(), "why": "closed"}]));
    // The group asks again, with a new order, which gets a new bid.
    assert_eq!(run["bids"].as_array().unwrap().len(), 1, "{run}");
    assert_eq!(used(&ask(&world, &["resources", "status"]).await), (json!("0"), json!("1")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_file_that_is_lost_is_made_anew_out_of_the_chain() {
    let world = selling(0, "").await;
    let group = usual(&world);
    let (dseq, leased) = deploy(&world, "one", &group, "5000000uve").await;
    let (_, open) = deploy(&world, "two", &group, "5000000uve").await;
    bid(&world).await;
    tenant(&world, "one", Action::Accept { dseq, gseq: None, wait: 0 }).await;
    for file in ["state.db", "state.db-wal", "state.db-shm"] {
        let _ = std::fs::remove_file(world.path(file));
    }
    let run = bid(&world).await;
    assert_eq!((&run["adopted"], &run["bids"]), (&json!(2), &json!([])), "{run}");
    let state = in_state(&world);
    assert_eq!(state[&leased.to_string()].state.word(), "active");
    assert_eq!(state[&open.to_string()].state.word(), "open");
    let rows = ask(&world, &["resources", "status"]).await;
    let cpu = rows.as_array().unwrap().iter().find(|row| row["resource"] == "cpu").unwrap().clone();
    assert_eq!((&cpu["used"], &cpu["promised"]), (&json!("1"), &json!("1")));
    assert_eq!(on_chain(&world).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_bids_cancels_and_approves() {
    let world = selling(0, "auto_accept: { enabled: false }").await;
    let group = usual(&world);
    let (_, first) = deploy(&world, "one", &group, "5000000uve").await;
    let (_, second) = deploy(&world, "two", &group, "5000000uve").await;
    let proposing = bid(&world).await;
    assert_eq!(proposing["bids"].as_array().unwrap().len(), 2);
    assert!(on_chain(&world).await.is_empty(), "nothing was sent");
    assert_eq!(ask(&world, &["bid", "list", "--state", "proposed"]).await.as_array().unwrap().len(), 2);
    let ran = run(&world, &["bid", "approve", &first.to_string()]).await;
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.json()["bids"][0]["state"], "open");
    let ran = run(&world, &["bid", "cancel", "--yes", "--bid-id", &second.to_string()]).await;
    assert_eq!(ran.json()["ended"][0]["why"], "dropped", "{}", ran.stderr);
    let ran = run(&world, &["bid", "cancel", "--yes", "--bid-id", &bid_id(&world, &first).to_string()]).await;
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    assert_eq!(in_state(&world)[&first.to_string()].state.word(), "closed");
    let ran = run(&world, &["bid", "create", "--order-id", &first.to_string(), "--price", "1uve"]).await;
    assert_eq!(ran.code, Some(65), "an order takes one bid: {}{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains("our one bid already"), "{}", ran.stderr);
    let (_, third) = deploy(&world, "three", &group, "5000000uve").await;
    for (price, wanted) in [("0uve", "above 0"), ("1001uve", "at most 1000uve"), ("1uother", "not in uother")] {
        let ran = run(&world, &["bid", "create", "--order-id", &third.to_string(), "--price", price]).await;
        assert!(ran.code == Some(65) && ran.stderr.contains(wanted), "{price}: {}", ran.stderr);
    }
    let arguments = ["bid", "create", "--order-id", &third.to_string(), "--price", "500uve", "--deposit", "600000uve"];
    let ran = run(&world, &arguments).await;
    assert_eq!(ran.json()["bids"][0]["state"], "open", "{}", ran.stderr);
    assert_eq!(in_state(&world)[&third.to_string()].deposit.to_string(), "600000uve");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_counts_at_once_and_is_shown() {
    let world = selling(0, "").await;
    deploy(&world, "one", &usual(&world), "5000000uve").await;
    let paused = ask(&world, &["pause", "--reason", "moving house"]).await;
    assert_eq!((&paused["paused"], &paused["reason"]), (&json!(true), &json!("moving house")));
    let run = bid(&world).await;
    assert_eq!((&run["paused"], &run["bids"]), (&json!("moving house"), &json!([])));
    assert_eq!(ask(&world, &["bid", "status"]).await["paused"], "moving house");
    ask(&world, &["resume"]).await;
    // Who takes no new workloads does not bid for them either.
    let drain = async |arguments: &[&str]| {
        let ran = world.run(world.command(&[&["workloads", "drain"], arguments].concat())).await;
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    };
    drain(&["--reason", "new disks"]).await;
    let run = bid(&world).await;
    let why = json!("no new workloads are taken: new disks");
    assert_eq!((&run["paused"], &run["bids"]), (&why, &json!([])));
    assert_eq!(ask(&world, &["bid", "status"]).await["paused"], why);
    drain(&["--end"]).await;
    assert_eq!(bid(&world).await["bids"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bid_that_nobody_takes_is_closed_in_time() {
    let world = selling(0, "bid_timeout: 10s").await;
    let (_, order) = deploy(&world, "one", &usual(&world), "5000000uve").await;
    bid(&world).await;
    assert_eq!(bid(&world).await["closing"], json!([]), "its time is not over");
    // The clock of the row is set back, rather than waiting.
    world
        .store()
        .write("age", |change| change.execute("UPDATE bids SET opened_at = opened_at - 11000000", []))
        .unwrap();
    let run = bid(&world).await;
    assert_eq!(run["closing"][0]["why"], "timeout", "{run}");
    bid(&world).await;
    assert_eq!(in_state(&world)[&order.to_string()].state.word(), "closed");
    let rows = ask(&world, &["resources", "status"]).await;
    assert!(rows.as_array().unwrap().iter().all(|row| row["promised"].as_str().unwrap().starts_with('0')), "{rows}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_changes_nothing() {
    let world = selling(0, "").await;
    deploy(&world, "one", &usual(&world), "5000000uve").await;
    let before = (std::fs::read(world.path("state.db")).unwrap(), world.server.node.moment(0).unwrap().height());
    let ran = run(&world, &["bid", "run", "--dry-run"]).await;
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.json()["bids"].as_array().unwrap().len(), 1);
    assert_eq!((&ran.json()["dry_run"], &ran.json()["bids"][0]["state"]), (&json!(true), &json!("would bid")));
    let after = (std::fs::read(world.path("state.db")).unwrap(), world.server.node.moment(0).unwrap().height());
    assert!(before == after, "the state file or the chain changed");
    assert!(on_chain(&world).await.is_empty() && in_state(&world).is_empty());
    let explained =
        ask(&world, &["bid", "explain", ask(&world, &["order", "list"]).await[0]["order"].as_str().unwrap()]).await;
    assert_eq!((&explained["verdict"], &explained["back_end"]), (&json!("it could get a bid"), &json!("local")));
    assert_eq!(explained["price"]["components"], json!([["cpu", "10"], ["memory", "2.5"], ["storage", "1"]]));
    assert_eq!(explained["checks"].as_array().unwrap().len(), 11);
}
