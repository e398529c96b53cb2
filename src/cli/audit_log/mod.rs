//! `provider audit-log`

mod verify;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::output::OutputOption;
use super::output::listing::Row;
use super::{Context, Failure, Report};
use crate::domain::audit::{Event, Row as Recorded};
use crate::store::Mode;
use crate::store::audit::{Filter, list};

/// List the audit trail, or verify it
///
/// Lists what was recorded, the oldest first. A listing is not verified: `provider audit-log verify` tells whether it is
/// what was recorded.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct AuditLog {
    #[command(subcommand)]
    command: Option<Command>,

    /// Only what was recorded since then: RFC 3339, a date, or a span as in 48h or '48 hours ago'
    #[arg(long, value_name = "TIME")]
    since: Option<String>,

    /// Only this event
    #[arg(long, value_parser = PossibleValuesParser::new(Event::WORDS).try_map(|word| word.parse::<Event>()))]
    event: Option<Event>,

    /// Only the last ones, that many at most
    #[arg(long, value_name = "NUMBER", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Debug, Subcommand)]
enum Command {
    Verify(verify::Verify),
}

#[derive(Serialize)]
struct EntryRow {
    seq: i64,
    time: Option<Timestamp>,
    event: String,
    outcome: String,
    uid: i64,
    user: Option<String>,
    job: Option<String>,
    run: Option<i64>,
    subject: String,
    details: Value,
    hash: String,
}

impl Row for EntryRow {
    const HEADINGS: &'static [&'static str] = &["row", "time", "event", "outcome", "by", "subject", "details"];
    const FIELDS: &'static [&'static str] =
        &["seq", "time", "event", "outcome", "uid", "user", "job", "run", "subject", "details", "hash"];

    fn cells(&self) -> Vec<String> {
        let who = self.user.clone().unwrap_or_else(|| format!("uid {}", self.uid));
        let by = match (&self.job, self.run) {
            (None, _) => who,
            (Some(job), None) => format!("{who}, {job}"),
            (Some(job), Some(run)) => format!("{who}, {job} {run}"),
        };
        let time = self.time.map_or_else(|| "-".to_owned(), |time| format!("{time:.3}"));
        let (event, outcome) = (self.event.clone(), self.outcome.clone());
        vec![self.seq.to_string(), time, event, outcome, by, self.subject.clone(), self.details.to_string()]
    }

    fn csv(&self) -> Vec<String> {
        vec![
            self.seq.to_string(),
            self.time.map_or_else(String::new, |time| time.to_string()),
            self.event.clone(),
            self.outcome.clone(),
            self.uid.to_string(),
            self.user.clone().unwrap_or_default(),
            self.job.clone().unwrap_or_default(),
            self.run.map_or_else(String::new, |run| run.to_string()),
            self.subject.clone(),
            self.details.to_string(),
            self.hash.clone(),
        ]
    }
}

impl From<Recorded> for EntryRow {
    fn from(row: Recorded) -> Self {
        Self {
            seq: row.seq,
            time: Timestamp::from_microsecond(row.at).ok(),
            event: row.event,
            outcome: row.outcome,
            uid: row.uid,
            user: row.user,
            job: row.job,
            run: row.run,
            subject: row.subject,
            details: serde_json::from_str(&row.details).unwrap_or(Value::String(row.details)),
            hash: crate::domain::hex::encode(&row.hash),
        }
    }
}

impl AuditLog {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        if let Some(Command::Verify(command)) = self.command {
            return command.run(context);
        }
        let since = context.since(self.since.as_deref())?;
        // One more than is shown tells whether there are more.
        let filter = Filter { since, event: self.event, limit: Some(self.limit.saturating_add(1)) };
        let store = context.open_state(&context.state_file()?, Mode::Read)?;
        let mut rows = store.read("list the audit trail", |snapshot| list(snapshot, &filter))?;
        let shown = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > shown;
        if more {
            rows.remove(0);
        }
        let report = Report::listing(rows.into_iter().map(EntryRow::from).collect(), self.output.output);
        Ok(if more { report.note(format!("only the last {shown} rows are shown; see --limit")) } else { report })
    }
}
