//! `bid_declines`: how often orders came to be declined, by reason, since the state file was made.
//!
//! An order counts when it is declined, and again when the reason becomes another one; that it is decided anew in each run
//! counts nothing. The numbers never go back: neither pruning nor a bid that an order gets after all takes from them.

use std::collections::BTreeMap;

use rusqlite::params;

use super::decisions::Key;
use super::value::Stored;
use crate::domain::bid::Reason;
use crate::store::{self, Change, Snapshot};

/// How often orders were declined for a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declines {
    /// The coarse reason: a [`Code`](crate::domain::bid::Code)'s word.
    pub code: String,
    /// The reason beneath it: a [`Reason`]'s word.
    pub reason: String,
    /// How often, since the state file was made.
    pub count: u64,
}

/// The numbers, by coarse reason and reason. Meant for metrics.
pub fn totals(snapshot: &Snapshot<'_>) -> Result<Vec<Declines>, store::Error> {
    let sql = "SELECT code, reason, count FROM bid_declines ORDER BY code, reason";
    snapshot.rows(sql, [], |row| {
        Ok(Declines { code: row.get(0)?, reason: row.get(1)?, count: row.get::<_, Stored<u64>>(2)?.0 })
    })
}

/// What one transaction adds.
#[derive(Debug, Default)]
pub(super) struct Tally(BTreeMap<(&'static str, String), i64>);

impl Tally {
    /// Counts a decision that is about to be written, unless the one in its place has the same reason.
    pub(super) fn note(&mut self, change: &Change<'_>, key: Key, reason: &Reason) -> Result<(), store::Error> {
        let word = reason.word();
        let sql = "SELECT json_extract(reason, '$.reason') = ?2 FROM bid_decisions WHERE key = ?1 AND gone_at IS NULL";
        let same = change.row(sql, params![key.to_be_bytes(), word], |row| row.get::<_, Option<bool>>(0))?;
        if same.flatten() != Some(true) {
            *self.0.entry((reason.code().word(), word)).or_default() += 1;
        }
        Ok(())
    }

    /// Adds what was counted to the numbers.
    pub(super) fn add(self, change: &Change<'_>) -> Result<(), store::Error> {
        for ((code, reason), count) in self.0 {
            change.execute(
                "INSERT INTO bid_declines (code, reason, count) VALUES (?1, ?2, ?3)
                 ON CONFLICT (code, reason) DO UPDATE SET count = count + ?3",
                params![code, reason, count],
            )?;
        }
        Ok(())
    }
}
