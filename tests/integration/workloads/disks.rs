//! A state file on a disk that is full: what could not be written down is not done, and what was begun is ended by the next
//! run that has room.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use super::house::House;

/// A small file system in a mount namespace of its own; its files are seen below `/proc`.
struct Disk {
    holder: Child,
    folder: PathBuf,
}

impl Disk {
    fn new(folder: &Path) -> Option<Self> {
        if !rustix::process::geteuid().is_root() {
            eprintln!("could not run: a full disk needs root");
            return None;
        }
        let script = "mount -t tmpfs -o size=8m none \"$1\" && echo mounted && exec sleep 3600";
        let mut holder = Command::new("unshare")
            .args(["--mount", "sh", "-c", script, "sh"])
            .arg(folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(holder.stdout.as_mut().unwrap()), &mut said).unwrap();
        assert_eq!(said, "mounted\n");
        Some(Self { holder, folder: folder.to_owned() })
    }

    /// A command that sees the disk.
    fn run(&self, command: &Command) -> Output {
        let mut inside = Command::new("nsenter");
        inside.args(["--mount", "--target", &self.holder.id().to_string(), "--"]);
        inside.arg(command.get_program()).args(command.get_args()).env_clear();
        inside.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        inside.output().unwrap()
    }

    fn file(&self, name: &str) -> PathBuf {
        let folder = self.folder.strip_prefix("/").unwrap();
        Path::new("/proc").join(self.holder.id().to_string()).join("root").join(folder).join(name)
    }

    /// Fills the disk but for some bytes.
    fn fill(&self, left: u64) {
        let mut file = File::create(self.file("filler")).unwrap();
        while file.write_all(&[0; 4096]).is_ok() {}
        let length = file.metadata().unwrap().len();
        file.set_len(length.saturating_sub(left)).unwrap();
    }

    fn clear(&self) {
        fs::remove_file(self.file("filler")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}

/// So much room, in bytes: from none at all to more than a run writes, so that another write is the first that fails.
const ROOMS: [u64; 9] = [0, 8 << 10, 16 << 10, 28 << 10, 40 << 10, 60 << 10, 90 << 10, 150 << 10, 400 << 10];

#[test]
fn a_full_disk_costs_no_workload_and_starts_none_twice() {
    let (place, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let Some(disk) = Disk::new(place.path()) else { return };
    let house = House::new("disk", &format!("runtime: process, data_dir: {}", data.path().display()), "");
    let state = place.path().join("state.db").display().to_string();
    let run = |arguments: &[&str]| disk.run(&house.command(&[arguments, &["--state-file", &state]].concat()));
    let said = |output: &Output| {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        format!("{} {}{}", output.status, text(&output.stdout), text(&output.stderr))
    };
    let ok = |arguments: &[&str]| {
        let output = run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    // What does not fit fails, and says what to do; whatever it is that fails.
    let fails_well = |arguments: &[&str]| {
        let output = run(arguments);
        let said = said(&output);
        let well = matches!(output.status.code(), Some(0 | 1 | 69 | 73));
        assert!(well && (output.status.success() || said.contains("free some space")), "{arguments:?}: {said}");
        output.status.success()
    };
    let state_of = |id: &str| {
        let shown: serde_json::Value = serde_json::from_str(&ok(&["workloads", "show", id, "-o", "json"])).unwrap();
        shown["state"].as_str().unwrap().to_owned()
    };
    let units = |id: &str| {
        let folder = data.path().join(&house.site).join(id).join("work/web-0/started");
        fs::read_to_string(folder).map_or(0, |text| text.lines().count())
    };
    ok(&["workloads", "list"]);
    let mut failures = [0; 3];
    for (number, room) in ROOMS.into_iter().enumerate() {
        let (name, id) = (format!("n{number}"), format!("o-n{number}"));
        let manifest = format!(
            "version: v1\nname: {name}\nservices:\n  web:\n    image: none\n    command: [/bin/sh, -c, 'echo once >> started; \
             while :; do sleep 1; done']\n    resources: {{ cpu: {{ units: 100m }}, memory: {{ size: 64Mi }}, storage: {{ size: 8Mi }} }}\n"
        );
        let file = house.file(&format!("{name}.yaml"), &manifest);
        let deploy = ["workloads", "deploy", "--manifest", &file];
        disk.fill(room);
        failures[0] += usize::from(!fails_well(&deploy));
        assert_eq!(units(&id), 0, "{room}");
        disk.clear();
        ok(&deploy);
        disk.fill(room);
        failures[1] += usize::from(!fails_well(&["workloads", "reconcile"]));
        disk.clear();
        let begun = std::time::Instant::now();
        while state_of(&id) != "running" {
            assert!(begun.elapsed() < std::time::Duration::from_mins(1), "{room}: {}", state_of(&id));
            run(&["workloads", "reconcile"]);
        }
        assert_eq!(units(&id), 1, "{room}: it was started once");
        disk.fill(room);
        failures[2] += usize::from(!fails_well(&["workloads", "terminate", &id, "--now"]));
        disk.clear();
        let begun = std::time::Instant::now();
        while state_of(&id) != "terminated" {
            assert!(begun.elapsed() < std::time::Duration::from_mins(1), "{room}: {}", state_of(&id));
            run(&["workloads", "terminate", &id, "--now"]);
        }
        assert!(!data.path().join(&house.site).join(&id).exists(), "{room}");
        let samples: serde_json::Value =
            serde_json::from_str(&ok(&["workloads", "metrics", &id, "-o", "json"])).unwrap();
        assert_eq!(samples.as_array().map(Vec::len), Some(1), "{room}: its final usage is kept: {samples}");
    }
    assert!(failures.iter().all(|failed| (1..ROOMS.len()).contains(failed)), "{failures:?}: rooms are too large or small");
    ok(&["state", "check"]);
}
