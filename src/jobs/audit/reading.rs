//! Verifying the table, from some row on.

use std::ops::ControlFlow;

use crate::domain::audit::{Anchor, Verdict, Verifier};
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
