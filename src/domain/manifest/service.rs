//! What the provider runs.

use super::{Endpoint, EndpointKind, Resources, json};
use sha2::{Digest, Sha256};

/// The manifest: what a provider is told to run. Its groups are in order of their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    /// One for each group on chain, with the same name.
    pub groups: Vec<Group>,
}

/// The services of one group, in order of their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The name of the group on chain.
    pub name: String,
    /// What runs.
    pub services: Vec<Service>,
}

/// A service: one image, some instances of it.
///
/// Lists that were left out and lists that are empty differ in the manifest's bytes (`null`, `[]`), hence the options.
#[derive(Clone, PartialEq, Eq)]
pub struct Service {
    /// Unique in the group, a DNS label.
    pub name: String,
    /// The image.
    pub image: String,
    /// Instead of the image's entry point.
    pub command: Option<Vec<String>>,
    /// Arguments.
    pub args: Option<Vec<String>>,
    /// `NAME=value`, in the tenant's order.
    pub env: Option<Vec<String>>,
    /// Hardware of one instance; its id is that of a unit of the group on chain.
    pub resources: Resources,
    /// How many instances.
    pub count: u32,
    /// Ports, sorted.
    pub expose: Vec<Expose>,
    /// How volumes are mounted.
    pub parameters: Option<Parameters>,
    /// For a private registry.
    pub credentials: Option<Credentials>,
}

/// A port of a service, and who may reach it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expose {
    /// The port that the container listens at.
    pub port: u32,
    /// The port that others see; 0: the same.
    pub external_port: u32,
    /// TCP or UDP.
    pub protocol: Protocol,
    /// The service that may reach it; empty where it is global or for nobody in particular.
    pub service: String,
    /// Whether the world may.
    pub global: bool,
    /// Host names under which it is served.
    pub hosts: Option<Vec<String>>,
    /// Limits of the HTTP proxy.
    pub http_options: HttpOptions,
    /// The name of the leased IP; empty: none.
    pub ip: String,
    /// Which leased IP, from 1; 0: none.
    pub endpoint_sequence_number: u32,
}

/// A transport protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

/// Limits of the HTTP proxy in front of a service. Times are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpOptions {
    /// Bytes.
    pub max_body_size: u32,
    /// To read the answer.
    pub read_timeout: u32,
    /// To send the request.
    pub send_timeout: u32,
    /// How many instances are tried.
    pub next_tries: u32,
    /// How long they are; 0: for ever.
    pub next_timeout: u32,
    /// When another is tried.
    pub next_cases: Vec<String>,
}

/// How the service uses its volumes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameters {
    /// By the volume's name.
    pub storage: Vec<Mount>,
}

/// Where a volume is mounted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// The volume.
    pub name: String,
    /// An absolute path.
    pub mount: String,
    /// Whether the service may not write.
    pub read_only: bool,
}

/// A login at a private registry.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The registry.
    pub host: String,
    /// May be empty.
    pub email: String,
    /// Who.
    pub username: String,
    /// A secret: it must not reach logs and errors.
    pub password: String,
}

impl Protocol {
    /// `TCP`, `UDP`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
        }
    }
}

impl Expose {
    /// The port that others see.
    pub const fn seen_port(&self) -> u32 {
        if self.external_port == 0 { self.port } else { self.external_port }
    }

    /// Whether it is served by host name over HTTP rather than by a port of its own.
    pub fn is_ingress(&self) -> bool {
        self.global && self.protocol == Protocol::Tcp && self.seen_port() == 80
    }

    /// What it needs of the group on chain.
    pub fn endpoints(&self) -> Vec<Endpoint> {
        if !self.global {
            return vec![];
        }
        let kind = if self.is_ingress() { EndpointKind::SharedHttp } else { EndpointKind::RandomPort };
        let leased = Endpoint { kind: EndpointKind::LeasedIp, sequence_number: self.endpoint_sequence_number };
        let mut endpoints = if self.ip.is_empty() { vec![] } else { vec![leased] };
        endpoints.push(Endpoint { kind, sequence_number: 0 });
        endpoints.sort_by_key(|endpoint| endpoint.sequence_number);
        endpoints
    }
}

impl Manifest {
    /// The manifest as a provider's gateway takes it: keys in order, no blanks. The bytes under the hash on chain.
    pub fn to_json(&self) -> String {
        json::canonical(&json::of_manifest(self))
    }

    /// SHA-256 of [`to_json`](Self::to_json): the deployment's `hash` on chain, by which a provider knows the
    /// manifest.
    pub fn version(&self) -> [u8; 32] {
        Sha256::digest(self.to_json()).into()
    }
}

impl std::fmt::Debug for Service {
    /// Without the environment's values, which are where tenants keep their secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let variables: Option<Vec<&str>> =
            self.env.as_ref().map(|env| env.iter().filter_map(|line| line.split('=').next()).collect());
        f.debug_struct("Service")
            .field("name", &self.name)
            .field("image", &self.image)
            .field("command", &self.command)
            .field("args", &self.args)
            .field("env", &variables)
            .field("resources", &self.resources)
            .field("count", &self.count)
            .field("expose", &self.expose)
            .field("parameters", &self.parameters)
            .field("credentials", &self.credentials)
            .finish()
    }
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials")
            .field("host", &self.host)
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}
