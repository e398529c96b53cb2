//! A submission that is killed at any of its steps, or at any of the outbox's: the next one goes on, and each record is on
//! chain once, and paid once.

use std::os::unix::process::ExitStatusExt as _;

use provider::devnet::fault::{Fault, Rule};
use provider::jobs::tx_flush::FailPoint::{Found, HandedOut, HandingNoted, Settled, Stored};
use provider::jobs::usage_submit;
use serde_json::Value;

use super::market::Market;

const SDL: &str = "version: v1\nname: metered\nservices:\n  web:\n    image: none\n    command: [/bin/true]\n    resources: { cpu: { units: 1 }, memory: { size: 64Mi }, storage: { size: 64Mi } }\n    expose: [{ port: 80, to: [{ global: true }] }]\n    price: { amount: 10, denom: uve }\n";

/// Writes down what was used in an hour of 2026-01: its id.
async fn record(market: &Market, hour: u32) -> String {
    let (lease, out) = (market.leases[0].to_string(), (u64::from(hour + 1) << 30).to_string());
    let at = |hour: u32| format!("2026-01-{:02}T{:02}:00:00Z", 1 + hour / 24, hour % 24);
    let (start, end) = (at(hour), at(hour + 1));
    let by_hand = ["usage", "record", "--lease-id", &lease, "--network-bytes-out", &out];
    let row = market.signed(&[&by_hand[..], &["--start", &start, "--end", &end]].concat()).await;
    row[0]["record_id"].as_str().unwrap().to_owned()
}

/// Submits, to be killed at a point. Whether it came there.
async fn killed_at(market: &Market, point: &str) -> bool {
    let mut armed = market.world.command(&["usage", "submit", "--passphrase-file", "passphrase", "-o", "json"]);
    armed.env("PROVIDER_FAIL_POINT", point).env("PROVIDER_TRANSACTIONS_TIMEOUT_BLOCKS", "8");
    let output = tokio::task::spawn_blocking(move || armed.output().unwrap()).await.unwrap();
    let killed = output.status.signal() == Some(9);
    assert!(killed || output.status.code().is_some(), "{point}: {:?}", output.status);
    killed
}

/// Submits until a record is paid.
async fn until_paid(market: &Market, record: &str, point: &str) -> Value {
    let mut said = Value::Null;
    for _ in 0..40 {
        said = market.run(&["usage", "submit", "--passphrase-file", "passphrase"]).await.json();
        if market.ok(&["usage", "show", record]).await["state"] == "settled" {
            return said;
        }
    }
    panic!("{point}: {record} is never paid: {said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_anywhere_charges_nothing_twice_and_loses_nothing() {
    let market = Market::new(1, SDL, Some("10000000uve")).await;
    market.configure("usage: { prices: { egress_gb: 2uve }, retry_delay: 1s }\nsettlement: { interval: 1s }\nfraud: { network_floor: 1000Gi }\n");
    let of_submissions = usage_submit::FailPoint::ALL.iter().filter(|point| point.word() != "usage-failed-file");
    // Its other points are killed at by the tests of bids.
    let of_flushes = [Stored, HandedOut, HandingNoted, Found, Settled];
    let points: Vec<&str> =
        of_submissions.map(|point| point.word()).chain(of_flushes.iter().map(|point| point.word())).collect();
    let (mut hour, mut kills) = (0_u32, 0);
    for point in &points {
        let id = record(&market, hour).await;
        hour += 1;
        // Once the record is on chain a settlement is due: that is the second run.
        let mut killed = killed_at(&market, point).await;
        if !killed {
            killed = killed_at(&market, point).await;
        }
        assert!(killed || !point.starts_with("usage-"), "no run came to {point}");
        kills += u32::from(killed);
        until_paid(&market, &id, point).await;
        let mut units: Vec<u64> =
            market.on_chain(&market.leases[0]).await.iter().map(|record| record.usage_units).collect();
        units.sort_unstable();
        assert_eq!(units, (1..=u64::from(hour)).collect::<Vec<_>>(), "{point}");
    }
    assert!(kills >= 9, "{kills} kills");
    let synced = market.ok(&["settlement", "sync"]).await;
    assert_eq!(synced["discrepancies"], serde_json::json!([]), "{synced}");
    let settled = market.ok(&["settlement", "list"]).await;
    let paid = |row: &Value| row["total"].as_str().unwrap().trim_end_matches("uve").parse::<u64>().unwrap();
    let total: u64 = settled.as_array().unwrap().iter().map(paid).sum();
    assert_eq!(total, u64::from(hour * (hour + 1)), "2uve for each GiB, once: {settled}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_while_a_record_is_given_up_leaves_it_as_a_file_and_in_the_state_file() {
    let market = Market::new(1, SDL, Some("1000000uve")).await;
    market.configure("usage: { prices: { egress_gb: 2uve }, max_retries: 0 }\n");
    let id = record(&market, 0).await;
    let message = "failed to execute message; message index: 0: only the provider can record usage: unauthorized";
    let refusal = Fault::Status { code: 2, message: message.to_owned() };
    market.world.server.node.faults().set(Rule::of(refusal, Some("Simulate")));
    assert!(killed_at(&market, "usage-failed-file").await);
    let file = market.world.path("failed_reports").join(format!("{id}.json"));
    assert!(file.exists());
    assert_eq!(market.ok(&["usage", "show", &id]).await["state"], "submitted", "nothing says yet that it is given up");
    let next = market.run(&["usage", "submit", "--passphrase-file", "passphrase"]).await.json();
    assert_eq!(next["given_up"].as_array().unwrap().len(), 1, "{next}");
    assert_eq!(market.ok(&["usage", "show", &id]).await["state"], "failed");
    let verdict = market.ok(&["usage", "verify", file.to_str().unwrap()]).await;
    assert_eq!(verdict[0]["verified"], true, "{verdict}");
}
