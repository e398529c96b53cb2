//! Which records are old enough to go.

use rusqlite::params;

use crate::store::StoredTime;
use crate::store::prune::Rule;

/// Records that are through and past their time go, with their charges; what waits for the next charge stays.
pub(in crate::store) const PRUNING: Rule = Rule {
    table: "usage_records",
    keep: |retention| retention.usage_records,
    count: |snapshot, before| {
        let sql = format!("SELECT count(*) FROM usage_records WHERE {PRUNABLE}");
        snapshot.one(&sql, [StoredTime(before)], |row| row.get(0).map(i64::unsigned_abs))
    },
    remove: |change, before, at_most| {
        let which = format!("SELECT id FROM usage_records WHERE {PRUNABLE} ORDER BY id LIMIT ?2");
        let parameters = params![StoredTime(before), at_most];
        change.execute(&format!("DELETE FROM usage_charges WHERE record IN ({which})"), parameters)?;
        change.execute("DELETE FROM usage_carries WHERE lease NOT IN (SELECT lease FROM usage_charges)", [])?;
        change.execute(&format!("DELETE FROM usage_records WHERE id IN ({which})"), parameters)
    },
};

/// A lease's records go together, once its last one is old and nothing of it is open: with a part of them its ledger would
/// not add up, and the chain would have records that nobody seems to have sent.
const PRUNABLE: &str = "end_at < ?1
    AND lease NOT IN
      (SELECT lease FROM usage_records WHERE end_at >= ?1 OR state NOT IN ('settled', 'local', 'rejected'))
    AND lease NOT IN (SELECT lease FROM usage_meters WHERE ended_at IS NULL)
    AND lease NOT IN (SELECT lease FROM settlement_escrows WHERE state IN ('pending', 'active', 'disputed'))";
