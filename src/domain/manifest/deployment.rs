//! A tenant's file, whatever form it has, as one thing.

use std::collections::BTreeMap;

use super::problems::{Flaw, Step};
use super::{GroupSpec, Manifest, sdl};
use crate::domain::workload::Probe;
use crate::domain::yaml::{self, Entry, Limits, Node, Problem, Value};

/// What a tenant's file describes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployment {
    /// What goes on chain, by name. None where the file names no prices: it cannot be ordered then.
    pub groups: Vec<GroupSpec>,
    /// What goes to the provider.
    pub manifest: Manifest,
    /// The checks that it asks for, by service. They are not part of the manifest, so nothing on chain depends on them.
    pub probes: BTreeMap<String, Probe>,
}

/// The form of a tenant's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The stack definition language, 2.0 or later.
    Sdl,
    /// The training manual's form: like an SDL, with counts and resources at the services too.
    V2beta1,
    /// Our own: one group, everything at the services.
    V1,
}

impl Form {
    /// The word in output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sdl => "sdl",
            Self::V2beta1 => "v2beta1",
            Self::V1 => "v1",
        }
    }
}

/// Reads a tenant's file; its `version` says which form it has. What is wrong is said with its place in the text, all of
/// it at once.
pub fn read(text: &str) -> Result<(Form, Deployment), Vec<Problem>> {
    let (root, problems) = yaml::parse(text, Limits::USUAL);
    let form = root.as_ref().map_or(Form::Sdl, form);
    let deployment = sdl::read_tree(root.as_ref(), problems, form)?;
    // What only the manifest as a whole shows.
    let flaws = deployment.manifest.flaws().into_iter();
    let problems: Vec<Problem> = flaws.map(|flaw| placed(root.as_ref(), &deployment.manifest, flaw)).collect();
    if problems.is_empty() { Ok((form, deployment)) } else { Err(problems) }
}

/// A flaw of a manifest at its place in the file that it was derived from: as far inwards as the file goes the same way.
fn placed(root: Option<&Node>, manifest: &Manifest, flaw: Flaw) -> Problem {
    let services = root.and_then(|root| entry(root, "services"));
    let mut span = services.map_or(0..0, |services| services.key_span.clone());
    if let [Step::Item(group), _, Step::Item(number), inwards @ ..] = flaw.place.as_slice() {
        let service = manifest.groups.get(*group).and_then(|group| group.services.get(*number));
        let found = services.zip(service).and_then(|(services, service)| entry(&services.value, &service.name));
        let mut node = found.map(|entry| &entry.value);
        span = found.map_or(span, |entry| entry.key_span.clone());
        for step in inwards {
            match (step, node) {
                (Step::Field(name), Some(inside)) => {
                    let Some(entry) = entry(inside, name) else { break };
                    span = entry.key_span.clone();
                    // Ports and mounts stand in an order of their own in the manifest.
                    node = matches!(*name, "env" | "command" | "args").then_some(&entry.value);
                }
                (Step::Item(number), Some(Node { value: Value::Sequence(items), .. })) => {
                    let Some(item) = items.get(*number) else { break };
                    span = item.span.clone();
                    node = Some(item);
                }
                (Step::Item(_), _) | (Step::Field(_), None) => break,
            }
        }
    }
    Problem::at(span, flaw.text)
}

/// An entry of a mapping.
fn entry<'n>(node: &'n Node, key: &str) -> Option<&'n Entry> {
    let Value::Mapping(entries) = &node.value else { return None };
    entries.iter().find(|entry| entry.key == key)
}

fn form(root: &Node) -> Form {
    let Value::Mapping(entries) = &root.value else { return Form::Sdl };
    let version = entries.iter().find(|entry| entry.key == "version").map(|entry| &entry.value.value);
    match version {
        Some(Value::Scalar { text, .. }) if text == "v1" => Form::V1,
        Some(Value::Scalar { text, .. }) if text == "v2beta1" => Form::V2beta1,
        Some(Value::Scalar { .. } | Value::Null | Value::Sequence(_) | Value::Mapping(_)) | None => Form::Sdl,
    }
}
