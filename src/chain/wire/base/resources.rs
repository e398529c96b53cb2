//! `base.resources.v1beta4`: quantities of hardware.

use super::Attribute;
use crate::chain::wire::macros::{package, wire_enum};
use prost::Message;

/// A quantity: bytes, millicores or pieces.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct ResourceValue {
    /// An `Int` as ASCII digits.
    #[prost(bytes = "vec", tag = 1)]
    pub val: Vec<u8>,
}

/// Memory in bytes.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Memory {
    #[prost(message, required, tag = 1)]
    pub quantity: ResourceValue,
    #[prost(message, repeated, tag = 2)]
    pub attributes: Vec<Attribute>,
}

/// A volume in bytes.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Storage {
    #[prost(string, tag = 1)]
    pub name: String,
    #[prost(message, required, tag = 2)]
    pub quantity: ResourceValue,
    /// `class`, `persistent` …
    #[prost(message, repeated, tag = 3)]
    pub attributes: Vec<Attribute>,
}

/// A way in from outside.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Endpoint {
    /// An [`EndpointKind`].
    #[prost(enumeration = "EndpointKind", tag = 1)]
    pub kind: i32,
    #[prost(uint32, tag = 2)]
    pub sequence_number: u32,
}

wire_enum! {
    /// What an endpoint gives.
    pub enum EndpointKind {
        SharedHttp = 0 => "SHARED_HTTP",
        RandomPort = 1 => "RANDOM_PORT",
        LeasedIp = 2 => "LEASED_IP",
    }
}

/// Whole GPUs; attributes such as `vendor/nvidia/model/a100`.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Gpu {
    #[prost(message, required, tag = 1)]
    pub units: ResourceValue,
    #[prost(message, repeated, tag = 2)]
    pub attributes: Vec<Attribute>,
}

/// Processor time in millicores (1000 is one core).
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Cpu {
    #[prost(message, required, tag = 1)]
    pub units: ResourceValue,
    #[prost(message, repeated, tag = 2)]
    pub attributes: Vec<Attribute>,
}

/// One unit of hardware.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Resources {
    /// Unique in its group, from 1.
    #[prost(uint32, tag = 1)]
    pub id: u32,
    #[prost(message, optional, tag = 2)]
    pub cpu: Option<Cpu>,
    #[prost(message, optional, tag = 3)]
    pub memory: Option<Memory>,
    #[prost(message, repeated, tag = 4)]
    pub storage: Vec<Storage>,
    #[prost(message, optional, tag = 5)]
    pub gpu: Option<Gpu>,
    #[prost(message, repeated, tag = 6)]
    pub endpoints: Vec<Endpoint>,
}

package! {
    OfNetwork("base.resources.v1beta4");
    messages {
        ResourceValue, Memory, Storage, Endpoint, Gpu as "GPU", Cpu as "CPU", Resources,
    }
}
