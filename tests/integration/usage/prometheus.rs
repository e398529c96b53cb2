//! A real Prometheus as a source: counters, a level, a reset, a gap.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use provider::adapters::{Adapter as _, Registry, Simulated};
use provider::domain::manifest;
use provider::domain::usage::meter::Rules;
use provider::domain::usage::{GapKind, Meter, Metric, Moment};
use provider::domain::workload::{Owner, Revision, Spec, WorkloadId};
use provider::jobs::usage_collect::sampling::{Asked, Standing, sample};
use provider::sources::prometheus::{Before, Credentials, Prometheus, Queries, Settings};

/// What workloads would show: text that a test changes.
struct Exporter {
    text: Arc<Mutex<Option<String>>>,
    port: u16,
}

impl Exporter {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let text = Arc::new(Mutex::new(None));
        let shown = Arc::clone(&text);
        std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                answer(connection, shown.lock().unwrap().clone());
            }
        });
        Self { text, port }
    }

    /// What is scraped from now on; nothing answers for `None`.
    fn show(&self, cpu_seconds: Option<f64>, memory: u64) {
        let text = cpu_seconds.map(|cpu| {
            format!(
                "# TYPE container_cpu_usage_seconds_total counter\n\
                 container_cpu_usage_seconds_total{{workload=\"l-1\",container=\"web\"}} {cpu}\n\
                 container_cpu_usage_seconds_total{{workload=\"not ours!\",container=\"web\"}} 5\n\
                 # TYPE memory_bytes gauge\nmemory_bytes{{workload=\"l-1\",container=\"web\"}} {memory}\n"
            )
        });
        *self.text.lock().unwrap() = text;
    }
}

fn answer(mut connection: TcpStream, text: Option<String>) {
    let _ = connection.read(&mut [0; 4096]);
    if let Some(text) = text {
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            text.len()
        );
        let _ = connection.write_all(head.as_bytes()).and_then(|()| connection.write_all(text.as_bytes()));
    }
}

struct Server {
    child: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts a Prometheus, if there can be one.
    fn start(target: u16) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/servers/prometheus.sh");
        let mut child = Command::new(script)
            .arg(folder.path())
            .args([port.to_string(), target.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_mins(3) {
            if child.try_wait().unwrap().is_some() {
                return None;
            }
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some(Self { child, port, _folder: folder });
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let _ = child.kill();
        let _ = child.wait();
        None
    }
}

fn source(port: u16, queries: Queries) -> Prometheus {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Prometheus::new(Settings {
        address: format!("http://127.0.0.1:{port}/").parse().unwrap(),
        credentials: Credentials::None,
        ca_file: None,
        timeout: Duration::from_secs(10),
        workload_label: "workload".to_owned(),
        queries,
    })
    .unwrap()
}

fn now() -> Moment {
    Moment::of(jiff::Timestamp::now())
}

#[tokio::test]
async fn a_real_server_with_a_reset_and_a_gap() {
    let exporter = Exporter::new();
    exporter.show(Some(10.5), 1000);
    let Some(server) = Server::start(exporter.port) else {
        println!("could not run: Prometheus is not installed");
        return;
    };
    let prometheus = source(
        server.port,
        Queries {
            cpu_seconds: Some("container_cpu_usage_seconds_total".to_owned()),
            memory_byte_seconds: Some("sum_over_time(memory_bytes[$range:1s])".to_owned()),
            gpu_seconds: Some("this is no query".to_owned()),
            ..Queries::default()
        },
    );
    let workload = WorkloadId::parse("l-1").unwrap();
    let rules = Rules {
        interval: Duration::from_hours(1),
        longest_stretch: Duration::from_secs(5),
        shortest_window: Duration::from_secs(1),
    };
    let opened = Moment(now().0 - 1);
    let mut meter = Meter::open(opened, rules.interval);
    let read = async |meter: &mut Meter| {
        let before = Before::of(meter);
        let (readouts, failed) = prometheus.sample(now(), &BTreeMap::from([(workload.clone(), before)])).await;
        assert_eq!(failed.len(), 1, "{failed:?}");
        assert!(failed[0].to_string().contains("refused the query for gpu_seconds"), "{}", failed[0]);
        assert!(readouts.keys().all(|id| *id == workload), "what is no workload of ours is left out");
        if let Some(readout) = readouts.get(&workload) {
            meter.take(readout, &rules);
        }
        readouts.contains_key(&workload)
    };
    // Until the first scrape was stored.
    let begun = Instant::now();
    while !read(&mut meter).await {
        assert!(begun.elapsed() < Duration::from_secs(30), "Prometheus never scraped");
        std::thread::sleep(Duration::from_millis(300));
    }
    assert_eq!(meter.in_hand().get(Metric::CpuMilliSeconds), Some(10_500));

    // However busy the machine is: until the meter has that much.
    let until = async |meter: &mut Meter, shown: f64, metered: i128| {
        exporter.show(Some(shown), 1000);
        let begun = Instant::now();
        loop {
            std::thread::sleep(Duration::from_millis(500));
            let there = read(meter).await;
            let has = meter.in_hand().get(Metric::CpuMilliSeconds);
            if there && has == Some(metered) {
                return;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "{has:?} instead of {metered}");
        }
    };
    until(&mut meter, 12.25, 12_250).await;
    let memory = meter.in_hand().get(Metric::MemoryByteSeconds).unwrap();
    assert!((1000..=40_000).contains(&memory), "{memory} byte-seconds in some seconds of 1000 bytes");

    // The counter begins anew: what it shows counts.
    until(&mut meter, 0.75, 13_000).await;

    // Nothing is scraped for a while: the server itself forgets the series, which is unknown and not 0.
    exporter.show(None, 0);
    let begun = Instant::now();
    while read(&mut meter).await {
        assert!(begun.elapsed() < Duration::from_secs(30), "the server never forgets");
        std::thread::sleep(Duration::from_millis(500));
    }
    std::thread::sleep(Duration::from_secs(6));
    // The counter ran on.
    until(&mut meter, 2.0, 14_250).await;
    let windows = meter.finish(now(), &rules);
    let kinds: Vec<GapKind> = windows.iter().flat_map(|window| &window.gaps).map(|gap| gap.kind).collect();
    assert!(kinds.contains(&GapKind::Restarted) && kinds.contains(&GapKind::NotSampled), "{kinds:?}");
    assert_eq!(windows.iter().find_map(|window| window.used.gpu_seconds), None, "unknown");
}

#[tokio::test]
async fn a_server_that_is_not_there_says_nothing() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let queries = Queries { cpu_seconds: Some("x".to_owned()), ..Queries::default() };
    let (readouts, failed) = source(port, queries).sample(now(), &BTreeMap::new()).await;
    assert_eq!((readouts.len(), failed.len()), (0, 1));
    assert_eq!(failed[0].to_string(), "Prometheus did not answer the query for cpu_milli_seconds");
}

/// A server that holds 1000 bytes of memory for `o-web` all the time, and writes down what it is asked.
struct Scripted {
    port: u16,
    /// It fails where it is asked for memory.
    broken: Arc<AtomicBool>,
    asked: Arc<Mutex<Vec<BTreeMap<String, String>>>>,
}

impl Scripted {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (broken, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let server = Self { port, broken: Arc::clone(&broken), asked: Arc::clone(&asked) };
        std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let form = form(&connection);
                let (status, body) = say(&form["query"], broken.load(Ordering::SeqCst));
                asked.lock().unwrap().push(form);
                let length = body.len();
                let _ = write!(
                    &connection,
                    "HTTP/1.1 {status} -\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
                );
            }
        });
        server
    }

    fn queries(&self, of: &str) -> Vec<String> {
        let asked = self.asked.lock().unwrap();
        asked.iter().map(|form| form["query"].clone()).filter(|query| query.contains(of)).collect()
    }
}

/// The form that came in a request.
fn form(connection: &TcpStream) -> BTreeMap<String, String> {
    let mut reader = BufReader::new(connection);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        match line.trim_end().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.parse().unwrap(),
            None if line.trim_end().is_empty() => break,
            Some(_) | None => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    url::form_urlencoded::parse(&body).into_owned().collect()
}

fn say(query: &str, broken: bool) -> (u16, String) {
    let value = match query.strip_prefix("memory[").and_then(|rest| rest.split_once("s:")) {
        Some(_) if broken => return (500, "away".to_owned()),
        Some((seconds, _)) => seconds.parse::<u64>().unwrap() * 1000,
        None => 10,
    };
    let result = format!(r#"[{{"metric":{{"workload":"o-web","container":"web"}},"value":[1,"{value}"]}}]"#);
    (200, format!(r#"{{"status":"success","data":{{"resultType":"vector","result":{result}}}}}"#))
}

fn memory_and_cpu() -> Queries {
    Queries {
        cpu_seconds: Some("cpu".to_owned()),
        memory_byte_seconds: Some("memory[$range:1s]".to_owned()),
        ..Queries::default()
    }
}

#[tokio::test]
async fn what_one_query_could_not_say_is_asked_for_later_and_nothing_of_it_is_lost() {
    let server = Scripted::start();
    let prometheus = source(server.port, memory_and_cpu());
    let workload = WorkloadId::parse("o-web").unwrap();
    let rules = Rules {
        interval: Duration::from_hours(1),
        longest_stretch: Duration::from_mins(15),
        shortest_window: Duration::from_mins(1),
    };
    // An hour that has just begun.
    let begin = 500_000 * 3600;
    let mut meter = Meter::open(Moment(begin), rules.interval);
    let mut failures = 0;
    for (second, broken) in [(60, true), (120, false), (180, true), (240, true), (300, false)] {
        server.broken.store(broken, Ordering::SeqCst);
        let before = BTreeMap::from([(workload.clone(), Before::of(&meter))]);
        let (readouts, failed) = prometheus.sample(Moment(begin + second), &before).await;
        failures += failed.len();
        meter.take(&readouts[&workload], &rules);
    }
    assert_eq!(failures, 3);
    assert_eq!(meter.in_hand().get(Metric::CpuMilliSeconds), Some(10_000));
    assert_eq!(meter.in_hand().get(Metric::MemoryByteSeconds), Some(300 * 1000), "{:?}", server.queries("memory"));
    let asked = ["memory[60s:1s]", "memory[120s:1s]", "memory[60s:1s]", "memory[120s:1s]", "memory[180s:1s]"];
    assert_eq!(server.queries("memory"), asked);
}

#[tokio::test]
async fn it_is_asked_for_the_moment_at_which_the_back_ends_looked() {
    let server = Scripted::start();
    let prometheus = source(server.port, memory_and_cpu());
    let text = "version: v1\nservices: { web: { image: any, resources: { cpu: { units: 1 }, memory: { size: 16Mi }, \
                storage: { size: 16Mi } } } }\n";
    let (_, deployment) = manifest::read(text).unwrap();
    let spec = Spec {
        id: WorkloadId::parse("o-web").unwrap(),
        owner: Owner::Operator,
        revision: Revision(deployment.manifest.version()),
        group: deployment.manifest.groups[0].clone(),
        probes: BTreeMap::new(),
    };
    let simulated = Arc::new(Simulated::new("simulated"));
    simulated.ensure(&spec).await.unwrap();
    simulated.pass(Duration::from_secs(1007));
    let registry = Registry::new([simulated as Arc<dyn provider::adapters::Adapter>]);
    // The run began seven seconds before the back end was done.
    let began = jiff::Timestamp::from_second(1000).unwrap();
    let asked = [Asked::Prometheus(&prometheus), Asked::BackEnds(&registry)];
    let sampled = sample(&asked, &Standing::default(), began).await;
    let readout = &sampled.readouts[&spec.id];
    assert_eq!(readout.at, Moment(1007));
    assert_eq!(readout.readings[0].source.as_str(), "prometheus", "the first in the configuration is the first here");
    assert_eq!(server.asked.lock().unwrap()[0]["time"], "1007");
}
