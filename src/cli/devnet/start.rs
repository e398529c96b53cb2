//! `provider devnet start`

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::net::SocketAddr;
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};

use super::groups::text_of;
use super::place::{Chain, Place};
use super::status::Shown;
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report, Status, talk};
use crate::devnet::app::engine::Identity;
use crate::devnet::app::genesis::Genesis;
use crate::devnet::context::Profile;
use crate::devnet::control::{Answer, Client, Request};
use crate::devnet::server::{self, Options, Server, StartError};
use crate::domain::duration;
use crate::domain::fault::Classified;
use crate::domain::network::Name;
use crate::observe::interrupt::Interrupt;

/// Start the development chain, or go on with it
#[derive(Debug, Args)]
pub(super) struct Start {
    #[command(flatten)]
    place: Place,

    /// The chain's id [default: the genesis's, else devnet-NETWORK-1; that of the chain that is there]
    #[arg(long, value_name = "ID")]
    chain_id: Option<String>,

    /// What a new chain begins with: accounts, identity scores and providers, in JSON; may be a pipe
    #[arg(long, value_name = "FILE")]
    genesis: Option<PathBuf>,

    /// The network whose rules it follows [default: virtengine; that of the chain that is there]
    #[arg(long, value_enum)]
    network: Option<Network>,

    /// How strict it is about identity and second factors (VirtEngine) [default: localnet; that of the chain that is there]
    #[arg(long, value_enum)]
    profile: Option<Strictness>,

    /// The time between blocks, as in 1s; 0 makes a block for each transaction at once
    #[arg(long, value_name = "DURATION", default_value = "1s", value_parser = duration::parse)]
    block_time: Duration,

    /// Where gRPC listens; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9090")]
    grpc_addr: SocketAddr,

    /// Where CometBFT's RPC listens; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:26657")]
    rpc_addr: SocketAddr,

    /// Refuse messages that register or change a provider, as the recorded VirtEngine node does
    #[arg(long)]
    refuse_provider_messages: bool,

    /// Run it in the background, and come back when it answers
    #[arg(long)]
    background: bool,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Network {
    /// VirtEngine
    Virtengine,
    /// Akash
    Akash,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Strictness {
    /// Identity scores are asked for, second factors are not
    Localnet,
    /// As the default genesis: messages that ask for a second factor cannot be sent
    Strict,
}

/// How long a chain in the background may take until it answers.
const PATIENCE: Duration = Duration::from_secs(30);

impl Start {
    /// Runs the command.
    pub(super) fn run(self, context: &Context) -> Result<Report, Failure> {
        if context.global.dry_run {
            return Ok(Report::nothing().note("nothing was started: --dry-run"));
        }
        if self.background {
            return self.in_background(context);
        }
        let form = self.output.output;
        let options = self.options(context)?;
        let home = options.home.clone();
        // A second signal ends the process at once.
        let interrupt = context.interrupt()?;
        let runtime = tokio::runtime::Runtime::new()
            .map_err(|error| Failure::new(Status::Unavailable, "cannot start threads").caused_by(&error))?;
        let server = runtime.block_on(started(options, context.global.quiet))?;
        // The folder is free when this process is gone, not before.
        std::mem::forget(server.hold().map_err(|error| Failure::from_error(&error))?);
        let ended = runtime.block_on(served(server, &interrupt));
        // Whoever still asks for much does not keep us: nothing is written any more.
        runtime.shutdown_timeout(Duration::from_secs(1));
        ended?;
        Ok(Report::record(Chain::of(&home), form))
    }

    fn options(&self, context: &Context) -> Result<Options, Failure> {
        let genesis = match &self.genesis {
            Some(path) => read_genesis(path)?,
            None => Genesis::default(),
        };
        let home = self.place.folder(context)?;
        // What is not asked for is as it is in the chain that is there.
        let found = server::found(&home).map_err(|error| Failure::from_error(&error))?;
        let network = match self.network {
            Some(Network::Virtengine) => Name::Virtengine,
            Some(Network::Akash) => Name::Akash,
            None => found
                .as_ref()
                .and_then(|found| Name::ALL.iter().copied().find(|name| name.word() == found.network))
                .unwrap_or(Name::Virtengine),
        };
        let network = network.facts();
        let own = || format!("devnet-{}-1", network.word);
        let there = || found.as_ref().map(|found| found.chain_id.clone());
        let chain_id = self.chain_id.clone().or_else(|| genesis.chain_id.clone()).or_else(there).unwrap_or_else(own);
        if chain_id.is_empty() || chain_id.len() > 50 || chain_id.chars().any(char::is_whitespace) {
            return Err(Failure::new(Status::Usage, format!("{chain_id:?} cannot be the id of a chain"))
                .hint("use 1 to 50 characters without blanks, as in devnet-virtengine-1"));
        }
        let profile = match self.profile {
            Some(Strictness::Localnet) => Profile::Localnet,
            Some(Strictness::Strict) => Profile::Strict,
            None => found.as_ref().and_then(|found| Profile::from_word(&found.profile)).unwrap_or_default(),
        };
        Ok(Options {
            home,
            identity: Identity { network, chain_id, profile, refuses_provider_messages: self.refuse_provider_messages },
            genesis,
            block_time: self.block_time,
            grpc: self.grpc_addr,
            rpc: self.rpc_addr,
        })
    }

    /// Starts the same command again, apart from this terminal, and waits until it answers.
    fn in_background(&self, context: &Context) -> Result<Report, Failure> {
        let options = self.options(context)?;
        let warnings = warnings(&options);
        let Options { home, genesis, .. } = options;
        let client = Client::of(&home);
        if client.ask(&Request::Status).is_ok() {
            return Err(Failure::from_error(&StartError::Running { home }));
        }
        // The child takes the lock itself; here it only makes the folder, for the log.
        drop(server::lock(&home).map_err(|error| Failure::from_error(&error))?);
        let log_path = home.join("devnet.log");
        let failed = |error: &io::Error| {
            Failure::new(Status::Unavailable, "cannot start the development chain in the background").caused_by(error)
        };
        let log = log_file(&log_path).map_err(|error| failed(&error))?;
        let before = log.metadata().map_err(|error| failed(&error))?.len();
        let again = log.try_clone().map_err(|error| failed(&error))?;
        let program = std::env::current_exe().map_err(|error| failed(&error))?;
        // A genesis was read already, and a pipe can be read but once: the child gets what was in it.
        let input = if self.genesis.is_some() { Stdio::piped() } else { Stdio::null() };
        let mut child = Command::new(program)
            .args(in_foreground(std::env::args_os().skip(1)))
            .stdin(input)
            .stdout(log)
            .stderr(again)
            .process_group(0)
            .spawn()
            .map_err(|error| failed(&error))?;
        if let Some(mut input) = child.stdin.take() {
            // A child that does not read it says why.
            let _ = serde_json::to_writer(&mut input, &genesis);
        }
        let begun = Instant::now();
        loop {
            match client.ask(&Request::Status) {
                // Not one that somebody else started in the same moment.
                Ok(Answer::State(state)) if state.process == child.id() => {
                    let note = format!("it runs in the background; end it with `{} devnet stop`", context.program);
                    let report = Report::record(Shown::from(state), self.output.output);
                    return Ok(warnings.into_iter().fold(report, Report::note).note(note));
                }
                _ => {}
            }
            let ended = child.try_wait().map_err(|error| failed(&error))?;
            let late = ended.is_none() && begun.elapsed() > PATIENCE;
            if late {
                // It would come to life later, and nobody would know of it.
                child.kill().and_then(|()| child.wait()).map_err(|error| failed(&error))?;
            }
            if late || ended.is_some() {
                if ended.and_then(|ended| ended.code()) == Some(i32::from(Status::TryLater.code())) {
                    return Err(Failure::from_error(&StartError::Running { home }));
                }
                let what = if late { "did not answer in time, and was ended" } else { "did not start" };
                let code = ended.and_then(|ended| ended.code());
                let status = Status::ALL.iter().copied().find(|status| Some(i32::from(status.code())) == code);
                let status = status.filter(|status| *status != Status::Done).unwrap_or(Status::Unavailable);
                let said = end_of(&log_path, before);
                let lines: Vec<serde_json::Value> = said.lines().map(|line| json!({ "log": line })).collect();
                return Err(Failure::new(status, format!("the development chain {what}"))
                    .details(said, lines)
                    .hint(format!("its log is {}", log_path.display())));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The log, to be added to: two that start at once write to the same one.
fn log_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).mode(0o600).open(path)
}

/// The arguments of a start in the background as those of the chain itself, which reads its genesis from us.
fn in_foreground(mut arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    const GENESIS: &str = "--genesis";
    let mut kept = Vec::new();
    while let Some(argument) = arguments.next() {
        if argument == "--background" {
            continue;
        }
        if argument == GENESIS {
            arguments.next();
        } else if !argument.as_encoded_bytes().starts_with(b"--genesis=") {
            kept.push(argument);
            continue;
        }
        kept.extend([GENESIS, "/dev/stdin"].map(OsString::from));
    }
    kept
}

/// The last lines of a log after its first `before` bytes.
fn end_of(path: &Path, before: u64) -> String {
    let said = std::fs::read(path).unwrap_or_default();
    let new = said.get(usize::try_from(before).unwrap_or(usize::MAX)..).unwrap_or_default();
    let new = String::from_utf8_lossy(new);
    let lines: Vec<_> = new.trim().lines().collect();
    let last = lines.get(lines.len().saturating_sub(5)..).unwrap_or_default();
    last.iter().flat_map(|line| [line, "\n"]).collect()
}

/// What whoever starts such a chain should know.
fn warnings(options: &Options) -> Vec<String> {
    let mut warnings = Vec::new();
    for address in [options.grpc, options.rpc].iter().filter(|address| !address.ip().is_loopback()) {
        warnings.push(format!("{address} can be reached from outside; nothing asks who calls"));
    }
    let id = &options.identity.chain_id;
    if !id.starts_with("devnet-") {
        warnings.push(format!(
            "the id {id} does not begin with devnet-: what is signed here is valid on any chain that has this id"
        ));
    }
    warnings
}

/// Starts the chain, and says where it is.
async fn started(options: Options, quiet: bool) -> Result<Server, Failure> {
    let warnings = warnings(&options);
    let server = Server::start(options).await.map_err(|error| Failure::from_error(&error))?;
    if !quiet {
        let id = &server.node.identity().chain_id;
        talk(&format!("development chain {id}: gRPC at {}, RPC at http://{}\n", server.grpc, server.rpc));
        for warning in warnings {
            talk(&format!("note: {warning}\n"));
        }
    }
    Ok(server)
}

/// Waits until somebody ends the chain.
async fn served(server: Server, interrupt: &Interrupt) -> Result<(), Failure> {
    let stop = server.stopper();
    let signals = |kind| {
        signal(kind).map_err(|error| Failure::new(Status::Unavailable, "cannot watch for signals").caused_by(&error))
    };
    let (mut interrupted, mut terminate) = (signals(SignalKind::interrupt())?, signals(SignalKind::terminate())?);
    if interrupt.requested().is_some() {
        // While it was starting.
        stop.send_replace(true);
    }
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminate.recv() => {}
        }
        stop.send_replace(true);
    });
    server.wait().await.map_err(|broken| Failure::with_status(status_of(&broken), &broken))
}

fn status_of(error: &impl Classified) -> Status {
    if error.fault().is_temporary() { Status::Unavailable } else { Status::StateFile }
}

/// The text of a file of bounded length, or of a pipe, as of `<(drive.py genesis)`: who names one wants us to wait.
fn text_or_pipe(path: &Path, longest: u64) -> Result<String, Failure> {
    let cannot =
        |error: io::Error| Failure::new(Status::Data, format!("cannot read {}", path.display())).caused_by(&error);
    if !std::fs::metadata(path).map_err(cannot)?.file_type().is_fifo() {
        return text_of(path, longest);
    }
    let mut text = String::new();
    let pipe = File::open(path).map_err(cannot)?;
    let length = pipe.take(longest.saturating_add(1)).read_to_string(&mut text).map_err(cannot)?;
    if length as u64 > longest {
        let what = format!("{} has more than the {longest} bytes that are read at most", path.display());
        return Err(Failure::new(Status::Data, what));
    }
    Ok(text)
}

/// The longest genesis that is read, in bytes: a million accounts.
const LONGEST_GENESIS: u64 = 256 << 20;

fn read_genesis(path: &Path) -> Result<Genesis, Failure> {
    let text = text_or_pipe(path, LONGEST_GENESIS)?;
    serde_json::from_str(&text).map_err(|error| {
        Failure::new(Status::Data, format!("{} is no genesis of a development chain", path.display()))
            .caused_by(&error)
            .hint("it is JSON with accounts, identity and providers, as `drive.py genesis` prints it")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_child_runs_in_the_foreground_and_reads_its_genesis_from_us() {
        let of = |text: &str| {
            let kept = in_foreground(text.split(' ').map(OsString::from));
            kept.into_iter().map(|argument| argument.into_string().unwrap()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(of("devnet start --background --home D"), "devnet start --home D");
        assert_eq!(of("start --genesis /dev/fd/63 --background -q"), "start --genesis /dev/stdin -q");
        assert_eq!(of("start --genesis=g.json --chain-id x"), "start --genesis /dev/stdin --chain-id x");
    }
}
