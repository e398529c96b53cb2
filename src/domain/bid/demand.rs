//! What an order asks for, in sums.

use std::collections::BTreeSet;

use super::gpu::GpuWish;
use super::reason::Reason;
use crate::domain::amount::{Dec18, DecCoin, Denom};
use crate::domain::manifest::{Attribute, EndpointKind, GroupSpec, ResourceUnit, Volume};
use crate::domain::order::Order;

/// An order as deciding sees it: read once, borrowed from the book.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// The tenant.
    pub owner: &'a str,
    /// What the group asks for.
    pub spec: &'a GroupSpec,
    /// In sums.
    pub demand: Demand<'a>,
    /// The most that it pays for a block, all units together.
    pub maximum: Dec18,
    /// In this denomination.
    pub denomination: &'a Denom,
}

/// What an order asks for, all instances together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demand<'a> {
    /// Thousandths of a core.
    pub cpu: u64,
    /// Bytes of memory, volumes of class `ram` included.
    pub memory: u64,
    /// Bytes of storage that goes with the instance.
    pub storage: u64,
    /// Bytes of persistent storage by class, sorted.
    pub volumes: Vec<(&'a str, u64)>,
    /// GPUs of all models.
    pub gpus: u64,
    /// Ways in from outside. They belong to a service, not to each of its instances.
    pub endpoints: u64,
    /// Leased IPs: different sequence numbers.
    pub leased_ips: u64,
    /// Instances that have a way in.
    pub exposed: u64,
}

/// Where the bytes of a volume come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VolumeKind<'a> {
    /// Memory.
    Ram,
    /// The node's own storage; gone with the instance.
    Ephemeral,
    /// Persistent storage of a class.
    Persistent(&'a str),
}

/// Classes of a volume that names none.
const DEFAULT_CLASS: &str = "default";

impl<'a> VolumeKind<'a> {
    /// The kind of a volume, by its attributes `class` and `persistent`.
    pub fn of(volume: &'a Volume) -> Self {
        let value = |key: &str| {
            let attribute = volume.attributes.iter().find(|attribute| attribute.key == key);
            attribute.map(|attribute| attribute.value.as_str())
        };
        match (value("class"), value("persistent")) {
            (Some("ram"), _) => Self::Ram,
            (class, Some("true")) => Self::Persistent(class.unwrap_or(DEFAULT_CLASS)),
            (_, _) => Self::Ephemeral,
        }
    }
}

/// What one instance of a unit takes of a node.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Instance {
    /// Thousandths of a core.
    pub cpu: u64,
    /// Bytes of memory, volumes of class `ram` included.
    pub memory: u64,
    /// Bytes of storage that goes with the instance.
    pub storage: u64,
    /// GPUs.
    pub gpus: u64,
}

impl Instance {
    /// One instance of a unit. `None` beyond 64 bits.
    pub fn of(unit: &ResourceUnit) -> Option<Self> {
        let resources = &unit.resources;
        let mut one =
            Self { cpu: resources.cpu.units.0, memory: resources.memory.size.0, storage: 0, gpus: resources.gpu.units };
        for volume in &resources.storage {
            match VolumeKind::of(volume) {
                VolumeKind::Ram => one.memory = one.memory.checked_add(volume.size.0)?,
                VolumeKind::Ephemeral => one.storage = one.storage.checked_add(volume.size.0)?,
                VolumeKind::Persistent(_) => {}
            }
        }
        Some(one)
    }
}

impl<'a> Asked<'a> {
    /// Reads an order of the chain.
    pub fn of(order: &'a Order) -> Result<Self, Reason> {
        Self::read(order.id.owner().as_str(), &order.spec)
    }

    /// Reads what a tenant asks for. What makes no sense is refused with the reason.
    pub fn read(owner: &'a str, spec: &'a GroupSpec) -> Result<Self, Reason> {
        let first = spec.units.first().ok_or_else(|| unreadable("it asks for nothing"))?;
        let denomination = &first.price.denom;
        let mut maximum = Dec18::ZERO;
        for unit in &spec.units {
            if unit.price.denom != *denomination {
                return Err(unreadable("its prices are in several denominations"));
            }
            maximum = unit
                .price
                .amount
                .checked_times(u128::from(unit.count))
                .and_then(|price| maximum.checked_add(price))
                .map_err(|_| unreadable("its price does not fit into 256 bits"))?;
        }
        let demand = Demand::of(&spec.units).ok_or_else(|| unreadable("it asks for more than 64 bits can count"))?;
        Ok(Self { owner, spec, demand, maximum, denomination })
    }

    /// The most that it pays for a block.
    pub fn maximum(&self) -> DecCoin {
        self.in_its_denomination(self.maximum)
    }

    /// An amount of the order's denomination.
    pub fn in_its_denomination(&self, amount: Dec18) -> DecCoin {
        DecCoin { amount, denom: self.denomination.clone() }
    }

    /// The units that ask for GPUs, and which they take.
    pub fn gpu_units(&self) -> impl Iterator<Item = (&'a ResourceUnit, GpuWish<'a>)> {
        let units = self.spec.units.iter().filter(|unit| unit.resources.gpu.units > 0);
        units.map(|unit| (unit, GpuWish(&unit.resources.gpu.attributes)))
    }

    /// Every attribute that the order states: of the placement, of volumes and of GPUs.
    pub fn attributes(&self) -> impl Iterator<Item = &'a Attribute> {
        let of_unit = |unit: &'a ResourceUnit| {
            let volumes = unit.resources.storage.iter().flat_map(|volume| &volume.attributes);
            volumes.chain(&unit.resources.gpu.attributes).chain(&unit.resources.cpu.attributes)
        };
        self.spec.requirements.attributes.iter().chain(self.spec.units.iter().flat_map(of_unit))
    }
}

fn unreadable(what: &'static str) -> Reason {
    Reason::Unreadable { what: what.into() }
}

impl<'a> Demand<'a> {
    /// The sums over all units. `None` where one is beyond 64 bits.
    pub fn of(units: &'a [ResourceUnit]) -> Option<Self> {
        let mut sum = Self::default();
        // Only built where there are any: nearly no order leases one.
        let mut leased = BTreeSet::new();
        for unit in units {
            let count = u64::from(unit.count);
            let one = Instance::of(unit)?;
            let add = |sum: u64, each: u64| each.checked_mul(count).and_then(|all| sum.checked_add(all));
            sum.cpu = add(sum.cpu, one.cpu)?;
            sum.memory = add(sum.memory, one.memory)?;
            sum.storage = add(sum.storage, one.storage)?;
            sum.gpus = add(sum.gpus, one.gpus)?;
            for volume in &unit.resources.storage {
                if let VolumeKind::Persistent(class) = VolumeKind::of(volume) {
                    let at = sum.volumes.binary_search_by_key(&class, |(known, _)| known);
                    match at {
                        Ok(at) => {
                            if let Some((_, bytes)) = sum.volumes.get_mut(at) {
                                *bytes = add(*bytes, volume.size.0)?;
                            }
                        }
                        Err(at) => sum.volumes.insert(at, (class, add(0, volume.size.0)?)),
                    }
                }
            }
            let endpoints = &unit.resources.endpoints;
            for endpoint in endpoints {
                match endpoint.kind {
                    EndpointKind::LeasedIp => {
                        leased.insert(endpoint.sequence_number);
                    }
                    EndpointKind::SharedHttp | EndpointKind::RandomPort => {
                        sum.endpoints = sum.endpoints.checked_add(1)?;
                    }
                }
            }
            if !endpoints.is_empty() {
                sum.exposed = sum.exposed.checked_add(count)?;
            }
        }
        sum.leased_ips = leased.len() as u64;
        Some(sum)
    }

    /// Storage of every kind, in bytes; the largest number where it is beyond 64 bits.
    pub fn all_storage(&self) -> u64 {
        self.volumes.iter().fold(self.storage, |sum, (_, bytes)| sum.saturating_add(*bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::fixtures::{order, unit};
    use super::*;

    #[test]
    fn sums_count_every_instance() {
        let mut web = unit(1, 500, 512 << 20, 3);
        web.resources.storage = vec![
            volume("data", 10 << 30, &[("persistent", "true"), ("class", "beta2")]),
            volume("cache", 1 << 30, &[]),
            volume("shm", 64 << 20, &[("persistent", "false"), ("class", "ram")]),
            volume("logs", 2 << 30, &[("persistent", "true")]),
        ];
        web.resources.endpoints = vec![endpoint(EndpointKind::SharedHttp, 0), endpoint(EndpointKind::LeasedIp, 1)];
        let mut train = unit(2, 4000, 8 << 30, 2);
        train.resources.gpu.units = 2;
        train.resources.endpoints = vec![endpoint(EndpointKind::LeasedIp, 1), endpoint(EndpointKind::LeasedIp, 2)];
        let spec = order(vec![web, train]);
        let asked = Asked::read("ve1tenant", &spec).unwrap();
        let expected = Demand {
            cpu: 9500,
            memory: 3 * (576 << 20) + (16 << 30),
            storage: 5 << 30,
            volumes: vec![("beta2", 30 << 30), ("default", 6 << 30)],
            gpus: 4,
            endpoints: 1,
            leased_ips: 2,
            exposed: 5,
        };
        assert_eq!(asked.demand, expected);
        assert_eq!(asked.maximum().to_string(), "5000uve");
        assert_eq!(asked.demand.all_storage(), 41 << 30);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let nothing = order(vec![]);
        assert!(matches!(Asked::read("ve1tenant", &nothing), Err(Reason::Unreadable { .. })));
        let mut mixed = order(vec![unit(1, 10, 1 << 20, 1), unit(2, 10, 1 << 20, 1)]);
        mixed.units.last_mut().unwrap().price = "1uother".parse().unwrap();
        assert!(matches!(Asked::read("ve1tenant", &mixed), Err(Reason::Unreadable { .. })));
        let huge = order(vec![unit(1, u64::MAX, 1, 2)]);
        assert!(matches!(Asked::read("ve1tenant", &huge), Err(Reason::Unreadable { .. })));
    }

    fn volume(name: &str, bytes: u64, attributes: &[(&str, &str)]) -> Volume {
        let attribute = |(key, value): &(&str, &str)| Attribute { key: (*key).to_owned(), value: (*value).to_owned() };
        Volume {
            name: name.to_owned(),
            size: crate::domain::resources::Bytes(bytes),
            attributes: attributes.iter().map(attribute).collect(),
        }
    }

    fn endpoint(kind: EndpointKind, sequence_number: u32) -> crate::domain::manifest::Endpoint {
        crate::domain::manifest::Endpoint { kind, sequence_number }
    }
}
