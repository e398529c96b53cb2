//! The server over a full state file: 10,000 workloads and 1,000,000 usage records.
//!
//! Medians of /health and /metrics, requests a second of /api/v1/status on kept connections, /health beside 2,000 idle
//! connections, and the memory of the server. The floor of the same run is `/nothing`, a route that there is not.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark says what it finds, and stops loudly"
)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

const WORKLOADS: u32 = 10_000;
const RECORDS: u32 = 1_000_000;
const IDLE: usize = 2_000;

const CONFIGURATION: &str = "logging: { level: warn }\n\
    metrics: { address: '127.0.0.1:0' }\n\
    server:\n  address: '127.0.0.1:0'\n  tls: { enabled: false }\n  shutdown_timeout: 1s\n  limits:\n    \
    requests_per_second: 1000000\n    connections_per_client: 5000\n    header_timeout: 5m\n";

fn provider(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_provider"));
    command.env_clear().env("HOME", home).env("PATH", "/usr/bin:/bin");
    command
}

fn fill(state: &Path) {
    let sql = rusqlite::Connection::open(state).unwrap();
    let now = jiff::Timestamp::now().as_microsecond();
    sql.execute_batch(&format!(
        "BEGIN;
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {WORKLOADS})
         INSERT INTO workloads (id, owner, adapter, state, since, reason, created)
           SELECT printf('o-%d', i), 'operator', 'local', 'running', {now}, '{{\"reason\":\"lease_active\"}}', {now} FROM n;
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {WORKLOADS})
         INSERT INTO leases (id, chain, state, price, created_at, first_seen, last_seen, funded_until)
           SELECT printf('t/%d/1/1/p', i), 'c', 'active', '0.5uve', 1, {now}, {now}, {now} + 90000000000 FROM n;
         INSERT INTO chain_pace (chain, block_nanos, height, time) VALUES ('c', 5000000000, 10, {now});
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {RECORDS})
         INSERT INTO usage_records (record_id, lease, tenant, workload, type, revision, start_at, end_at, sources, gaps,
             pricing, state, created_at)
           SELECT printf('%032d', i), printf('t/%d/1/1/p', i % {WORKLOADS}), 't', 'w', 'periodic', 1, i * 10, i * 10 + 5, '',
             '[]', '{{}}', 'held', {now} FROM n;
         COMMIT;"
    ))
    .unwrap();
}

struct Server(Child, SocketAddr, SocketAddr);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn serve(home: &Path) -> Server {
    let mut command = provider(home);
    command.args(["serve", "--log-format", "json", "-v"]).stderr(Stdio::piped()).stdout(Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut found = Vec::new();
    while found.len() < 2 {
        let line: serde_json::Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
        if line["message"] == "listening" {
            found.push(line["fields"]["address"].as_str().unwrap().parse().unwrap());
        }
    }
    std::thread::spawn(move || lines.for_each(drop));
    Server(child, found[0], found[1])
}

/// A request on a kept connection; its status.
fn ask(stream: &mut BufReader<TcpStream>, path: &str, more: &str) -> u16 {
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\n{more}\r\n");
    stream.get_mut().write_all(request.as_bytes()).unwrap();
    let mut line = String::new();
    stream.read_line(&mut line).unwrap();
    let status = line.split(' ').nth(1).unwrap().parse().unwrap();
    let mut length = 0;
    loop {
        line.clear();
        stream.read_line(&mut line).unwrap();
        if let Some(found) = line.to_lowercase().strip_prefix("content-length:") {
            length = found.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    status
}

fn connect(address: SocketAddr) -> BufReader<TcpStream> {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    BufReader::new(stream)
}

fn median(address: SocketAddr, path: &str, times: usize) -> Duration {
    let mut stream = connect(address);
    let mut took: Vec<Duration> = (0..times)
        .map(|_| {
            let begun = Instant::now();
            ask(&mut stream, path, "");
            begun.elapsed()
        })
        .collect();
    took.sort_unstable();
    took[times / 2]
}

fn memory(child: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn main() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join(".provider-daemon")).unwrap();
    std::fs::write(home.path().join(".provider-daemon/config.yaml"), CONFIGURATION).unwrap();
    let run = |arguments: &[&str]| {
        let output = provider(home.path()).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    run(&["state", "maintain"]);
    let token = format!("Authorization: Bearer {}\r\n", run(&["api-token", "create", "bench"]).trim());
    fill(&home.path().join(".provider-daemon/state.db"));
    let server = serve(home.path());
    let (api, metrics) = (server.1, server.2);
    let floor = median(api, "/nothing", 500);
    println!("floor (404)                 {floor:>12.1?}");
    for (address, path) in [(api, "/health"), (metrics, "/metrics")] {
        println!("{path:27} {:>12.1?}  (median; at most 20 ms)", median(address, path, 101));
    }
    let (stop, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let clients: Vec<_> = (0..8)
        .map(|_| {
            let (stop, answered, token) = (Arc::clone(&stop), Arc::clone(&answered), token.clone());
            std::thread::spawn(move || {
                let mut stream = connect(api);
                while !stop.load(Ordering::Relaxed) {
                    assert_eq!(ask(&mut stream, "/api/v1/status", &token), 200);
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    let begun = Instant::now();
    std::thread::sleep(Duration::from_secs(5));
    stop.store(true, Ordering::Relaxed);
    let took = begun.elapsed();
    for client in clients {
        client.join().unwrap();
    }
    let rate = u128::from(answered.load(Ordering::Relaxed)) * 1000 / took.as_millis();
    println!("/api/v1/status              {rate:>10}/s  (at least 5000)");
    let idle: Vec<_> = (0..IDLE).map(|_| connect(api)).collect();
    println!("/health beside {} idle    {:>10.1?}  (at most 50 ms)", idle.len(), median(api, "/health", 101));
    println!("memory at its most          {:>9} KiB  (at most 65536)", memory(&server.0));
}
