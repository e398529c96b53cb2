//! From tracing's events to lines.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Metadata, Subscriber};
use tracing_log::NormalizeEvent as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;

use super::super::Level;
use super::file::LogFile;
use super::line::{Fields, JOB_TARGET, Line};
use super::render::render;
use super::{Form, Options, filter};

/// Writes each event as a line, with the fields of the spans around it.
pub struct Lines {
    stderr: Mutex<Box<dyn Write + Send>>,
    stderr_form: (Form, bool),
    stderr_filter: Targets,
    file: Option<ToFile>,
    redact: bool,
}

struct ToFile {
    file: Arc<LogFile>,
    form: Form,
    filter: Targets,
}

impl Lines {
    pub fn new(options: &Options, stderr: Box<dyn Write + Send>, file: Option<Arc<LogFile>>) -> Self {
        let to_file = options.file.as_ref().zip(file);
        Self {
            stderr: Mutex::new(stderr),
            stderr_form: (options.stderr.form, options.stderr.colored),
            stderr_filter: filter::targets(options.stderr.level),
            file: to_file.map(|(wanted, file)| ToFile {
                file,
                form: wanted.form,
                filter: filter::targets(wanted.level),
            }),
            redact: options.redact,
        }
    }

    /// The most verbose level that is written anywhere.
    pub fn most_verbose(&self) -> LevelFilter {
        let filters = [Some(&self.stderr_filter), self.file.as_ref().map(|file| &file.filter)];
        filters.into_iter().flatten().map(hint).max().unwrap_or(LevelFilter::OFF)
    }

    fn wants(&self, metadata: &Metadata<'_>) -> bool {
        let (target, level) = (metadata.target(), metadata.level());
        self.stderr_filter.would_enable(target, level)
            || self.file.as_ref().is_some_and(|file| file.filter.would_enable(target, level))
    }

    fn write(&self, line: &Line<'_>, level: tracing::Level) {
        if self.stderr_filter.would_enable(line.target, &level) {
            self.say(line);
        }
        if let Some(to_file) = self.file.as_ref().filter(|file| file.filter.would_enable(line.target, &level))
            && let Some(failure) = to_file.file.append(&render(line, to_file.form, false))
        {
            self.say(&Line {
                at: line.at,
                level: Level::Warn,
                target: module_path!(),
                job: None,
                run: None,
                message: format!("{failure}; the run goes on, and what is said on stderr is all there is"),
                fields: serde_json::Map::new(),
            });
        }
    }

    fn say(&self, line: &Line<'_>) {
        let (form, colored) = self.stderr_form;
        let rendered = render(line, form, colored);
        // Nobody may be listening.
        let _ = self.stderr.lock().unwrap_or_else(PoisonError::into_inner).write_all(rendered.as_bytes());
    }
}

fn hint(filter: &Targets) -> LevelFilter {
    filter.iter().map(|(_, level)| level).chain(filter.default_level()).max().unwrap_or(LevelFilter::OFF)
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Lines {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.wants(metadata) { Interest::always() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        self.wants(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.most_verbose())
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            let mut fields = Fields::new(self.redact);
            attributes.record(&mut fields);
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, record: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            record.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        // An event that came through the `log` crate bears its own target only in its fields.
        let normalized = event.normalized_metadata();
        let metadata = normalized.as_ref().unwrap_or_else(|| event.metadata());
        let mut own = Fields::new(self.redact);
        event.record(&mut own);
        let mut line = Line {
            at: Timestamp::now(),
            level: Level::of(*metadata.level()),
            target: metadata.target(),
            job: None,
            run: None,
            message: own.message,
            fields: serde_json::Map::new(),
        };
        for span in context.event_scope(event).into_iter().flat_map(tracing_subscriber::registry::Scope::from_root) {
            let extensions = span.extensions();
            let Some(fields) = extensions.get::<Fields>() else { continue };
            if span.metadata().target() == JOB_TARGET && span.name() == "job" {
                line.job = fields.named.get("job").and_then(|job| job.as_str()).map(str::to_owned);
                line.run = fields.named.get("run").and_then(serde_json::Value::as_i64);
            } else {
                line.fields.extend(fields.named.clone());
            }
        }
        line.fields.extend(own.named);
        self.write(&line, *metadata.level());
    }
}
