//! What is on chain and not in the state file: after a restore, and where the chain could not be read.

use provider::devnet::fault::{Fault, Rule};
use serde_json::{Value, json};

use super::market::Market;

const SDL: &str = "version: v1\nname: metered\nservices:\n  web:\n    image: none\n    command: [/bin/true]\n    resources: { cpu: { units: 1 }, memory: { size: 64Mi }, storage: { size: 64Mi } }\n    expose: [{ port: 80, to: [{ global: true }] }]\n    price: { amount: 10, denom: uve }\n";

const SUBMIT: [&str; 4] = ["usage", "submit", "--passphrase-file", "passphrase"];

async fn market() -> Market {
    let market = Market::new(1, SDL, Some("10000000uve")).await;
    market.configure("usage: { prices: { egress_gb: 2uve } }\nsettlement: { interval: 30d }\n");
    market
}

/// So many GiB of an hour of a day.
async fn record(market: &Market, hour: u32, gib: u64) -> Value {
    let (lease, out) = (market.leases[0].to_string(), (gib << 30).to_string());
    let (start, end) = (format!("2026-01-30T{hour:02}:00:00Z"), format!("2026-01-30T{:02}:00:00Z", hour + 1));
    let by_hand = ["usage", "record", "--lease-id", &lease, "--network-bytes-out", &out];
    market.signed(&[&by_hand[..], &["--start", &start, "--end", &end]].concat()).await
}

async fn back_up(market: &Market) {
    let ran = market.world.run(market.world.command(&["state", "backup", "--output", "backup.db"])).await;
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
}

async fn state(market: &Market, id: &str) -> Value {
    market.ok(&["usage", "show", id]).await["state"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_after_the_backup_is_found_and_not_sent_again() {
    let market = market().await;
    record(&market, 0, 5).await;
    back_up(&market).await;
    assert_eq!(market.signed(&["usage", "submit"]).await["confirmed"], 1);
    market.ok(&["state", "restore", "backup.db"]).await;
    assert_eq!(state(&market, "1").await, "pending");

    // As long as the chain cannot be read nothing is sent, whatever is asked for.
    let away = Fault::Status { code: 14, message: "away".to_owned() };
    market.world.server.node.faults().set(Rule::of(away, Some("UsageRecordsByOrder")));
    let unread = market.run(&[&SUBMIT[..], &["--force"]].concat()).await;
    assert_eq!((unread.code, &unread.json()["submitted"]), (Some(1), &json!(0)), "{}", unread.stdout);
    market.world.server.node.faults().clear();

    let found = market.signed(&["usage", "submit"]).await;
    assert_eq!((&found["submitted"], &found["confirmed"]), (&json!(0), &json!(1)), "{found}");
    // The window lies long back: it was settled at once.
    assert_eq!(state(&market, "1").await, "settled");
    assert_eq!(market.on_chain(&market.leases[0]).await.len(), 1);
    assert_eq!(market.ok(&["settlement", "sync"]).await["discrepancies"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_of_a_time_that_the_chain_has_otherwise_waits_for_a_person() {
    let market = market().await;
    back_up(&market).await;
    record(&market, 0, 5).await;
    market.signed(&["usage", "submit"]).await;
    market.ok(&["state", "restore", "backup.db"]).await;

    // The meters went back, too: the same time, cut otherwise.
    record(&market, 0, 6).await;
    record(&market, 1, 1).await;
    let ran = market.run(&SUBMIT).await;
    let said = ran.json();
    assert_eq!((ran.code, &said["submitted"]), (Some(1), &json!(1)), "the other hour is not contested: {said}");
    assert!(said["contested"][0].as_str().unwrap().starts_with("record 1: the chain has usage-"), "{said}");
    assert!(ran.stderr.contains("--charge-again 1"), "{}", ran.stderr);
    assert_eq!(state(&market, "1").await, "pending");
    let on_chain = async || {
        let mut units: Vec<u64> = market.on_chain(&market.leases[0]).await.iter().map(|one| one.usage_units).collect();
        units.sort_unstable();
        units
    };
    assert_eq!(on_chain().await, [1, 5]);
    let forced = market.run(&[&SUBMIT[..], &["--force"]].concat()).await.json();
    assert_eq!(forced["submitted"], 0, "{forced}");

    // A known discrepancy is no news, and a person may decide.
    let again = market.run(&[&SUBMIT[..], &["--charge-again", "1"]].concat()).await;
    assert_eq!((again.code, &again.json()["submitted"]), (Some(0), &json!(1)), "{}{}", again.stdout, again.stderr);
    assert_eq!(on_chain().await, [1, 5, 6]);
    let synced = market.ok(&["settlement", "sync"]).await;
    assert_eq!(synced["discrepancies"].as_array().unwrap().len(), 1, "{synced}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_up_becomes_a_file_as_soon_as_it_can() {
    let market = market().await;
    let folder = market.world.folder.path().join("failed");
    market.configure(&format!(
        "usage: {{ prices: {{ egress_gb: 2uve }}, max_retries: 0, failed_reports_dir: {} }}\n",
        folder.display()
    ));
    let row = record(&market, 0, 5).await;
    std::fs::write(&folder, "in the way").unwrap();
    let message = "failed to execute message; message index: 0: only the provider can record usage: unauthorized";
    let refusal = Fault::Status { code: 2, message: message.to_owned() };
    market.world.server.node.faults().set(Rule::of(refusal, Some("Simulate")));
    let ran = market.run(&SUBMIT).await;
    assert_eq!(ran.json()["without_file"].as_array().unwrap().len(), 1, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains("is no file in usage.failed_reports_dir yet"), "{}", ran.stderr);
    assert_eq!(state(&market, "1").await, "failed");
    std::fs::remove_file(&folder).unwrap();
    let ran = market.run(&SUBMIT).await;
    assert_eq!((ran.code, &ran.json()["without_file"]), (Some(0), &json!([])), "{}{}", ran.stdout, ran.stderr);
    assert!(folder.join(format!("{}.json", row[0]["record_id"].as_str().unwrap())).exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_correction_took_off_after_the_end_is_named() {
    let market = market().await;
    record(&market, 0, 5).await;
    market.signed(&["usage", "submit"]).await;
    let lease = market.leases[0].to_string();
    let window = ["--start", "2026-01-30T00:00:00Z", "--end", "2026-01-30T01:00:00Z"];
    let correction =
        ["usage", "record", "--lease-id", &lease, "--network-bytes-out", "1073741824", "--correct", "--final"];
    market.signed(&[&correction[..], &window].concat()).await;
    let synced = market.run(&["settlement", "sync"]).await;
    let named = synced.json()["discrepancies"][0][1].as_str().unwrap().to_owned();
    assert!(named.starts_with("4294967296 of egress more was charged than was used"), "{named}");
    assert_eq!((synced.code, market.run(&["settlement", "sync"]).await.code), (Some(1), Some(0)), "told once");
}
