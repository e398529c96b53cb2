//! Volumes of a compute profile.

use super::compute::{amount, within};
use super::quantity;
use super::reader::Reader;
use crate::domain::manifest::{Attribute, Volume, limits};
use crate::domain::resources::Bytes;
use crate::domain::yaml::{Entry, Node, Value};

const CLASSES: [&str; 5] = ["default", "beta1", "beta2", "beta3", "ram"];

/// One volume, or a list of them.
pub(super) fn read(reader: &mut Reader, node: &Node) -> Vec<Volume> {
    let mut volumes: Vec<Volume> = match &node.value {
        // A single volume is always called so, whatever its name.
        Value::Mapping(_) => vec![Volume { name: "default".to_owned(), ..volume(reader, node) }],
        Value::Scalar { .. } | Value::Null | Value::Sequence(_) => {
            reader.items(node, "storage").iter().map(|node| volume(reader, node)).collect()
        }
    };
    for (index, volume) in volumes.iter().enumerate() {
        if volumes.iter().take(index).any(|earlier| earlier.name == volume.name) {
            reader.problem(&node.span, format_args!("two volumes are called `{}`", volume.name));
        }
    }
    sort(&mut volumes);
    volumes
}

fn volume(reader: &mut Reader, node: &Node) -> Volume {
    let fields = reader.fields(node, "a volume");
    let size = amount(reader, &fields, &node.span, "size", quantity::bytes, "512Mi or 10Gi");
    within(reader, &size, &limits::VOLUME, "of a volume", |bytes| Bytes(bytes).to_string());
    let name = reader.field_text(&fields, "name").value;
    let name = if name.is_empty() { "default".to_owned() } else { name };
    let attributes = fields.get("attributes").map(|entry| attributes(reader, entry)).unwrap_or_default();
    Volume { name, size: Bytes(size.value), attributes }
}

/// `persistent` and `class`, by key, with what follows from leaving one out.
fn attributes(reader: &mut Reader, entry: &Entry) -> Vec<Attribute> {
    let mut persistent = "false".to_owned();
    let mut class = None;
    for entry in reader.entries(&entry.value, "attributes") {
        let text = reader.text(&entry.value, &entry.key);
        match entry.key.as_str() {
            "persistent" => persistent = text,
            "class" => class = Some(text),
            other => reader.problem(
                &entry.key_span,
                format_args!("a volume has no attribute `{other}`; it has persistent and class"),
            ),
        }
    }
    let place = &entry.key_span;
    // The words are compared before they are made one: `yes` neither implies the class `default` nor forbids others.
    match class.as_deref() {
        None | Some("") if persistent == "true" => class = Some("default".to_owned()),
        Some("ram") if persistent != "false" => reader.problem(place, "a volume of class `ram` cannot be persistent"),
        None | Some("" | "ram") => {}
        Some(other) if !CLASSES.contains(&other) => {
            reader.problem(place, format_args!("{other:?} is no class of storage; {} are", CLASSES.join(", ")));
        }
        Some(_) if persistent == "false" => {
            reader.problem(place, "a volume that is not persistent has no class but `ram`");
        }
        Some(_) => {}
    }
    let persistent = match persistent.as_str() {
        "true" | "on" | "yes" => "true",
        "false" | "off" | "no" => "false",
        other => {
            reader.problem(place, format_args!("{other:?} is neither true nor false"));
            "false"
        }
    };
    let attribute = |key: &str, value: String| Attribute { key: key.to_owned(), value };
    let mut attributes: Vec<Attribute> = class.map(|class| attribute("class", class)).into_iter().collect();
    attributes.push(attribute("persistent", persistent.to_owned()));
    attributes
}

/// The order in which the reference parser leaves them: smaller first, then without `persistent`, then by its value.
///
/// Its comparison says "less" both ways of two ephemeral volumes of one size, so the sort beneath matters: insertion,
/// as Go's stable sort does it for up to twenty.
fn sort(volumes: &mut [Volume]) {
    for end in 1..volumes.len() {
        for index in (1..=end).rev() {
            let Some([one, other]) = volumes.get_mut(index - 1..=index) else { break };
            if !precedes(other, one) {
                break;
            }
            std::mem::swap(one, other);
        }
    }
}

fn precedes(one: &Volume, other: &Volume) -> bool {
    if one.size != other.size {
        return one.size < other.size;
    }
    match (persistence(one), persistence(other)) {
        (None, Some(_)) => return true,
        (Some(_), None) => return false,
        (Some(one), Some(other)) if one < other => return true,
        (None, None) | (Some(_), Some(_)) => {}
    }
    if persistence(one) != Some("true") {
        return true;
    }
    persistence(other) == Some("true") && one.name < other.name
}

fn persistence(volume: &Volume) -> Option<&str> {
    volume.attributes.iter().find(|attribute| attribute.key == "persistent").map(|attribute| attribute.value.as_str())
}
