//! Supervisors as transient units of a real systemd, a user's, in a PID namespace of its own.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use super::house::{FOREVER, House};

/// What runs inside: a systemd, then the script's own commands.
const INSIDE: &str = r#"
set -eu
mount -t tmpfs tmpfs /run
mkdir -p /run/user/0 /run/systemd/system
chmod 700 /run/user/0
export XDG_RUNTIME_DIR=/run/user/0
for systemd in /lib/systemd/systemd /usr/lib/systemd/systemd; do [ -x $systemd ] && break; done
$systemd --user >/dev/null 2>&1 &
for _ in $(seq 100); do [ -S /run/user/0/systemd/private ] && [ -S /run/user/0/bus ] && break; sleep 0.1; done
[ -S /run/user/0/bus ] || exit 100
systemctl --user list-units >/dev/null 2>&1 || exit 100
p() { "$PROVIDER" "$@" --config "$CONFIG"; }
p workloads deploy --manifest "$MANIFEST" --now
for _ in $(seq 50); do p workloads reconcile; p workloads list --state running | grep -q o-web && break; sleep 0.1; done
unit=$(systemctl --user list-units --no-legend --plain "$SITE-*" | cut -d' ' -f1)
systemctl --user show "$unit" -p ActiveState -p MemoryMax -p KillMode -p TasksMax
p workloads status o-web
p workloads logs o-web --tail 1
p workloads pause o-web --now
p workloads resume o-web --now
# The unit is ended by somebody: its units end with it, and the next run heals.
systemctl --user stop "$unit"
p workloads reconcile || true
for _ in $(seq 50); do p workloads reconcile; p workloads list --state running | grep -q o-web && break; sleep 0.1; done
systemctl --user show "$unit" -p ActiveState
p workloads terminate o-web --now
for _ in $(seq 50); do [ "$(systemctl --user list-units --no-legend "$SITE-*" | wc -l)" = 0 ] && break; sleep 0.1; done
echo "units left: $(systemctl --user list-units --no-legend "$SITE-*" | wc -l)"
"#;

#[test]
fn supervisors_are_transient_units_where_systemd_runs() {
    let house = House::new("sd", "runtime: process", "workloads: { auto_heal: { restart_delay: 0 } }\n");
    let manifest = house.file("web.yaml", FOREVER);
    let script = house.file("inside.sh", INSIDE);
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o700)).unwrap();
    let mut command = Command::new("unshare");
    command.args(["-m", "-p", "-f", "--mount-proc", "--kill-child", "sh", &script]);
    command.env("PROVIDER", env!("CARGO_BIN_EXE_provider")).env("CONFIG", house.config());
    command.env("MANIFEST", manifest).env("SITE", &house.site).env("HOME", house.folder.path());
    let output = match command.output() {
        Ok(output) if output.status.code() != Some(100) && output.status.code() != Some(1) => output,
        Ok(output) if output.status.code() == Some(1) && !output.stdout.is_empty() => output,
        _ => {
            eprintln!("could not run: no systemd of a user can be started here (it takes root and systemd)");
            return;
        }
    };
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    for expected in [
        "KillMode=mixed",
        "ActiveState=active",
        // The unit's own limit and room for the supervisor: 64 MiB each.
        "MemoryMax=134217728",
        "TasksMax=16384",
        "ready hello",
        "units left: 0",
    ] {
        assert!(out.contains(expected), "{expected} is missing in {out}\n{err}");
    }
    let history = house.history("o-web");
    assert_eq!(
        history,
        [
            "pending",
            "deploying",
            "running",
            "paused",
            "running",
            "failed",
            "deploying",
            "running",
            "stopping",
            "stopped",
            "terminated"
        ]
    );
}
