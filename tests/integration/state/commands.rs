//! `provider state` and `provider job`, as a person or a timer sees them: stdout, stderr, exit code.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::child::{self, Running};

const BINARY: &str = env!("CARGO_BIN_EXE_provider");

/// A provider's folder, made by `provider init`.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        let home = Self(TempDir::new().unwrap());
        home.run(&["init"]).assert(0);
        home
    }

    fn folder(&self) -> PathBuf {
        self.0.path().join(".provider-daemon")
    }

    fn state(&self) -> PathBuf {
        self.folder().join("state.db")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command.args(arguments).env_clear().env("HOME", self.0.path()).stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Said {
        Said::of(self.command(arguments).output().unwrap(), self.0.path())
    }
}

/// What the program said.
#[derive(Debug)]
struct Said {
    stdout: String,
    stderr: String,
    code: Option<i32>,
}

impl Said {
    fn of(output: Output, home: &Path) -> Self {
        let home = fs::canonicalize(home).unwrap().display().to_string();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace(&home, "~");
        Self { stdout: text(output.stdout), stderr: text(output.stderr), code: output.status.code() }
    }

    #[track_caller]
    fn assert(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }

    /// It failed because of the state file, and says what to do.
    #[track_caller]
    fn refuses(self, words: &str) {
        let said = self.assert(73);
        let error = said.stderr.lines().any(|line| line.starts_with("error: "));
        assert!(error && said.stderr.contains("\nhint: "), "{said:#?}");
        assert!(said.stderr.contains(words), "{said:#?}");
        assert_eq!(said.stdout, "");
    }
}

#[test]
fn a_sound_file_is_said_to_be_sound() {
    let home = Home::new();
    let said = home.run(&["state", "check"]).assert(0);
    let schema = provider::store::SCHEMA_VERSION;
    let sound = format!("note: ~/.provider-daemon/state.db is sound (schema {schema})\n");
    assert_eq!((said.stdout.as_str(), said.stderr.as_str()), ("", sound.as_str()));
    assert_eq!(home.run(&["state", "check", "-o", "json"]).assert(0).stdout, "[]\n");
    let path = home.run(&["state", "path"]).assert(0);
    assert!(path.stdout.ends_with("/.provider-daemon/state.db\n"), "{path:?}");
}

#[test]
fn maintenance_leaves_its_row_in_the_listings() {
    let home = Home::new();
    let said = home.run(&["state", "maintain"]).assert(0);
    assert_eq!(
        said.stdout,
        "prune\tdone\tremoved 0 rows\n\
         audit\tdone\tremoved 0 rows; 1 rows are sound, sealed up to row 1\n\
         back_up\tskipped\tno folder for backups is configured\n\
         check\tdone\teverything is sound\n\
         vacuum\tskipped\tonly 0 bytes are free\n"
    );
    for noun in ["job", "jobs"] {
        let list = home.run(&[noun, "list"]).assert(0).stdout;
        assert!(list.starts_with("1\tstate-maintain\tdone\t2"), "{list}");
        assert!(list.ends_with("\taudit_findings 0, audit_rows_pruned 0, findings 0, rows_pruned 0\t-\t-\n"), "{list}");
    }
    home.run(&["state", "maintain"]).assert(0);
    let history = home.run(&["job", "history", "state-maintain", "--since", "1h", "-o", "json"]).assert(0).stdout;
    let runs: serde_json::Value = serde_json::from_str(&history).unwrap();
    assert_eq!(runs.as_array().unwrap().iter().map(|run| &run["run"]).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(home.run(&["job", "history", "--limit", "1"]).assert(0).stdout.lines().count(), 1);
    assert_eq!(home.run(&["job", "history", "bid-run"]).assert(0).stdout, "");
    home.run(&["job", "history", "../etc"]).assert(64);
    home.run(&["job", "history", "--since", "yesterday-ish"]).assert(64);
    let csv = home.run(&["job", "list", "-o", "csv"]).assert(0).stdout;
    assert!(csv.starts_with("run,job,outcome,started_at,ended_at,counts,error,pid,host,holder\n2,state-"), "{csv}");
}

/// The configured retention and backup folder are obeyed.
#[test]
fn maintenance_obeys_the_configuration() {
    let home = Home::new();
    let backups = home.0.path().join("backups");
    fs::create_dir(&backups).unwrap();
    let config = home.folder().join("config.yaml");
    let text = fs::read_to_string(&config).unwrap();
    let section =
        format!("\nstate:\n  retention:\n    job_runs: 1h\n  backup:\n    dir: {}\n    keep: 1\n", backups.display());
    fs::write(&config, text + &section).unwrap();
    let old = rusqlite::Connection::open(home.state()).unwrap();
    for _ in 0..3 {
        old.execute(
            "INSERT INTO job_runs (job, started_at, ended_at, outcome, pid, host) VALUES ('bid-run', 1, 2, 'done', 1, 'h')",
            [],
        )
        .unwrap();
    }
    drop(old);
    fs::write(backups.join("state-20200101T000000Z.db"), "").unwrap();

    let plan = home.run(&["state", "maintain", "--dry-run"]).assert(0).stdout;
    assert!(
        plan.starts_with(
            "prune\tplanned\tremove 2 rows\naudit\tplanned\tremove 0 rows, verify the rest\nback_up\tplanned"
        ),
        "{plan}"
    );
    assert!(
        plan.contains("\twrite ~/backups/state-") && plan.contains(".db and remove 1 older\ncheck\tplanned\t"),
        "{plan}"
    );
    assert_eq!(home.run(&["job", "list"]).assert(0).stdout.lines().count(), 1, "a rehearsal leaves no row");
    let prune = home.run(&["state", "prune", "--dry-run", "-o", "json"]).assert(0).stdout;
    assert!(prune.contains("\"rows\":2,\"removed\":false"), "{prune}");

    let done = home.run(&["state", "maintain"]).assert(0).stdout;
    assert!(done.starts_with("prune\tdone\tremoved 2 rows\naudit\tdone\tremoved 0 rows; "), "{done}");
    assert!(done.contains("\nback_up\tdone\twrote ~/backups/state-2"), "{done}");
    let left: Vec<_> = fs::read_dir(&backups).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(left.len(), 1, "{left:?}");
    home.run(&["state", "check", "--state", left[0].to_str().unwrap()]).assert(0);
    // Without --output a backup goes to the same folder.
    std::thread::sleep(Duration::from_millis(1100));
    home.run(&["state", "backup"]).assert(0);
    assert_eq!(fs::read_dir(&backups).unwrap().count(), 2);
    let prune = home.run(&["state", "prune"]).assert(0).stdout;
    assert!(prune.contains("\t0\ttrue\n") && !prune.contains("\t1\ttrue\n"), "{prune}");

    fs::remove_dir_all(&backups).unwrap();
    let done = home.run(&["state", "maintain"]).assert(1).stdout;
    assert!(done.contains("back_up\tfailed\tthere is no folder ~/backups\ncheck\tdone\t"), "{done}");
}

#[test]
fn backup_and_restore() {
    let home = Home::new();
    home.run(&["state", "maintain"]).assert(0);
    let backup = home.0.path().join("backup.db");
    let backup = backup.to_str().unwrap();
    let planned = home.run(&["state", "backup", "--output", backup, "--dry-run"]).assert(0).stdout;
    assert!(planned.contains("written  false"), "{planned}");
    assert!(!Path::new(backup).exists());
    let written = home.run(&["state", "backup", "--output", backup, "--format", "json"]).assert(0).stdout;
    let written: serde_json::Value = serde_json::from_str(&written).unwrap();
    assert_eq!((&written["path"], &written["written"]), (&"~/backup.db".into(), &true.into()));
    home.run(&["state", "backup", "--output", backup]).refuses("exists already");
    home.run(&["state", "backup", "--output", backup, "--force"]).assert(0);
    let state = home.state();
    home.run(&["state", "backup", "--output", state.to_str().unwrap(), "--force"]).refuses("is the state file itself");
    home.run(&["state", "backup", "--output", "/nowhere/backup.db"]).refuses("there is no folder /nowhere");
    let said = home.run(&["state", "backup"]).assert(64);
    assert!(said.stderr.contains("name a file with --output"), "{said:?}");

    home.run(&["state", "maintain"]).assert(0);
    assert_eq!(home.run(&["job", "history"]).assert(0).stdout.lines().count(), 2);
    let planned = home.run(&["state", "restore", backup, "--dry-run"]).assert(0).stdout;
    assert!(planned.contains("restored  false"), "{planned}");
    assert_eq!(home.run(&["job", "history"]).assert(0).stdout.lines().count(), 2);
    let restored = home.run(&["state", "restore", backup]).assert(0).stdout;
    assert!(restored.contains("replaced  ~/.provider-daemon/state.db.replaced-"), "{restored}");
    assert_eq!(home.run(&["job", "history"]).assert(0).stdout.lines().count(), 1);
    fs::write(backup, "my notes").unwrap();
    home.run(&["state", "restore", backup]).refuses("~/backup.db is not a state file");
    home.run(&["state", "restore", backup, "--dry-run"]).refuses("~/backup.db is not a state file");
    home.run(&["state", "check"]).assert(0);
    let vacuumed = home.run(&["state", "vacuum", "-o", "json"]).assert(0).stdout;
    assert!(vacuumed.contains("\"vacuumed\":true"), "{vacuumed}");
}

#[test]
fn damage_is_73_with_a_hint() {
    let home = Home::new();
    let findings = |home: &Home| home.run(&["state", "check", "-o", "json"]).assert(73).stdout;
    rusqlite::Connection::open(home.state()).unwrap().execute("CREATE TABLE stray (a ANY) STRICT", []).unwrap();
    let json = findings(&home);
    assert_eq!(
        json,
        "[{\"check\":\"schema\",\"object\":\"table stray\",\"detail\":\"table stray is not of this program\"}]\n"
    );
    let said = home.run(&["state", "maintain"]).assert(73);
    assert!(said.stdout.contains("check\tfailed\ttable stray is not of this program\nvacuum\tskipped\t"), "{said:?}");
    assert!(said.stderr.contains("note: the state file is not sound"), "{said:?}");

    fs::write(home.state(), "garbage ".repeat(1000)).unwrap();
    for command in ["check", "maintain", "vacuum", "prune"] {
        home.run(&["state", command]).refuses("is not a state file");
    }
    home.run(&["job", "list"]).refuses("is not a state file");
    let said = home.run(&["job", "list", "--output", "json"]).assert(73);
    let error: serde_json::Value = serde_json::from_str(&said.stderr).unwrap();
    assert_eq!((&error["exit_code"], &error["fault"]), (&73.into(), &"invalid".into()));
    for command in ["check", "maintain", "vacuum", "prune"] {
        home.run(&["state", command, "--state", "/nowhere/state.db"]).refuses("there is no state file at /nowhere");
    }
    assert!(!Path::new("/nowhere").exists());
}

#[test]
fn a_full_or_read_only_disk_is_73_with_a_hint() {
    if !child::is_root("the binary on full and read-only disks") {
        return;
    }
    let home = Home::new();
    let disk = home.0.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let on_a_disk = |prepare: &str| {
        let script = format!(
            "mount -t tmpfs -o size=1m none disk && {BINARY} state restore backup.db --state disk/state.db >/dev/null \
             && {prepare} && exec {BINARY} state maintain --state disk/state.db"
        );
        let mut command = Command::new("unshare");
        command.args(["--mount", "sh", "-c", &script]).current_dir(home.0.path());
        command.env("HOME", home.0.path()).stdin(Stdio::null());
        Said::of(command.output().unwrap(), home.0.path())
    };
    let backup = home.0.path().join("backup.db");
    home.run(&["state", "backup", "--output", backup.to_str().unwrap()]).assert(0);
    on_a_disk("true").assert(0);
    on_a_disk("! cat /dev/zero 2>/dev/null >disk/filler").refuses("no space is left for ~/disk/state.db");
    on_a_disk("mount -o remount,ro disk").refuses("~/disk/state.db.locks/gate is read-only");
}

#[test]
fn another_users_file_is_73_with_a_hint() {
    if !child::is_root("the binary as another user") {
        return;
    }
    let home = Home::new();
    for folder in [home.0.path().to_owned(), home.folder()] {
        fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    }
    fs::set_permissions(home.folder().join("config.yaml"), std::os::unix::fs::PermissionsExt::from_mode(0o644))
        .unwrap();
    let binary = home.0.path().join("provider");
    fs::copy(BINARY, &binary).unwrap();
    for command in ["check", "maintain", "vacuum"] {
        let mut command_line = Command::new(&binary);
        command_line.args(["state", command]).env_clear().env("HOME", home.0.path()).stdin(Stdio::null());
        command_line.uid(65_534).gid(65_534).current_dir("/");
        Said::of(command_line.output().unwrap(), home.0.path())
            .refuses("this user may not use ~/.provider-daemon/state.db");
    }
}

#[test]
fn a_second_run_is_75_at_once_or_waits() {
    let home = Home::new();
    let hold = || {
        let mut holder = Running::start(child::command("hold", &[home.state().to_str().unwrap(), "state-maintain"]));
        holder.said().unwrap();
        holder
    };
    let mut holder = hold();
    let begun = Instant::now();
    let said = home.run(&["state", "maintain"]).assert(75);
    assert!(begun.elapsed() < Duration::from_secs(5));
    let pid = holder.process.id();
    assert!(said.stderr.contains(&format!("its lock is held by pid {pid} on ")), "{said:?}");
    assert!(said.stderr.contains("hint: "), "{said:?}");
    let list = home.run(&["job", "list"]).assert(0).stdout;
    assert!(list.contains("\trunning\t") && list.contains(&format!("pid {pid} on ")), "{list}");

    let said = home.run(&["state", "maintain", "--wait", "300ms"]).assert(75);
    assert!(said.stderr.contains("gave up after 300ms"), "{said:?}");
    // A restore needs the file for itself, and names the job that has it.
    let backup = home.0.path().join("backup.db");
    let backup = backup.to_str().unwrap();
    home.run(&["state", "backup", "--output", backup]).assert(0);
    let said = home.run(&["state", "restore", backup]).assert(75);
    assert!(said.stderr.contains("is in use by job state-maintain (pid "), "{said:?}");

    // It is waiting when the holder is killed.
    let waiting = home.command(&["state", "maintain", "--wait", "60s"]).stdout(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(200));
    holder.kill();
    assert!(waiting.wait_with_output().unwrap().status.success());
    let history = home.run(&["job", "history"]).assert(0).stdout;
    assert!(history.contains("\tkilled\t"), "{history}");

    // A signal ends the wait.
    let mut holder = hold();
    let mut waiting = home.command(&["state", "maintain", "--wait", "60s"]).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(300));
    rustix::process::kill_process(rustix::process::Pid::from_child(&waiting), rustix::process::Signal::INT).unwrap();
    assert_eq!(waiting.wait().unwrap().code(), Some(75));
    // So does the deadline.
    let said = home.run(&["state", "maintain", "--wait", "60s", "--deadline", "200ms"]).assert(75);
    assert!(said.stderr.contains("stopped on request"), "{said:?}");
    holder.kill();
}
