//! Finding a key in everything that was given: flag > environment > file > default, each value with its origin.

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use super::diagnostic::{Diagnostic, Severity};
use super::environment::Environment;
use super::mask::masked;
use super::reading::Reading;
use super::schema::Settings;
use super::section::{Item, Key, Section, Spelling};
use super::source::{Kind, Place, SourceId, Sources};
use super::value::Value;
use crate::domain::network::Network;
use crate::domain::yaml::{Node, Value as Yaml};

/// Variables with our prefix that are no keys.
const OTHER_VARIABLES: &[&str] = &["PROVIDER_CONFIG"];

/// A file that was read.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its source.
    pub source: SourceId,
    /// The folder it lies in.
    pub base: PathBuf,
    /// What it holds.
    pub root: Node,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Our own default.
    Default,
    /// A file, a variable or a flag.
    Written(Place),
}

/// A value of the effective configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct Effective {
    /// The canonical path of the key.
    pub path: String,
    /// The value; `null` where nothing is set; secrets are masked.
    pub value: Json,
    /// Where it comes from.
    pub origin: Origin,
}

/// One occurrence of a key in a file.
#[derive(Clone)]
pub struct Occurrence<'a> {
    /// In which file.
    pub document: &'a Document,
    /// Where the key stands.
    pub key_span: Range<usize>,
    /// Its value.
    pub node: &'a Node,
}

/// Everything that was given, by path.
pub struct Lookup<'a> {
    /// The occurrences in files, by the path as written.
    pub written: HashMap<String, Vec<Occurrence<'a>>>,
    /// What flags set, by canonical path.
    pub flags: &'a [(&'static str, &'static str, String)],
    /// The environment.
    pub environment: &'a Environment,
    /// The network whose denominations and addresses count.
    pub network: &'static Network,
    /// The working folder, where relative paths of variables and flags start.
    pub working_folder: &'a Path,
    /// All texts.
    pub sources: &'a mut Sources,
    /// Complaints so far.
    pub diagnostics: Vec<Diagnostic>,
    /// The effective values so far.
    pub effective: Vec<Effective>,
}

/// A value that was found, before it is read.
struct Found {
    node: Node,
    source: SourceId,
    base: PathBuf,
    inline: bool,
    unit: Option<&'static str>,
}

impl Lookup<'_> {
    /// Reads a key. Where it is wrong, which is noted, the default stands in, so that everything else is checked too.
    pub fn read<V: Value>(&mut self, key: &Key) -> Option<V> {
        if let Some(found) = self.find(key) {
            let origin = Origin::Written(Place { source: found.source, span: found.node.span.clone() });
            if let Some(value) = self.read_found::<V>(key, found) {
                self.note(key, value.show(), origin);
                return Some(value);
            }
        }
        let value = match key.default {
            Some(default) => self.read_default::<V>(default),
            None => V::absent(),
        };
        self.note(key, value.as_ref().map_or(Json::Null, V::show), Origin::Default);
        if value.is_none() {
            self.diagnostics.push(Diagnostic::error_anywhere(format!("`{}` is missing", key.path)));
        }
        value
    }

    fn note(&mut self, key: &Key, value: Json, origin: Origin) {
        self.effective.push(Effective { path: key.path.clone(), value, origin });
    }

    /// Warns of variables that look like ours and set nothing.
    pub fn unknown_variables(&mut self) {
        let mut items = Vec::new();
        Settings::describe(&mut items);
        let keys = items.into_iter().filter_map(|item| match item {
            Item::Key(key) => Some(key.variables),
            Item::Section { .. } => None,
        });
        let known: Vec<String> = keys.flatten().map(|variable| variable.name).collect();
        let environment = self.environment;
        for prefix in ["PROVIDER_", "GOLEM_PROVIDER_"] {
            for (name, _) in environment.with_prefix(prefix) {
                if known.iter().any(|known| known == name) || OTHER_VARIABLES.contains(&name) {
                    continue;
                }
                let near = known.iter().min_by_key(|known| strsim::damerau_levenshtein(known, name));
                let mut diagnostic =
                    Diagnostic::error_anywhere(format!("the environment variable {name} sets nothing"));
                diagnostic.severity = Severity::Warning;
                if let Some(near) = near.filter(|near| strsim::damerau_levenshtein(near, name) <= 3) {
                    diagnostic.help = Some(format!("did you mean {near}?"));
                }
                self.diagnostics.push(diagnostic);
            }
        }
    }

    fn read_found<V: Value>(&mut self, key: &Key, found: Found) -> Option<V> {
        let Found { mut node, source, base, inline, unit } = found;
        if let (Some(unit), Yaml::Scalar { text, plain }) = (unit, &mut node.value)
            && !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        {
            text.push_str(unit);
            *plain = true;
        }
        let mut reading = self.reading(source, &base, inline);
        let value = V::read(&node, &mut reading)?;
        if let Some((low, high)) = key.bounds
            && value.outside(low, high)
        {
            reading.error(&node, format!("`{}` must lie between {low} and {high}", key.path));
            return None;
        }
        Some(value)
    }

    fn read_default<V: Value>(&mut self, default: &str) -> Option<V> {
        let (node, _) = crate::domain::yaml::parse(default, crate::domain::yaml::Limits::USUAL);
        let base = self.working_folder;
        V::read(&node?, &mut self.reading(Sources::DEFAULTS, base, false))
    }

    fn reading<'r>(&'r mut self, source: SourceId, base: &'r Path, inline: bool) -> Reading<'r> {
        let (network, environment) = (self.network, self.environment);
        Reading { network, environment, source, base, inline, diagnostics: &mut self.diagnostics }
    }

    /// The occurrence that counts; a second one is noted as a contradiction.
    fn find(&mut self, key: &Key) -> Option<Found> {
        if let Some((_, flag, text)) = self.flags.iter().find(|(path, ..)| *path == key.path) {
            let source = self.sources.add(Kind::Flag(flag), text.clone());
            return Some(self.inline(source, text, None));
        }
        if let Some(found) = self.find_variable(key) {
            return Some(found);
        }
        let occurrences: Vec<(&Spelling, &Occurrence<'_>)> = key
            .spellings
            .iter()
            .flat_map(|spelling| self.written.get(&spelling.name).into_iter().flatten().map(move |o| (spelling, o)))
            .collect();
        let mut occurrences = occurrences.into_iter();
        let (spelling, first) = occurrences.next()?;
        if let Some((other, second)) = occurrences.next() {
            let place = |o: &Occurrence<'_>| Place { source: o.document.source, span: o.key_span.clone() };
            let message = if other.name == spelling.name {
                format!("`{}` is set twice", key.path)
            } else {
                format!("`{}` and `{}` say the same thing", other.name, spelling.name)
            };
            let diagnostic = Diagnostic::error(place(second), message)
                .label("set again here")
                .other(place(first), "set here")
                .help(format!("keep one of them; the canonical spelling is `{}`", key.path));
            self.diagnostics.push(diagnostic);
        }
        Some(Found {
            node: first.node.clone(),
            source: first.document.source,
            base: first.document.base.clone(),
            inline: false,
            unit: spelling.unit,
        })
    }

    fn find_variable(&mut self, key: &Key) -> Option<Found> {
        let environment = self.environment;
        let mut set = key.variables.iter().filter(|variable| environment.get(&variable.name).is_some());
        let variable = set.next()?;
        if let Some(other) = set.next() {
            let (one, two) = (&variable.name, &other.name);
            let message = format!("the environment variables {one} and {two} say the same thing");
            self.diagnostics.push(Diagnostic::error_anywhere(message).help(format!("unset one of them, best {two}")));
        }
        let Some(text) = environment.get(&variable.name).and_then(|value| value.to_str()) else {
            let message = format!("the environment variable {} is not UTF-8", variable.name);
            self.diagnostics.push(Diagnostic::error_anywhere(message));
            return None;
        };
        let shown = if key.secret { "*".repeat(text.len()) } else { masked(text, None) };
        let source = self.sources.add(Kind::Variable(variable.name.clone()), shown);
        Some(self.inline(source, text, variable.unit))
    }

    /// A value that stands on one line outside of a file.
    fn inline(&self, source: SourceId, text: &str, unit: Option<&'static str>) -> Found {
        let value = Yaml::Scalar { text: text.to_owned(), plain: true };
        let base = self.working_folder.to_path_buf();
        Found { node: Node { span: 0..text.len(), value }, source, base, inline: true, unit }
    }
}
