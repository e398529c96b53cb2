//! Units as `provider timers install` writes them, under systemd's own eyes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use assert_cmd::cargo::cargo_bin;
use tempfile::TempDir;

/// A folder with a configuration.
fn provider() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("config.yaml"), "timers: { tx_flush: 45s }\n").unwrap();
    folder
}

fn run(home: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(cargo_bin("provider"))
        .env_clear()
        .env("HOME", home)
        .env("PATH", "/usr/bin:/bin")
        .arg("--config")
        .arg(home.join("config.yaml"))
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// The units of either systemd in a folder of their own.
fn installed(home: &Path, user: bool) -> PathBuf {
    let folder = home.join(if user { "user" } else { "system" });
    let mut arguments = vec!["timers", "install", "--dir", folder.to_str().unwrap()];
    if user {
        arguments.push("--user");
    }
    let (code, said, error) = run(home, &arguments);
    assert_eq!(code, 0, "{error}");
    assert_eq!(said.lines().count(), 20, "{said}");
    folder
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Whether systemd can look at units here.
fn has_systemd() -> bool {
    let has = Command::new("systemd-analyze").arg("--version").output().is_ok_and(|output| output.status.success());
    if !has {
        eprintln!("could not run: systemd-analyze is not installed");
    }
    has
}

#[test]
fn systemd_finds_nothing_wrong_with_them() {
    if !has_systemd() {
        return;
    }
    let home = provider();
    for user in [false, true] {
        let folder = installed(home.path(), user);
        let whose = if user { "--user" } else { "--system" };
        let files = files(&folder);
        let verified = Command::new("systemd-analyze")
            .env("XDG_RUNTIME_DIR", home.path())
            .args([whose, "--man=no", "verify"])
            .args(&files)
            .output()
            .unwrap();
        // It ends well beside unknown keys, too.
        let said = String::from_utf8_lossy(&verified.stderr);
        assert!(verified.status.success() && said.is_empty(), "{whose}: {said}");
    }
}

#[test]
fn services_of_the_machine_are_exposed_below_two() {
    if !has_systemd() {
        return;
    }
    let home = provider();
    let folder = installed(home.path(), false);
    let services: Vec<PathBuf> =
        files(&folder).into_iter().filter(|path| path.extension().is_some_and(|kind| kind == "service")).collect();
    assert_eq!(services.len(), 10);
    for service in services {
        let asked = Command::new("systemd-analyze")
            .args(["security", "--offline=true", "--threshold=19", "--no-pager"])
            .arg(&service)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&asked.stdout);
        let level = said.lines().find(|line| line.contains("Overall exposure level")).unwrap_or_default();
        assert!(asked.status.success() && !level.is_empty(), "{}: {level}", service.display());
    }
}

#[test]
fn intervals_and_paths_follow_the_configuration() {
    let home = provider();
    let folder = installed(home.path(), false);
    let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    assert!(text("provider-tx-flush.timer").contains("OnUnitInactiveSec=45s\n"));
    let service = text("provider-tx-flush.service");
    let config = home.path().join("config.yaml");
    assert!(service.contains(&format!("--config {} tx flush\n", config.display())), "{service}");
    assert!(service.contains(&format!("ReadWritePaths=-{}\n", home.path().display())), "{service}");

    let written = "bidding: { order_poll_interval: 7s }\ntimers: { follow: false, usage_collect: 11s, keys_rotate: '01:02', state_maintain: '03:04', passphrase_file: /p/w }\n\
                   leases: { monitor_interval: 12s }\nworkloads: { health_check: { interval: 13s } }\nusage: { report_interval: 14m }\n\
                   server: { address: '127.0.0.1:1443' }\nmetrics: { address: '127.0.0.1:1091' }\n";
    fs::write(&config, written).unwrap();
    let folder = installed(home.path(), false);
    let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    for (file, line) in [
        ("provider-bid-run.timer", "OnUnitInactiveSec=7s"),
        ("provider-workloads-reconcile.timer", "OnUnitInactiveSec=13s"),
        ("provider-usage-collect.timer", "OnUnitInactiveSec=11s"),
        ("provider-usage-submit.timer", "OnUnitInactiveSec=840s"),
        ("provider-lease-monitor.timer", "OnUnitInactiveSec=12s"),
        ("provider-keys-rotate.timer", "OnCalendar=*-*-* 01:02:00"),
        ("provider-state-maintain.timer", "OnCalendar=*-*-* 03:04:00"),
        ("provider-tx-flush.service", "LoadCredential=provider-passphrase:/p/w"),
        ("provider-serve.socket", "ListenStream=127.0.0.1:1443"),
        ("provider-serve.socket", "ListenStream=127.0.0.1:1091"),
    ] {
        assert!(text(file).lines().any(|found| found == line), "{file} lacks {line}:\n{}", text(file));
    }
    fs::write(&config, "bidding: { follow_for: 20m }\n").unwrap();
    let folder = installed(home.path(), false);
    let service = fs::read_to_string(folder.join("provider-bid-run.service")).unwrap();
    assert!(service.contains("bid run --follow\nSuccessExitStatus=75\nTimeoutStartSec=1320s\n"), "{service}");
}

#[test]
fn nobody_elses_units_are_touched() {
    let home = provider();
    let folder = installed(home.path(), true);
    let timer = folder.join("provider-tx-flush.timer");
    fs::write(&timer, "[Timer]\nOnActiveSec=1\n").unwrap();
    let (code, _, said) = run(home.path(), &["timers", "install", "--user", "--dir", folder.to_str().unwrap()]);
    assert_eq!(code, 65, "{said}");
    assert!(said.contains("was not written by `provider timers install`"), "{said}");
    let (code, removed, _) = run(home.path(), &["timers", "uninstall", "--user", "--dir", folder.to_str().unwrap()]);
    assert_eq!((code, removed.lines().count()), (0, 19), "{removed}");
    assert_eq!(files(&folder), [timer]);
}

#[test]
fn without_systemd_the_table_still_says_what_to_run_how_often() {
    let home = provider();
    let output = Command::new(cargo_bin("provider"))
        .env_clear()
        .env("HOME", home.path())
        .env("PATH", "/nonexistent")
        .args(["--config", home.path().join("config.yaml").to_str().unwrap(), "timers", "status", "--output", "json"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    let rows: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let row = rows.as_array().unwrap().iter().find(|row| row["job"] == "tx-flush").unwrap();
    assert_eq!((&row["command"], &row["rhythm"]), (&"tx flush".into(), &"every 45s".into()));
    assert_eq!(row["timer"], "unknown");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("systemd could not be asked: cannot run systemctl"), "{said}");
}

#[test]
fn the_hook_calls_the_operators_program() {
    let home = provider();
    let hook = home.path().join("hook");
    let seen = home.path().join("seen");
    fs::write(&hook, format!("#!/bin/sh\nprintf %s \"$1\" > {}\n", seen.display())).unwrap();
    fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    fs::write(home.path().join("config.yaml"), format!("timers: {{ on_failure: {} }}\n", hook.display())).unwrap();
    let (code, _, said) = run(home.path(), &["timers", "failed", "provider-tx-flush.service"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("a unit failed") && said.contains("provider-tx-flush.service"), "{said}");
    assert_eq!(fs::read_to_string(&seen).unwrap(), "provider-tx-flush.service");
    for hostile in ["--user", "a b", "$(reboot)", "a/b", ""] {
        assert_eq!(run(home.path(), &["timers", "failed", "--", hostile]).0, 64, "{hostile}");
    }
}
