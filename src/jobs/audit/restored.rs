//! After a restore: the trail is that of the backup from here on, and a seal and an event say so.

use std::path::Path;

use serde_json::json;

use super::catch_up::Sealing;
use super::{Error, Happening, Trail, reading};
use crate::domain::audit::{Anchor, Event, Outcome, Seal, SealKind};
use crate::store::audit as table;
use crate::store::{Mode, Store};

/// Records that the state file was replaced by a backup. `backup` names it; `replaced` is the head of the trail that was
/// replaced, where it could still be read.
///
/// To be called right after the restore, with the restored state file, also where nothing is recorded any more: seals
/// that were made before must not stand against the backup. The trail of the backup is verified first. The
/// seal comes before the event: a kill between the two leaves the seal, which `audit-log verify` shows as well.
pub fn restored(trail: &Trail<'_>, backup: &str, replaced: Option<Anchor>) -> Result<Option<Seal>, Error> {
    let store = trail.store();
    if store.is_in_memory() {
        return Err(Error::InMemory);
    }
    if !trail.is_kept() && !trail.files().seals.exists() {
        return Ok(None);
    }
    let head = verified_head(store)?;
    let mut sealing = Sealing::begin(store, &trail.files())?;
    // A seal of an empty trail has no row to speak of; the event below is its first.
    if head.seq > 0 || sealing.number > 0 {
        let seal = sealing.seal(SealKind::Restored, head, trail.now())?;
        store.write("remember the seal of the audit trail", |change| table::note_seal(change, seal.number))?;
        super::witness::append_seal(trail.output(), &seal)?;
    }
    drop(sealing);
    let replaced = replaced.map(|anchor| json!({"seq": anchor.seq, "hash": anchor.hash.to_string()}));
    let details = json!({"restored": {"seq": head.seq, "hash": head.hash.to_string()}, "replaced": replaced});
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
