//! What a group may ask for, and its price.
//!
//! The limits are the chain's own, the same on every network. What is refused has no registered code (`undefined` 1).

use crate::chain::wire::base::{Attribute, Resources};
use crate::chain::wire::deployment::{GroupSpec, ResourceUnit};
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::attributes;
use crate::domain::amount::{self, Dec18, DecCoin, Int, Rounding};
use crate::domain::network::Network;
use std::collections::BTreeSet;

const MI: u64 = 1 << 20;
const TI: u64 = 1 << 40;
const CPU: (u64, u64) = (10, 384_000);
const GPU: (u64, u64) = (0, 24);
const MEMORY: (u64, u64) = (MI, 2 * TI);
const STORAGE: (u64, u64) = (5 * MI, 32 * TI);
/// A group may ask for as much as this many of the largest units.
const MOST_UNITS: u64 = 50;
const HIGHEST_PRICE: u64 = 10_000_000;

/// The price of a group by the block: of all its units, as often as each is wanted.
pub fn price(spec: &GroupSpec) -> Result<DecCoin, Refusal> {
    let mut units = spec.resources.iter().map(full_price);
    let first = units.next().unwrap_or_else(|| Err(Refusal::undefined("a group without resources has no price")))?;
    units.try_fold(first, |sum, unit| {
        let unit = unit?;
        // The node's `DecCoin.Add` panics.
        sum.checked_add(&unit)
            .map_err(|_| Refusal::panic(&format!("coin denom different: {} {}", sum.denom, unit.denom)))
    })
}

fn full_price(unit: &ResourceUnit) -> Result<DecCoin, Refusal> {
    let mut price = read_price(unit)?;
    price.amount =
        price.amount.checked_mul(Dec18::from(unit.count), Rounding::HalfEven).map_err(|error| too_large(&error))?;
    Ok(price)
}

fn too_large(error: &amount::Error) -> Refusal {
    Refusal::panic(&error.to_string())
}

fn read_price(unit: &ResourceUnit) -> Result<DecCoin, Refusal> {
    DecCoin::try_from(&unit.price)
        .ok()
        .filter(|price| !price.amount.is_negative())
        .ok_or_else(|| Refusal::undefined("error: invalid price object"))
}

/// What is refused of a group.
pub(super) fn check(network: &Network, spec: &GroupSpec) -> Result<(), Refusal> {
    if spec.name.is_empty() {
        return Err(Refusal::undefined("empty group spec name denomination"));
    }
    check_units(network, &spec.resources)?;
    check_prices(spec).map_err(|refusal| refusal.wrap(format!("group {}", spec.name)))
}

fn check_units(network: &Network, units: &[ResourceUnit]) -> Result<(), Refusal> {
    let mut ids = BTreeSet::new();
    for unit in units {
        check_resources(network, &unit.resource)?;
        if !ids.insert(unit.resource.id) {
            let id = unit.resource.id;
            return Err(Refusal::undefined(format!("duplicate resources ID ({id}) within group")));
        }
    }
    let total = |of: fn(&Resources) -> Option<u64>| {
        let each = units.iter().map(|unit| u128::from(of(&unit.resource).unwrap_or_default()) * u128::from(unit.count));
        each.sum::<u128>()
    };
    let limited = |what: &str, most: u64, total: u128| {
        let most = u128::from(most) * u128::from(MOST_UNITS);
        if total > most || total == 0 {
            return Err(Refusal::undefined(format!("invalid total {what} ({most} > {total} > 0 fails)")));
        }
        Ok(())
    };
    limited("CPU", CPU.1, total(|resources| number(&resources.cpu.as_ref()?.units.val)))?;
    let gpu = total(|resources| number(&resources.gpu.as_ref()?.units.val));
    if gpu > 0 {
        limited("GPU", GPU.1, gpu)?;
    }
    // (The node does not add up storage, so it has no limit beyond that of each volume.)
    limited("memory", MEMORY.1, total(|resources| number(&resources.memory.as_ref()?.quantity.val)))
}

/// An amount on the wire; none where it is beyond 64 bits or no amount.
fn number(val: &[u8]) -> Option<u64> {
    if val.is_empty() {
        return Some(0);
    }
    Int::from_wire(val).ok().and_then(|number| u64::try_from(number).ok())
}

fn check_resources(network: &Network, resources: &Resources) -> Result<(), Refusal> {
    if resources.id == 0 {
        return Err(Refusal::undefined("error: invalid resources ID (> 0 fails)"));
    }
    let missing = |what: &str| Refusal::undefined(format!("error: invalid unit {what}, cannot be nil"));
    let cpu = resources.cpu.as_ref().ok_or_else(|| missing("CPU"))?;
    check_amount("CPU", &cpu.units.val, CPU, CPU.1)?;
    check_attributes(network, "CPU", &cpu.attributes)?;
    let gpu = resources.gpu.as_ref().ok_or_else(|| missing("GPU"))?;
    check_amount("GPU", &gpu.units.val, GPU, GPU.1)?;
    if number(&gpu.units.val) == Some(0) && !gpu.attributes.is_empty() {
        let text = "error: invalid GPU state. attributes cannot be present if units == 0";
        return Err(Refusal::undefined(text));
    }
    check_attributes(network, "GPU", &gpu.attributes)?;
    let memory = resources.memory.as_ref().ok_or_else(|| missing("memory"))?;
    check_amount("memory", &memory.quantity.val, MEMORY, MEMORY.1)?;
    check_attributes(network, "Memory", &memory.attributes)?;
    if resources.storage.is_empty() {
        return Err(missing("storage"));
    }
    for volume in &resources.storage {
        check_amount("storage", &volume.quantity.val, STORAGE, STORAGE.0)?;
        check_attributes(network, "Storage", &volume.attributes)?;
    }
    Ok(())
}

/// The node's text names the upper limit twice, except for storage: `shown` is what it names last.
fn check_amount(what: &str, val: &[u8], (least, most): (u64, u64), shown: u64) -> Result<(), Refusal> {
    if number(val).is_some_and(|number| (least..=most).contains(&number)) {
        return Ok(());
    }
    let found = String::from_utf8_lossy(val);
    Err(Refusal::undefined(format!("error: invalid unit {what} ({most} > {found} > {shown} fails)")))
}

fn check_attributes(network: &Network, what: &str, list: &[Attribute]) -> Result<(), Refusal> {
    attributes::check(network, list, attributes::Keys::Requested)
        .map_err(|refusal| Refusal::undefined(format!("error: invalid {what} attributes: {}", refusal.text())))
}

fn check_prices(spec: &GroupSpec) -> Result<(), Refusal> {
    let mut denom = None;
    for unit in &spec.resources {
        let price = read_price(unit)?;
        if price.amount > Dec18::from(HIGHEST_PRICE) {
            let shown = format!("{}{}", price.amount.fixed(), price.denom);
            return Err(Refusal::undefined(format!("error: invalid unit price ({HIGHEST_PRICE} > {shown} fails)")));
        }
        let first = denom.get_or_insert_with(|| price.denom.clone());
        if *first != price.denom {
            return Err(Refusal::undefined(format!("multi-denonimation group: ({} == {first} fails)", price.denom)));
        }
    }
    Ok(())
}
