//! The file as it is written, each value with its place.

use super::compute::{self, Compute};
use super::placement::{self, Placement};
use super::reader::{Placed, Reader, Span};
use super::service::{self, Service};
use crate::domain::manifest::Form;
use crate::domain::yaml::{Entry, Node};
use std::collections::BTreeMap;

/// Named things; the place is that of the name.
pub(super) type Named<T> = BTreeMap<String, Placed<T>>;

/// An SDL.
#[derive(Debug)]
pub(super) struct Document {
    /// Whose rules it follows.
    pub(super) rules: Rules,
    /// Where it stands.
    pub(super) span: Span,
    pub(super) services: Named<Service>,
    pub(super) computes: Named<Compute>,
    pub(super) placements: Named<Placement>,
    /// Service, then placement.
    pub(super) deployment: Named<Named<Part>>,
    /// Leased IPs by name; the value is the kind.
    pub(super) endpoints: Named<Placed<String>>,
    /// The file names prices, so it can be ordered.
    pub(super) priced: bool,
}

/// Which rules make groups of services.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rules {
    /// 2.0: each service has a unit of its own.
    V2,
    /// 2.1 and later: services with the same compute profile share one.
    V2_1,
}

/// A service at a placement.
#[derive(Debug)]
pub(super) struct Part {
    /// The compute profile.
    pub(super) profile: Placed<String>,
    /// How many instances.
    pub(super) count: Placed<u32>,
}

impl Document {
    /// A document in which nothing stands.
    pub(super) fn empty(root: &Node) -> Self {
        Self {
            rules: Rules::V2,
            span: root.span.start..root.span.start,
            services: Named::new(),
            computes: Named::new(),
            placements: Named::new(),
            deployment: Named::new(),
            endpoints: Named::new(),
            priced: true,
        }
    }
}

pub(super) fn read(reader: &mut Reader, root: &Node, form: Form) -> Document {
    let mut document = Document::empty(root);
    let mut versioned = false;
    for entry in reader.entries(root, "an SDL") {
        let node = &entry.value;
        match entry.key.as_str() {
            "version" => {
                versioned = true;
                document.rules = if form == Form::V2beta1 { Rules::V2 } else { version(reader, node) };
            }
            "include" => _ = reader.texts(node, "include"),
            "services" => {
                document.services = reader.named(node, "services", |reader, entry| service::read(reader, entry, form));
            }
            "profiles" => profiles(reader, node, &mut document),
            "deployment" => document.deployment = reader.named(node, "deployment", parts),
            "endpoints" => document.endpoints = reader.named(node, "endpoints", endpoint),
            other => reader.problem(&entry.key_span, unknown_field(other)),
        }
    }
    if !versioned {
        reader.problem(&document.span, "the version is missing; write `version: \"2.0\"`");
    }
    document
}

fn unknown_field(name: &str) -> String {
    const KNOWN: [&str; 6] = ["version", "include", "services", "profiles", "deployment", "endpoints"];
    let close = KNOWN.iter().max_by_key(|known| thousandths(strsim::jaro(known, name)));
    let hint = close.filter(|known| strsim::jaro(known, name) > 0.8);
    match hint {
        Some(known) => format!("an SDL has no field `{name}`; did you mean `{known}`?"),
        None => format!("an SDL has no field `{name}`; it has {}", KNOWN.join(", ")),
    }
}

/// A similarity as something that can be compared.
#[expect(
    clippy::float_arithmetic,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a similarity between 0 and 1, for a hint only"
)]
fn thousandths(similarity: f64) -> u32 {
    (similarity * 1000.0) as u32
}

/// 2, 2.0 and 2.0.0 are 2.0; whatever is 2.1 or above is 2.1.
fn version(reader: &mut Reader, node: &Node) -> Rules {
    let text = reader.text(node, "version");
    let trimmed = text.trim();
    let numbers = trimmed.strip_prefix('v').unwrap_or(trimmed).split('.');
    let numbers: Option<Vec<u64>> = numbers.map(|part| part.parse().ok()).collect();
    let numbers = numbers.filter(|numbers| numbers.len() <= 3).unwrap_or_default();
    let part = |index: usize| numbers.get(index).copied().unwrap_or(0);
    match (part(0), part(1), part(2)) {
        (2, 0, 0) => Rules::V2,
        later if later >= (2, 1, 0) => Rules::V2_1,
        _ => {
            reader.problem(&node.span, format_args!("version {text:?} is not known; 2.0 and 2.1 are"));
            Rules::V2_1
        }
    }
}

fn profiles(reader: &mut Reader, node: &Node, document: &mut Document) {
    for entry in reader.entries(node, "profiles") {
        match entry.key.as_str() {
            "compute" => document.computes = reader.named(&entry.value, "profiles.compute", compute::read),
            "placement" => document.placements = reader.named(&entry.value, "profiles.placement", placement::read),
            _ => {}
        }
    }
}

fn parts(reader: &mut Reader, entry: &Entry) -> Named<Part> {
    reader.named(&entry.value, "a service's deployment", |reader, entry| {
        let fields = reader.fields(&entry.value, "a placement's part");
        Part { profile: reader.field_text(&fields, "profile"), count: reader.field_number(&fields, "count") }
    })
}

fn endpoint(reader: &mut Reader, entry: &Entry) -> Placed<String> {
    let fields = reader.fields(&entry.value, "an endpoint");
    reader.field_text(&fields, "kind")
}
