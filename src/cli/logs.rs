//! `provider logs`

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use super::output::OutputOption;
use super::output::listing::Row;
use super::{Context, Failure, Report, Status};
use crate::observe::Level;
use crate::observe::log_file::{Entry, Query, tail};

/// Show the last entries of the log file
///
/// Reads the file that `logging.output` names, from its end, in both forms. Without a file the log is in the journal:
/// `journalctl -u 'provider-*'`.
#[derive(Debug, Args)]
pub struct Logs {
    /// That many entries at most, the last ones
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    tail: u32,

    /// Only entries of this level, and more important ones
    #[arg(
        long,
        default_value = "info",
        value_parser = PossibleValuesParser::new(Level::ALL.iter().map(|level| level.word()))
            .try_map(|word| word.parse::<Level>()),
    )]
    level: Level,

    /// Only entries since then: RFC 3339, a date, or a span as in 48h or '48 hours ago'
    #[arg(long, value_name = "TIME")]
    since: Option<String>,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct LogRow {
    time: Timestamp,
    level: &'static str,
    target: String,
    job: Option<String>,
    run: Option<i64>,
    message: String,
    fields: Map<String, Value>,
}

impl Row for LogRow {
    const HEADINGS: &'static [&'static str] = &["time", "level", "job", "target", "message"];
    const FIELDS: &'static [&'static str] = &["time", "level", "target", "job", "run", "message", "fields"];

    fn cells(&self) -> Vec<String> {
        let job = match (&self.job, self.run) {
            (None, _) => "-".to_owned(),
            (Some(job), None) => job.clone(),
            (Some(job), Some(run)) => format!("{job} {run}"),
        };
        let mut message = self.message.clone();
        for (name, value) in &self.fields {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            message.push_str(&format!(" {name}={text}"));
        }
        vec![format!("{:.3}", self.time), self.level.to_owned(), job, self.target.clone(), message]
    }

    fn csv(&self) -> Vec<String> {
        vec![
            self.time.to_string(),
            self.level.to_owned(),
            self.target.clone(),
            self.job.clone().unwrap_or_default(),
            self.run.map_or_else(String::new, |run| run.to_string()),
            self.message.clone(),
            Value::Object(self.fields.clone()).to_string(),
        ]
    }
}

impl From<Entry> for LogRow {
    fn from(entry: Entry) -> Self {
        Self {
            time: entry.at,
            level: entry.level.word(),
            target: entry.target,
            job: entry.job,
            run: entry.run,
            message: entry.message,
            fields: entry.fields,
        }
    }
}

impl Logs {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let Some(path) = configuration.settings.logging.output else {
            return Err(Failure::new(Status::Configuration, "no log file is configured")
                .hint("set `logging.output`, or read the journal: journalctl -u 'provider-*'"));
        };
        let count = usize::try_from(self.tail).unwrap_or(usize::MAX);
        let since = context.since(self.since.as_deref())?;
        let found =
            tail(&path, Query { count, level: self.level, since }).map_err(|error| Failure::from_error(&error))?;
        let report = Report::listing(found.entries.into_iter().map(LogRow::from).collect(), self.output.output);
        Ok(match found.passed_over {
            0 => report,
            lines => report.note(format!("{lines} lines are no log entries, and were passed over")),
        })
    }
}
