//! Where the demonstration is played: a folder, a chain in this process, and this program as its own operator.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::engine::Engine;
use crate::cli::global::Global;
use crate::cli::{Context, Failure, Status, talk};
use crate::devnet::app::engine::Identity;
use crate::devnet::app::genesis::Genesis;
use crate::devnet::context::Profile;
use crate::devnet::server::{Options, Server};
use crate::domain::network::Name;
use crate::observe::interrupt::Interrupt;

/// Time between blocks: short, so that money flows while somebody looks.
const BLOCK_TIME: Duration = Duration::from_millis(250);

/// The id of the chain.
pub(super) const CHAIN_ID: &str = "devnet-demo-1";

/// One command of the demonstration.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Step {
    command: String,
    exit_code: i32,
    milliseconds: u64,
}

/// The stage.
pub(super) struct Stage {
    folder: PathBuf,
    temporary: Option<TempDir>,
    program: PathBuf,
    begun: Instant,
    quiet: bool,
    interrupt: Interrupt,
    steps: Vec<Step>,
    chain: Option<(Runtime, Server)>,
    engine: Option<Engine>,
    /// Workloads may run.
    occupied: bool,
}

/// What a command said.
pub(super) struct Said {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Stage {
    /// An empty stage.
    pub(super) fn set(keep: Option<&Path>, quiet: bool, interrupt: Interrupt) -> Result<Self, Failure> {
        let cannot =
            |error: &io::Error| Failure::new(Status::Data, "cannot make the demonstration's folder").caused_by(error);
        let (folder, temporary) = if let Some(folder) = keep {
            (std::path::absolute(folder).map_err(|error| cannot(&error))?, None)
        } else {
            let made = tempfile::Builder::new().prefix("provider-demo-").tempdir().map_err(|error| cannot(&error))?;
            (made.path().join("provider"), Some(made))
        };
        if folder.join("config.yaml").exists() {
            return Err(Failure::new(Status::Data, format!("{} has a configuration already", folder.display()))
                .hint("the demonstration works in a new folder"));
        }
        let program = std::env::current_exe()
            .map_err(|error| Failure::new(Status::Bug, "the program does not find itself").caused_by(&error))?;
        let begun = Instant::now();
        let (steps, chain, engine) = (Vec::new(), None, None);
        Ok(Self { folder, temporary, program, begun, quiet, interrupt, steps, chain, engine, occupied: false })
    }

    /// How long it took so far.
    pub(super) fn took(&self) -> Duration {
        self.begun.elapsed()
    }

    /// The file or folder of this name.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Says what comes now.
    pub(super) fn say(&self, words: &str) {
        if !self.quiet {
            let now = self.took();
            talk(&format!("{:>3}.{} s  {words}\n", now.as_secs(), now.subsec_millis() / 100));
        }
    }

    /// Writes a file that only we may read.
    pub(super) fn write(&self, name: &str, text: &str) -> Result<(), Failure> {
        let path = self.path(name);
        let made = fs::create_dir_all(path.parent().unwrap_or(&self.folder)).and_then(|()| {
            let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path)?;
            io::Write::write_all(&mut file, text.as_bytes())
        });
        made.map_err(|error| Failure::new(Status::Data, format!("cannot write {}", path.display())).caused_by(&error))
    }

    /// Starts the chain; where its gRPC and its RPC are.
    pub(super) fn start_chain(&mut self) -> Result<(SocketAddr, SocketAddr), Failure> {
        let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let options = Options {
            home: self.path("devnet"),
            identity: Identity {
                network: Name::Virtengine.facts(),
                chain_id: CHAIN_ID.to_owned(),
                profile: Profile::Localnet,
                refuses_provider_messages: false,
            },
            genesis: Genesis::default(),
            block_time: BLOCK_TIME,
            grpc: free,
            rpc: free,
        };
        let runtime = Runtime::new()
            .map_err(|error| Failure::new(Status::Unavailable, "cannot start threads").caused_by(&error))?;
        let server = runtime.block_on(Server::start(options)).map_err(|error| Failure::from_error(&error))?;
        let addresses = (server.grpc, server.rpc);
        self.chain = Some((runtime, server));
        Ok(addresses)
    }

    /// Looks for a container engine that runs this manifest with an image of what is on this machine. That image, if there
    /// is one.
    pub(super) fn find_engine(&mut self, context: &Context, manifest: impl FnOnce(&str) -> String) -> Option<String> {
        let global = Global { config: Some(self.path("config.yaml")), ..Global::default() };
        self.engine = Engine::ready(&Context::new(global, context.environment.clone(), context.program), manifest);
        self.engine.as_ref().map(|engine| engine.image.clone())
    }

    /// As what workloads run.
    pub(super) fn runs_as(&self) -> &'static str {
        match self.engine {
            Some(_) => "containers",
            None => "processes: no container engine serves here, and processes are hardly isolated",
        }
    }

    /// From now on workloads may run, which are to be ended whatever happens.
    pub(super) fn occupy(&mut self) {
        self.occupied = true;
    }

    /// Nothing runs any more.
    pub(super) fn vacate(&mut self) {
        self.occupied = false;
    }

    /// Runs a command that must end well.
    pub(super) fn run(&mut self, words: &[&str]) -> Result<Said, Failure> {
        let said = self.attempt(words)?;
        if said.code == 0 { Ok(said) } else { Err(failed(words, &said)) }
    }

    /// The same, for what it says as JSON.
    pub(super) fn ask(&mut self, words: &[&str]) -> Result<Value, Failure> {
        let said = self.run(&[words, &["--output", "json"]].concat())?;
        parse(words, &said)
    }

    /// Runs a command that may have to be run again.
    pub(super) fn attempt(&mut self, words: &[&str]) -> Result<Said, Failure> {
        if let Some(reason) = self.interrupt.requested() {
            return Err(Failure::new(Status::TryLater, "the demonstration was stopped").stopped_by(Some(reason)));
        }
        let begun = Instant::now();
        let output = self.spawn(words)?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let code = output.status.code().unwrap_or(i32::from(Status::Bug.code()));
        let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let folder = self.folder.display().to_string();
        let command = format!("provider {}", words.join(" ")).replace(&folder, "DIR");
        self.steps.push(Step { command, exit_code: code, milliseconds });
        Ok(Said { code, stdout: text(&output.stdout), stderr: text(&output.stderr) })
    }

    /// This program, with its own configuration, and nothing of what is configured around it.
    fn spawn(&self, words: &[&str]) -> Result<Output, Failure> {
        let mut command = Command::new(&self.program);
        command.args(words).stdin(Stdio::null());
        let configuration = self.path("config.yaml");
        if configuration.exists() {
            command.arg("--config").arg(configuration);
        }
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            // Where the container engine is, is of this machine.
            if name.starts_with("PROVIDER_") && name != "PROVIDER_ORCHESTRATION_LOCAL_SOCKET" {
                command.env_remove(name.as_ref());
            }
        }
        command
            .output()
            .map_err(|error| Failure::new(Status::Bug, "the program does not start itself").caused_by(&error))
    }

    /// Waits a little.
    pub(super) fn wait(&self, span: Duration) -> Result<(), Failure> {
        let begun = Instant::now();
        while begun.elapsed() < span {
            if let Some(reason) = self.interrupt.requested() {
                return Err(Failure::new(Status::TryLater, "the demonstration was stopped").stopped_by(Some(reason)));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Clears the stage: of a temporary folder only the CSV file is left. What was run, and where that file is.
    pub(super) fn strike(mut self) -> Result<(PathBuf, Vec<Step>), Failure> {
        self.end_chain();
        self.engine.take().and_then(Engine::clear);
        let steps = std::mem::take(&mut self.steps);
        let csv = self.path("usage.csv");
        let Some(temporary) = self.temporary.take() else { return Ok((csv, steps)) };
        let kept = temporary.path().join("usage.csv");
        let moved = fs::rename(&csv, &kept).and_then(|()| fs::remove_dir_all(&self.folder));
        moved.map_err(|error| Failure::new(Status::Data, "cannot clear the temporary folder").caused_by(&error))?;
        let _ = temporary.keep();
        Ok((kept, steps))
    }

    fn end_chain(&mut self) {
        if let Some((runtime, server)) = self.chain.take()
            && let Err(error) = runtime.block_on(server.stop())
        {
            tracing::warn!(error = %error, "the development chain did not end well");
        }
    }
}

impl Drop for Stage {
    /// Nothing of a demonstration that failed runs on.
    fn drop(&mut self) {
        if self.occupied {
            let listed = self.spawn(&["workloads", "list", "--output", "json"]);
            let rows: Value =
                listed.ok().and_then(|said| serde_json::from_slice(&said.stdout).ok()).unwrap_or_default();
            for row in rows.as_array().into_iter().flatten() {
                if let Some(id) = row.get("workload").and_then(Value::as_str) {
                    let _ = self.spawn(&["workloads", "terminate", id, "--now"]);
                }
            }
        }
        self.end_chain();
        self.engine.take().and_then(Engine::clear);
    }
}

/// What a command said, as JSON.
pub(super) fn parse(words: &[&str], said: &Said) -> Result<Value, Failure> {
    serde_json::from_str(&said.stdout).map_err(|error| {
        Failure::new(Status::Bug, format!("`provider {}` says no JSON", words.join(" "))).caused_by(&error)
    })
}

/// A command that did not do what it should.
pub(super) fn failed(words: &[&str], said: &Said) -> Failure {
    let failure = Failure::new(Status::SomeFailed, format!("`provider {}` ended with {}", words.join(" "), said.code));
    let lines = said.stderr.lines().chain(said.stdout.lines());
    lines.take(20).fold(failure, |failure, line| failure.beneath(line.to_owned()))
}
