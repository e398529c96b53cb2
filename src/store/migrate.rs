//! The schema and its history.
//!
//! A migration that has been released is never changed, moved or removed: state files out there have run it. A new
//! one is appended, whatever it corrects. All that are missing run in one transaction, so a file has the old schema or
//! the new one and nothing between; SQLite's `user_version` says how many have run.

use std::path::Path;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::Error;

/// What `application_id` says in every file of ours: "VEPR".
pub const APPLICATION_ID: i32 = 0x5645_5052;

/// Every migration since the beginning, in order: its name and its statements.
pub const MIGRATIONS: &[(&str, &str)] = &[
    ("0001_job_runs", include_str!("migrations/0001_job_runs.sql")),
    ("0002_audit", include_str!("migrations/0002_audit.sql")),
    ("0003_outbox", include_str!("migrations/0003_outbox.sql")),
    ("0004_workloads", include_str!("migrations/0004_workloads.sql")),
    ("0005_bids", include_str!("migrations/0005_bids.sql")),
    ("0006_keys", include_str!("migrations/0006_keys.sql")),
    ("0007_usage", include_str!("migrations/0007_usage.sql")),
    ("0008_settlement", include_str!("migrations/0008_settlement.sql")),
    ("0009_alerts", include_str!("migrations/0009_alerts.sql")),
    ("0010_serve", include_str!("migrations/0010_serve.sql")),
    // The next one goes here.
];

/// The schema version of this program: how many migrations there are.
#[allow(clippy::cast_possible_truncation, reason = "a list written by hand")]
pub const SCHEMA_VERSION: u32 = MIGRATIONS.len() as u32;

/// What a database is, by its first page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Identity {
    /// Empty: nobody has written to it yet.
    Empty,
    /// A state file with that schema version, which this program knows.
    Ours(u32),
}

/// Reads what a database is, and refuses what is not ours or too new.
pub(super) fn identify(connection: &Connection, path: &Path) -> Result<Identity, Error> {
    let (application, version, objects): (i32, i32, u32) = connection
        .query_row(
            "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)
             FROM pragma_application_id, pragma_user_version",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .map_err(Error::sql("read the first page of the state file", path))?;
    let path = path.to_owned();
    match (application, u32::try_from(version)) {
        (0, Ok(0)) if objects == 0 => Ok(Identity::Empty),
        (APPLICATION_ID, Ok(found)) if found <= SCHEMA_VERSION => Ok(Identity::Ours(found)),
        (APPLICATION_ID, Ok(found)) => Err(Error::Newer { path, found, known: SCHEMA_VERSION }),
        (found, _) => Err(Error::NotOurs { path, found }),
    }
}

/// Runs the migrations that are missing. Gives back the version before, if there were any to run.
///
/// Safe when many processes do it at once: one migrates, the others wait and find it done.
pub(super) fn bring_up_to_date(connection: &mut Connection, path: &Path) -> Result<Option<u32>, Error> {
    const DOING: &str = "bring the schema of the state file up to date";
    let failed = || Error::sql(DOING, path);
    if identify(connection, path)? == Identity::Ours(SCHEMA_VERSION) {
        return Ok(None);
    }
    // A migration may have to build a table anew, which other tables refer to; the keys are checked before the commit.
    connection.pragma_update(None, "foreign_keys", false).map_err(failed())?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed())?;
    let before = match identify(&transaction, path)? {
        Identity::Ours(SCHEMA_VERSION) => None,
        Identity::Ours(version) => Some(version),
        Identity::Empty => Some(0),
    };
    if let Some(version) = before {
        run(&transaction, version, SCHEMA_VERSION).map_err(failed())?;
    }
    transaction.commit().map_err(failed())?;
    connection.pragma_update(None, "foreign_keys", true).map_err(failed())?;
    Ok(before)
}

/// Runs the migrations after version `from` up to version `to`.
fn run(transaction: &Transaction<'_>, from: u32, to: u32) -> rusqlite::Result<()> {
    for (_, statements) in MIGRATIONS.iter().take(to as usize).skip(from as usize) {
        transaction.execute_batch(statements)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", to)?;
    let dangling = transaction.prepare("PRAGMA foreign_key_check")?.exists([])?;
    if dangling {
        // Says so in SQLite's own terms; the drop rolls back.
        return Err(rusqlite::Error::SqliteFailure(
            rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CONSTRAINT_FOREIGNKEY),
            Some("a migration left rows that refer to nothing".to_owned()),
        ));
    }
    Ok(())
}

/// An empty database in memory with the schema of a version: what a file of that version must look like.
pub(super) fn model(version: u32) -> rusqlite::Result<Connection> {
    let mut connection = Connection::open_in_memory()?;
    let transaction = connection.transaction()?;
    run(&transaction, 0, version)?;
    transaction.commit()?;
    Ok(connection)
}
