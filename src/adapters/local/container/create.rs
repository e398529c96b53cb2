//! Containers, networks and volumes as they are made.

use std::collections::HashMap;

use bollard::models::{
    ContainerCreateBody, EndpointSettings, HostConfig, HostConfigLogConfig, Mount, MountType, NetworkCreateRequest,
    NetworkingConfig, PortBinding, PortMap, VolumeCreateRequest,
};
use bollard::query_parameters::CreateContainerOptionsBuilder;

use super::engine::{Engine, Problem, within};
use super::list::{Found, label};
use super::{Options, users};
use crate::adapters::local::Site;
use crate::domain::manifest::{Expose, Protocol, Service};
use crate::domain::workload::{Owner, Spec, WorkloadId};

/// A container that should be.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PlannedUnit {
    pub(super) service: String,
    replica: u32,
    name: String,
    volumes: Vec<VolumeCreateRequest>,
    body: ContainerCreateBody,
}

/// The most of /tmp and /run, in bytes; it counts as memory.
const SCRATCH: u64 = 64 << 20;

impl PlannedUnit {
    /// Whether a container is this one, of whatever revision.
    pub(super) fn is(&self, found: &Found) -> bool {
        found.service == self.service && found.replica == self.replica
    }
}

/// What the engine can.
#[derive(Debug, Clone, Copy)]
struct Abilities {
    podman: bool,
    maps_users: bool,
}

/// Every container of a workload.
pub(super) fn plan(spec: &Spec, options: &Options, engine: &Engine) -> Vec<PlannedUnit> {
    plan_for(spec, options, Abilities { podman: engine.is_podman(), maps_users: engine.maps_users() })
}

fn plan_for(spec: &Spec, options: &Options, abilities: Abilities) -> Vec<PlannedUnit> {
    let of = |service: &Service| {
        (0..service.count).map(|replica| planned(spec, service, replica, options, abilities)).collect::<Vec<_>>()
    };
    spec.group.services.iter().flat_map(of).collect()
}

/// The network of a workload, which its containers share with nobody.
pub(super) fn network_name(site: &Site, id: &WorkloadId) -> String {
    format!("{}-{id}", site.as_str())
}

fn planned(spec: &Spec, service: &Service, replica: u32, options: &Options, abilities: Abilities) -> PlannedUnit {
    let network = network_name(&options.site, &spec.id);
    let name = format!("{network}-{}-{replica}", service.name);
    let labels = labels(spec, &service.name, replica, &options.site);
    let mounted = service.parameters.iter().flat_map(|parameters| &parameters.storage);
    let mounts: Vec<Mount> = mounted
        .clone()
        .map(|mount| Mount {
            typ: Some(MountType::VOLUME),
            source: Some(format!("{name}-{}", mount.name)),
            target: Some(mount.mount.clone()),
            read_only: Some(mount.read_only),
            ..Mount::default()
        })
        .collect();
    let volumes = mounted
        .map(|mount| VolumeCreateRequest {
            name: Some(format!("{name}-{}", mount.name)),
            labels: Some(labels.clone()),
            ..VolumeCreateRequest::default()
        })
        .collect();
    let aliases = EndpointSettings { aliases: Some(vec![service.name.clone()]), ..EndpointSettings::default() };
    let body = ContainerCreateBody {
        hostname: Some(format!("{}-{replica}", service.name)),
        image: Some(service.image.clone()),
        // The manifest's command stands instead of the image's entry point, its arguments instead of the image's.
        entrypoint: service.command.clone().filter(|command| !command.is_empty()),
        cmd: service.args.clone().filter(|args| !args.is_empty()),
        env: service.env.as_ref().map(|env| env.iter().map(|one| assigned(one)).collect()),
        labels: Some(labels),
        exposed_ports: Some(service.expose.iter().map(port).collect()),
        networking_config: Some(NetworkingConfig {
            endpoints_config: Some(HashMap::from([(network.clone(), aliases)])),
        }),
        host_config: Some(HostConfig {
            network_mode: Some(network),
            port_bindings: Some(bindings(spec, service, options)),
            mounts: (!mounts.is_empty()).then_some(mounts),
            ..limits(service, options, abilities)
        }),
        ..ContainerCreateBody::default()
    };
    PlannedUnit { service: service.name.clone(), replica, name, volumes, body }
}

/// A variable of a manifest as the engine is told of it. A name alone would get the value that it has where the engine runs:
/// what is the host's is nothing for a tenant.
fn assigned(variable: &str) -> String {
    if variable.contains('=') { variable.to_owned() } else { format!("{variable}=") }
}

fn labels(spec: &Spec, service: &str, replica: u32, site: &Site) -> HashMap<String, String> {
    let labels = [
        (label::SITE, site.as_str().to_owned()),
        (label::WORKLOAD, spec.id.to_string()),
        (label::OWNER, spec.owner.to_string()),
        (label::REVISION, spec.revision.to_string()),
        (label::SERVICE, service.to_owned()),
        (label::REPLICA, replica.to_string()),
    ];
    labels.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// What a container is held to.
fn limits(service: &Service, options: &Options, abilities: Abilities) -> HostConfig {
    let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let memory = whole(service.resources.memory.size.0);
    let scratch = SCRATCH.min(service.resources.memory.size.0);
    let tmpfs = |mode: &str| format!("rw,nosuid,nodev,size={scratch},mode={mode}");
    // Each engine has a name of its own for the same bounded file.
    let driver = if abilities.podman { "k8s-file" } else { "json-file" };
    let size = HashMap::from([("max-size".to_owned(), "8m".to_owned())]);
    HostConfig {
        nano_cpus: Some(whole(service.resources.cpu.units.0.saturating_mul(1_000_000))),
        memory: Some(memory),
        memory_swap: Some(memory),
        pids_limit: Some(i64::from(options.processes)),
        readonly_rootfs: Some(options.read_only_root),
        tmpfs: Some(HashMap::from([("/tmp".to_owned(), tmpfs("1777")), ("/run".to_owned(), tmpfs("755"))])),
        cap_drop: Some(vec!["ALL".to_owned()]),
        cap_add: (!options.capabilities.is_empty()).then(|| options.capabilities.clone()),
        security_opt: Some(vec!["no-new-privileges".to_owned()]),
        userns_mode: users::mode(options, service, abilities.maps_users),
        privileged: Some(false),
        publish_all_ports: Some(false),
        log_config: Some(HostConfigLogConfig { typ: Some(driver.to_owned()), config: Some(size) }),
        ..HostConfig::default()
    }
}

fn port(expose: &Expose) -> String {
    let protocol = match expose.protocol {
        Protocol::Tcp => "tcp",
        Protocol::Udp => "udp",
    };
    format!("{}/{protocol}", expose.port)
}

/// Ports to the world: a tenant gets one that is free, the operator the one that the manifest names.
fn bindings(spec: &Spec, service: &Service, options: &Options) -> PortMap {
    let mut ports = PortMap::new();
    for expose in service.expose.iter().filter(|expose| expose.global) {
        let wanted = match spec.owner {
            Owner::Operator if service.count == 1 => expose.seen_port().to_string(),
            Owner::Operator | Owner::Lease(_) => String::new(),
        };
        // Podman's service takes 0.0.0.0 for one address, to which nobody ever comes; everywhere is no address.
        let everywhere = options.publish.is_unspecified();
        let address = if everywhere { String::new() } else { options.publish.to_string() };
        let binding = PortBinding { host_ip: Some(address), host_port: Some(wanted) };
        let bound = ports.entry(port(expose)).or_default().get_or_insert_default();
        // Under as many numbers as the manifest names; one free port is as good as another.
        if !bound.contains(&binding) {
            bound.push(binding);
        }
    }
    ports
}

/// Makes the network of a workload, if it is not there.
pub(super) async fn network(engine: &Engine, spec: &Spec, site: &Site) -> Result<(), Problem> {
    let name = network_name(site, &spec.id);
    if is_ours(network_labels(engine, &name).await?, site, &name)? {
        return Ok(());
    }
    let labels =
        [(label::SITE.to_owned(), site.as_str().to_owned()), (label::WORKLOAD.to_owned(), spec.id.to_string())];
    // Podman's networks reach each other unless told otherwise; Docker's do not.
    let isolated = HashMap::from([("isolate".to_owned(), "true".to_owned())]);
    let request = NetworkCreateRequest {
        name: name.clone(),
        driver: Some("bridge".to_owned()),
        labels: Some(HashMap::from(labels)),
        options: engine.is_podman().then_some(isolated),
        ..NetworkCreateRequest::default()
    };
    match within(engine.docker().create_network(request)).await {
        // Somebody made it meanwhile: an earlier run of ours, whose answer was lost.
        Err(bollard::errors::Error::DockerResponseServerError { status_code: 409, .. }) => {
            is_ours(network_labels(engine, &name).await?, site, &name).map(drop)
        }
        other => other.map(drop).map_err(Problem::from),
    }
}

/// Removes the network of a workload; one that is not ours stays.
pub(super) async fn remove_network(engine: &Engine, id: &WorkloadId, site: &Site) -> Result<(), Problem> {
    let name = network_name(site, id);
    if !is_ours(network_labels(engine, &name).await?, site, &name).unwrap_or(false) {
        return Ok(());
    }
    engine.absent_is_done(within(engine.docker().remove_network(&name)).await)
}

type FoundLabels = Option<HashMap<String, String>>;

async fn network_labels(engine: &Engine, name: &str) -> Result<FoundLabels, Problem> {
    let options = None::<bollard::query_parameters::InspectNetworkOptions>;
    match within(engine.docker().inspect_network(name, options)).await {
        Ok(network) => Ok(Some(network.labels.unwrap_or_default())),
        Err(bollard::errors::Error::DockerResponseServerError { status_code: 404, .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Whether there is something of this name, and it is ours.
fn is_ours(labels: FoundLabels, site: &Site, name: &str) -> Result<bool, Problem> {
    match labels {
        None => Ok(false),
        Some(labels) if labels.get(label::SITE).map(String::as_str) == Some(site.as_str()) => Ok(true),
        Some(_) => Err(Problem::InTheWay(format!("`{name}`"))),
    }
}

/// Makes the volumes and the container of a unit, and starts it.
pub(super) async fn unit(engine: &Engine, unit: &PlannedUnit, site: &Site) -> Result<(), Problem> {
    for volume in &unit.volumes {
        let name = volume.name.clone().unwrap_or_default();
        let there = match within(engine.docker().inspect_volume(&name)).await {
            Ok(volume) => Some(volume.labels),
            Err(bollard::errors::Error::DockerResponseServerError { status_code: 404, .. }) => None,
            Err(error) => return Err(error.into()),
        };
        if !is_ours(there, site, &name)? {
            within(engine.docker().create_volume(volume.clone())).await?;
        }
    }
    let options = CreateContainerOptionsBuilder::new().name(&unit.name).build();
    let created = within(engine.docker().create_container(Some(options), unit.body.clone())).await;
    let id = match created {
        Ok(created) => created.id,
        Err(error) => {
            // Docker answers 409 for a name that is taken, Podman 500: whoever has it says more than the number.
            let options = None::<bollard::query_parameters::InspectContainerOptions>;
            let taken = within(engine.docker().inspect_container(&unit.name, options)).await.is_ok();
            return Err(if taken { Problem::InTheWay(format!("the container `{}`", unit.name)) } else { error.into() });
        }
    };
    engine.start(&id).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::local::container::Pull;
    use crate::domain::manifest::{Cpu, Group, HttpOptions, Memory, Parameters, Resources};
    use crate::domain::resources::{Bytes, MilliCpu};
    use crate::domain::workload::Revision;

    fn options() -> Options {
        Options {
            name: "local".to_owned(),
            site: Site::parse("provider").unwrap(),
            socket: "/run/x.sock".into(),
            pull: Pull::Never,
            publish: [127, 0, 0, 1].into(),
            read_only_root: true,
            capabilities: vec![],
            user_namespace: None,
            processes: 256,
            cgroups: "/sys/fs/cgroup".into(),
        }
    }

    fn spec(owner: Owner) -> Spec {
        let http_options = HttpOptions {
            max_body_size: 0,
            read_timeout: 0,
            send_timeout: 0,
            next_tries: 0,
            next_timeout: 0,
            next_cases: vec![],
        };
        let expose = Expose {
            port: 8080,
            external_port: 80,
            protocol: Protocol::Tcp,
            service: String::new(),
            global: true,
            hosts: None,
            http_options,
            ip: String::new(),
            endpoint_sequence_number: 0,
        };
        let mount =
            crate::domain::manifest::Mount { name: "data".to_owned(), mount: "/data".to_owned(), read_only: true };
        let web = Service {
            name: "web".to_owned(),
            image: "nginx:1".to_owned(),
            command: None,
            args: Some(vec!["-g".to_owned(), "--privileged".to_owned()]),
            env: Some(vec!["A=1".to_owned()]),
            resources: Resources {
                cpu: Cpu { units: MilliCpu(500), attributes: vec![] },
                memory: Memory { size: Bytes(32 << 20), attributes: vec![] },
                ..Resources::default()
            },
            count: 1,
            expose: vec![expose],
            parameters: Some(Parameters { storage: vec![mount] }),
            credentials: None,
        };
        Spec {
            id: WorkloadId::of_operator("web").unwrap(),
            owner,
            revision: Revision([7; 32]),
            group: Group { name: "here".to_owned(), services: vec![web] },
            probes: std::collections::BTreeMap::new(),
        }
    }

    #[test]
    fn a_container_is_held_to_everything() {
        let [unit] = &plan_for(&spec(Owner::Operator), &options(), Abilities { podman: false, maps_users: false })[..]
        else {
            panic!()
        };
        assert_eq!(unit.name, "provider-o-web-web-0");
        let host = unit.body.host_config.as_ref().unwrap();
        assert_eq!(
            (host.nano_cpus, host.memory, host.memory_swap),
            (Some(500_000_000), Some(32 << 20), Some(32 << 20))
        );
        assert_eq!((host.readonly_rootfs, host.privileged, host.pids_limit), (Some(true), Some(false), Some(256)));
        assert_eq!(host.cap_drop.as_deref(), Some(&["ALL".to_owned()][..]));
        assert_eq!(host.security_opt.as_deref(), Some(&["no-new-privileges".to_owned()][..]));
        assert_eq!((&host.cap_add, &host.userns_mode, &host.binds, &host.devices), (&None, &None, &None, &None));
        // No more scratch than memory.
        assert!(host.tmpfs.as_ref().unwrap()["/tmp"].contains("size=33554432"));
        let mount = &host.mounts.as_ref().unwrap()[0];
        assert_eq!((mount.source.as_deref(), mount.typ), (Some("provider-o-web-web-0-data"), Some(MountType::VOLUME)));
        assert_eq!((mount.target.as_deref(), mount.read_only), (Some("/data"), Some(true)));
        assert_eq!(unit.body.cmd.as_ref().unwrap(), &["-g", "--privileged"]);
        assert_eq!(unit.body.entrypoint, None);
        assert_eq!(unit.body.labels.as_ref().unwrap()[label::OWNER], "operator");
    }

    #[test]
    fn a_variable_without_a_value_is_empty() {
        let mut spec = spec(Owner::Operator);
        let [service] = &mut spec.group.services[..] else { panic!() };
        service.env = Some(vec!["HOME".to_owned(), "A=1=2".to_owned(), "B=".to_owned()]);
        let [unit] = &plan_for(&spec, &options(), Abilities { podman: true, maps_users: false })[..] else { panic!() };
        assert_eq!(unit.body.env.as_ref().unwrap(), &["HOME=", "A=1=2", "B="]);
    }

    /// `8080 -> 18091` and `8080 -> 18092` are both to be reached.
    #[test]
    fn a_port_is_seen_under_every_number_that_it_is_given() {
        let ports = |owner: Owner| {
            let mut spec = spec(owner);
            let [service] = &mut spec.group.services[..] else { panic!() };
            let again = Expose { external_port: 81, ..service.expose[0].clone() };
            service.expose.extend([again.clone(), again]);
            let bound = bindings(&spec, &spec.group.services[0], &options());
            let ports = bound["8080/tcp"].clone().unwrap().into_iter().map(|one| one.host_port.unwrap());
            ports.collect::<Vec<_>>()
        };
        assert_eq!(ports(Owner::Operator), ["80", "81"]);
        let lease = "ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw/7/1/1/ve18u2t7lt8zchhhc2tj3yq6yqq56j68mja3xe3gg";
        assert_eq!(ports(Owner::parse(lease).unwrap()), [""], "one that is free");
    }

    #[test]
    fn everywhere_is_no_address() {
        let spec = spec(Owner::Operator);
        let address = |publish: &str| {
            let options = Options { publish: publish.parse().unwrap(), ..options() };
            bindings(&spec, &spec.group.services[0], &options)["8080/tcp"].clone().unwrap()[0].host_ip.clone().unwrap()
        };
        assert_eq!([address("0.0.0.0"), address("::"), address("127.0.0.1")], ["", "", "127.0.0.1"]);
    }

    #[test]
    fn options_reach_the_container() {
        let mut options = options();
        options.capabilities = vec!["NET_BIND_SERVICE".to_owned()];
        options.user_namespace = Some("auto".to_owned());
        options.read_only_root = false;
        let [unit] = &plan_for(&spec(Owner::Operator), &options, Abilities { podman: true, maps_users: false })[..]
        else {
            panic!()
        };
        let host = unit.body.host_config.as_ref().unwrap();
        assert_eq!(host.cap_add.as_deref(), Some(&["NET_BIND_SERVICE".to_owned()][..]));
        assert_eq!((host.userns_mode.as_deref(), host.readonly_rootfs), (Some("auto"), Some(false)));
        assert_eq!(host.log_config.as_ref().unwrap().typ.as_deref(), Some("k8s-file"));
    }

    /// Users of its own where that is possible, unless the operator says otherwise or files would change their owner.
    #[test]
    fn users_are_mapped_where_that_is_possible() {
        let mode = |options: &Options, maps_users: bool, volumes: bool| {
            let mut spec = spec(Owner::Operator);
            if !volumes {
                spec.group.services[0].parameters = None;
            }
            let [unit] = &plan_for(&spec, options, Abilities { podman: true, maps_users })[..] else { panic!() };
            unit.body.host_config.as_ref().unwrap().userns_mode.clone()
        };
        let usual = options();
        assert_eq!(mode(&usual, true, false).as_deref(), Some("auto"));
        assert_eq!((mode(&usual, false, false), mode(&usual, true, true)), (None, None));
        let host = Options { user_namespace: Some("host".to_owned()), ..options() };
        assert_eq!(mode(&host, true, false).as_deref(), Some("host"));
    }

    #[test]
    fn a_tenant_gets_a_port_that_is_free_and_the_operator_the_one_it_names() {
        let lease = "ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw/28/1/2/ve18u2t7lt8zchhhc2tj3yq6yqq56j68mja3xe3gg";
        for (owner, port) in [(Owner::Operator, "80"), (Owner::parse(lease).unwrap(), "")] {
            let [unit] = &plan_for(&spec(owner), &options(), Abilities { podman: false, maps_users: false })[..] else {
                panic!()
            };
            let ports = unit.body.host_config.as_ref().unwrap().port_bindings.as_ref().unwrap();
            let binding = &ports["8080/tcp"].as_ref().unwrap()[0];
            assert_eq!((binding.host_ip.as_deref(), binding.host_port.as_deref()), (Some("127.0.0.1"), Some(port)));
        }
    }
}
