//! Finding out what became of what was sent.

use super::blocks::Read;
use super::chain::{ChainNow, Found, attribute};
use super::session::Session;
use super::{Error, FailPoint};
use crate::chain::client::Executed;
use crate::domain::amount::Coin;
use crate::domain::outbox::intent::{Event, State};
use crate::domain::outbox::{
    Lookup, OUT_OF_GAS_ATTEMPTS, OfBlock, Proof, SpendingKind, Step, Truth, of_block, transaction,
};
use crate::domain::refusal::Refusal;
use crate::store::Change;
use crate::store::outbox::intents::Intent;
use crate::store::outbox::transactions::Outcome;
use crate::store::outbox::{self, Because, Stamp, Transaction, intents, spending, transactions};

/// The longest answer of the chain to a message that is kept.
const LONGEST_RESPONSE: usize = 64 * 1024;

impl Session<'_> {
    /// Finds out what became of each transaction that is out, and hands out again what a node may have lost: the lowest
    /// sequence first.
    pub(super) async fn settle(&mut self, now: &ChainNow) -> Result<(), Error> {
        let live = self.live()?;
        self.catch_up(&live, now.height).await?;
        let ids: Vec<_> = self.live()?.iter().map(|tx| tx.id).collect();
        for id in ids {
            if self.stops() {
                return Ok(());
            }
            // A block that was read for one of them may have settled others.
            if let Some(tx) = self.live()?.into_iter().find(|tx| tx.id == id) {
                self.step(tx, now).await?;
            }
        }
        Ok(())
    }

    /// Takes the next step with a transaction, and the one after it where that is known now.
    async fn step(&mut self, mut tx: Transaction, now: &ChainNow) -> Result<(), Error> {
        loop {
            let truth = |lookup| Truth { height: now.height, sequence: now.account.sequence, lookup };
            // Most of the time there is nothing to do, and no need to ask.
            if let Step::Wait(_) = tx.pending().next_step(&truth(Lookup::Absent)) {
                return Ok(());
            }
            let found = self.look_up(&tx).await;
            let lookup = match &found {
                Found::Here(_) => Lookup::Found,
                Found::Absent => Lookup::Absent,
                Found::Unknown => Lookup::Unknown,
            };
            match (tx.pending().next_step(&truth(lookup)), found) {
                (Step::Settle, Found::Here(included)) => {
                    return self.settle_in_block(&tx, included.height.0, &included.executed);
                }
                (Step::Settle, Found::Absent | Found::Unknown) | (Step::Wait(_), _) => return Ok(()),
                (Step::Void(proof), _) => return self.void(&tx, proof),
                (Step::HandOut, _) => return self.hand_out(&tx, now.height).await,
                (Step::ReadBlocks { from, to }, _) => {
                    for height in from..=to {
                        match self.read_block(height).await? {
                            Read::Done { .. } => {}
                            Read::NotYet | Read::Unknown => return Ok(()),
                            Read::Gone => return self.lose(&tx, height),
                        }
                    }
                    // It is settled, or one block further: then there is a proof.
                    let again = self.live()?.into_iter().find(|live| live.id == tx.id);
                    match again.filter(|again| again.read_to > tx.read_to) {
                        Some(again) => tx = again,
                        None => return Ok(()),
                    }
                }
            }
        }
    }

    /// Writes down what a block made of a transaction, of its messages, and of our money.
    pub(super) fn settle_in_block(&mut self, tx: &Transaction, height: u64, executed: &Executed) -> Result<(), Error> {
        FailPoint::Found.reach();
        let refusal = executed.refusal.as_ref();
        let log = refusal.map(ToString::to_string);
        let outcome = Outcome {
            height,
            codespace: refusal.map(|refusal| refusal.codespace.as_str()),
            code: refusal.map_or(0, |refusal| refusal.code.max(1)),
            log: log.as_deref(),
            gas_used: executed.gas.used,
        };
        let stamp = self.stamp();
        let fee = paid(executed).unwrap_or_else(|| tx.fee.clone());
        let ended = self.store.write("write down what became of a transaction", |change| {
            transactions::settle(change, tx.id, &outcome, stamp)?;
            spending::book(change, tx.id, SpendingKind::Fee, &fee, stamp)?;
            let contents = transactions::contents(change, tx.id)?;
            match refusal {
                None => execute(change, tx, &contents, executed, stamp),
                Some(refusal) => fail(change, tx, &contents, refusal, stamp),
            }
        })?;
        FailPoint::Settled.reach();
        match refusal {
            None => tracing::info!(transaction = %tx.id, height, messages = ended.len(), "executed"),
            Some(refusal) => {
                tracing::warn!(transaction = %tx.id, height, fee = %fee, "refused in a block: {refusal}");
            }
        }
        if let Some(refusal) = refusal {
            let refused = ended.iter().filter(|(_, state)| *state == State::Refused);
            self.report.refusals.extend(refused.map(|(id, _)| (*id, refusal.clone())));
        }
        self.report.settled.push(tx.id);
        self.note_ends(ended);
        Ok(())
    }

    /// Writes down that a transaction can be in no block, and gives its messages back.
    fn void(&mut self, tx: &Transaction, proof: Proof) -> Result<(), Error> {
        FailPoint::Proved.reach();
        let (stamp, detail) = (self.stamp(), proof.to_string());
        let because = Because { reason: proof.word(), detail: Some(&detail) };
        let ended = self.store.write("write down that a transaction is void", |change| {
            transactions::apply(change, tx.id, transaction::Event::Void, stamp, Some(because))?;
            let contents = transactions::contents(change, tx.id)?;
            // What waits for a person goes on waiting.
            let in_flight = contents.iter().filter(|intent| intent.state == State::InFlight);
            let back = in_flight
                .map(|intent| Ok((intent.id, intents::apply(change, intent.id, Event::Return, stamp, Some(because))?)));
            back.collect::<Result<Vec<_>, outbox::Error>>()
        })?;
        FailPoint::Voided.reach();
        tracing::warn!(transaction = %tx.id, sequence = tx.sequence, "void: {detail}");
        self.report.settled.push(tx.id);
        self.note_ends(ended);
        Ok(())
    }

    /// Writes down that nobody can say any more what became of a transaction: its messages wait for a person.
    fn lose(&mut self, tx: &Transaction, height: u64) -> Result<(), Error> {
        let stamp = self.stamp();
        let detail = format!(
            "another transaction, or this one, used its sequence; block {height} would tell, and no node has it any more"
        );
        let because = Because { reason: "outcome_unknown", detail: Some(&detail) };
        self.store.write("write down that a transaction is lost", |change| {
            transactions::apply(change, tx.id, transaction::Event::Lose, stamp, Some(because))?;
            for intent in transactions::contents(change, tx.id)? {
                if intent.state == State::InFlight {
                    intents::apply(change, intent.id, Event::Hold, stamp, Some(because))?;
                }
            }
            Ok::<_, outbox::Error>(())
        })?;
        self.note_move();
        self.report.trouble(format!("transaction {} is lost: {detail}", tx.id));
        Ok(())
    }

    /// Asks once more for what was lost: another endpoint may know.
    pub(super) async fn find_lost(&mut self) -> Result<(), Error> {
        let lost = self.store.read("read lost transactions", |snapshot| transactions::lost(snapshot, self.place()))?;
        for tx in lost {
            if let Found::Here(included) = self.look_up(&tx).await {
                self.settle_in_block(&tx, included.height.0, &included.executed)?;
            }
        }
        Ok(())
    }

    fn note_ends(&mut self, ended: Vec<(outbox::IntentId, State)>) {
        self.note_move();
        for (id, state) in ended {
            if state.is_settled() {
                self.report.intents.push((id, state));
            } else {
                self.report.returned = self.report.returned.saturating_add(1);
            }
        }
    }
}

/// Whether no other bytes that may still be executed hold a message. (A person can have let a message go on whose first
/// bytes were lost; when those are found, the second ones count.)
fn is_free(change: &Change<'_>, intent: &Intent) -> Result<bool, outbox::Error> {
    Ok(transactions::live_of(change, intent.id)?.is_none())
}

type Ended = Result<Vec<(outbox::IntentId, State)>, outbox::Error>;

/// The fee that a block took, as it tells.
fn paid(executed: &Executed) -> Option<Coin> {
    attribute(executed, "fee").and_then(|fee| fee.parse().ok())
}

/// All messages were executed.
fn execute(change: &Change<'_>, tx: &Transaction, contents: &[Intent], executed: &Executed, stamp: Stamp) -> Ended {
    let mut ended = Vec::new();
    for (position, intent) in contents.iter().enumerate() {
        let detail = format!("transaction {}", tx.id);
        let because = Because { reason: "executed", detail: Some(&detail) };
        if let Some(deposit) = &intent.deposit {
            spending::book(change, tx.id, SpendingKind::Deposit, deposit, stamp)?;
        }
        if intent.state == State::Done {
            // Only a person who let lost bytes be signed anew can have brought this about.
            tracing::error!(intent = %intent.id, key = intent.key, transaction = %tx.id, "executed a second time");
            continue;
        }
        ended.push((intent.id, intents::apply(change, intent.id, Event::Execute, stamp, Some(because))?));
        let response = executed.responses.get(position).filter(|any| any.value.len() <= LONGEST_RESPONSE);
        if let Some(any) = response {
            transactions::note_response(change, tx.id, intent.id, (&any.type_url, &any.value))?;
        }
    }
    Ok(ended)
}

/// The transaction was paid for, and none of its messages was executed: whose fault was it?
fn fail(change: &Change<'_>, tx: &Transaction, contents: &[Intent], refusal: &Refusal, stamp: Stamp) -> Ended {
    let detail = super::prepare::in_words(refusal);
    let verdict = of_block(refusal, contents.len());
    let mut ended = Vec::new();
    // What waits for a person goes on waiting: now it is known that this transaction did not execute it.
    let in_flight = contents.iter().enumerate().filter(|(_, intent)| intent.state == State::InFlight);
    for (position, intent) in in_flight {
        if !is_free(change, intent)? {
            continue;
        }
        let (event, reason) = match verdict {
            OfBlock::TakeOut(spoiled) if spoiled == position => (Event::Refuse, "refused_in_block"),
            OfBlock::TakeOut(_) => (Event::Return, "another_was_refused"),
            OfBlock::Starved if intent.starved.saturating_add(1) >= OUT_OF_GAS_ATTEMPTS => {
                (Event::Refuse, "out_of_gas")
            }
            OfBlock::Starved => (Event::Return, "out_of_gas"),
            OfBlock::Part => (Event::Return, "refused_together"),
        };
        match verdict {
            OfBlock::Starved => intents::starve(change, intent.id, tx.gas_limit)?,
            OfBlock::Part => intents::keep_alone(change, intent.id)?,
            OfBlock::TakeOut(_) => {}
        }
        let because = Because { reason, detail: Some(&detail) };
        ended.push((intent.id, intents::apply(change, intent.id, event, stamp, Some(because))?));
    }
    Ok(ended)
}
