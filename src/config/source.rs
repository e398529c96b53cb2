//! Where configuration comes from: files, environment variables, flags, and our own defaults.

use std::ops::Range;
use std::path::PathBuf;

/// A text that configuration was read from.
#[derive(Debug, Clone)]
pub struct Source {
    /// What it is.
    pub kind: Kind,
    /// Its text, with secrets masked: the only form in which it is ever shown.
    pub shown: String,
}

/// What a source is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Our own defaults.
    Defaults,
    /// A file.
    File(PathBuf),
    /// An environment variable.
    Variable(String),
    /// A flag of the command line.
    Flag(&'static str),
}

/// All texts that one configuration was read from.
#[derive(Debug, Clone)]
pub struct Sources(Vec<Source>);

/// A place in one of the sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Which source.
    pub source: SourceId,
    /// The bytes of it.
    pub span: Range<usize>,
}

/// Names one of the [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceId(usize);

impl Default for Sources {
    fn default() -> Self {
        Self(vec![Source { kind: Kind::Defaults, shown: String::new() }])
    }
}

impl Sources {
    /// The source of our own defaults.
    pub const DEFAULTS: SourceId = SourceId(0);

    /// Adds a text.
    pub fn add(&mut self, kind: Kind, shown: String) -> SourceId {
        self.0.push(Source { kind, shown });
        SourceId(self.0.len() - 1)
    }

    /// The source of an id that [`Sources::add`] gave.
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.0.get(id.0)
    }

    /// Replaces the shown form of a text, once it is known what has to be masked. The length stays, and with it places.
    pub fn mask(&mut self, id: SourceId, shown: String) {
        if let Some(source) = self.0.get_mut(id.0) {
            source.shown = shown;
        }
    }

    /// The files among the sources, in the order in which they were read.
    pub fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.0.iter().filter_map(|source| match &source.kind {
            Kind::File(path) => Some(path),
            Kind::Defaults | Kind::Variable(_) | Kind::Flag(_) => None,
        })
    }

    /// A place as people write it: `/etc/provider-daemon/config.yaml:8:3`, or the variable's or flag's name.
    pub fn describe(&self, place: &Place) -> String {
        let Some(source) = self.get(place.source) else { return String::new() };
        match &source.kind {
            Kind::File(path) => {
                let (line, column) = line_and_column(&source.shown, place.span.start);
                format!("{}:{line}:{column}", path.display())
            }
            other => other.label(),
        }
    }
}

impl Kind {
    /// The name in front of a diagnostic's source line.
    pub fn label(&self) -> String {
        match self {
            Self::Defaults => "built-in default".to_owned(),
            Self::File(path) => path.display().to_string(),
            Self::Variable(name) => format!("environment variable {name}"),
            Self::Flag(name) => format!("option {name}"),
        }
    }
}

/// Line and column of a byte, both from 1; the column counts characters.
pub fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte.min(text.len())).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
    (before.matches('\n').count() + 1, column)
}
