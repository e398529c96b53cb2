//! The table family `audit`: the audit trail, and what it knows of itself.
//!
//! Rows are appended in the transaction of the business row they speak of. They are read as they are found: whether
//! they are what was recorded is for [`crate::domain::audit::Verifier`] to say, so a tampered column is no error here.

use std::ops::ControlFlow;

use jiff::Timestamp;
use rusqlite::params;
use rusqlite::types::ValueRef;

use super::{Change, Error, Snapshot, StoredTime};
use crate::domain::audit::{Anchor, Draft, Event, Row, RowHash};

/// What the trail knows of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The name of this state file in seals.
    pub store: String,
    /// The last row that was pruned, or the place before the first row.
    pub pruned: Anchor,
    /// The number of the last seal; 0 before the first.
    pub seal_number: i64,
    /// The audit file, and the last row that was written to it.
    pub output: Option<(String, i64)>,
    /// The hash of the last run's configuration, and its values as JSON.
    pub configuration: Option<(String, String)>,
}

/// Which rows to list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// Recorded at this time or later.
    pub since: Option<Timestamp>,
    /// Of this event only.
    pub event: Option<Event>,
    /// The last ones only, that many at most.
    pub limit: Option<u32>,
}

const COLUMNS: &str = "seq, at, event, outcome, uid, user, job, run, subject, details, previous, hash";

/// Appends a row to the chain.
pub fn append(change: &Change<'_>, draft: Draft) -> Result<Row, Error> {
    let head = head(change)?;
    let row = Row::chain(draft, head.seq.saturating_add(1), head.hash);
    change.insert(
        &format!("INSERT INTO audit ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"),
        params![
            row.seq,
            row.at,
            row.event,
            row.outcome,
            row.uid,
            row.user,
            row.job,
            row.run,
            row.subject,
            row.details,
            row.previous,
            row.hash
        ],
    )?;
    Ok(row)
}

/// The last row, or what stands before the first.
pub fn head(snapshot: &Snapshot<'_>) -> Result<Anchor, Error> {
    let last =
        snapshot.row(&format!("SELECT {COLUMNS} FROM audit ORDER BY seq DESC LIMIT 1"), [], |row| Ok(read(row)))?;
    // A hash that was tampered with is taken as far as it goes: the chain is broken either way, and verification says so.
    match last {
        Some(row) => Ok(Anchor { seq: row.seq, hash: row.stored_hash().unwrap_or_else(|| row.computed_hash()) }),
        None => Ok(standing(snapshot)?.pruned),
    }
}

/// What the trail knows of itself.
pub fn standing(snapshot: &Snapshot<'_>) -> Result<Standing, Error> {
    let sql = "SELECT store, pruned_seq, pruned_hash, seal_number, output_path, output_seq, configuration_hash,
                      configuration_values
               FROM audit_trail";
    snapshot.one(sql, [], |row| {
        let hash: Option<[u8; 32]> = row.get(2)?;
        let pruned = hash.map(|hash| (row.get(1), RowHash::from_bytes(hash)));
        let output_seq = row.get(5)?;
        Ok(Standing {
            store: row.get(0)?,
            pruned: match pruned {
                Some((seq, hash)) => Anchor { seq: seq?, hash },
                None => Anchor::genesis(),
            },
            seal_number: row.get(3)?,
            output: row.get::<_, Option<String>>(4)?.map(|path| (path, output_seq)),
            configuration: row.get::<_, Option<_>>(6)?.zip(row.get(7)?),
        })
    })
}

/// Looks at each row behind number `after`, in the order of the numbers, until told to stop.
pub fn each_after(
    snapshot: &Snapshot<'_>,
    after: i64,
    mut look: impl FnMut(Row) -> ControlFlow<()>,
) -> Result<(), Error> {
    const PAGE: i64 = 500;
    let mut after = after;
    // In pages, since a statement cannot be left half-way.
    loop {
        let sql = format!("SELECT {COLUMNS} FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ?2");
        let rows = snapshot.rows(&sql, params![after, PAGE], |row| Ok(read(row)))?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.seq;
        for row in rows {
            if look(row).is_break() {
                return Ok(());
            }
        }
    }
}

/// The row with that number.
pub fn find(snapshot: &Snapshot<'_>, seq: i64) -> Result<Option<Row>, Error> {
    snapshot.row(&format!("SELECT {COLUMNS} FROM audit WHERE seq = ?1"), [seq], |row| Ok(read(row)))
}

/// The last rows that fit, the oldest first.
pub fn list(snapshot: &Snapshot<'_>, filter: &Filter) -> Result<Vec<Row>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM audit
         WHERE (?1 IS NULL OR at >= ?1) AND (?2 IS NULL OR event = ?2)
         ORDER BY seq DESC LIMIT ?3"
    );
    let limit = filter.limit.map_or(-1, i64::from);
    let parameters = params![filter.since.map(StoredTime), filter.event.map(Event::word), limit];
    let mut rows = snapshot.rows(&sql, parameters, |row| Ok(read(row)))?;
    rows.reverse();
    Ok(rows)
}

/// The number of the last row before the first that was recorded at `time` or later: all up to there is older.
pub fn last_older_than(snapshot: &Snapshot<'_>, time: Timestamp) -> Result<i64, Error> {
    let sql = "SELECT coalesce((SELECT min(seq) - 1 FROM audit WHERE at >= ?1), (SELECT max(seq) FROM audit), 0)";
    snapshot.one(sql, [StoredTime(time)], |row| row.get(0))
}

/// Remembers that a seal was made.
pub fn note_seal(change: &Change<'_>, number: i64) -> Result<(), Error> {
    change.execute("UPDATE audit_trail SET seal_number = max(seal_number, ?1)", [number]).map(drop)
}

/// Remembers how far the audit file is written.
pub fn note_output(change: &Change<'_>, path: &str, seq: i64) -> Result<(), Error> {
    change.execute("UPDATE audit_trail SET output_path = ?1, output_seq = ?2", params![path, seq]).map(drop)
}

/// Remembers the effective configuration: its hash, and its values as a JSON object with secrets masked.
pub fn note_configuration(change: &Change<'_>, hash: &str, values: &str) -> Result<(), Error> {
    let sql = "UPDATE audit_trail SET configuration_hash = ?1, configuration_values = ?2";
    change.execute(sql, params![hash, values]).map(drop)
}

/// Lets the rows up to this one go, which a seal must vouch for already.
pub fn settle(change: &Change<'_>, until: Anchor) -> Result<(), Error> {
    let sql = "UPDATE audit_trail SET pruned_seq = ?1, pruned_hash = ?2 WHERE pruned_seq < ?1";
    change.execute(sql, params![until.seq, until.hash.as_bytes()]).map(drop)
}

/// How many rows there are up to this number.
pub fn count_until(snapshot: &Snapshot<'_>, seq: i64) -> Result<u64, Error> {
    let count: i64 = snapshot.one("SELECT count(*) FROM audit WHERE seq <= ?1", [seq], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

/// Removes some of the rows that may go, oldest first. Gives back how many; none means that all are gone.
pub fn remove_settled(change: &Change<'_>, at_most: u32) -> Result<usize, Error> {
    change.execute(
        "DELETE FROM audit WHERE seq IN
           (SELECT seq FROM audit WHERE seq <= (SELECT pruned_seq FROM audit_trail) ORDER BY seq LIMIT ?1)",
        [at_most],
    )
}

/// A row as it is found. A column of the wrong type reads as nothing, which no hash fits.
fn read(row: &rusqlite::Row<'_>) -> Row {
    let column = |index| row.get_ref(index).unwrap_or(ValueRef::Null);
    let integer = |index| column(index).as_i64().ok();
    let text = |index| match column(index) {
        ValueRef::Text(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        _ => None,
    };
    let bytes = |index| column(index).as_bytes().map(<[u8]>::to_vec).unwrap_or_default();
    Row {
        seq: integer(0).unwrap_or_default(),
        at: integer(1).unwrap_or_default(),
        event: text(2).unwrap_or_default(),
        outcome: text(3).unwrap_or_default(),
        uid: integer(4).unwrap_or(-1),
        user: text(5),
        job: text(6),
        run: integer(7),
        subject: text(8).unwrap_or_default(),
        details: text(9).unwrap_or_default(),
        previous: bytes(10),
        hash: bytes(11),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Map;

    use super::*;
    use crate::domain::audit::{Actor, Outcome, Verifier};
    use crate::store::Store;

    fn draft(second: i64, event: Event) -> Draft {
        let at = Timestamp::from_second(second).unwrap();
        let actor = Actor { uid: 0, user: None, job: Some("bid-run".into()), run: Some(1) };
        Draft::new(at, event, Outcome::Succeeded, actor, "order ve1/1/1/1", Map::new())
    }

    fn store_with(count: i64) -> Store {
        let store = Store::in_memory().unwrap();
        for second in 1..=count {
            let event = if second % 2 == 0 { Event::KeyUsage } else { Event::BidSubmitted };
            store.write("test", |change| append(change, draft(second, event)).map(drop)).unwrap();
        }
        store
    }

    fn refused(store: &Store, sql: &str) -> bool {
        let result: Result<(), Error> = store.write("test", |change| change.execute(sql, []).map(drop));
        result.is_err()
    }

    #[test]
    fn what_is_appended_verifies_and_is_found() {
        let store = store_with(1203);
        store
            .read("test", |snapshot| {
                let mut verifier = Verifier::new(Anchor::genesis(), Vec::new());
                each_after(snapshot, 0, |row| {
                    if verifier.push(row) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
                })?;
                let verdict = verifier.finish();
                assert_eq!((verdict.sound, verdict.broken, verdict.head), (1203, None, head(snapshot)?));

                let since = Timestamp::from_second(1200).ok();
                let numbers = |filter| -> Result<Vec<i64>, Error> {
                    Ok(list(snapshot, &filter)?.into_iter().map(|row| row.seq).collect())
                };
                assert_eq!(numbers(Filter { since, ..Filter::default() })?, [1200, 1201, 1202, 1203]);
                let event = Some(Event::KeyUsage);
                assert_eq!(numbers(Filter { since, event, limit: None })?, [1200, 1202]);
                assert_eq!(numbers(Filter { since, event, limit: Some(1) })?, [1202]);
                assert_eq!(last_older_than(snapshot, Timestamp::from_second(11).unwrap())?, 10);
                assert_eq!(last_older_than(snapshot, Timestamp::from_second(9999).unwrap())?, 1203);
                assert_eq!(find(snapshot, 7)?.map(|row| row.at), Some(7_000_000));
                Ok::<(), Error>(())
            })
            .unwrap();
    }

    #[test]
    fn a_row_goes_with_its_business_row_or_not_at_all() {
        let store = store_with(1);
        let failed: Result<(), Error> = store.write("test", |change| {
            append(change, draft(2, Event::KeyUsage))?;
            Err(Error::Interrupted { doing: "test" })
        });
        assert!(failed.is_err());
        assert_eq!(store.read("test", head).unwrap().seq, 1);
    }

    #[test]
    fn the_seat_belt_holds() {
        let store = store_with(5);
        for sql in [
            "UPDATE audit SET subject = 'x' WHERE seq = 3",
            "DELETE FROM audit WHERE seq = 1",
            "DELETE FROM audit",
            "INSERT INTO audit SELECT 9, at, event, outcome, uid, user, job, run, subject, details, previous, hash FROM audit WHERE seq = 1",
            "REPLACE INTO audit SELECT 3, at, event, outcome, uid, user, job, run, subject, details, previous, hash FROM audit WHERE seq = 1",
        ] {
            assert!(refused(&store, sql), "{sql}");
        }
        assert_eq!(store.read("test", |snapshot| list(snapshot, &Filter::default())).unwrap().len(), 5);
    }

    #[test]
    fn pruned_rows_go_and_the_chain_goes_on_behind_them() {
        let store = store_with(5);
        let third = store.read("test", |snapshot| find(snapshot, 3)).unwrap().unwrap();
        let until = Anchor { seq: 3, hash: third.stored_hash().unwrap() };
        store
            .write("test", |change| {
                settle(change, until)?;
                assert_eq!(remove_settled(change, 2)?, 2);
                assert_eq!(remove_settled(change, 2)?, 1);
                assert_eq!(remove_settled(change, 2)?, 0);
                assert_eq!(standing(change)?.pruned, until);
                append(change, draft(6, Event::KeyUsage))
            })
            .unwrap();
        let last = store.read("test", |snapshot| find(snapshot, 5)).unwrap().unwrap();
        store
            .write("test", |change| {
                settle(change, Anchor { seq: 6, hash: last.stored_hash().unwrap() })?;
                remove_settled(change, 100)?;
                assert_eq!(head(change)?.seq, 6, "an empty table goes on behind what was pruned");
                append(change, draft(7, Event::KeyUsage)).map(|row| assert_eq!(row.seq, 7))
            })
            .unwrap();
    }

    #[test]
    fn each_state_file_has_its_own_name() {
        let name = |store: &Store| store.read("test", standing).unwrap().store;
        let (one, other) = (store_with(0), store_with(0));
        assert_ne!(name(&one), name(&other));
        assert_eq!(name(&one).len(), 32);
    }
}
