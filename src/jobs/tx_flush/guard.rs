//! Looking once more, before a message is signed and before its bytes are given to a node: is it still right?
//!
//! A message with a [`Guard`] was wanted because of what was read then. What destroys something is never done on an old
//! reading: the chain is asked for its state after exactly the newest block that this run knows, which a node that is
//! behind does not have.

use super::Error;
use super::chain::ChainNow;
use super::session::Session;
use crate::chain::client::Reading;
use crate::chain::wire::market::MsgCloseBid;
use crate::domain::fault::in_one_line;
use crate::domain::height::Height;
use crate::domain::id::BidId;
use crate::domain::order::BidState;
use crate::domain::outbox::Guard;
use crate::domain::outbox::intent::{Event, State};
use crate::store::bids::pauses;
use crate::store::outbox::intents::Intent;
use crate::store::outbox::{Because, Transaction, intents, transactions};

/// What a guard says now.
enum Verdict {
    /// It is as it must be.
    Holds,
    /// It is not, and never will be again: a word, and why.
    Over(&'static str, String),
    /// It is not now, or nobody can say: the message waits.
    Wait(&'static str, String),
}

/// Bytes with a guarded message are of use for so many blocks only.
pub(super) const BLOCKS: u64 = 20;

impl Session<'_> {
    /// Takes out of the queue what is not right any more, and leaves what must wait. Whether anything has changed.
    pub(super) async fn sift(&mut self, now: &ChainNow, intents: &[Intent]) -> Result<bool, Error> {
        let mut changed = false;
        for intent in intents {
            match self.verdict(intent, now.height).await? {
                Verdict::Holds => {}
                Verdict::Over(reason, detail) => {
                    changed = true;
                    self.give_up(intent, reason, &detail)?;
                }
                Verdict::Wait(reason, detail) => {
                    changed = true;
                    self.explain(std::slice::from_ref(intent), reason, &detail)?;
                    self.set_aside.insert(intent.id);
                    self.report.trouble(format!("message {} waits: {detail}", intent.id));
                }
            }
        }
        Ok(changed)
    }

    /// Whether the bytes of a transaction may be given to a node now.
    pub(super) async fn may_hand_out(&mut self, tx: &Transaction, height: u64) -> Result<bool, Error> {
        let contents =
            self.store.read("read what a transaction holds", |snapshot| transactions::contents(snapshot, tx.id))?;
        for intent in contents.iter().filter(|intent| intent.state == State::InFlight) {
            let (reason, detail) = match self.verdict(intent, height).await? {
                Verdict::Holds => continue,
                Verdict::Over(reason, detail) | Verdict::Wait(reason, detail) => (reason, detail),
            };
            self.explain(std::slice::from_ref(intent), reason, &detail)?;
            if self.held_back.insert(tx.id) {
                let end = tx.timeout_height;
                self.report.trouble(format!(
                    "transaction {} is not handed out again: {detail}; it ends at height {end}",
                    tx.id
                ));
            }
            return Ok(false);
        }
        self.held_back.remove(&tx.id);
        Ok(true)
    }

    async fn verdict(&mut self, intent: &Intent, height: u64) -> Result<Verdict, Error> {
        let Some(guard) = intent.guard else { return Ok(Verdict::Holds) };
        if guard == Guard::NotPaused {
            let pause = self.store.read("read whether we pause", pauses::in_force)?;
            let words = |pause: pauses::Pause| Verdict::Wait("paused", format!("no new bids: {}", pause.reason));
            return Ok(pause.map_or(Verdict::Holds, words));
        }
        if self.guarded.get(&intent.id) == Some(&height) {
            return Ok(Verdict::Holds);
        }
        let verdict = self.bid_is_open(intent, height).await;
        if matches!(verdict, Verdict::Holds) {
            self.guarded.insert(intent.id, height);
        }
        Ok(verdict)
    }

    async fn bid_is_open(&self, intent: &Intent, height: u64) -> Verdict {
        let prefix = self.client.network().address_prefix;
        let message: Result<MsgCloseBid, _> = prost::Message::decode(intent.message.as_slice());
        let id = message.ok().and_then(|message| {
            let id = &message.id;
            let text = format!("{}/{}/{}/{}/{}", id.owner, id.dseq, id.gseq, id.oseq, id.provider);
            BidId::parse(&text, prefix).ok()
        });
        let Some(id) = id else {
            return Verdict::Over("unreadable", "it names no bid that could be asked for".to_owned());
        };
        match self.client.bid_at(&id, Height(height)).await.and_then(Reading::believed) {
            Ok(bid) => match bid.into_value().map(|bid| bid.state) {
                Some(BidState::Open) => Verdict::Holds,
                Some(BidState::Active) => Verdict::Over(
                    "bid_taken",
                    format!("the tenant has taken the bid {id}: closing it would end the lease"),
                ),
                Some(over @ (BidState::Lost | BidState::Closed)) => {
                    Verdict::Over("bid_over", format!("the bid {id} is {} already", over.word()))
                }
                Some(BidState::Unknown(_)) => {
                    Verdict::Wait("bid_unknown", format!("the state of the bid {id} is not known"))
                }
                None => Verdict::Wait("bid_unknown", format!("the chain shows no bid {id}")),
            },
            Err(error) => Verdict::Wait("bid_unknown", in_one_line(&error)),
        }
    }

    /// A message that would do harm by now is not wanted any more.
    fn give_up(&mut self, intent: &Intent, reason: &'static str, detail: &str) -> Result<(), Error> {
        let (stamp, because) = (self.stamp(), Because { reason, detail: Some(detail) });
        let state = self.store.write("write down that a message is given up", |change| {
            intents::apply(change, intent.id, Event::Abandon, stamp, Some(because))
        })?;
        tracing::warn!(intent = %intent.id, key = intent.key, "given up: {detail}");
        self.report.intents.push((intent.id, state));
        self.note_move();
        Ok(())
    }
}
