//! The options that every command takes.

use std::path::PathBuf;
use std::time::Duration;

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
    // Not `--state`: that is the state which listings are asked for.
    #[arg(id = "state_file", long = "state-file", global = true, value_name = "FILE")]
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
