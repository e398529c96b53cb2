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

/// Prints data. What a program reads is exact; on a terminal, CSV and YAML are made harmless like a table.
pub fn print(body: &Body, form: Form, stdout: Stdout, sink: &mut dyn Write) -> io::Result<()> {
    if stdout.terminal.is_none()
        || !matches!(form, Form::Csv | Form::Yaml)
        || matches!(body, Body::Verbatim(_) | Body::Live(_))
    {
        return print_exactly(body, form, stdout, sink);
    }
    let mut text = Vec::new();
    print_exactly(body, form, stdout, &mut text)?;
    sink.write_all(escape::block(&String::from_utf8_lossy(&text), false).as_bytes())
}

fn print_exactly(body: &Body, form: Form, stdout: Stdout, sink: &mut dyn Write) -> io::Result<()> {
    match body {
        Body::Nothing => Ok(()),
        Body::Verbatim(text) => sink.write_all(text.as_bytes()),
        Body::Live(live) => live.print(sink),
        Body::Both(first, second) => {
            print(first, form, stdout, sink)?;
            sink.write_all(b"\n")?;
            print(second, form, stdout, sink)
        }
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

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;
    use crate::cli::Report;

    #[derive(Serialize)]
    struct Named {
        name: &'static str,
    }

    impl listing::Row for Named {
        const HEADINGS: &'static [&'static str] = &["name"];
        const FIELDS: &'static [&'static str] = &["name"];

        fn cells(&self) -> Vec<String> {
            vec![self.name.to_owned()]
        }

        fn csv(&self) -> Vec<String> {
            self.cells()
        }
    }

    #[test]
    fn only_a_program_gets_control_characters() {
        let printed = |form, terminal| {
            let report = Report::listing(vec![Named { name: "a\u{1b}[2J" }], form);
            let mut sink = Vec::new();
            print(&report.body, form, Stdout { terminal }, &mut sink).unwrap();
            String::from_utf8(sink).unwrap()
        };
        assert_eq!(printed(Form::Csv, None), "name\na\u{1b}[2J\n");
        assert_eq!(printed(Form::Csv, Some(80)), "name\na\\u{1b}[2J\n");
        for form in [Form::Table, Form::Json, Form::Yaml] {
            assert!(!printed(form, Some(80)).contains('\u{1b}'), "{form:?}");
        }
    }
}
