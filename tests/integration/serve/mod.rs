//! `provider serve` and `provider api-token`, seen from the network.

mod access;
mod gateway;
mod health;
mod life;
mod limits;
mod tls;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

/// Long enough for a busy machine, short enough to fail.
const PATIENCE: Duration = Duration::from_mins(1);

/// A home folder with a configuration and a state file.
pub struct Place {
    pub home: TempDir,
}

/// A server that runs.
pub struct Server {
    pub child: Child,
    pub api: SocketAddr,
    pub metrics: Option<SocketAddr>,
    pub log: mpsc::Receiver<String>,
}

/// Plain HTTP on ports of the system's choice.
pub const PLAIN: &str =
    "server: { address: '127.0.0.1:0', tls: { enabled: false } }\nmetrics: { address: '127.0.0.1:0' }\n";

impl Place {
    /// With this configuration, and an empty state file.
    pub fn new(configuration: &str) -> Self {
        let place = Self { home: tempfile::tempdir().unwrap() };
        fs::create_dir(place.path(".provider-daemon")).unwrap();
        place.configure(configuration);
        place.run(&["state", "maintain"]);
        place
    }

    pub fn configure(&self, configuration: &str) {
        fs::write(self.path(".provider-daemon/config.yaml"), configuration).unwrap();
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub fn state(&self) -> PathBuf {
        self.path(".provider-daemon/state.db")
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_provider"));
        command.args(arguments).env_clear().env("HOME", self.home.path()).env("PATH", "/usr/bin:/bin");
        command.current_dir(self.home.path());
        command
    }

    /// Runs a command that must end well; its stdout.
    pub fn run(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// A token.
    pub fn token(&self, name: &str, scope: &str) -> String {
        self.run(&["api-token", "create", name, "--scope", scope]).trim().to_owned()
    }

    /// Starts the server, and waits until it listens on as many addresses.
    pub fn serve(&self, addresses: usize) -> Server {
        Self::serve_by(self.command(&["serve", "--log-format", "json", "-vv"]), addresses)
    }

    pub fn serve_by(mut command: Command, addresses: usize) -> Server {
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (say, log) = mpsc::channel();
        std::thread::spawn(move || stderr.lines().map_while(Result::ok).for_each(|line| drop(say.send(line))));
        let mut server = Server { child, api: "0.0.0.0:0".parse().unwrap(), metrics: None, log };
        for _ in 0..addresses {
            let line = server.wait_for("listening");
            let address = line["fields"]["address"].as_str().unwrap().parse().unwrap();
            match line["fields"]["name"].as_str().unwrap() {
                "api" => server.api = address,
                _ => server.metrics = Some(address),
            }
        }
        server
    }
}

impl Server {
    /// Waits for a line of the log that says this.
    pub fn wait_for(&self, message: &str) -> Value {
        let mut seen = Vec::new();
        loop {
            let Ok(line) = self.log.recv_timeout(PATIENCE) else { panic!("`{message}` was never said: {seen:#?}") };
            if let Ok(value) = serde_json::from_str::<Value>(&line)
                && value["message"].as_str().is_some_and(|said| said.contains(message))
            {
                return value;
            }
            seen.push(line);
        }
    }

    pub fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(self.child.id().try_into().unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// Ends it, and waits for that. Its exit code.
    pub fn stop(&mut self) -> Option<i32> {
        self.signal(Signal::TERM);
        self.child.wait().unwrap().code()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.api)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A client of plain HTTP, or of TLS with any certificate.
pub fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().tls_danger_accept_invalid_certs(true).timeout(PATIENCE).build().unwrap()
}

/// Asks, and reads the answer as JSON.
pub async fn ask(client: &reqwest::Client, url: &str) -> (u16, Value) {
    let answer = client.get(url).send().await.unwrap();
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}
