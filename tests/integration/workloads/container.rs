//! Containers of a real Podman as workloads.

use super::conformance::{Material, find, running, suite, target, until};
use super::podman::{IMAGE, adapter, command, options, podman, site};
use super::specs::{service, spec};
use provider::adapters::Adapter;
use provider::adapters::local::container::Container;
use provider::domain::workload::UnitState;

pub const FOREVER: &[&str] = &["/bin/sh", "-c", "echo ready; while :; do sleep 1; done"];

const MATERIAL: Material = Material {
    image: IMAGE,
    forever: FOREVER,
    ends_with_3: &["/bin/sh", "-c", "exit 3"],
    impossible: Some(&["/no/such/program"]),
    real: true,
};

#[tokio::test]
async fn containers_conform() {
    let Some(podman) = podman() else { return };
    suite(&adapter(podman, &site("conf")), "c", &MATERIAL).await;
}

/// What the conformance suite must not leave behind: nothing of its site is there.
#[tokio::test]
async fn nothing_is_left_behind_and_nothing_of_others_is_touched() {
    let Some(podman) = podman() else { return };
    let site = site("left");
    let local = adapter(podman, &site);
    // Somebody else's container, with a name that ours would want.
    let theirs = format!("{site}-o-web-web-0");
    let made = command(&["create", "--name", &theirs, IMAGE, "-c", "true"]);
    assert!(made.status.success(), "{made:?}");
    let web = spec("web", 1, vec![service("web", IMAGE, FOREVER)]);
    let refused = local.ensure(&web).await.unwrap_err();
    assert!(refused.to_string().contains("is in the way, and it is not ours"), "{refused}");
    local.remove(target(&web)).await.unwrap();
    assert!(command(&["container", "exists", &theirs]).status.success());
    command(&["rm", "-f", &theirs]);
    let networks = command(&["network", "ls", "--quiet", "--filter", &format!("label=provider.site={site}")]);
    assert_eq!(String::from_utf8(networks.stdout).unwrap(), "");
    assert_eq!(find(&local, &web.id).await, None);
}

/// Two sites on one engine do not see each other.
#[tokio::test]
async fn sites_do_not_see_each_other() {
    let Some(podman) = podman() else { return };
    let (one, other) = (adapter(podman, &site("one")), adapter(podman, &site("two")));
    let web = spec("web", 1, vec![service("web", IMAGE, FOREVER)]);
    one.ensure(&web).await.unwrap();
    running(&one, &web).await;
    assert_eq!(find(&other, &web.id).await, None);
    other.stop(target(&web), std::time::Duration::ZERO).await.unwrap();
    other.remove(target(&web)).await.unwrap();
    running(&one, &web).await;
    one.remove(target(&web)).await.unwrap();
}

/// From inside a container: what it may not do.
#[tokio::test]
async fn a_container_is_held() {
    let Some(podman) = podman() else { return };
    let local = adapter(podman, &site("held"));
    let script = "touch /x 2>/dev/null && echo root-writable; touch /tmp/x && echo tmp-writable; \
                  grep -E '^(CapEff|NoNewPrivs)' /proc/self/status; \
                  cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null; \
                  cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max 2>/dev/null";
    let held = spec("held", 1, vec![service("job", IMAGE, &["/bin/sh", "-c", script])]);
    local.ensure(&held).await.unwrap();
    until(&local, &held, "ended", UnitState::has_ended).await;
    let said: Vec<String> = super::conformance::lines(&local, &held, &provider::adapters::LogRequest::default())
        .await
        .into_iter()
        .map(|line| line.text)
        .collect();
    assert_eq!(said, ["tmp-writable", "CapEff:\t0000000000000000", "NoNewPrivs:\t1", "67108864", "256"]);
    local.remove(target(&held)).await.unwrap();
}

/// The bulk call stands in where control groups cannot be read.
#[tokio::test]
async fn meters_without_control_groups_come_from_the_bulk_call() {
    let Some(podman) = podman() else { return };
    let blind = Container::new(provider::adapters::local::container::Options {
        cgroups: "/nowhere".into(),
        ..options(podman, &site("bulk"))
    });
    let web = spec("web", 1, vec![service("web", IMAGE, &["/bin/sh", "-c", "while :; do :; done"])]);
    blind.ensure(&web).await.unwrap();
    running(&blind, &web).await;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    let samples = blind.sample().await.unwrap();
    assert_eq!(samples.len(), 1);
    assert!(samples[0].meters.cpu > std::time::Duration::from_millis(50), "{samples:?}");
    assert!(samples[0].meters.memory.0 > 0);
    blind.remove(target(&web)).await.unwrap();
}
