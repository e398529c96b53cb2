//! `provider demo`: the whole of it, from nothing, in under a minute.
//!
//! Each step is a command of this program, run as an operator would run it, against the development chain in this process.

mod engine;
mod play;
mod root;
mod sold;
mod stage;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde::Serialize;

use super::output::record::Entry;
use super::output::{Form, OutputOption};
use super::{Context, Failure, Report, Status};
use sold::Sold;
use stage::{Stage, Step};

/// Show the whole of it, on embedded defaults, offline: from an order on a chain to money and a CSV file
///
/// Starts a development chain in a temporary folder, makes keys, registers a provider, lets a tenant order, bids, deploys
/// containers where an engine serves here and processes elsewhere, meters, submits usage, settles and exports. Ends what it started.
#[derive(Debug, Args)]
pub struct Demo {
    /// Work in this new folder, and leave everything there for exploring
    #[arg(long, value_name = "FOLDER")]
    keep: Option<PathBuf>,

    #[command(flatten)]
    output: OutputOption,
}

/// The demonstration as data.
#[derive(Serialize)]
struct Shown {
    leases: Vec<Sold>,
    csv: PathBuf,
    seconds: u64,
    steps: Vec<Step>,
}

impl Entry for Shown {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let leases = self.leases.iter().map(|sold| ("lease", sold.words()));
        let rest = [("csv", self.csv.display().to_string()), ("seconds", self.seconds.to_string())];
        leases.chain(rest).collect()
    }
}

impl Demo {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        if context.global.dry_run {
            return Err(Failure::new(
                Status::Usage,
                "the demonstration is a rehearsal as a whole; it knows no --dry-run",
            )
            .hint("it works in a folder of its own, and leaves nothing unless --keep says so"));
        }
        let interrupt = context.interrupt()?;
        let mut stage = Stage::set(self.keep.as_deref(), context.global.quiet, interrupt)?;
        let leases = play::play(&mut stage, context)?;
        let (took, ran) = (stage.took(), stage.runs_as());
        let (csv, steps) = stage.strike()?;
        let notes = [
            format!("the workloads were {ran}"),
            format!("{} commands in {}; usage and earnings are in {}", steps.len(), seconds(took), csv.display()),
            match &self.keep {
                Some(folder) => format!(
                    "everything is in {0}; `provider status --config {0}/config.yaml` and all other commands look at it",
                    folder.display()
                ),
                None => "all else is gone again; `--keep FOLDER` leaves it for exploring".to_owned(),
            },
        ];
        let form = self.output.output;
        let report = match form {
            Form::Json | Form::Yaml => Report::record(Shown { leases, csv, seconds: took.as_secs(), steps }, form),
            Form::Table | Form::Csv => Report::listing(leases, form),
        };
        Ok(notes.into_iter().fold(report, Report::note))
    }
}

fn seconds(span: Duration) -> String {
    format!("{}.{} s", span.as_secs(), span.subsec_millis() / 100)
}
