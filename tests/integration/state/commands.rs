//! `provider state` and `provider job`, as a person or a timer sees them: stdout, stderr, exit code.

use std::fs;
use std::os::unix::fs::PermissionsExt;
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
    home.run(&["state", "check", "--state-file", left[0].to_str().unwrap()]).assert(0);
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
    assert!(planned.contains("bytes    -\n") && planned.contains("written  false"), "{planned}");
    let csv = home.run(&["state", "backup", "--output", backup, "--dry-run", "--format", "csv"]).assert(0).stdout;
    assert!(csv.contains("\nbytes,\nschema,\nwritten,false\n"), "{csv}");
    let csv = home.run(&["config", "show", "state.path", "-o", "csv"]).assert(0).stdout;
    assert_eq!(csv, "key,value,origin\nstate.path,,default\n");
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
    // The two runs after the backup are gone; the restore is in what it restored.
    let history = home.run(&["job", "history"]).assert(0).stdout;
    assert_eq!(history.lines().count(), 2, "{history}");
    assert!(history.starts_with("2\tstate-restore\tdone\t"), "{history}");
    let said = home.run(&["state", "restore", "/nope"]).assert(73);
    assert!(said.stderr.contains("error: there is no backup at /nope\nhint: name a file that `provider"), "{said:?}");
    assert!(!said.stderr.contains("init"), "{said:?}");
    fs::write(backup, "my notes").unwrap();
    home.run(&["state", "restore", backup]).refuses("~/backup.db is not a state file");
    home.run(&["state", "restore", backup, "--dry-run"]).refuses("~/backup.db is not a state file");
    home.run(&["state", "check"]).assert(0);
    let vacuumed = home.run(&["state", "vacuum", "-o", "json"]).assert(0).stdout;
    assert!(vacuumed.contains("\"vacuumed\":true"), "{vacuumed}");
}

/// What changes the state file leaves a row, what only reads it does not.
#[test]
fn commands_that_change_the_state_file_are_jobs() {
    let home = Home::new();
    let backup = home.0.path().join("backup.db");
    let backup = backup.to_str().unwrap();
    let runs = |home: &Home| {
        let listed = home.run(&["job", "history", "-o", "json"]).assert(0).stdout;
        let runs: Vec<serde_json::Value> = serde_json::from_str(&listed).unwrap();
        let word = |run: &serde_json::Value, field: &str| run[field].as_str().unwrap().to_owned();
        runs.iter().map(|run| (word(run, "job"), word(run, "outcome"))).collect::<Vec<_>>()
    };
    for command in [&["state", "prune", "--dry-run"][..], &["state", "vacuum", "--dry-run"], &["state", "check"]] {
        home.run(command).assert(0);
    }
    home.run(&["state", "backup", "--output", backup]).assert(0);
    home.run(&["state", "restore", backup, "--dry-run"]).assert(0);
    assert_eq!(runs(&home), []);
    let row = |job: &str, outcome: &str| (job.to_owned(), outcome.to_owned());
    home.run(&["state", "prune"]).assert(0);
    home.run(&["state", "vacuum"]).assert(0);
    assert_eq!(runs(&home), [row("state-vacuum", "done"), row("state-prune", "done")]);
    home.run(&["state", "restore", backup]).assert(0);
    assert_eq!(runs(&home), [row("state-restore", "done")], "in the restored file");
    home.run(&["audit-log", "verify"]).assert(0);
    // One at a time, as every job.
    let mut holder = Running::start(child::command("hold", &[home.state().to_str().unwrap(), "state-vacuum"]));
    holder.said().unwrap();
    let said = home.run(&["state", "vacuum"]).assert(75);
    assert!(said.stderr.contains("job state-vacuum runs already"), "{said:?}");
    holder.kill();
}

#[test]
fn what_stopped_a_job_is_said() {
    let home = Home::new();
    let said = home.run(&["state", "maintain", "--deadline", "0s"]).assert(75);
    assert_eq!(said.stdout, "prune\tinterrupted\tstopped by the deadline\n");
    let said = home.run(&["state", "prune", "--deadline", "0s"]).assert(75);
    assert!(said.stderr.contains("note: stopped by the deadline; the rest goes next time"), "{said:?}");
    let backup = home.0.path().join("backup.db");
    let said = home.run(&["state", "backup", "--deadline", "0s", "--output", backup.to_str().unwrap()]).assert(75);
    assert!(said.stderr.contains("caused by: stopped by the deadline\n"), "{said:?}");
    assert!(!backup.exists());
    for (signal, name) in [(rustix::process::Signal::INT, "SIGINT"), (rustix::process::Signal::TERM, "SIGTERM")] {
        let mut holder = Running::start(child::command("hold", &[home.state().to_str().unwrap(), "state-maintain"]));
        holder.said().unwrap();
        let mut waiting = home.command(&["state", "maintain", "--wait", "60s"]);
        let waiting = waiting.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(500));
        rustix::process::kill_process(rustix::process::Pid::from_child(&waiting), signal).unwrap();
        let said = Said::of(waiting.wait_with_output().unwrap(), home.0.path()).assert(75);
        assert!(said.stderr.contains(&format!("caused by: stopped by {name}\n")), "{said:?}");
        holder.kill();
    }
}

/// A configuration that lives elsewhere: any job makes its state file, except where the path may be mistyped.
#[test]
fn a_job_makes_the_state_file_where_the_configuration_puts_it() {
    let home = Home(TempDir::new().unwrap());
    let (etc, var) = (home.0.path().join("etc"), home.0.path().join("var"));
    fs::create_dir(&etc).unwrap();
    let config = etc.join("config.yaml");
    let state = var.join("state.db");
    let text = include_str!("../../../config/minimal.yaml");
    fs::write(&config, format!("{text}\nstate:\n  path: {}\n", state.display())).unwrap();
    let config = config.to_str().unwrap();
    // Looking makes nothing, nor does a job whose folder (or disk) is not there.
    home.run(&["--config", config, "job", "list"]).refuses("there is no state file at ~/var/state.db");
    home.run(&["--config", config, "state", "maintain"]).refuses("there is no folder ~/var");
    fs::create_dir(&var).unwrap();
    home.run(&["--config", config, "state", "maintain", "--dry-run"]).refuses("there is no state file at ~/var");
    let mistyped = var.join("stat.db");
    for command in ["maintain", "vacuum", "prune"] {
        home.run(&["--config", config, "--state-file", mistyped.to_str().unwrap(), "state", command])
            .refuses("there is no state file at ~/var/stat.db");
    }
    assert_eq!(fs::read_dir(&var).unwrap().count(), 0);

    let said = home.run(&["--config", config, "state", "maintain"]).assert(0);
    assert!(said.stderr.contains("created the state file") && said.stderr.contains("~/var/state.db"), "{said:?}");
    assert_eq!(fs::metadata(&state).unwrap().permissions().mode() & 0o7777, 0o600);
    let said = home.run(&["--config", config, "state", "maintain"]).assert(0);
    assert!(!said.stderr.contains("created"), "{said:?}");
    assert_eq!(home.run(&["--config", config, "job", "list"]).assert(0).stdout.lines().count(), 1);
    // Without any configuration nothing is made either.
    let nobody = Home(TempDir::new().unwrap());
    let said = nobody.run(&["state", "maintain"]);
    assert!(matches!(said.code, Some(73 | 78)), "{said:?}");
    assert_eq!(fs::read_dir(nobody.0.path()).unwrap().count(), 0);
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
        home.run(&["state", command, "--state-file", "/nowhere/state.db"])
            .refuses("there is no state file at /nowhere");
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
            "mount -t tmpfs -o size=1m none disk && {BINARY} state restore backup.db --state-file disk/state.db >/dev/null \
             && {prepare} && exec {BINARY} state maintain --state-file disk/state.db"
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
        fs::set_permissions(folder, PermissionsExt::from_mode(0o755)).unwrap();
    }
    fs::set_permissions(home.folder().join("config.yaml"), PermissionsExt::from_mode(0o644)).unwrap();
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

    // Killed, both listings say so before anybody records it.
    holder.kill();
    for listing in [&["job", "list"][..], &["job", "history"]] {
        let said = home.run(listing).assert(0).stdout;
        assert!(said.contains("\tstate-maintain\tkilled\t") && !said.contains("running"), "{listing:?}: {said}");
    }

    // It is waiting when the holder is killed.
    let mut holder = hold();
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
    assert!(said.stderr.contains("\ncaused by: stopped by the deadline\n"), "{said:?}");
    holder.kill();
}
