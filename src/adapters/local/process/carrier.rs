//! What carries a supervisor, so that it outlives the job that started it.

use std::io;
use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;

use super::Options;
use super::plan::Plan;
use crate::domain::workload::WorkloadId;

/// What carries supervisors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// Transient units of the system's systemd.
    System,
    /// Transient units of the user's systemd.
    User,
    /// Nobody: each is a session of its own.
    Own,
}

/// Memory of a supervisor itself, in bytes.
const OVERHEAD: u64 = 64 << 20;
/// Processes and threads of a whole workload, at most.
const TASKS: &str = "TasksMax=16384";

impl Carrier {
    /// What there is on this machine: systemd where it runs and lets us, else nobody.
    pub fn find(runtime_folder: Option<&Path>) -> Self {
        let root = rustix::process::geteuid().is_root();
        // The socket, not the folder that says "booted with systemd": in a container of its own there may be no manager.
        if root && Path::new("/run/systemd/private").exists() {
            return Self::System;
        }
        if runtime_folder.is_some_and(|folder| folder.join("systemd/private").exists()) {
            return Self::User;
        }
        Self::Own
    }

    /// The name of a workload's transient unit.
    pub fn unit(options: &Options, id: &WorkloadId) -> String {
        format!("{}-{id}.service", options.place())
    }

    /// Starts a supervisor and comes back at once.
    pub(super) async fn start(self, options: &Options, id: &WorkloadId, plan: &Plan, folder: &Path) -> io::Result<()> {
        let scope = match self {
            Self::Own => return own(options, folder),
            Self::System => "--system",
            Self::User => "--user",
        };
        let unit = Self::unit(options, id);
        let memory = plan.units.iter().fold(OVERHEAD, |sum, unit| sum.saturating_add(unit.memory));
        let cpu = plan.units.iter().fold(0, |sum: u64, unit| sum.saturating_add(unit.cpu)).div_ceil(10).max(1);
        // A unit of this name that failed is forgotten first; there may be none.
        let _ = systemctl(scope, &["reset-failed", &unit]).await;
        let mut command = Command::new("systemd-run");
        command.args([scope, "--quiet", "--collect", "--unit"]).arg(&unit);
        for property in [
            "Type=exec".to_owned(),
            // The supervisor ends the units; what is left after it is killed.
            "KillMode=mixed".to_owned(),
            "NoNewPrivileges=yes".to_owned(),
            "Delegate=yes".to_owned(),
            TASKS.to_owned(),
            format!("MemoryMax={memory}"),
            format!("CPUQuota={cpu}%"),
            format!("Description=workload {id} of {}", options.site.as_str()),
        ] {
            command.arg("--property").arg(property);
        }
        command.arg("--").arg(&options.program).arg("process-supervisor").arg(folder);
        run(command).await
    }
}

/// A supervisor that leaves our session by itself. Its output goes nowhere: it has the workload's folder.
fn own(options: &Options, folder: &Path) -> io::Result<()> {
    let mut command = std::process::Command::new(&options.program);
    command.arg("process-supervisor").arg(folder).env_clear().current_dir("/");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn()?;
    // Somebody must take its end; a job is gone by then, and a longer program must not keep a corpse.
    std::thread::spawn(move || child.wait());
    Ok(())
}

async fn systemctl(scope: &str, arguments: &[&str]) -> io::Result<()> {
    let mut command = Command::new("systemctl");
    command.arg(scope).args(arguments);
    run(command).await
}

async fn run(mut command: Command) -> io::Result<()> {
    let output = command.stdin(Stdio::null()).kill_on_drop(true).output().await?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let program = command.as_std().get_program().to_string_lossy().into_owned();
    Err(io::Error::other(format!("{program}: {}", said.trim().replace('\n', "; "))))
}
