//! The parts of an SDL held against each other.

use super::compute::Compute;
use super::document::{Document, Part};
use super::reader::{Placed, Reader, Span};
use super::service::Service;
use crate::domain::manifest::names::{is_endpoint_name, is_service_name};
use crate::domain::manifest::{Protocol, limits};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(reader: &mut Reader, document: &Document) {
    for (name, endpoint) in &document.endpoints {
        if !is_endpoint_name(name) {
            let text = "two or more lower-case letters, digits, - and _, a letter first";
            reader.problem(&endpoint.span, format_args!("`{name}` is no name of an endpoint: {text}"));
        }
        if endpoint.value.value != "ip" {
            reader.problem(&endpoint.span, format_args!("endpoint `{name}` is of no known kind; write `kind: ip`"));
        }
    }
    if document.deployment.is_empty() {
        reader.problem(&document.span, "nothing is deployed: `deployment` is missing or empty");
    }
    let mut seen = Seen::default();
    for (name, parts) in &document.deployment {
        if !is_service_name(name) {
            let text = "lower-case letters, digits and - within, a letter first";
            reader.problem(&parts.span, format_args!("`{name}` is no name of a service: {text}"));
        }
        let service = document.services.get(name).map(|service| &service.value);
        if service.is_none() {
            reader.problem(&parts.span, format_args!("there is no service `{name}`"));
        }
        for (placement, part) in &parts.value {
            let compute = profiles(reader, document, placement, part);
            if part.value.count.value == 0 {
                let span = &part.value.count.span;
                let place = if span.is_empty() { &part.span } else { span };
                reader.problem(place, format_args!("service `{name}` has no instances: count is 1 or more"));
            }
            if let Some(service) = service {
                inline(reader, name, service, compute, &part.value.count);
                ports(reader, document, name, service, &mut seen);
                volumes(reader, name, service, compute, &part.span);
            }
        }
    }
    for (name, endpoint) in document.endpoints.iter().filter(|(name, _)| !seen.endpoints.contains(name.as_str())) {
        reader.problem(&endpoint.span, format_args!("endpoint `{name}` is used nowhere"));
    }
    // What only the operator runs need not be reached.
    if !seen.global && !document.deployment.is_empty() && document.priced {
        reader.problem(&document.span, "nothing can be reached: at least one port needs `to: [{ global: true }]`");
    }
    sizes(reader, document);
}

/// What may be used only once.
#[derive(Default)]
struct Seen<'a> {
    endpoints: BTreeSet<&'a str>,
    /// IP, port as seen, protocol.
    leased: BTreeMap<(&'a str, u32, Protocol), &'a str>,
    hosts: BTreeSet<&'a str>,
    global: bool,
}

/// `v2beta1` says count and resources twice: both must say the same.
fn inline(reader: &mut Reader, name: &str, service: &Service, compute: Option<&Compute>, count: &Placed<u32>) {
    let Some(inline) = &service.inline else { return };
    if let Some(own) = inline.count.as_ref().filter(|own| own.value != count.value) {
        let text =
            format!("service `{name}` has a count of {} here and of {} in the deployment", own.value, count.value);
        reader.problem(&own.span, text);
    }
    if let (Some(own), Some(compute)) = (&inline.resources, compute)
        && own.value != *compute
    {
        reader
            .problem(&own.span, format_args!("service `{name}` has other resources here than in its compute profile"));
    }
}

fn profiles<'a>(
    reader: &mut Reader,
    document: &'a Document,
    placement: &str,
    part: &Placed<Part>,
) -> Option<&'a Compute> {
    let Placed { span, value: profile } = &part.value.profile;
    let place = if span.is_empty() { &part.span } else { span };
    let compute = document.computes.get(profile);
    if compute.is_none() {
        reader.problem(place, format_args!("there is no compute profile `{profile}`"));
    }
    match document.placements.get(placement) {
        None => reader.problem(&part.span, format_args!("there is no placement `{placement}`")),
        Some(found) if !found.value.prices.contains_key(profile) => {
            reader.problem(place, format_args!("placement `{placement}` has no price for profile `{profile}`"));
        }
        Some(_) => {}
    }
    compute.map(|compute| &compute.value)
}

fn ports<'a>(reader: &mut Reader, document: &'a Document, name: &'a str, service: &'a Service, seen: &mut Seen<'a>) {
    let mut outside = BTreeSet::new();
    for port in &service.ports {
        let seen_as = if port.seen_as == 0 { port.inner } else { port.seen_as };
        for target in &port.to {
            let key = (seen_as, port.protocol, target.global, &target.service, &target.ip.value);
            if !outside.insert(key) {
                let protocol = port.protocol.word();
                let text = format!("port {seen_as} {protocol} of service `{name}` stands for two ports");
                reader.problem(&port.span, text);
            }
        }
        if port.seen_as > 65_535 {
            reader.problem(&port.span, "a port is a number from 1 to 65535");
        }
        for target in port.to.iter().filter(|target| !target.service.is_empty()) {
            if !document.services.contains_key(&target.service) {
                reader.problem(&port.span, format_args!("there is no service `{}`", target.service));
            }
        }
        // One entry of the manifest for each target, or one without any: each must have its hosts for itself.
        for _ in 0..port.to.len().max(1) {
            for host in port.hosts.iter().flatten() {
                if !seen.hosts.insert(&host.value) {
                    reader.problem(&host.span, format_args!("host {} is used twice", host.value));
                }
            }
        }
        for target in &port.to {
            seen.global |= target.global;
            let ip = target.ip.value.as_str();
            if ip.is_empty() {
                continue;
            }
            if !target.global {
                reader.problem(&target.ip.span, "a leased IP needs `global: true`");
            }
            if !document.endpoints.contains_key(ip) {
                reader.problem(&target.ip.span, format_args!("there is no endpoint `{ip}`"));
            }
            seen.endpoints.insert(ip);
            if let Some(other) = seen.leased.insert((ip, port.seen_as, port.protocol), name) {
                let protocol = port.protocol.word();
                let text = format!("port {} {protocol} of `{ip}` is taken by service `{other}`", port.seen_as);
                reader.problem(&port.span, text);
            }
        }
    }
}

fn volumes(reader: &mut Reader, name: &str, service: &Service, compute: Option<&Compute>, place: &Span) {
    let Some(compute) = compute else { return };
    let mounts = service.parameters.as_ref().map(|parameters| &parameters.storage);
    for (volume, mount) in mounts.into_iter().flatten() {
        let Some(found) = compute.storage.iter().find(|found| found.name == *volume) else {
            let text = format!("service `{name}` has parameters for a volume `{volume}`, which its profile has not");
            reader.problem(&mount.span, text);
            continue;
        };
        let ram = found.attributes.iter().any(|attribute| attribute.key == "class" && attribute.value == "ram");
        if ram && mount.value.read_only.value {
            reader.problem(&mount.value.read_only.span, "a volume of class `ram` cannot be read-only");
        }
    }
    for volume in &compute.storage {
        let persistent =
            volume.attributes.iter().any(|attribute| attribute.key == "persistent" && attribute.value == "true");
        if persistent && !mounts.is_some_and(|mounts| mounts.contains_key(&volume.name)) {
            let text = format!(
                "volume `{}` is persistent: service `{name}` needs params.storage.{}.mount",
                volume.name, volume.name
            );
            reader.problem(place, text);
        }
    }
}

/// All instances of a group together have their limits too.
fn sizes(reader: &mut Reader, document: &Document) {
    let mut totals: BTreeMap<&str, [u64; 4]> = BTreeMap::new();
    for parts in document.deployment.values() {
        for (placement, part) in &parts.value {
            let Some(compute) = document.computes.get(&part.value.profile.value) else { continue };
            let Compute { cpu, memory, storage, gpu } = &compute.value;
            let volumes = storage.iter().fold(0, |sum: u64, volume| sum.saturating_add(volume.size.0));
            let total = totals.entry(placement).or_default();
            let most = [limits::CPU, limits::GPU, limits::MEMORY, limits::VOLUME].map(|range| *range.end());
            let each = [cpu.units.0, gpu.units, memory.size.0, volumes];
            let what = ["processor time", "GPUs", "memory", "storage"];
            for (((total, each), most), what) in total.iter_mut().zip(each).zip(most).zip(what) {
                let most = most.saturating_mul(limits::GROUP_FACTOR);
                let within = *total <= most;
                *total = total.saturating_add(each.saturating_mul(u64::from(part.value.count.value)));
                if within && *total > most {
                    let text = format!("group `{placement}` asks for more {what} than the chain takes in one group");
                    reader.problem(&part.span, text);
                }
            }
        }
    }
}
