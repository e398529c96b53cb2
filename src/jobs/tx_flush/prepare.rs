//! Putting a batch together: simulate it, take out what spoils it, compute gas and fee, ask the caps and the balance.

use jiff::SignedDuration;
use prost_types::Any;

use super::chain::ChainNow;
use super::session::Session;
use super::{Error, FailPoint, Short};
use crate::chain::client::CallError;
use crate::chain::tx::Draft;
use crate::domain::amount::{self, Coin, Int};
use crate::domain::fault::{Classified, in_one_line};
use crate::domain::outbox::intent::Event;
use crate::domain::outbox::{
    self, Candidate, OfSimulation, Spending, SpendingKind, fee, fewer, first_batch, gas_limit, of_simulation,
    settles_escrow,
};
use crate::domain::refusal::Refusal;
use crate::observe::logging::SAID_OTHERWISE;
use crate::store;
use crate::store::outbox::intents::Intent;
use crate::store::outbox::{Because, Transaction, intents, spending};

/// A batch that is ready to be signed.
pub(super) struct Batch {
    pub(super) intents: Vec<Intent>,
    pub(super) messages: Vec<Any>,
    pub(super) sequence: u64,
    pub(super) gas_limit: u64,
    pub(super) fee: Coin,
}

/// What came of putting a batch together.
pub(super) enum Prepared {
    /// It can be signed.
    Ready(Box<Batch>),
    /// The queue has changed: try again.
    Again,
    /// Nothing more before the next block, or in this run.
    Stop,
}

/// What a simulation gave.
enum Simulated {
    Gas(u64),
    Refused(Box<Refusal>),
    Unknown,
}

/// An end that no chain reaches.
pub(super) const FAR: u64 = i64::MAX.unsigned_abs();

impl Session<'_> {
    /// Puts the next batch together from the front of the queue.
    pub(super) async fn prepare(&mut self, now: &ChainNow, live: &[Transaction]) -> Result<Prepared, Error> {
        let mut intents = self.queue(self.policy.limits.messages)?;
        let candidates: Vec<Candidate> = intents.iter().map(candidate).collect();
        intents.truncate(first_batch(&candidates, self.policy.limits));
        if self.sift(now, &intents).await? {
            return Ok(Prepared::Again);
        }
        let sequence = outbox::next_sequence(now.account.sequence, live.iter().map(|tx| tx.sequence));
        while !intents.is_empty() {
            let messages: Vec<Any> = intents.iter().map(any).collect();
            let used = match self.simulate(now, sequence, &intents, &messages).await {
                Simulated::Gas(used) => used,
                Simulated::Refused(refusal) => return self.judge(now, sequence, &intents, &refusal).await,
                Simulated::Unknown => return Ok(Prepared::Stop),
            };
            FailPoint::Simulated.reach();
            // A number beyond all others is no gas: nobody's message is refused for it, and no run ends of it.
            let Ok(gas_limit) = self.gas_limit(&intents, used) else { return self.absurd_gas(&intents, used) };
            if gas_limit > self.policy.limits.gas {
                let fitting = fewer(intents.len(), gas_limit, self.policy.limits);
                if fitting == 0 {
                    let (most, detail) = (self.policy.limits.gas, format!("it needs {gas_limit} gas"));
                    let detail = format!("{detail}; transactions.max_gas allows {most}");
                    self.refuse(&intents, "too_much_gas", &detail)?;
                    return Ok(Prepared::Again);
                }
                intents.truncate(fitting);
                continue;
            }
            let fee = fee(gas_limit, &self.policy.gas_price)
                .map_err(|source| Error::Amount { what: "the fee of a transaction", source })?;
            let next = spending_of(&intents, &fee);
            if let Err(reached) = self.check_caps(&next)? {
                if intents.len() > 1 {
                    intents.truncate(intents.len() / 2);
                    continue;
                }
                tracing::error!(target: SAID_OTHERWISE, setting = reached.setting(), "{reached}; nothing more is sent");
                self.explain(&intents, reached.setting(), &reached.to_string())?;
                self.report.cap = Some(reached);
                self.blocked = true;
                return Ok(Prepared::Stop);
            }
            if !self.can_pay(now, &intents, &next).await? {
                return Ok(Prepared::Stop);
            }
            return Ok(Prepared::Ready(Box::new(Batch { intents, messages, sequence, gas_limit, fee })));
        }
        Ok(Prepared::Stop)
    }

    /// The draft of a transaction with these messages.
    pub(super) fn draft<'d>(&'d self, now: &ChainNow, sequence: u64, messages: &'d [Any]) -> Draft<'d> {
        Draft {
            network: self.client.network(),
            chain_id: &self.client.settings().chain_id,
            account_number: now.account.number,
            sequence,
            public_key: self.public_key,
            messages,
            memo: "",
            timeout_height: now.height.saturating_add(self.policy.timeout_blocks),
            fee: None,
            gas_limit: 0,
        }
    }

    async fn simulate(&mut self, now: &ChainNow, sequence: u64, intents: &[Intent], messages: &[Any]) -> Simulated {
        // Whether there is time enough is not the messages' business; an end of many digits weighs no less than the real.
        let bytes = Draft { timeout_height: FAR, ..self.draft(now, sequence, messages) }.simulation();
        let most = self.policy.limits.gas;
        let fits = |used| self.gas_limit(intents, used).is_ok_and(|limit| limit <= most);
        match self.client.simulated_gas(bytes, fits).await {
            Ok(used) => Simulated::Gas(used),
            Err(CallError::Refused { refusal, .. }) => Simulated::Refused(refusal),
            Err(error) => {
                self.report.trouble(in_one_line(&error));
                Simulated::Unknown
            }
        }
    }

    /// The first message waits for a better answer.
    fn absurd_gas(&mut self, intents: &[Intent], used: u64) -> Result<Prepared, Error> {
        let first = intents.get(..1).unwrap_or_default();
        let detail = format!("a simulation tells of {used} gas, which no transaction can have");
        self.explain(first, "unclear", &detail)?;
        for intent in first {
            self.report.trouble(format!("message {} is left to the next run: {detail}", intent.id));
            self.set_aside.insert(intent.id);
        }
        Ok(Prepared::Again)
    }

    fn gas_limit(&self, intents: &[Intent], used: u64) -> Result<u64, amount::Error> {
        let settles = intents.iter().any(|intent| settles_escrow(&intent.type_url));
        let starved = intents.iter().map(|intent| intent.starved).max().unwrap_or(0);
        gas_limit(used, settles, starved, self.policy.limits.gas, self.policy.factors)
    }

    /// Does what a refused simulation means.
    async fn judge(
        &mut self,
        now: &ChainNow,
        sequence: u64,
        intents: &[Intent],
        refusal: &Refusal,
    ) -> Result<Prepared, Error> {
        match of_simulation(refusal, intents.len()) {
            OfSimulation::TryEach => self.try_each(now, sequence, intents, refusal).await,
            verdict => self.carry_out(verdict, intents, refusal),
        }
    }

    /// Tries each message by itself, to find the ones at fault.
    async fn try_each(
        &mut self,
        now: &ChainNow,
        sequence: u64,
        intents: &[Intent],
        together: &Refusal,
    ) -> Result<Prepared, Error> {
        let mut innocent = true;
        for intent in intents {
            match self.simulate(now, sequence, std::slice::from_ref(intent), &[any(intent)]).await {
                Simulated::Gas(_) => {}
                Simulated::Unknown => return Ok(Prepared::Stop),
                Simulated::Refused(refusal) => {
                    innocent = false;
                    let verdict = of_simulation(&refusal, 1);
                    if let Prepared::Stop = self.carry_out(verdict, std::slice::from_ref(intent), &refusal)? {
                        return Ok(Prepared::Stop);
                    }
                }
            }
        }
        if innocent {
            tracing::warn!("messages that pass alone are refused together: {together}");
            self.store.write("write down which messages go alone", |change| {
                intents.iter().try_for_each(|intent| intents::keep_alone(change, intent.id))
            })?;
        }
        Ok(Prepared::Again)
    }

    fn carry_out(&mut self, verdict: OfSimulation, intents: &[Intent], refusal: &Refusal) -> Result<Prepared, Error> {
        let words = in_words(refusal);
        match verdict {
            OfSimulation::TakeOut(index) => {
                let spoiled = intents.get(index).map(std::slice::from_ref).unwrap_or_default();
                self.refuse(spoiled, "refused_in_simulation", &words)?;
                self.report.refusals.extend(spoiled.iter().map(|intent| (intent.id, refusal.clone())));
                Ok(Prepared::Again)
            }
            OfSimulation::SetAside(index) => {
                let poor = intents.get(index).map(std::slice::from_ref).unwrap_or_default();
                let (reason, what) = if outbox::is_short_of_funds(refusal) {
                    ("insufficient_funds", "cannot be paid for")
                } else {
                    ("unclear", "is left to the next run")
                };
                self.explain(poor, reason, &words)?;
                self.set_aside.extend(poor.iter().map(|intent| intent.id));
                for intent in poor {
                    self.report.trouble(format!("message {} {what}: {words}", intent.id));
                }
                Ok(Prepared::Again)
            }
            OfSimulation::NotNow | OfSimulation::TryEach => {
                tracing::debug!("not now: {words}");
                Ok(Prepared::Stop)
            }
            OfSimulation::NothingGoes => {
                self.explain(intents, refusal.fault().word(), &words)?;
                self.report.trouble(words);
                self.blocked = true;
                Ok(Prepared::Stop)
            }
        }
    }

    /// Refuses messages before anything was signed.
    fn refuse(&mut self, intents: &[Intent], reason: &str, detail: &str) -> Result<(), Error> {
        FailPoint::Refused.reach();
        let stamp = self.stamp();
        let because = Because { reason, detail: Some(detail) };
        for intent in intents {
            let state = self.store.write("write down that a message is refused", |change| {
                intents::apply(change, intent.id, Event::Refuse, stamp, Some(because))
            })?;
            tracing::warn!(target: SAID_OTHERWISE, intent = %intent.id, key = intent.key, "refused: {detail}");
            self.report.intents.push((intent.id, state));
        }
        FailPoint::RefusalNoted.reach();
        self.note_move();
        Ok(())
    }

    pub(super) fn explain(&self, intents: &[Intent], reason: &str, detail: &str) -> Result<(), Error> {
        let because = Because { reason, detail: Some(detail) };
        self.store.write("write down why messages wait", |change| {
            intents.iter().try_for_each(|intent| intents::explain(change, intent.id, because))
        })?;
        Ok(())
    }

    fn check_caps(&self, next: &Spending) -> Result<Result<(), outbox::CapReached>, Error> {
        let hour_ago = self.time().checked_sub(SignedDuration::from_hours(1)).unwrap_or(self.time());
        let (run, hour) = self.store.read("read what was spent", |snapshot| {
            Ok::<_, store::Error>((spending::of_run(snapshot, self.run)?, spending::since(snapshot, hour_ago)?))
        })?;
        Ok(self.policy.caps.check(&run, &hour, next))
    }

    /// Whether the balance covers fee and deposits, beside what is out already. What messages send besides, the
    /// simulation has checked.
    async fn can_pay(&mut self, now: &ChainNow, intents: &[Intent], next: &Spending) -> Result<bool, Error> {
        let balances = match self.balances(now).await {
            Ok(balances) => balances,
            Err(error) => {
                self.report.trouble(in_one_line(&error));
                return Ok(false);
            }
        };
        let mut needed = self.store.read("read what is out", |snapshot| spending::out(snapshot, self.place()))?;
        next.coins().for_each(|(kind, coin)| needed.add(kind, &coin));
        let mut sums: Vec<Coin> = Vec::new();
        for (_, coin) in needed.coins() {
            match sums.iter_mut().find(|sum| sum.denom == coin.denom) {
                Some(sum) => sum.amount = sum.amount.checked_add(coin.amount).unwrap_or(Int::MAX),
                None => sums.push(coin),
            }
        }
        for needs in sums {
            let has = balances.iter().find(|coin| coin.denom == needs.denom).cloned();
            let has = has.unwrap_or_else(|| Coin::new(0_u64, needs.denom.clone()));
            if has.amount < needs.amount {
                let detail = format!("the account has {has}, and needs {needs}");
                tracing::error!(target: SAID_OTHERWISE, account = %self.address, "{detail}; nothing more is sent");
                self.explain(intents, "insufficient_funds", &detail)?;
                self.report.short = Some(Short { has, needs });
                self.blocked = true;
                return Ok(false);
            }
        }
        Ok(true)
    }
}

pub(super) fn candidate(intent: &Intent) -> Candidate {
    Candidate { bytes: intent.message.len().saturating_add(intent.type_url.len()), alone: intent.alone }
}

pub(super) fn any(intent: &Intent) -> Any {
    Any { type_url: intent.type_url.clone(), value: intent.message.clone() }
}

/// A refusal, and what to do about it.
pub(super) fn in_words(refusal: &Refusal) -> String {
    refusal.hint().map_or_else(|| refusal.to_string(), |hint| format!("{refusal}; {hint}"))
}

/// What a batch costs and sets aside.
pub(super) fn spending_of(intents: &[Intent], fee: &Coin) -> Spending {
    let mut next = Spending::default();
    next.add(SpendingKind::Fee, fee);
    intents.iter().filter_map(|intent| intent.deposit.as_ref()).for_each(|coin| next.add(SpendingKind::Deposit, coin));
    next
}
