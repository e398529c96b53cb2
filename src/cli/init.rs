//! `provider init`

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::output::OutputOption;
use super::output::listing::Row;
use super::{Context, Failure, Report, Status};
use crate::jobs::init::{self, Made, Request};

/// Write a first configuration, an empty key folder and an empty state file
///
/// The state file is `state.db` in the same folder, or the file that --state-file names; then the configuration says so. For a
/// configuration that exists already, any job (`provider state maintain`) makes the state file where it is missing.
#[derive(Debug, Args)]
pub struct Init {
    /// The folder to write to; ~/.provider-daemon unless given
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,

    #[command(flatten)]
    output: OutputOption,
}

/// The starter configuration.
const STARTER: &str = include_str!("../../config/minimal.yaml");

#[derive(Serialize)]
struct MadeRow {
    path: String,
    what: &'static str,
    mode: String,
    created: bool,
    #[serde(skip)]
    existed: bool,
}

impl Row for MadeRow {
    const HEADINGS: &'static [&'static str] = &["path", "what", "mode", "created"];
    const FIELDS: &'static [&'static str] = &["path", "what", "mode", "created"];

    fn cells(&self) -> Vec<String> {
        vec![self.path.clone(), self.what.to_owned(), self.mode.clone(), self.created.to_string()]
    }

    fn csv(&self) -> Vec<String> {
        self.cells()
    }
}

impl From<Made> for MadeRow {
    fn from(made: Made) -> Self {
        let (what, mode) = (made.part.noun(), format!("{:04o}", made.mode));
        Self { path: made.path.display().to_string(), what, mode, created: made.created, existed: made.existed }
    }
}

impl Init {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let home = || context.environment.text("HOME").map(|home| PathBuf::from(home).join(".provider-daemon"));
        let folder = self.dir.or_else(home).ok_or_else(|| {
            Failure::new(Status::Usage, "there is no home folder to write to").hint("name a folder with --dir")
        })?;
        let dry_run = context.global.dry_run;
        let request = Request { folder: &folder, state_file: context.global.state.as_deref(), starter: STARTER };
        let made = init::run(request, dry_run).map_err(|error| {
            if error.is_of_the_disk() {
                Failure::with_status(Status::StateFile, &error)
            } else {
                Failure::from_error(&error)
            }
        })?;
        let config = folder.join("config.yaml");
        let rows: Vec<MadeRow> = made.into_iter().map(MadeRow::from).collect();
        let next = if dry_run {
            let missing = rows.iter().filter(|row| !row.existed).map(|row| row.path.as_str()).collect::<Vec<_>>();
            format!("nothing was made; without --dry-run this would make {}", missing.join(", "))
        } else {
            format!("edit {}, then check it with `provider validate-config`", config.display())
        };
        Ok(Report::listing(rows, self.output.output).note(next))
    }
}
