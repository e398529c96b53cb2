//! Groups as a JSON list: what the public tools make of an SDL, and what can be written by hand instead of one.

use super::json::{canonical, object, of_attributes, of_resources};
use super::{
    Attribute, Cpu, Endpoint, EndpointKind, Gpu, GroupSpec, Memory, Requirements, ResourceUnit, Resources, Volume,
};
use crate::domain::amount::{self, DecCoin};
use crate::domain::fault::{Classified, Fault};
use crate::domain::resources::{Bytes, MilliCpu};
use serde::Deserialize;
use serde_json::{Value, json};
use std::borrow::Cow;

/// Why a text is no list of groups.
#[derive(Debug, thiserror::Error)]
pub enum GroupListError {
    /// It is larger than any list of groups.
    #[error("the list of groups has {bytes} bytes; at most {LARGEST} are read")]
    Size {
        /// How large it is.
        bytes: usize,
    },
    /// It is not JSON, or not of this form.
    #[error("cannot read the list of groups")]
    Form {
        /// Where and what.
        #[source]
        source: serde_json::Error,
    },
    /// A price is none.
    #[error("group {group:?}: the price of unit {unit} is no price")]
    Price {
        /// The group.
        group: String,
        /// The unit's id.
        unit: u32,
        /// What is wrong with it.
        #[source]
        source: amount::Error,
    },
    /// A quantity is no whole number of 64 bits.
    #[error("group {group:?}: {quantity:?} is no quantity of {what}; write digits")]
    Quantity {
        /// The group.
        group: String,
        /// Of what.
        what: &'static str,
        /// The text.
        quantity: String,
    },
    /// An endpoint is of a kind that nobody knows.
    #[error("group {group:?}: there is no endpoint of kind {kind}")]
    Kind {
        /// The group.
        group: String,
        /// The number.
        kind: u8,
    },
}

impl Classified for GroupListError {
    fn fault(&self) -> Fault {
        Fault::Invalid
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        Some(Cow::Borrowed(
            "a list of groups is [{\"name\": \"east\", \"resources\": [{\"count\": 1, \"price\": {\"denom\": \"uve\", \
             \"amount\": \"1000\"}, \"resource\": {\"id\": 1, \"cpu\": {\"units\": {\"val\": \"500\"}}, \"memory\": \
             {\"size\": {\"val\": \"536870912\"}}, \"storage\": [{\"name\": \"default\", \"size\": {\"val\": \
             \"1073741824\"}}], \"gpu\": {\"units\": {\"val\": \"0\"}}, \"endpoints\": []}}]}]",
        ))
    }
}

const LARGEST: usize = 1 << 20;

/// The groups as sorted JSON, the form of the public Akash SDK: quantities as text, prices as plain decimals, what is
/// empty left out.
pub fn groups_json(groups: &[GroupSpec]) -> String {
    canonical(&Value::Array(groups.iter().map(group).collect()))
}

fn group(GroupSpec { name, requirements, units }: &GroupSpec) -> Value {
    let signed_by = json!({ "allOf": requirements.all_of, "anyOf": requirements.any_of });
    json!({
        "name": name,
        "requirements": object([
            ("attributes", of_attributes(&requirements.attributes)),
            ("signedBy", Some(signed_by)),
        ]),
        "resources": units.iter().map(unit).collect::<Vec<_>>(),
    })
}

fn unit(ResourceUnit { resources, count, price }: &ResourceUnit) -> Value {
    json!({
        "resource": of_resources(resources),
        "count": count,
        "price": { "denom": price.denom.as_str(), "amount": price.amount.to_string() },
    })
}

/// Reads a list of groups as [`groups_json`] writes it. Keys may also be named as the chain names them
/// (`signed_by`, `quantity`).
pub fn read_groups(text: &str) -> Result<Vec<GroupSpec>, GroupListError> {
    if text.len() > LARGEST {
        return Err(GroupListError::Size { bytes: text.len() });
    }
    let written: Vec<WrittenGroup> = serde_json::from_str(text).map_err(|source| GroupListError::Form { source })?;
    written.into_iter().map(WrittenGroup::read).collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenGroup {
    name: String,
    #[serde(default)]
    requirements: WrittenRequirements,
    resources: Vec<WrittenUnit>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WrittenRequirements {
    attributes: Vec<WrittenAttribute>,
    #[serde(rename = "signedBy", alias = "signed_by")]
    signed_by: WrittenAuditors,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WrittenAuditors {
    #[serde(rename = "allOf", alias = "all_of")]
    all_of: Vec<String>,
    #[serde(rename = "anyOf", alias = "any_of")]
    any_of: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenAttribute {
    #[serde(default)]
    key: String,
    #[serde(default)]
    value: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenUnit {
    resource: WrittenResources,
    count: u32,
    price: WrittenPrice,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPrice {
    denom: String,
    amount: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenResources {
    id: u32,
    cpu: WrittenQuantity,
    memory: WrittenQuantity,
    #[serde(default)]
    storage: Vec<WrittenVolume>,
    #[serde(default)]
    gpu: Option<WrittenQuantity>,
    #[serde(default)]
    endpoints: Vec<WrittenEndpoint>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenQuantity {
    #[serde(alias = "size", alias = "quantity")]
    units: WrittenValue,
    #[serde(default)]
    attributes: Vec<WrittenAttribute>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenVolume {
    name: String,
    #[serde(alias = "quantity")]
    size: WrittenValue,
    #[serde(default)]
    attributes: Vec<WrittenAttribute>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenValue {
    val: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenEndpoint {
    #[serde(default)]
    kind: u8,
    #[serde(default)]
    sequence_number: u32,
}

impl WrittenGroup {
    fn read(self) -> Result<GroupSpec, GroupListError> {
        let Self { name, requirements, resources } = self;
        let requirements = Requirements {
            attributes: attributes(requirements.attributes),
            all_of: requirements.signed_by.all_of,
            any_of: requirements.signed_by.any_of,
        };
        let units = resources.into_iter().map(|unit| unit.read(&name)).collect::<Result<_, _>>()?;
        Ok(GroupSpec { name, requirements, units })
    }
}

impl WrittenUnit {
    fn read(self, group: &str) -> Result<ResourceUnit, GroupListError> {
        let id = self.resource.id;
        let wrong = |source| GroupListError::Price { group: group.to_owned(), unit: id, source };
        let amount = self.price.amount.parse().map_err(wrong)?;
        let price = DecCoin { amount, denom: self.price.denom.parse().map_err(wrong)? };
        Ok(ResourceUnit { resources: self.resource.read(group)?, count: self.count, price })
    }
}

impl WrittenResources {
    fn read(self, group: &str) -> Result<Resources, GroupListError> {
        let cpu = Cpu {
            units: MilliCpu(number(group, "cpu", &self.cpu.units)?),
            attributes: attributes(self.cpu.attributes),
        };
        let memory = Memory {
            size: Bytes(number(group, "memory", &self.memory.units)?),
            attributes: attributes(self.memory.attributes),
        };
        let gpu = match self.gpu {
            Some(gpu) => Gpu { units: number(group, "gpu", &gpu.units)?, attributes: attributes(gpu.attributes) },
            None => Gpu::default(),
        };
        let storage = self.storage.into_iter().map(|volume| volume.read(group)).collect::<Result<_, _>>()?;
        let endpoints = self.endpoints.iter().map(|endpoint| endpoint.read(group)).collect::<Result<_, _>>()?;
        Ok(Resources { id: self.id, cpu, memory, storage, gpu, endpoints })
    }
}

impl WrittenVolume {
    fn read(self, group: &str) -> Result<Volume, GroupListError> {
        let size = Bytes(number(group, "storage", &self.size)?);
        Ok(Volume { name: self.name, size, attributes: attributes(self.attributes) })
    }
}

impl WrittenEndpoint {
    fn read(&self, group: &str) -> Result<Endpoint, GroupListError> {
        let kind = EndpointKind::ALL.iter().copied().find(|kind| kind.number() == self.kind);
        let kind = kind.ok_or_else(|| GroupListError::Kind { group: group.to_owned(), kind: self.kind })?;
        Ok(Endpoint { kind, sequence_number: self.sequence_number })
    }
}

fn attributes(written: Vec<WrittenAttribute>) -> Vec<Attribute> {
    written.into_iter().map(|WrittenAttribute { key, value }| Attribute { key, value }).collect()
}

fn number(group: &str, what: &'static str, written: &WrittenValue) -> Result<u64, GroupListError> {
    let wrong = || GroupListError::Quantity { group: group.to_owned(), what, quantity: written.val.clone() };
    written.val.parse().map_err(|_| wrong())
}
