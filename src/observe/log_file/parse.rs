//! One line of the log file.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::Entry;

/// What a line is.
pub enum Parsed {
    /// An entry in text form.
    Text(Entry),
    /// An entry in JSON form.
    Json(Entry),
    /// Anything else.
    Other(String),
}

/// Takes a line for what it is.
pub fn line(line: &str) -> Parsed {
    let line = line.trim_end_matches('\r');
    if line.starts_with('{') {
        if let Some(entry) = json(line) {
            return Parsed::Json(entry);
        }
    } else if let Some(entry) = text(line) {
        return Parsed::Text(entry);
    }
    Parsed::Other(line.to_owned())
}

#[derive(Deserialize)]
struct Object {
    time: Timestamp,
    level: String,
    #[serde(default)]
    target: String,
    job: Option<String>,
    run: Option<i64>,
    #[serde(default)]
    message: String,
    #[serde(default)]
    fields: Map<String, Value>,
}

fn json(line: &str) -> Option<Entry> {
    let object: Object = serde_json::from_str(line).ok()?;
    Some(Entry {
        at: object.time,
        level: object.level.parse().ok()?,
        target: object.target,
        job: object.job,
        run: object.run,
        message: object.message,
        fields: object.fields,
    })
}

/// `TIME LEVEL target[job run]: message`.
fn text(line: &str) -> Option<Entry> {
    let (time, rest) = line.split_once(' ')?;
    let (level, rest) = rest.split_once(' ')?;
    let (origin, message) = rest.trim_start_matches(' ').split_once(": ").or_else(|| {
        // Without a message.
        rest.trim_start_matches(' ').strip_suffix(':').map(|origin| (origin, ""))
    })?;
    let (target, job) = match origin.split_once('[') {
        Some((target, job)) => (target, job.strip_suffix(']')),
        None => (origin, None),
    };
    let numbered = job.and_then(|job| job.rsplit_once(' ')).and_then(|(job, run)| Some((job, run.parse().ok()?)));
    let (job, run) = match numbered {
        Some((job, run)) => (Some(job.to_owned()), Some(run)),
        None => (job.map(str::to_owned), None),
    };
    Some(Entry {
        at: time.parse().ok()?,
        level: level.parse().ok()?,
        target: target.to_owned(),
        job,
        run,
        message: message.to_owned(),
        fields: Map::new(),
    })
}
