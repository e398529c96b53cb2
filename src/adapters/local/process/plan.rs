//! What a supervisor runs, made from a spec.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Account;
use crate::adapters::local::cgroup::Limits;
use crate::domain::manifest::{Expose, Protocol, Service};
use crate::domain::resources::{Bytes, MilliCpu};
use crate::domain::workload::Spec;

/// A workload as its supervisor runs it: the labels, and one entry for each unit.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Plan {
    /// The workload.
    pub(super) id: String,
    /// Its owner.
    pub(super) owner: String,
    /// Its revision.
    pub(super) revision: String,
    /// What its control groups are below: the site, and the folder that it is in.
    pub(super) place: String,
    /// The account of its processes.
    pub(super) account: Option<Account>,
    /// Where control groups are mounted.
    pub(super) cgroups: Option<PathBuf>,
    /// What it is made of.
    pub(super) units: Vec<PlannedUnit>,
}

/// One process to run. Not printed: its environment is where tenants keep their secrets.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PlannedUnit {
    /// The service.
    pub(super) service: String,
    /// Which of its instances, from 0.
    pub(super) replica: u32,
    /// The program and its arguments.
    pub(super) command: Vec<String>,
    /// Its environment, by name.
    pub(super) environment: BTreeMap<String, String>,
    /// Thousandths of a processor.
    pub(super) cpu: u64,
    /// Bytes.
    pub(super) memory: u64,
    /// Bytes of one file, at most.
    pub(super) storage: u64,
    /// The ports that it opens to the world: number and whether it is UDP.
    pub(super) ports: Vec<(u16, bool)>,
}

/// Where programs are looked for when the manifest names no path.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/// Processes and threads of one unit, at most.
const PROCESSES: u32 = 4096;

impl Plan {
    /// The plan of a workload, which the back end was found able to run.
    pub(super) fn of(spec: &Spec, place: String, account: Option<Account>, cgroups: Option<PathBuf>) -> Self {
        let units = spec.group.services.iter().flat_map(|service| {
            let ports = service.expose.iter().filter(|expose| expose.global).filter_map(port).collect::<Vec<_>>();
            (0..service.count).map(move |replica| PlannedUnit::of(spec, service, replica, ports.clone()))
        });
        Self {
            id: spec.id.to_string(),
            owner: spec.owner.to_string(),
            revision: spec.revision.to_string(),
            place,
            account,
            cgroups,
            units: units.collect(),
        }
    }

    /// The unit of a service's instance.
    pub(super) fn unit(&self, service: &str, replica: u32) -> Option<&PlannedUnit> {
        self.units.iter().find(|unit| unit.service == service && unit.replica == replica)
    }

    /// The unit of this name.
    pub(super) fn named(&self, name: &str) -> Option<&PlannedUnit> {
        self.units.iter().find(|unit| unit.name() == name)
    }

    /// The control group above those of the units.
    pub(super) fn group(&self) -> String {
        format!("{}/{}", self.place, self.id)
    }

    /// The control group of a unit.
    pub(super) fn group_of(&self, unit: &PlannedUnit) -> String {
        format!("{}/{}", self.group(), unit.name())
    }
}

impl PlannedUnit {
    fn of(spec: &Spec, service: &Service, replica: u32, ports: Vec<(u16, bool)>) -> Self {
        let words = [&service.command, &service.args].into_iter().flatten().flatten();
        let mut environment = BTreeMap::from([("PATH".to_owned(), PATH.to_owned())]);
        for line in service.env.iter().flatten() {
            let (name, value) = line.split_once('=').unwrap_or((line, ""));
            environment.insert(name.to_owned(), value.to_owned());
        }
        // Ours are true whatever the manifest says.
        for (name, value) in [
            ("PROVIDER_WORKLOAD", spec.id.to_string()),
            ("PROVIDER_SERVICE", service.name.clone()),
            ("PROVIDER_REPLICA", replica.to_string()),
        ] {
            environment.insert(name.to_owned(), value);
        }
        let storage = service.resources.storage.iter().fold(0_u64, |sum, volume| sum.saturating_add(volume.size.0));
        Self {
            service: service.name.clone(),
            replica,
            command: words.cloned().collect(),
            environment,
            cpu: service.resources.cpu.units.0,
            memory: service.resources.memory.size.0,
            storage,
            ports,
        }
    }

    /// `web-0`.
    pub(super) fn name(&self) -> String {
        format!("{}-{}", self.service, self.replica)
    }

    /// Its limits as a control group holds them.
    pub(super) const fn limits(&self) -> Limits {
        Limits { cpu: MilliCpu(self.cpu), memory: Bytes(self.memory), processes: PROCESSES }
    }
}

fn port(expose: &Expose) -> Option<(u16, bool)> {
    let number = u16::try_from(expose.port).ok()?;
    let udp = match expose.protocol {
        Protocol::Tcp => false,
        Protocol::Udp => true,
    };
    Some((number, udp))
}
