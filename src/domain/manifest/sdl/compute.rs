//! Compute profiles: the hardware of one instance.

use super::quantity;
use super::reader::{Fields, Placed, Reader, Span};
use super::storage;
use crate::domain::manifest::names::{duplicate, is_attribute_key};
use crate::domain::manifest::{Attribute, Cpu, Gpu, Memory, Volume, limits};
use crate::domain::resources::{Bytes, MilliCpu};
use crate::domain::yaml::Entry;
use std::ops::RangeInclusive;

/// A profile as written.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Compute {
    pub(super) cpu: Cpu,
    pub(super) memory: Memory,
    pub(super) storage: Vec<Volume>,
    pub(super) gpu: Gpu,
}

pub(super) fn read(reader: &mut Reader, entry: &Entry) -> Compute {
    let fields = reader.fields(&entry.value, "a compute profile");
    let Some(resources) = fields.get("resources") else {
        reader.problem(&entry.key_span, format_args!("compute profile `{}` has no resources", entry.key));
        return Compute::default();
    };
    self::resources(reader, resources, &format!("compute profile `{}`", entry.key))
}

/// The hardware of one instance; `whose` says whose it is.
pub(super) fn resources(reader: &mut Reader, entry: &Entry, whose: &str) -> Compute {
    let fields = reader.fields(&entry.value, "resources");
    for missing in ["cpu", "memory", "storage"].into_iter().filter(|name| !fields.contains_key(name)) {
        reader.problem(&entry.key_span, format_args!("{whose} has no {missing}"));
    }
    Compute {
        cpu: fields.get("cpu").map(|entry| cpu(reader, entry)).unwrap_or_default(),
        memory: fields.get("memory").map(|entry| memory(reader, entry)).unwrap_or_default(),
        storage: fields.get("storage").map(|entry| storage::read(reader, &entry.value)).unwrap_or_default(),
        gpu: fields.get("gpu").map(|entry| gpu(reader, entry)).unwrap_or_default(),
    }
}

fn cpu(reader: &mut Reader, entry: &Entry) -> Cpu {
    let fields = reader.fields(&entry.value, "cpu");
    let units = amount(reader, &fields, &entry.key_span, "units", quantity::millicores, "0.5, 2 or 500m");
    within(reader, &units, &limits::CPU, "cores", |milli| MilliCpu(milli).to_string());
    let attributes = fields.get("attributes").map(|entry| reader.entries(&entry.value, "attributes"));
    let read = |entry: &Entry| {
        if entry.key != "arch" {
            reader.problem(&entry.key_span, format_args!("cpu has no attribute `{}`; it has `arch`", entry.key));
        }
        Attribute { key: entry.key.clone(), value: reader.text(&entry.value, "arch") }
    };
    let mut attributes: Vec<Attribute> = attributes.unwrap_or_default().iter().map(read).collect();
    attributes.sort();
    Cpu { units: MilliCpu(units.value), attributes }
}

fn memory(reader: &mut Reader, entry: &Entry) -> Memory {
    let fields = reader.fields(&entry.value, "memory");
    let size = amount(reader, &fields, &entry.key_span, "size", quantity::bytes, "512Mi or 4Gi");
    within(reader, &size, &limits::MEMORY, "of memory", |bytes| Bytes(bytes).to_string());
    Memory { size: Bytes(size.value), attributes: vec![] }
}

fn gpu(reader: &mut Reader, entry: &Entry) -> Gpu {
    let known = |name: &str| matches!(name, "units" | "attributes");
    for entry in reader.entries(&entry.value, "gpu").iter().filter(|entry| !known(&entry.key)) {
        reader.problem(&entry.key_span, format_args!("gpu has no field `{}`; it has units and attributes", entry.key));
    }
    let fields = reader.fields(&entry.value, "gpu");
    let units = match fields.get("units") {
        Some(_) => amount(reader, &fields, &entry.key_span, "units", quantity::whole, "0, 1 or 2"),
        None => Placed::default(),
    };
    within(reader, &units, &limits::GPU, "GPUs", |units| units.to_string());
    let attributes = fields.get("attributes").map(|entry| models(reader, entry)).unwrap_or_default();
    if units.value > 0 && attributes.is_empty() {
        reader.problem(&entry.key_span, "gpu needs attributes.vendor.nvidia where units are more than 0");
    }
    Gpu { units: units.value, attributes }
}

/// `vendor.nvidia` as attributes, each a model that will do; an empty list is any model.
fn models(reader: &mut Reader, entry: &Entry) -> Vec<Attribute> {
    for entry in reader.entries(&entry.value, "attributes").iter().filter(|entry| entry.key != "vendor") {
        reader.problem(&entry.key_span, format_args!("gpu has no attribute `{}`; it has `vendor`", entry.key));
    }
    let fields = reader.fields(&entry.value, "attributes");
    let Some(vendor) = fields.get("vendor") else { return vec![] };
    let vendors = reader.entries(&vendor.value, "vendor");
    // The reference parser takes another vendor for "any nvidia": nobody who wrote `amd` wants that.
    for other in vendors.iter().filter(|entry| entry.key != "nvidia") {
        reader.problem(&other.key_span, format_args!("`{}` is no vendor of GPUs here; `nvidia` is", other.key));
    }
    let items = vendors.iter().find(|entry| entry.key == "nvidia");
    let items = items.map(|entry| reader.items(&entry.value, "nvidia")).unwrap_or_default();
    let mut attributes: Vec<Attribute> = items
        .iter()
        .map(|node| {
            let fields = reader.fields(node, "a model");
            let attribute = Attribute { key: model(reader, &fields), value: "true".to_owned() };
            if !is_attribute_key(&attribute.key, true) {
                reader.problem(&node.span, format_args!("{:?} is no attribute", attribute.key));
            }
            attribute
        })
        .collect();
    if attributes.is_empty() {
        attributes.push(Attribute { key: "vendor/nvidia/model/*".to_owned(), value: "true".to_owned() });
    }
    attributes.sort();
    if let Some(key) = duplicate(&attributes) {
        reader.problem(&vendor.key_span, format_args!("{key:?} stands twice"));
    }
    attributes
}

fn model(reader: &mut Reader, fields: &Fields<'_>) -> String {
    let model = reader.field_text(fields, "model").value;
    let ram = reader.field_text(fields, "ram");
    let size = quantity::binary_bytes(&ram.value);
    if size.is_none() && !ram.value.is_empty() {
        reader.problem(&ram.span, format_args!("{:?} is no size of memory; write 80Gi", ram.value));
    }
    let interface = reader.field_text(fields, "interface");
    if !matches!(interface.value.as_str(), "" | "pcie" | "sxm") {
        reader.problem(&interface.span, format_args!("{:?} is no interface; pcie and sxm are", interface.value));
    }
    let ram = size.map(|bytes| format!("/ram/{}Gi", bytes >> 30)).unwrap_or_default();
    let interface = if interface.value.is_empty() { String::new() } else { format!("/interface/{}", interface.value) };
    format!("vendor/nvidia/model/{model}{ram}{interface}")
}

/// A quantity that must be there.
pub(super) fn amount(
    reader: &mut Reader,
    fields: &Fields<'_>,
    place: &Span,
    name: &str,
    parse: fn(&str) -> Option<u64>,
    example: &str,
) -> Placed<u64> {
    let text = reader.field_text(fields, name);
    let span = if text.span.is_empty() { place.clone() } else { text.span };
    let value = parse(&text.value);
    if value.is_none() {
        reader.problem(&span, format_args!("{:?} is no quantity; write {name} as {example}", text.value));
    }
    Placed { span, value: value.unwrap_or_default() }
}

/// Notes what the chain would not take.
pub(super) fn within(
    reader: &mut Reader,
    amount: &Placed<u64>,
    range: &RangeInclusive<u64>,
    what: &str,
    show: impl Fn(u64) -> String,
) {
    // What is no quantity at all was noted already.
    let noted = reader.problems.iter().any(|problem| problem.span == amount.span);
    if !range.contains(&amount.value) && !noted {
        let (least, most) = (show(*range.start()), show(*range.end()));
        reader.problem(&amount.span, format_args!("the chain takes from {least} to {most} {what}"));
    }
}
