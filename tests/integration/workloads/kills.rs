//! kill -9 between every two steps of deploying and terminating, with real processes: the next run repairs it.

use std::os::unix::process::ExitStatusExt;

use super::house::{FOREVER, House};

/// How many processes say that they are a unit of this house.
fn units(house: &House) -> usize {
    let root = house.folder.path().join("workloads").join(&house.site);
    let marker = format!("HOME={}", root.display());
    let all = std::fs::read_dir("/proc").unwrap().flatten();
    let environments = all.filter(|entry| {
        // Only the shells themselves, not what they have just forked.
        std::fs::read_to_string(entry.path().join("cmdline"))
            .is_ok_and(|line| line.starts_with("/bin/sh\0-c\0echo ready"))
    });
    environments
        .filter_map(|entry| std::fs::read(entry.path().join("environ")).ok())
        .filter(|environment| {
            environment.split(|byte| *byte == 0).any(|variable| variable.starts_with(marker.as_bytes()))
        })
        .count()
}

fn killed_at(house: &House, place: &str) {
    let mut command = house.command(&["workloads", "reconcile"]);
    let status = command.env("PROVIDER_FAIL_POINT", place).output().unwrap().status;
    assert_eq!(status.signal(), Some(9), "{place} was not reached");
}

#[test]
fn a_kill_between_any_two_steps_of_deploying_leaves_no_orphan_and_no_double() {
    for place in
        ["workload-deploy-planned", "workload-deploy-recorded", "workload-deploy-done", "workload-deploy-confirmed"]
    {
        let house = House::of_processes("kd");
        let file = house.file("web.yaml", FOREVER);
        house.ok(&["workloads", "deploy", "--manifest", &file]);
        killed_at(&house, place);
        house.until("o-web", "running");
        assert_eq!(units(&house), 1, "{place}");
        assert_eq!(house.json(&["workloads", "orphans"]), serde_json::json!([]), "{place}");
        assert_eq!(house.history("o-web"), ["pending", "deploying", "running"], "{place}");
        assert_eq!(house.steps(), Vec::<String>::new(), "{place}");
        house.ok(&["workloads", "terminate", "o-web", "--now"]);
        assert_eq!(units(&house), 0, "{place}");
    }
}

#[test]
fn a_kill_between_any_two_steps_of_terminating_leaves_nothing_and_keeps_the_final_usage() {
    for place in [
        "workload-end-planned",
        "workload-end-recorded",
        "workload-end-stopped",
        "workload-end-halted",
        "workload-end-removed",
        "workload-end-confirmed",
    ] {
        let house = House::of_processes("kt");
        let file = house.file("web.yaml", FOREVER);
        house.ok(&["workloads", "deploy", "--manifest", &file, "--now"]);
        house.until("o-web", "running");
        house.ok(&["workloads", "terminate", "o-web"]);
        killed_at(&house, place);
        house.until("o-web", "terminated");
        assert_eq!(units(&house), 0, "{place}");
        let last = house.json(&["workloads", "metrics", "o-web"]);
        assert_eq!(last.as_array().unwrap().len(), 1, "{place}: {last}");
        assert!(last[0]["memory_bytes"].as_u64().unwrap() > 0, "{place}: {last}");
        let history = house.history("o-web");
        assert_eq!(history, ["pending", "deploying", "running", "stopping", "stopped", "terminated"], "{place}");
        assert_eq!(house.steps(), Vec::<String>::new(), "{place}");
        assert!(!house.folder.path().join("workloads").join(&house.site).join("o-web").exists(), "{place}");
    }
}

#[test]
fn a_kill_while_stopping_or_pausing_is_repaired() {
    for (wish, place, state) in [
        ("stop", "workload-stop-recorded", "stopped"),
        ("stop", "workload-stop-done", "stopped"),
        ("pause", "workload-pause-recorded", "paused"),
        ("pause", "workload-pause-done", "paused"),
    ] {
        let house = House::of_processes("ks");
        let file = house.file("web.yaml", FOREVER);
        house.ok(&["workloads", "deploy", "--manifest", &file, "--now"]);
        house.until("o-web", "running");
        house.ok(&["workloads", wish, "o-web"]);
        killed_at(&house, place);
        house.run(&["workloads", "reconcile"]);
        assert_eq!(house.state_of("o-web"), state, "{place}");
        let status = house.json(&["workloads", "status", "o-web"]);
        let unit = status[0]["state"].as_str().unwrap();
        assert!(if state == "paused" { unit == "paused" } else { unit.starts_with("exited") }, "{place}: {unit}");
        house.ok(&["workloads", "resume", "o-web"]);
        house.until("o-web", "running");
        assert_eq!(units(&house), 1, "{place}");
        house.ok(&["workloads", "terminate", "o-web", "--now"]);
    }
}

#[test]
fn a_kill_while_resuming_is_repaired() {
    for place in ["workload-resume-planned", "workload-resume-recorded", "workload-resume-done"] {
        let house = House::of_processes("kr");
        let file = house.file("web.yaml", FOREVER);
        house.ok(&["workloads", "deploy", "--manifest", &file, "--now"]);
        house.until("o-web", "running");
        house.ok(&["workloads", "pause", "o-web", "--now"]);
        house.ok(&["workloads", "resume", "o-web"]);
        killed_at(&house, place);
        house.run(&["workloads", "reconcile"]);
        assert_eq!(house.state_of("o-web"), "running", "{place}");
        let status = house.json(&["workloads", "status", "o-web"]);
        assert_eq!(status[0]["state"], "running", "{place}");
        assert_eq!((house.steps(), units(&house)), (vec![], 1), "{place}");
        house.ok(&["workloads", "terminate", "o-web", "--now"]);
    }
}

/// Whoever is killed while another manifest is rolled out leaves the old units or the new ones, never both, and the meters
/// of the old ones.
#[test]
fn a_kill_while_updating_leaves_one_of_each_unit_and_keeps_the_meters() {
    for place in
        ["workload-update-planned", "workload-update-recorded", "workload-deploy-done", "workload-deploy-confirmed"]
    {
        let house = House::of_processes("ku");
        let file = house.file("web.yaml", FOREVER);
        house.ok(&["workloads", "deploy", "--manifest", &file, "--now"]);
        house.until("o-web", "running");
        let other = house.file("other.yaml", &FOREVER.replace("GREETING=hello", "GREETING=again"));
        let taken = house.json(&["workloads", "deploy", "--manifest", &other]);
        killed_at(&house, place);
        house.run(&["workloads", "reconcile"]);
        let shown = house.show("o-web");
        assert_eq!((&shown["deployed"], &shown["state"]), (&taken["manifest"], &"running".into()), "{place}");
        assert_eq!((house.steps(), units(&house)), (vec![], 1), "{place}");
        let logs = house.json(&["workloads", "logs", "o-web", "--tail", "1"]);
        assert_eq!(logs[0]["text"], "ready again", "{place}");
        let meters = house.json(&["workloads", "metrics", "o-web"]);
        let last = meters.as_array().unwrap().iter().filter(|row| row["last"] == true).count();
        assert!(last >= 1, "{place}: {meters}");
        house.ok(&["workloads", "terminate", "o-web", "--now"]);
        assert_eq!(units(&house), 0, "{place}");
    }
}

/// A workload that is given up is given up once, and nothing of it runs, wherever the run is killed.
#[test]
fn a_kill_while_evicting_leaves_nothing_running() {
    for place in
        ["workload-evict-planned", "workload-evict-recorded", "workload-evict-stopped", "workload-evict-confirmed"]
    {
        let house = House::new("ke", "runtime: process", "");
        let file = house.file("web.yaml", &FOREVER.replace("while :;", "head -c 8000000 /dev/zero >f; while :;"));
        house.ok(&["workloads", "deploy", "--manifest", &file, "--now"]);
        house.until("o-web", "running");
        // It has ordered 64 MiB; what lies in its folder is its own, whoever put it there.
        let work = house.folder.path().join("workloads").join(&house.site).join("o-web/work/web-0");
        std::fs::write(work.join("large"), vec![1; 80 << 20]).unwrap();
        killed_at(&house, place);
        let planned = house.json(&["workloads", "show", "o-web"]);
        house.run(&["workloads", "reconcile"]);
        let shown = house.show("o-web");
        assert_eq!(
            (&shown["eviction"], &shown["state"]),
            (&"resource_exhaustion".into(), &"stopped".into()),
            "{planned}"
        );
        assert!(shown["reason"].as_str().unwrap().contains("MiB of data, and 64 MiB were ordered"), "{shown}");
        assert_eq!((house.steps(), units(&house)), (vec![], 0), "{place}");
        let last = house.json(&["workloads", "metrics", "o-web"]);
        assert!(last.as_array().unwrap().iter().any(|row| row["last"] == true), "{place}: {last}");
        house.ok(&["workloads", "terminate", "o-web", "--now"]);
    }
}
