//! Rows and seals as JSON, one object a line.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::audit::{Anchor, Row, Seal, canonical_json};
use crate::domain::hex;
use crate::observe::escape;

/// A line of the audit file; the seals file holds seals only.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Record {
    Row(RowRecord),
    Seal(SealRecord),
}

/// What a line was found to be.
pub enum Parsed {
    Row(Row),
    Seal(Seal),
}

#[derive(Serialize, Deserialize)]
struct RowRecord {
    seq: i64,
    time: String,
    event: String,
    outcome: String,
    uid: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    job: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<i64>,
    subject: String,
    details: Value,
    previous: String,
    hash: String,
}

#[derive(Serialize, Deserialize)]
struct SealRecord {
    store: String,
    number: i64,
    says: String,
    seq: i64,
    hash: String,
    time: Timestamp,
    previous: String,
    key: String,
    mac: String,
}

pub fn row_line(row: &Row) -> String {
    // The text of the details is hashed, so it must come back the same: an object that is not canonical (only a
    // tampered one is not) goes as a text.
    let details = serde_json::from_str(&row.details).ok().filter(|value| canonical_json(value) == row.details);
    line(&Record::Row(RowRecord {
        seq: row.seq,
        time: Timestamp::from_microsecond(row.at).map_or_else(|_| row.at.to_string(), |at| format!("{at:.6}")),
        event: row.event.clone(),
        outcome: row.outcome.clone(),
        uid: row.uid,
        user: row.user.clone(),
        job: row.job.clone(),
        run: row.run,
        subject: row.subject.clone(),
        details: details.unwrap_or_else(|| Value::String(row.details.clone())),
        previous: hex::encode(&row.previous),
        hash: hex::encode(&row.hash),
    }))
}

pub fn seal_line(seal: &Seal) -> String {
    line(&Record::Seal(SealRecord {
        store: seal.store.clone(),
        number: seal.number,
        says: seal.kind.word().to_owned(),
        seq: seal.anchor.seq,
        hash: seal.anchor.hash.to_string(),
        time: seal.at,
        previous: seal.previous.to_string(),
        key: seal.key.to_string(),
        mac: seal.mac.to_string(),
    }))
}

/// A record never fails to be JSON: all keys are texts.
fn line(record: &Record) -> String {
    let mut line = escape::json(&serde_json::to_string(record).unwrap_or_default()).into_owned();
    line.push('\n');
    line
}

/// What a line is, if it is one of ours.
pub fn parse(line: &[u8]) -> Option<Parsed> {
    match serde_json::from_slice(line).ok()? {
        Record::Row(record) => row(record).map(Parsed::Row),
        Record::Seal(record) => seal(&record).map(Parsed::Seal),
    }
}

fn row(record: RowRecord) -> Option<Row> {
    let at = match record.time.parse::<Timestamp>() {
        Ok(time) => time.as_microsecond(),
        Err(_) => record.time.parse().ok()?,
    };
    let details = match record.details {
        Value::String(text) => text,
        value => canonical_json(&value),
    };
    Some(Row {
        seq: record.seq,
        at,
        event: record.event,
        outcome: record.outcome,
        uid: record.uid,
        user: record.user,
        job: record.job,
        run: record.run,
        subject: record.subject,
        details,
        previous: hex::decode(&record.previous)?,
        hash: hex::decode(&record.hash)?,
    })
}

fn seal(record: &SealRecord) -> Option<Seal> {
    Some(Seal {
        store: record.store.clone(),
        number: record.number,
        kind: record.says.parse().ok()?,
        anchor: Anchor { seq: record.seq, hash: record.hash.parse().ok()? },
        at: record.time,
        previous: record.previous.parse().ok()?,
        key: record.key.parse().ok()?,
        mac: record.mac.parse().ok()?,
    })
}
