//! Groups as they come from the chain. (How they go there is in `chain::groups`.)

use super::{Malformed, Of};
use crate::chain::wire::{base, deployment};
use crate::domain::amount::Int;
use crate::domain::manifest::{
    Attribute, Cpu, Endpoint, EndpointKind, Gpu, GroupSpec, Memory, Requirements, ResourceUnit, Resources, Volume,
};
use crate::domain::resources::{Bytes, MilliCpu};

/// Reads what a group asks for.
pub(in crate::chain) fn group_spec(spec: deployment::GroupSpec) -> Result<GroupSpec, Malformed> {
    let base::PlacementRequirements { signed_by, attributes: asked } = spec.requirements;
    let requirements =
        Requirements { attributes: attributes(asked), all_of: signed_by.all_of, any_of: signed_by.any_of };
    let units = spec.resources.into_iter().map(resource_unit).collect::<Result<_, _>>()?;
    Ok(GroupSpec { name: spec.name, requirements, units })
}

fn resource_unit(unit: deployment::ResourceUnit) -> Result<ResourceUnit, Malformed> {
    let of = Of { message: "a ResourceUnit", prefix: "" };
    let price = of.dec_coin("price", &unit.price)?;
    Ok(ResourceUnit { resources: resources(unit.resource)?, count: unit.count, price })
}

/// Reads hardware. What is left out is none of it.
pub(in crate::chain) fn resources(found: base::Resources) -> Result<Resources, Malformed> {
    let of = Of { message: "Resources", prefix: "" };
    let amount = |field: &'static str, value: &base::ResourceValue| {
        // Nothing at all is how some clients write zero.
        if value.val.is_empty() {
            return Ok(0);
        }
        let value = Int::try_from(value).map_err(|error| of.malformed(field, error))?;
        u64::try_from(value).map_err(|error| of.malformed(field, error))
    };
    let cpu = found
        .cpu
        .map(|cpu| Ok(Cpu { units: MilliCpu(amount("cpu", &cpu.units)?), attributes: attributes(cpu.attributes) }));
    let memory = found.memory.map(|memory| {
        Ok(Memory { size: Bytes(amount("memory", &memory.quantity)?), attributes: attributes(memory.attributes) })
    });
    let gpu =
        found.gpu.map(|gpu| Ok(Gpu { units: amount("gpu", &gpu.units)?, attributes: attributes(gpu.attributes) }));
    let volumes = found.storage.into_iter().map(|volume| {
        let size = Bytes(amount("storage", &volume.quantity)?);
        Ok(Volume { name: volume.name, size, attributes: attributes(volume.attributes) })
    });
    let endpoints = found.endpoints.into_iter().map(|endpoint| {
        let number = endpoint.kind;
        let kind = EndpointKind::ALL.iter().copied().find(|kind| i32::from(kind.number()) == number);
        let kind = kind.ok_or_else(|| of.malformed("endpoint", format!("the kind {number}")))?;
        Ok(Endpoint { kind, sequence_number: endpoint.sequence_number })
    });
    Ok(Resources {
        id: found.id,
        cpu: cpu.transpose()?.unwrap_or_default(),
        memory: memory.transpose()?.unwrap_or_default(),
        gpu: gpu.transpose()?.unwrap_or_default(),
        storage: volumes.collect::<Result<_, _>>()?,
        endpoints: endpoints.collect::<Result<_, _>>()?,
    })
}

/// Reads attributes.
pub(in crate::chain) fn attributes(found: Vec<base::Attribute>) -> Vec<Attribute> {
    found.into_iter().map(|base::Attribute { key, value }| Attribute { key, value }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::manifest::read_groups;

    #[test]
    fn a_group_that_went_on_chain_comes_back() {
        let text = r#"[{"name": "east",
            "requirements": {"attributes": [{"key": "region", "value": "eu"}],
                "signedBy": {"allOf": ["a"], "anyOf": ["b", "c"]}},
            "resources": [{"count": 3, "price": {"denom": "uve", "amount": "1.5"}, "resource": {"id": 7,
                "cpu": {"units": {"val": "500"}, "attributes": [{"key": "arch", "value": "arm64"}]},
                "memory": {"size": {"val": "1024"}},
                "storage": [{"name": "data", "size": {"val": "2048"}, "attributes": [{"key": "class", "value": "x"}]}],
                "gpu": {"units": {"val": "2"}, "attributes": [{"key": "vendor/nvidia/model/a100", "value": "true"}]},
                "endpoints": [{"kind": 2, "sequence_number": 1}, {"kind": 1}, {}]}}]}]"#;
        let group = read_groups(text).unwrap().remove(0);
        assert_eq!(group_spec(deployment::GroupSpec::from(&group)).unwrap(), group);
    }

    #[test]
    fn what_cannot_be_is_refused_by_name() {
        let cpu = |val: &[u8]| base::Cpu { units: base::ResourceValue { val: val.to_vec() }, attributes: Vec::new() };
        let with = |val: &[u8]| resources(base::Resources { cpu: Some(cpu(val)), ..base::Resources::default() });
        assert_eq!(with(b"").unwrap().cpu.units, MilliCpu(0));
        for val in [b"-1".as_slice(), b"1.5", &[0xff], b"18446744073709551616"] {
            let error = with(val).unwrap_err();
            assert_eq!(error.to_string(), "the chain sent Resources with a malformed cpu");
        }
        let endpoint = base::Endpoint { kind: 9, sequence_number: 0 };
        let odd = base::Resources { endpoints: vec![endpoint], ..base::Resources::default() };
        assert!(resources(odd).is_err());
    }
}
