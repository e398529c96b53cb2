//! Messages that replace something as a whole: what they rest on may have changed since they were made.

use super::Error;
use super::chain::ChainNow;
use super::session::Session;
use crate::chain::client::Reading;
use crate::domain::fault::in_one_line;
use crate::domain::height::Height;
use crate::domain::outbox::intent::{Event, State};
use crate::domain::provider::Provider;
use crate::store;
use crate::store::outbox::{Because, Intent, intents, transactions};

/// Why a message waits whose base is another one now, as a word.
pub(super) const BASE_CHANGED: &str = "base_changed";

impl Session<'_> {
    /// Holds queued messages that would set the register back: the record that they were made from is not there any more.
    /// False where nobody can say that now; then nothing is signed.
    pub(super) async fn hold_stale(&mut self, now: &ChainNow) -> Result<bool, Error> {
        let (resting, known) = self.store.read("read what rests on a record", |snapshot| {
            let place = self.place();
            Ok::<_, store::Error>((intents::resting(snapshot, place)?, transactions::highest_block(snapshot, place)?))
        })?;
        let (out, resting): (Vec<_>, Vec<_>) = resting.into_iter().partition(|intent| intent.state == State::InFlight);
        let resting: Vec<_> = resting.into_iter().filter(|intent| !self.set_aside.contains(&intent.id)).collect();
        if resting.is_empty() {
            return Ok(true);
        }
        // A reading from before our own last change would not show it.
        if known.is_some_and(|known| now.height < known) {
            return Ok(false);
        }
        // Of exactly the height that decides about the sequence: a node that lags does not answer.
        let read = self.client.provider_at(&self.address, Height(now.height)).await.and_then(Reading::believed);
        let there = match read {
            Ok(believed) => believed.into_value().as_ref().map(Provider::digest),
            Err(error) => {
                self.report.trouble(in_one_line(&error));
                return Ok(false);
            }
        };
        let (fresh, stale): (Vec<_>, Vec<_>) = resting.iter().partition(|intent| intent.base == there);
        // Each replaces what another has made of the record: one at a time, and what it was made from is compared again.
        for intent in fresh.into_iter().skip(usize::from(out.is_empty())) {
            let detail = "an earlier message changes the same record";
            self.explain(std::slice::from_ref(intent), "waits_for_another", detail)?;
            self.report.trouble(format!("message {} is left to the next run: {detail}", intent.id));
            self.set_aside.insert(intent.id);
        }
        for Intent { id, .. } in stale {
            let id = *id;
            let detail = "the register says something else than when this record was made from it, and would be set back: \
                          abandon it and give the command again, or confirm that the old record is meant";
            let because = Because { reason: BASE_CHANGED, detail: Some(detail) };
            let stamp = self.stamp();
            self.store.write("hold a message whose base has changed", |change| {
                intents::apply(change, id, Event::Hold, stamp, Some(because)).map(drop)
            })?;
            self.report.trouble(format!("message {id} is not sent: {detail}"));
        }
        Ok(true)
    }
}
