//! The commands of `provider workloads`, over processes of this machine.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use super::house::{FOREVER, House};

#[test]
fn a_workload_from_deploy_to_terminate() {
    let house = House::of_processes("life");
    let file = house.file("web.yaml", FOREVER);
    let taken = house.json(&["workloads", "deploy", "--manifest", &file]);
    assert_eq!((&taken["workload"], &taken["new"]), (&"o-web".into(), &true.into()));
    assert_eq!(house.state_of("o-web"), "pending");
    let planned = house.json(&["workloads", "reconcile", "--dry-run"]);
    assert_eq!((&planned[0]["step"], &planned[0]["outcome"]), (&"deploy".into(), &"planned".into()));
    assert_eq!(house.state_of("o-web"), "pending");
    house.until("o-web", "running");
    assert_eq!(house.steps(), Vec::<String>::new());

    let units = house.json(&["workloads", "status", "o-web"]);
    assert_eq!((&units[0]["unit"], &units[0]["state"]), (&"web-0".into(), &"running".into()));
    let logs = house.json(&["workloads", "logs", "o-web", "--tail", "1"]);
    assert_eq!(logs[0]["text"], "ready hello");
    let meters = house.json(&["workloads", "metrics", "o-web"]);
    assert_eq!((&meters[0]["unit"], &meters[0]["last"]), (&"web-0".into(), &false.into()));
    let listed = house.json(&["workloads", "list", "--state", "running"]);
    assert_eq!(listed[0]["workload"], "o-web");
    assert_eq!(house.json(&["workloads", "list", "--state", "failed"]), serde_json::json!([]));
    assert_eq!(house.json(&["workloads", "orphans"]), serde_json::json!([]));

    house.ok(&["workloads", "pause", "o-web", "--now", "--note", "look at it"]);
    assert_eq!(house.state_of("o-web"), "paused");
    house.ok(&["workloads", "resume", "o-web", "--now"]);
    assert_eq!(house.state_of("o-web"), "running");
    // Written down only: the next run carries it out, and keeps to it.
    house.ok(&["workloads", "stop", "o-web"]);
    assert_eq!(house.state_of("o-web"), "running");
    assert_eq!(house.steps(), ["stop done"]);
    assert_eq!(house.steps(), Vec::<String>::new());
    assert_eq!(house.state_of("o-web"), "stopped");
    house.ok(&["workloads", "restart", "o-web", "--now"]);
    house.until("o-web", "running");
    house.ok(&["workloads", "stop", "o-web", "--force", "--now"]);
    house.ok(&["workloads", "terminate", "o-web", "--now"]);
    assert_eq!(house.state_of("o-web"), "terminated");
    let last = house.json(&["workloads", "metrics", "o-web"]);
    assert!(last.as_array().unwrap().iter().all(|row| row["last"] == true) && !last.as_array().unwrap().is_empty());
    assert_eq!(
        house.history("o-web"),
        [
            "pending",
            "deploying",
            "running",
            "paused",
            "running",
            "stopping",
            "stopped",
            "deploying",
            "running",
            "stopping",
            "stopped",
            "terminated"
        ]
    );
    let refused = house.run(&["workloads", "resume", "o-web"]);
    assert_eq!(refused.status.code(), Some(65));
    let events = house.ok(&["audit-log", "--output", "json"]);
    assert!(events.contains("workload_deployed") && events.contains("workload_terminated"), "{events}");
    assert!(!house.folder.path().join("workloads").join(&house.site).join("o-web").exists());
}

#[test]
fn output_is_followed_as_it_comes() {
    let house = House::of_processes("follow");
    let file = house.file("web.yaml", &FOREVER.replace("sleep 1", "echo tick; sleep 0.1"));
    house.ok(&["workloads", "deploy", "--manifest", &file, "--now"]);
    house.until("o-web", "running");
    let mut follow = house.command(&["workloads", "logs", "o-web", "-f", "--tail", "0"]);
    let mut follow = follow.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(follow.stdout.take().unwrap()).lines();
    for _ in 0..3 {
        assert_eq!(lines.next().unwrap().unwrap(), "web-0\ttick");
    }
    drop(lines);
    // Nobody reads any more: that is its end, and a good one.
    assert!(follow.wait().unwrap().success());
    house.ok(&["workloads", "terminate", "o-web", "--now"]);
}

#[test]
fn what_cannot_run_here_says_why() {
    let house = House::of_processes("cannot");
    let file = house.file("bad.yaml", &FOREVER.replace("command:", "args:"));
    house.ok(&["workloads", "deploy", "--manifest", &file, "--name", "bad"]);
    let done = house.run(&["workloads", "reconcile"]);
    assert_eq!(done.status.code(), Some(1), "{}", String::from_utf8_lossy(&done.stdout));
    let shown = house.show("o-bad");
    assert_eq!(shown["state"], "failed");
    assert!(shown["reason"].as_str().unwrap().contains("images are not run here"), "{shown}");
    // Asked again, it would be refused again: it waits.
    assert_eq!(house.run(&["workloads", "reconcile"]).status.code(), Some(0));
    // Another manifest, and another chance.
    let file = house.file("good.yaml", FOREVER);
    house.ok(&["workloads", "deploy", "--manifest", &file, "--name", "bad"]);
    house.ok(&["workloads", "resume", "o-bad"]);
    house.until("o-bad", "running");
    house.ok(&["workloads", "terminate", "o-bad", "--now"]);
}

#[test]
fn maintenance_holds_new_work_back() {
    let house = House::of_processes("drain");
    let file = house.file("web.yaml", FOREVER);
    house.ok(&["workloads", "drain", "--reason", "new disks"]);
    house.ok(&["workloads", "deploy", "--manifest", &file]);
    let held = house.reconcile();
    assert_eq!(held[0]["reason"], "no new work is taken: new disks");
    assert_eq!(house.show("o-web")["draining"], "new disks");
    house.ok(&["workloads", "drain", "--end"]);
    house.until("o-web", "running");
    house.ok(&["workloads", "terminate", "o-web", "--now"]);
}

#[test]
fn a_lost_state_file_is_built_anew_from_what_runs() {
    let house = House::of_processes("adopt");
    let file = house.file("web.yaml", FOREVER);
    house.ok(&["workloads", "deploy", "--manifest", &file, "--now"]);
    house.until("o-web", "running");
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", house.state().display()));
    }
    assert_eq!(house.steps(), ["adopt done"]);
    assert_eq!((house.state_of("o-web"), house.steps()), ("running".to_owned(), vec![]));
    house.ok(&["workloads", "terminate", "o-web", "--now"]);
    assert_eq!(house.json(&["workloads", "orphans"]), serde_json::json!([]));
}

#[test]
fn ids_and_files_that_are_wrong_are_refused() {
    let house = House::of_processes("wrong");
    house.reconcile();
    for (arguments, code) in [
        (vec!["workloads", "show", "../x"], 64),
        (vec!["workloads", "show", "o-none"], 65),
        (vec!["workloads", "stop", "o-none"], 65),
        (vec!["workloads", "logs", "o-none"], 65),
        (vec!["workloads", "deploy", "--manifest", "/nowhere"], 65),
        (vec!["workloads", "list", "--state", "gone"], 64),
    ] {
        let refused = house.run(&arguments);
        assert_eq!(refused.status.code(), Some(code), "{arguments:?}: {}", String::from_utf8_lossy(&refused.stderr));
    }
    let file = house.file("web.yaml", FOREVER);
    let refused = house.run(&["workloads", "deploy", "--manifest", &file, "--name", "a;rm -rf"]);
    assert_eq!(refused.status.code(), Some(65));
}
