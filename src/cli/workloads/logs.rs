//! `provider workloads logs`

use std::io::{self, Write};
use std::ops::ControlFlow;

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::reconciling::Reconciling;
use super::show::find;
use crate::adapters::{LogLine, LogRequest, Target};
use crate::cli::output::listing::Row;
use crate::cli::output::{Form, OutputOption};
use crate::cli::{Context, Failure, Report, Status, wait_for};
use crate::domain::workload::{Workload, WorkloadId};
use crate::observe::escape;
use crate::store::Mode;

/// Show the output of a workload
#[derive(Debug, Args)]
pub struct Logs {
    /// The workload
    #[arg(value_name = "ID")]
    workload: WorkloadId,

    /// That many lines of each unit at most, the last ones (0 to 100000)
    #[arg(long, value_name = "NUMBER", default_value_t = 100, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    tail: u32,

    /// Go on as more comes, until Ctrl-C
    #[arg(long, short)]
    follow: bool,

    /// Only of this service
    #[arg(long, value_name = "NAME")]
    service: Option<String>,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct LineRow {
    unit: String,
    time: Option<Timestamp>,
    stream: &'static str,
    text: String,
}

impl Row for LineRow {
    const HEADINGS: &'static [&'static str] = &["unit", "time", "text"];
    const FIELDS: &'static [&'static str] = &["unit", "time", "stream", "text"];

    fn cells(&self) -> Vec<String> {
        let time = self.time.map_or_else(|| "-".to_owned(), |time| format!("{time:.3}"));
        vec![self.unit.clone(), time, self.text.clone()]
    }

    fn csv(&self) -> Vec<String> {
        let time = self.time.map_or_else(String::new, |time| time.to_string());
        vec![self.unit.clone(), time, self.stream.to_owned(), self.text.clone()]
    }
}

impl From<LogLine> for LineRow {
    fn from(line: LogLine) -> Self {
        let unit = format!("{}-{}", line.service, line.replica);
        Self { unit, time: line.at, stream: line.stream.word(), text: line.text }
    }
}

impl Logs {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let reconciling = Reconciling::open(context)?;
        let store = context.open_state(&reconciling.configuration.state_file, Mode::Read)?;
        let workload = find(&store, &self.workload)?;
        if let Some(service) = &self.service {
            has(&workload, service)?;
        }
        let Some(name) = workload.adapter.clone() else {
            return Err(Failure::new(Status::Data, format!("{} has run nowhere yet", self.workload)));
        };
        let registry = reconciling.registry.clone();
        let missing = || Failure::new(Status::Configuration, format!("its back end `{name}` is not configured"));
        registry.get(&name).ok_or_else(missing)?;
        let wanted = LogRequest { service: self.service, tail: Some(self.tail), follow: self.follow };
        let (id, handle, form) = (self.workload, workload.handle, self.output.output);
        if !self.follow {
            let mut rows: Vec<LineRow> = vec![];
            let mut sink = |line: LogLine| {
                rows.push(line.into());
                ControlFlow::Continue(())
            };
            let target = Target { id: &id, handle: handle.as_ref() };
            if let Some(adapter) = registry.get(&name) {
                wait_for(adapter.logs(target, &wanted, &mut sink))?.map_err(|error| Failure::from_error(&error))?;
            }
            return Ok(Report::listing(rows, form));
        }
        drop(store);
        Ok(Report::live(move |out| {
            let Some(adapter) = registry.get(&name) else { return Ok(()) };
            let (sender, mut lines) = tokio::sync::mpsc::unbounded_channel();
            // Nobody prints any more: nobody reads any more.
            let mut sink = move |line: LogLine| match sender.send(line) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            };
            let target = Target { id: &id, handle: handle.as_ref() };
            let both = async {
                let mut read = adapter.logs(target, &wanted, &mut sink);
                loop {
                    tokio::select! {
                        line = lines.recv() => match line {
                            Some(line) => print(out, &line.into(), form)?,
                            None => return Ok(()),
                        },
                        ended = &mut read => {
                            while let Ok(line) = lines.try_recv() {
                                print(out, &line.into(), form)?;
                            }
                            return ended.map_err(io::Error::other);
                        }
                    }
                }
            };
            wait_for(both).map_err(|failure| io::Error::other(failure.to_json()))?
        }))
    }
}

/// A service that the workload has not would have no output, as one that says nothing.
fn has(workload: &Workload, service: &str) -> Result<(), Failure> {
    let names: Vec<&str> = workload.services.iter().map(|(name, _)| name.as_str()).collect();
    if names.contains(&service) {
        return Ok(());
    }
    let text = format!("{} has no service {service:?}", workload.id);
    Err(Failure::new(Status::Data, text).hint(format!("it has {}", names.join(", "))))
}

/// A line as it comes.
fn print(out: &mut dyn Write, row: &LineRow, form: Form) -> io::Result<()> {
    match form {
        Form::Json => {
            serde_json::to_writer(&mut *out, row)?;
            out.write_all(b"\n")?;
        }
        Form::Table | Form::Yaml | Form::Csv => writeln!(out, "{}\t{}", row.unit, escape::line(&row.text))?,
    }
    out.flush()
}
