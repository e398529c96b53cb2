//! How data reaches stdout: `--output table|json|yaml|csv`.
//!
//! On a terminal a table fits its width and JSON is indented. When piped, a listing prints one record a line (a table
//! without heading, its cells separated by tabs; JSON as an array with one record a line), so that `wc -l`, `grep` and
//! `cut` see records. The field names of JSON, YAML and CSV are a contract.

pub mod listing;
pub mod record;

use std::io::{self, Write};

use clap::{Args, ValueEnum};

use super::report::Body;
use crate::observe::escape;

/// The form in which data is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Form {
    /// For people.
    #[default]
    Table,
    /// For programs.
    Json,
    /// For programs and people.
    Yaml,
    /// For spreadsheets.
    Csv,
}

/// The option of every listing.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct OutputOption {
    /// Print the result in this form
    #[arg(long, short, value_enum, default_value_t, value_name = "FORM")]
    pub output: Form,
}

/// The option of a command whose `--output` is a file.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct FormatOption {
    /// Print the result in this form
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub format: Form,
}

/// What stdout is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stdout {
    /// A person looks at it, on a terminal that wide (columns).
    pub terminal: Option<u16>,
}

/// Prints data.
pub fn print(body: &Body, form: Form, stdout: Stdout, sink: &mut dyn Write) -> io::Result<()> {
    match body {
        Body::Nothing => Ok(()),
        Body::Verbatim(text) => sink.write_all(text.as_bytes()),
        Body::Listing(listing) => match form {
            Form::Table => listing.table(stdout, sink),
            Form::Json => listing.json(stdout, sink),
            Form::Yaml => listing.yaml(sink),
            Form::Csv => listing.csv(sink),
        },
        Body::Record(record) => match form {
            Form::Table => record.table(stdout, sink),
            Form::Json => record.json(stdout, sink),
            Form::Yaml => record.yaml(sink),
            Form::Csv => record.csv(sink),
        },
    }
}

/// A field as a line of a table shows it: control characters are shown, never sent to the terminal.
pub fn printable(text: &str) -> String {
    escape::line(text).into_owned()
}

fn yaml<T: serde::Serialize>(value: &T, sink: &mut dyn Write) -> io::Result<()> {
    let text = serde_yaml::to_string(value).map_err(io::Error::other)?;
    sink.write_all(text.as_bytes())?;
    if text.ends_with('\n') { Ok(()) } else { sink.write_all(b"\n") }
}

fn json<T: serde::Serialize>(value: &T, pretty: bool, sink: &mut dyn Write) -> io::Result<()> {
    if pretty { serde_json::to_writer_pretty(&mut *sink, value) } else { serde_json::to_writer(&mut *sink, value) }
        .map_err(io::Error::from)
}
