//! From a complete window to a record: checked, signed, or held.

use jiff::Timestamp;

use super::{Error, Request};
use crate::domain::fraud::{self, Surroundings};
use crate::domain::usage::{Facts, Held, Metered, Moment, Pricing, Record, Signed};
use crate::store::usage::{MeterRow, records};
use crate::store::{Change, Store};

/// What a window became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Made {
    /// A signed record.
    Signed(Box<Record<Signed>>),
    /// A record that waits for a person.
    Held(Box<Held>),
}

/// Makes records of the windows of a meter.
pub(super) fn close(
    store: &Store,
    request: &Request<'_>,
    (row, now): (&MeterRow, Timestamp),
    windows: Vec<Metered>,
) -> Result<Vec<Made>, Error> {
    if windows.is_empty() {
        return Ok(Vec::new());
    }
    let usual_traffic =
        store.read("read the usual traffic of a lease", |snapshot| records::usual_traffic(snapshot, &row.lease))?;
    let surroundings = Surroundings { now: Moment::of(now), usual_traffic };
    let pricing = Pricing { lease_price: row.lease_price.clone(), usage_prices: request.prices.clone() };
    let whose = || (row.lease.clone(), row.workload.clone());
    let facts = windows
        .into_iter()
        .filter_map(|window| Facts::of_window(window, whose(), row.allocated, pricing.clone(), surroundings.now));
    facts
        .map(|facts| match fraud::check(Record::draft(facts), &request.limits, &surroundings) {
            Ok(checked) => Ok(Made::Signed(Box::new(request.key.sign(checked)?))),
            Err(held) => Ok(Made::Held(held)),
        })
        .collect()
}

/// Writes a record. Gives back whether it is signed.
pub(super) fn write(change: &Change<'_>, made: &Made) -> Result<bool, Error> {
    match made {
        Made::Signed(record) => records::insert_signed(change, record).map(|_| true),
        Made::Held(held) => records::insert_held(change, held).map(|_| false),
    }
    .map_err(Error::from)
}
