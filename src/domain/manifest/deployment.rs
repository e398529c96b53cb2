//! A tenant's file, whatever form it has, as one thing.

use std::collections::BTreeMap;

use super::{GroupSpec, Manifest, sdl};
use crate::domain::workload::Probe;
use crate::domain::yaml::{self, Limits, Node, Problem, Value};

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
    sdl::read_tree(root.as_ref(), problems, form).map(|deployment| (form, deployment))
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
