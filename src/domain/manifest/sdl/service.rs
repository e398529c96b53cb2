//! Services: what runs.

use super::expose::{self, Port};
use super::reader::{Fields, Placed, Reader, Span};
use crate::domain::manifest::names::is_variable;
use crate::domain::yaml::Entry;
use std::collections::BTreeMap;

/// A service as written.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) image: String,
    pub(super) command: Option<Vec<Placed<String>>>,
    pub(super) args: Option<Vec<Placed<String>>>,
    pub(super) env: Option<Vec<Placed<String>>>,
    pub(super) ports: Vec<Port>,
    pub(super) parameters: Option<Parameters>,
    pub(super) credentials: Option<Credentials>,
}

/// How a service uses its volumes.
#[derive(Debug)]
pub(super) struct Parameters {
    pub(super) storage: BTreeMap<String, Placed<Mount>>,
}

/// Where a volume is mounted.
#[derive(Debug)]
pub(super) struct Mount {
    pub(super) path: Placed<String>,
    pub(super) read_only: Placed<bool>,
}

/// A login at a registry. Not printed: it holds a password.
pub(super) struct Credentials {
    pub(super) host: String,
    pub(super) email: String,
    pub(super) username: String,
    pub(super) password: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("host", &self.host).finish_non_exhaustive()
    }
}

pub(super) fn read(reader: &mut Reader, entry: &Entry) -> Service {
    let fields = reader.fields(&entry.value, "a service");
    let image = reader.field_text(&fields, "image");
    if image.value.is_empty() {
        reader.problem(&entry.key_span, format_args!("service `{}` has no image", entry.key));
    }
    let env = reader.field_texts(&fields, "env");
    for line in env.iter().flatten() {
        let name = line.value.split('=').next().unwrap_or_default();
        if !is_variable(name) {
            reader.problem(&line.span, format_args!("{name:?} is no name of an environment variable"));
        }
    }
    let exposed = fields.get("expose").map(|entry| reader.items(&entry.value, "expose")).unwrap_or_default();
    Service {
        image: image.value,
        command: reader.field_texts(&fields, "command"),
        args: reader.field_texts(&fields, "args"),
        env,
        ports: exposed.iter().map(|node| expose::read(reader, node)).collect(),
        parameters: fields.get("params").map(|entry| parameters(reader, entry)),
        credentials: fields.get("credentials").map(|entry| credentials(reader, entry)),
    }
}

fn parameters(reader: &mut Reader, entry: &Entry) -> Parameters {
    let fields = reader.fields(&entry.value, "params");
    let storage = match fields.get("storage") {
        Some(entry) => reader.named(&entry.value, "params.storage", mount),
        None => BTreeMap::new(),
    };
    let mut mounts: BTreeMap<&str, &str> = BTreeMap::new();
    for (name, volume) in &storage {
        let Placed { span, value: path } = &volume.value.path;
        if !path.starts_with('/') {
            let place = if span.is_empty() { &volume.span } else { span };
            reader.problem(place, format_args!("the mount of volume `{name}` must be an absolute path"));
        } else if let Some(other) = mounts.insert(path, name) {
            reader.problem(span, format_args!("{path} is already the mount of volume `{other}`"));
        }
    }
    Parameters { storage }
}

fn mount(reader: &mut Reader, entry: &Entry) -> Mount {
    let fields = reader.fields(&entry.value, "a volume's parameters");
    Mount { path: reader.field_text(&fields, "mount"), read_only: reader.field_flag(&fields, "readOnly") }
}

fn credentials(reader: &mut Reader, entry: &Entry) -> Credentials {
    let fields = reader.fields(&entry.value, "credentials");
    let host = required(reader, &fields, &entry.key_span, "host");
    let username = required(reader, &fields, &entry.key_span, "username");
    let password = required(reader, &fields, &entry.key_span, "password");
    Credentials { host, email: reader.field_text(&fields, "email").value, username, password }
}

fn required(reader: &mut Reader, fields: &Fields<'_>, place: &Span, name: &str) -> String {
    let text = reader.field_text(fields, name);
    if text.value.trim().is_empty() {
        reader.problem(place, format_args!("the credentials have no {name}"));
    }
    text.value
}
