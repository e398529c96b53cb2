//! Handing bytes to a node.

use super::prepare::in_words;
use super::session::Session;
use super::{Error, FailPoint};
use crate::chain::client::{Admission, CallError};
use crate::domain::fault::in_one_line;
use crate::domain::outbox::fee;
use crate::domain::outbox::intent::State;
use crate::domain::refusal::{Reason, Refusal, Sdk};
use crate::store;
use crate::store::outbox::{Because, Transaction, intents, transactions};

/// How a stored word of a node begins that refuses.
const REFUSED: &str = "refused";

impl Session<'_> {
    /// Hands the bytes of a transaction to a node, unless enough was handed out since the last block. What the node says
    /// is no proof of anything: "taken" may be forgotten, and "refused" may have been taken before.
    pub(super) async fn hand_out(&mut self, tx: &Transaction, height: u64) -> Result<(), Error> {
        let settled = self.store.read("read what a transaction holds", |snapshot| {
            Ok::<_, store::Error>(
                transactions::contents(snapshot, tx.id)?.iter().any(|intent| intent.state == State::Done),
            )
        })?;
        // One of its messages was executed by other bytes: these are not given to anybody again, and end by themselves.
        if settled {
            return Ok(());
        }
        if !self.pace.allows(height, self.policy.per_block) {
            return Ok(());
        }
        if !self.may_hand_out(tx, height).await? {
            return Ok(());
        }
        self.pace.note();
        let answer = self.client.broadcast(tx.bytes.clone()).await;
        FailPoint::HandedOut.reach();
        let said = match answer {
            Ok(Admission::Taken) => self.let_in(tx, "taken")?,
            Ok(Admission::Seen) => self.let_in(tx, "seen before")?,
            Ok(Admission::Refused(refusal)) => self.refused_at_the_door(tx, &refusal)?,
            Err(CallError::Refused { refusal, .. }) => self.refused_at_the_door(tx, &refusal)?,
            Err(error) => {
                // It may have the bytes or not: they are handed out again, or found.
                self.report.trouble(in_one_line(&error));
                self.pace.stop();
                return Ok(());
            }
        };
        let stamp = self.stamp();
        self.store.write("write down that a transaction was handed out", |change| {
            transactions::hand_out(change, tx.id, height, &said, stamp)
        })?;
        FailPoint::HandingNoted.reach();
        self.report.handed_out = self.report.handed_out.saturating_add(1);
        tracing::debug!(transaction = %tx.id, sequence = tx.sequence, "handed out: {said}");
        Ok(())
    }

    /// A node has the bytes: what others said of them before is no reason any more.
    fn let_in(&mut self, tx: &Transaction, said: &str) -> Result<String, Error> {
        self.underpriced.remove(&tx.id);
        if tx.said.as_deref().is_some_and(|before| before.starts_with(REFUSED)) {
            let because = Because { reason: "handed_out", detail: Some("a node that had refused it has it now") };
            self.say_of_contents(tx, because, None)?;
        }
        Ok(said.to_owned())
    }

    /// No node lets it in. Whatever the reason, the bytes stay valid until their end or until their sequence is used.
    fn refused_at_the_door(&mut self, tx: &Transaction, refusal: &Refusal) -> Result<String, Error> {
        let words = in_words(refusal);
        let told = format!("transaction {} is not let in: {words}", tx.id);
        let (mut reason, mut price) = ("not_let_in", None);
        match refusal.reason {
            // Refused attempts count: anything more would lock the signer out for longer.
            Reason::RateLimited(_) | Reason::Sdk(Sdk::MempoolFull) => {
                self.pace.stop();
                self.warn_once(tx, &told);
            }
            // The account is elsewhere; the next reading of the chain says where.
            Reason::WrongSequence { .. } | Reason::TimedOut => self.warn_once(tx, &told),
            Reason::InsufficientFee => {
                reason = "insufficient_fee";
                // Another price may have been set since these bytes were signed.
                let offered = fee(tx.gas_limit, &self.policy.gas_price).is_ok_and(|fee| fee == tx.fee);
                price = offered.then(|| self.policy.gas_price.to_string());
                self.underpriced.insert(tx.id);
                // What is signed next would offer the same.
                self.blocked |= offered;
                self.report.trouble(told);
            }
            _ => self.report.trouble(told),
        }
        self.say_of_contents(tx, Because { reason, detail: Some(&words) }, price.as_deref())?;
        Ok(format!("{REFUSED}: {refusal}"))
    }

    /// Once for each transaction: it is tried again with the next blocks.
    fn warn_once(&mut self, tx: &Transaction, words: &str) {
        if self.not_let_in.insert(tx.id) {
            tracing::warn!(transaction = %tx.id, sequence = tx.sequence, "{words}");
        } else {
            tracing::debug!(transaction = %tx.id, sequence = tx.sequence, "{words}");
        }
    }

    /// Writes down why the messages of a transaction are still out, and which gas price they are not signed with again.
    fn say_of_contents(&self, tx: &Transaction, because: Because<'_>, price: Option<&str>) -> Result<(), Error> {
        self.store.write("write down what nodes say of a transaction", |change| {
            for intent in transactions::contents(change, tx.id)? {
                if intent.state == State::InFlight {
                    intents::explain(change, intent.id, because)?;
                    intents::note_refused_price(change, intent.id, price)?;
                }
            }
            Ok::<_, store::Error>(())
        })?;
        Ok(())
    }
}
