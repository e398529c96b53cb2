//! What is wrong with a manifest that came without its file: by a tenant's tool, in JSON.

use std::collections::BTreeSet;

use super::names::{is_argument, is_host, is_image, is_mount, is_service_name, is_variable, is_volume_name};
use super::{Manifest, Service};
use Step::{Field, Item};

/// The most instances of all services together.
const MOST_INSTANCES: u64 = 1000;
/// The most services, ports, variables or volumes, each.
const MOST: usize = 1000;

/// Something that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Flaw {
    /// From the list of groups inwards, by the names of the JSON.
    pub(super) place: Vec<Step>,
    /// What.
    pub(super) text: String,
}

/// One step inwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Into a field.
    Field(&'static str),
    /// To an item, counted from 0.
    Item(usize),
}

/// Flaws that are noted, at most: nobody reads more.
const MOST_FLAWS: usize = 1000;

impl Manifest {
    /// What is wrong with it; empty where it can be run. The places are those of its own names: it has no lines.
    ///
    /// A manifest that was read from a file has none of these problems: [`read`](super::read) tells them with their lines.
    pub fn problems(&self) -> Vec<String> {
        self.flaws().into_iter().map(|flaw| flaw.text).collect()
    }

    /// The same with their places.
    pub(super) fn flaws(&self) -> Vec<Flaw> {
        let mut flaws = Flaws { place: vec![], found: vec![] };
        if self.groups.is_empty() {
            flaws.note(&[], "the manifest has no group".to_owned());
        }
        let mut hosts = BTreeSet::new();
        for (number, group) in self.groups.iter().enumerate() {
            let shown = cut(&group.name);
            flaws.place = vec![Item(number), Field("services")];
            if group.services.is_empty() || group.services.len() > MOST {
                let count = group.services.len();
                flaws.note(&[], format!("group {shown:?} has {count} services; it takes 1 to {MOST}"));
            }
            let mut names = BTreeSet::new();
            for (place, service) in group.services.iter().enumerate() {
                flaws.place = vec![Item(number), Field("services"), Item(place)];
                if !names.insert(&service.name) {
                    let text = format!("group {shown:?} has two services {:?}", cut(&service.name));
                    flaws.note(&[Field("name")], text);
                }
                of_service(service, &mut flaws);
                for (port, expose) in service.expose.iter().enumerate() {
                    for (host, name) in expose.hosts.iter().flatten().enumerate() {
                        if !hosts.insert(name) {
                            let place = [Field("expose"), Item(port), Field("hosts"), Item(host)];
                            flaws.note(&place, format!("host {:?} is used twice", cut(name)));
                        }
                    }
                }
            }
            flaws.place = vec![Item(number), Field("services")];
            let instances = group.services.iter().fold(0_u64, |sum, service| sum.saturating_add(service.count.into()));
            if instances > MOST_INSTANCES {
                let most = MOST_INSTANCES;
                flaws.note(&[], format!("group {shown:?} has {instances} instances; it takes {most} at most"));
            }
        }
        flaws.found
    }
}

/// What was found so far, and where is looked now.
struct Flaws {
    place: Vec<Step>,
    found: Vec<Flaw>,
}

impl Flaws {
    fn note(&mut self, within: &[Step], text: String) {
        if self.found.len() < MOST_FLAWS {
            self.found.push(Flaw { place: [&self.place, within].concat(), text });
        }
    }
}

fn of_service(service: &Service, flaws: &mut Flaws) {
    let name = cut(&service.name);
    let mut wrong = |bad: bool, place: &[Step], what: String| {
        if bad {
            flaws.note(place, format!("service {name:?}: {what}"));
        }
    };
    let label = "its name is no DNS label that begins with a letter";
    wrong(!is_service_name(&service.name), &[Field("name")], label.to_owned());
    let image = cut(&service.image);
    wrong(!is_image(&service.image), &[Field("image")], format!("{image:?} is no name of an image"));
    wrong(service.count == 0, &[Field("count")], "it has no instances".to_owned());
    let texts = [("command", &service.command), ("args", &service.args), ("env", &service.env)];
    for (field, words) in texts {
        for (place, text) in words.iter().flatten().enumerate().filter(|(_, text)| !is_argument(text)) {
            wrong(true, &[Field(field), Item(place)], format!("{:?}… cannot be given to a program", cut(text)));
        }
    }
    let words = [&service.command, &service.args].into_iter().flatten().map(Vec::len).sum();
    for (field, what, number) in [
        ("command", "words of command and arguments", words),
        ("env", "variables", service.env.as_ref().map_or(0, Vec::len)),
        ("expose", "ports", service.expose.len()),
        ("resources", "volumes", service.resources.storage.len()),
    ] {
        wrong(number > MOST, &[Field(field)], format!("it has {number} {what}; at most {MOST} are taken"));
    }
    let mut variables = BTreeSet::new();
    for (place, line) in service.env.iter().flatten().enumerate() {
        let name = line.split('=').next().unwrap_or_default();
        // Some back ends take the first of them, some the last.
        let twice = format!("variable {:?} is set twice", cut(name));
        wrong(!variables.insert(name), &[Field("env"), Item(place)], twice);
        let text = format!("{:?} is no name of an environment variable", cut(name));
        wrong(!is_variable(name), &[Field("env"), Item(place)], text);
    }
    let mut seen = BTreeSet::new();
    for (place, expose) in service.expose.iter().enumerate() {
        for (field, port) in [("port", expose.port), ("externalPort", expose.seen_port())] {
            let at = [Field("expose"), Item(place), Field(field)];
            wrong(!(1..=65_535).contains(&port), &at, "a port is a number from 1 to 65535".to_owned());
        }
        for (number, host) in expose.hosts.iter().flatten().enumerate() {
            let at = [Field("expose"), Item(place), Field("hosts"), Item(number)];
            wrong(!is_host(host), &at, format!("{:?} is no host name", cut(host)));
        }
        let key = (expose.seen_port(), expose.protocol, expose.global, &expose.service, &expose.ip);
        let text = format!("port {} {} stands for two ports", expose.seen_port(), expose.protocol.word());
        wrong(!seen.insert(key), &[Field("expose"), Item(place)], text);
    }
    for (place, volume) in service.resources.storage.iter().enumerate() {
        let at = [Field("resources"), Field("storage"), Item(place), Field("name")];
        let text = format!("{:?} is no name of a volume", cut(&volume.name));
        wrong(!is_volume_name(&volume.name), &at, text);
    }
    let mut mounts = BTreeSet::new();
    for (place, mount) in service.parameters.iter().flat_map(|parameters| &parameters.storage).enumerate() {
        let at = |field: &'static str| [Field("params"), Field("storage"), Item(place), Field(field)];
        let (name, path) = (cut(&mount.name), cut(&mount.mount));
        wrong(!is_volume_name(&mount.name), &at("name"), format!("{name:?} is no name of a volume"));
        wrong(!is_mount(&mount.mount), &at("mount"), format!("nothing can be mounted at {path:?}"));
        let again = !mounts.insert(mount.mount.trim_end_matches('/'));
        wrong(again, &at("mount"), format!("{path:?} is mounted twice"));
        let known = service.resources.storage.iter().any(|volume| volume.name == mount.name);
        wrong(!known, &at("name"), format!("it mounts a volume {name:?} that it does not have"));
    }
}

fn cut(text: &str) -> String {
    text.chars().take(64).collect()
}
