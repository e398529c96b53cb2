//! Rank 5, the command line: arguments become a typed request, a job or a query answers with a [`Report`], and the
//! report becomes data on stdout.
//!
//! The folders mirror the command line: `cli/config/show.rs` is `provider config show`. A command file holds the help
//! text, the arguments and a `run(self, &Context) -> Result<Report, Failure>`; it prints nothing and decides nothing.
//! stdout is data, stderr is talk. [`Failure`] is the one place where errors get their words and exit codes.

mod audit_log;
pub mod completions;
mod config;
mod context;
mod demo;
mod devnet;
mod failure;
mod global;
mod init;
mod job;
mod logs;
pub mod man;
pub mod output;
mod report;
mod state;
mod status;
mod validate_config;
mod version;

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
    Init(init::Init),
    State(state::State),
    Job(job::Job),
    AuditLog(audit_log::AuditLog),
    Logs(logs::Logs),
    ValidateConfig(validate_config::ValidateConfig),
    Config(config::Config),
    Devnet(devnet::Devnet),
    Version(version::Version),
    Completions(completions::Completions),
    Man(man::ManPages),
}

impl Command {
    fn run(self, context: &Context) -> Result<Report, Failure> {
        match self {
            Self::Demo(command) => command.run(context),
            Self::Init(command) => command.run(context),
            Self::State(command) => command.run(context),
            Self::Job(command) => command.run(context),
            Self::AuditLog(command) => command.run(context),
            Self::Logs(command) => command.run(context),
            Self::ValidateConfig(command) => command.run(context),
            Self::Config(command) => command.run(context),
            Self::Devnet(command) => command.run(context),
            Self::Version(command) => command.run(context),
            Self::Completions(command) => command.run(context),
            Self::Man(command) => command.run(context),
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
    let called = arguments.first().and_then(|path| Path::new(path).file_name()).and_then(|name| name.to_str());
    let program = PROGRAMS.iter().find(|name| Some(**name) == called).copied().unwrap_or("provider");
    let json = wants_json(&arguments);
    let parsed = Arguments::command()
        .name(program)
        .bin_name(program)
        .try_get_matches_from(arguments)
        .and_then(|matches| Arguments::from_arg_matches(&matches));
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error, json),
    };
    let context = Context::new(arguments.global, Environment::of_process(), program);
    match arguments.command.run(&context) {
        Ok(report) => finish(&report, &context),
        Err(failure) => fail(&failure, context.colored(), json),
    }
}

/// Prints a report: data to stdout, remarks to stderr.
fn finish(report: &Report, context: &Context) -> Status {
    let mut sink = io::BufWriter::new(io::stdout().lock());
    let printed = output::print(&report.body, report.form, context.stdout(), &mut sink).and_then(|()| sink.flush());
    if !context.global.quiet {
        talk(&report.talk);
        for note in &report.notes {
            talk(&format!("note: {note}\n"));
        }
    }
    match printed {
        Ok(()) => report.status,
        // The reader has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => report.status,
        Err(error) => {
            let failure = Failure::new(Status::Unavailable, "cannot write the result to stdout").caused_by(&error);
            fail(&failure, context.colored(), false)
        }
    }
}

fn fail(failure: &Failure, colored: bool, json: bool) -> Status {
    if json {
        let object = serde_json::to_string(failure).unwrap_or_else(|error| format!("{{\"error\":\"{error}\"}}"));
        talk(&format!("{object}\n"));
    } else {
        talk(&failure.render(|heading| paint(heading, colored)));
    }
    failure.status()
}

/// What clap has to say: help and version are data, everything else is a wrong command line.
fn usage(error: &clap::Error, json: bool) -> Status {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // A closed pipe is no failure.
            let _ = error.print();
            Status::Done
        }
        _ if json => {
            let text = error.render().to_string();
            let mut lines = text.lines();
            let message = lines.next().unwrap_or_default().trim_start_matches("error: ").to_owned();
            fail(&Failure::new(Status::Usage, message).hint("run the command with --help"), false, true)
        }
        _ => {
            let _ = error.print();
            Status::Usage
        }
    }
}

/// Whether errors are wanted as objects: `--output json` (or `--format json`), seen before the command line is known to be right.
fn wants_json(arguments: &[OsString]) -> bool {
    let mut expected = false;
    arguments.iter().filter_map(|argument| argument.to_str()).any(|argument| {
        let found = matches!(argument, "--output=json" | "--format=json" | "-ojson" | "-o=json")
            || (expected && argument == "json");
        expected = matches!(argument, "--output" | "--format" | "-o");
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

fn paint(heading: &str, colored: bool) -> String {
    let code = match heading {
        "error:" => "1;31",
        "hint:" => "1;36",
        _ => "1",
    };
    if colored { format!("\u{1b}[{code}m{heading}\u{1b}[0m") } else { heading.to_owned() }
}

/// Says something on stderr; nobody may be listening.
fn talk(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

fn report_panic(panic: &std::panic::PanicHookInfo<'_>) {
    let what = panic.payload_as_str().unwrap_or("a panic without words");
    let place = panic.location().map(|at| format!("{}:{}", at.file(), at.line())).unwrap_or_default();
    talk(&format!(
        "error: this is a defect of the program: {what} ({place})\nhint: the state file is consistent; run the command \
         again, and report this line with `provider version`\n"
    ));
}
