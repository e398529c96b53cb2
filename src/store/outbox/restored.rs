//! What a backup becomes when it is put in the place of the state file.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use crate::store::StoredTime;

/// The first schema version with an outbox.
const SINCE: u32 = 3;

/// What is open in a backup may be on the chain by now, in transactions that the backup does not know: all of it waits
/// for a person. To be called on the copy of a backup, before it becomes the state file.
pub(in crate::store) fn hold_all(connection: &Connection, schema: u32, now: Timestamp) -> rusqlite::Result<()> {
    if schema < SINCE {
        return Ok(());
    }
    let detail = "the state file was restored from a backup: it may be on the chain already";
    let transaction = connection.unchecked_transaction()?;
    transaction.execute(
        "INSERT INTO outbox_transitions (at, intent, from_state, to_state, reason, detail)
         SELECT ?1, id, state, 'needs_confirmation', 'restored', ?2 FROM outbox_intents WHERE settled_at IS NULL",
        params![StoredTime(now), detail],
    )?;
    transaction.execute(
        "UPDATE outbox_intents SET state = 'needs_confirmation', reason = 'restored', detail = ?1
         WHERE settled_at IS NULL",
        [detail],
    )?;
    transaction.commit()
}
