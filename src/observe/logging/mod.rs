//! Logs: one line an event, to stderr and optionally to a file.
//!
//! Promises: a line is one line, whatever a tenant put into it; no registered secret is in it; it is written with one
//! call, so that lines of several processes do not mix; a log file that cannot be written never ends a job and is said
//! once on stderr. Starting costs microseconds: no regular expressions, no threads, no buffers to lose in a crash.
//!
//! Text: `2026-01-31T12:00:00.000000Z WARN  provider::jobs::bid_run[bid run 12]: message field=value`.
//! JSON: `{"time":…,"level":"warn","target":…,"job":"bid run","run":12,"message":…,"fields":{…}}`.
//!
//! It does not rotate files: a run is short and opens the file by its name, so that `logrotate` needs no signal.

mod file;
mod filter;
mod layer;
mod line;
mod render;

#[cfg(test)]
mod tests;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use tracing::Span;
use tracing_log::AsLog as _;
use tracing_subscriber::layer::SubscriberExt as _;

use super::Level;
use file::LogFile;
use layer::Lines;

/// The form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// Lines for people.
    Text,
    /// One object a line, for programs.
    Json,
}

/// What is said on stderr.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stderr {
    /// The least important level that is said.
    pub level: Level,
    /// The form.
    pub form: Form,
    /// Whether the level is coloured, in the text form.
    pub colored: bool,
}

/// What is written to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The file. Made with mode 0600 if it is not there; its folder with 0700.
    pub path: PathBuf,
    /// The least important level that is written.
    pub level: Level,
    /// The form.
    pub form: Form,
}

/// How logs are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// What is said on stderr.
    pub stderr: Stderr,
    /// What is written to a file, if anything.
    pub file: Option<File>,
    /// Whether secrets are also looked for by name and pattern (`logging.redact_sensitive`). Registered secrets are
    /// replaced in any case.
    pub redact: bool,
}

/// Logging was started twice in one process.
#[derive(Debug, thiserror::Error)]
#[error("logging is already started")]
pub struct AlreadyStarted;

/// The running logs.
#[derive(Clone)]
pub struct Logging {
    file: Option<Arc<LogFile>>,
}

impl Logging {
    /// Why the log file cannot be written, once that was so. It was said on stderr already.
    pub fn file_failure(&self) -> Option<String> {
        self.file.as_ref().and_then(|file| file.failure())
    }
}

/// Starts the logs of this process. Whatever is wrong with the log file is no error: see [`Logging::file_failure`].
pub fn start(options: &Options) -> Result<Logging, AlreadyStarted> {
    let (subscriber, logging) = subscriber(options, Box::new(io::stderr()));
    let level = subscriber.most_verbose();
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(subscriber))
        .map_err(|_| AlreadyStarted)?;
    // Crates that still write to `log`; a program that embeds us may have its own logger there.
    let _ = tracing_log::LogTracer::builder().with_max_level(level.as_log()).init();
    Ok(logging)
}

/// The layer that writes to `stderr` and to the file, to be installed by the caller.
fn subscriber(options: &Options, stderr: Box<dyn io::Write + Send>) -> (Lines, Logging) {
    let file = options.file.as_ref().map(|file| Arc::new(LogFile::at(&file.path)));
    let lines = Lines::new(options, stderr, file.clone());
    (lines, Logging { file })
}

/// The span of a job's run: each line within bears its name and number.
pub fn job_span(job: &str, run: i64) -> Span {
    // The level is not that of the lines within, but the one at which the span itself is left out.
    tracing::error_span!(target: line::JOB_TARGET, "job", job, run)
}

/// The layer, silent on stderr.
#[cfg(test)]
pub fn layer_for_tests<S>(options: &Options) -> impl tracing_subscriber::Layer<S>
where
    S: tracing::Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a>,
{
    subscriber(options, Box::new(io::sink())).0
}
