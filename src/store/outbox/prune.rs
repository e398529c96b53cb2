//! Settled intents past their time go, with the transactions that hold nothing else, and what was spent before then.

use rusqlite::params;

use crate::store::StoredTime;
use crate::store::prune::Rule;

/// Settled, old, and in no transaction that is not settled.
const PRUNABLE: &str = "settled_at < ?1 AND id NOT IN (
  SELECT intent FROM outbox_contents JOIN outbox_transactions ON outbox_transactions.id = tx
  WHERE outbox_transactions.settled_at IS NULL)";

pub(in crate::store) const PRUNING: Rule = Rule {
    table: "outbox_intents",
    keep: |retention| retention.transactions,
    count: |snapshot, before| {
        let sql = format!("SELECT count(*) FROM outbox_intents WHERE {PRUNABLE}");
        snapshot.one(&sql, [StoredTime(before)], |row| row.get(0).map(i64::unsigned_abs))
    },
    remove: |change, before, at_most| {
        let sql = format!(
            "DELETE FROM outbox_intents WHERE id IN (SELECT id FROM outbox_intents WHERE {PRUNABLE} ORDER BY id LIMIT ?2)"
        );
        let removed = change.execute(&sql, params![StoredTime(before), at_most])?;
        change.execute(
            "DELETE FROM outbox_transactions
             WHERE settled_at < ?1 AND NOT EXISTS (SELECT 1 FROM outbox_contents WHERE tx = outbox_transactions.id)",
            [StoredTime(before)],
        )?;
        change.execute("DELETE FROM outbox_spending WHERE at < ?1", [StoredTime(before)])?;
        Ok(removed)
    },
};
