//! What of the back ends is taken: by leases, by open bids, and by whatever else runs on them.

use jiff::Timestamp;

use super::truth::Moment;
use super::{BidRun, Error};
use crate::domain::amount::{Dec18, DecCoin, Denom};
use crate::domain::bid::capacity::{Footprint, GpuChoice, Ledger};
use crate::domain::bid::{Asked, GpuWish, State};
use crate::domain::manifest::{Group, GroupSpec, Requirements, ResourceUnit, Resources, Service};
use crate::store::bids::occupants::occupants;
use crate::store::bids::{BidNumber, reservations};

/// Leases occupy, open bids are promised, and every other workload occupies what its manifest says. What is of a back end
/// that is no longer sold is told, and counts nowhere. Gives back how many other workloads there are.
pub(super) fn fill(
    moment: Moment<'_>,
    ledger: &mut Ledger,
    now: Timestamp,
    counts: impl Fn(BidNumber) -> bool,
    report: &mut BidRun,
) -> Result<u64, Error> {
    let (standing, others) = moment.store.read("read what is reserved", |snapshot| {
        Ok::<_, crate::store::Error>((reservations::standing(snapshot, now)?, occupants(snapshot, now)?))
    })?;
    for reservation in standing.into_iter().filter(|reservation| counts(reservation.bid)) {
        let Some(back_end) = ledger.find(&reservation.back_end) else {
            report.trouble(format!(
                "bid {} is for the back end {}, which is not sold any more",
                reservation.bid, reservation.back_end
            ));
            continue;
        };
        match reservation.state {
            State::Active => ledger.occupy(back_end, &reservation.footprint),
            _ => ledger.promise(back_end, &reservation.footprint),
        }
    }
    for one in &others {
        let named = one.back_end.as_deref().map(|name| (name, ledger.find(name)));
        if let Some((name, None)) = named {
            report
                .remarks
                .push(format!("workload {} is on the back end {name}, which is not sold any more", one.workload));
            continue;
        }
        let Some(group) = &one.group else {
            report
                .remarks
                .push(format!("how much workload {} takes is not known: its manifest is not here", one.workload));
            continue;
        };
        let (back_end, print) = print_of(units(group), &one.workload, ledger, named.and_then(|(_, place)| place));
        ledger.occupy(back_end, &print);
    }
    Ok(u64::try_from(others.len()).unwrap_or(u64::MAX))
}

/// The services of a manifest as the units of an order. Nobody pays for them here.
fn units(group: &Group) -> Vec<ResourceUnit> {
    let Ok(denom) = "unpriced".parse::<Denom>() else { return Vec::new() };
    let services = group.services.iter().zip(1..);
    let unit = |(service, id): (&Service, u32)| ResourceUnit {
        // Several services may share a unit of the order; here each has its own.
        resources: Resources { id, ..service.resources.clone() },
        count: service.count,
        price: DecCoin { amount: Dec18::ZERO, denom: denom.clone() },
    };
    services.map(unit).collect()
}

/// The back end on which what somebody runs or was offered has its place, and what it takes there: the one that is named, else the first
/// that has room for it, else the first that has such things at all.
pub(super) fn print_of(
    units: Vec<ResourceUnit>,
    owner: &str,
    ledger: &Ledger,
    named: Option<usize>,
) -> (usize, Footprint) {
    let spec = GroupSpec { name: String::new(), requirements: Requirements::default(), units };
    let Ok(asked) = Asked::read(owner, &spec) else {
        return (named.unwrap_or(0), Footprint::default());
    };
    let rank = |_: &_, _: GpuWish<'_>| Dec18::ZERO;
    let places = || named.map_or(0..ledger.len(), |one| one..one.saturating_add(1));
    let fitting = places().find_map(|one| Some((one, ledger.fits(one, &asked, &rank).ok()?)));
    let (back_end, gpus): (usize, Vec<GpuChoice>) = fitting.unwrap_or_else(|| {
        let any = places().find_map(|one| Some((one, ledger.any_gpus(one, &asked)?)));
        any.unwrap_or_else(|| (named.unwrap_or(0), Vec::new()))
    });
    (back_end, Footprint::of(&asked, &gpus))
}
