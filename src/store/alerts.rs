//! The table family `alerts`: what fires, what fired, and who was told.

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::prune::Rule;
use super::{Change, Error, Snapshot, StoredTime};
use crate::domain::alert::{self, Condition, Firing, Kind, Severity};

/// An alert as the state file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertRow {
    /// Its number; never used twice.
    pub id: i64,
    /// What it is about.
    pub kind: Kind,
    /// Which one.
    pub subject: String,
    /// How bad it is.
    pub severity: Severity,
    /// A sentence with the numbers, as they were last.
    pub summary: String,
    /// Since when it fires.
    pub raised_at: Timestamp,
    /// When it ended.
    pub resolved_at: Option<Timestamp>,
    /// When somebody took note.
    pub acked_at: Option<Timestamp>,
    /// Who.
    pub acked_by: Option<String>,
}

/// A change that a channel is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its number.
    pub id: i64,
    /// The alert.
    pub alert: AlertRow,
    /// `raised`, `regraded` or `resolved`.
    pub change: String,
    /// Who is to be told.
    pub channel: String,
    /// How bad it was.
    pub severity: Severity,
    /// What is to be said.
    pub summary: String,
    /// Since when.
    pub created_at: Timestamp,
    /// How often that failed.
    pub attempts: u32,
}

/// What fires.
pub fn firing(snapshot: &Snapshot<'_>) -> Result<Vec<Firing>, Error> {
    let rows = list(snapshot, false, None)?;
    Ok(rows
        .into_iter()
        .map(|row| Firing {
            id: row.id,
            kind: row.kind,
            subject: row.subject,
            severity: row.severity,
            summary: row.summary,
        })
        .collect())
}

/// Alerts, those that fire first, then the newest; those that fire only unless all are wanted.
pub fn list(snapshot: &Snapshot<'_>, all: bool, limit: Option<u32>) -> Result<Vec<AlertRow>, Error> {
    snapshot.rows(
        "SELECT * FROM alerts WHERE ?1 OR resolved_at IS NULL
         ORDER BY resolved_at IS NOT NULL, raised_at DESC, id DESC LIMIT ?2",
        params![all, limit.map_or(-1, i64::from)],
        read,
    )
}

/// Writes changes down, and who is to be told of them.
pub fn apply(change: &Change<'_>, changes: Vec<alert::Change>, channels: &[&str], now: Timestamp) -> Result<(), Error> {
    for what in changes {
        let (id, word) = match what {
            alert::Change::Raise(condition) => (raise(change, &condition, now)?, "raised"),
            alert::Change::Regrade(id, condition) => {
                change.execute(
                    "UPDATE alerts SET severity = ?2, summary = ?3 WHERE id = ?1",
                    params![id, condition.severity.word(), condition.summary],
                )?;
                (id, "regraded")
            }
            alert::Change::Renew(id, summary) => {
                change.execute("UPDATE alerts SET summary = ?2 WHERE id = ?1", params![id, summary])?;
                continue;
            }
            alert::Change::Resolve(id) => {
                change.execute(
                    "UPDATE alerts SET resolved_at = ?2 WHERE id = ?1 AND resolved_at IS NULL",
                    params![id, StoredTime(now)],
                )?;
                (id, "resolved")
            }
        };
        for channel in channels {
            change.execute(
                "INSERT INTO alert_deliveries (alert, change, channel, severity, summary, created_at)
                 SELECT id, ?2, ?3, severity, summary, ?4 FROM alerts WHERE id = ?1",
                params![id, word, channel, StoredTime(now)],
            )?;
        }
    }
    Ok(())
}

fn raise(change: &Change<'_>, condition: &Condition, now: Timestamp) -> Result<i64, Error> {
    change.insert(
        "INSERT INTO alerts (kind, subject, severity, summary, raised_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            condition.kind.word(),
            condition.subject,
            condition.severity.word(),
            condition.summary,
            StoredTime(now)
        ],
    )
}

/// Notes that somebody took note. Gives back whether there is such an alert.
pub fn acknowledge(change: &Change<'_>, id: i64, by: &str, now: Timestamp) -> Result<bool, Error> {
    let sql = "UPDATE alerts SET acked_at = coalesce(acked_at, ?2), acked_by = coalesce(acked_by, ?3) WHERE id = ?1";
    change.execute(sql, params![id, StoredTime(now), by]).map(|rows| rows == 1)
}

/// What has to be told, oldest first.
pub fn due(snapshot: &Snapshot<'_>, at_most: u32) -> Result<Vec<Delivery>, Error> {
    snapshot.rows(
        "SELECT alerts.*, d.id AS delivery, d.change, d.channel, d.severity AS told_severity, d.summary AS told,
           d.created_at, d.attempts
         FROM alert_deliveries AS d JOIN alerts ON alerts.id = d.alert
         WHERE d.delivered_at IS NULL AND d.given_up_at IS NULL ORDER BY d.id LIMIT ?1",
        [at_most],
        |row| {
            Ok(Delivery {
                id: row.get("delivery")?,
                alert: read(row)?,
                change: row.get("change")?,
                channel: row.get("channel")?,
                severity: severity(row, "told_severity")?,
                summary: row.get("told")?,
                created_at: row.get::<_, StoredTime>("created_at")?.0,
                attempts: row.get("attempts")?,
            })
        },
    )
}

/// Writes down that a channel was told.
pub fn delivered(change: &Change<'_>, id: i64, now: Timestamp) -> Result<(), Error> {
    let sql = "UPDATE alert_deliveries SET delivered_at = ?2, attempts = attempts + 1, error = NULL WHERE id = ?1";
    change.execute(sql, params![id, StoredTime(now)]).map(drop)
}

/// Writes down that a channel was not told, and why; for the last time where it is given up.
pub fn failed(change: &Change<'_>, id: i64, why: &str, given_up: Option<Timestamp>) -> Result<(), Error> {
    let why = why.get(..why.floor_char_boundary(1024)).unwrap_or_default();
    let sql = "UPDATE alert_deliveries SET attempts = attempts + 1, error = ?2, given_up_at = ?3 WHERE id = ?1";
    change.execute(sql, params![id, why, given_up.map(StoredTime)]).map(drop)
}

fn severity(row: &Row<'_>, column: &str) -> rusqlite::Result<Severity> {
    let word: String = row.get(column)?;
    Severity::of_word(&word).ok_or_else(|| unreadable(&word))
}

fn unreadable(word: &str) -> rusqlite::Error {
    let text = format!("`{word}` is no word of an alert");
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, text.into())
}

fn read(row: &Row<'_>) -> rusqlite::Result<AlertRow> {
    let kind: String = row.get("kind")?;
    Ok(AlertRow {
        id: row.get("id")?,
        kind: Kind::of_word(&kind).ok_or_else(|| unreadable(&kind))?,
        subject: row.get("subject")?,
        severity: severity(row, "severity")?,
        summary: row.get("summary")?,
        raised_at: row.get::<_, StoredTime>("raised_at")?.0,
        resolved_at: row.get::<_, Option<StoredTime>>("resolved_at")?.map(|time| time.0),
        acked_at: row.get::<_, Option<StoredTime>>("acked_at")?.map(|time| time.0),
        acked_by: row.get("acked_by")?,
    })
}

/// Alerts that ended go with the runs of jobs.
pub(super) const PRUNING: Rule = Rule {
    table: "alerts",
    keep: |retention| retention.job_runs,
    count: |snapshot, before| {
        let sql = "SELECT count(*) FROM alerts WHERE resolved_at < ?1";
        snapshot.one(sql, [StoredTime(before)], |row| row.get(0).map(i64::unsigned_abs))
    },
    remove: |change, before, at_most| {
        let sql = "DELETE FROM alerts WHERE id IN (SELECT id FROM alerts WHERE resolved_at < ?1 ORDER BY id LIMIT ?2)";
        change.execute(sql, params![StoredTime(before), at_most])
    },
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::store::Store;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn evaluate(store: &Store, conditions: Vec<Condition>, second: i64) {
        store
            .write("evaluate", |change| {
                let changes = alert::changes(&firing(change)?, conditions, &BTreeSet::from([Kind::HighCpu]));
                apply(change, changes, &["webhook", "command"], at(second))
            })
            .unwrap();
    }

    fn high(subject: &str, severity: Severity) -> Condition {
        Condition {
            kind: Kind::HighCpu,
            subject: subject.to_owned(),
            severity,
            summary: format!("{subject} {severity}"),
        }
    }

    #[test]
    fn each_change_is_told_once_on_each_channel_until_it_arrived() {
        let store = Store::in_memory().unwrap();
        evaluate(&store, vec![high("a", Severity::Warning)], 1);
        evaluate(&store, vec![high("a", Severity::Warning)], 2);
        evaluate(&store, vec![high("a", Severity::Critical)], 3);
        evaluate(&store, vec![], 4);
        evaluate(&store, vec![], 5);
        evaluate(&store, vec![high("a", Severity::Warning)], 6);
        let due = || store.read("due", |s| due(s, 99)).unwrap();
        let told: Vec<_> = due()
            .iter()
            .filter(|d| d.channel == "webhook")
            .map(|d| (d.alert.id, d.change.clone(), d.summary.clone()))
            .collect();
        assert_eq!(
            told,
            [
                (1, "raised".to_owned(), "a warning".to_owned()),
                (1, "regraded".to_owned(), "a critical".to_owned()),
                (1, "resolved".to_owned(), "a critical".to_owned()),
                (2, "raised".to_owned(), "a warning".to_owned()),
            ]
        );
        let first = due()[0].id;
        store.write("fail", |change| failed(change, first, "refused", None)).unwrap();
        assert_eq!((due()[0].id, due()[0].attempts), (first, 1));
        store.write("deliver", |change| delivered(change, first, at(7))).unwrap();
        let second = due()[0].id;
        store.write("give up", |change| failed(change, second, "refused", Some(at(8)))).unwrap();
        assert_eq!(due().len(), 6);
    }

    #[test]
    fn alerts_are_listed_acknowledged_and_forgotten() {
        let store = Store::in_memory().unwrap();
        evaluate(&store, vec![high("a", Severity::Warning), high("b", Severity::Critical)], 1);
        evaluate(&store, vec![high("b", Severity::Critical)], 2);
        let list = |all| store.read("list", |s| list(s, all, None)).unwrap();
        assert_eq!(list(false).iter().map(|row| row.subject.as_str()).collect::<Vec<_>>(), ["b"]);
        let told = store.read("due", |s| due(s, 99)).unwrap().len();
        evaluate(&store, vec![Condition { summary: "b at 99%".to_owned(), ..high("b", Severity::Critical) }], 3);
        assert_eq!(list(false)[0].summary, "b at 99%");
        assert_eq!(store.read("due", |s| due(s, 99)).unwrap().len(), told, "nobody is told of a number");
        assert_eq!(list(true).len(), 2);
        let ack = |id, by: &str| store.write("ack", |change| acknowledge(change, id, by, at(9))).unwrap();
        assert!(ack(2, "alice") && ack(2, "bob") && !ack(99, "alice"));
        assert_eq!(list(false)[0].acked_by.as_deref(), Some("alice"));
        let keep = crate::store::Retention { job_runs: Some(std::time::Duration::ZERO), ..Default::default() };
        store.prune(&keep, at(1000), &|| false).unwrap();
        assert_eq!(list(true).len(), 1);
    }
}
