//! A provider as an operator has one: a folder with a configuration and a state file, and the program.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

pub struct House {
    pub folder: TempDir,
    pub site: String,
    pub environment: Vec<(String, String)>,
}

impl House {
    /// A house that runs processes, in groups of its own.
    pub fn of_processes(tag: &str) -> Self {
        Self::new(tag, "runtime: process", "")
    }

    /// A house with these options of `orchestration.local`, and more sections.
    pub fn new(tag: &str, local: &str, more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let site = format!("h{}-{tag}", std::process::id());
        let house = Self { folder, site, environment: vec![] };
        let text = format!(
            "state: {{ path: {} }}\nkeys: {{ keyring_path: {} }}\norchestration:\n  adapter: local\n  local: {{ site: {}, {local} }}\n{more}",
            house.state().display(),
            house.folder.path().join("keyring").display(),
            house.site
        );
        std::fs::write(house.config(), text).unwrap();
        house
    }

    pub fn config(&self) -> PathBuf {
        self.folder.path().join("config.yaml")
    }

    pub fn state(&self) -> PathBuf {
        self.folder.path().join("state.db")
    }

    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_provider"));
        command.args(arguments).arg("--config").arg(self.config());
        command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin").env("HOME", self.folder.path());
        command.envs(self.environment.iter().map(|(name, value)| (name, value))).current_dir("/");
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command that must end well; what it prints.
    pub fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{arguments:?}: {}\n{out}\n{err}", output.status);
        out.into_owned()
    }

    /// Runs a command that must end well; its rows or record.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let text = self.ok(&[arguments, &["--output", "json"]].concat());
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {text}"))
    }

    pub fn reconcile(&self) -> Value {
        self.json(&["workloads", "reconcile"])
    }

    /// The steps of a run: `deploy done`.
    pub fn steps(&self) -> Vec<String> {
        let rows = self.reconcile();
        let rows = rows.as_array().unwrap().iter().filter(|row| row["outcome"] != "held");
        rows.map(|row| format!("{} {}", row["step"].as_str().unwrap(), row["outcome"].as_str().unwrap())).collect()
    }

    pub fn show(&self, workload: &str) -> Value {
        self.json(&["workloads", "show", workload])
    }

    pub fn state_of(&self, workload: &str) -> String {
        self.show(workload)["state"].as_str().unwrap().to_owned()
    }

    /// Reconciles until a workload is in a state.
    pub fn until(&self, workload: &str, state: &str) {
        let begun = Instant::now();
        while self.state_of(workload) != state {
            assert!(begun.elapsed() < Duration::from_secs(30), "{workload} is {}", self.show(workload));
            self.run(&["workloads", "reconcile"]);
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The states that a workload went through.
    pub fn history(&self, workload: &str) -> Vec<String> {
        let rows = self.json(&["workloads", "events", workload]);
        let rows = rows.as_array().unwrap().iter().filter(|row| row["kind"] == "state");
        rows.map(|row| row["what"].as_str().unwrap().rsplit(' ').next().unwrap().to_owned()).collect()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        kill_supervisors_below(&self.folder.path().join("workloads").join(&self.site), &self.site);
    }
}

/// Nothing of a test that failed runs on.
pub fn kill_supervisors_below(root: &Path, site: &str) {
    for entry in std::fs::read_dir(root).into_iter().flatten().flatten() {
        kill_supervisor_of(&entry.path());
    }
    for controller in ["", "cpu", "cpuacct", "memory", "pids", "freezer"] {
        remove_groups_of(&Path::new("/sys/fs/cgroup").join(controller), site);
    }
}

/// Ends the supervisor of a workload's folder, found by its arguments; its units die with it.
fn kill_supervisor_of(folder: &Path) {
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        if line.contains(&format!("process-supervisor {}", folder.display())) {
            let pid =
                entry.file_name().to_str().and_then(|name| name.parse().ok()).and_then(rustix::process::Pid::from_raw);
            let _ = pid.map(|pid| rustix::process::kill_process(pid, rustix::process::Signal::KILL));
        }
    }
}

/// The groups of a site: their names begin with it.
pub fn remove_groups_of(root: &Path, site: &str) {
    for entry in std::fs::read_dir(root).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(&format!("{site}-")) {
            remove_groups(&entry.path());
        }
    }
}

fn remove_groups(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            remove_groups(&entry.path());
        }
    }
    let _ = std::fs::remove_dir(folder);
}

/// A manifest of ours: one service that runs for ever.
pub const FOREVER: &str = "version: v1\nname: web\nservices:\n  web:\n    image: none\n    command: [/bin/sh, -c, 'echo ready $GREETING; while :; do sleep 1; done']\n    env: [GREETING=hello]\n    resources: { cpu: { units: 100m }, memory: { size: 64Mi }, storage: { size: 64Mi } }\n";
