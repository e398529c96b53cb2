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
    #[allow(clippy::unnecessary_wraps, reason = "every command has this shape")]
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        Ok(Report::verbatim(script(self.shell, context.program)))
    }
}

/// The completion script of a shell for one of our names.
pub fn script(shell: Shell, program: &str) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), program, &mut script);
    String::from_utf8_lossy(&script).into_owned()
}
