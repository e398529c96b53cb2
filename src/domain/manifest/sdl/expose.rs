//! Ports: who may reach a service.

use super::reader::{Fields, Placed, Reader, Span, plain};
use crate::domain::manifest::names::is_host;
use crate::domain::manifest::{HttpOptions, Protocol};
use crate::domain::yaml::Node;

/// A port as written.
#[derive(Debug)]
pub(super) struct Port {
    /// Where it stands.
    pub(super) span: Span,
    /// The port that the container listens at.
    pub(super) inner: u32,
    /// The port that others see; 0: the same.
    pub(super) seen_as: u32,
    pub(super) protocol: Protocol,
    pub(super) hosts: Option<Vec<Placed<String>>>,
    pub(super) http_options: HttpOptions,
    pub(super) to: Vec<Target>,
}

/// Who may reach it.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) service: String,
    pub(super) global: bool,
    /// The name of a leased IP; empty: none.
    pub(super) ip: Placed<String>,
}

/// The largest body that a proxy takes, in bytes.
const LARGEST_BODY: u32 = 104_857_600;
/// The longest time that a proxy waits, in milliseconds.
const LONGEST_WAIT: u32 = 60_000;
const CASES: [&str; 10] = ["error", "timeout", "500", "502", "503", "504", "403", "404", "429", "off"];

pub(super) fn read(reader: &mut Reader, node: &Node) -> Port {
    let fields = reader.fields(node, "an item of expose");
    let port = reader.field_number(&fields, "port");
    if !(1..=65_535).contains(&port.value) {
        let place = if port.span.is_empty() { &node.span } else { &port.span };
        reader.problem(place, "a port is a number from 1 to 65535");
    }
    let hosts = reader.field_texts(&fields, "accept");
    for host in hosts.iter().flatten().filter(|host| !is_host(&host.value)) {
        reader.problem(&host.span, format_args!("{:?} is no host name", host.value));
    }
    let targets = fields.get("to").map(|entry| reader.items(&entry.value, "to")).unwrap_or_default();
    Port {
        span: node.span.clone(),
        inner: port.value,
        seen_as: reader.field_number(&fields, "as").value,
        protocol: protocol(reader, &fields),
        hosts,
        http_options: http_options(reader, &fields),
        to: targets.iter().map(|node| target(reader, node)).collect(),
    }
}

fn protocol(reader: &mut Reader, fields: &Fields<'_>) -> Protocol {
    let word = reader.field_text(fields, "proto");
    match word.value.to_ascii_uppercase().as_str() {
        "" | "TCP" => Protocol::Tcp,
        "UDP" => Protocol::Udp,
        _ => {
            reader.problem(&word.span, format_args!("{:?} is no protocol; tcp and udp are", word.value));
            Protocol::Tcp
        }
    }
}

fn target(reader: &mut Reader, node: &Node) -> Target {
    let fields = reader.fields(node, "an item of to");
    Target {
        service: reader.field_text(&fields, "service").value,
        global: reader.field_flag(&fields, "global").value,
        ip: reader.field_text(&fields, "ip"),
    }
}

fn http_options(reader: &mut Reader, fields: &Fields<'_>) -> HttpOptions {
    let options = match fields.get("http_options") {
        Some(entry) => reader.fields(&entry.value, "http_options"),
        None => Fields::new(),
    };
    let cases = reader.field_texts(&options, "next_cases").unwrap_or_default();
    for case in cases.iter().filter(|case| !CASES.contains(&case.value.as_str())) {
        reader.problem(&case.span, format_args!("{:?} is no case; one of {} is", case.value, CASES.join(", ")));
    }
    if let Some(off) = cases.iter().find(|case| case.value == "off" && cases.len() > 1) {
        reader.problem(&off.span, "`off` stands alone");
    }
    HttpOptions {
        max_body_size: option(reader, &options, "max_body_size", 1_048_576, LARGEST_BODY),
        read_timeout: option(reader, &options, "read_timeout", LONGEST_WAIT, LONGEST_WAIT),
        send_timeout: option(reader, &options, "send_timeout", LONGEST_WAIT, LONGEST_WAIT),
        next_tries: option(reader, &options, "next_tries", 3, u32::MAX),
        next_timeout: option(reader, &options, "next_timeout", 0, u32::MAX),
        next_cases: if cases.is_empty() { vec!["error".to_owned(), "timeout".to_owned()] } else { plain(&cases) },
    }
}

/// A number of which 0 is the default.
fn option(reader: &mut Reader, fields: &Fields<'_>, name: &str, default: u32, largest: u32) -> u32 {
    let number = reader.field_number(fields, name);
    if number.value > largest {
        reader.problem(&number.span, format_args!("{name} is at most {largest}"));
    }
    if number.value == 0 { default } else { number.value }
}
