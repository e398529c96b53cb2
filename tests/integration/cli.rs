//! The conventions of the command line, seen from a shell: stdout, stderr, exit codes, output forms, names.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A home folder of its own, and a program that sees nothing else of the environment.
struct Place {
    home: TempDir,
}

impl Place {
    fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_provider"));
        command.env_clear().env("HOME", self.home.path()).env("PATH", "/usr/bin:/bin").current_dir(self.home.path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.command().args(arguments).output().unwrap())
    }

    fn path(&self, name: &str) -> String {
        self.home.path().join(name).to_str().unwrap().to_owned()
    }
}

struct Ran {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn version_is_data_in_every_form() {
    let place = Place::new();
    let json = place.run(&["version", "--output", "json"]);
    assert_eq!((json.code, json.stderr.as_str()), (0, ""));
    let value: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(value["version"], env!("CARGO_PKG_VERSION"));
    assert!(place.run(&["version"]).stdout.starts_with("provider"));
    assert!(place.run(&["version", "-o", "yaml"]).stdout.contains("program: provider\n"));
    assert!(place.run(&["version", "-o", "csv"]).stdout.starts_with("name,value\n"));
    assert_eq!(place.run(&["--version"]).stdout, format!("provider {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn it_answers_to_the_seeds_names() {
    let place = Place::new();
    for name in ["provider-daemon", "virtengine-provider"] {
        let link = place.path(name);
        symlink(env!("CARGO_BIN_EXE_provider"), &link).unwrap();
        let ran = Ran::of(Command::new(&link).arg("--help").output().unwrap());
        assert_eq!(ran.code, 0);
        assert!(ran.stdout.contains(&format!("Usage: {name} ")), "{}", ran.stdout);
        let script = Ran::of(Command::new(&link).args(["completions", "bash"]).output().unwrap());
        let completes = script.stdout.lines().any(|line| line.contains("complete -F") && line.ends_with(name));
        assert!(completes, "{}", script.stdout);
    }
}

#[test]
fn a_wrong_command_line_is_64_and_leaves_stdout_empty() {
    let place = Place::new();
    for arguments in [
        &["verson"][..],
        &[],
        &["version", "--otput", "json"],
        &["version", "--output", "xml"],
        &["--wait", "soon", "version"],
        &["-q", "-v", "version"],
        &["config", "show", "chian"],
        &["config", "example", "chian"],
    ] {
        let ran = place.run(arguments);
        assert_eq!(ran.code, 64, "{arguments:?}: {}", ran.stderr);
        assert_eq!(ran.stdout, "", "{arguments:?}");
        assert_ne!(ran.stderr, "", "{arguments:?}");
    }
    assert!(place.run(&["verson"]).stderr.contains("'version'"));
}

#[test]
fn errors_and_notes_are_log_lines_where_json_logs_are_asked_for() {
    let place = Place::new();
    assert_eq!(place.run(&["init"]).code, 0);
    for arguments in [
        &["config", "show", "--log-format", "json", "--config", "missing.yaml"][..],
        &["nonsense", "--log-format=json"],
        &["--log-format", "json", "logs"],
        &["init", "--log-format", "json", "--dry-run", "--dir", "elsewhere"],
    ] {
        let ran = place.run(arguments);
        for line in ran.stderr.lines() {
            let line: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{}", ran.stderr));
            assert!(line["time"].is_string() && line["message"].is_string(), "{line}");
        }
        if ran.code != 0 {
            let last: serde_json::Value = serde_json::from_str(ran.stderr.lines().last().unwrap()).unwrap();
            assert_eq!((&last["level"], &last["fields"]["exit_code"]), (&"error".into(), &ran.code.into()));
            assert!(last["fields"]["hints"].as_array().is_some_and(|hints| !hints.is_empty()), "{last}");
        }
    }
}

#[test]
fn errors_are_objects_where_json_is_asked_for() {
    let place = Place::new();
    for arguments in [
        &["config", "show", "-o", "json", "--config", "missing.yaml"][..],
        &["nonsense", "--output", "json"],
        &["validate-config", "--output=json"],
    ] {
        let ran = place.run(arguments);
        let object: serde_json::Value = serde_json::from_str(&ran.stderr).unwrap();
        assert_eq!(object["exit_code"], ran.code, "{arguments:?}");
        assert!(object["error"].as_str().is_some_and(|error| !error.is_empty()));
        assert!(object["hints"].as_array().is_some_and(|hints| !hints.is_empty()), "{object}");
        assert_eq!(ran.stdout, "");
    }
}

#[test]
fn validation_in_json_is_data() {
    let place = Place::new();
    fs::write(place.path("c.yaml"), "chain:\n  timout: 3s\n").unwrap();
    let ran = place.run(&["validate-config", "--config", "c.yaml", "--output", "json"]);
    assert_eq!(ran.code, 78);
    let value: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(value["valid"], false);
    let found = &value["diagnostics"][0];
    assert_eq!((&found["line"], &found["column"]), (&2.into(), &3.into()));
    assert_eq!(found["help"], "did you mean `timeout`?");
    let text = place.run(&["validate-config", "--config", "c.yaml"]);
    assert_eq!(text.code, 78);
    assert!(text.stderr.contains("c.yaml:2:3"), "{}", text.stderr);
    assert!(text.stderr.contains("  timout: 3s"), "{}", text.stderr);
}

#[test]
fn effective_values_name_their_origins() {
    let place = Place::new();
    fs::write(place.path("c.yaml"), "chain:\n  timeout: 3s\n  chain_id: ${CHAIN}\n").unwrap();
    let mut command = place.command();
    command.env("CHAIN", "x-1").env("PROVIDER_CHAIN_NETWORK", "akash");
    let ran = Ran::of(command.args(["validate-config", "--config", "c.yaml", "--effective"]).output().unwrap());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for line in [
        "chain.timeout\t3s\tc.yaml:2:12",
        "chain.chain_id\tx-1\tc.yaml:3:13",
        "chain.network\takash\tenvironment variable PROVIDER_CHAIN_NETWORK",
        "chain.gas_adjustment\t1.5\tdefault",
    ] {
        assert!(ran.stdout.lines().any(|found| found == line), "{line}\n{}", ran.stdout);
    }
}

#[test]
fn the_search_path_is_as_documented() {
    let place = Place::new();
    assert_eq!(place.run(&["validate-config"]).code, 78);
    let folder = place.home.path().join(".provider-daemon");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("config.yaml"), "provider: { name: home }\n").unwrap();
    let shown = |ran: Ran| ran.stdout.trim().to_owned();
    assert!(shown(place.run(&["config", "show", "provider.name"])).contains("\thome\t"));
    fs::write(place.path("v.yaml"), "provider: { name: variable }\n").unwrap();
    fs::write(place.path("f.yaml"), "provider: { name: flag }\n").unwrap();
    let mut command = place.command();
    command.env("PROVIDER_CONFIG", place.path("v.yaml")).args(["config", "show", "provider.name"]);
    assert!(shown(Ran::of(command.output().unwrap())).contains("\tvariable\t"));
    let mut command = place.command();
    command.env("PROVIDER_CONFIG", place.path("v.yaml"));
    command.args(["config", "show", "provider.name", "--config", "f.yaml"]);
    assert!(shown(Ran::of(command.output().unwrap())).contains("\tflag\t"));
    let missing = place.run(&["config", "show", "--config", "nowhere.yaml"]);
    assert_eq!(missing.code, 78);
    assert!(missing.stderr.contains("nowhere.yaml"), "{}", missing.stderr);
}

#[test]
fn listings_are_one_record_a_line_when_piped() {
    let place = Place::new();
    let table = place.run(&["config", "show", "chain"]).stdout;
    let json = place.run(&["config", "show", "chain", "-o", "json"]).stdout;
    let csv = place.run(&["config", "show", "chain", "-o", "csv"]).stdout;
    let values: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
    assert_eq!(table.lines().count(), values.len());
    assert_eq!(json.lines().count(), values.len());
    assert_eq!(csv.lines().count(), values.len() + 1);
    assert_eq!(csv.lines().next(), Some("key,value,origin"));
    let yaml = place.run(&["config", "show", "chain", "-o", "yaml"]).stdout;
    assert_eq!(yaml.matches("key: ").count(), values.len());
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    let place = Place::new();
    let mut child = place.command().args(["config", "schema"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_full_disk_for_stdout_is_told() {
    let place = Place::new();
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let ran = Ran::of(place.command().args(["config", "schema"]).stdout(full).output().unwrap());
    assert_eq!(ran.code, 69);
    assert!(ran.stderr.contains("stdout"), "{}", ran.stderr);
}

#[test]
fn init_makes_a_private_folder_and_refuses_to_overwrite() {
    let place = Place::new();
    let dry = place.run(&["init", "--dry-run"]);
    assert_eq!(dry.code, 0);
    assert!(dry.stderr.starts_with("note: nothing was made; without --dry-run this would make "), "{}", dry.stderr);
    assert!(dry.stderr.trim_end().ends_with("/.provider-daemon/config.yaml"), "{}", dry.stderr);
    assert!(!place.home.path().join(".provider-daemon").exists());
    let ran = Ran::of(
        Command::new("bash")
            .args(["-c", "umask 000; exec \"$0\" init", env!("CARGO_BIN_EXE_provider")])
            .env_clear()
            .env("HOME", place.home.path())
            .output()
            .unwrap(),
    );
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let folder = place.home.path().join(".provider-daemon");
    for (name, expected) in [("", 0o700), ("keyring", 0o700), ("config.yaml", 0o600), ("state.db", 0o600)] {
        assert_eq!(mode(&folder.join(name)), expected, "{name}");
    }
    let valid = place.run(&["validate-config"]);
    assert_eq!((valid.code, valid.stderr.as_str()), (0, ""));
    let before = fs::read(folder.join("config.yaml")).unwrap();
    let again = place.run(&["init"]);
    assert_eq!(again.code, 65);
    assert!(again.stderr.contains("exists already"), "{}", again.stderr);
    assert_eq!(fs::read(folder.join("config.yaml")).unwrap(), before);
}

#[test]
fn init_on_a_full_disk_leaves_nothing() {
    if !rustix::process::geteuid().is_root() {
        eprintln!("could not run: a full disk needs root to mount one");
        return;
    }
    let place = Place::new();
    for kib in [4, 12, 20, 28, 36, 44, 52] {
        let script = format!(
            "mount -t tmpfs -o size={kib}k,mode=700 none \"$1\" && \"$0\" init --dir \"$1/p\"; code=$?; \
             find \"$1\" -mindepth 1; exit $code"
        );
        let mut command = Command::new("unshare");
        command.args([
            "-m",
            "bash",
            "-c",
            &script,
            env!("CARGO_BIN_EXE_provider"),
            place.home.path().to_str().unwrap(),
        ]);
        let ran = Ran::of(command.output().unwrap());
        if ran.code == 0 {
            assert!(ran.stdout.contains("/p/config.yaml"), "{}", ran.stdout);
        } else {
            assert_eq!(ran.code, 73, "{}", ran.stderr);
            assert!(!ran.stdout.contains("config.yaml") && !ran.stdout.contains("state.db"), "{kib}: {}", ran.stdout);
            assert!(ran.stderr.contains("hint:"), "{}", ran.stderr);
        }
    }
}

#[test]
fn the_demo_goes_through_and_leaves_nothing() {
    let place = Place::new();
    let ran = place.run(&["demo", "-o", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let shown: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let leases = shown["leases"].as_array().unwrap();
    assert_eq!(leases.len(), 3, "{shown}");
    assert!(leases.iter().all(|lease| lease["state"] == "terminated" && lease["earned"] != ""), "{shown}");
    let steps = shown["steps"].as_array().unwrap();
    assert!(steps.iter().any(|step| step["command"].as_str().unwrap().starts_with("provider bid run")), "{shown}");
    let csv = PathBuf::from(shown["csv"].as_str().unwrap());
    let lines = fs::read_to_string(&csv).unwrap();
    assert!(lines.lines().count() > 6 && lines.starts_with("record_id,"), "{lines}");
    fs::remove_dir_all(csv.parent().unwrap()).unwrap();
    assert_eq!(fs::read_dir(place.home.path()).unwrap().count(), 0);
    let kept = place.run(&["demo", "--keep", "kept here"]);
    assert_eq!(kept.code, 0, "{}", kept.stderr);
    assert!(place.home.path().join("kept here/config.yaml").exists());
}

#[test]
fn init_takes_an_existing_folder_as_it_is_or_not_at_all() {
    let place = Place::new();
    let folder = place.home.path().join("p");
    fs::create_dir(&folder).unwrap();
    let set_mode = |mode| fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
    for wide in [0o777, 0o770, 0o1777, 0o702] {
        set_mode(wide);
        for arguments in [&["init", "--dir", "p"][..], &["init", "--dir", "p", "--dry-run"]] {
            let ran = place.run(arguments);
            assert_eq!(ran.code, 77, "{}", ran.stderr);
            assert!(ran.stderr.contains(&format!("others may write to the folder p (its mode is {wide:04o})")));
            assert!(ran.stderr.contains("`chmod 700 p`"), "{}", ran.stderr);
        }
        assert_eq!((mode(&folder), fs::read_dir(&folder).unwrap().count()), (wide, 0));
    }
    set_mode(0o755);
    let ran = place.run(&["init", "--dir", "p"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.starts_with("p\tfolder\t0755\tfalse\np/keyring\tkey folder\t0700\ttrue\n"), "{}", ran.stdout);
    let ran = place.run(&["init", "--dir", "p/config.yaml"]);
    assert_eq!(ran.code, 65, "{}", ran.stderr);
}

#[test]
fn init_makes_the_state_file_where_state_names_it() {
    let place = Place::new();
    fs::create_dir(place.path("data")).unwrap();
    let nowhere = place.run(&["--state-file", "nowhere/state.db", "init"]);
    assert_eq!(nowhere.code, 73, "{}", nowhere.stderr);
    assert!(nowhere.stderr.contains("there is no folder nowhere\nhint: mount its disk"), "{}", nowhere.stderr);
    assert!(!place.home.path().join(".provider-daemon").exists(), "nothing was left behind");
    let ran = place.run(&["--state-file", "data/my \"state\".db", "init"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let state = place.home.path().canonicalize().unwrap().join("data/my \"state\".db");
    assert_eq!(mode(&state), 0o600);
    assert!(!place.home.path().join(".provider-daemon/state.db").exists());
    // The configuration that was written says so.
    let path = place.run(&["state", "path"]);
    assert_eq!(path.stdout, format!("{}\n", state.display()), "{}", path.stderr);
    assert_eq!(place.run(&["state", "maintain"]).code, 0);
    // It is never taken over.
    let again = place.run(&["--state-file", "data/my \"state\".db", "init", "--dir", "p"]);
    assert_eq!(again.code, 65, "{}", again.stderr);
    assert!(!place.home.path().join("p").exists());
}

/// A log without its state file may be all that is left of one.
#[test]
fn init_leaves_a_log_without_its_state_file_alone() {
    let place = Place::new();
    fs::write(place.path("lost.db-wal"), "all that is left").unwrap();
    let ran = place.run(&["--state-file", "lost.db", "init"]);
    assert_eq!(ran.code, 73, "{}", ran.stderr);
    assert!(ran.stderr.contains("is missing or empty, but its log (-wal) is there"), "{}", ran.stderr);
    assert_eq!(fs::read_to_string(place.path("lost.db-wal")).unwrap(), "all that is left");
}

#[test]
fn init_on_a_disk_that_takes_no_configuration_is_73() {
    if !rustix::process::geteuid().is_root() {
        eprintln!("could not run: a full disk needs root to mount one");
        return;
    }
    let place = Place::new();
    fs::create_dir(place.path("disk")).unwrap();
    let run = |prepare: &str| {
        let script = format!(
            "mount -t tmpfs -o size=64k,mode=700 none disk && {{ {prepare}; }} && \"$0\" --state-file state.db init --dir disk/p; \
             code=$?; find disk -mindepth 1; exit $code"
        );
        let mut command = Command::new("unshare");
        command.args(["-m", "bash", "-c", &script, env!("CARGO_BIN_EXE_provider")]).current_dir(place.home.path());
        Ran::of(command.output().unwrap())
    };
    let full = run("! cat /dev/zero 2>/dev/null >disk/filler");
    assert_eq!(full.code, 73, "{}", full.stderr);
    assert!(full.stderr.contains("cannot make disk/p/config.yaml\n"), "{}", full.stderr);
    assert!(full.stderr.contains("hint: nothing was left behind; free some space"), "{}", full.stderr);
    assert_eq!(full.stdout, "disk/filler\n");
    let read_only = run("mount -o remount,ro disk");
    assert_eq!(read_only.code, 73, "{}", read_only.stderr);
    assert!(read_only.stderr.contains("remount the file system writable"), "{}", read_only.stderr);
    assert!(!place.home.path().join("state.db").exists(), "nor elsewhere");
}

#[test]
fn help_names_every_command_and_fits_a_line() {
    let place = Place::new();
    let help = place.run(&["--help"]);
    for command in ["init", "validate-config", "config", "version", "completions", "man"] {
        assert!(help.stdout.lines().any(|line| line.trim_start().starts_with(command)), "{command}");
    }
}

#[test]
fn connectivity_is_told_for_each_thing() {
    let place = Place::new();
    let busy = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let busy = busy.local_addr().unwrap();
    let text = format!(
        "chain: {{ node_url: [\"http://127.0.0.1:1\", \"http://{busy}\"], grpc_url: 127.0.0.1:1, timeout: 1s }}\n\
         server: {{ address: \"{busy}\", tls: {{ cert_file: /nonexistent.crt, key_file: /nonexistent.key }} }}\n\
         metrics: {{ enabled: false }}\n"
    );
    fs::write(place.path("c.yaml"), text).unwrap();
    let ran = place.run(&["validate-config", "--config", "c.yaml", "--check-connectivity", "-o", "json"]);
    assert_eq!(ran.code, 69, "{}", ran.stderr);
    let value: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let found = value["connectivity"].as_array().unwrap();
    assert_eq!(found.len(), 6);
    assert!(found.iter().all(|found| found["ok"] == false), "{found:#?}");
    assert!(found[2]["message"].as_str().unwrap().contains("gave no answer within"), "{}", found[2]);
}
