//! Messages that ended without success: their records are tried again later, or given up.

use crate::domain::outbox::intent::State as Intent;
use crate::domain::usage::state::{Event, State};
use crate::jobs::Circumstances;
use crate::store::Snapshot;
use crate::store::outbox::intents;
use crate::store::usage::{Filter, RecordRow, charges, records};

use super::{Error, FailPoint, Request, Submitted, failed_file};

/// Puts off what the chain did not take, and gives up what has used up its retries.
pub(super) fn apply(given: Circumstances<'_>, request: &Request<'_>, done: &mut Submitted) -> Result<(), Error> {
    let filter = Filter { states: vec![State::Submitted], superseded: true, ..Filter::default() };
    let out = given.store.read("read what was submitted", |snapshot| records::list(snapshot, &filter))?;
    for row in out {
        let failed = given.store.read("read what became of a usage record", |snapshot| failure(snapshot, &row))?;
        let Some(why) = failed else { continue };
        let failures = row.attempts.saturating_add(1);
        let next = request.retries.after(failures, (given.now)());
        if next.is_none() {
            // The file first: after a kill it is written again. If it cannot be written, that is tried in every run.
            if let Err(error) = failed_file::write(&request.failed_reports, &row) {
                tracing::warn!(record = %row.id, error = %error, "a failed usage record is not written to a file yet");
            }
            FailPoint::FailedFile.reach();
        }
        let event = if next.is_some() { Event::PutOff } else { Event::GiveUp };
        let moved = given.store.write("write what became of a usage record", |change| {
            // A synchronization may have found it on chain meanwhile.
            if failure(change, &row)?.is_none() {
                return Ok::<_, Error>(false);
            }
            records::apply(change, row.id, event, Some(&why))?;
            records::put_off(change, row.id, failures, next)?;
            Ok(true)
        })?;
        match (moved, next) {
            (false, _) => {}
            (true, Some(_)) => done.put_off.push((row.id.0, why)),
            (true, None) => done.given_up.push((row.id.0, why)),
        }
    }
    Ok(())
}

/// Why a record did not come onto the chain; `None` as long as it still may, or has.
fn failure(snapshot: &Snapshot<'_>, row: &RecordRow) -> Result<Option<String>, Error> {
    let mut why = None;
    for charge in charges::of_record(snapshot, row.id)? {
        if charge.charge.units == 0 || charge.usage_id.is_some() {
            continue;
        }
        let intent = charge.intent.map(|id| intents::by_id(snapshot, id)).transpose()?.flatten();
        match intent {
            Some(intent) => match intent.state {
                // One that is still out decides later.
                Intent::Queued | Intent::NeedsConfirmation | Intent::InFlight | Intent::Done => return Ok(None),
                Intent::Refused | Intent::Expired | Intent::Abandoned => {
                    let said = intent.detail.or(intent.reason).unwrap_or_else(|| intent.state.word().to_owned());
                    why.get_or_insert(format!("{}: {said}", charge.charge.usage_type));
                }
            },
            None => {
                why.get_or_insert_with(|| format!("{}: its message is gone from the outbox", charge.charge.usage_type));
            }
        }
    }
    Ok(why)
}
