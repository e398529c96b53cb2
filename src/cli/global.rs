//! The options that every command takes.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use crate::domain::duration;

/// Options that every command takes.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Read this configuration file (also PROVIDER_CONFIG)
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Use this state file (also PROVIDER_STATE)
    #[arg(long, global = true, value_name = "FILE")]
    pub state: Option<PathBuf>,

    /// Decide and report, but change nothing
    #[arg(long, global = true)]
    pub dry_run: bool,

    /// Say more on stderr: once for info, twice for debug, three times for trace
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,

    /// Say only errors on stderr
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Colour the words on stderr
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: Color,

    /// Show no progress bar
    #[arg(long, global = true)]
    pub no_progress: bool,

    /// The form of the log, the errors and the notes on stderr
    #[arg(long, global = true, value_enum, value_name = "FORM")]
    pub log_format: Option<LogForm>,

    /// Wait that long for a lock that another run holds, as in 30s
    #[arg(long, global = true, value_name = "DURATION", value_parser = duration::parse)]
    pub wait: Option<Duration>,

    /// End at the next safe point after that long, as in 5m
    #[arg(long, global = true, value_name = "DURATION", value_parser = duration::parse)]
    pub deadline: Option<Duration>,
}

/// Reads the `--state` of a listing: one of a few words. It stands in the place of the global option of that name, so it
/// has that one's type too, and the state file is named otherwise there: by the configuration, or by PROVIDER_STATE.
pub fn state_words(words: &[&'static str]) -> impl TypedValueParser<Value = PathBuf> {
    PossibleValuesParser::new(words).map(PathBuf::from)
}

/// The word that such an option was given.
pub fn state_word(value: Option<&PathBuf>) -> Option<&str> {
    value.and_then(|value| value.to_str())
}

/// Whether the command that is run has a `--state` of its own.
pub fn has_own_state(command: &clap::Command, matches: &clap::ArgMatches) -> bool {
    match matches.subcommand() {
        Some((name, matches)) => command.find_subcommand(name).is_some_and(|command| has_own_state(command, matches)),
        None => {
            let names = |argument: &clap::Arg| {
                argument.get_value_names().is_some_and(|names| names.iter().any(|name| name == "STATE"))
            };
            command.get_arguments().any(|argument| argument.get_id() == "state" && names(argument))
        }
    }
}

/// When words on stderr are coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogForm {
    /// Lines for people.
    Text,
    /// One object a line.
    Json,
}
