//! `provider audit-log` and `provider logs`, as a person at a prompt uses them.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use rusqlite::Connection;
use serde_json::Value;
use tempfile::TempDir;

/// A provider that writes a log file and an audit file.
struct Home(TempDir);

struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Home {
    fn new() -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        assert_eq!(home.run(&["init"]).code, Some(0));
        home.configure("info");
        home
    }

    fn configure(&self, level: &str) {
        let logging = format!(
            "logging:\n  level: {level}\n  format: json\n  output: {}\n  audit:\n    output: {}\n",
            self.path("log/daemon.log").display(),
            self.path("log/audit.log").display()
        );
        let text = fs::read_to_string(self.path(".provider-daemon/config.yaml")).unwrap();
        let text = text.split("\nlogging:").next().unwrap().to_owned();
        fs::write(self.path(".provider-daemon/config.yaml"), format!("{text}\n{logging}")).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_provider"));
        command.args(arguments).env_clear().env("HOME", self.0.path()).env("PATH", "/usr/bin:/bin");
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    fn json(&self, arguments: &[&str]) -> (Option<i32>, Value) {
        let ran = self.run(&[arguments, &["-o", "json"]].concat());
        let value = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}", ran.stderr));
        (ran.code, value)
    }

    fn tamper(&self, sql: &str) {
        let state = Connection::open(self.path(".provider-daemon/state.db")).unwrap();
        state.execute_batch("PRAGMA ignore_check_constraints = ON").unwrap();
        state.execute_batch("DROP TRIGGER audit_never_changes; DROP TRIGGER audit_is_kept_until_pruned").unwrap();
        state.execute_batch(sql).unwrap();
    }

    /// Three runs with another configuration each: three events.
    fn three_events(&self) {
        for level in ["info", "warn", "debug"] {
            self.configure(level);
            assert_eq!(self.run(&["state", "maintain"]).code, Some(0));
        }
    }
}

#[test]
fn changes_of_the_configuration_are_listed() {
    let home = Home::new();
    home.three_events();
    let (code, rows) = home.json(&["audit-log"]);
    assert_eq!(code, Some(0));
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.iter().map(|row| row["seq"].as_i64().unwrap()).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(rows.iter().all(|row| row["event"] == "config_changed" && row["outcome"] == "succeeded"));
    assert_eq!((&rows[1]["job"], &rows[1]["run"]), (&Value::from("state-maintain"), &Value::from(2)));
    let change = &rows[1]["details"]["changed"]["logging.level"];
    assert_eq!((&change["from"], &change["to"]), (&Value::from("info"), &Value::from("warn")));

    // One record a line when piped, as the manual greps it.
    let listed = home.run(&["audit-log", "--since", "48 hours ago", "--limit", "2"]);
    assert_eq!(listed.stdout.lines().count(), 2, "{}", listed.stdout);
    assert!(listed.stderr.contains("only the last 2 rows are shown"), "{}", listed.stderr);
    let who = rows[1]["user"].as_str().map_or_else(|| format!("uid {}", rows[1]["uid"]), str::to_owned);
    assert_eq!(rows[1]["uid"], rustix::process::geteuid().as_raw());
    let line = format!("\tconfig_changed\tsucceeded\t{who}, state-maintain 2\t");
    assert!(listed.stdout.contains(&line), "{}", listed.stdout);
    assert_eq!(home.run(&["audit-log", "--limit", "4000000000"]).code, Some(64));
    assert_eq!(home.run(&["audit-log", "--event", "key_usage"]).stdout, "");
    assert_eq!(home.run(&["audit-log", "--event", "bids"]).code, Some(64));
    assert_eq!(home.run(&["audit-log", "--since", "soon"]).code, Some(64));
    let csv = home.run(&["audit-log", "-o", "csv"]).stdout;
    assert!(csv.starts_with("seq,time,event,outcome,uid,user,job,run,subject,details,hash\n1,2"), "{csv}");
}

#[test]
fn a_rewritten_backup_is_not_restored_unless_it_is_forced() {
    let home = Home::new();
    home.three_events();
    let backup = home.path("backup.db");
    let backup = backup.to_str().unwrap();
    assert_eq!(home.run(&["state", "backup", "--output", backup]).code, Some(0));
    let forged = Connection::open(backup).unwrap();
    // Whoever forges it puts the seat belt back on.
    let trigger = "SELECT sql FROM sqlite_master WHERE name = 'audit_never_changes'";
    let trigger: String = forged.query_row(trigger, [], |row| row.get(0)).unwrap();
    forged.execute_batch("DROP TRIGGER audit_never_changes; UPDATE audit SET subject = 'x' WHERE seq = 2").unwrap();
    forged.execute_batch(&trigger).unwrap();
    drop(forged);
    let refused = home.run(&["state", "restore", backup]);
    assert_eq!(refused.code, Some(65), "{}", refused.stderr);
    assert!(refused.stderr.contains("row 2 was edited"), "{}", refused.stderr);
    let (_, rows) = home.json(&["audit-log", "--event", "state_restored"]);
    assert_eq!(rows[0]["outcome"], "failed");
    assert_eq!(home.run(&["state", "restore", "/nowhere"]).code, Some(73));
    let (_, rows) = home.json(&["audit-log", "--event", "state_restored"]);
    assert_eq!(rows.as_array().unwrap().len(), 2, "every failure is recorded");
    assert_eq!(home.json(&["audit-log", "verify"]).0, Some(0));
    let forced = home.run(&["state", "restore", backup, "--force"]);
    assert!(matches!(forced.code, Some(0 | 1)), "{}", forced.stderr);
    let (code, found) = home.json(&["audit-log", "verify"]);
    assert_eq!((code, &found["findings"][0]["finding"]), (Some(65), &Value::from("edited")));
}

#[test]
fn a_sound_trail_is_said_to_be_sound() {
    let home = Home::new();
    home.three_events();
    let (code, found) = home.json(&["audit-log", "verify"]);
    assert_eq!(code, Some(0));
    assert_eq!((&found["sound"], &found["rows"], &found["sealed_row"]), (&true.into(), &3.into(), &3.into()));
    assert_eq!((&found["unsealed_rows"], &found["audit_file_rows"]), (&0.into(), &3.into()));
    let text = home.run(&["audit-log", "verify"]).stdout;
    assert!(text.contains("sealed             up to row 3, at 2"), "{text}");
    // Each seal is a line of the log, too: a journal elsewhere holds what this machine may forge.
    let log = fs::read_to_string(home.path("log/daemon.log")).unwrap();
    assert!(log.contains("audit trail sealed"), "{log}");
}

#[test]
fn the_first_bad_row_is_named_and_the_exit_code_is_65() {
    for (sql, finding, row) in [
        ("UPDATE audit SET details = '{}' WHERE seq = 2", "edited", 2),
        ("DELETE FROM audit WHERE seq = 1", "removed", 1),
        ("DELETE FROM audit WHERE seq = 3", "cut", 3),
        (
            "UPDATE audit SET seq = -1 WHERE seq = 1; UPDATE audit SET seq = 1 WHERE seq = 2;
             UPDATE audit SET seq = 2 WHERE seq = -1",
            "reordered",
            1,
        ),
    ] {
        let home = Home::new();
        home.three_events();
        home.tamper(sql);
        let (code, found) = home.json(&["audit-log", "verify"]);
        assert_eq!(code, Some(65), "{sql}");
        assert_eq!(found["findings"][0]["finding"], finding, "{sql}");
        assert_eq!(found["findings"][0]["row"], row, "{sql}");
        let ran = home.run(&["audit-log", "verify"]);
        assert!(ran.stdout.contains(&format!("finding            row {row} was ")), "{}", ran.stdout);
        assert!(ran.stderr.contains("keep a copy"), "{}", ran.stderr);
        // The maintenance job notices by itself.
        let ran = home.run(&["state", "maintain"]);
        assert_ne!(ran.code, Some(0));
        assert!(ran.stdout.contains("`provider audit-log verify` shows all"), "{}", ran.stdout);
    }
}

#[test]
fn seals_that_are_gone_are_named() {
    let home = Home::new();
    home.three_events();
    fs::remove_file(home.path(".provider-daemon/state.db.audit-seals")).unwrap();
    let (code, found) = home.json(&["audit-log", "verify"]);
    assert_eq!((code, &found["findings"][0]["finding"]), (Some(65), &"seals_missing".into()));
    assert_eq!(found["sealed_row"], 3, "the audit file holds copies of them");
}

#[test]
fn a_restore_is_recorded_and_verifies() {
    let home = Home::new();
    home.three_events();
    let backup = home.path("backup.db");
    assert_eq!(home.run(&["state", "backup", "--output", backup.to_str().unwrap()]).code, Some(0));
    home.configure("trace");
    assert_eq!(home.run(&["state", "maintain"]).code, Some(0));
    let ran = home.run(&["state", "restore", backup.to_str().unwrap()]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let (code, found) = home.json(&["audit-log", "verify"]);
    assert_eq!(code, Some(0), "{found}");
    assert_eq!((&found["restores"][0]["row"], &found["restores"][0]["sealed_before"]), (&3.into(), &4.into()));
    let (_, rows) = home.json(&["audit-log", "--event", "state_restored"]);
    assert_eq!(rows[0]["details"]["replaced"]["seq"], 4);
    assert_eq!(rows[0]["subject"], format!("backup {}", backup.display()));
}

#[test]
fn pruning_leaves_a_trail_that_verifies() {
    let home = Home::new();
    home.three_events();
    let config = home.path(".provider-daemon/config.yaml");
    let text = fs::read_to_string(&config).unwrap() + "\nstate:\n  retention:\n    audit: 1d\n";
    fs::write(&config, text).unwrap();
    let pruned = home.run(&["state", "prune", "-o", "json"]);
    let rows: Value = serde_json::from_str(&pruned.stdout).unwrap();
    let audit = rows.as_array().unwrap().iter().find(|row| row["table"] == "audit").unwrap();
    assert_eq!(audit["rows"], 0, "too young");
    assert_eq!(home.run(&["audit-log", "verify"]).code, Some(0));
}

#[test]
fn the_log_file_is_read_from_its_end() {
    let home = Home::new();
    let none = home.run(&["logs"]);
    assert_eq!(none.code, Some(65));
    assert!(none.stderr.contains("cannot open the log file") && none.stderr.contains("hint: "), "{}", none.stderr);

    let log = home.path("log/daemon.log");
    fs::create_dir_all(log.parent().unwrap()).unwrap();
    let mut text = String::new();
    for second in 0..50 {
        let level = if second % 10 == 0 { "ERROR" } else { "INFO " };
        text += &format!("2026-01-31T12:00:{second:02}.000000Z {level} provider::jobs[bid-run 3]: line {second}\n");
    }
    text += "{\"time\":\"2026-01-31T12:01:00Z\",\"level\":\"warn\",\"message\":\"in\\u001b[2J colour\"}\nKilled\n";
    fs::write(&log, text).unwrap();
    let ran = home.run(&["logs", "--tail", "3", "--level", "error"]);
    assert_eq!(ran.code, Some(0));
    assert_eq!(
        ran.stdout,
        "2026-01-31T12:00:20.000Z\terror\tbid-run 3\tprovider::jobs\tline 20\n\
         2026-01-31T12:00:30.000Z\terror\tbid-run 3\tprovider::jobs\tline 30\n\
         2026-01-31T12:00:40.000Z\terror\tbid-run 3\tprovider::jobs\tline 40\n"
    );
    let ran = home.run(&["logs", "--tail", "1"]);
    assert!(ran.stdout.contains("in\\u{1b}[2J colour") && !ran.stdout.contains('\u{1b}'), "{:?}", ran.stdout);
    assert!(ran.stderr.contains("1 lines are no log entries"), "{}", ran.stderr);
    let since = home.run(&["logs", "--since", "2026-01-31T12:00:48Z"]).stdout;
    assert_eq!(since.lines().count(), 3, "{since}");
    let (_, entries) = home.json(&["logs", "--tail", "2"]);
    assert_eq!((&entries[0]["run"], &entries[1]["level"]), (&3.into(), &"warn".into()));
    assert_eq!(home.run(&["logs", "--level", "loud"]).code, Some(64));
    // The entries are held in memory.
    assert_eq!(home.run(&["logs", "--tail", "100000"]).code, Some(0));
    for tail in ["0", "100001", "4000000000"] {
        let ran = home.run(&["logs", "--tail", tail]);
        assert!(ran.code == Some(64) && ran.stderr.contains("is not in 1..=100000"), "{tail}: {}", ran.stderr);
    }
}

#[test]
fn without_a_log_file_it_points_to_the_journal() {
    let home = Home::new();
    let config = home.path(".provider-daemon/config.yaml");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, text.split("\nlogging:").next().unwrap()).unwrap();
    let ran = home.run(&["logs"]);
    assert_eq!(ran.code, Some(78));
    assert!(ran.stderr.contains("journalctl"), "{}", ran.stderr);
}

/// What the log file holds.
fn log_of(home: &Home) -> Vec<Value> {
    let text = fs::read_to_string(home.path("log/daemon.log")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_log_tells_what_a_job_did() {
    let home = Home::new();
    assert_eq!(home.run(&["state", "maintain"]).code, Some(0));
    let lines = log_of(&home);
    let of =
        |message: &str| lines.iter().find(|line| line["message"] == message).unwrap_or_else(|| panic!("{lines:?}"));
    for message in ["began", "ended", "audit trail sealed"] {
        assert_eq!((&of(message)["job"], &of(message)["run"]), (&"state-maintain".into(), &1.into()), "{message}");
    }
    assert_eq!((&of("ended")["level"], &of("ended")["fields"]["outcome"]), (&"info".into(), &"done".into()));
    assert!(of("ended")["fields"]["counts"].as_str().unwrap().contains("rows_pruned 0"), "{lines:?}");

    home.three_events();
    home.tamper("UPDATE audit SET details = '{}' WHERE seq = 2");
    let ran = home.run(&["state", "maintain"]);
    let lines = log_of(&home);
    let found = lines.iter().find(|line| line["fields"]["finding"] == "edited").unwrap_or_else(|| panic!("{lines:?}"));
    assert_eq!((&found["level"], &found["job"]), (&"error".into(), &"state-maintain".into()));
    assert!(ran.stderr.contains("row 2 was"), "{}", ran.stderr);
    assert_eq!(lines.last().unwrap()["fields"]["outcome"], "partly_failed", "{lines:?}");
}

#[test]
fn the_log_tells_why_a_command_failed() {
    let home = Home::new();
    let ran = home.run(&["state", "restore", "/nowhere/backup.db"]);
    assert_ne!(ran.code, Some(0));
    let lines = log_of(&home);
    let last = lines.last().unwrap();
    let message = last["message"].as_str().unwrap();
    assert_eq!((&last["level"], &last["fields"]["exit_code"]), (&"error".into(), &ran.code.into()));
    assert!(ran.stderr.contains(&format!("error: {message}\n")), "{}", ran.stderr);
    assert_eq!(ran.stderr.matches(message).count(), 1, "stderr is told once: {}", ran.stderr);
}

#[test]
fn a_lost_log_is_said_unless_only_errors_are_wanted() {
    let home = Home::new();
    fs::write(home.path("log"), "no folder").unwrap();
    let ran = home.run(&["state", "maintain"]);
    assert_eq!((ran.code, ran.stderr.matches("cannot open the log file").count()), (Some(1), 1), "{}", ran.stderr);
    let ran = home.run(&["state", "maintain", "-q"]);
    assert!(!ran.stderr.contains("the log file"), "{}", ran.stderr);
    // Where the log on stderr holds errors only, a remark says it.
    home.configure("error");
    home.tamper("UPDATE audit SET details = '{}' WHERE seq = 1");
    let ran = home.run(&["state", "maintain"]);
    assert_eq!(ran.stderr.matches("note: cannot open the log file").count(), 1, "{}", ran.stderr);
}
