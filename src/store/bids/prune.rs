//! What of bidding is settled and old: bids that are over, decisions about orders that are gone, leases that ended.

use rusqlite::params;

use crate::store::StoredTime;
use crate::store::prune::Rule;

/// A rule that removes the rows of a table for which a condition holds (`?1` is the time).
macro_rules! rule {
    ($table:literal, $key:literal, $keep:ident, $where:literal) => {
        Rule {
            table: $table,
            keep: |retention| retention.$keep,
            count: |snapshot, before| {
                let sql = concat!("SELECT count(*) FROM ", $table, " WHERE ", $where);
                snapshot.one(sql, [StoredTime(before)], |row| row.get(0).map(i64::unsigned_abs))
            },
            remove: |change, before, at_most| {
                let sql = concat!(
                    "DELETE FROM ",
                    $table,
                    " WHERE ",
                    $key,
                    " IN (SELECT ",
                    $key,
                    " FROM ",
                    $table,
                    " WHERE ",
                    $where,
                    " ORDER BY 1 LIMIT ?2)"
                );
                change.execute(sql, params![StoredTime(before), at_most])
            },
        }
    };
}

/// A bid that is over is remembered as long as its order could still be listed: an order that we forgot having bid on
/// would only be refused by the chain.
pub(in crate::store) const PRUNING_BIDS: Rule = rule!("bids", "id", bids, "settled_at < ?1");
pub(in crate::store) const PRUNING_DECISIONS: Rule = rule!("bid_decisions", "key", decisions, "gone_at < ?1");
pub(in crate::store) const PRUNING_LEASES: Rule =
    rule!("leases", "id", bids, "last_seen < ?1 AND state IN ('closed', 'insufficient_funds')");
