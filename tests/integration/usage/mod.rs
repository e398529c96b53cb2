//! Usage through the program itself: by hand, reviewed, exported, verified.

mod alerts;
mod by_hand;
mod export;
mod kills;
mod ledger;
mod market;
mod options;
mod prometheus;
mod restored;
mod story;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

pub const LEASE: &str = "ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw/28/1/2/ve18u2t7lt8zchhhc2tj3yq6yqq56j68mja3xe3gg";

/// A home folder with a configuration and a usage key, and a program that sees nothing else.
pub struct Place {
    home: TempDir,
}

pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Place {
    pub fn new(configuration: &str) -> Self {
        let place = Self { home: tempfile::tempdir().unwrap() };
        fs::write(place.path("passphrase"), "correct horse battery staple").unwrap();
        fs::set_permissions(place.path("passphrase"), Permissions::from_mode(0o600)).unwrap();
        fs::create_dir(place.path(".provider-daemon")).unwrap();
        place.configure(configuration);
        place.run(&["keys", "add", "provider-usage", "--type", "ed25519", "--passphrase-file", "passphrase"]).done();
        place
    }

    pub fn configure(&self, text: &str) {
        fs::write(self.path(".provider-daemon/config.yaml"), format!("logging: {{ level: error }}\n{text}")).unwrap();
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub fn state(&self) -> PathBuf {
        self.path(".provider-daemon/state.db")
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_provider"));
        command.args(arguments).env_clear().env("HOME", self.home.path()).env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        Ran::of(command.current_dir(self.home.path()).output().unwrap())
    }

    /// Writes down what was used in an hour of 2026-01-30.
    pub fn record(&self, hour: u32, more: &[&str]) -> Ran {
        let (start, end) = (format!("2026-01-30T{hour:02}:00:00Z"), format!("2026-01-30T{:02}:00:00Z", hour + 1));
        let mut all = vec!["usage", "record", "--lease-id", LEASE, "--start", &start, "--end", &end];
        all.extend(["--passphrase-file", "passphrase", "-o", "json"]);
        all.extend(more);
        self.run(&all)
    }
}

impl Ran {
    fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    pub fn done(self) -> Self {
        assert_eq!(self.code, 0, "{}{}", self.stdout, self.stderr);
        self
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}{}", self.stdout, self.stderr))
    }

    /// It failed with this code and said this much.
    pub fn failed(self, code: i32, said: &[&str]) {
        assert_eq!(self.code, code, "{}{}", self.stdout, self.stderr);
        for text in said {
            assert!(self.stderr.contains(text), "{text}\n{}", self.stderr);
        }
    }
}
