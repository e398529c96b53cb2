//! Keys through the program itself: what it makes, shows, refuses, survives and never lets out.

mod backups;
mod commands;
mod crashes;
mod disks;
mod external;
mod hardware;
mod kills;
mod ledger;
pub mod ledger_app;
mod life;
mod memory;
mod processes;
mod roles;
mod sealing;
mod secrets;
mod terminal;
mod users;
mod vectors;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const PASSPHRASE: &str = "correct horse battery staple";

/// The mnemonic of the vectors: 23 times `abandon`, and `art`.
fn mnemonic() -> String {
    format!("{}art", "abandon ".repeat(23))
}

/// A home folder with a passphrase file, and a program that sees nothing else and has no terminal.
struct Place {
    home: TempDir,
}

struct Ran {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Place {
    fn new() -> Self {
        let place = Self { home: tempfile::tempdir().unwrap() };
        place.secret_file("passphrase", PASSPHRASE);
        fs::create_dir(place.path(".provider-daemon")).unwrap();
        place.configure("");
        place
    }

    fn configure(&self, text: &str) {
        fs::write(self.path(".provider-daemon/config.yaml"), format!("logging: {{ level: error }}\n{text}")).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn key_file(&self, name: &str) -> PathBuf {
        self.path(&format!(".provider-daemon/keyring/{name}.key"))
    }

    /// A file that only its owner may read.
    fn secret_file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        path
    }

    /// The program, in a session without a terminal.
    fn command(&self, arguments: &[&str]) -> Command {
        self.within(&["setsid", "-w"], arguments)
    }

    fn within(&self, program: &[&str], arguments: &[&str]) -> Command {
        let mut command = Command::new(program[0]);
        command.args(&program[1..]).arg(env!("CARGO_BIN_EXE_provider")).args(arguments);
        command.env_clear().env("HOME", self.home.path()).env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        command.current_dir(self.home.path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.command(arguments).output().unwrap())
    }

    /// Runs `keys …` with the passphrase file, and gives its JSON back.
    fn keys(&self, arguments: &[&str]) -> Value {
        let more = ["--passphrase-file", "passphrase", "-o", "json"];
        let all: Vec<&str> = ["keys"].iter().chain(arguments).chain(&more).copied().collect();
        self.run(&all).json()
    }

    /// Takes a key to the end of its life, by the shortest way that its policy allows. No node says whether its account is
    /// empty.
    fn end(&self, name: &str) {
        for step in ["suspend", "archive"] {
            self.run(&["keys", step, name]).succeeded();
        }
        let destroy = ["keys", "destroy", name, "--yes", "--early", "--force"];
        self.run(&destroy).failed(77, &["waits for an approval"]);
        self.run(&["keys", "approve", name]).succeeded();
        self.run(&destroy).succeeded();
    }

    /// The same for a key that is made without showing its mnemonic.
    fn add(&self, name: &str) -> Value {
        self.keys(&["add", name, "--type", "secp256k1", "--no-mnemonic"])
    }
}

impl Ran {
    fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    fn succeeded(self) -> Self {
        assert_eq!(self.code, 0, "{}{}", self.stdout, self.stderr);
        self
    }

    fn json(self) -> Value {
        let ran = self.succeeded();
        serde_json::from_str(&ran.stdout).unwrap()
    }

    /// It failed with this code, said this much, and printed nothing.
    fn failed(self, code: i32, said: &[&str]) {
        assert_eq!((self.code, self.stdout.as_str()), (code, ""), "{}", self.stderr);
        for text in said {
            assert!(self.stderr.contains(text), "{text}\n{}", self.stderr);
        }
    }
}

/// The names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).map(|entries| entries.map(|entry| entry.unwrap()).collect()).unwrap_or(vec![]);
    let mut names: Vec<String> = entries.iter().map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Whether the test may become other users and mount file systems; says so if it may not.
fn is_root(test: &str) -> bool {
    let root = rustix::process::geteuid().is_root();
    if !root {
        eprintln!("could not run: {test} needs root");
    }
    root
}
