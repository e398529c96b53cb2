//! Verifying the table, from some row on.

use std::ops::ControlFlow;

use crate::domain::audit::{Anchor, Broken, RowHash, Verdict, Verifier};
use crate::store::audit as table;
use crate::store::{self, Snapshot};

/// Reads the rows behind `start` up to number `until` (or all), against the rows that seals vouch for.
pub fn verdict(
    snapshot: &Snapshot<'_>,
    start: Anchor,
    until: Option<i64>,
    sealed: Vec<Anchor>,
) -> Result<Verdict, store::Error> {
    let mut verifier = Verifier::new(start, sealed);
    table::each_after(snapshot, start.seq, |row| {
        let go_on = until.is_none_or(|until| row.seq <= until) && verifier.push(row);
        if go_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    Ok(verifier.finish())
}

/// The first row that stands where none can: below number 1, or among the pruned ones without belonging to them. Rows
/// that are pruned and not yet removed are the end of a chain that leads to the last pruned one.
pub fn slipped_in(snapshot: &Snapshot<'_>, pruned: Anchor) -> Result<Option<Broken>, store::Error> {
    let (mut first, mut verifier) = (None, None);
    table::each_after(snapshot, i64::MIN, |row| {
        if row.seq > pruned.seq {
            return ControlFlow::Break(());
        }
        first.get_or_insert(row.seq);
        if row.seq <= 0 {
            return ControlFlow::Break(());
        }
        let verifier = verifier.get_or_insert_with(|| {
            let before = row.previous.as_slice().try_into().map_or_else(|_| RowHash::genesis(), RowHash::from_bytes);
            Verifier::new(Anchor { seq: row.seq.saturating_sub(1), hash: before }, vec![pruned])
        });
        if verifier.push(row) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    let sound = verifier.is_some_and(|verifier| verifier.finish().broken.is_none()) && first.is_none_or(|seq| seq > 0);
    Ok(first.filter(|_| !sound).map(|seq| Broken::Inserted { seq }))
}
