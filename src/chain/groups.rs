//! Groups as they go on chain.

use crate::chain::wire::base;
use crate::chain::wire::deployment;
use crate::domain::amount::Int;
use crate::domain::manifest::{Attribute, EndpointKind, GroupSpec, Requirements, ResourceUnit, Resources, Volume};

impl From<&GroupSpec> for deployment::GroupSpec {
    fn from(GroupSpec { name, requirements, units }: &GroupSpec) -> Self {
        Self {
            name: name.clone(),
            requirements: requirements.into(),
            resources: units.iter().map(Into::into).collect(),
        }
    }
}

impl From<&Requirements> for base::PlacementRequirements {
    fn from(Requirements { attributes: asked, all_of, any_of }: &Requirements) -> Self {
        let signed_by = base::SignedBy { all_of: all_of.clone(), any_of: any_of.clone() };
        Self { signed_by, attributes: attributes(asked) }
    }
}

impl From<&ResourceUnit> for deployment::ResourceUnit {
    fn from(ResourceUnit { resources, count, price }: &ResourceUnit) -> Self {
        Self { resource: resources.into(), count: *count, price: price.into() }
    }
}

impl From<&Resources> for base::Resources {
    fn from(Resources { id, cpu, memory, storage, gpu, endpoints }: &Resources) -> Self {
        let volume = |Volume { name, size, attributes: asked }: &Volume| base::Storage {
            name: name.clone(),
            quantity: value(size.0),
            attributes: attributes(asked),
        };
        let endpoint = |endpoint: &crate::domain::manifest::Endpoint| base::Endpoint {
            kind: kind(endpoint.kind).into(),
            sequence_number: endpoint.sequence_number,
        };
        Self {
            id: *id,
            cpu: Some(base::Cpu { units: value(cpu.units.0), attributes: attributes(&cpu.attributes) }),
            memory: Some(base::Memory { quantity: value(memory.size.0), attributes: attributes(&memory.attributes) }),
            storage: storage.iter().map(volume).collect(),
            gpu: Some(base::Gpu { units: value(gpu.units), attributes: attributes(&gpu.attributes) }),
            endpoints: endpoints.iter().map(endpoint).collect(),
        }
    }
}

const fn kind(kind: EndpointKind) -> base::EndpointKind {
    match kind {
        EndpointKind::SharedHttp => base::EndpointKind::SharedHttp,
        EndpointKind::RandomPort => base::EndpointKind::RandomPort,
        EndpointKind::LeasedIp => base::EndpointKind::LeasedIp,
    }
}

fn value(value: u64) -> base::ResourceValue {
    Int::from(value).into()
}

fn attributes(attributes: &[Attribute]) -> Vec<base::Attribute> {
    let attribute = |Attribute { key, value }: &Attribute| base::Attribute { key: key.clone(), value: value.clone() };
    attributes.iter().map(attribute).collect()
}

#[cfg(test)]
mod tests {
    use crate::chain::wire::deployment;
    use crate::domain::manifest::read_groups;

    #[test]
    fn nothing_of_a_group_is_lost() {
        let text = r#"[{"name": "east",
            "requirements": {"attributes": [{"key": "region", "value": "eu"}],
                "signedBy": {"allOf": ["a"], "anyOf": ["b", "c"]}},
            "resources": [{"count": 3, "price": {"denom": "uve", "amount": "1.5"}, "resource": {"id": 7,
                "cpu": {"units": {"val": "500"}, "attributes": [{"key": "arch", "value": "arm64"}]},
                "memory": {"size": {"val": "1024"}},
                "storage": [{"name": "data", "size": {"val": "2048"}, "attributes": [{"key": "class", "value": "x"}]}],
                "gpu": {"units": {"val": "2"}, "attributes": [{"key": "vendor/nvidia/model/a100", "value": "true"}]},
                "endpoints": [{"kind": 2, "sequence_number": 1}, {"kind": 1}, {}]}}]}]"#;
        let groups = read_groups(text).unwrap();
        let group = deployment::GroupSpec::from(&groups[0]);
        assert_eq!((group.name.as_str(), group.requirements.attributes[0].value.as_str()), ("east", "eu"));
        assert_eq!(group.requirements.signed_by.any_of, ["b", "c"]);
        let unit = &group.resources[0];
        assert_eq!((unit.count, unit.price.amount.as_str()), (3, "1500000000000000000"));
        let resource = &unit.resource;
        let cpu = resource.cpu.as_ref().unwrap();
        assert_eq!((cpu.units.val.as_slice(), cpu.attributes[0].value.as_str()), (b"500".as_slice(), "arm64"));
        assert_eq!(resource.memory.as_ref().unwrap().quantity.val, b"1024");
        assert_eq!(
            (resource.storage[0].name.as_str(), resource.storage[0].quantity.val.as_slice()),
            ("data", b"2048".as_slice())
        );
        assert_eq!(resource.gpu.as_ref().unwrap().units.val, b"2");
        let kinds: Vec<_> =
            resource.endpoints.iter().map(|endpoint| (endpoint.kind, endpoint.sequence_number)).collect();
        assert_eq!(kinds, [(2, 1), (1, 0), (0, 0)]);
    }
}
