//! Letting old rows go, so that the rest still verifies.

use std::time::Duration;

use jiff::Timestamp;

use super::catch_up::Sealing;
use super::{Error, reading};
use crate::domain::audit::{Anchor, Finding, SealKind, check};
use crate::observe::audit::{Files, read_key, read_seals};
use crate::store::audit as table;
use crate::store::{self, Pruned, ShouldStop, Snapshot, Store};

/// The table the rows leave.
const TABLE: &str = "audit";

/// How many rows go in one transaction.
const BATCH: u32 = 1000;

/// What [`prune`] would remove now.
pub fn prunable(store: &Store, keep: Option<Duration>, now: Timestamp) -> Result<Pruned, Error> {
    let mut pruned = Pruned { table: TABLE, before: cutoff(keep, now), rows: 0 };
    let Some(before) = pruned.before else { return Ok(pruned) };
    let sealed = sealed_rows(store, &Files::beside(store.path()))?;
    store.read("count what can be pruned", |snapshot| {
        let settled = table::standing(snapshot)?.pruned;
        let until = checkpoint(snapshot, &sealed, before)?.unwrap_or(settled);
        pruned.rows = table::count_until(snapshot, until.seq)?;
        Ok(pruned)
    })
}

/// Removes the rows that are older than their retention, up to the last of them that is sealed. What is removed is
/// verified before, and a seal says that it was pruned; without it the first rows would be reported as removed. Stops
/// between two batches when asked to; the rest goes next time.
pub fn prune(
    store: &Store,
    keep: Option<Duration>,
    now: Timestamp,
    should_stop: ShouldStop<'_>,
) -> Result<Pruned, Error> {
    let mut pruned = Pruned { table: TABLE, before: cutoff(keep, now), rows: 0 };
    let Some(before) = pruned.before else { return Ok(pruned) };
    if store.is_in_memory() {
        return Err(Error::InMemory);
    }
    let files = Files::beside(store.path());
    let sealed = sealed_rows(store, &files)?;
    let found = store.read("find what can be pruned", |snapshot| checkpoint(snapshot, &sealed, before))?;
    if let Some(until) = found {
        let mut sealing = Sealing::begin(store, &files)?;
        verify_until(store, until, &sealed)?;
        // The seal first: a kill between the two leaves a seal that says more than happened, never a hole.
        let seal = sealing.seal(SealKind::Pruned, until, now)?;
        store.write("settle the audit trail", |change| {
            table::note_seal(change, seal.number)?;
            table::settle(change, until)
        })?;
    }
    while !should_stop() {
        let removed = store.write("prune the audit trail", |change| table::remove_settled(change, BATCH))?;
        pruned.rows = pruned.rows.saturating_add(removed as u64);
        if removed == 0 {
            break;
        }
    }
    Ok(pruned)
}

/// The time before which rows may go. A retention that reaches back beyond all times keeps everything.
fn cutoff(keep: Option<Duration>, now: Timestamp) -> Option<Timestamp> {
    keep.and_then(|keep| now.checked_sub(keep).ok())
}

/// The rows that genuine seals of this state file vouch for.
fn sealed_rows(store: &Store, files: &Files) -> Result<Vec<Anchor>, Error> {
    let mut lines = Vec::new();
    read_seals(files, |line| lines.push(line))?;
    let key = read_key(files)?;
    let standing = store.read("read the audit trail", table::standing)?;
    Ok(check(lines, key.as_ref(), &standing.store, None).anchors)
}

/// The last sealed row among those that are old enough, if that is more than was pruned before.
fn checkpoint(snapshot: &Snapshot<'_>, sealed: &[Anchor], before: Timestamp) -> Result<Option<Anchor>, store::Error> {
    let pruned = table::standing(snapshot)?.pruned;
    let oldest_kept = table::last_older_than(snapshot, before)?;
    let old_enough = sealed.iter().filter(|anchor| anchor.seq <= oldest_kept && anchor.seq > pruned.seq);
    Ok(old_enough.max_by_key(|anchor| anchor.seq).copied())
}

/// Rows that were tampered with are evidence, and stay.
fn verify_until(store: &Store, until: Anchor, sealed: &[Anchor]) -> Result<(), Error> {
    let sealed = sealed.iter().filter(|anchor| anchor.seq <= until.seq).copied().collect();
    let verdict = store.read("verify what is to be pruned", |snapshot| {
        let start = table::standing(snapshot)?.pruned;
        reading::verdict(snapshot, start, Some(until.seq), sealed)
    })?;
    match verdict.broken {
        Some(broken) => Err(Error::Tampered(broken)),
        None => Ok(()),
    }
}

/// Whether the rows that are gone were pruned, as a seal says.
pub fn pruning_is_sealed(pruned: Anchor, sealed: &[Anchor]) -> Option<Finding> {
    (pruned.seq > 0 && !sealed.contains(&pruned)).then_some(Finding::PruningUnsealed { until: pruned.seq })
}
