//! Specs for tests.

use std::collections::BTreeMap;

use provider::domain::manifest::{Cpu, Expose, Group, Memory, Resources, Service, Volume};
use provider::domain::resources::{Bytes, MilliCpu};
use provider::domain::workload::{Owner, Revision, Spec, WorkloadId};

/// A service of one instance, small, that runs a command.
pub fn service(name: &str, image: &str, command: &[&str]) -> Service {
    Service {
        name: name.to_owned(),
        image: image.to_owned(),
        command: Some(command.iter().map(|word| (*word).to_owned()).collect()),
        args: None,
        env: None,
        resources: Resources {
            id: 1,
            cpu: Cpu { units: MilliCpu(500), attributes: vec![] },
            memory: Memory { size: Bytes(64 << 20), attributes: vec![] },
            storage: vec![Volume { name: "default".to_owned(), size: Bytes(64 << 20), attributes: vec![] }],
            ..Resources::default()
        },
        count: 1,
        expose: Vec::<Expose>::new(),
        parameters: None,
        credentials: None,
    }
}

/// A workload of the operator's own with these services.
pub fn spec(name: &str, revision: u8, services: Vec<Service>) -> Spec {
    Spec {
        id: WorkloadId::of_operator(name).unwrap(),
        owner: Owner::Operator,
        revision: Revision([revision; 32]),
        group: Group { name: "here".to_owned(), services },
        probes: BTreeMap::new(),
    }
}
