//! The manifest as a tenant's tool sends it, and as the state file keeps it: read back from its JSON.

use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::json::canonical;
use super::{
    Attribute, Cpu, Credentials, Endpoint, EndpointKind, Expose, Gpu, Group, HttpOptions, Manifest, Memory, Mount,
    Parameters, Protocol, Resources, Service, Volume,
};
use crate::domain::fault::{Classified, Fault};
use crate::domain::resources::{Bytes, MilliCpu};

/// Why a text is no manifest.
#[derive(Debug, thiserror::Error)]
pub enum ManifestJsonError {
    /// It is larger than any manifest.
    #[error("the manifest has {bytes} bytes; at most {LARGEST} are read")]
    Size {
        /// How large it is.
        bytes: usize,
    },
    /// It has more parts than any manifest.
    #[error("the manifest has more than {MOST} values")]
    Values,
    /// It is not JSON, or not of this form.
    #[error("cannot read the manifest")]
    Form {
        /// Where and what.
        #[source]
        source: serde_json::Error,
    },
    /// A value in it is out of its range.
    #[error("service {service:?}: {value:?} is no {what}")]
    Value {
        /// The service.
        service: String,
        /// What it should be.
        what: &'static str,
        /// The text.
        value: String,
    },
}

impl Classified for ManifestJsonError {
    fn fault(&self) -> Fault {
        Fault::Invalid
    }
}

/// The largest manifest that is read, in bytes.
const LARGEST: usize = 1 << 20;
/// The most values that are read: each takes many times the room of its text.
const MOST: usize = 100_000;

impl Manifest {
    /// Reads a manifest in JSON, and gives its version: the hash of the text as it came, whatever order its lists have.
    ///
    /// What is not known is left alone, as the reference's decoder does; it is part of the version all the same.
    pub fn read_json(text: &str) -> Result<(Self, [u8; 32]), ManifestJsonError> {
        if text.len() > LARGEST {
            return Err(ManifestJsonError::Size { bytes: text.len() });
        }
        if text.bytes().filter(|byte| b",:[{".contains(byte)).count() > MOST {
            return Err(ManifestJsonError::Values);
        }
        let value: Value = serde_json::from_str(text).map_err(|source| ManifestJsonError::Form { source })?;
        let version = Sha256::digest(canonical(&value)).into();
        // From the text once more, not from the tree: its errors know their line.
        let written: Vec<WrittenGroup> =
            serde_json::from_str(text).map_err(|source| ManifestJsonError::Form { source })?;
        let groups = written.into_iter().map(WrittenGroup::read).collect::<Result<_, _>>()?;
        Ok((Self { groups }, version))
    }
}

#[derive(Deserialize)]
struct WrittenGroup {
    name: String,
    services: Vec<WrittenService>,
}

#[derive(Deserialize)]
struct WrittenService {
    name: String,
    image: String,
    #[serde(default)]
    command: Option<Vec<String>>,
    #[serde(default)]
    args: Option<Vec<String>>,
    #[serde(default)]
    env: Option<Vec<String>>,
    resources: WrittenResources,
    count: u32,
    #[serde(default)]
    expose: Option<Vec<WrittenExpose>>,
    #[serde(default)]
    params: Option<WrittenParameters>,
    #[serde(default)]
    credentials: Option<WrittenCredentials>,
}

#[derive(Deserialize)]
struct WrittenResources {
    id: u32,
    #[serde(default)]
    cpu: WrittenCpu,
    #[serde(default)]
    memory: WrittenMemory,
    #[serde(default)]
    storage: Option<Vec<WrittenVolume>>,
    #[serde(default)]
    gpu: WrittenCpu,
    #[serde(default)]
    endpoints: Option<Vec<WrittenEndpoint>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WrittenCpu {
    units: WrittenValue,
    attributes: Option<Vec<WrittenAttribute>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WrittenMemory {
    #[serde(alias = "quantity")]
    size: WrittenValue,
    attributes: Option<Vec<WrittenAttribute>>,
}

#[derive(Deserialize)]
struct WrittenVolume {
    name: String,
    #[serde(alias = "quantity")]
    size: WrittenValue,
    #[serde(default)]
    attributes: Option<Vec<WrittenAttribute>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WrittenValue {
    val: String,
}

#[derive(Deserialize)]
struct WrittenAttribute {
    #[serde(default)]
    key: String,
    #[serde(default)]
    value: String,
}

#[derive(Deserialize)]
struct WrittenEndpoint {
    #[serde(default)]
    kind: u8,
    #[serde(default)]
    sequence_number: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WrittenExpose {
    port: u32,
    #[serde(default)]
    external_port: u32,
    proto: String,
    #[serde(default)]
    service: String,
    #[serde(default)]
    global: bool,
    #[serde(default)]
    hosts: Option<Vec<String>>,
    #[serde(default)]
    http_options: WrittenHttpOptions,
    #[serde(default)]
    ip: String,
    #[serde(default)]
    endpoint_sequence_number: u32,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct WrittenHttpOptions {
    max_body_size: u32,
    read_timeout: u32,
    send_timeout: u32,
    next_tries: u32,
    next_timeout: u32,
    next_cases: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct WrittenParameters {
    #[serde(default)]
    storage: Option<Vec<WrittenMount>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WrittenMount {
    name: String,
    mount: String,
    #[serde(default)]
    read_only: bool,
}

#[derive(Deserialize)]
struct WrittenCredentials {
    #[serde(default)]
    host: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
}

impl WrittenGroup {
    fn read(self) -> Result<Group, ManifestJsonError> {
        let services = self.services.into_iter().map(WrittenService::read).collect::<Result<_, _>>()?;
        Ok(Group { name: self.name, services })
    }
}

impl WrittenService {
    fn read(self) -> Result<Service, ManifestJsonError> {
        let name = self.name;
        let expose = self.expose.unwrap_or_default().into_iter().map(|expose| expose.read(&name));
        let expose = expose.collect::<Result<_, _>>()?;
        let mounts = |parameters: WrittenParameters| Parameters {
            storage: parameters.storage.unwrap_or_default().into_iter().map(WrittenMount::read).collect(),
        };
        let login =
            |WrittenCredentials { host, email, username, password }| Credentials { host, email, username, password };
        Ok(Service {
            image: self.image,
            command: self.command,
            args: self.args,
            env: self.env,
            resources: self.resources.read(&name)?,
            count: self.count,
            expose,
            parameters: self.params.map(mounts),
            credentials: self.credentials.map(login),
            name,
        })
    }
}

impl WrittenResources {
    fn read(self, service: &str) -> Result<Resources, ManifestJsonError> {
        let storage = self.storage.unwrap_or_default().into_iter().map(|volume| volume.read(service));
        let endpoints = self.endpoints.unwrap_or_default().into_iter().map(|endpoint| endpoint.read(service));
        Ok(Resources {
            id: self.id,
            cpu: Cpu {
                units: MilliCpu(number(service, "amount of processor time", &self.cpu.units)?),
                attributes: attributes(self.cpu.attributes),
            },
            memory: Memory {
                size: Bytes(number(service, "amount of memory", &self.memory.size)?),
                attributes: attributes(self.memory.attributes),
            },
            storage: storage.collect::<Result<_, _>>()?,
            gpu: Gpu {
                units: number(service, "number of GPUs", &self.gpu.units)?,
                attributes: attributes(self.gpu.attributes),
            },
            endpoints: endpoints.collect::<Result<_, _>>()?,
        })
    }
}

impl WrittenVolume {
    fn read(self, service: &str) -> Result<Volume, ManifestJsonError> {
        let size = Bytes(number(service, "size of a volume", &self.size)?);
        Ok(Volume { name: self.name, size, attributes: attributes(self.attributes) })
    }
}

impl WrittenEndpoint {
    fn read(&self, service: &str) -> Result<Endpoint, ManifestJsonError> {
        let kind = EndpointKind::ALL.iter().copied().find(|kind| kind.number() == self.kind);
        let kind = kind.ok_or_else(|| wrong(service, "kind of endpoint", &self.kind.to_string()))?;
        Ok(Endpoint { kind, sequence_number: self.sequence_number })
    }
}

impl WrittenExpose {
    fn read(self, service: &str) -> Result<Expose, ManifestJsonError> {
        let protocol = [Protocol::Tcp, Protocol::Udp].into_iter().find(|protocol| protocol.word() == self.proto);
        let options = self.http_options;
        Ok(Expose {
            port: self.port,
            external_port: self.external_port,
            protocol: protocol.ok_or_else(|| wrong(service, "protocol", &self.proto))?,
            service: self.service,
            global: self.global,
            hosts: self.hosts,
            http_options: HttpOptions {
                max_body_size: options.max_body_size,
                read_timeout: options.read_timeout,
                send_timeout: options.send_timeout,
                next_tries: options.next_tries,
                next_timeout: options.next_timeout,
                next_cases: options.next_cases.unwrap_or_default(),
            },
            ip: self.ip,
            endpoint_sequence_number: self.endpoint_sequence_number,
        })
    }
}

impl WrittenMount {
    fn read(self) -> Mount {
        Mount { name: self.name, mount: self.mount, read_only: self.read_only }
    }
}

fn attributes(written: Option<Vec<WrittenAttribute>>) -> Vec<Attribute> {
    let written = written.unwrap_or_default().into_iter();
    written.map(|WrittenAttribute { key, value }| Attribute { key, value }).collect()
}

/// Digits; nothing stands for 0.
fn number(service: &str, what: &'static str, written: &WrittenValue) -> Result<u64, ManifestJsonError> {
    let digits = !written.val.is_empty() && written.val.bytes().all(|byte| byte.is_ascii_digit());
    match written.val.parse() {
        Ok(number) if digits => Ok(number),
        _ if written.val.is_empty() => Ok(0),
        _ => Err(wrong(service, what, &written.val)),
    }
}

fn wrong(service: &str, what: &'static str, value: &str) -> ManifestJsonError {
    let cut = |text: &str| text.chars().take(64).collect();
    ManifestJsonError::Value { service: cut(service), what, value: cut(value) }
}
