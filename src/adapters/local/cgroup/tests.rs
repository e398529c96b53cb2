use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::*;
use crate::domain::resources::{Bytes, MilliCpu};

const LIMITS: Limits = Limits { cpu: MilliCpu(500), memory: Bytes(64 << 20), processes: 8 };

#[test]
fn both_versions_are_told_apart_by_their_files() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(Cgroups::at(folder.path()), None);
    fs::create_dir(folder.path().join("memory")).unwrap();
    assert_eq!(Cgroups::at(folder.path()).unwrap().version(), Version::One);
    fs::write(folder.path().join("cgroup.controllers"), "cpu").unwrap();
    assert_eq!(Cgroups::at(folder.path()).unwrap().version(), Version::Two);
}

/// The files of version 2 as the kernel writes them, in a folder: this machine may have version 1.
#[test]
fn version_2_is_read_from_its_files() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("cgroup.controllers"), "cpu").unwrap();
    let group = Cgroups::at(folder.path()).unwrap().group("site/unit");
    assert!(!group.exists() && group.cpu().is_none() && group.memory().is_none());
    let place = folder.path().join("site/unit");
    fs::create_dir_all(&place).unwrap();
    fs::write(place.join("cpu.stat"), "usage_usec 2500000\nuser_usec 2000000\n").unwrap();
    fs::write(place.join("memory.current"), "1048576\n").unwrap();
    fs::write(place.join("memory.stat"), "anon 9\ninactive_file 48576\n").unwrap();
    fs::write(place.join("memory.events"), "oom 0\noom_kill 2\noom_group_kill 0\n").unwrap();
    fs::write(place.join("cgroup.procs"), "12\n34\n").unwrap();
    assert_eq!(group.cpu(), Some(Duration::from_millis(2500)));
    assert_eq!(group.memory(), Some(Bytes(1_000_000)));
    assert_eq!(group.out_of_memory(), Some(2));
    assert_eq!(group.processes(), [12, 34]);
}

/// What is written where in version 2; the kernel's own files exist before.
#[test]
fn version_2_limits_are_written_to_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("site/unit");
    fs::create_dir_all(&place).unwrap();
    fs::write(folder.path().join("cgroup.controllers"), "cpu").unwrap();
    for file in ["cgroup.subtree_control", "site/cgroup.subtree_control"] {
        fs::write(folder.path().join(file), "").unwrap();
    }
    for file in ["cpu.max", "memory.max", "memory.swap.max", "pids.max"] {
        fs::write(place.join(file), "").unwrap();
    }
    Cgroups::at(folder.path()).unwrap().group("site/unit").try_create(LIMITS).unwrap();
    let read = |file: &str| fs::read_to_string(place.join(file)).unwrap();
    assert_eq!([read("cpu.max"), read("memory.max"), read("pids.max")], ["50000 100000", "67108864", "8"]);
    let control = fs::read_to_string(folder.path().join("site/cgroup.subtree_control")).unwrap();
    assert_eq!(control, "+cpu +memory +pids");
}

/// The real kernel, where this machine lets us: a group is made, limits, meters, freezes, kills and goes.
#[test]
fn a_real_group_lives_and_dies() {
    let Some(cgroups) = Cgroups::at(Path::new(super::super::CGROUPS)) else {
        println!("could not run: this machine has no control groups");
        return;
    };
    let group = cgroups.group(&format!("provider-test-{}/unit", std::process::id()));
    if let Err(error) = group.create(LIMITS) {
        println!("could not run: control groups cannot be made here ({error})");
        return;
    }
    let mut busy = Command::new("/bin/sh")
        .args(["-c", "sleep 0.2; x=$(head -c 1000000 /dev/zero | tr '\\0' x); while :; do :; done"])
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let pid = i32::try_from(busy.id()).unwrap();
    for folder in group.folders() {
        fs::write(folder.join("cgroup.procs"), pid.to_string()).unwrap();
    }
    assert_eq!(group.processes(), [pid]);
    // What a process had before it came stays where it was counted: its memory shows when it asks for more.
    let begun = Instant::now();
    while group.cpu().unwrap() < Duration::from_millis(20) || group.memory().unwrap().0 == 0 {
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?} {:?}", group.cpu(), group.memory());
        std::thread::sleep(Duration::from_millis(50));
    }
    group.freeze(true).unwrap();
    let frozen = group.cpu().unwrap();
    std::thread::sleep(Duration::from_millis(200));
    assert!(group.cpu().unwrap().checked_sub(frozen).unwrap() < Duration::from_millis(20));
    // Frozen as it is.
    group.kill().unwrap();
    busy.wait().unwrap();
    assert!(group.cpu().unwrap() >= frozen, "its meters outlive its processes");
    group.remove().unwrap();
    assert!(!group.exists());
    group.remove().unwrap();
    cgroups.group(&format!("provider-test-{}", std::process::id())).remove().unwrap();
}
