//! `provider completions`

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Arguments, Context, Failure, Report};

/// Print the completion script of a shell
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Arguments::command(), context.program, &mut script);
        let script = String::from_utf8(script)
            .map_err(|error| Failure::new(super::Status::Bug, "the completion script is not text").caused_by(&error))?;
        Ok(Report::verbatim(script))
    }
}
