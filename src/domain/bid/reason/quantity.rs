//! What may be short, or too much, and how much of it.

use std::fmt;

use serde::Serialize;

use crate::domain::resources::{Bytes, MilliCpu};

/// What may be short, or too much.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resource {
    /// Processor.
    Cpu,
    /// Memory, volumes of class `ram` included.
    Memory,
    /// Storage without a class of its own.
    Storage,
    /// Persistent storage of a class with an inventory of its own.
    Volume(Box<str>),
    /// GPUs of any model.
    Gpu,
    /// GPUs of a model.
    GpuModel(Box<str>),
    /// Leased IP addresses.
    LeasedIp,
    /// Ways in from outside.
    Endpoint,
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cpu => f.write_str("cpu"),
            Self::Memory => f.write_str("memory"),
            Self::Storage => f.write_str("storage"),
            Self::Volume(class) => write!(f, "storage/{class}"),
            Self::Gpu => f.write_str("gpu"),
            Self::GpuModel(model) => write!(f, "gpu/{model}"),
            Self::LeasedIp => f.write_str("leased_ip"),
            Self::Endpoint => f.write_str("endpoint"),
        }
    }
}

impl Serialize for Resource {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Resource {
    /// So much of it, in its own unit.
    pub const fn quantity(&self, number: u64) -> Quantity {
        match self {
            Self::Cpu => Quantity::Cpu(MilliCpu(number)),
            Self::Memory | Self::Storage | Self::Volume(_) => Quantity::Bytes(Bytes(number)),
            Self::Gpu | Self::GpuModel(_) | Self::LeasedIp | Self::Endpoint => Quantity::Count(number),
        }
    }
}

/// So much of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// Processor.
    Cpu(MilliCpu),
    /// Memory or storage.
    Bytes(Bytes),
    /// Pieces.
    Count(u64),
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cpu(cpu) => cpu.fmt(f),
            Self::Bytes(bytes) => bytes.fmt(f),
            Self::Count(number) => number.fmt(f),
        }
    }
}

impl Serialize for Quantity {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
