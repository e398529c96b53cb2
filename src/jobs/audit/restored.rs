//! After a restore: the trail is that of the backup from here on, and a seal and an event say so.

use std::path::Path;

use serde_json::json;

use super::catch_up::Sealing;
use super::{Error, Happening, Trail, reading};
use crate::domain::audit::{Anchor, Event, Outcome, Seal, SealKind, check};
use crate::observe::audit::{Files, read_key, read_seals};
use crate::store::audit as table;
use crate::store::{self, Mode, Store};

/// Compares the trail in a backup with the seals of the state file that it is to replace. A backup is an earlier state of
/// the trail: what was sealed up to its last row must be in it, unchanged.
///
/// What cannot be opened is passed over here: the restore itself says why.
pub fn check_backup(state: &Path, backup: &Path) -> Result<(), Error> {
    let state = std::fs::canonicalize(state).unwrap_or_else(|_| state.to_owned());
    let files = Files::beside(&state);
    let Ok(store) = Store::open(backup, Mode::Read) else { return Ok(()) };
    let mut lines = Vec::new();
    read_seals(&files, |line| lines.push(line))?;
    let key = read_key(&files)?;
    let broken = store.read("verify the audit trail of the backup", |snapshot| {
        let standing = table::standing(snapshot)?;
        let anchors = check(lines, key.as_ref(), &standing.store, None).anchors_until(table::head(snapshot)?);
        let slipped_in = reading::slipped_in(snapshot, standing.pruned)?;
        let verdict = reading::verdict(snapshot, standing.pruned, None, anchors)?;
        Ok::<_, store::Error>(slipped_in.or(verdict.broken))
    })?;
    broken.map_or(Ok(()), |broken| Err(Error::BackupTampered(broken)))
}

/// Records that a restore was refused or failed, in the trail that stays. `why` is without secrets.
pub fn not_restored(trail: &Trail<'_>, backup: &str, why: &str) -> Result<(), Error> {
    let details = json!({"why": why}).as_object().cloned().unwrap_or_default();
    trail.record(Happening { event: Event::StateRestored, outcome: Outcome::Failed, subject: backup, details })?;
    trail.finish().map(drop)
}

/// Records that the state file was replaced by a backup. `backup` names it; `replaced` is the head of the trail that was
/// replaced, where it could still be read; `forced` that the trail of the backup counts whatever is wrong with it.
///
/// To be called right after the restore, with the restored state file, also where nothing is recorded any more: seals
/// that were made before must not stand against the backup. The trail of the backup is verified first. The
/// seal comes before the event: a kill between the two leaves the seal, which `audit-log verify` shows as well.
pub fn restored(
    trail: &Trail<'_>,
    backup: &str,
    replaced: Option<Anchor>,
    forced: bool,
) -> Result<Option<Seal>, Error> {
    let store = trail.store();
    if store.is_in_memory() {
        return Err(Error::InMemory);
    }
    if !trail.is_kept() && !trail.files().seals.exists() {
        return Ok(None);
    }
    let head = if forced { store.read("read the audit trail", table::head)? } else { verified_head(store)? };
    let mut sealing = Sealing::begin(store, &trail.files())?;
    // A seal of an empty trail has no row to speak of; the event below is its first.
    if head.seq > 0 || sealing.number > 0 {
        let seal = sealing.seal(SealKind::Restored, head, trail.now())?;
        store.write("remember the seal of the audit trail", |change| table::note_seal(change, seal.number))?;
        super::witness::append_seal(trail.output(), &seal)?;
    }
    drop(sealing);
    let replaced = replaced.map(|anchor| json!({"seq": anchor.seq, "hash": anchor.hash.to_string()}));
    let restored = json!({"seq": head.seq, "hash": head.hash.to_string()});
    let details = json!({"restored": restored, "replaced": replaced, "forced": forced});
    let what = Happening {
        event: Event::StateRestored,
        outcome: Outcome::Succeeded,
        subject: backup,
        details: details.as_object().cloned().unwrap_or_default(),
    };
    trail.record(what)?;
    trail.finish()
}

/// The last row of the trail in a state file that is about to be replaced, if it can be read.
pub fn head_of(state: &Path) -> Option<Anchor> {
    Store::open(state, Mode::Read).and_then(|store| store.read("read the audit trail", table::head)).ok()
}

fn verified_head(store: &Store) -> Result<Anchor, Error> {
    let verdict = store.read("verify the restored audit trail", |snapshot| {
        let start = table::standing(snapshot)?.pruned;
        reading::verdict(snapshot, start, None, Vec::new())
    })?;
    match verdict.broken {
        Some(broken) => Err(Error::Tampered(broken)),
        None => Ok(verdict.head),
    }
}
