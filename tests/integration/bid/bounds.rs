//! What bounds a run (the caps on closings, what else runs on the back ends), and what people are told of it.

use provider::chain::wire::deployment::GroupSpec;
use provider::domain::amount::Int;
use serde_json::{Value, json};

use super::world::{ask, bid, deploy, in_state, run, seed_orders, sell, selling, tenant, usual};
use crate::tx::world::World;

/// The usual group with so many cores.
fn cores(world: &World, cores: u64) -> GroupSpec {
    let mut group = usual(world);
    let cpu = group.resources[0].resource.cpu.as_mut().unwrap();
    cpu.units = Int::from(cores * 1000).into();
    group
}

fn sql(world: &World, sql: &str) {
    world.store().write("change", |change| change.execute(sql, [])).unwrap();
}

fn row<'r>(rows: &'r Value, order: &str) -> &'r Value {
    rows.as_array().unwrap().iter().find(|row| row["order"] == order).unwrap_or_else(|| panic!("{order}: {rows}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_bids_are_closed_in_an_hour_than_is_allowed() {
    let world = selling(0, "max_closings_per_run: 2\nmax_closings_per_hour: 3").await;
    for name in ["one", "two", "three", "four", "five"] {
        deploy(&world, name, &usual(&world), "5000000uve").await;
    }
    assert_eq!(bid(&world).await["bids"].as_array().unwrap().len(), 5);
    sql(&world, "UPDATE bids SET opened_at = opened_at - 301000000");
    let closed = async |cap: &str| {
        let ran = run(&world, &["bid", "run"]).await;
        let told = format!("{}{}", ran.stdout, ran.stderr);
        assert_eq!(
            (ran.code, cap.is_empty() || ran.stderr.contains(cap)),
            (Some(i32::from(!cap.is_empty())), true),
            "{told}"
        );
        ran.json()["closing"].as_array().unwrap().len()
    };
    assert_eq!(closed("max_closings_per_run").await, 2);
    assert_eq!(closed("max_closings_per_hour").await, 1, "three of the hour are used up");
    assert_eq!(closed("max_closings_per_hour").await, 0);
    let status = ask(&world, &["bid", "status"]).await;
    assert_eq!(status["limits"]["closings in this hour"], json!({"used": 3, "limit": 3}));
    // A person is not held back, and what a person wants does not count.
    let open = in_state(&world).into_values().find(|row| row.state.word() == "open").unwrap().order;
    let ran = run(&world, &["bid", "cancel", "--yes", "--bid-id", &open]).await;
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    sql(&world, "UPDATE bid_closings SET at = at - 3601000000");
    assert_eq!(closed("").await, 1, "the hour is over");
    bid(&world).await;
    assert!(in_state(&world).values().all(|row| row.state.word() == "closed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_of_orders_tells_how_long_a_decision_holds() {
    let world = selling(0, "filters: { max_cpu: 500m }").await;
    let (_, order) = deploy(&world, "one", &usual(&world), "5000000uve").await;
    let order = order.to_string();
    let fresh = ask(&world, &["order", "list"]).await;
    let fresh = row(&fresh, &order);
    assert_eq!((&fresh["decided"], &fresh["holds"], &fresh["due"]), (&Value::Null, &Value::Null, &json!(true)));
    bid(&world).await;
    let listed = ask(&world, &["order", "list"]).await;
    let listed = row(&listed, &order);
    assert_eq!((&listed["decided"], &listed["due"]), (&json!("filtered"), &json!(false)));
    assert!(listed["holds"].as_str().unwrap().starts_with("until terms, our registration"), "{listed}");
    sell(&world, "filters: { max_cpu: 2 }");
    let listed = ask(&world, &["order", "list"]).await;
    let listed = row(&listed, &order);
    assert_eq!((&listed["decided"], &listed["due"], &listed["code"]), (&json!("filtered"), &json!(true), &Value::Null));
    assert!(listed["holds"].as_str().unwrap().starts_with("no more: terms"), "{listed}");
    let explained = ask(&world, &["bid", "explain", &order]).await;
    assert_eq!(explained["last_decision"]["holds"], listed["holds"]);
    bid(&world).await;
    let ours = ask(&world, &["order", "list"]).await;
    assert_eq!(row(&ours, &order)["due"], json!(false), "it has our one bid");
}

/// Each order is ranked, also where a limit, capacity or a filter kept it out.
#[tokio::test(flavor = "multi_thread")]
async fn every_order_that_has_a_price_has_a_rank() {
    let world = selling(0, "max_concurrent_bids: 2\nmax_bids_per_minute: 2").await;
    seed_orders(&world, 4, usual(&world)).await;
    let mut group = cores(&world, 384);
    group.resources[0].count = 6;
    let (_, large) = deploy(&world, "large", &group, "500000000uve").await;
    bid(&world).await;
    let waiting = ask(&world, &["order", "list"]).await;
    let waiting: Vec<&Value> = waiting.as_array().unwrap().iter().filter(|row| row["code"].is_null()).collect();
    assert_eq!(waiting.len(), 2, "two have bids, one is too large: {waiting:?}");
    let mut ranks = Vec::new();
    for one in waiting {
        let explained = ask(&world, &["bid", "explain", one["order"].as_str().unwrap()]).await;
        assert_eq!((&explained["rank_of"], &explained["rank_supposed"]), (&json!(2), &json!(false)), "{explained}");
        ranks.push(explained["rank"].as_u64().unwrap());
    }
    ranks.sort_unstable();
    assert_eq!(ranks, [1, 2]);
    let explained = ask(&world, &["bid", "explain", &large.to_string()]).await;
    assert_eq!(explained["reason"]["reason"], "short", "{explained}");
    assert_eq!((&explained["back_end"], &explained["lacks_room"]), (&json!("local"), &json!(true)));
    assert_eq!(explained["price"]["components"][0], json!(["cpu", "23040"]), "what it would cost: {explained}");
    assert_eq!((&explained["rank_of"], &explained["rank_supposed"]), (&json!(3), &json!(true)), "{explained}");
    assert!((1..=3).contains(&explained["rank"].as_u64().unwrap()));
    let table = world.run(world.command(&["bid", "explain", &large.to_string(), "-o", "table"])).await;
    assert!(table.stdout.contains("of 3 candidates now, were it one of them"), "{}", table.stdout);
    assert!(table.stdout.contains("local (if it had room)"), "{}", table.stdout);
    // A bid of ours has the rank of its run.
    let bid_on = in_state(&world).into_keys().next().unwrap();
    let explained = ask(&world, &["bid", "explain", &bid_on]).await;
    assert_eq!((&explained["rank"], explained["our_decision"]["rank"].as_u64().is_some()), (&Value::Null, true));
}

/// The operator's own workloads, and those of leases that are over, are on the same machine.
#[tokio::test(flavor = "multi_thread")]
async fn what_else_runs_is_not_sold() {
    let world = selling(0, "").await;
    let manifest = "version: v1\nname: own\nservices:\n  web:\n    image: web:1\n    command: [\"/web\"]\n    \
                    resources: { cpu: { units: 300 }, memory: { size: 1Gi }, storage: { size: 1Gi } }\n";
    std::fs::write(world.path("own.yaml"), manifest).unwrap();
    let file = world.path("own.yaml").display().to_string();
    let ran = world.run(world.command(&["workloads", "deploy", "--manifest", &file, "-o", "json"])).await;
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    let used = async || {
        let rows = ask(&world, &["resources", "status"]).await;
        let cpu = rows.as_array().unwrap().iter().find(|row| row["resource"] == "cpu").unwrap().clone();
        (cpu["used"].as_str().unwrap().to_owned(), cpu["available"].as_str().unwrap().to_owned())
    };
    assert_eq!(used().await, ("300".to_owned(), "700".to_owned()));
    let (_, large) = deploy(&world, "large", &cores(&world, 384), "500000000uve").await;
    let (_, larger) = deploy(&world, "larger", &cores(&world, 380), "500000000uve").await;
    let ran = bid(&world).await;
    let bids = ran["bids"].as_array().unwrap();
    assert_eq!(
        (bids.len(), &ran["declined"]),
        (1, &json!({"insufficient_resources": 1})),
        "300 and 384 and 380: {ran}"
    );
    let order = bids[0]["order"].as_str().unwrap().to_owned();
    let (name, dseq) = if order == large.to_string() { ("large", large.dseq()) } else { ("larger", larger.dseq()) };
    // The bid becomes a lease, whose workload still runs when the lease is over.
    tenant(&world, name, provider::devnet::tenant::Action::Accept { dseq, gseq: None, wait: 0 }).await;
    bid(&world).await;
    let row = in_state(&world)[&order].clone();
    let id = provider::domain::workload::WorkloadId::of_lease(
        &provider::domain::id::LeaseId::parse(&row.chain_id(), world.network.address_prefix).unwrap(),
    );
    let (id, owner) = (id.to_string(), row.chain_id());
    let copy = [
        format!(
            "INSERT INTO workloads (id, owner, adapter, state, since, reason, created, revision)
             SELECT '{id}', '{owner}', 'local', 'running', since, reason, created, revision FROM workloads WHERE id = 'o-own'"
        ),
        format!(
            "INSERT INTO manifests (workload, revision, manifest, probes, received)
             SELECT '{id}', revision, manifest, probes, received FROM manifests WHERE workload = 'o-own'"
        ),
    ];
    for statement in &copy {
        sql(&world, statement);
    }
    let (while_leased, _) = used().await;
    assert!(matches!(while_leased.as_str(), "684" | "680"), "a lease counts once: {while_leased}");
    tenant(&world, name, provider::devnet::tenant::Action::Close { dseq }).await;
    bid(&world).await;
    assert_eq!(in_state(&world)[&order].state.word(), "closed");
    assert_eq!(used().await.0, "600", "by its manifest, until it is gone");
    sql(&world, &format!("UPDATE workloads SET state = 'terminated' WHERE id = '{id}'"));
    assert_eq!(used().await.0, "300");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_shows_the_market_says_that_we_pause() {
    let world = selling(0, "").await;
    let (_, order) = deploy(&world, "one", &usual(&world), "5000000uve").await;
    bid(&world).await;
    ask(&world, &["pause", "--reason", "moving house"]).await;
    let order = order.to_string();
    let commands: &[&[&str]] = &[
        &["status"],
        &["info"],
        &["bid", "list"],
        &["bid", "history"],
        &["bid", "status"],
        &["bid", "explain", &order],
        &["order", "list"],
        &["order", "show", &order],
        &["lease", "list"],
        &["escrow", "list"],
        &["resources", "status"],
        &["workloads", "list"],
        &["alerts", "list"],
        &["tx", "list"],
        &["job", "list"],
    ];
    for command in commands {
        let ran = world.run(world.command(command)).await;
        let said = ran.stderr.matches("paused (moving house)").count();
        assert_eq!((ran.code, said), (Some(0), 1), "{command:?}: {}{}", ran.stdout, ran.stderr);
    }
    let shown = world.run(world.command(&["status", "-o", "json"])).await;
    assert_eq!(shown.json()["bidding"]["paused"], "moving house");
    let quiet = world.run(world.command(&["-q", "order", "list"])).await;
    assert_eq!(quiet.stderr, "");
    ask(&world, &["resume"]).await;
    let ran = world.run(world.command(&["status"])).await;
    assert!(!ran.stderr.contains("paused") && !ran.stdout.contains("paused"), "{}{}", ran.stdout, ran.stderr);
}
