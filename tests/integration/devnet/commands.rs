//! `provider devnet`, from a shell.

use super::client::Key;
use super::shell::Chain;
use provider::domain::network::Name;
use serde_json::Value;
use tempfile::tempdir;

#[test]
fn a_chain_is_started_looked_at_changed_stopped_and_reset() {
    let chain = Chain::start(&["--block-time", "0"]);
    let state = chain.json(&["status"]);
    assert_eq!((&state["chain_id"], &state["height"]), (&"devnet-virtengine-1".into(), &1.into()));
    let a = Key::of("a", Name::Virtengine.facts()).address;
    assert_eq!(chain.json(&["fund", &a, "500uve"])["height"], 2);
    assert_eq!(chain.json(&["identity", &a, "80", "standard"])["height"], 3);
    let add = ["provider", "add", &a, "https://a.example.com:8443", "--attribute", "region=us-east"];
    assert_eq!(chain.json(&add)["height"], 4);
    let said = chain.run(&["provider", "add", &a, "http://a.example.com"]);
    assert_eq!(said.status.code(), Some(65));
    assert!(String::from_utf8(said.stderr).unwrap().starts_with("error: the development chain refuses: "));
    let said = chain.run(&["fund", "ve1xyz", "500uve"]);
    assert_eq!(said.status.code(), Some(65));
    let second = chain.run(&["start", "--block-time", "0"]);
    assert_eq!(second.status.code(), Some(75), "a second chain in the same folder");
    let said = chain.run(&["reset"]);
    assert_eq!(said.status.code(), Some(75), "a running chain is not taken away");
    assert!(chain.run(&["stop"]).status.success());
    let said = chain.run(&["status"]);
    assert_eq!(said.status.code(), Some(69));
    let said = chain.run(&["start", "--network", "akash", "--block-time", "0"]);
    assert_eq!(said.status.code(), Some(65), "the folder holds a chain of another network");
    assert!(chain.home.path().join("chain.db").exists());
    assert!(chain.run(&["reset"]).status.success());
    assert!(!chain.home.path().join("chain.db").exists());
}

#[test]
fn time_and_blocks_go_ahead_on_demand() {
    let chain = Chain::start(&["--block-time", "0"]);
    let time = || chain.json(&["status"])["time"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    let (begun, height) = (time(), chain.height());
    chain.json(&["advance", "--blocks", "10"]);
    assert_eq!(chain.height(), height + 10);
    let begun_at = std::time::Instant::now();
    chain.json(&["advance", "--time", "30d"]);
    assert!(begun_at.elapsed().as_secs() < 60, "thirty days took {:?}", begun_at.elapsed());
    let passed = time().duration_since(begun).as_hours();
    assert!((720..=721).contains(&passed), "{passed} hours");
    assert_eq!(chain.run(&["advance"]).status.code(), Some(64));
}

#[test]
fn faults_are_set_listed_and_cleared() {
    let chain = Chain::start(&["--block-time", "50ms"]);
    chain.json(&["fault", "delay", "5ms", "--method", "Orders", "--call", "3", "--times", "2"]);
    chain.json(&["fault", "error", "14", "--message", "away", "--method", "status"]);
    let rules = chain.json(&["fault", "list"]);
    assert_eq!(rules.as_array().unwrap().len(), 2);
    assert_eq!((&rules[0]["method"], &rules[0]["call"], &rules[0]["times"]), (&"Orders".into(), &3.into(), &2.into()));
    chain.json(&["fault", "halt"]);
    let stopped = chain.height();
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert!(chain.height() <= stopped + 1);
    assert_eq!(chain.json(&["status"])["halted"], true);
    chain.json(&["fault", "clear"]);
    assert_eq!(chain.json(&["fault", "list"]).as_array().unwrap().len(), 0);
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert!(chain.height() > stopped + 1);
}

#[test]
fn orders_are_seeded() {
    let chain = Chain::start(&["--block-time", "0", "--network", "akash"]);
    chain.json(&["seed", "orders", "--count", "50"]);
    for count in ["0", "1000001", "4294967295"] {
        let said = chain.run(&["seed", "orders", "--count", count]);
        assert_eq!(said.status.code(), Some(64), "{count}");
    }
    let nothing = chain.home.path().join("nothing.json");
    std::fs::write(&nothing, "[]").unwrap();
    let said = chain.run(&["seed", "orders", "--count", "5", "--spec", nothing.to_str().unwrap()]);
    assert_eq!(said.status.code(), Some(65), "no group is not the usual group");
    let a = Key::of("a", Name::Akash.facts()).address;
    let said = chain.run(&["identity", &a, "80", "standard"]);
    assert_eq!(said.status.code(), Some(65), "nobody on Akash asks for a score");
}

/// Whether a process has ended; one that nobody has asked after is dead, too.
fn is_gone(process: i64) -> bool {
    match std::fs::read_to_string(format!("/proc/{process}/stat")) {
        Err(_) => true,
        Ok(stat) => stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z')),
    }
}

/// Begins to seed more than there is time for, and waits until some of it is there.
fn seeding(chain: &Chain) -> std::process::Child {
    let before = chain.height();
    let mut command = chain.command(&["seed", "orders", "--count", "1000000"]);
    let child = command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
    let begun = std::time::Instant::now();
    while chain.height() < before + 1 {
        assert!(begun.elapsed().as_secs() < 60, "nothing is seeded");
    }
    child
}

#[test]
fn seeding_ends_when_the_chain_is_to_end_and_stop_waits_for_the_process() {
    let chain = Chain::start(&["--block-time", "0"]);
    let process = chain.json(&["status"])["process"].as_i64().unwrap();
    let mut child = seeding(&chain);
    // Others get in between.
    let a = Key::of("a", Name::Virtengine.facts()).address;
    chain.json(&["fund", &a, "500uve"]);
    let begun = std::time::Instant::now();
    assert!(chain.run(&["stop"]).status.success());
    assert!(begun.elapsed().as_secs() < 30, "{:?}", begun.elapsed());
    std::thread::sleep(std::time::Duration::from_millis(50));
    assert!(is_gone(process), "it was said to have ended");
    assert_eq!(child.wait().unwrap().code(), Some(69), "it was ended, not done");
}

#[test]
fn a_second_signal_ends_the_chain_at_once() {
    use rustix::process::{Pid, Signal, kill_process};
    let chain = Chain { home: tempdir().unwrap() };
    let mut command =
        chain.command(&["start", "--block-time", "0", "--grpc-addr", "127.0.0.1:0", "--rpc-addr", "127.0.0.1:0"]);
    let mut server = command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
    let begun = std::time::Instant::now();
    while !chain.run(&["status"]).status.success() {
        assert!(begun.elapsed().as_secs() < 30, "it does not start");
    }
    let mut child = seeding(&chain);
    let process = Pid::from_raw(i32::try_from(server.id()).unwrap()).unwrap();
    kill_process(process, Signal::TERM).unwrap();
    // Less than a block of two thousand orders takes.
    std::thread::sleep(std::time::Duration::from_millis(20));
    kill_process(process, Signal::TERM).unwrap();
    assert_eq!(server.wait().unwrap().code(), Some(75));
    assert_eq!(child.wait().unwrap().code(), Some(69));
}

#[test]
fn what_befalls_the_node_happens_at_once_or_in_a_call() {
    let chain = Chain::start(&["--block-time", "0"]);
    let halted = || chain.json(&["status"])["halted"].as_bool().unwrap();
    chain.json(&["fault", "halt", "--method", "Orders", "--call", "2"]);
    chain.json(&["fault", "restart", "--method", "status", "--down", "1s"]);
    chain.json(&["fault", "clock", "2h", "--back", "--call", "9", "--times", "3"]);
    assert!(!halted());
    let rules = chain.json(&["fault", "list"]);
    let shown = |number: usize, name: &str| rules[number][name].clone();
    assert_eq!((shown(0, "fault"), shown(0, "call"), shown(0, "times")), ("halt".into(), 2.into(), 1.into()));
    assert_eq!((shown(1, "fault"), shown(1, "down")), ("restart".into(), 1_000.into()));
    assert_eq!((shown(2, "by"), shown(2, "times")), ((-7_200_000).into(), 3.into()));
    chain.json(&["fault", "clear"]);
    chain.json(&["fault", "halt"]);
    assert!(halted());
}

/// Begins to make a million blocks, and waits until some are there.
fn advancing(chain: &Chain) -> std::process::Child {
    let (before, begun) = (chain.height(), std::time::Instant::now());
    let child = chain
        .command(&["advance", "--blocks", "1000000"])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    while chain.height() < before + 5 {
        assert!(begun.elapsed().as_secs() < 30, "no blocks are made");
    }
    child
}

#[test]
fn stop_and_a_signal_end_what_is_going_on_and_leave_the_folder_free() {
    let chain = Chain::start(&["--block-time", "0"]);
    let mut child = advancing(&chain);
    assert!(chain.run(&["stop"]).status.success());
    assert_eq!(child.wait().unwrap().code(), Some(69), "it was ended, not done");
    // At once, in the same folder: nobody holds it any more.
    let arguments =
        ["start", "--block-time", "0", "--background", "--grpc-addr", "127.0.0.1:0", "--rpc-addr", "127.0.0.1:0"];
    let said = chain.run(&arguments);
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let first = chain.json(&["status"]);

    let mut child = advancing(&chain);
    let process = i32::try_from(first["process"].as_i64().unwrap()).unwrap();
    rustix::process::kill_process(rustix::process::Pid::from_raw(process).unwrap(), rustix::process::Signal::TERM)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(69));
    let begun = std::time::Instant::now();
    while !provider::devnet::server::is_free(chain.home.path()).unwrap() {
        assert!(begun.elapsed().as_secs() < 10, "it does not end");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    // The clock went ahead with each block that was made.
    let said = chain.run(&arguments);
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let time = |state: &Value| state["time"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    let before = chain.json(&["status"]);
    let after = chain.json(&["advance", "--blocks", "1"]);
    let step = time(&chain.json(&["status"])).duration_since(time(&before));
    assert_eq!(after["height"].as_i64().unwrap(), before["height"].as_i64().unwrap() + 1);
    assert!(step.as_millis() >= 1_000, "{step:?}");
}

#[test]
fn others_get_in_between_the_blocks_that_are_made_at_once() {
    let chain = Chain::start(&["--block-time", "0"]);
    let mut child = advancing(&chain);
    let a = Key::of("a", Name::Virtengine.facts()).address;
    let begun = std::time::Instant::now();
    chain.json(&["fund", &a, "500uve"]);
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
    assert!(child.try_wait().unwrap().is_none(), "a million blocks are not made so soon");
    assert!(chain.run(&["stop"]).status.success());
    child.wait().unwrap();
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let chain = Chain::start(&["--block-time", "0"]);
    let a = Key::of("a", Name::Virtengine.facts()).address;
    let most = format!("{}uve", u128::MAX - 1_000_000_000_000);
    let more = format!("{}uve", "9".repeat(77));
    let upper = a.to_uppercase();
    let cases: &[(&[&str], i32, &str)] = &[
        (&["fund", &a, &more], 65, "more than there can be"),
        (&["fund", &a, "0uve"], 65, "nothing is nothing to give"),
        (&["fund", &a, ""], 65, "nothing is nothing to give"),
        // An address has one spelling here, though bech32 has two.
        (&["fund", &upper, "5uve"], 65, "begins with \"VE\", not with \"ve\""),
        (&["fault", "drop", "--times", "0"], 64, "--times"),
        (&["fault", "drop", "--method", "Ordres"], 65, "there is no method \"Ordres\""),
        (&["fault", "swallow", "--method", "Orders"], 65, "swallow does not happen to Orders, but to BroadcastTx"),
        (&["fault", "refuse", "sdk", "0"], 64, "0 is not in 1.."),
        (&["fault", "refuse", " ", "5"], 65, "a code needs a codespace"),
        (&["fault", "error", "99"], 65, "99 is no gRPC status"),
        (&["fault", "error", "0"], 65, "0 is no gRPC status"),
        (&["fault", "error", "399"], 65, "399 is no gRPC status"),
        (&["fault", "error", "600"], 65, "no status of HTTP"),
        (&["fault", "stale", "0"], 64, "0 is not in 1.."),
        (&["fault", "late", "0"], 64, "0 is not in 1.."),
        (&["fault", "delay", "0"], 65, "delay 0s does nothing"),
        (&["fault", "fail", "sdk", "0"], 64, "0 is not in 1.."),
        (&["fault", "fail", " ", "5"], 65, "a code needs a codespace"),
        (&["fault", "clock", "365000d", "--call", "5"], 65, "the clock would leave the years"),
        (&["fault", "clock", "365000d"], 65, "the clock would leave the years"),
        (&["fault", "clock", "36500d", "--back"], 65, "the clock would leave the years"),
        (&["advance", "--time", "365000d"], 65, "the clock would leave the years"),
        (&["advance", "--blocks", "1000001"], 64, "1000000"),
        (&["tenant", "show", "--from", ""], 64, "a name is not blank"),
    ];
    for (arguments, code, words) in cases {
        let said = chain.run(arguments);
        let talk = String::from_utf8_lossy(&said.stderr).into_owned();
        assert_eq!(said.status.code(), Some(*code), "{arguments:?}: {talk}");
        assert!(talk.contains(words), "{arguments:?}: {talk}");
    }
    chain.json(&["fund", &a, &most]);
    let said = chain.run(&["fund", &a, &most]);
    assert_eq!(said.status.code(), Some(65), "{}", String::from_utf8_lossy(&said.stderr));
    for fine in [
        "error 14",
        "error -32603",
        "error 429",
        "fail market 5",
        "clock 1h",
        "swallow --method broadcast_tx_sync",
        "drop --method subscribe",
    ] {
        chain.json(&[&["fault"], &fine.split(' ').collect::<Vec<_>>()[..]].concat());
    }
    assert_eq!(chain.json(&["fault", "list"]).as_array().unwrap().len(), 6);
}

#[test]
fn every_form_of_an_answer_has_the_same_names() {
    let chain = Chain::start(&["--block-time", "50ms"]);
    chain.json(&["fault", "delay", "5ms", "--method", "Orders"]);
    let rules = chain.json(&["fault", "list"]);
    assert_eq!((&rules[0]["fault"], &rules[0]["milliseconds"]), (&"delay".into(), &5.into()));
    let state = chain.json(&["status"]);
    assert_eq!((&state["block_time"], &state["halted"]), (&"50ms".into(), &false.into()));
    let names: Vec<_> = state.as_object().unwrap().keys().cloned().collect();
    for form in ["csv", "table"] {
        let said = String::from_utf8(chain.run(&["status", "-o", form]).stdout).unwrap();
        let first = |line: &str| line.split([',', ' ']).next().unwrap().to_owned();
        let mut shown: Vec<_> = said.lines().map(first).filter(|name| name != "name").collect();
        shown.sort();
        let mut names = names.clone();
        names.sort();
        assert_eq!(shown, names, "{form}");
    }
    let file = chain.home.path().join("chain.db").display().to_string();
    assert_eq!(chain.json(&["stop"])["chain"], file);
    assert_eq!(chain.json(&["reset"])["chain"], file);
    let said = chain.run(&["reset"]);
    assert!(
        said.status.success() && String::from_utf8_lossy(&said.stderr).contains("there is no development chain in")
    );
}
