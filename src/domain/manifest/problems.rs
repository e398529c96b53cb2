//! What is wrong with a manifest that came without its file: by a tenant's tool, in JSON.

use std::collections::BTreeSet;

use super::names::{is_argument, is_host, is_image, is_mount, is_service_name, is_variable, is_volume_name};
use super::{Manifest, Service};

/// The most instances of all services together.
const MOST_INSTANCES: u64 = 1000;
/// The most services, ports, variables or volumes, each.
const MOST: usize = 1000;

impl Manifest {
    /// What is wrong with it; empty where it can be run. The places are those of its own names: it has no lines.
    ///
    /// A manifest that was read from a file has none of these problems: they were told with their lines.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = vec![];
        if self.groups.is_empty() {
            problems.push("the manifest has no group".to_owned());
        }
        let mut hosts = BTreeSet::new();
        for group in &self.groups {
            let shown: String = group.name.chars().take(64).collect();
            if group.services.is_empty() || group.services.len() > MOST {
                problems.push(format!("group {shown:?} has {} services; it takes 1 to {MOST}", group.services.len()));
            }
            let mut names = BTreeSet::new();
            for service in &group.services {
                if !names.insert(&service.name) {
                    problems.push(format!("group {shown:?} has two services {:?}", cut(&service.name)));
                }
                for what in service_problems(service) {
                    problems.push(format!("service {:?}: {what}", cut(&service.name)));
                }
                for host in service.expose.iter().flat_map(|expose| expose.hosts.iter().flatten()) {
                    if !hosts.insert(host) {
                        problems.push(format!("host {:?} is used twice", cut(host)));
                    }
                }
            }
            let instances = group.services.iter().fold(0_u64, |sum, service| sum.saturating_add(service.count.into()));
            if instances > MOST_INSTANCES {
                problems.push(format!("group {shown:?} has {instances} instances; it takes {MOST_INSTANCES} at most"));
            }
        }
        problems
    }
}

fn service_problems(service: &Service) -> Vec<String> {
    let mut problems = vec![];
    let mut wrong = |bad: bool, what: String| {
        if bad {
            problems.push(what);
        }
    };
    wrong(!is_service_name(&service.name), "its name is no DNS label that begins with a letter".to_owned());
    wrong(!is_image(&service.image), format!("{:?} is no name of an image", cut(&service.image)));
    wrong(service.count == 0, "it has no instances".to_owned());
    let texts = [&service.command, &service.args, &service.env];
    for text in texts.into_iter().flatten().flatten().filter(|text| !is_argument(text)) {
        wrong(true, format!("{:?}… cannot be given to a program", cut(text)));
    }
    for (what, number) in [
        ("words of command and arguments", texts.iter().take(2).copied().flatten().map(Vec::len).sum()),
        ("variables", service.env.as_ref().map_or(0, Vec::len)),
        ("ports", service.expose.len()),
        ("volumes", service.resources.storage.len()),
    ] {
        wrong(number > MOST, format!("it has {number} {what}; at most {MOST} are taken"));
    }
    for line in service.env.iter().flatten() {
        let name = line.split('=').next().unwrap_or_default();
        wrong(!is_variable(name), format!("{:?} is no name of an environment variable", cut(name)));
    }
    for expose in &service.expose {
        let ports = [expose.port, expose.seen_port()];
        wrong(ports.iter().any(|port| !(1..=65_535).contains(port)), "a port is a number from 1 to 65535".to_owned());
        for host in expose.hosts.iter().flatten() {
            wrong(!is_host(host), format!("{:?} is no host name", cut(host)));
        }
    }
    let mut mounts = BTreeSet::new();
    for mount in service.parameters.iter().flat_map(|parameters| &parameters.storage) {
        wrong(!is_volume_name(&mount.name), format!("{:?} is no name of a volume", cut(&mount.name)));
        wrong(!is_mount(&mount.mount), format!("nothing can be mounted at {:?}", cut(&mount.mount)));
        wrong(!mounts.insert(mount.mount.trim_end_matches('/')), format!("{:?} is mounted twice", cut(&mount.mount)));
        let known = service.resources.storage.iter().any(|volume| volume.name == mount.name);
        wrong(!known, format!("it mounts a volume {:?} that it does not have", cut(&mount.name)));
    }
    problems
}

fn cut(text: &str) -> String {
    text.chars().take(64).collect()
}
