//! Volumes: in memory, on the node's disk, or claims that outlive the pod.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    EmptyDirVolumeSource, PersistentVolumeClaim, PersistentVolumeClaimSpec, Volume as PodVolume, VolumeMount,
    VolumeResourceRequirements,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::Unfit;
use crate::adapters::kubernetes::{Options, names};
use crate::domain::manifest::{Mount, Service, Volume};
use crate::domain::resources::Bytes;
use crate::domain::workload::Spec;

/// The class of a volume in memory.
const IN_MEMORY: &str = "ram";
/// The class that means the operator's default.
const USUAL: &str = "default";
/// The folders that programs expect to write to, where the root is read-only.
const SCRATCH: [(&str, &str); 2] = [("scratch-tmp", "/tmp"), ("scratch-run", "/run")];
/// The most of each of them, in bytes: memory of the container.
const SCRATCH_SIZE: u64 = 64 << 20;

fn attribute<'a>(volume: &'a Volume, key: &str) -> Option<&'a str> {
    volume.attributes.iter().find(|attribute| attribute.key == key).map(|attribute| attribute.value.as_str())
}

fn is_persistent(volume: &Volume) -> bool {
    attribute(volume, "persistent") == Some("true")
}

fn is_in_memory(volume: &Volume) -> bool {
    !is_persistent(volume) && attribute(volume, "class") == Some(IN_MEMORY)
}

/// The volumes of a service that outlive its pods.
pub(super) fn persistent(service: &Service) -> impl Iterator<Item = &Volume> {
    service.resources.storage.iter().filter(|volume| is_persistent(volume))
}

/// What of a service's volumes is memory.
pub(super) fn in_memory(service: &Service) -> Bytes {
    let volumes = service.resources.storage.iter().filter(|volume| is_in_memory(volume));
    Bytes(volumes.fold(0, |sum, volume| sum.saturating_add(volume.size.0)))
}

/// What of a service's volumes is the node's disk.
pub(super) fn on_disk(service: &Service) -> Bytes {
    let volumes = service.resources.storage.iter().filter(|volume| !is_persistent(volume) && !is_in_memory(volume));
    Bytes(volumes.fold(0, |sum, volume| sum.saturating_add(volume.size.0)))
}

/// The name of a volume within the pod. Ours begin with `scratch-`, a tenant's with `data-`: neither can be the other.
/// What is no DNS label becomes one by a hash.
fn name(volume: &str) -> String {
    const BEGIN: &str = "data-";
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let fits = volume.len() + BEGIN.len() <= names::LABEL && volume.bytes().all(plain) && !volume.ends_with('-');
    if fits { format!("{BEGIN}{volume}") } else { format!("{BEGIN}{}", names::digest(volume, 20)) }
}

fn mounts(service: &Service) -> impl Iterator<Item = (&Mount, Option<&Volume>)> {
    let mounts = service.parameters.iter().flat_map(|parameters| &parameters.storage);
    mounts.map(|mount| (mount, service.resources.storage.iter().find(|volume| volume.name == mount.name)))
}

/// Where the container finds its volumes.
pub(super) fn mounted(service: &Service, options: &Options) -> Option<Vec<VolumeMount>> {
    let own = mounts(service).map(|(mount, _)| VolumeMount {
        name: name(&mount.name),
        mount_path: mount.mount.clone(),
        read_only: mount.read_only.then_some(true),
        ..VolumeMount::default()
    });
    let taken = |path: &str| mounts(service).any(|(mount, _)| mount.mount.trim_end_matches('/') == path);
    let scratch = SCRATCH.into_iter().filter(|(_, path)| options.confinement.read_only_root && !taken(path));
    let scratch = scratch.map(|(name, path)| VolumeMount {
        name: name.to_owned(),
        mount_path: path.to_owned(),
        ..VolumeMount::default()
    });
    let all: Vec<_> = own.chain(scratch).collect();
    (!all.is_empty()).then_some(all)
}

/// The pod's volumes; those of claims are the stateful set's to add.
pub(super) fn of_pod(service: &Service, options: &Options) -> Option<Vec<PodVolume>> {
    let empty = |name: String, size: u64, in_memory: bool| PodVolume {
        name,
        empty_dir: Some(EmptyDirVolumeSource {
            medium: in_memory.then(|| "Memory".to_owned()),
            size_limit: Some(Quantity(size.to_string())),
        }),
        ..PodVolume::default()
    };
    let own = mounts(service).filter_map(|(mount, volume)| {
        let volume = volume.filter(|volume| !is_persistent(volume))?;
        Some(empty(name(&mount.name), volume.size.0, is_in_memory(volume)))
    });
    let mounted = mounted(service, options).unwrap_or_default();
    let scratch = SCRATCH.into_iter().filter(|(name, _)| mounted.iter().any(|mount| mount.name == *name));
    let size = SCRATCH_SIZE.min(service.resources.memory.size.0);
    let all: Vec<_> = own.chain(scratch.map(|(name, _)| empty(name.to_owned(), size, true))).collect();
    (!all.is_empty()).then_some(all)
}

/// The claims of each pod of a service.
pub(super) fn claims(spec: &Spec, service: &Service, options: &Options) -> Result<Vec<PersistentVolumeClaim>, Unfit> {
    let mounted = mounts(service).filter_map(|(_, volume)| volume.filter(|volume| is_persistent(volume)));
    mounted.map(|volume| claim(spec, service, volume, options)).collect()
}

fn claim(spec: &Spec, service: &Service, volume: &Volume, options: &Options) -> Result<PersistentVolumeClaim, Unfit> {
    let refused = |what: String| Unfit::Refused { service: service.name.clone(), what };
    let sold = &options.storage_classes;
    let class = match attribute(volume, "class") {
        None | Some(USUAL) => sold.iter().find(|class| class.default).or_else(|| sold.first()),
        Some(wanted) => Some(
            sold.iter()
                .find(|class| class.name == wanted)
                .ok_or_else(|| refused(format!("wants storage of class {wanted:?}, which is not sold here")))?,
        ),
    };
    Ok(PersistentVolumeClaim {
        metadata: ObjectMeta {
            name: Some(name(&volume.name)),
            labels: Some(names::labels(options, &spec.id, Some(&service.name))),
            ..ObjectMeta::default()
        },
        spec: Some(PersistentVolumeClaimSpec {
            access_modes: Some(vec!["ReadWriteOnce".to_owned()]),
            // None is the cluster's own default.
            storage_class_name: class.map(|class| class.name.clone()),
            resources: Some(VolumeResourceRequirements {
                requests: Some(BTreeMap::from([("storage".to_owned(), Quantity(volume.size.0.to_string()))])),
                ..VolumeResourceRequirements::default()
            }),
            ..PersistentVolumeClaimSpec::default()
        }),
        ..PersistentVolumeClaim::default()
    })
}
