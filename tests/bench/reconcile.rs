//! A steady-state pass of reconcile over 5,000, 10,000 and 20,000 workloads of the simulated back end: 10,000 take at most
//! a second and 128 MiB, and twice as many at most three times as long. And 100 containers deployed on Podman, where
//! there is one, beside the same with Podman's own command line, in one run: at most 1.1 times as long.
//! `cargo bench --bench reconcile`; `-- simulated` leaves Podman out.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::float_arithmetic,
    reason = "a measuring program talks, divides and may fail"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use provider::adapters::local::Site;
use provider::adapters::local::container::{Container, Options, Pull};
use provider::adapters::{Adapter, Registry, Simulated};
use provider::domain::manifest;
use provider::domain::workload::plan::{EvictionRules, Rules};
use provider::domain::workload::{Actor, EvictionReason, Revision, heal, health};
use provider::jobs::workloads_deploy::{self, For, deploy};
use provider::jobs::workloads_reconcile::{Caps, Request, run};
use provider::jobs::{Circumstances, Report as _};
use provider::store::{Mode, Store};

const LIMIT: Duration = Duration::from_secs(1);
const MEMORY_MIB: u64 = 128;
const CONTAINERS: usize = 100;
const IMAGE: &str = "localhost/provider-test:1";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    // Each size in a process of its own, so that the memory is its own too.
    if let [_, flag, count, ..] = arguments.as_slice()
        && flag == "--pass"
    {
        pass(count.parse().unwrap());
        return ExitCode::SUCCESS;
    }
    let mut good = true;
    let times: Vec<Duration> = [5_000, 10_000, 20_000]
        .into_iter()
        .map(|count| {
            let output =
                Command::new(std::env::current_exe().unwrap()).args(["--pass", &count.to_string()]).output().unwrap();
            let text = String::from_utf8(output.stdout).unwrap();
            print!("{text}");
            let numbers: Vec<u64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
            let [_, micros, kib, ..] = numbers.as_slice() else { panic!("{text}") };
            let time = Duration::from_micros(*micros);
            if count == 10_000 {
                good &= time <= LIMIT && *kib <= MEMORY_MIB << 10;
            }
            time
        })
        .collect();
    for pair in times.windows(2) {
        let [half, whole] = pair else { continue };
        let ratio = whole.as_secs_f64() / half.as_secs_f64();
        println!("twice as many take {ratio:.2} times as long");
        good &= ratio <= 3.0;
    }
    if !arguments.iter().any(|argument| argument == "simulated") {
        good &= podman();
    }
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// One size: deployed, up, and then passes in which nothing is to be done.
fn pass(count: usize) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("state.db"), Mode::Write).unwrap();
    let registry = Registry::new([Arc::new(Simulated::new("simulated")) as Arc<dyn Adapter>]);
    fill(&store, count, "any");
    assert_eq!(reconcile(&store, &registry, 64), count * 2);
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let begun = Instant::now();
        assert_eq!(reconcile(&store, &registry, 64), 0);
        best = best.min(begun.elapsed());
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")).unwrap();
    println!("{count} workloads: {} µs a pass, {peak} KiB at most", best.as_micros());
}

fn fill(store: &Store, count: usize, image: &str) {
    let text = format!(
        "version: v1\nservices: {{ web: {{ image: '{image}', command: [/bin/sh, -c, 'sleep 1000'], resources: {{ cpu: {{ units: 100m }}, \
         memory: {{ size: 16Mi }}, storage: {{ size: 16Mi }} }} }} }}\n"
    );
    let (_, deployment) = manifest::read(&text).unwrap();
    for number in 0..count {
        let name = format!("w{number}");
        let request = workloads_deploy::Request {
            manifest: &deployment.manifest,
            revision: Revision(deployment.manifest.version()),
            probes: &BTreeMap::new(),
            owner: For::Operator(&name),
            actor: Actor::Reconcile,
            now: Timestamp::now(),
        };
        deploy(store, &request).unwrap();
    }
}

/// One run; how many steps it took.
fn reconcile(store: &Store, registry: &Registry, concurrency: usize) -> usize {
    let minute = Duration::from_mins(1);
    let rules = Rules {
        max_concurrent: u32::MAX,
        manifest_timeout: minute,
        deploy_timeout: minute,
        health: health::Rules { interval: minute, timeout: minute, retries: 3 },
        heal: heal::Rules { enabled: true, max_restarts: 5, delay: minute, stable_after: minute },
        eviction: EvictionRules { reasons: EvictionReason::ALL.into_iter().collect(), timeout: minute },
        draining: None,
    };
    let request = Request {
        registry,
        market: None,
        rules: &rules,
        caps: Caps { terminations_per_run: u32::MAX, terminations_per_hour: u32::MAX, evictions_at_once: 1 },
        concurrency,
        grace: Duration::ZERO,
        trust_processes: true,
        only: None,
    };
    let given =
        Circumstances { store, now: &Timestamp::now, should_stop: &|| false, wait: Duration::ZERO, audit: None };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let report = runtime.block_on(run(&request, given)).unwrap();
    assert!(report.counts().of("failed") == 0, "{:?}", report.items);
    report.items.len()
}

/// Containers by us and by Podman's own command line, each with a network of its own and the same limits.
fn podman() -> bool {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/servers/podman.sh");
    if !Command::new(&script).arg("start").output().is_ok_and(|output| output.status.success()) {
        println!("could not run: Podman does not start here");
        return true;
    }
    let environment = String::from_utf8(Command::new(&script).arg("env").output().unwrap().stdout).unwrap();
    let variables: Vec<(String, String)> = environment
        .split_whitespace()
        .filter_map(|word| word.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned())))
        .collect();
    let socket =
        variables.iter().find(|(name, _)| name == "PODMAN_SOCK").map(|(_, value)| PathBuf::from(value)).unwrap();
    let site = format!("bench{}", std::process::id());
    let clean = || {
        let shell = format!(
            "podman ps -aq --filter label=bench={site} | xargs -r podman rm -f -t0; podman network ls -q --filter label=bench={site} | xargs -r podman network rm -f"
        );
        Command::new("sh").args(["-c", &shell]).envs(variables.clone()).output().unwrap();
    };
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("state.db"), Mode::Write).unwrap();
    let adapter: Arc<dyn Adapter> = Arc::new(Container::new(Options {
        name: "local".to_owned(),
        site: Site::parse(&site).unwrap(),
        socket,
        pull: Pull::Never,
        publish: [127, 0, 0, 1].into(),
        read_only_root: true,
        capabilities: vec![],
        user_namespace: None,
        processes: 256,
        cgroups: "/sys/fs/cgroup".into(),
    }));
    let registry = Registry::new([Arc::clone(&adapter)]);
    fill(&store, CONTAINERS, IMAGE);
    let begun = Instant::now();
    reconcile(&store, &registry, 4);
    let ours = begun.elapsed();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for observed in adapter.observe().await.unwrap() {
            let target = provider::adapters::Target { id: &observed.id, handle: None };
            adapter.remove(target).await.unwrap();
        }
    });
    // As many at a time, each with what we give a container.
    let each = format!(
        "podman network create --label bench={site} --opt isolate=true {site}-$1 >/dev/null && podman run -d --label bench={site} --network {site}-$1 \
         --cpus 0.1 --memory 16m --memory-swap 16m --pids-limit 256 --read-only --cap-drop ALL --security-opt no-new-privileges \
         --tmpfs /tmp --tmpfs /run --entrypoint /bin/sh {IMAGE} -c 'sleep 1000' >/dev/null"
    );
    let all = format!("seq {CONTAINERS} | xargs -P 4 -I N sh -c \"$EACH\" sh N");
    let begun = Instant::now();
    let made = Command::new("sh").args(["-c", &all]).env("EACH", each).envs(variables.clone()).output().unwrap();
    let theirs = begun.elapsed();
    assert!(made.status.success(), "{made:?}");
    clean();
    let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
    println!("{CONTAINERS} containers: {ours:.1?} by us, {theirs:.1?} by podman, ratio {ratio:.2}");
    ratio <= 1.1
}
