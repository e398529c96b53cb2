//! A chain and its commands, from a shell.

use std::process::{Command, Output};

use serde_json::Value;
use tempfile::{TempDir, tempdir};

/// A folder with a chain in it, which ends with the test.
pub struct Chain {
    pub home: TempDir,
}

impl Chain {
    pub fn start(arguments: &[&str]) -> Self {
        let chain = Self { home: tempdir().unwrap() };
        let address = ["--grpc-addr", "127.0.0.1:0", "--rpc-addr", "127.0.0.1:0", "--background"];
        let said = chain.run(&[&["start"], &address[..], arguments].concat());
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        chain
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_provider"));
        command.arg("devnet").args(arguments).arg("--home").arg(self.home.path());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    pub fn json(&self, arguments: &[&str]) -> Value {
        let said = self.run(&[arguments, &["-o", "json"]].concat());
        assert!(said.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&said.stderr));
        serde_json::from_slice(&said.stdout).unwrap()
    }

    pub fn height(&self) -> i64 {
        self.json(&["status"])["height"].as_i64().unwrap()
    }
}

impl Drop for Chain {
    fn drop(&mut self) {
        let _ = self.command(&["stop"]).output();
    }
}
