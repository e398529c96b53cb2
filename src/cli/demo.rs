//! `provider demo`

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{Args, Parser};
use serde::Serialize;

use super::output::OutputOption;
use super::output::listing::Row;
use super::{Arguments, Context, Failure, Report, Status};

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
    ("workloads reconcile --config {}/config.yaml", "what should run is run, as a process of this machine"),
    ("workloads reconcile --config {}/config.yaml --dry-run", "and then there is nothing to do"),
    ("workloads logs o-hello --config {}/config.yaml", "what it says"),
    ("workloads terminate o-hello --now --config {}/config.yaml", "ended, removed, its last meters kept"),
    ("workloads events o-hello --config {}/config.yaml", "all of that, with times and reasons"),
    ("audit-log verify --config {}/config.yaml", "no event was changed, removed or added"),
];

/// The manifest of the demonstration.
const HELLO: &str = "version: v1\nname: hello\nservices:\n  hello:\n    image: none\n    command: [/bin/sh, -c, 'echo hello; \
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
        for (words, shows) in STEPS {
            let begun = Instant::now();
            let report = step(words, &folder, context);
            let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            progress.inc(1);
            if words.starts_with("init ") {
                std::fs::write(folder.join("hello.yaml"), HELLO).map_err(|error| cannot(&error))?;
            }
            let status = report.map_err(|failure| failure.hint(format!("this was `provider {words}`")))?.status;
            rows.push(Step { command: (*words).replace("{}", "DIR"), shows, exit_code: status.code(), milliseconds });
        }
        progress.finish_and_clear();
        let failed = rows.iter().any(|step| step.exit_code != 0);
        let report = Report::listing(rows, self.output.output);
        let report = report.status(if failed { Status::SomeFailed } else { Status::Done });
        Ok(match self.keep {
            Some(_) => report.note(format!("everything is in {}", folder.display())),
            None => report.note("the folder is gone again; `--keep FOLDER` leaves one for exploring"),
        })
    }
}

/// Runs one command line as the program itself would.
fn step(words: &str, folder: &Path, context: &Context) -> Result<Report, Failure> {
    let folder = folder.to_string_lossy();
    // The folder may hold spaces, so it is put in after the words are told apart.
    let words = words.split_whitespace().map(|word| word.replace("{}", &folder));
    let line = ["provider".to_owned(), "--quiet".to_owned()].into_iter().chain(words);
    let arguments = Arguments::try_parse_from(line)
        .map_err(|error| Failure::new(Status::Bug, "a command of the demonstration is wrong").caused_by(&error))?;
    // Without an image at hand containers could show nothing offline.
    let environment = context.environment.clone().with("PROVIDER_ORCHESTRATION_LOCAL_RUNTIME", "process");
    let context = Context::new(arguments.global, environment, context.program);
    arguments.command.run(&context)
}
