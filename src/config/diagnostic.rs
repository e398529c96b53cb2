//! What is wrong with a configuration, with the place, the source line and a suggestion.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::Serialize;

use super::source::{Place, Sources, line_and_column};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Accepted, but worth a look.
    Warning,
    /// The configuration cannot be used.
    Error,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// Where; `None` for what concerns the whole.
    pub place: Option<Place>,
    /// A few words at the place itself.
    pub label: String,
    /// Another place that belongs to it.
    pub other: Option<(Place, String)>,
    /// What to do.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(place: Place, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { severity: Severity::Error, message, place: Some(place), label: String::new(), other: None, help: None }
    }

    /// An error without a place.
    pub fn error_anywhere(message: impl Into<String>) -> Self {
        let message = message.into();
        Self { severity: Severity::Error, message, place: None, label: String::new(), other: None, help: None }
    }

    /// A warning at a place.
    pub fn warning(place: Place, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(place, message) }
    }

    /// Adds a few words at the place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Adds the other place that belongs to it.
    #[must_use]
    pub fn other(mut self, place: Place, label: impl Into<String>) -> Self {
        self.other = Some((place, label.into()));
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The diagnostic as a person reads it, with source lines.
    pub fn render(&self, sources: &Sources, colored: bool) -> String {
        let level = match self.severity {
            Severity::Warning => Level::WARNING,
            Severity::Error => Level::ERROR,
        };
        let mut group = Group::with_title(level.primary_title(self.message.as_str()));
        let places = self.place.iter().map(|place| (place, AnnotationKind::Primary, &self.label));
        let others = self.other.iter().map(|(place, label)| (place, AnnotationKind::Context, label));
        let mut snippets: Vec<(super::source::SourceId, Snippet<'_, _>)> = Vec::new();
        for (place, kind, label) in places.chain(others) {
            let Some(source) = sources.get(place.source) else { continue };
            let span = visible(&source.shown, &place.span);
            let annotation = kind.span(span).label(Some(label.as_str()).filter(|label| !label.is_empty()));
            let same = snippets.iter().position(|(id, _)| *id == place.source).map(|at| snippets.remove(at).1);
            let snippet = same.unwrap_or_else(|| Snippet::source(source.shown.as_str()).path(source.kind.label()));
            snippets.push((place.source, snippet.annotation(annotation)));
        }
        for (_, snippet) in snippets {
            group = group.element(snippet);
        }
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        let renderer = if colored { Renderer::styled() } else { Renderer::plain() };
        format!("{}\n", renderer.render(&[group]))
    }

    /// The diagnostic as data.
    pub fn to_data(&self, sources: &Sources) -> Finding {
        let at = self.place.as_ref().and_then(|place| {
            let source = sources.get(place.source)?;
            let (line, column) = line_and_column(&source.shown, place.span.start);
            Some((source.kind.label(), line, column))
        });
        Finding {
            severity: self.severity,
            message: self.message.clone(),
            source: at.as_ref().map(|(label, ..)| label.clone()),
            line: at.as_ref().map(|(_, line, _)| *line),
            column: at.map(|(.., column)| column),
            other: self.other.as_ref().map(|(place, _)| sources.describe(place)),
            help: self.help.clone(),
        }
    }
}

/// A diagnostic as data; the field names are a contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// `error` or `warning`.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// The file, variable or flag.
    pub source: Option<String>,
    /// From 1.
    pub line: Option<usize>,
    /// From 1, in characters.
    pub column: Option<usize>,
    /// The other place that belongs to it, as `file:line:column`.
    pub other: Option<String>,
    /// What to do.
    pub help: Option<String>,
}

/// The part of a span that one line can show: a mapping that goes over lines is marked at its first.
fn visible(text: &str, span: &std::ops::Range<usize>) -> std::ops::Range<usize> {
    let start = span.start.min(text.len());
    let rest = text.get(start..span.end.min(text.len())).unwrap_or_default();
    let end = start + rest.find('\n').unwrap_or(rest.len());
    start..end
}
