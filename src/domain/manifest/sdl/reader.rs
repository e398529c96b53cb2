//! Taking a YAML tree apart, and noting what is wrong with it.

use crate::domain::yaml::{Entry, Node, Problem, Value};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::Range;

/// Where something stands in the text.
pub(super) type Span = Range<usize>;

/// A value and its place.
#[derive(Debug, Clone, Default)]
pub(super) struct Placed<T> {
    /// Where.
    pub(super) span: Span,
    /// What.
    pub(super) value: T,
}

/// Notes problems while it reads.
#[derive(Debug, Default)]
pub(super) struct Reader {
    /// What was found so far.
    pub(super) problems: Vec<Problem>,
}

/// The keys of a mapping, by name; a key without a value counts as left out.
pub(super) type Fields<'a> = BTreeMap<&'a str, &'a Entry>;

/// Problems that are noted, at most: nobody reads more, and a file can have one for every few bytes.
const MOST_PROBLEMS: usize = 1000;
/// Services, profiles, placements and whatever else has a name of the tenant's, at most each.
const MOST_NAMED: usize = 1000;

impl Reader {
    pub(super) fn problem(&mut self, span: &Span, text: impl Display) {
        if self.problems.len() >= MOST_PROBLEMS {
            return;
        }
        self.problems.push(Problem::at(span.clone(), text));
    }

    /// The fields of a mapping. Unknown fields are left alone, as everywhere below the top of an SDL.
    pub(super) fn fields<'a>(&mut self, node: &'a Node, what: &str) -> Fields<'a> {
        self.entries(node, what)
            .iter()
            .filter(|entry| entry.value.value != Value::Null)
            .map(|entry| (entry.key.as_str(), entry))
            .collect()
    }

    /// The entries of a mapping in the tenant's order.
    pub(super) fn entries<'a>(&mut self, node: &'a Node, what: &str) -> &'a [Entry] {
        match &node.value {
            Value::Mapping(entries) => entries,
            Value::Null => &[],
            other @ (Value::Scalar { .. } | Value::Sequence(_)) => {
                self.problem(&node.span, format_args!("{what} is a mapping, not {}", other.noun()));
                &[]
            }
        }
    }

    /// Reads each entry of a mapping whose keys the tenant chose.
    pub(super) fn named<T>(
        &mut self,
        node: &Node,
        what: &str,
        mut each: impl FnMut(&mut Self, &Entry) -> T,
    ) -> BTreeMap<String, Placed<T>> {
        let entries = self.few(node, what);
        let read =
            |entry: &Entry| (entry.key.clone(), Placed { span: entry.key_span.clone(), value: each(self, entry) });
        entries.iter().map(read).collect()
    }

    /// The entries of a mapping whose keys the tenant chose, and not too many of them.
    pub(super) fn few<'a>(&mut self, node: &'a Node, what: &str) -> &'a [Entry] {
        let entries = self.entries(node, what);
        if let Some(entry) = entries.get(MOST_NAMED) {
            self.problem(
                &entry.key_span,
                format_args!("{what} has {} entries; at most {MOST_NAMED} are taken", entries.len()),
            );
        }
        entries.get(..MOST_NAMED).unwrap_or(entries)
    }

    /// The items of a list.
    pub(super) fn items<'a>(&mut self, node: &'a Node, what: &str) -> &'a [Node] {
        match &node.value {
            Value::Sequence(items) => items,
            Value::Null => &[],
            other @ (Value::Scalar { .. } | Value::Mapping(_)) => {
                self.problem(&node.span, format_args!("{what} is a list, not {}", other.noun()));
                &[]
            }
        }
    }

    /// A text; numbers and words such as `true` stand for themselves.
    pub(super) fn text(&mut self, node: &Node, what: &str) -> String {
        match &node.value {
            Value::Scalar { text, .. } => text.clone(),
            Value::Null => String::new(),
            other @ (Value::Sequence(_) | Value::Mapping(_)) => {
                self.problem(&node.span, format_args!("{what} is one value, not {}", other.noun()));
                String::new()
            }
        }
    }

    /// A list of texts, each with its place.
    pub(super) fn texts(&mut self, node: &Node, what: &str) -> Vec<Placed<String>> {
        let items = self.items(node, what);
        items.iter().map(|item| Placed { span: item.span.clone(), value: self.text(item, what) }).collect()
    }

    /// A text of a field; empty where it was left out.
    pub(super) fn field_text(&mut self, fields: &Fields<'_>, name: &str) -> Placed<String> {
        match fields.get(name) {
            Some(entry) => Placed { span: entry.value.span.clone(), value: self.text(&entry.value, name) },
            None => Placed::default(),
        }
    }

    /// A list of texts of a field; none where it was left out.
    pub(super) fn field_texts(&mut self, fields: &Fields<'_>, name: &str) -> Option<Vec<Placed<String>>> {
        fields.get(name).map(|entry| self.texts(&entry.value, name))
    }

    /// A number of 32 bits of a field; 0 where it was left out.
    pub(super) fn field_number(&mut self, fields: &Fields<'_>, name: &str) -> Placed<u32> {
        let Some(entry) = fields.get(name) else { return Placed::default() };
        let span = entry.value.span.clone();
        let value = match &entry.value.value {
            Value::Scalar { text, plain: true } => text.parse().ok(),
            Value::Scalar { plain: false, .. } | Value::Null | Value::Sequence(_) | Value::Mapping(_) => None,
        };
        if value.is_none() {
            self.problem(&span, format_args!("{name} is a whole number from 0 to {}", u32::MAX));
        }
        Placed { span, value: value.unwrap_or_default() }
    }

    /// A boolean of a field, in any spelling of YAML 1.1; false where it was left out.
    pub(super) fn field_flag(&mut self, fields: &Fields<'_>, name: &str) -> Placed<bool> {
        let Some(entry) = fields.get(name) else { return Placed::default() };
        let span = entry.value.span.clone();
        let value = match &entry.value.value {
            Value::Scalar { text, plain: true } => match text.as_str() {
                "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "y" | "Y" => Some(true),
                "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" | "n" | "N" => Some(false),
                _ => None,
            },
            Value::Scalar { plain: false, .. } | Value::Null | Value::Sequence(_) | Value::Mapping(_) => None,
        };
        if value.is_none() {
            self.problem(&span, format_args!("{name} is true or false"));
        }
        Placed { span, value: value.unwrap_or_default() }
    }
}

/// The values without their places.
pub(super) fn plain(placed: &[Placed<String>]) -> Vec<String> {
    placed.iter().map(|item| item.value.clone()).collect()
}
