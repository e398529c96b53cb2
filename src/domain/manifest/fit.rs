//! Whether a manifest is what its deployment ordered on chain: the cross-check of the reference provider.

use std::collections::BTreeMap;
use std::fmt;

use super::{EndpointKind, Group, GroupSpec, Manifest, Resources, Service};

/// Something in a manifest that the order on chain does not have, or the other way round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit {
    /// The group.
    pub group: String,
    /// What does not fit.
    pub what: String,
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "group `{}`: {}", self.group, self.what)
    }
}

impl Manifest {
    /// What of a manifest does not fit the groups on chain; empty where all of it does.
    ///
    /// The groups are the same by name; each service has the hardware of one unit, and as many instances in all as were
    /// ordered; each global port has an endpoint that was ordered, and none is left over.
    pub fn unfit(&self, specs: &[GroupSpec]) -> Vec<Unfit> {
        let mut unfit = vec![];
        for group in &self.groups {
            match specs.iter().find(|spec| spec.name == group.name) {
                None => unfit.push(said(&group.name, "it was not ordered")),
                Some(spec) => check(group, spec, &mut unfit),
            }
        }
        for spec in specs.iter().filter(|spec| !self.groups.iter().any(|group| group.name == spec.name)) {
            unfit.push(said(&spec.name, "it was ordered and is not in the manifest"));
        }
        for (place, group) in self.groups.iter().enumerate() {
            if self.groups.iter().take(place).any(|earlier| earlier.name == group.name) {
                unfit.push(said(&group.name, "it is in the manifest twice"));
            }
        }
        unfit
    }
}

fn said(group: &str, what: impl fmt::Display) -> Unfit {
    Unfit { group: group.chars().take(64).collect(), what: what.to_string() }
}

fn check(group: &Group, spec: &GroupSpec, unfit: &mut Vec<Unfit>) {
    let mut used: BTreeMap<u32, u64> = BTreeMap::new();
    let mut wanted = Endpoints::default();
    for Service { name, resources, count, expose, .. } in &group.services {
        match spec.units.iter().find(|unit| unit.resources.id == resources.id) {
            None => unfit.push(said(
                &group.name,
                format_args!("service `{name}` has resources {} that were not ordered", resources.id),
            )),
            Some(unit) => {
                for what in differences(resources, &unit.resources) {
                    unfit.push(said(&group.name, format_args!("service `{name}` has another {what} than was ordered")));
                }
                let sum = used.entry(resources.id).or_default();
                *sum = sum.saturating_add(u64::from(*count));
            }
        }
        for port in expose.iter().filter(|port| port.global) {
            wanted.count(if port.is_ingress() { EndpointKind::SharedHttp } else { EndpointKind::RandomPort });
            if !port.ip.is_empty() {
                wanted.count(EndpointKind::LeasedIp);
            }
        }
    }
    let mut ordered = Endpoints::default();
    for unit in &spec.units {
        let instances = used.get(&unit.resources.id).copied().unwrap_or(0);
        if instances != u64::from(unit.count) {
            let text =
                format_args!("{instances} instances of resources {}, {} were ordered", unit.resources.id, unit.count);
            unfit.push(said(&group.name, text));
        }
        unit.resources.endpoints.iter().for_each(|endpoint| ordered.count(endpoint.kind));
    }
    if wanted != ordered {
        unfit.push(said(&group.name, format_args!("it has {wanted}, {ordered} were ordered")));
    }
}

/// How many of each kind.
#[derive(Debug, Default, PartialEq, Eq)]
struct Endpoints {
    http: u64,
    ports: u64,
    ips: u64,
}

impl Endpoints {
    const fn count(&mut self, kind: EndpointKind) {
        let of = match kind {
            EndpointKind::SharedHttp => &mut self.http,
            EndpointKind::RandomPort => &mut self.ports,
            EndpointKind::LeasedIp => &mut self.ips,
        };
        *of = of.saturating_add(1);
    }
}

impl fmt::Display for Endpoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} HTTP endpoints, {} ports and {} IP addresses", self.http, self.ports, self.ips)
    }
}

fn differences(one: &Resources, other: &Resources) -> Vec<&'static str> {
    let parts = [
        (one.cpu == other.cpu, "processor"),
        (one.memory == other.memory, "memory"),
        (one.storage == other.storage, "storage"),
        (one.gpu == other.gpu, "GPU"),
        (one.endpoints.len() == other.endpoints.len(), "number of endpoints"),
    ];
    parts.into_iter().filter(|(same, _)| !same).map(|(_, what)| what).collect()
}
