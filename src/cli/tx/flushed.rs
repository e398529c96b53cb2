//! What a flush did, in the words for a person.

use serde::Serialize;

use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::{Failure, Report, Status};
use crate::domain::outbox::SpendingKind;
use crate::domain::outbox::intent::State;
use crate::jobs::tx_flush::Flushed;
use crate::store::Store;
use crate::store::outbox::intents;

/// What became of a message in a run.
#[derive(Debug, Serialize)]
struct MessageEnd {
    intent: i64,
    key: String,
    message: String,
    state: &'static str,
    reason: Option<String>,
    detail: Option<String>,
}

/// What a flush did.
#[derive(Debug, Serialize)]
pub struct FlushEntry {
    transactions_signed: usize,
    transactions_settled: usize,
    transactions_in_flight: u64,
    messages_done: usize,
    messages_refused: usize,
    messages_returned: u64,
    messages_queued: u64,
    messages_held: u64,
    fees: Vec<String>,
    deposits: Vec<String>,
    messages: Vec<MessageEnd>,
    surprises: Vec<String>,
    troubles: Vec<String>,
    more_troubles: u64,
}

impl Entry for FlushEntry {
    fn parts(&self) -> Vec<(&'static str, String)> {
        vec![
            ("transactions signed", self.transactions_signed.to_string()),
            ("transactions settled", self.transactions_settled.to_string()),
            ("transactions in flight", self.transactions_in_flight.to_string()),
            ("messages done", self.messages_done.to_string()),
            ("messages refused", self.messages_refused.to_string()),
            ("messages returned", self.messages_returned.to_string()),
            ("messages queued", self.messages_queued.to_string()),
            ("messages held", self.messages_held.to_string()),
            ("fees", self.fees.join(", ")),
            ("deposits", self.deposits.join(", ")),
        ]
    }
}

/// A flush as data, with the remarks and the exit code that it deserves.
pub fn report(flushed: Flushed, store: &Store, output: OutputOption) -> Result<Report, Failure> {
    let mut messages = Vec::new();
    for (id, state) in &flushed.intents {
        let row = store.read("read a message", |snapshot| intents::by_id(snapshot, *id))?;
        let Some(row) = row else { continue };
        let (reason, detail) = if *state == State::Done { (None, None) } else { (row.reason, row.detail) };
        let message = row.type_url.rsplit('.').next().unwrap_or_default().to_owned();
        messages.push(MessageEnd { intent: id.0, key: row.key, message, state: state.word(), reason, detail });
    }
    let coins = |wanted: SpendingKind| {
        let spent = flushed.spent.coins().filter(move |(kind, _)| *kind == wanted);
        spent.map(|(_, coin)| coin.to_string()).collect()
    };
    let refused: Vec<String> = messages
        .iter()
        .filter(|message| message.state != State::Done.word())
        .map(|message| {
            let why = message.detail.as_deref().or(message.reason.as_deref()).unwrap_or("no reason is known");
            format!("{} {} ({}) is {}: {why}", message.message, message.intent, message.key, message.state)
        })
        .collect();
    let entry = FlushEntry {
        transactions_signed: flushed.signed.len(),
        transactions_settled: flushed.settled.len(),
        transactions_in_flight: flushed.in_flight,
        messages_done: flushed.ended(State::Done),
        messages_refused: flushed.ended(State::Refused),
        messages_returned: flushed.returned,
        messages_queued: flushed.queued,
        messages_held: flushed.held,
        fees: coins(SpendingKind::Fee),
        deposits: coins(SpendingKind::Deposit),
        messages,
        surprises: flushed.surprises.clone(),
        troubles: flushed.troubles.clone(),
        more_troubles: flushed.more_troubles,
    };
    let report = Report::record(entry, output.output).status(status(&flushed));
    Ok(refused.into_iter().chain(remarks(flushed)).fold(report, Report::because))
}

fn status(flushed: &Flushed) -> Status {
    if flushed.interrupted {
        Status::TryLater
    } else if flushed.ended(State::Refused) > 0 || flushed.short.is_some() || !flushed.surprises.is_empty() {
        Status::SomeFailed
    } else if flushed.is_unfinished() {
        Status::TryLater
    } else {
        Status::Done
    }
}

/// What a person should know of a flush besides its numbers: each once.
pub fn remarks(flushed: Flushed) -> impl Iterator<Item = String> {
    let mut remarks = flushed.surprises;
    remarks.extend(flushed.troubles);
    if flushed.more_troubles > 0 {
        remarks.push(format!("{} more things went wrong (`--verbose --verbose` says which)", flushed.more_troubles));
    }
    if let Some(reached) = flushed.cap {
        let setting = reached.setting();
        remarks.push(format!("{reached}; the rest waits (raise {setting} if that is meant)"));
    }
    if let Some(short) = flushed.short {
        remarks.push(format!("the account has {}, and the next transaction needs {}", short.has, short.needs));
    }
    if let Some(low) = flushed.low {
        remarks.push(format!("the balance is low: {} (transactions.low_balance is {})", low.has, low.needs));
    }
    if flushed.in_flight > 0 {
        remarks.push(format!("{} transactions are still out; the next flush goes on with them", flushed.in_flight));
    }
    if flushed.held > 0 {
        remarks.push(format!(
            "{} messages wait for a person: `provider tx list --state needs_confirmation`",
            flushed.held
        ));
    }
    if flushed.others > 0 {
        remarks.push(format!("{} messages are for another signer or another chain", flushed.others));
    }
    remarks.into_iter()
}
