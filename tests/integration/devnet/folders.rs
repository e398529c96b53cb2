//! `provider devnet` and its folder: whose files they are, who may look, and how a chain goes on.

use std::process::{Command, Output};

use super::client::Key;
use super::shell::Chain;
use provider::domain::network::Name;
use tempfile::tempdir;

#[test]
fn what_is_not_a_development_chains_file_is_left_as_it_is() {
    let home = tempdir().unwrap();
    let file = home.path().join("chain.db");
    let chain = Chain { home };
    let address = ["--grpc-addr", "127.0.0.1:0", "--rpc-addr", "127.0.0.1:0"];
    let foreign = |what: &str| {
        let before = std::fs::read(&file).unwrap();
        for arguments in [&["start"][..], &["start", "--background"], &["reset"]] {
            let arguments = if arguments[0] == "start" { [arguments, &address].concat() } else { arguments.to_vec() };
            let said = chain.run(&arguments);
            let talk = String::from_utf8_lossy(&said.stderr).into_owned();
            assert_eq!(said.status.code(), Some(65), "{what}, {arguments:?}: {talk}");
            assert!(talk.contains("is not the file of a development chain"), "{what}, {arguments:?}: {talk}");
            assert_eq!(std::fs::read(&file).unwrap(), before, "{what}, {arguments:?}");
        }
        std::fs::remove_file(&file).unwrap();
    };
    std::fs::write(&file, "precious\n").unwrap();
    foreign("a text");
    let other = rusqlite::Connection::open(&file).unwrap();
    other.execute_batch("CREATE TABLE precious (a); INSERT INTO precious VALUES (1);").unwrap();
    drop(other);
    foreign("a database without mark");
    let other = rusqlite::Connection::open(&file).unwrap();
    other.execute_batch("PRAGMA application_id = 7; PRAGMA user_version = 1; CREATE TABLE precious (a);").unwrap();
    drop(other);
    foreign("a database of another program");
    std::fs::write(&file, "").unwrap();
    assert!(chain.run(&["reset"]).status.success(), "an empty file is nobody's");
    assert!(!file.exists());
}

/// The program as somebody who may not look into the chain's folder.
fn as_stranger(chain: &Chain, arguments: &[&str]) -> Output {
    use std::os::unix::process::CommandExt;
    let mut command = chain.command(arguments);
    if rustix::process::geteuid().is_root() {
        command.uid(65_534).gid(65_534);
    }
    command.output().unwrap()
}

#[test]
fn not_to_be_allowed_is_not_that_there_is_none() {
    use std::os::unix::fs::PermissionsExt;
    let chain = Chain::start(&["--block-time", "0"]);
    // Nobody but root gets in: also not the owner, where the tests are not run by root.
    let close = |mode| std::fs::set_permissions(chain.home.path(), std::fs::Permissions::from_mode(mode)).unwrap();
    close(0o000);
    for arguments in [&["status"][..], &["stop"], &["reset"], &["fund", "ve1x", "5uve"], &["start", "--background"]] {
        let said = as_stranger(&chain, arguments);
        let talk = String::from_utf8_lossy(&said.stderr).into_owned();
        assert_eq!(said.status.code(), Some(77), "{arguments:?}: {talk}");
    }
    close(0o700);
    assert!(chain.run(&["status"]).status.success());
}

#[test]
fn a_start_goes_on_with_the_chain_that_is_there() {
    let chain = Chain { home: tempdir().unwrap() };
    let folder = tempdir().unwrap();
    let genesis = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let a = Key::of("a", Name::Akash.facts()).address;
    let first = genesis(
        "first.json",
        &format!(r#"{{ "chain_id": "devnet-mine-7", "accounts": [{{ "address": "{a}", "coins": "5uakt" }}] }}"#),
    );
    let same = genesis(
        "same.json",
        &format!(r#"{{"accounts":[{{"coins":"5uakt","address":"{a}"}}],"chain_id":"devnet-mine-7"}}"#),
    );
    let other = genesis(
        "other.json",
        &format!(r#"{{ "chain_id": "devnet-mine-7", "accounts": [{{ "address": "{a}", "coins": "6uakt" }}] }}"#),
    );
    let start = |arguments: &[&str]| {
        let address = ["start", "--background", "--grpc-addr", "127.0.0.1:0", "--rpc-addr", "127.0.0.1:0"];
        let said = chain.run(&[&address, arguments].concat());
        let talk = String::from_utf8_lossy(&said.stderr).into_owned();
        if said.status.success() {
            let state = chain.json(&["status"]);
            assert_eq!(
                (&state["chain_id"], &state["network"], &state["profile"]),
                (&"devnet-mine-7".into(), &"akash".into(), &"strict".into()),
                "{arguments:?}"
            );
            assert!(chain.run(&["stop"]).status.success());
        }
        (said.status.code(), talk)
    };
    let begun = ["--genesis", &first, "--network", "akash", "--profile", "strict"];
    assert_eq!(start(&begun).0, Some(0));
    assert_eq!(start(&[]).0, Some(0), "nothing has to be said again");
    assert_eq!(start(&["--genesis", &same]).0, Some(0), "the same genesis in other words");
    for (arguments, words) in [
        (&["--genesis", &other][..], "began with another genesis"),
        (&["--network", "virtengine"], "has network"),
        (&["--profile", "localnet"], "has profile"),
        (&["--chain-id", "devnet-other-1"], "has chain id"),
    ] {
        let (code, talk) = start(arguments);
        assert!(code == Some(65) && talk.contains(words), "{arguments:?}: {code:?} {talk}");
        // The log's lines are lines.
        assert!(talk.lines().count() >= 3 && !talk.contains("\\n"), "{talk}");
    }
}

#[test]
fn a_start_in_the_background_ends_as_one_in_the_foreground() {
    let folder = tempdir().unwrap();
    let genesis = folder.path().join("genesis.json");
    std::fs::write(&genesis, r#"{ "accounts": [{ "address": "ve1xyz", "coins": "5uve" }] }"#).unwrap();
    for background in [false, true] {
        let chain = Chain { home: tempdir().unwrap() };
        let mut arguments = vec!["start", "--grpc-addr", "127.0.0.1:0", "--rpc-addr", "127.0.0.1:0"];
        arguments.extend(["--genesis", genesis.to_str().unwrap()]);
        arguments.extend(background.then_some("--background"));
        let said = chain.run(&arguments);
        let talk = String::from_utf8_lossy(&said.stderr).into_owned();
        assert_eq!(said.status.code(), Some(65), "{talk}");
        assert!(talk.contains("the genesis cannot be used: account ve1xyz"), "{talk}");
    }
}

#[test]
fn a_genesis_may_come_through_a_pipe() {
    let folder = tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let writer = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::write(pipe, r#"{ "chain_id": "devnet-piped-1" }"#).unwrap()
    });
    let chain = Chain::start(&["--genesis", pipe.to_str().unwrap()]);
    writer.join().unwrap();
    assert_eq!(chain.json(&["status"])["chain_id"], "devnet-piped-1");
}

#[test]
fn a_folder_that_is_not_there_is_not_made_by_reset() {
    let home = tempdir().unwrap();
    let folder = home.path().join("none");
    let mut command = Command::new(env!("CARGO_BIN_EXE_provider"));
    let said = command.args(["devnet", "reset", "--home"]).arg(&folder).output().unwrap();
    assert!(said.status.success());
    assert!(!folder.exists());
}

#[test]
fn what_could_be_taken_for_a_real_chain_is_warned_of_in_the_background_too() {
    let home = tempdir().unwrap();
    let genesis = home.path().join("genesis.json");
    std::fs::write(&genesis, r#"{ "chain_id": "virtengine-1" }"#).unwrap();
    let chain = Chain { home: tempdir().unwrap() };
    let said = chain.run(&[
        "start",
        "--background",
        "--grpc-addr",
        "0.0.0.0:0",
        "--rpc-addr",
        "127.0.0.1:0",
        "--genesis",
        genesis.to_str().unwrap(),
    ]);
    assert!(said.status.success());
    let talk = String::from_utf8(said.stderr).unwrap();
    assert!(talk.contains("0.0.0.0:0 can be reached from outside"), "{talk}");
    assert!(talk.contains("the id virtengine-1 does not begin with devnet-"), "{talk}");
}

#[test]
fn of_two_that_start_at_once_one_runs_and_the_other_says_so() {
    let chain = Chain { home: tempdir().unwrap() };
    let arguments = ["start", "--background", "--grpc-addr", "127.0.0.1:0", "--rpc-addr", "127.0.0.1:0"];
    let started: Vec<_> = (0..2)
        .map(|_| {
            let mut command = chain.command(&arguments);
            command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let ended: Vec<_> = started.into_iter().map(|child| child.wait_with_output().unwrap()).collect();
    let mut codes: Vec<_> = ended.iter().map(|said| said.status.code().unwrap()).collect();
    codes.sort_unstable();
    assert_eq!(codes, [0, 75], "{ended:?}");
    assert_eq!(chain.json(&["status"])["height"].as_i64().map(|height| height > 0), Some(true));
}

#[test]
fn nobody_else_reads_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let chain = Chain::start(&["--block-time", "0"]);
    for entry in std::fs::read_dir(chain.home.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", entry.path().display());
    }
}
