//! Finding out what became of what was sent.

use super::blocks::Read;
use super::chain::{ChainNow, Found, attribute};
use super::session::Session;
use super::{Error, FailPoint};
use crate::chain::client::Executed;
use crate::domain::amount::Coin;
use crate::domain::outbox::intent::{Event, State};
use crate::domain::outbox::{
    Execution, Lookup, OUT_OF_GAS_ATTEMPTS, OfBlock, Proof, SpendingKind, Standing, Step, Truth, of_block, transaction,
};
use crate::domain::refusal::Refusal;
use crate::domain::tx_hash::TxHash;
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
        let (ended, surprises) = self.store.write("write down what became of a transaction", |change| {
            transactions::settle(change, tx.id, &outcome, stamp)?;
            spending::book(change, tx.id, SpendingKind::Fee, &fee, stamp)?;
            let contents = transactions::contents(change, tx.id)?;
            match refusal {
                None => execute(change, tx, &contents, executed, stamp),
                Some(refusal) => fail(change, tx, &contents, refusal, stamp).map(|ended| (ended, Vec::new())),
            }
        })?;
        FailPoint::Settled.reach();
        match refusal {
            None => tracing::info!(transaction = %tx.id, height, messages = ended.len(), "executed"),
            Some(refusal) => {
                let (codespace, code) = (&refusal.codespace, refusal.code);
                tracing::warn!(transaction = %tx.id, height, codespace, code, fee = %fee, "refused in a block, and paid for");
            }
        }
        if let Some(refusal) = refusal {
            let refused = ended.iter().filter(|(_, state)| *state == State::Refused);
            self.report.refusals.extend(refused.map(|(id, _)| (*id, refusal.clone())));
        }
        for words in surprises {
            self.report.surprise(words);
        }
        self.report.settled.push(tx.id);
        self.note_move();
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
            let mut back = Vec::new();
            // What waits for a person goes on waiting, and what others hold is theirs.
            for intent in contents {
                if standing(change, tx, &intent)?.is_held() {
                    back.push((intent.id, intents::apply(change, intent.id, Event::Return, stamp, Some(because))?));
                }
            }
            Ok::<_, outbox::Error>(back)
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
                if standing(change, tx, &intent)?.is_held() {
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

    fn note_ends(&mut self, ended: Moved) {
        for (id, state) in ended {
            if state.is_settled() {
                self.report.intents.push((id, state));
            } else {
                self.report.returned = self.report.returned.saturating_add(1);
            }
        }
    }
}

/// Messages, and the states that they came to.
type Moved = Vec<(outbox::IntentId, State)>;

type Ended = Result<Moved, outbox::Error>;

/// The fee that a block took, as it tells.
fn paid(executed: &Executed) -> Option<Coin> {
    attribute(executed, "fee").and_then(|fee| fee.parse().ok())
}

/// Where a message of a transaction that has just ended stands.
fn standing(change: &Change<'_>, tx: &Transaction, intent: &Intent) -> Result<Standing, outbox::Error> {
    let holder = transactions::live_of(change, intent.id)?;
    Ok(Standing { state: intent.state, in_another: holder.is_some_and(|holder| holder != tx.id) })
}

/// All messages were executed. What became of them, and what should not have happened, in words.
fn execute(
    change: &Change<'_>,
    tx: &Transaction,
    contents: &[Intent],
    executed: &Executed,
    stamp: Stamp,
) -> Result<(Moved, Vec<String>), outbox::Error> {
    let (mut ended, mut surprises) = (Vec::new(), Vec::new());
    for (position, intent) in contents.iter().enumerate() {
        let execution = standing(change, tx, intent)?.executed();
        let (id, hash) = (intent.id, TxHash(tx.hash));
        surprises.extend(match execution {
            Execution::Expected => None,
            Execution::MayBeRepeated => Some(format!(
                "message {id} was on the chain: transaction {} ({hash}) is found executed, and other bytes with it are \
                 out that may be executed as well",
                tx.id
            )),
            Execution::GivenUp => Some(format!(
                "message {id}, which is {}, was on the chain: transaction {} ({hash}) is found executed",
                intent.state, tx.id
            )),
            Execution::Repeated => {
                Some(format!("message {id} was executed twice: the second time by transaction {} ({hash})", tx.id))
            }
        });
        if execution != Execution::Repeated {
            let detail = format!("transaction {}", tx.id);
            let because = Because { reason: "executed", detail: Some(&detail) };
            ended.push((id, intents::apply(change, id, Event::Execute, stamp, Some(because))?));
        }
        if let Some(deposit) = &intent.deposit {
            spending::book(change, tx.id, SpendingKind::Deposit, deposit, stamp)?;
        }
        let response = executed.responses.get(position).filter(|any| any.value.len() <= LONGEST_RESPONSE);
        if let Some(any) = response {
            transactions::note_response(change, tx.id, id, (&any.type_url, &any.value))?;
        }
    }
    Ok((ended, surprises))
}

/// The transaction was paid for, and none of its messages was executed: whose fault was it?
fn fail(change: &Change<'_>, tx: &Transaction, contents: &[Intent], refusal: &Refusal, stamp: Stamp) -> Ended {
    let detail = super::prepare::in_words(refusal);
    let verdict = of_block(refusal, contents.len());
    let mut ended = Vec::new();
    for (position, intent) in contents.iter().enumerate() {
        // What waits for a person goes on waiting: now it is known that this transaction did not execute it. What other
        // bytes hold by now is decided by their end.
        if !standing(change, tx, intent)?.is_held() {
            continue;
        }
        let (event, reason) = match verdict {
            OfBlock::TakeOut(spoiled) if spoiled == position => (Event::Refuse, "refused_in_block"),
            OfBlock::TakeOut(_) => (Event::Return, "another_was_refused"),
            OfBlock::Starved if intent.starved.saturating_add(1) >= OUT_OF_GAS_ATTEMPTS => {
                (Event::Refuse, "out_of_gas")
            }
            OfBlock::Starved | OfBlock::StarvedTogether => (Event::Return, "out_of_gas"),
            OfBlock::Part => (Event::Return, "refused_together"),
        };
        match verdict {
            OfBlock::Starved => intents::starve(change, intent.id)?,
            OfBlock::StarvedTogether => {
                intents::starve(change, intent.id)?;
                intents::keep_alone(change, intent.id)?;
            }
            OfBlock::Part => intents::keep_alone(change, intent.id)?,
            OfBlock::TakeOut(_) => {}
        }
        let because = Because { reason, detail: Some(&detail) };
        ended.push((intent.id, intents::apply(change, intent.id, event, stamp, Some(because))?));
    }
    Ok(ended)
}
