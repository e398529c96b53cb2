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

/// What did not work does not end with 0, and says why.
#[test]
fn what_was_wanted_at_once_and_did_not_happen_fails() {
    let house = House::of_processes("notdone");
    let bad = house.file("bad.yaml", &FOREVER.replace("command:", "args:"));
    let code = |arguments: &[&str]| {
        let output = house.run(arguments);
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        (output.status.code().unwrap(), format!("{out}{err}"))
    };
    let (status, said) = code(&["workloads", "deploy", "--manifest", &bad, "--name", "bad", "--now"]);
    assert_eq!(status, 1, "{said}");
    // To be stopped is what it is already.
    let (status, said) = code(&["workloads", "stop", "o-bad", "--now"]);
    assert_eq!(status, 0, "{said}");
    house.ok(&["workloads", "drain", "--reason", "new disks"]);
    let good = house.file("good.yaml", FOREVER);
    let (status, said) = code(&["workloads", "deploy", "--manifest", &good, "--name", "held", "--now"]);
    assert!(status == 1 && said.contains("no new work is taken: new disks"), "{status} {said}");
    house.ok(&["workloads", "drain", "--end"]);
    let (status, said) = code(&["workloads", "reconcile", "--workload", "o-bogus"]);
    assert!(status == 65 && said.contains("there is no workload o-bogus"), "{status} {said}");
    house.ok(&["workloads", "reconcile", "--workload", "o-held"]);
    house.until("o-held", "running");
    house.ok(&["workloads", "reconcile", "--workload", "o-held"]);
    let (status, said) = code(&["workloads", "logs", "o-held", "--service", "nope"]);
    assert!(status == 65 && said.contains("has no service") && said.contains("it has web"), "{status} {said}");
    house.ok(&["workloads", "logs", "o-held", "--service", "web"]);
    house.ok(&["workloads", "terminate", "o-held", "--now"]);
    // What is over never gets better: no exit code says "try again".
    for wish in ["resume", "terminate", "pause", "restart"] {
        assert_eq!(code(&["workloads", wish, "o-held"]).0, 65, "{wish}");
    }
    assert_eq!(code(&["workloads", "deploy", "--manifest", &good, "--name", "held"]).0, 65);
    house.ok(&["workloads", "terminate", "o-bad", "--now"]);
}

/// A rehearsal says what would be done, of what is there, and writes nothing.
#[test]
fn rehearsals_say_what_would_be_done() {
    let house = House::of_processes("rehearse");
    let file = house.file("web.yaml", FOREVER);
    let said = |arguments: &[&str]| {
        let output = house.run(arguments);
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code().unwrap(), err)
    };
    let rehearsed = house.json(&["workloads", "deploy", "--manifest", &file, "--dry-run"]);
    assert_eq!((&rehearsed["workload"], &rehearsed["new"]), (&"o-web".into(), &true.into()));
    assert!(!house.state().exists());
    assert_eq!(said(&["workloads", "stop", "o-web", "--dry-run"]).0, 73, "there is no state file");
    house.ok(&["workloads", "deploy", "--manifest", &file, "--now"]);
    house.until("o-web", "running");
    assert_eq!(house.json(&["workloads", "deploy", "--manifest", &file, "--dry-run"])["new"], false);
    for (wish, step) in [("pause", "pause"), ("stop", "stop"), ("restart", "restart"), ("terminate", "end")] {
        for now in [&[][..], &["--now"]] {
            let rows = house.json(&[&["workloads", wish, "o-web", "--dry-run"], now].concat());
            assert_eq!((&rows[0]["step"], &rows[0]["outcome"]), (&step.into(), &"planned".into()), "{wish}");
        }
        let (code, err) = said(&["workloads", wish, "o-web", "--dry-run"]);
        assert!(code == 0 && err.contains("nothing is written down") && !err.contains("is written down\n"), "{err}");
    }
    let (code, err) = said(&["workloads", "stop", "o-nobody", "--dry-run"]);
    assert!(code == 65 && err.contains("there is no workload o-nobody"), "{err}");
    assert_eq!((house.state_of("o-web"), house.steps()), ("running".to_owned(), vec![]));
    house.ok(&["workloads", "terminate", "o-web", "--now"]);
}

/// Whoever runs workloads as processes is told, each time, how little that isolates.
#[test]
fn processes_are_said_to_be_hardly_isolated() {
    let house = House::of_processes("little");
    let file = house.file("web.yaml", FOREVER);
    for arguments in [vec!["workloads", "deploy", "--manifest", &file], vec!["validate-config"]] {
        let output = house.run(&arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("which hardly isolates them"), "{arguments:?}: {said}");
        assert!(output.status.success());
    }
    house.ok(&["workloads", "terminate", "o-web", "--now"]);
}
