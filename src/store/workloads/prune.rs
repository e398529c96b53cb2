//! What of workloads is settled and old: those that are over, with all that was written about them.

use rusqlite::params;

use crate::store::StoredTime;
use crate::store::prune::Rule;

/// Their manifests went when they ended; transitions, intents, steps and checks go with the row.
pub(in crate::store) const PRUNING: Rule = Rule {
    table: "workloads",
    keep: |retention| retention.workloads,
    count: |snapshot, before| {
        let sql = "SELECT count(*) FROM workloads WHERE state = 'terminated' AND since < ?1";
        snapshot.one(sql, [StoredTime(before)], |row| row.get(0).map(i64::unsigned_abs))
    },
    remove: |change, before, at_most| {
        let sql = "DELETE FROM workloads WHERE id IN
                   (SELECT id FROM workloads WHERE state = 'terminated' AND since < ?1 ORDER BY id LIMIT ?2)";
        change.execute(sql, params![StoredTime(before), at_most])
    },
};

/// Those of a workload that is not over stay, however old: its account is not closed.
pub(in crate::store) const PRUNING_SAMPLES: Rule = Rule {
    table: "final_samples",
    keep: |retention| retention.workloads,
    count: |snapshot, before| {
        let sql = format!("SELECT count(*) FROM final_samples WHERE {OLD}");
        snapshot.one(&sql, [StoredTime(before)], |row| row.get(0).map(i64::unsigned_abs))
    },
    remove: |change, before, at_most| {
        let sql = format!(
            "DELETE FROM final_samples WHERE rowid IN (SELECT rowid FROM final_samples WHERE {OLD} ORDER BY at LIMIT ?2)"
        );
        change.execute(&sql, params![StoredTime(before), at_most])
    },
};

const OLD: &str = "at < ?1 AND workload NOT IN (SELECT id FROM workloads WHERE state <> 'terminated')";
