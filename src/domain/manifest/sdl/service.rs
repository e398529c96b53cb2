//! Services: what runs.

use super::compute::{self, Compute};
use super::expose::{self, Port};
use super::reader::{Fields, Placed, Reader, Span};
use crate::domain::manifest::Form;
use crate::domain::manifest::names::{is_argument, is_image, is_mount, is_variable, is_volume_name};
use crate::domain::workload::Probe;
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
    /// `v2beta1`: how many instances, and the hardware of one, said here too.
    pub(super) inline: Option<Inline>,
    /// `v1`: how its health is checked.
    pub(super) probe: Option<Probe>,
}

/// What `v2beta1` says at the service, and the deployment says again.
#[derive(Debug)]
pub(super) struct Inline {
    pub(super) count: Option<Placed<u32>>,
    pub(super) resources: Option<Placed<Compute>>,
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

pub(super) fn read(reader: &mut Reader, entry: &Entry, form: Form) -> Service {
    let fields = reader.fields(&entry.value, "a service");
    let image = reader.field_text(&fields, "image");
    if image.value.is_empty() {
        reader.problem(&entry.key_span, format_args!("service `{}` has no image", entry.key));
    } else if !is_image(&image.value) {
        let shown: String = image.value.chars().take(80).collect();
        reader.problem(&image.span, format_args!("{shown:?} is no name of an image"));
    }
    let env = reader.field_texts(&fields, "env");
    for line in env.iter().flatten() {
        let name = line.value.split('=').next().unwrap_or_default();
        if !is_variable(name) {
            reader.problem(&line.span, format_args!("{name:?} is no name of an environment variable"));
        }
    }
    let (command, args) = (reader.field_texts(&fields, "command"), reader.field_texts(&fields, "args"));
    for text in env.iter().chain(&command).chain(&args).flatten().filter(|text| !is_argument(&text.value)) {
        reader.problem(&text.span, "no program can be given this: it has a NUL, or more than 128 KiB");
    }
    let exposed = fields.get("expose").map(|entry| reader.items(&entry.value, "expose")).unwrap_or_default();
    Service {
        image: image.value,
        command,
        args,
        env,
        ports: exposed.iter().map(|node| expose::read(reader, node)).collect(),
        parameters: fields.get("params").map(|entry| parameters(reader, entry)),
        credentials: fields.get("credentials").map(|entry| credentials(reader, entry)),
        inline: (form == Form::V2beta1).then(|| inline(reader, entry)),
        probe: None,
    }
}

fn inline(reader: &mut Reader, entry: &Entry) -> Inline {
    let fields = reader.fields(&entry.value, "a service");
    let count = fields.contains_key("count").then(|| reader.field_number(&fields, "count"));
    let resources = fields.get("resources").map(|resources| Placed {
        span: resources.key_span.clone(),
        value: compute::resources(reader, resources, &format!("service `{}`", entry.key)),
    });
    Inline { count, resources }
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
        if !is_volume_name(name) {
            let text = "letters, digits, `.`, `_` and `-`, a letter or digit first, 63 at most";
            reader.problem(&volume.span, format_args!("{name:?} is no name of a volume: {text}"));
        }
        if !path.starts_with('/') {
            let place = if span.is_empty() { &volume.span } else { span };
            reader.problem(place, format_args!("the mount of volume `{name}` must be an absolute path"));
        } else if !is_mount(path) {
            let text = "a plain path below the root, not in /proc, /sys or /dev, without `..`, `:` and `,`";
            reader.problem(span, format_args!("the mount of volume `{name}` must be {text}"));
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
