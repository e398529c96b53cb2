//! Our own form: one group, services with their resources inline.
//!
//! ```text
//! version: "v1"                       always so
//! name: NAME                          of the group; `default` unless given
//! services:
//!   SERVICE:                          a DNS label
//!     image: IMAGE                    as in an SDL, and so are command, args, env, expose, params and credentials
//!     count: NUMBER                   of instances; 1 unless given
//!     resources:                      as in an SDL's compute profile
//!       cpu: { units: 0.5 }
//!       memory: { size: 512Mi }
//!       storage: { size: 1Gi }        or a list of named volumes
//!       gpu: { units: 1, attributes: … }
//!     price: { amount: 1, denom: uve }    by the block, for one instance; all services or none
//!     health: { http: { port: 80, path: / } }    or { tcp: { port: 80 } }, or { command: [PROGRAM, ARGUMENT …] }
//! ```
//! An unknown key is an error at every level that is ours. Without prices it cannot be ordered on chain: it is a
//! workload of the operator's own, or the manifest of a lease that was ordered otherwise.

use std::collections::BTreeMap;

use super::compute;
use super::document::{Document, Named, Part};
use super::placement::{self, Placement};
use super::reader::{Fields, Placed, Reader};
use super::service;
use crate::domain::amount::DecCoin;
use crate::domain::manifest::Form;
use crate::domain::manifest::names::{is_argument, is_service_name};
use crate::domain::workload::Probe;
use crate::domain::yaml::{Entry, Node};

const KEYS: [&str; 3] = ["version", "name", "services"];
const SERVICE_KEYS: [&str; 11] =
    ["image", "command", "args", "env", "expose", "params", "credentials", "count", "resources", "price", "health"];
/// The longest path of an HTTP check.
const LONGEST_PATH: usize = 1024;

pub(super) fn read(reader: &mut Reader, root: &Node) -> Document {
    let mut document = Document::empty(root);
    let fields = known(reader, root, "a v1 manifest", &KEYS);
    let name = reader.field_text(&fields, "name");
    let group = if name.span.is_empty() { "default".to_owned() } else { name.value };
    if !is_service_name(&group) {
        reader.problem(&name.span, format_args!("{group:?} is no name of a group: lower-case letters, digits and -"));
    }
    let Some(services) = fields.get("services") else {
        reader.problem(&document.span, "nothing runs: `services` is missing or empty");
        document.priced = false;
        return document;
    };
    let mut prices: Named<Option<DecCoin>> = BTreeMap::new();
    for entry in reader.few(&services.value, "services") {
        one(reader, entry, &group, &mut document, &mut prices);
    }
    document.priced = !prices.is_empty();
    if document.priced {
        for (name, service) in document.services.iter().filter(|(name, _)| !prices.contains_key(*name)) {
            reader.problem(&service.span, format_args!("service `{name}` has no price, and others have one"));
        }
    } else {
        // Nothing is ordered with it: the groups are left out, and any price will do for what is derived.
        let any = || "1uve".parse::<DecCoin>().ok();
        prices = document
            .services
            .iter()
            .map(|(name, service)| (name.clone(), Placed { span: service.span.clone(), value: any() }))
            .collect();
    }
    document
        .placements
        .insert(group, Placed { span: document.span.clone(), value: Placement { prices, ..Placement::default() } });
    document
}

fn one(reader: &mut Reader, entry: &Entry, group: &str, document: &mut Document, prices: &mut Named<Option<DecCoin>>) {
    let (name, span) = (entry.key.clone(), entry.key_span.clone());
    let fields = known(reader, &entry.value, "a service", &SERVICE_KEYS);
    let mut read = service::read(reader, entry, Form::V1);
    read.probe = fields.get("health").and_then(|entry| probe(reader, entry));
    document.services.insert(name.clone(), Placed { span: span.clone(), value: read });
    let compute = if let Some(resources) = fields.get("resources") {
        compute::resources(reader, resources, &format!("service `{name}`"))
    } else {
        reader.problem(&span, format_args!("service `{name}` has no resources"));
        compute::Compute::default()
    };
    document.computes.insert(name.clone(), Placed { span: span.clone(), value: compute });
    let count = if fields.contains_key("count") {
        reader.field_number(&fields, "count")
    } else {
        Placed { span: span.clone(), value: 1 }
    };
    if let Some(price) = fields.get("price") {
        prices.insert(name.clone(), Placed { span: price.key_span.clone(), value: placement::price(reader, price) });
    }
    let part = Part { profile: Placed { span: span.clone(), value: name.clone() }, count };
    let parts = BTreeMap::from([(group.to_owned(), Placed { span: span.clone(), value: part })]);
    document.deployment.insert(name, Placed { span, value: parts });
}

/// The fields of a mapping of ours, every one of which must be known.
fn known<'a>(reader: &mut Reader, node: &'a Node, what: &str, keys: &[&str]) -> Fields<'a> {
    for entry in reader.entries(node, what) {
        if !keys.contains(&entry.key.as_str()) {
            let shown: String = entry.key.chars().take(64).collect();
            reader.problem(&entry.key_span, format_args!("{what} has no field `{shown}`; it has {}", keys.join(", ")));
        }
    }
    reader.fields(node, what)
}

fn probe(reader: &mut Reader, entry: &Entry) -> Option<Probe> {
    let fields = known(reader, &entry.value, "health", &["http", "tcp", "command"]);
    if fields.len() != 1 {
        reader.problem(&entry.key_span, "health is one of http, tcp and command");
        return None;
    }
    if let Some(http) = fields.get("http") {
        let fields = known(reader, &http.value, "an http check", &["port", "path"]);
        let port = port(reader, &http.value, &fields)?;
        let path = reader.field_text(&fields, "path");
        let path_or_root = if path.span.is_empty() { "/" } else { path.value.as_str() };
        let plain = path_or_root.starts_with('/')
            && path_or_root.len() <= LONGEST_PATH
            && path_or_root.bytes().all(|byte| byte.is_ascii_graphic());
        if !plain {
            reader.problem(&path.span, "the path of a check begins with / and has no blanks");
            return None;
        }
        return Some(Probe::Http { port, path: path_or_root.to_owned() });
    }
    if let Some(tcp) = fields.get("tcp") {
        let fields = known(reader, &tcp.value, "a tcp check", &["port"]);
        return port(reader, &tcp.value, &fields).map(|port| Probe::Tcp { port });
    }
    let words = reader.field_texts(&fields, "command").unwrap_or_default();
    for word in words.iter().filter(|word| !is_argument(&word.value)) {
        reader.problem(&word.span, "no program can be given this: it has a NUL, or more than 128 KiB");
    }
    if words.is_empty() {
        reader.problem(&entry.key_span, "the command of a check is a program and its arguments, as a list");
        return None;
    }
    Some(Probe::Command { command: super::reader::plain(&words) })
}

fn port(reader: &mut Reader, node: &Node, fields: &Fields<'_>) -> Option<u16> {
    let port = reader.field_number(fields, "port");
    let number = u16::try_from(port.value).ok().filter(|port| *port > 0);
    if number.is_none() {
        let place = if port.span.is_empty() { &node.span } else { &port.span };
        reader.problem(place, "a port is a number from 1 to 65535");
    }
    number
}
