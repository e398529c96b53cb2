//! What a back end can do, as data: decided before anything is asked of it.

use super::{Probe, Spec};
use crate::domain::manifest::Service;

/// How well a back end keeps workloads apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Isolation {
    /// Hardly at all: processes of the machine, side by side.
    Process,
    /// By the kernel: containers.
    Container,
    /// By a machine of its own.
    Machine,
}

/// What a back end can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a table of independent facts, each named where it is read")]
pub struct Capabilities {
    /// How well it keeps workloads apart.
    pub isolation: Isolation,
    /// It runs images. Without, the manifest's command is all that is run.
    pub images: bool,
    /// It can hold a workload still and let it go on.
    pub pause: bool,
    /// It gives a workload's output.
    pub logs: bool,
    /// It gives output as it comes.
    pub follow: bool,
    /// Ports can be seen under other numbers than the service's own.
    pub port_mapping: bool,
    /// Volumes can be mounted where the manifest wants them.
    pub mounts: bool,
    /// Volumes outlive their unit.
    pub persistent: bool,
    /// It has GPUs to give.
    pub gpus: bool,
    /// It can lease an IP address.
    pub leased_ips: bool,
    /// It can check over HTTP and TCP.
    pub network_checks: bool,
    /// It can check with a command beside the service.
    pub command_checks: bool,
    /// It can log in to a private registry.
    pub registry_logins: bool,
    /// It counts network traffic.
    pub network_usage: bool,
}

/// Something that a manifest wants and a back end cannot do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// The service.
    pub service: String,
    /// What is wanted.
    pub wants: &'static str,
}

impl std::fmt::Display for Misfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "service `{}` wants {}", self.service, self.wants)
    }
}

impl Capabilities {
    /// What of a workload the back end cannot do; empty where it can run it.
    pub fn misfits(&self, spec: &Spec) -> Vec<Misfit> {
        let mut misfits = vec![];
        for service in &spec.group.services {
            let mut lacks = |can: bool, wanted: bool, wants: &'static str| {
                if wanted && !can {
                    misfits.push(Misfit { service: service.name.clone(), wants });
                }
            };
            let mounted = service.parameters.as_ref().is_some_and(|parameters| !parameters.storage.is_empty());
            lacks(self.images, no_command(service), "its image's own command, and images are not run here");
            lacks(self.mounts, mounted, "volumes mounted");
            lacks(self.persistent, is_persistent(service), "a volume that outlives it");
            lacks(self.gpus, service.resources.gpu.units > 0, "GPUs");
            let leased = service.expose.iter().any(|expose| !expose.ip.is_empty());
            lacks(self.leased_ips, leased, "an IP address of its own");
            let moved = |number: u32, seen: u32| seen != 0 && seen != number;
            let mapped = service.expose.iter().any(|expose| expose.global && moved(expose.port, expose.external_port));
            lacks(self.port_mapping, mapped, "a port under another number");
            lacks(self.registry_logins, service.credentials.is_some(), "a login at a registry");
            match spec.probes.get(&service.name) {
                None => {}
                Some(Probe::Http { .. } | Probe::Tcp { .. }) => {
                    lacks(self.network_checks, true, "to be checked over the network");
                }
                Some(Probe::Command { .. }) => lacks(self.command_checks, true, "to be checked with a command"),
            }
        }
        misfits
    }
}

fn no_command(service: &Service) -> bool {
    service.command.as_ref().is_none_or(Vec::is_empty)
}

fn is_persistent(service: &Service) -> bool {
    let persistent = |key: &str, value: &str| key == "persistent" && value == "true";
    let volumes = service.resources.storage.iter();
    volumes.flat_map(|volume| &volume.attributes).any(|attribute| persistent(&attribute.key, &attribute.value))
}
