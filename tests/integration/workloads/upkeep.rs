//! Containers of a real Podman: what is found beside them, what they hold, what is left of a check or a kill.

use std::time::{Duration, Instant};

use super::conformance::{running, target};
use super::house::House;
use super::podman::{IMAGE, adapter, command, podman, site};
use super::specs::{service, spec};
use provider::adapters::{Adapter, Check};
use provider::domain::workload::Probe;

/// A command that takes too long is ended, with what it started: nothing of it is left in the container.
#[tokio::test]
async fn a_check_that_is_late_leaves_nothing_in_the_container() {
    let Some(podman) = podman() else { return };
    let local = adapter(podman, &site("late"));
    let web = spec("web", 1, vec![service("web", IMAGE, &["/bin/sh", "-c", "echo ready; while :; do sleep 1; done"])]);
    local.ensure(&web).await.unwrap();
    running(&local, &web).await;
    let marker = format!("77{}", std::process::id());
    let probe = Probe::Command {
        command: vec!["/bin/sh".to_owned(), "-c".to_owned(), format!("sleep {marker} & sleep {marker}")],
    };
    let timeout = Duration::from_secs(2);
    let check = Check { workload: target(&web), service: "web", replica: 0, probe: &probe, timeout };
    let found = local.check(check).await.unwrap();
    assert!(!found.healthy && found.detail.ends_with("did not end within 2 s"), "{found:?}");
    let left = || {
        let all = std::fs::read_dir("/proc").unwrap().flatten();
        let lines = all.filter_map(|entry| std::fs::read_to_string(entry.path().join("cmdline")).ok());
        lines.filter(|line| line.starts_with(&format!("sleep\0{marker}\0"))).count()
    };
    let begun = Instant::now();
    while left() > 0 {
        assert!(begun.elapsed() < Duration::from_secs(30), "{} are left", left());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    running(&local, &web).await;
    local.remove(target(&web)).await.unwrap();
}

fn house(podman: &super::podman::Podman, tag: &str) -> House {
    let local =
        format!("runtime: container, pull: missing, publish_address: 127.0.0.1, socket: {}", podman.socket.display());
    House::new(tag, &local, "")
}

const WEB: &str = "version: v1\nname: web\nservices:\n  web:\n    image: IMAGE\n    command: [/bin/sh, -c, 'COMMAND']\n    resources: { cpu: { units: 100m }, memory: { size: 64Mi }, storage: [{ name: data, size: 8Mi }] }\n    params: { storage: { data: { mount: /data } } }\n";

fn manifest(command: &str) -> String {
    WEB.replace("IMAGE", IMAGE).replace("COMMAND", command)
}

/// What carries our label in part is shown and never touched; what the back end lost is not called running.
#[test]
fn strays_are_shown_and_what_is_gone_is_told() {
    let Some(podman) = podman() else { return };
    let house = house(podman, "stray");
    let file = house.file("web.yaml", &manifest("while :; do sleep 1; done"));
    house.ok(&["workloads", "deploy", "--manifest", &file, "--now"]);
    house.until("o-web", "running");
    let theirs = format!("{}-stray", house.site);
    let label = format!("provider.site={}", house.site);
    let made = command(&["create", "--name", &theirs, "--label", &label, "--label", "provider.workload=o-x", IMAGE]);
    assert!(made.status.success(), "{made:?}");
    let orphans = house.json(&["workloads", "orphans"]);
    assert_eq!(orphans.as_array().unwrap().len(), 1, "{orphans}");
    assert_eq!(orphans[0]["workload"], format!("container {theirs}"));
    assert!(orphans[0]["why"].as_str().unwrap().contains("label provider.owner is missing"), "{orphans}");
    assert_eq!(house.steps(), Vec::<String>::new());
    assert!(command(&["container", "exists", &theirs]).status.success());
    command(&["rm", "-f", &theirs]);

    command(&["rm", "-f", "-t0", &format!("{}-o-web-web-0", house.site)]);
    let status = house.run(&["workloads", "status", "o-web"]);
    let said = String::from_utf8_lossy(&status.stderr);
    assert_eq!(status.status.code(), Some(1), "{said}");
    assert!(said.contains("the state file calls o-web running") && said.contains("missing web-0"), "{said}");
    house.ok(&["workloads", "terminate", "o-web", "--now"]);
}

/// A volume that outgrows what was ordered ends its workload.
#[test]
fn who_outgrows_its_volume_is_evicted() {
    let Some(podman) = podman() else { return };
    let house = house(podman, "grow");
    let file = house.file("web.yaml", &manifest("head -c 12000000 /dev/zero >/data/x; while :; do sleep 1; done"));
    house.ok(&["workloads", "deploy", "--manifest", &file, "--now"]);
    let begun = Instant::now();
    while house.show("o-web")["eviction"] != "resource_exhaustion" {
        assert!(begun.elapsed() < Duration::from_mins(1), "{}", house.show("o-web"));
        house.run(&["workloads", "reconcile"]);
    }
    let shown = house.show("o-web");
    assert!(shown["reason"].as_str().unwrap().contains("and 8 MiB were ordered"), "{shown}");
    assert_eq!(shown["state"], "stopped");
    house.ok(&["workloads", "terminate", "o-web", "--now"]);
}

/// kill -9 between the steps of deploying and terminating a container: no orphan, no double, the final usage kept.
#[test]
fn a_kill_between_any_two_steps_leaves_one_container_and_then_none() {
    use std::os::unix::process::ExitStatusExt;
    let Some(podman) = podman() else { return };
    let killed_at = |house: &House, place: &str| {
        let mut reconcile = house.command(&["workloads", "reconcile"]);
        let status = reconcile.env("PROVIDER_FAIL_POINT", place).output().unwrap().status;
        assert_eq!(status.signal(), Some(9), "{place} was not reached");
    };
    for (deploying, ending) in [
        ("workload-deploy-planned", "workload-end-recorded"),
        ("workload-deploy-recorded", "workload-end-stopped"),
        ("workload-deploy-done", "workload-end-halted"),
        ("workload-deploy-confirmed", "workload-end-removed"),
    ] {
        let house = house(podman, "kc");
        let label = format!("label=provider.site={}", house.site);
        let containers = || {
            let listed = command(&["ps", "--all", "--quiet", "--filter", &label]);
            String::from_utf8(listed.stdout).unwrap().lines().count()
        };
        let file = house.file("web.yaml", &manifest("while :; do sleep 1; done"));
        house.ok(&["workloads", "deploy", "--manifest", &file]);
        killed_at(&house, deploying);
        house.until("o-web", "running");
        assert_eq!((containers(), house.steps()), (1, vec![]), "{deploying}");
        assert_eq!(house.history("o-web"), ["pending", "deploying", "running"], "{deploying}");
        house.ok(&["workloads", "terminate", "o-web"]);
        killed_at(&house, ending);
        house.until("o-web", "terminated");
        assert_eq!((containers(), house.steps()), (0, vec![]), "{ending}");
        assert_eq!(house.json(&["workloads", "orphans"]), serde_json::json!([]), "{ending}");
        let last = house.json(&["workloads", "metrics", "o-web"]);
        assert_eq!(last.as_array().unwrap().len(), 1, "{ending}: {last}");
        for kind in ["volume", "network"] {
            let left = command(&[kind, "ls", "--quiet", "--filter", &label]);
            assert_eq!(String::from_utf8(left.stdout).unwrap(), "", "{ending}: {kind}");
        }
    }
}
