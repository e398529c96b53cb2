//! Groups and manifest out of a checked document.

use super::document::{Document, Part, Rules};
use super::reader::{Placed, plain};
use super::service::{self, Parameters};
use crate::domain::manifest::{
    self as manifest, Credentials, Deployment, Expose, Group, GroupSpec, Manifest, Mount, ResourceUnit, Resources,
    Service,
};
use std::collections::BTreeMap;

/// The document must have passed its checks; what they would have refused is left out here.
pub(super) fn deployment(document: &Document) -> Deployment {
    let numbers = sequence_numbers(document);
    let mut built: BTreeMap<&str, Built<'_>> = BTreeMap::new();
    for (name, parts) in &document.deployment {
        let Some(service) = document.services.get(name) else { continue };
        for (placement, part) in &parts.value {
            let group = built.entry(placement).or_default();
            group.add(document, name, &service.value, placement, &part.value, &numbers);
        }
    }
    let probes =
        document.services.iter().filter_map(|(name, service)| Some((name.clone(), service.value.probe.clone()?)));
    let mut made = Deployment { groups: vec![], manifest: Manifest::default(), probes: probes.collect() };
    for (name, Built { units, services, .. }) in built {
        let requirements = document.placements.get(name).map(|placement| placement.value.requirements.clone());
        let requirements = requirements.unwrap_or_default();
        if document.priced {
            made.groups.push(GroupSpec { name: name.to_owned(), requirements, units });
        }
        made.manifest.groups.push(Group { name: name.to_owned(), services });
    }
    made
}

/// A group while it grows. Services come in order of their names.
#[derive(Default)]
struct Built<'a> {
    units: Vec<ResourceUnit>,
    services: Vec<Service>,
    /// The unit of a compute profile, by its place.
    shared: BTreeMap<&'a str, usize>,
}

impl<'a> Built<'a> {
    fn add(
        &mut self,
        document: &'a Document,
        name: &str,
        service: &service::Service,
        placement: &str,
        part: &'a Part,
        numbers: &BTreeMap<&str, u32>,
    ) {
        let profile = part.profile.value.as_str();
        let Some(compute) = document.computes.get(profile).map(|compute| &compute.value) else { return };
        let price = document.placements.get(placement).and_then(|placement| placement.value.prices.get(profile));
        let Some(price) = price.and_then(|price| price.value.clone()) else { return };
        let expose = exposes(service, numbers);
        let endpoints: Vec<_> = expose.iter().flat_map(Expose::endpoints).collect();
        let mut resources = Resources {
            id: u32::try_from(self.units.len() + 1).unwrap_or(u32::MAX),
            cpu: compute.cpu.clone(),
            memory: compute.memory.clone(),
            storage: compute.storage.clone(),
            gpu: compute.gpu.clone(),
            endpoints: endpoints.clone(),
        };
        let count = part.count.value;
        let bound = self.shared.get(profile).filter(|_| document.rules == Rules::V2_1);
        if let Some(unit) = bound.and_then(|index| self.units.get_mut(*index)) {
            resources.id = unit.resources.id;
            unit.count = unit.count.saturating_add(count);
            unit.resources.endpoints.extend(endpoints);
            unit.resources.endpoints.sort_by_key(|endpoint| endpoint.sequence_number);
        } else {
            self.shared.insert(profile, self.units.len());
            self.units.push(ResourceUnit { resources: resources.clone(), count, price });
        }
        self.services.push(Service {
            name: name.to_owned(),
            image: service.image.clone(),
            command: service.command.as_deref().map(plain),
            args: service.args.as_deref().map(plain),
            env: service.env.as_deref().map(plain),
            resources,
            count,
            expose,
            parameters: service.parameters.as_ref().map(parameters),
            credentials: service.credentials.as_ref().map(|credentials| self::credentials(credentials, document.rules)),
        });
    }
}

/// The number of each leased IP. The reference parser counts every target that is not simply global, those to other
/// services (without a name) included, and a name that stands twice gets its last number: numbers may be skipped.
fn sequence_numbers(document: &Document) -> BTreeMap<&str, u32> {
    let mut names: Vec<&str> = vec![];
    for service in document.deployment.keys().filter_map(|name| document.services.get(name)) {
        let targets = service.value.ports.iter().flat_map(|port| &port.to);
        names.extend(targets.filter(|to| !to.global || !to.ip.value.is_empty()).map(|to| to.ip.value.as_str()));
    }
    names.sort_unstable();
    names.into_iter().zip(1..).collect()
}

fn exposes(service: &service::Service, numbers: &BTreeMap<&str, u32>) -> Vec<Expose> {
    let mut exposes = vec![];
    for port in &service.ports {
        let base = Expose {
            port: port.inner,
            external_port: port.seen_as,
            protocol: port.protocol,
            service: String::new(),
            global: false,
            hosts: port.hosts.as_deref().map(plain),
            http_options: port.http_options.clone(),
            ip: String::new(),
            endpoint_sequence_number: 0,
        };
        for target in &port.to {
            let leased = target.global && !target.ip.value.is_empty();
            let number = numbers.get(target.ip.value.as_str()).copied().filter(|_| leased);
            exposes.push(Expose {
                service: target.service.clone(),
                global: target.global,
                ip: target.ip.value.clone(),
                endpoint_sequence_number: number.unwrap_or(0),
                ..base.clone()
            });
        }
        if port.to.is_empty() {
            exposes.push(base);
        }
    }
    exposes.sort_by(|one, other| {
        let key = |expose: &Expose| (expose.port, expose.protocol, !expose.global);
        one.service.cmp(&other.service).then_with(|| key(one).cmp(&key(other)))
    });
    exposes
}

fn parameters(parameters: &Parameters) -> manifest::Parameters {
    let mount = |(name, mount): (&String, &Placed<service::Mount>)| Mount {
        name: name.clone(),
        mount: mount.value.path.value.clone(),
        read_only: mount.value.read_only.value,
    };
    manifest::Parameters { storage: parameters.storage.iter().map(mount).collect() }
}

/// The older rules lose the address and keep blanks, the newer ones do the opposite.
fn credentials(written: &service::Credentials, rules: Rules) -> Credentials {
    let service::Credentials { host, email, username, password } = written;
    let text = |text: &String| match rules {
        Rules::V2 => text.clone(),
        Rules::V2_1 => text.trim().to_owned(),
    };
    let email = match rules {
        Rules::V2 => String::new(),
        Rules::V2_1 => text(email),
    };
    Credentials { host: text(host), email, username: text(username), password: text(password) }
}
