//! A key that others may have: what is done at once, and what it touched.
//!
//! In one transaction the key is given up, new bids are paused and whatever waited for an approval of it is closed. What
//! it touched comes from the audit trail. What has to go over the chain follows: `keys_rotate` puts other keys in place,
//! and the account's money is moved by whoever runs the command.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::FailPoint;
use super::audit::Trail;
use super::keys_life::{self, Deed, Error};
use crate::domain::audit::Event as Audited;
use crate::domain::key::{Event, State};
use crate::store::audit::{Filter, list};
use crate::store::bids::pauses::{self, Pause};
use crate::store::keys::{self as rows, KeyRow};
use crate::store::{self, Store};

/// Something that the key was used for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Touched {
    /// When.
    pub at: Option<Timestamp>,
    /// What was done with it.
    pub r#use: String,
    /// How it ended.
    pub outcome: String,
    /// In which job.
    pub job: Option<String>,
    /// On what: a transaction's hash, an envelope's checksum.
    pub on: Option<String>,
}

/// Gives a key up, and pauses new bids when they are not paused already. A key that was given up before is no failure: the
/// rest of the procedure goes on, and bids that a person resumed meanwhile stay resumed.
pub fn give_up(store: &Store, deed: Deed<'_>, trail: Option<&Trail<'_>>) -> Result<KeyRow, Error> {
    let row = store.write("give a key up", |change| {
        let row = rows::by_name(change, deed.key)?;
        let row = row.ok_or_else(|| Error::Unknown { key: deed.key.to_owned() })?;
        let again = row.state == State::Compromised;
        let reason = deed.reason.map_or_else(|| row.reason.clone(), |reason| Some(reason.to_owned()));
        if !again {
            keys_life::apply(change, &row, (Event::Compromise, deed.reason), deed.now, trail)?;
            rows::close(change, row.id, deed.now)?;
            if pauses::current(change)?.is_none() {
                let reason = format!("the key `{}` was given up as compromised", row.name);
                pauses::begin(change, &Pause { at: deed.now, reason, user: Some(deed.who.to_owned()) })?;
            }
        }
        let since = if again { row.since } else { deed.now };
        Ok::<_, Error>(KeyRow { state: State::Compromised, since, reason, ..row })
    })?;
    FailPoint::KeyGivenUp.reach();
    Ok(row)
}

/// Everything that the trail knows of a key, the oldest first.
pub fn touched(store: &Store, fingerprint: &str) -> Result<Vec<Touched>, store::Error> {
    let wanted = Filter { event: Some(Audited::KeyUsage), ..Filter::default() };
    let found = store.read("list what a key was used for", |snapshot| list(snapshot, &wanted))?;
    let uses = found.into_iter().filter_map(|row| {
        let details: Value = serde_json::from_str(&row.details).ok()?;
        let text = |field: &str| details.get(field).and_then(Value::as_str).map(ToOwned::to_owned);
        (text("fingerprint").as_deref() == Some(fingerprint)).then(|| Touched {
            at: Timestamp::from_microsecond(row.at).ok(),
            r#use: text("use").unwrap_or_default(),
            outcome: row.outcome.clone(),
            job: row.job.clone(),
            on: text("transaction").or_else(|| text("checksum")).or_else(|| text("what")),
        })
    });
    Ok(uses.collect())
}
