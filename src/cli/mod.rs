//! Rank 5, the command line: arguments become a typed request, a job or a query answers with a [`Report`], and the
//! report becomes data on stdout.
//!
//! The folders mirror the command line: `cli/config/show.rs` is `provider config show`. A command file holds the help
//! text, the arguments and a `run(self, &Context) -> Result<Report, Failure>`; it prints nothing and decides nothing.
//! stdout is data, stderr is talk. [`Failure`] is the one place where errors get their words and exit codes.

mod alerts;
mod api_token;
mod audit_log;
mod back_ends;
mod balance;
mod bid;
mod cert;
mod chain;
pub mod completions;
mod config;
mod context;
mod dashboard;
mod demo;
mod devnet;
mod earnings;
mod escrow;
mod failure;
mod global;
mod init;
mod job;
mod keys;
mod lease;
mod logs;
pub mod man;
mod manifest;
mod order;
pub mod output;
mod passphrase;
mod pause;
mod process_supervisor;
mod registration;
mod report;
mod resources;
mod secret;
mod serve;
mod settlement;
mod state;
mod status;
mod terminal;
pub mod timers;
mod tls;
mod tx;
mod usage;
mod validate_config;
mod version;
mod workloads;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

pub use context::{Configuration, Context};
pub use failure::Failure;
pub use global::Global;
pub use report::{Body, Report};
pub use status::Status;

use crate::config::Environment;
use crate::observe::{Level, escape, logging, redact};

/// Sell the capacity of a cluster, a partition, a site or a server on the VirtEngine marketplace.
#[derive(Debug, Parser)]
#[command(name = "provider", version, disable_help_subcommand = true, infer_long_args = false)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    global: Global,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Demo),
    Status(dashboard::Status),
    Init(init::Init),
    Keys(keys::Keys),
    Tls(tls::Tls),
    Tx(tx::Tx),
    #[command(alias = "bids", alias = "bid-engine")]
    Bid(bid::Bid),
    #[command(alias = "orders")]
    Order(order::Order),
    #[command(alias = "leases")]
    Lease(lease::Lease),
    Escrow(escrow::Escrow),
    Resources(resources::Resources),
    Pause(pause::Pause),
    Resume(pause::Resume),
    Usage(usage::Usage),
    Settlement(settlement::Settlement),
    Earnings(earnings::Earnings),
    Alerts(alerts::Alerts),
    Register(registration::Register),
    Update(registration::Update),
    Info(registration::Info),
    Cert(cert::Cert),
    Balance(balance::Balance),
    Chain(chain::Chain),
    State(state::State),
    Workloads(workloads::Workloads),
    Manifest(manifest::Manifest),
    Job(job::Job),
    Timers(timers::Timers),
    Serve(serve::Serve),
    ApiToken(api_token::ApiToken),
    AuditLog(audit_log::AuditLog),
    Logs(logs::Logs),
    ValidateConfig(validate_config::ValidateConfig),
    Config(config::Config),
    Devnet(devnet::Devnet),
    Version(version::Version),
    Completions(completions::Completions),
    Man(man::ManPages),
    #[command(hide = true)]
    ProcessSupervisor(process_supervisor::ProcessSupervisor),
    #[command(hide = true)]
    ProcessLaunch(process_supervisor::ProcessLaunch),
}

impl Command {
    fn run(self, context: &Context) -> Result<Report, Failure> {
        match self {
            Self::Demo(command) => command.run(context),
            Self::Status(command) => command.run(context),
            Self::Init(command) => command.run(context),
            Self::Keys(command) => command.run(context),
            Self::Tls(command) => command.run(context),
            Self::Tx(command) => command.run(context),
            Self::Bid(command) => command.run(context),
            Self::Order(command) => command.run(context),
            Self::Lease(command) => command.run(context),
            Self::Escrow(command) => command.run(context),
            Self::Resources(command) => command.run(context),
            Self::Pause(command) => command.run(context),
            Self::Resume(command) => command.run(context),
            Self::Usage(command) => command.run(context),
            Self::Settlement(command) => command.run(context),
            Self::Earnings(command) => command.run(context),
            Self::Alerts(command) => command.run(context),
            Self::Register(command) => command.run(context),
            Self::Update(command) => command.run(context),
            Self::Info(command) => command.run(context),
            Self::Cert(command) => command.run(context),
            Self::Balance(command) => command.run(context),
            Self::Chain(command) => command.run(context),
            Self::State(command) => command.run(context),
            Self::Workloads(command) => command.run(context),
            Self::Manifest(command) => command.run(context),
            Self::Job(command) => command.run(context),
            Self::Timers(command) => command.run(context),
            Self::Serve(command) => command.run(context),
            Self::ApiToken(command) => command.run(context),
            Self::AuditLog(command) => command.run(context),
            Self::Logs(command) => command.run(context),
            Self::ValidateConfig(command) => command.run(context),
            Self::Config(command) => command.run(context),
            Self::Devnet(command) => command.run(context),
            Self::Version(command) => command.run(context),
            Self::Completions(command) => command.run(context),
            Self::Man(command) => command.run(context),
            Self::ProcessSupervisor(command) => command.run(context),
            Self::ProcessLaunch(command) => command.run(context),
        }
    }
}

/// The names this program answers to; the seeds' documents use the last two.
const PROGRAMS: &[&str] = &["provider", "provider-daemon", "virtengine-provider"];

/// Runs the program: everything that `main` does.
pub fn main(arguments: Vec<OsString>) -> ExitCode {
    std::panic::set_hook(Box::new(report_panic));
    std::panic::catch_unwind(|| run(arguments)).unwrap_or(Status::Bug).into()
}

fn run(arguments: Vec<OsString>) -> Status {
    crate::keys::protect::forbid_dumps();
    let called = arguments.first().and_then(|path| Path::new(path).file_name()).and_then(|name| name.to_str());
    let program = PROGRAMS.iter().find(|name| Some(**name) == called).copied().unwrap_or("provider");
    let words = Words::wanted(&arguments);
    let parsed = Arguments::command()
        .name(program)
        .bin_name(program)
        .try_get_matches_from(arguments)
        .and_then(|matches| Arguments::from_arg_matches(&matches));
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error, words),
    };
    let context = Context::new(arguments.global, Environment::of_process(), program);
    match arguments.command.run(&context) {
        Ok(report) => finish(&report, &context, words),
        Err(failure) => fail(&failure.stopped_by(context.stopped_by()), context.colored(), words),
    }
}

/// The form of errors and notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Words {
    /// Lines for a person.
    Text,
    /// Errors are objects (`--output json`, `--format json`), notes are lines.
    Objects,
    /// Errors and notes are lines of a log (`--log-format json`).
    Log,
}

impl Words {
    /// What is asked for, seen before the command line is known to be right. Who reads the result as JSON knows the
    /// objects.
    fn wanted(arguments: &[OsString]) -> Self {
        if wants_json(arguments, &["--output", "--format", "-o"]) {
            Self::Objects
        } else if wants_json(arguments, &["--log-format"]) {
            Self::Log
        } else {
            Self::Text
        }
    }
}

/// Prints a report: data to stdout, remarks to stderr.
fn finish(report: &Report, context: &Context, words: Words) -> Status {
    let mut sink = io::BufWriter::new(io::stdout().lock());
    let printed = output::print(&report.body, report.form, context.stdout(), &mut sink).and_then(|()| sink.flush());
    if context.global.quiet {
        // Who wants to hear nothing still wants to know why it failed.
        if report.status != Status::Done {
            notes(&report.reasons, context);
        }
    } else {
        remark(report, context);
    }
    match printed {
        Ok(()) => report.status,
        // The reader has seen enough.
        Err(error) if is_broken_pipe(&error) => report.status,
        Err(error) => {
            let failure = Failure::new(Status::Unavailable, "cannot write the result to stdout").caused_by(&error);
            fail(&failure, context.colored(), words)
        }
    }
}

/// Whether the reader has gone, also where the writer of a form wraps what the pipe said.
fn is_broken_pipe(error: &io::Error) -> bool {
    let wrapped = error.get_ref().and_then(|inner| inner.downcast_ref::<csv::Error>());
    let of_csv = wrapped.and_then(|error| match error.kind() {
        csv::ErrorKind::Io(error) => Some(error.kind()),
        _ => None,
    });
    error.kind() == io::ErrorKind::BrokenPipe || of_csv == Some(io::ErrorKind::BrokenPipe)
}

/// Says the remarks of a report.
fn remark(report: &Report, context: &Context) {
    let as_log = context.global.log_format == Some(global::LogForm::Json);
    let said = redact::text(&report.talk);
    if as_log && !said.trim().is_empty() {
        talk(&logging::json_line(Level::Warn, said.trim_end(), serde_json::Map::new()));
    } else if !as_log {
        talk(&escape::block(&said, context.colored()));
    }
    notes(report.reasons.iter().chain(&report.notes).chain(&context.lost_log()), context);
}

/// Says one remark a line.
fn notes<'n>(notes: impl IntoIterator<Item = &'n String>, context: &Context) {
    let as_log = context.global.log_format == Some(global::LogForm::Json);
    for note in notes {
        let note = redact::text(note);
        if as_log {
            talk(&logging::json_line(Level::Info, &note, serde_json::Map::new()));
        } else {
            talk(&format!("note: {}\n", escape::line(&note)));
        }
    }
}

fn fail(failure: &Failure, colored: bool, words: Words) -> Status {
    failure.log();
    match words {
        Words::Objects => talk(&format!("{}\n", failure.to_json())),
        Words::Log => talk(&failure.to_log_line()),
        Words::Text => talk(&failure.render(colored)),
    }
    failure.status()
}

/// What clap has to say: help and version are data, everything else is a wrong command line.
fn usage(error: &clap::Error, words: Words) -> Status {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // A closed pipe is no failure.
            let _ = error.print();
            Status::Done
        }
        _ if words == Words::Text => {
            let _ = error.print();
            Status::Usage
        }
        _ => {
            let text = error.render().to_string();
            let mut lines = text.lines();
            let message = lines.next().unwrap_or_default().trim_start_matches("error: ").to_owned();
            fail(&Failure::new(Status::Usage, message).hint("run the command with --help"), false, words)
        }
    }
}

/// Whether one of these options has the value `json`; the short one also without a space.
fn wants_json(arguments: &[OsString], options: &[&str]) -> bool {
    let mut expected = false;
    arguments.iter().filter_map(|argument| argument.to_str()).any(|argument| {
        let value = options.iter().find_map(|option| argument.strip_prefix(option)).map(|value| {
            if argument.starts_with("--") {
                value.strip_prefix('=').unwrap_or_default()
            } else {
                value.trim_start_matches('=')
            }
        });
        let found = value == Some("json") || (expected && argument == "json");
        expected = options.contains(&argument);
        found
    })
}

/// Runs asynchronous work to its end, on this thread.
fn wait_for<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    // reqwest and bollard take the process's TLS provider; a second installation changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| {
        Failure::new(Status::Unavailable, "the system gives no resources for network calls").caused_by(&error)
    })?;
    Ok(runtime.block_on(work))
}

/// Says something on stderr; nobody may be listening.
fn talk(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

fn report_panic(panic: &std::panic::PanicHookInfo<'_>) {
    let what = redact::text(panic.payload_as_str().unwrap_or("a panic without words"));
    let place = panic.location().map(|at| format!("{}:{}", at.file(), at.line())).unwrap_or_default();
    let what = escape::line(&what);
    talk(&format!(
        "error: this is a defect of the program: {what} ({place})\nhint: the state file is consistent; run the command \
         again, and report this line with `provider version`\n"
    ));
}
