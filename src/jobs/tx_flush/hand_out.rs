//! Handing bytes to a node.

use super::session::Session;
use super::{Error, FailPoint};
use crate::chain::client::{Admission, CallError};
use crate::domain::fault::in_one_line;
use crate::domain::outbox::intent::State;
use crate::domain::refusal::{Reason, Refusal, Sdk};
use crate::store::outbox::{Transaction, transactions};

impl Session<'_> {
    /// Hands the bytes of a transaction to a node, unless enough was handed out since the last block. What the node says
    /// is no proof of anything: "taken" may be forgotten, and "refused" may have been taken before.
    pub(super) async fn hand_out(&mut self, tx: &Transaction, height: u64) -> Result<(), Error> {
        let settled = self.store.read("read what a transaction holds", |snapshot| {
            Ok::<_, crate::store::Error>(
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
        self.pace.note();
        let answer = self.client.broadcast(tx.bytes.clone()).await;
        FailPoint::HandedOut.reach();
        let said = match answer {
            Ok(reading) => match reading.value {
                Admission::Taken => "taken".to_owned(),
                Admission::Seen => "seen before".to_owned(),
                Admission::Refused(refusal) => self.refused_at_the_door(tx, &refusal),
            },
            Err(CallError::Refused { refusal, .. }) => self.refused_at_the_door(tx, &refusal),
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

    /// A node did not let it in. Whatever the reason, the bytes stay valid until their end or until their sequence is
    /// used.
    fn refused_at_the_door(&mut self, tx: &Transaction, refusal: &Refusal) -> String {
        match refusal.reason {
            // Refused attempts count: anything more would lock the signer out for longer.
            Reason::RateLimited(_) | Reason::Sdk(Sdk::MempoolFull) => {
                self.pace.stop();
                tracing::warn!(transaction = %tx.id, sequence = tx.sequence, "not let in: {refusal}");
            }
            // The account is elsewhere; the next reading of the chain says where.
            Reason::WrongSequence { .. } | Reason::TimedOut => {
                tracing::warn!(transaction = %tx.id, sequence = tx.sequence, "not let in: {refusal}");
            }
            _ => self.report.trouble(format!("transaction {} is not let in: {refusal}", tx.id)),
        }
        format!("refused: {refusal}")
    }
}
