//! Processes of this machine as workloads.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::conformance::{Material, find, lines, running, suite, target, until};
use super::specs::{service, spec};
use provider::adapters::local::Site;
use provider::adapters::local::process::{Account, Carrier, Options, Process};
use provider::adapters::{Adapter, LogRequest};
use provider::domain::workload::UnitState;

const FOREVER: &[&str] = &["/bin/sh", "-c", "echo ready; while :; do sleep 1; done"];

const MATERIAL: Material = Material {
    image: "none",
    forever: FOREVER,
    ends_with_3: &["/bin/sh", "-c", "exit 3"],
    impossible: Some(&["/no/such/program"]),
    real: true,
};

/// A back end in a folder, with a site of its own so that its control groups are its own.
pub fn adapter(folder: &Path, site: &str, cgroups: bool) -> Process {
    Process::new(options(folder, site, cgroups))
}

fn options(folder: &Path, site: &str, cgroups: bool) -> Options {
    Options {
        name: "local".to_owned(),
        site: Site::parse(site).unwrap(),
        root: folder.to_owned(),
        program: PathBuf::from(env!("CARGO_BIN_EXE_provider")),
        carrier: Carrier::Own,
        cgroups: cgroups.then(|| PathBuf::from("/sys/fs/cgroup")),
        account: None,
    }
}

#[tokio::test]
async fn processes_in_control_groups_conform() {
    let folder = tempfile::tempdir().unwrap();
    let site = format!("test-{}-a", std::process::id());
    suite(&adapter(folder.path(), &site, true), "cg", &MATERIAL).await;
    remove_groups(&site);
}

#[tokio::test]
async fn processes_without_control_groups_conform() {
    let folder = tempfile::tempdir().unwrap();
    suite(&adapter(folder.path(), "plain", false), "rl", &MATERIAL).await;
}

/// The empty groups above those of the workloads.
fn remove_groups(site: &str) {
    for controller in ["", "cpu", "cpuacct", "memory", "pids", "freezer"] {
        super::house::remove_groups_of(&Path::new("/sys/fs/cgroup").join(controller), site);
    }
}

/// The supervisor is killed: its units die with it, that is seen, and the next start repairs it.
#[tokio::test]
async fn units_die_with_their_supervisor_and_are_started_anew() {
    let folder = tempfile::tempdir().unwrap();
    let local = adapter(folder.path(), "plain", false);
    let spec = spec("orphan", 1, vec![service("web", "none", FOREVER)]);
    local.ensure(&spec).await.unwrap();
    running(&local, &spec).await;
    let (supervisor, unit) = processes(folder.path());
    assert!(alive(unit));
    signal(supervisor, rustix::process::Signal::KILL);
    let seen = until(&local, &spec, "failed", UnitState::has_ended).await;
    assert!(matches!(&seen.units[0].state, UnitState::Failed { reason, .. } if reason.contains("supervisor")));
    wait(|| !alive(unit));
    local.ensure(&spec).await.unwrap();
    running(&local, &spec).await;
    assert_ne!(processes(folder.path()).0, supervisor);
    local.remove(target(&spec)).await.unwrap();
}

/// A unit that leaves processes behind in sessions of their own takes them with it.
#[tokio::test]
async fn nothing_gets_away() {
    let folder = tempfile::tempdir().unwrap();
    let local = adapter(folder.path(), "plain", false);
    let marker = format!("31{}", std::process::id());
    let script = format!("setsid sh -c 'setsid sleep {marker} & sleep {marker}' & echo ready; wait");
    let spec = spec("runaway", 1, vec![service("web", "none", &["/bin/sh", "-c", &script])]);
    local.ensure(&spec).await.unwrap();
    running(&local, &spec).await;
    let runaways = || {
        let all = std::fs::read_dir("/proc").unwrap().flatten();
        let lines = all.filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok());
        lines.filter(|line| line.starts_with(format!("sleep\0{marker}\0").as_bytes())).count()
    };
    wait(|| runaways() == 2);
    local.stop(target(&spec), Duration::from_millis(200)).await.unwrap();
    assert_eq!(runaways(), 0);
    local.remove(target(&spec)).await.unwrap();
}

/// A unit sees the environment of its manifest, and nothing of ours; it works in a folder of its own.
#[tokio::test]
async fn nothing_of_ours_leaks_into_a_unit() {
    let folder = tempfile::tempdir().unwrap();
    let local = adapter(folder.path(), "plain", false);
    let mut job = service("job", "none", &["/usr/bin/env"]);
    job.env = Some(vec!["A=1".to_owned(), "PROVIDER_WORKLOAD=a-lie".to_owned()]);
    let spec = spec("leak", 1, vec![job]);
    local.ensure(&spec).await.unwrap();
    until(&local, &spec, "ended", UnitState::has_ended).await;
    let mut names: Vec<String> = lines(&local, &spec, &LogRequest::default())
        .await
        .into_iter()
        .map(|line| line.text.split('=').next().unwrap().to_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["A", "HOME", "PATH", "PROVIDER_REPLICA", "PROVIDER_SERVICE", "PROVIDER_WORKLOAD", "TMPDIR"]);
    let said = lines(&local, &spec, &LogRequest::default()).await;
    assert!(said.iter().any(|line| line.text == "PROVIDER_WORKLOAD=o-leak"));
    local.remove(target(&spec)).await.unwrap();
}

/// Without control groups memory is held by an rlimit, and files by their size.
#[tokio::test]
async fn rlimits_hold_where_there_are_no_groups() {
    let folder = tempfile::tempdir().unwrap();
    let local = adapter(folder.path(), "plain", false);
    let script = "ulimit -v; ulimit -f; ulimit -c; grep NoNewPrivs /proc/self/status";
    let spec = spec("limits", 1, vec![service("job", "none", &["/bin/sh", "-c", script])]);
    local.ensure(&spec).await.unwrap();
    until(&local, &spec, "ended", UnitState::has_ended).await;
    let said: Vec<String> =
        lines(&local, &spec, &LogRequest::default()).await.into_iter().map(|line| line.text).collect();
    assert_eq!(said, ["65536", "131072", "0", "NoNewPrivs:\t1"]);
    local.remove(target(&spec)).await.unwrap();
}

/// A unit that outgrows its memory in a control group is seen to have been killed for it.
#[tokio::test]
async fn a_unit_that_outgrows_its_memory_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let site = format!("test-{}-b", std::process::id());
    let local = adapter(folder.path(), &site, true);
    let script = "head -c 200000000 /dev/zero | tail -c 199999999 > /dev/null; sleep 60";
    let spec = spec("hog", 1, vec![service("job", "none", &["/bin/sh", "-c", &format!("exec sh -c '{script}'")])]);
    local.ensure(&spec).await.unwrap();
    let log = lines(&local, &spec, &LogRequest::default()).await;
    if log.iter().any(|line| line.text.contains("no control group")) {
        eprintln!("could not run: control groups cannot be made here");
    } else {
        // tail is killed, the shell goes on: what counts is that the unit says so once it ends.
        tokio::time::sleep(Duration::from_secs(2)).await;
        local.stop(target(&spec), Duration::ZERO).await.unwrap();
        let seen = find(&local, &spec.id).await.unwrap();
        assert!(matches!(seen.units[0].state, UnitState::Failed { exhausted: true, .. }), "{seen:?}");
    }
    local.remove(target(&spec)).await.unwrap();
    remove_groups(&site);
}

/// Units can run under another account, which sees its own folder and no plan.
#[tokio::test]
async fn units_run_under_the_account_that_is_named() {
    use std::os::unix::fs::PermissionsExt;
    if !rustix::process::geteuid().is_root() {
        eprintln!("could not run: only root may give a process another account");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o711)).unwrap();
    let local = Process::new(Options {
        account: Some(Account { uid: 65534, gid: 65534 }),
        ..options(folder.path(), "plain", false)
    });
    let script = "id -u; id -g; touch x && echo mine; cat ../../plan.json >/dev/null 2>&1 || echo not-the-plan; \
                  ls .. >/dev/null 2>&1 || echo not-the-others; sleep 100";
    let spec = spec("nobody", 1, vec![service("job", "none", &["/bin/sh", "-c", script])]);
    local.ensure(&spec).await.unwrap();
    running(&local, &spec).await;
    let mut said = vec![];
    for _ in 0..100 {
        said = lines(&local, &spec, &LogRequest::default()).await.into_iter().map(|line| line.text).collect();
        if said.len() == 5 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(said, ["65534", "65534", "mine", "not-the-plan", "not-the-others"]);
    // It dies with its supervisor all the same, though it changed its account.
    let (supervisor, unit) = processes_of(folder.path(), "plain/o-nobody/status.json", "job-0");
    signal(supervisor, rustix::process::Signal::KILL);
    wait(|| !alive(unit));
    local.remove(target(&spec)).await.unwrap();
}

/// The supervisor of the only workload in a folder, and the process of its only unit.
fn processes(root: &Path) -> (i32, i32) {
    processes_of(root, "plain/o-orphan/status.json", "web-0")
}

/// The supervisor that wrote a status, and the process of one of its units.
fn processes_of(root: &Path, status: &str, name: &str) -> (i32, i32) {
    let status = root.join(status);
    let status: serde_json::Value = serde_json::from_slice(&std::fs::read(status).unwrap()).unwrap();
    let unit = i32::try_from(status["units"][name]["pid"].as_i64().unwrap()).unwrap();
    let stat = std::fs::read_to_string(format!("/proc/{unit}/stat")).unwrap();
    let parent = stat.rsplit_once(") ").unwrap().1.split(' ').nth(1).unwrap().parse().unwrap();
    (parent, unit)
}

fn alive(pid: i32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
}

fn signal(pid: i32, signal: rustix::process::Signal) {
    rustix::process::kill_process(rustix::process::Pid::from_raw(pid).unwrap(), signal).unwrap();
}

fn wait(condition: impl Fn() -> bool) {
    let begun = std::time::Instant::now();
    while !condition() {
        assert!(begun.elapsed() < Duration::from_secs(30), "it did not happen in 30 s");
        std::thread::sleep(Duration::from_millis(25));
    }
}

/// A check that is late is ended with what it started, in whatever session that is.
#[tokio::test]
async fn a_check_that_is_late_leaves_nothing() {
    use provider::adapters::Check;
    use provider::domain::workload::Probe;
    let folder = tempfile::tempdir().unwrap();
    let local = adapter(folder.path(), "plain", false);
    let spec = spec("late", 1, vec![service("web", "none", FOREVER)]);
    local.ensure(&spec).await.unwrap();
    running(&local, &spec).await;
    let marker = format!("78{}", std::process::id());
    let command = ["/bin/sh", "-c", &format!("setsid sleep {marker} & sleep {marker}")].map(str::to_owned).to_vec();
    let probe = Probe::Command { command };
    let timeout = Duration::from_secs(2);
    let check = Check { workload: target(&spec), service: "web", replica: 0, probe: &probe, timeout };
    let found = local.check(check).await.unwrap();
    assert!(!found.healthy && found.detail.contains("did not end within 2 s"), "{found:?}");
    let left = || {
        let all = std::fs::read_dir("/proc").unwrap().flatten();
        let lines = all.filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok());
        lines.filter(|line| line.starts_with(format!("sleep\0{marker}\0").as_bytes())).count()
    };
    wait(|| left() == 0);
    local.remove(target(&spec)).await.unwrap();
}
