//! `provider demo`

mod engine;
mod root;

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{Args, Parser};
use serde::Serialize;

use super::output::OutputOption;
use super::output::listing::Row;
use super::{Arguments, Context, Failure, Global, Report, Status};
use crate::config::Environment;
use engine::Engine;

/// Show what works, on embedded defaults, offline, in a temporary folder
#[derive(Debug, Args)]
pub struct Demo {
    /// Work in this new folder, and leave everything there for exploring
    #[arg(long, value_name = "FOLDER")]
    keep: Option<PathBuf>,

    #[command(flatten)]
    output: OutputOption,
}

/// One command of the demonstration.
#[derive(Serialize)]
struct Step {
    command: String,
    shows: &'static str,
    exit_code: u8,
    milliseconds: u64,
}

impl Row for Step {
    const HEADINGS: &'static [&'static str] = &["command", "shows", "exit", "ms"];
    const FIELDS: &'static [&'static str] = &["command", "shows", "exit_code", "milliseconds"];

    fn cells(&self) -> Vec<String> {
        let numbers = [self.exit_code.to_string(), self.milliseconds.to_string()];
        [self.command.clone(), self.shows.to_owned()].into_iter().chain(numbers).collect()
    }

    fn csv(&self) -> Vec<String> {
        self.cells()
    }
}

/// The commands, in the order in which an operator would first use them; `{}` is the folder.
const STEPS: &[(&str, &str)] = &[
    ("init --dir {}", "a first configuration, key folder and state file"),
    ("validate-config --config {}/config.yaml", "the configuration is sound"),
    ("config show --config {}/config.yaml", "every value in force, and where it comes from"),
    ("keys list --config {}/config.yaml", "no keys yet: `provider keys add` asks for a passphrase"),
    ("state maintain --config {}/config.yaml", "prune, back up, check, vacuum: a job with its lock and its row"),
    ("job list --config {}/config.yaml", "when each job last ran, and how it ended"),
    ("state backup --config {}/config.yaml --output {}/backup.db", "an online, verified backup"),
    ("state restore --config {}/config.yaml {}/backup.db", "verified before it replaces"),
    ("state check --config {}/config.yaml", "the state file is sound"),
    ("manifest validate {}/hello.yaml", "a manifest, checked with line and column"),
    ("workloads deploy --config {}/config.yaml --manifest {}/hello.yaml", "an own workload: written down, not run yet"),
    ("workloads reconcile --config {}/config.yaml", "what should run is run: a container, or a process"),
    ("workloads reconcile --config {}/config.yaml --dry-run", "and then there is nothing to do"),
    ("workloads logs o-hello --config {}/config.yaml", "what it says"),
    ("workloads terminate o-hello --now --config {}/config.yaml", "ended, removed, its last meters kept"),
    ("workloads events o-hello --config {}/config.yaml", "all of that, with times and reasons"),
    ("audit-log verify --config {}/config.yaml", "no event was changed, removed or added"),
];

/// The manifest of the demonstration; `{}` is the image.
const HELLO: &str = "version: v1\nname: hello\nservices:\n  hello:\n    image: '{}'\n    command: [/bin/sh, -c, 'trap exit TERM; echo hello; \
    while :; do sleep 1; done']\n    resources: { cpu: { units: 100m }, memory: { size: 64Mi }, storage: { size: 64Mi } }\n";

impl Demo {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let cannot =
            |error: &std::io::Error| Failure::new(Status::Data, "cannot make a temporary folder").caused_by(error);
        let temporary = match &self.keep {
            Some(_) => None,
            None => Some(tempfile::Builder::new().prefix("provider-demo-").tempdir().map_err(|error| cannot(&error))?),
        };
        let folder = match (&self.keep, &temporary) {
            (Some(folder), _) => std::path::absolute(folder).map_err(|error| cannot(&error))?,
            (None, Some(temporary)) => temporary.path().join("provider"),
            (None, None) => return Err(Failure::new(Status::Bug, "the demonstration has no folder")),
        };
        let progress = context.progress(STEPS.len() as u64, "demo");
        let mut rows = Vec::new();
        // Whatever else runs on this machine is somebody else's.
        let site = format!("demo-{}", std::process::id());
        let mut environment = context.environment.clone().with("PROVIDER_ORCHESTRATION_LOCAL_SITE", &site);
        let mut engine = None;
        for (words, shows) in STEPS {
            let begun = Instant::now();
            let report = step(words, &folder, &environment, context);
            let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            progress.inc(1);
            if words.starts_with("init ") {
                (engine, environment) = workshop(&folder, environment, context);
                let image = engine.as_ref().map_or("none", |engine: &Engine| &engine.image);
                std::fs::write(folder.join("hello.yaml"), hello(image)).map_err(|error| cannot(&error))?;
            }
            let status = report.map_err(|failure| failure.hint(format!("this was `provider {words}`")))?.status;
            rows.push(Step { command: (*words).replace("{}", "DIR"), shows, exit_code: status.code(), milliseconds });
        }
        progress.finish_and_clear();
        let ran = match engine {
            Some(_) => "a container",
            None => "a process: no container engine serves here, and processes are hardly isolated",
        };
        engine.and_then(Engine::clear);
        let failed = rows.iter().any(|step| step.exit_code != 0);
        let report = Report::listing(rows, self.output.output);
        let report = report.status(if failed { Status::SomeFailed } else { Status::Done });
        let report = report.note(format!("the workload was {ran}"));
        Ok(match self.keep {
            Some(_) => report.note(format!("everything is in {}", folder.display())),
            None => report.note("the folder is gone again; `--keep FOLDER` leaves one for exploring"),
        })
    }
}

/// What runs the workload: the container engine of this machine where it does, else processes; and the variables that
/// say so.
fn workshop(folder: &Path, environment: Environment, context: &Context) -> (Option<Engine>, Environment) {
    let never = environment.clone().with("PROVIDER_ORCHESTRATION_LOCAL_PULL", "never");
    let global = Global { config: Some(folder.join("config.yaml")), ..Global::default() };
    let engine = Engine::ready(&Context::new(global, never.clone(), context.program), hello);
    let environment = match engine {
        Some(_) => never,
        None => environment.with("PROVIDER_ORCHESTRATION_LOCAL_RUNTIME", "process"),
    };
    (engine, environment)
}

fn hello(image: &str) -> String {
    HELLO.replace("{}", image)
}

/// Runs one command line as the program itself would.
fn step(words: &str, folder: &Path, environment: &Environment, context: &Context) -> Result<Report, Failure> {
    let folder = folder.to_string_lossy();
    // The folder may hold spaces, so it is put in after the words are told apart.
    let words = words.split_whitespace().map(|word| word.replace("{}", &folder));
    let line = ["provider".to_owned(), "--quiet".to_owned()].into_iter().chain(words);
    let arguments = Arguments::try_parse_from(line)
        .map_err(|error| Failure::new(Status::Bug, "a command of the demonstration is wrong").caused_by(&error))?;
    let context = Context::new(arguments.global, environment.clone(), context.program);
    arguments.command.run(&context)
}
