//! Usage of real processes under real leases of the development chain: metered, signed, corrected, submitted once,
//! settled, earned. As many processes as `USAGE_PROCESSES` says: `tests/run` asks for twenty, `cargo test` alone for two.

use std::path::Path;
use std::time::{Duration, Instant};

use provider::devnet::fault::{Fault, Rule};
use provider::devnet::tenant::Action;
use provider::domain::id::LeaseId;
use provider::domain::usage::Metric;
use provider::domain::workload::WorkloadId;
use provider::store::usage::{Filter, meters, records};
use serde_json::Value;

use super::market::{Market, dseq};
use crate::workloads::house::kill_supervisors_below;

/// It computes a little, and rests.
const SDL: &str = "version: v1\nname: here\nservices:\n  web:\n    image: none\n    command: [/bin/sh, -c, 'while :; do i=0; while [ $i -lt 3000 ]; do i=$((i+1)); done; sleep 0.1; done']\n    resources: { cpu: { units: 200m }, memory: { size: 64Mi }, storage: { size: 64Mi } }\n    expose: [{ port: 18098, to: [{ global: true }] }]\n    price: { amount: 1000, denom: uve }\n";

/// What the kernel rounds times to, for each of the processes of a workload that ended and were counted.
const TICKS: i128 = 30;

struct Story {
    market: Market,
    site: String,
}

impl Drop for Story {
    fn drop(&mut self) {
        kill_supervisors_below(&self.market.world.path("workloads").join(&self.site), &self.site);
    }
}

impl Story {
    async fn new(count: u64) -> Self {
        let market = Market::new(count, SDL, Some("100000000uve")).await;
        let site = format!("u{}", std::process::id());
        market.configure(&format!(
            "orchestration: {{ adapter: local, local: {{ runtime: process, site: {site} }} }}\n\
             metering: {{ interval: 3s, max_sample_gap: 1m }}\nfraud: {{ min_record_duration: 1s, max_cpu_usage_ratio: 50 }}\n\
             settlement: {{ interval: 1s }}\nusage: {{ prices: {{ egress_gb: 2uve }} }}\n"
        ));
        std::fs::write(market.world.folder.path().join("web.yaml"), SDL).unwrap();
        Self { market, site }
    }

    /// Reconciles until every workload is in a state.
    async fn until(&self, state: &str) {
        let begun = Instant::now();
        loop {
            let ran = self.market.run(&["workloads", "reconcile"]).await;
            assert!(matches!(ran.code, Some(0 | 1 | 75)), "{}{}", ran.stdout, ran.stderr);
            let rows = self.market.ok(&["workloads", "list", "--all"]).await;
            let rows = rows.as_array().unwrap();
            if rows.len() == self.market.leases.len() && rows.iter().all(|row| row["state"] == state) {
                return;
            }
            assert!(begun.elapsed() < Duration::from_mins(2), "not {state}: {rows:?}");
        }
    }

    async fn deploy(&self) {
        self.market.ok(&["workloads", "reconcile"]).await;
        let manifest = self.market.world.folder.path().join("web.yaml");
        for lease in &self.market.leases {
            let (manifest, lease) = (manifest.to_str().unwrap(), lease.to_string());
            let ran = self.market.run(&["workloads", "deploy", "--manifest", manifest, "--lease", &lease]).await;
            assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
        }
        self.until("running").await;
    }

    /// The processor time of a workload's processes in milliseconds, as the kernel says.
    fn of_the_kernel(&self, lease: &LeaseId) -> i128 {
        let root = self.market.world.path("workloads").join(&self.site);
        let home = root.join(WorkloadId::of_lease(lease).to_string());
        std::fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| processor_time(&entry.path(), &home)).sum()
    }

    /// What we know of it: the records, and what is in the meter's hand.
    fn metered(&self, lease: &LeaseId) -> i128 {
        let store = self.market.world.store();
        let filter = Filter { lease: Some(lease.to_string()), ..Filter::default() };
        let (rows, meter) = store
            .read("look", |snapshot| {
                let rows = records::list(snapshot, &filter)?;
                Ok::<_, provider::store::usage::Error>((rows, meters::of_lease(snapshot, lease)?))
            })
            .unwrap();
        let used = rows.iter().filter_map(|row| row.facts.used.cpu_milli_seconds).sum::<i128>();
        let meter = meter.unwrap();
        let in_hand = if meter.ended_at.is_some() { None } else { meter.meter.in_hand().get(Metric::CpuMilliSeconds) };
        used + in_hand.unwrap_or(0)
    }

    async fn collect(&self) -> Value {
        self.market.signed(&["usage", "collect"]).await
    }

    async fn rows(&self, lease: &LeaseId) -> Vec<Value> {
        let rows = self.market.ok(&["usage", "list", "--lease", &lease.to_string()]).await;
        rows.as_array().unwrap().clone()
    }
}

/// Processor time of one process of ours, and of its children that ended: fields 14 to 17 of `stat`.
fn processor_time(process: &Path, home: &Path) -> Option<i128> {
    let environment = std::fs::read(process.join("environ")).ok()?;
    let marker = format!("HOME={}", home.display());
    environment.split(|byte| *byte == 0).find(|variable| variable.starts_with(marker.as_bytes()))?;
    let stat = std::fs::read_to_string(process.join("stat")).ok()?;
    let fields: Vec<i128> =
        stat.rsplit_once(')')?.1.split_whitespace().filter_map(|field| field.parse().ok()).collect();
    // The first of them, the state, is no number: `utime` is the eleventh number.
    Some(fields.get(10..14)?.iter().sum::<i128>() * 10)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_processes_use_becomes_money_exactly_once() {
    let count = std::env::var_os("USAGE_PROCESSES")
        .map_or(2, |count| count.to_str().and_then(|count| count.parse().ok()).expect("USAGE_PROCESSES is a number"));
    let story = Story::new(count).await;
    let market = &story.market;
    story.deploy().await;

    for _ in 0..5 {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let before: Vec<i128> = market.leases.iter().map(|lease| story.of_the_kernel(lease)).collect();
        let collected = story.collect().await;
        assert_eq!(collected["sampled"].as_u64(), Some(count), "{collected}");
        for (lease, before) in market.leases.iter().zip(before) {
            let (metered, after) = (story.metered(lease), story.of_the_kernel(lease));
            assert!(
                (before - TICKS..=after + TICKS).contains(&metered),
                "{lease}: the kernel counted {before} ms before and {after} ms after, we {metered} ms"
            );
        }
    }
    let lease = &market.leases[0];
    let rows = story.rows(lease).await;
    let first = &rows[rows.len() - 1];
    assert!(first["network_bytes_out"].is_null(), "processes share the machine's network: {first}");
    assert_eq!(first["state"], "local", "nothing that has a price was used: {first}");

    // What the site's router counted comes by hand, as a correction of that window.
    let (start, end) = (first["period_start"].as_str().unwrap(), first["period_end"].as_str().unwrap());
    let (lease_id, out) = (lease.to_string(), (3_u64 << 30).to_string());
    let by_hand = ["usage", "record", "--lease-id", &lease_id, "--start", start, "--end", end, "--correct"];
    let row = market.signed(&[&by_hand[..], &["--network-bytes-out", &out]].concat()).await;
    assert_eq!((&row[0]["revision"], &row[0]["cost"]), (&2.into(), &"6uve".into()), "{row}");
    assert_eq!(row[0]["cpu_milli_seconds"], first["cpu_milli_seconds"], "the rest stays");

    let submitted = market.signed(&["usage", "submit"]).await;
    assert_eq!((&submitted["submitted"], &submitted["confirmed"]), (&1.into(), &1.into()), "{submitted}");
    market.signed(&["usage", "submit"]).await;
    market.signed(&["usage", "submit", "--force"]).await;
    let on_chain = market.on_chain(lease).await;
    assert_eq!(on_chain.len(), 1, "once, however often it is submitted");
    assert_eq!((on_chain[0].usage_units, on_chain[0].usage_type.as_str()), (3, "egress"));
    assert_eq!(on_chain[0].total_cost[0].amount, "6");

    // The end of the leases: a final record of each, and every unit accounted for.
    let last: Vec<i128> = market.leases.iter().map(|lease| story.metered(lease)).collect();
    for place in 0..market.leases.len() {
        market.tenant(Action::CloseLease { dseq: dseq(place), gseq: None }).await;
    }
    story.until("terminated").await;
    let ended = story.collect().await;
    assert_eq!(ended["ended"].as_u64(), Some(count), "{ended}");
    for (lease, last) in market.leases.iter().zip(last) {
        let rows = story.rows(lease).await;
        assert_eq!(rows.iter().filter(|row| row["type"] == "final").count(), 1, "{rows:?}");
        assert!(story.metered(lease) >= last, "what was used between the last sample and the end is known");
    }
    tokio::time::sleep(Duration::from_millis(1100)).await;
    market.signed(&["usage", "submit"]).await;
    market.signed(&["usage", "submit"]).await;
    let settled = market.ok(&["settlement", "list"]).await;
    assert_eq!((settled.as_array().unwrap().len(), &settled[0]["total"]), (1, &"6uve".into()), "{settled}");
    assert_eq!(settled[0]["is_final"], false, "{settled}");
    let ledger = market.ok(&["settlement", "show", &lease_id]).await;
    let ledger = ledger.as_array().unwrap();
    assert!(ledger.iter().all(|row| row["balanced"] == true), "{ledger:?}");
    assert!(ledger.iter().any(|row| row["usage_type"] == "egress" && row["settled"] == "3"), "{ledger:?}");
    let synced = market.ok(&["settlement", "sync"]).await;
    assert_eq!(synced["discrepancies"], serde_json::json!([]), "{synced}");
    let earned = market.ok(&["earnings", "--by", "lease"]).await;
    assert_eq!(earned.as_array().unwrap().len(), market.leases.len(), "{earned}");
    let ours = earned.as_array().unwrap().iter().find(|row| row["of"] == lease_id.as_str()).unwrap();
    assert_ne!((&ours["lease"], &ours["usage"]), (&"0".into(), &"0".into()), "{ours}");
    assert_eq!(market.on_chain(lease).await.len(), 1);
    let status = market.ok(&["status"]).await;
    assert_eq!(status["leases_active"], 0, "{status}");
    assert_eq!(status["closed_leases"], serde_json::json!([["lease_closed_owner", count]]), "{status}");
    assert!(status["leases_seen_at"].is_string() && status["utilization"][0]["total"].is_string(), "{status}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_escrow_a_record_waits_and_is_submitted_when_one_appears() {
    let market = Market::new(1, SDL, None).await;
    market.configure("usage: { prices: { egress_gb: 2uve } }\nsettlement: { interval: 30d }\n");
    let (lease, out) = (market.leases[0].to_string(), (5_u64 << 30).to_string());
    let window = ["--start", "2026-01-30T00:00:00Z", "--end", "2026-01-30T01:00:00Z"];
    let by_hand = ["usage", "record", "--lease-id", &lease, "--network-bytes-out", &out];
    let row = market.signed(&[&by_hand[..], &window].concat()).await;
    assert_eq!(row[0]["state"], "pending", "{row}");
    let told = market.signed(&["usage", "submit"]).await;
    assert_eq!((&told["submitted"], &told["without_escrow"]), (&0.into(), &1.into()), "{told}");
    let shown = market.ok(&["usage", "show", "1"]).await;
    assert_eq!(shown["state"], "no settlement escrow", "{shown}");
    assert!(market.on_chain(&market.leases[0]).await.is_empty());

    // Named by the tenant as one whom we may activate: we name ourselves, and what waited is sent.
    let amount = "1000000uve".to_owned();
    market.tenant(Action::Escrow { dseq: dseq(0), gseq: 1, amount, expires_in: 30 * 24 * 3600, pending: true }).await;
    for _ in 0..2 {
        market.signed(&["usage", "submit"]).await;
    }
    assert_eq!(market.on_chain(&market.leases[0]).await.len(), 1);
    let state = market.ok(&["usage", "show", "1"]).await["state"].clone();
    assert!(state == "recorded" || state == "settled", "{state}");
    let disputed = ["settlement", "dispute", &lease, "--reason", "the tenant disputes the traffic"];
    market.signed(&disputed).await;
    assert_eq!(market.ok(&["settlement", "sync"]).await["discrepancies"], serde_json::json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_chain_refuses_again_and_again_becomes_a_file_and_force_takes_it_up() {
    let market = Market::new(1, SDL, Some("1000000uve")).await;
    market.configure("usage: { prices: { egress_gb: 2uve }, max_retries: 1, retry_delay: 1s, retry_backoff: 1 }\n");
    let (lease, out) = (market.leases[0].to_string(), (5_u64 << 30).to_string());
    let window = ["--start", "2026-01-30T00:00:00Z", "--end", "2026-01-30T01:00:00Z"];
    let by_hand = ["usage", "record", "--lease-id", &lease, "--network-bytes-out", &out];
    let row = market.signed(&[&by_hand[..], &window].concat()).await;
    let message = "failed to execute message; message index: 0: only the provider can record usage: unauthorized";
    let refusal = Fault::Status { code: 2, message: message.to_owned() };
    market.world.server.node.faults().set(Rule::of(refusal, Some("Simulate")));
    let submit = ["usage", "submit", "--passphrase-file", "passphrase"];
    let first = market.run(&submit).await.json();
    assert_eq!(first["put_off"].as_array().unwrap().len(), 1, "{first}");
    assert!(market.ok(&["usage", "show", "1"]).await["next_attempt_at"].is_string(), "it is put off");
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let second = market.run(&submit).await.json();
    assert_eq!(second["given_up"].as_array().unwrap().len(), 1, "{second}");
    let name = format!("{}.json", row[0]["record_id"].as_str().unwrap());
    let file = market.world.path("failed_reports").join(name);
    let verdict = market.ok(&["usage", "verify", file.to_str().unwrap()]).await;
    assert_eq!(verdict[0]["verified"], true, "{verdict}");
    assert_eq!(market.ok(&["usage", "pending"]).await[0]["state"], "failed");

    market.world.server.node.faults().clear();
    assert_eq!(market.run(&submit).await.json()["submitted"], 0, "only when it is told to");
    let forced = market.run(&[&submit[..], &["--force"]].concat()).await.json();
    assert_eq!(forced["confirmed"], 1, "{forced}");
    assert_eq!(market.on_chain(&market.leases[0]).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_settlement_that_was_refused_is_asked_for_again_and_a_final_one_is_noticed() {
    let market = Market::new(1, SDL, Some("1000000uve")).await;
    market.configure("usage: { prices: { egress_gb: 2uve } }\nsettlement: { interval: 1s }\n");
    let (lease, out) = (market.leases[0].to_string(), (5_u64 << 30).to_string());
    let window = ["--start", "2026-01-30T00:00:00Z", "--end", "2026-01-30T01:00:00Z"];
    let by_hand = ["usage", "record", "--lease-id", &lease, "--network-bytes-out", &out];
    market.signed(&[&by_hand[..], &window].concat()).await;
    market.signed(&["usage", "submit"]).await;

    let message = "failed to execute message; message index: 0: the chain is in a bad mood: unauthorized";
    let refusal = Fault::Status { code: 2, message: message.to_owned() };
    market.world.server.node.faults().set(Rule::of(refusal, Some("Simulate")));
    let submit = ["usage", "submit", "--passphrase-file", "passphrase"];
    let refused = market.run(&submit).await.json();
    assert_eq!((&refused["settlements_sent"], &refused["settled"]), (&1.into(), &0.into()), "{refused}");
    market.world.server.node.faults().clear();
    let settled = market.signed(&["usage", "submit"]).await;
    assert_eq!((&settled["settlements_sent"], &settled["settled"]), (&1.into(), &1.into()), "{settled}");
    let again = market.signed(&["usage", "submit"]).await;
    assert_eq!(again["settlements_sent"], 0, "once: {again}");

    // The rest of the escrow, which no usage was for: only with its amount.
    let settle = ["settlement", "settle", &lease, "--final", "--passphrase-file", "passphrase", "--amount"];
    let wrong = market.run(&[&settle[..], &["1uve"]].concat()).await;
    assert!(wrong.code == Some(64) && wrong.stderr.contains("999990uve"), "{}", wrong.stderr);
    assert_eq!(market.run(&[&settle[..], &["999990uve"]].concat()).await.code, Some(0));
    // It is what a person wanted, and it is named all the same: once as news.
    let synced = market.run(&["settlement", "sync"]).await;
    let named = synced.json()["discrepancies"][0][1].as_str().unwrap().to_owned();
    assert!(
        synced.code == Some(1) && named.ends_with("is final and paid 999990uve for records that cost nothing"),
        "{named}"
    );
    market.ok(&["settlement", "sync"]).await;
    let listed = market.ok(&["settlement", "list"]).await;
    let finals: Vec<_> = listed.as_array().unwrap().iter().filter(|row| row["is_final"] == true).collect();
    assert_eq!((listed.as_array().unwrap().len(), finals.len()), (2, 1), "{listed}");
    assert_eq!(finals[0]["total"], "999990uve");
    let earned = market.ok(&["earnings", "--by", "lease"]).await;
    assert_ne!(earned[0]["usage"], "10", "the rest is earned, too: {earned}");
}
