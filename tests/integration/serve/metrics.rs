//! The metrics under Prometheus' own tools: promtool, rules, and every query of the dashboards on a real server.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{PLAIN, Place, ask, client};

/// Whether Prometheus' tools are here.
fn has_promtool() -> bool {
    let has = Command::new("promtool").arg("--version").output().is_ok_and(|output| output.status.success());
    if !has {
        eprintln!("could not run: promtool is not installed");
    }
    has
}

fn monitoring(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("config/monitoring").join(name)
}

fn promtool(arguments: &[&str], input: Option<&str>) -> String {
    let mut command = Command::new("promtool");
    command
        .args(arguments)
        .current_dir(monitoring(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.unwrap_or_default().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "promtool {arguments:?}: {said}");
    said
}

/// A state file in which everything has happened.
pub fn busy(configuration: &str) -> Place {
    let place = Place::new(configuration);
    let sql = rusqlite::Connection::open(place.state()).unwrap();
    let now = jiff::Timestamp::now().as_microsecond();
    let hour = 3_600_000_000_i64;
    sql.execute_batch(&format!(
        "INSERT INTO leases (id, chain, state, price, created_at, first_seen, last_seen, funded_until)
           VALUES ('t/1/1/1/p', 'c', 'active', '0.5uve', 1, {now}, {now}, {now} + 5 * {hour});
         INSERT INTO chain_pace (chain, block_nanos, height, time) VALUES ('c', 5000000000, 10, {now});
         INSERT INTO bids (chain, order_id, provider, state, back_end, price, deposit, class, origin, created_at, opened_at)
           VALUES ('c', 't/1/1/1', 'p', 'open', 'local', '0.5uve', '500000uve', 'cpu', 'run', {now} - 3000000, {now});
         UPDATE bids SET won = 1, state = 'active';
         INSERT INTO bids (chain, order_id, provider, state, back_end, price, deposit, class, origin, created_at, opened_at)
           VALUES ('c', 't/2/1/1', 'p', 'open', 'local', '0.5uve', '500000uve', 'cpu', 'run', {now}, {now});
         UPDATE bids SET won = 0, state = 'lost', settled_at = {now} WHERE order_id = 't/2/1/1';
         INSERT INTO bid_decisions (key, order_id, at, code, reason, lasts)
           VALUES (zeroblob(16), 't/3/1/1', {now}, 'price_too_high', '{{}}', 'run');
         INSERT INTO workloads (id, owner, adapter, state, since, reason, created)
           VALUES ('o-1', 'operator', 'local', 'pending', {now}, '{{\"reason\":\"lease_active\"}}', {now});
         UPDATE workloads SET state = 'deploying'; UPDATE workloads SET state = 'running';
         INSERT INTO usage_meters (lease, workload, opened_at, position_at, state, allocated)
           VALUES ('t/1/1/1/p', 'l-1', {now}, {now}, '{{}}',
             '{{\"cpu_milli_cores\":1500,\"memory_bytes\":1073741824,\"storage_bytes\":1,\"gpus\":1}}');
         INSERT INTO earnings (at, lease, tenant, source, amount, denom) VALUES
           ({now}, 't/1/1/1/p', 't', 'lease', '12.000000000000000001', 'uve'), ({now}, 't/1/1/1/p', 't', 'usage', '3', 'uve');
         INSERT INTO outbox_spending (at, kind, amount) VALUES ({now}, 'fee', '5000uve');
         INSERT INTO lease_payments (lease, tenant, lease_state, payment_state, rate, balance, unsettled, withdrawn, earned,
             seen_height, seen_at)
           VALUES ('t/1/1/1/p', 't', 'active', 'open', '0.5uve', '1uve', '0uve', '11uve', '12uve', 10, {now});
         INSERT INTO usage_records (record_id, lease, tenant, workload, type, revision, start_at, end_at, sources, gaps,
             pricing, state, created_at)
           VALUES ('{record}', 't/1/1/1/p', 't', 'l-1', 'periodic', 1, 0, {hour}, '', '[]', '{{}}', 'held', {now});
         UPDATE usage_records SET attempts = 2;
         INSERT INTO readings (source, readable_since, read, height, height_since) VALUES
           ('chain', {now}, {now}, 10, {now}), ('local', {now}, {now}, NULL, NULL);
         INSERT INTO keys (name, type, public_key, fingerprint, kept, role, state, since, created_at, activated_at)
           VALUES ('provider', 'secp256k1', x'00', '{key}', 'file', 'signing', 'active', {now}, {now}, {now});
         INSERT INTO alerts (kind, subject, severity, summary, raised_at) VALUES ('capacity', 'cpu', 'critical', 'full', {now});
         INSERT INTO job_runs (job, started_at, ended_at, outcome, pid, host)
           SELECT value, {now} - 1000000, {now}, 'done', 1, 'h' FROM json_each('[\"bid-run\", \"workloads-reconcile\",
             \"usage-collect\", \"usage-submit\", \"lease-monitor\", \"tx-flush\", \"keys-rotate\", \"state-maintain\"]');",
        record = "r".repeat(32),
        key = "f".repeat(40),
    ))
    .unwrap();
    place
}

const SELLING: &str = "capacity: { total_cpu: 4, total_memory: 8Gi, total_gpus: 2 }\n";

/// Every name of the operators' documents.
const NAMES: &[&str] = &[
    "provider_daemon_up",
    "provider_bids_submitted_total",
    "provider_bids_won_total",
    "provider_bids_lost_total",
    "provider_bid_win_rate",
    "provider_bid_latency_seconds",
    "provider_workloads_active",
    "provider_workloads_total",
    "provider_usage_submissions_total",
    "provider_usage_submission_errors_total",
    "provider_resource_cpu_allocated",
    "provider_resource_memory_allocated_bytes",
    "provider_resource_gpu_allocated",
    "virtengine_provider_active_leases",
    "virtengine_provider_lease_revenue",
    "virtengine_provider_lease_close_rate",
    "virtengine_provider_workloads",
    "virtengine_bid_total",
    "virtengine_bid_success_total",
    "virtengine_market_active_leases",
    "virtengine_escrow_balance",
    "virtengine_lease_rate",
    "virtengine_escrow_settlement_amount",
];

#[tokio::test]
async fn every_name_of_the_documents_is_there_and_promtool_is_content() {
    let place = busy(&format!("{PLAIN}{SELLING}"));
    let server = place.serve(2);
    let (status, text) = ask(&client(), &format!("http://{}/metrics", server.metrics.unwrap())).await;
    let text = text.as_str().unwrap().to_owned();
    assert_eq!(status, 200, "{text}");
    for name in NAMES {
        let found = text.lines().any(|line| line.split([' ', '{']).next() == Some(*name));
        assert!(found, "{name}\n{text}");
    }
    for line in [
        "provider_bids_submitted_total 2",
        "provider_bids_won_total 1",
        "provider_bids_lost_total 1",
        "provider_bid_win_rate 0.5",
        "provider_resource_cpu_allocated 1.5",
        "virtengine_escrow_settlement_amount{denom=\"uve\"} 15.000000000000000001",
        "virtengine_lease_rate{lease=\"t/1/1/1/p\",denom=\"uve\"} 0.1",
        "provider_spent_total{kind=\"fee\",denom=\"uve\"} 5000",
        "provider_deposits_locked_amount{denom=\"uve\"} 500000",
        "provider_usage_submission_errors_total 2",
        "provider_orders_declined_total{reason=\"price_too_high\"} 1",
        "provider_workloads_total 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    if has_promtool() {
        assert_eq!(promtool(&["check", "metrics"], Some(&text)).trim(), "", "{text}");
    }
}

#[test]
fn the_alert_rules_are_valid_and_each_fires_when_it_should() {
    if has_promtool() {
        promtool(&["check", "rules", "alerts.yaml"], None);
        promtool(&["check", "config", "prometheus.yaml"], None);
        promtool(&["test", "rules", "alerts.test.yaml"], None);
        let rules = std::fs::read_to_string(monitoring("alerts.yaml")).unwrap();
        let tests = std::fs::read_to_string(monitoring("alerts.test.yaml")).unwrap();
        let names = rules.lines().filter_map(|line| line.trim().strip_prefix("- alert: "));
        for name in names {
            assert!(tests.contains(&format!("alertname: {name}")), "{name} has no test");
        }
    }
}

/// Every query of the dashboards and the rules.
fn queries() -> Vec<String> {
    let mut found = Vec::new();
    for name in ["grafana-operations.json", "grafana-market.json"] {
        let text = std::fs::read_to_string(monitoring(name)).unwrap();
        let board: serde_json::Value = serde_json::from_str(&text).unwrap();
        for panel in board["panels"].as_array().unwrap() {
            let targets = panel["targets"].as_array().unwrap();
            found.extend(targets.iter().map(|target| target["expr"].as_str().unwrap().to_owned()));
        }
    }
    assert!(found.len() > 30);
    found
}

#[tokio::test]
async fn every_query_of_the_dashboards_returns_data() {
    // A certificate makes its end known; the metrics are plain all the same.
    let place =
        busy(&format!("server: {{ address: '127.0.0.1:0' }}\nmetrics: {{ address: '127.0.0.1:0' }}\n{SELLING}"));
    place.run(&["tls", "generate", "--hostname", "localhost"]);
    let server = place.serve(2);
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/servers/prometheus.sh");
    let target = server.metrics.unwrap().port().to_string();
    let mut prometheus = Command::new("bash");
    prometheus.arg(script).arg(place.home.path()).arg(port.to_string()).arg(target);
    let mut prometheus = prometheus.spawn().unwrap();
    let client = client();
    let mut left = queries();
    let mut tries = 0;
    while !left.is_empty() {
        if let Some(status) = prometheus.try_wait().unwrap() {
            assert_eq!(status.code(), Some(69), "Prometheus ended");
            eprintln!("could not run: Prometheus is not installed");
            return;
        }
        tries += 1;
        assert!(tries < 600, "no data for {left:#?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
        let mut still = Vec::new();
        for query in left {
            let url =
                url::Url::parse_with_params(&format!("http://127.0.0.1:{port}/api/v1/query"), [("query", &query)]);
            let answer = client.get(url.unwrap()).send().await;
            let Ok(answer) = answer else {
                still.push(query);
                continue;
            };
            let value: serde_json::Value = answer.json().await.unwrap_or_default();
            assert_ne!(value["status"], "error", "{query}: {value}");
            if value["data"]["result"].as_array().is_none_or(Vec::is_empty) {
                still.push(query);
            }
        }
        left = still;
    }
    prometheus.kill().unwrap();
    prometheus.wait().unwrap();
}
