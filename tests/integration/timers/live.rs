//! Real timers: `systemd --user` in a PID and mount namespace of its own, with the units that `provider timers install`
//! writes. Nothing outside sees it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use assert_cmd::cargo::cargo_bin;

/// What happens inside: a manager is started, SCRIPT runs, and all processes end with the namespace.
const INSIDE: &str = r#"
set -eu
# Credentials are mounted by a child of the manager: its mounts must reach us. The namespace is private to the outside.
mount --make-rshared /
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system "$XDG_RUNTIME_DIR"
/usr/lib/systemd/systemd --user >"$HOME/manager.log" 2>&1 &
for _ in $(seq 100); do systemctl --user is-system-running >/dev/null 2>&1 && break; sleep 0.1; done
wait_for() { # seconds, command ...
  local end=$(($(date +%s) + $1)); shift
  until "$@" >/dev/null 2>&1; do [ "$(date +%s)" -lt "$end" ] || { echo "never: $*"; exit 1; }; sleep 0.1; done
}
runs() { provider job history --output json | jq "[.[] | select(.job == \"$1\" and .outcome == \"$2\")] | length"; }
at_least() { [ "$(runs "$1" "$2")" -ge "$3" ]; }
"#;

/// Runs a script beside a manager, and gives back what it said; nothing where that cannot be done here.
fn inside(home: &Path, script: &str) -> Option<String> {
    let able = Path::new("/usr/lib/systemd/systemd").exists()
        && Command::new("jq").arg("--version").output().is_ok()
        && Command::new("unshare")
            .args(["-m", "-p", "-f", "--mount-proc", "mount", "-t", "tmpfs", "tmpfs", "/run"])
            .output()
            .is_ok_and(|output| output.status.success());
    if !able {
        eprintln!("could not run: systemd in a namespace of its own needs root, unshare, systemd and jq");
        return None;
    }
    let file = home.join("script");
    fs::write(&file, format!("{INSIDE}\n{script}")).unwrap();
    let binary = cargo_bin("provider");
    let output = Command::new("timeout")
        .args(["--kill-after=5", "240", "unshare", "-m", "-p", "-f", "--kill-child", "--mount-proc", "bash"])
        .arg(&file)
        .env_clear()
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", "/run/user/4711")
        .env("PATH", format!("{}:/usr/bin:/bin", binary.parent().unwrap().display()))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    let manager = fs::read_to_string(home.join("manager.log")).unwrap_or_default();
    assert!(output.status.success(), "{said}\n{manager}");
    Some(said)
}

/// A provider whose hook writes down what failed.
fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".provider-daemon");
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
    let hook = folder.join("hook");
    fs::write(&hook, "#!/bin/sh\necho \"$1\" >> \"$(dirname \"$0\")/failed\"\n").unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    fs::write(folder.join("passphrase"), "correct horse battery\n").unwrap();
    fs::set_permissions(folder.join("passphrase"), fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(folder.join("config.yaml"), format!("timers: {{ on_failure: {} }}\n", hook.display())).unwrap();
    home
}

#[test]
fn a_timer_runs_its_job_again_and_again_and_survives_what_happens_to_it() {
    let home = home();
    // The job that exists in every build, in the rhythm of the others: what systemd does with it is the same.
    let script = r#"
provider timers install --user >/dev/null
units=$HOME/.config/systemd/user
mkdir -p $units/provider-state-maintain.timer.d $units/provider-state-maintain.service.d
cat >$units/provider-state-maintain.timer.d/fast.conf <<END
[Timer]
OnCalendar=
Persistent=no
OnActiveSec=100ms
OnUnitInactiveSec=300ms
RandomizedDelaySec=0
AccuracySec=10ms
END
systemctl --user daemon-reload
systemctl --user enable --quiet --now provider-state-maintain.timer
wait_for 30 at_least state-maintain done 3
provider timers status --user --output json | jq -e '.[] | select(.job == "state-maintain")
  | .timer == "active" and .enabled and .last_outcome != null and .last_run_at != null' >/dev/null

echo killed:
hang() { printf '[Service]\nExecStart=\nExecStart=%s\nTimeoutStartSec=2s\nTimeoutStopSec=1s\n' "$1" \
  >$units/provider-state-maintain.service.d/hang.conf; systemctl --user daemon-reload; }
hang "/bin/sh -c 'kill -9 \$\$'"
wait_for 20 grep -q provider-state-maintain.service $HOME/.provider-daemon/failed
systemctl --user show -p Result provider-state-maintain.service

echo hung:
rm $HOME/.provider-daemon/failed
hang "/bin/sh -c 'trap : TERM; while :; do sleep 1; done'"
wait_for 20 systemctl --user --quiet is-active provider-state-maintain.timer
wait_for 30 grep -q provider-state-maintain.service $HOME/.provider-daemon/failed
systemctl --user show -p Result provider-state-maintain.service | grep -x Result=timeout

echo failed:
rm $HOME/.provider-daemon/failed
hang "$(command -v provider) keys show nobody"
wait_for 20 grep -q provider-state-maintain.service $HOME/.provider-daemon/failed
systemctl --user show -p Result provider-state-maintain.service | grep -x Result=exit-code

echo busy is no failure:
wait_for 20 systemctl --user --quiet is-active provider-state-maintain.timer
hang "/bin/sh -c 'exit 75'"
sleep 1
rm -f $HOME/.provider-daemon/failed
sleep 1
[ ! -e $HOME/.provider-daemon/failed ]

echo well again:
rm $units/provider-state-maintain.service.d/hang.conf
systemctl --user daemon-reload
before=$(runs state-maintain done)
wait_for 20 at_least state-maintain done $((before + 3))
provider state check >/dev/null
provider timers uninstall --user
systemctl --user is-active provider-state-maintain.timer || true
ls $units
"#;
    let Some(said) = inside(home.path(), script) else { return };
    assert!(said.contains("well again:") && said.contains("provider.target\tremoved"), "{said}");
    let (_, after) = said.split_once("well again:").unwrap();
    assert!(after.contains("inactive"), "{after}");
    assert!(!home.path().join(".config/systemd/user/provider.target").exists());
}

#[test]
fn the_whole_target_starts_with_each_job_given_its_passphrase_and_hardening() {
    let home = home();
    let script = r#"
provider timers install --user >/dev/null
units=$HOME/.config/systemd/user
mkdir -p $units/provider-tx-flush.service.d
# What the job of the unit sees of the world, in its own sandbox.
printf '[Service]\nExecStart=\nExecStart=/bin/sh -c "cat $$CREDENTIALS_DIRECTORY/provider-passphrase; umask; \
grep -E ^NoNewPrivs /proc/self/status; grep -E ^Seccomp: /proc/self/status; ulimit -c"\nStandardOutput=file:%s\n' \
  $HOME/seen >$units/provider-tx-flush.service.d/look.conf
systemctl --user daemon-reload
systemctl --user start provider-tx-flush.service
cat $HOME/seen
systemctl --user enable --quiet provider.target
systemctl --user start provider.target
provider timers enable --user --dry-run
systemctl --user list-unit-files 'provider*' --no-legend | sort
"#;
    let Some(said) = inside(home.path(), script) else { return };
    assert!(said.starts_with("correct horse battery\n0077\nNoNewPrivs:\t1\nSeccomp:\t2\n0\n"), "{said}");
    for unit in ["provider-serve.service", "provider-serve.socket"] {
        assert!(said.lines().any(|line| line.contains(unit)), "{unit}: {said}");
    }
    for job in provider::domain::schedule::JOBS {
        let timer = provider::domain::schedule::timer_name(job.0.job.as_str());
        assert!(said.lines().any(|line| line.starts_with(&timer) && line.contains("enabled")), "{timer}: {said}");
    }
}

#[test]
fn the_server_answers_through_systemds_sockets_whatever_happens_to_it() {
    let home = home();
    let port = || std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (api, metrics) = (port(), port());
    let configuration = home.path().join(".provider-daemon/config.yaml");
    let text = fs::read_to_string(&configuration).unwrap();
    let addresses = format!("server: {{ address: '127.0.0.1:{api}' }}\nmetrics: {{ listen: '127.0.0.1:{metrics}' }}\n");
    fs::write(&configuration, text + &addresses).unwrap();
    let script = r#"
provider state maintain
provider tls generate --hostname localhost >/dev/null
provider timers install --user >/dev/null
systemctl --user daemon-reload
systemctl --user start provider-serve.socket provider-serve.service
systemctl --user show -p ActiveState -p NotifyAccess provider-serve.service
ready() { curl -sk --max-time 10 https://127.0.0.1:API/ready | grep -q '"ready":true'; }
ready
curl -s http://127.0.0.1:METRICS/metrics | grep provider_daemon_up
main() { systemctl --user show -P MainPID provider-serve.service; }
echo killed:
before=$(main)
kill -9 $before
# Nobody is refused meanwhile: the socket is systemd's.
ready
[ "$(main)" != "$before" ]
echo hung:
before=$(main)
mkdir -p ~/.config/systemd/user/provider-serve.service.d
printf '[Service]\nWatchdogSec=1s\nWatchdogSignal=SIGKILL\n' >~/.config/systemd/user/provider-serve.service.d/fast.conf
systemctl --user daemon-reload
systemctl --user restart provider-serve.service
before=$(main)
kill -STOP $before
anew() { [ "$(main)" != "$before" ] && [ "$(main)" != 0 ]; }
wait_for 30 anew
ready
echo stopped:
systemctl --user stop provider-serve.socket provider-serve.service
systemctl --user show -P Result provider-serve.service
"#;
    let script = script.replace("METRICS/", &format!("{metrics}/")).replace("API/", &format!("{api}/"));
    let Some(said) = inside(home.path(), &script) else { return };
    assert!(said.contains("ActiveState=active") && said.contains("\nprovider_daemon_up 0\n"), "{said}");
    assert!(said.ends_with("stopped:\nsuccess\n"), "{said}");
}
