//! Hardware as a group asks for it and a service uses it.

use crate::domain::resources::{Bytes, MilliCpu};

/// A key with a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attribute {
    /// `arch`, `class`, `vendor/nvidia/model/a100`.
    pub key: String,
    /// What it must be.
    pub value: String,
}

/// Processor time of one instance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cpu {
    /// How much.
    pub units: MilliCpu,
    /// Only `arch` is known.
    pub attributes: Vec<Attribute>,
}

/// Memory of one instance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Memory {
    /// How much.
    pub size: Bytes,
    /// None is known.
    pub attributes: Vec<Attribute>,
}

/// A volume of one instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volume {
    /// Unique among the volumes of the unit.
    pub name: String,
    /// How large.
    pub size: Bytes,
    /// `persistent` and `class`, by key.
    pub attributes: Vec<Attribute>,
}

/// GPUs of one instance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gpu {
    /// How many.
    pub units: u64,
    /// Which models will do, `vendor/nvidia/model/<model>[/ram/<n>Gi][/interface/<i>]` = `true`.
    pub attributes: Vec<Attribute>,
}

/// A way in from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Endpoint {
    /// What it gives.
    pub kind: EndpointKind,
    /// Which leased IP, from 1; 0 for every other kind.
    pub sequence_number: u32,
}

/// What an endpoint gives; the numbers are the wire's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum EndpointKind {
    /// HTTP by host name, shared with others.
    SharedHttp = 0,
    /// A port that the provider picks.
    RandomPort = 1,
    /// An IP address of its own.
    LeasedIp = 2,
}

impl EndpointKind {
    /// Every kind, by number.
    pub const ALL: &'static [Self] = &[Self::SharedHttp, Self::RandomPort, Self::LeasedIp];

    /// The number on the wire.
    pub const fn number(self) -> u8 {
        self as u8
    }
}

/// One unit of hardware.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resources {
    /// Unique in its group, from 1.
    pub id: u32,
    /// Processor time.
    pub cpu: Cpu,
    /// Memory.
    pub memory: Memory,
    /// Volumes, the smallest first.
    pub storage: Vec<Volume>,
    /// GPUs.
    pub gpu: Gpu,
    /// Ways in, by sequence number.
    pub endpoints: Vec<Endpoint>,
}
