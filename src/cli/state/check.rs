//! `provider state check`

use clap::Args;

use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::{Context, Failure, Report, Status};
use crate::store::{Finding, check_file};

/// Read the whole state file, and list everything that is wrong with it
///
/// A backup is checked with --state-file FILE. Other processes may go on writing.
#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    output: OutputOption,
}

impl Row for Finding {
    const HEADINGS: &'static [&'static str] = &["check", "object", "detail"];
    const FIELDS: &'static [&'static str] = &["check", "object", "detail"];

    fn cells(&self) -> Vec<String> {
        vec![self.check.word().to_owned(), self.object.clone(), self.detail.clone()]
    }

    fn csv(&self) -> Vec<String> {
        self.cells()
    }
}

impl Check {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let interrupt = context.interrupt()?;
        let checked = check_file(&context.state_file()?, &|| interrupt.requested().is_some())?;
        let (path, schema) = (checked.path.display(), checked.schema);
        let (status, note) = match checked.findings.len() {
            0 => (Status::Done, format!("{path} is sound (schema {schema})")),
            found => (
                Status::StateFile,
                format!("{path} is not sound: {found} findings; keep a copy, then `provider state restore` a backup"),
            ),
        };
        Ok(Report::listing(checked.findings, self.output.output).status(status).note(note))
    }
}
