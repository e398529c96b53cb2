//! What a value may ask while it is read: the node's text with `${VAR}` filled in, and a place for complaints.

use std::borrow::Cow;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::diagnostic::Diagnostic;
use super::environment::Environment;
use super::source::{Place, SourceId};
use crate::domain::network::Network;
use crate::domain::yaml::{Node, Value};

/// The surroundings of a value that is being read.
pub struct Reading<'a> {
    /// The network whose denominations and addresses count.
    pub network: &'static Network,
    /// The environment that `${VAR}` and `env:` refer to.
    pub environment: &'a Environment,
    /// The source the node stands in.
    pub source: SourceId,
    /// The folder that relative paths start from.
    pub base: &'a Path,
    /// The node comes from a variable or a flag, where a list is written with commas.
    pub inline: bool,
    /// Complaints so far.
    pub diagnostics: &'a mut Vec<Diagnostic>,
}

impl Reading<'_> {
    /// A place in the current source.
    pub const fn place(&self, span: Range<usize>) -> Place {
        Place { source: self.source, span }
    }

    /// Notes an error at a node.
    pub fn error(&mut self, node: &Node, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error(self.place(node.span.clone()), message));
    }

    /// Notes an error at a node, with what to do.
    pub fn error_with_help(&mut self, node: &Node, message: impl Into<String>, help: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error(self.place(node.span.clone()), message).help(help));
    }

    /// Notes a warning at a node.
    pub fn warning(&mut self, node: &Node, message: impl Into<String>, help: impl Into<String>) {
        self.diagnostics.push(Diagnostic::warning(self.place(node.span.clone()), message).help(help));
    }

    /// The text of a scalar with its `${VAR}` references filled in; complains where it is not a scalar or a variable
    /// is not set. `$$` stands for a single `$`.
    pub fn text<'n>(&mut self, node: &'n Node, wanted: &str) -> Option<Cow<'n, str>> {
        let Value::Scalar { text, .. } = &node.value else {
            self.error(node, format!("expected {wanted}, found {}", node.value.noun()));
            return None;
        };
        if !text.contains('$') {
            return Some(Cow::Borrowed(text));
        }
        let mut filled = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once('$') {
            filled.push_str(before);
            if let Some(after) = after.strip_prefix('$') {
                filled.push('$');
                rest = after;
            } else if let Some((name, after)) = after.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
                filled.push_str(self.variable(node, name)?);
                rest = after;
            } else {
                filled.push('$');
                rest = after;
            }
        }
        filled.push_str(rest);
        Some(Cow::Owned(filled))
    }

    /// The value of an environment variable that the configuration names.
    pub fn variable(&mut self, node: &Node, name: &str) -> Option<&str> {
        // Looked up twice: the borrow of the value must not outlive the complaint.
        if self.environment.text(name).is_none() {
            let state = if self.environment.get(name).is_some() { "is empty or not UTF-8" } else { "is not set" };
            let help = format!("set {name} in the environment of the process, or write the value another way");
            self.error_with_help(node, format!("the environment variable `{name}` {state}"), help);
            return None;
        }
        self.environment.text(name)
    }

    /// A path as written: `~/` is the home folder, a relative path starts at the folder of the file it stands in.
    pub fn path(&mut self, node: &Node, text: &str) -> Option<PathBuf> {
        if text.contains('\0') {
            self.error(node, "a path cannot hold a NUL character");
            return None;
        }
        if let Some(rest) = text.strip_prefix("~/") {
            return Some(Path::new(self.variable(node, "HOME")?).join(rest));
        }
        Some(self.base.join(text))
    }
}
