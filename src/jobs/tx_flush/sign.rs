//! Signing: the one place where bytes come into being.

use serde_json::{Map, Value};

use super::chain::ChainNow;
use super::prepare::{Batch, Prepared};
use super::session::Session;
use super::{Error, FailPoint, Policy, Short, guard};
use crate::chain::tx::{Draft, Mode, Signed};
use crate::domain::amount::{Coin, Int};
use crate::domain::outbox::fee;
use crate::domain::outbox::intent::Event;
use crate::jobs::key_usage::{self, Use};
use crate::observe::logging::SAID_OTHERWISE;
use crate::store::outbox::{self, Because, IntentId, NewTransaction, TxId, intents, transactions};

impl Session<'_> {
    /// Signs and hands out batch after batch, as long as there is room for more in the next block.
    pub(super) async fn sign(&mut self, now: &ChainNow) -> Result<(), Error> {
        self.let_lapse()?;
        if self.signer.capabilities().needs_touch && !self.attended {
            return self.hold_for_touch();
        }
        if !now.exists {
            return self.wait_for_account();
        }
        self.leave_underpriced()?;
        while !self.blocked && !self.stops() {
            if !self.hold_stale(now).await? {
                return Ok(());
            }
            let live = self.live()?;
            // What is signed behind bytes that nobody gets could be in no block before their end.
            if live.iter().any(|tx| self.held_back.contains(&tx.id)) {
                return Ok(());
            }
            if live.len() >= self.policy.per_block || !self.pace.allows(now.height, self.policy.per_block) {
                return Ok(());
            }
            match self.prepare(now, &live).await? {
                Prepared::Ready(batch) => {
                    if let Some(id) = self.sign_batch(now, &batch)? {
                        let tx = self.store.read("read a transaction", |snapshot| transactions::by_id(snapshot, id))?;
                        if let Some(tx) = tx {
                            self.hand_out(&tx, now.height).await?;
                        }
                        self.trail.settle();
                    }
                }
                Prepared::Again => {}
                Prepared::Stop => return Ok(()),
            }
        }
        Ok(())
    }

    /// Signs a batch, and stores its bytes before anybody has them. None where the queue has changed meanwhile.
    fn sign_batch(&mut self, now: &ChainNow, batch: &Batch) -> Result<Option<TxId>, Error> {
        let is_guarded = batch.intents.iter().any(|intent| intent.guard.is_some());
        let blocks =
            if is_guarded { self.policy.timeout_blocks.min(guard::BLOCKS) } else { self.policy.timeout_blocks };
        let draft = Draft {
            fee: Some(&batch.fee),
            gas_limit: batch.gas_limit,
            timeout_height: now.height.saturating_add(blocks),
            ..self.draft(now, batch.sequence, &batch.messages)
        };
        let mode = if self.signer.capabilities().json_only { Mode::LegacyAminoJson } else { Mode::Direct };
        let prepared =
            draft.prepare(mode).map_err(|source| Error::Form { key: self.signer.key().name.clone(), source })?;
        let signature = self
            .signer
            .sign(prepared.document())
            .map_err(|source| Error::Sign { address: self.address.clone(), source })?;
        let signed = prepared.signed(&signature);
        FailPoint::Signed.reach();
        let (chain, signer) = self.place();
        let new = NewTransaction {
            hash: signed.hash.0,
            chain,
            signer,
            account_number: now.account.number,
            sequence: batch.sequence,
            bytes: &signed.bytes,
            gas_limit: batch.gas_limit,
            fee: &batch.fee,
            signed_height: now.height,
            timeout_height: draft.timeout_height,
        };
        let ids: Vec<IntentId> = batch.intents.iter().map(|intent| intent.id).collect();
        let (stamp, about) = (self.stamp(), about(&signed, batch, chain));
        let stored = self.store.write("store a signed transaction", |change| {
            let id = transactions::store_signed(change, &new, &ids, stamp)?;
            key_usage::append(self.trail, change, Use::Sign, self.signer.key(), &about)?;
            Ok::<_, outbox::Error>(id)
        });
        let id = match stored {
            Ok(id) => id,
            // A person abandoned one of them while it was being signed: the signature is thrown away.
            Err(outbox::Error::Intent { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        FailPoint::Stored.reach();
        tracing::info!(
            transaction = %id,
            hash = %signed.hash,
            sequence = batch.sequence,
            messages = ids.len(),
            fee = %batch.fee,
            "signed"
        );
        self.report.signed.push(id);
        // What is signed anew because its bytes came into no block is no progress.
        let before = self.signed.len();
        self.signed.extend(ids);
        if self.signed.len() > before {
            self.note_move();
        }
        Ok(Some(id))
    }

    /// Messages whose own time is over are not signed any more.
    fn let_lapse(&mut self) -> Result<(), Error> {
        let (now, stamp) = (self.time(), self.stamp());
        let over = self
            .store
            .read("read which messages are too late", |snapshot| intents::too_late(snapshot, self.place(), now))?;
        for id in over {
            let because = Because { reason: "too_late", detail: None };
            let state = self.store.write("write down that a message is too late", |change| {
                intents::apply(change, id, Event::Lapse, stamp, Some(because))
            })?;
            tracing::info!(intent = %id, "too late");
            self.report.intents.push((id, state));
        }
        Ok(())
    }

    /// What no node took at the price that would be offered again waits for another price, or for a person.
    fn leave_underpriced(&mut self) -> Result<(), Error> {
        let price = self.policy.gas_price.to_string();
        let left = self.store.read("read which messages no node took at this price", |snapshot| {
            intents::underpriced(snapshot, self.place(), &price)
        })?;
        for id in left {
            if self.set_aside.insert(id) {
                let detail = format!(
                    "no node takes it at a gas price of {price}: raise chain.gas_prices (`provider chain status` shows the \
                     node's smallest), or have it tried as it is: `provider tx retry {id}`"
                );
                let because = Because { reason: "insufficient_fee", detail: Some(&detail) };
                self.store.write("write down why a message waits", |change| intents::explain(change, id, because))?;
                self.report.trouble(format!("message {id} waits: {detail}"));
            }
        }
        Ok(())
    }

    /// An account that nobody ever sent anything to can pay for nothing: its messages wait.
    fn wait_for_account(&mut self) -> Result<(), Error> {
        let queue = self.queue(usize::from(u16::MAX))?;
        if queue.is_empty() {
            return Ok(());
        }
        let denom = self.policy.gas_price.denom.clone();
        let needs = enough_to_exist(self.policy, queue.len().min(self.policy.limits.messages))?;
        let detail = format!("the account {} does not exist yet: send it at least {needs}", self.address);
        self.explain(&queue, "insufficient_funds", &detail)?;
        tracing::error!(target: SAID_OTHERWISE, "{detail}; nothing is sent");
        self.report.short = Some(Short { has: Coin::new(0_u64, denom), needs });
        self.blocked = true;
        Ok(())
    }

    /// A device waits for nobody who is not there.
    fn hold_for_touch(&mut self) -> Result<(), Error> {
        let stamp = self.stamp();
        let detail =
            format!("the key `{}` signs when somebody touches it: `provider tx confirm`", self.signer.key().name);
        let because = Because { reason: "touch", detail: Some(&detail) };
        for intent in self.queue(usize::from(u16::MAX))? {
            self.store.write("hold a message for confirmation", |change| {
                intents::apply(change, intent.id, Event::Hold, stamp, Some(because)).map(drop)
            })?;
        }
        Ok(())
    }
}

/// What an account should be sent first, so that it can pay for a transaction of so many usual messages: there is nobody yet
/// for whom their gas could be simulated.
pub(super) fn enough_to_exist(policy: &Policy, messages: usize) -> Result<Coin, Error> {
    const USUAL_GAS: u64 = 200_000;
    let gas = u64::try_from(messages).unwrap_or(u64::MAX).saturating_mul(USUAL_GAS).min(policy.limits.gas);
    let needs =
        fee(gas, &policy.gas_price).map_err(|source| Error::Amount { what: "the fee of a transaction", source })?;
    Ok(Coin { amount: needs.amount.max(Int::from(1_u64)), ..needs })
}

/// What the audit trail says of a signature on a transaction.
fn about(signed: &Signed, batch: &Batch, chain: &str) -> Map<String, Value> {
    let types: Vec<Value> = batch.messages.iter().map(|any| any.type_url.as_str().into()).collect();
    let pairs: [(&str, Value); 5] = [
        ("transaction", signed.hash.to_string().into()),
        ("chain", chain.into()),
        ("sequence", batch.sequence.into()),
        ("fee", batch.fee.to_string().into()),
        ("messages", types.into()),
    ];
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
