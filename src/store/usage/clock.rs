//! `usage_clock`: the clocks of the last collection.

use rusqlite::params;

use crate::domain::usage::clock::Clocks;
use crate::store::{Change, Error, Snapshot, StoredTime};

/// The clocks of the last collection.
pub fn last(snapshot: &Snapshot<'_>) -> Result<Option<Clocks>, Error> {
    snapshot.row("SELECT wall_at, boot, since_boot FROM usage_clock", [], |row| {
        Ok(Clocks { wall: row.get::<_, StoredTime>(0)?.0, boot: row.get(1)?, since_boot: row.get(2)? })
    })
}

/// Keeps the clocks of this one.
pub fn keep(change: &Change<'_>, clocks: &Clocks) -> Result<(), Error> {
    change.execute(
        "INSERT INTO usage_clock (one, wall_at, boot, since_boot) VALUES (1, ?1, ?2, ?3)
         ON CONFLICT (one) DO UPDATE SET wall_at = excluded.wall_at, boot = excluded.boot, since_boot = excluded.since_boot",
        params![StoredTime(clocks.wall), clocks.boot, clocks.since_boot],
    )?;
    Ok(())
}
