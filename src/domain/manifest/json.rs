//! The manifest's JSON, exact to the byte.
//!
//! The version on chain is a hash of what Go's encoder writes after the Cosmos SDK's `SortJSON`: keys in byte order,
//! no blanks, `<`, `>`, `&`, U+2028 and U+2029 escaped. What Go leaves out (`omitempty`) is left out, what it writes
//! as `null` is `null`.

use super::{
    Attribute, Credentials, Endpoint, Expose, Group, HttpOptions, Manifest, Mount, Resources, Service, Volume,
};
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// A JSON value as Go writes it after sorting: keys in byte order, no blanks, its escapes.
pub fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value);
    text
}

fn write(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::String(text) => write_text(out, text),
        Value::Array(items) => {
            let mut separator = '[';
            for item in items {
                out.push(separator);
                write(out, item);
                separator = ',';
            }
            out.push_str(if separator == '[' { "[]" } else { "]" });
        }
        Value::Object(fields) => {
            // Sorted here, whatever order the map keeps.
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_unstable_by_key(|(key, _)| key.as_bytes());
            let mut separator = '{';
            for (key, value) in fields {
                out.push(separator);
                write_text(out, key);
                out.push(':');
                write(out, value);
                separator = ',';
            }
            out.push_str(if separator == '{' { "{}" } else { "}" });
        }
    }
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                // Writing into a text cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

/// An object without the fields that are `None`.
pub(super) fn object<const N: usize>(fields: [(&str, Option<Value>); N]) -> Value {
    let present = fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    Value::Object(present.collect::<Map<_, _>>())
}

fn list<T>(items: &[T], each: impl Fn(&T) -> Value) -> Value {
    Value::Array(items.iter().map(each).collect())
}

fn attributes(attributes: &[Attribute]) -> Option<Value> {
    let filled = |text: &String| (!text.is_empty()).then(|| json!(text));
    let each = |attribute: &Attribute| object([("key", filled(&attribute.key)), ("value", filled(&attribute.value))]);
    (!attributes.is_empty()).then(|| list(attributes, each))
}

fn quantity(number: u64) -> Value {
    json!({ "val": number.to_string() })
}

fn volume(volume: &Volume) -> Value {
    object([
        ("name", Some(json!(volume.name))),
        ("size", Some(quantity(volume.size.0))),
        ("attributes", attributes(&volume.attributes)),
    ])
}

fn endpoint(endpoint: Endpoint) -> Value {
    let number = endpoint.kind.number();
    object([("kind", (number != 0).then(|| json!(number))), ("sequence_number", Some(json!(endpoint.sequence_number)))])
}

pub(super) fn of_resources(resources: &Resources) -> Value {
    let Resources { id, cpu, memory, storage, gpu, endpoints } = resources;
    object([
        ("id", Some(json!(id))),
        ("cpu", Some(object([("units", Some(quantity(cpu.units.0))), ("attributes", attributes(&cpu.attributes))]))),
        (
            "memory",
            Some(object([("size", Some(quantity(memory.size.0))), ("attributes", attributes(&memory.attributes))])),
        ),
        ("storage", (!storage.is_empty()).then(|| list(storage, volume))),
        ("gpu", Some(object([("units", Some(quantity(gpu.units))), ("attributes", attributes(&gpu.attributes))]))),
        ("endpoints", Some(list(endpoints, |each| endpoint(*each)))),
    ])
}

pub(super) fn of_attributes(of: &[Attribute]) -> Option<Value> {
    attributes(of)
}

pub(super) fn of_manifest(manifest: &Manifest) -> Value {
    list(&manifest.groups, |Group { name, services }| json!({ "name": name, "services": list(services, service) }))
}

fn service(service: &Service) -> Value {
    object([
        ("name", Some(json!(service.name))),
        ("image", Some(json!(service.image))),
        ("command", Some(json!(service.command))),
        ("args", Some(json!(service.args))),
        ("env", Some(json!(service.env))),
        ("resources", Some(of_resources(&service.resources))),
        ("count", Some(json!(service.count))),
        ("expose", Some(list(&service.expose, expose))),
        ("params", service.parameters.as_ref().map(|parameters| json!({ "storage": mounts(&parameters.storage) }))),
        ("credentials", Some(service.credentials.as_ref().map_or(Value::Null, credentials))),
    ])
}

fn mounts(mounts: &[Mount]) -> Value {
    let each =
        |Mount { name, mount, read_only }: &Mount| json!({ "name": name, "mount": mount, "readOnly": read_only });
    if mounts.is_empty() { Value::Null } else { list(mounts, each) }
}

fn credentials(Credentials { host, email, username, password }: &Credentials) -> Value {
    json!({ "host": host, "email": email, "username": username, "password": password })
}

fn expose(expose: &Expose) -> Value {
    json!({
        "port": expose.port,
        "externalPort": expose.external_port,
        "proto": expose.protocol.word(),
        "service": expose.service,
        "global": expose.global,
        "hosts": expose.hosts,
        "httpOptions": http_options(&expose.http_options),
        "ip": expose.ip,
        "endpointSequenceNumber": expose.endpoint_sequence_number,
    })
}

fn http_options(options: &HttpOptions) -> Value {
    object([
        ("maxBodySize", Some(json!(options.max_body_size))),
        ("readTimeout", Some(json!(options.read_timeout))),
        ("sendTimeout", Some(json!(options.send_timeout))),
        ("nextTries", Some(json!(options.next_tries))),
        ("nextTimeout", Some(json!(options.next_timeout))),
        ("nextCases", (!options.next_cases.is_empty()).then(|| json!(options.next_cases))),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_sorts_as_go_does() {
        let value = json!({ "b": "<a&b>\u{2028}\u{1}\u{7f}é\"\\\n", "B": [], "a": {}, "": [1, null, true] });
        assert_eq!(
            canonical(&value),
            "{\"\":[1,null,true],\"B\":[],\"a\":{},\"b\":\"\\u003ca\\u0026b\\u003e\\u2028\\u0001\u{7f}é\\\"\\\\\\n\"}"
        );
    }
}
