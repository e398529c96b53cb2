//! `provider tx show`

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::intent_row::IntentRow;
use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::output::record::Entry;
use crate::cli::{Context, Failure, Report, Status};
use crate::domain::tx_hash::TxHash;
use crate::store::outbox::{IntentId, Transition, TxId, intents, spending, transactions};
use crate::store::{self, Mode, Snapshot};

/// Show a message or a transaction, and every change of its state
///
/// A number or a key names a message, 64 hexadecimal digits name a transaction.
#[derive(Debug, Args)]
pub struct Show {
    /// The number or the key of a message, or the hash of a transaction
    #[arg(value_name = "ID")]
    id: String,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct MessageEntry {
    #[serde(flatten)]
    row: IntentRow,
    type_url: String,
    not_after: Option<Timestamp>,
    transitions: Vec<TransitionRow>,
}

impl Entry for MessageEntry {
    fn parts(&self) -> Vec<(&'static str, String)> {
        self.row.parts()
    }
}

#[derive(Serialize)]
struct TransactionEntry {
    transaction: String,
    state: &'static str,
    chain: String,
    signer: String,
    sequence: u64,
    gas_limit: u64,
    gas_used: Option<u64>,
    fee: String,
    paid: Vec<String>,
    signed_at: Timestamp,
    timeout_height: u64,
    handings: u64,
    said: Option<String>,
    height: Option<u64>,
    codespace: Option<String>,
    code: Option<u32>,
    log: Option<String>,
    messages: Vec<i64>,
    transitions: Vec<TransitionRow>,
}

impl Entry for TransactionEntry {
    fn parts(&self) -> Vec<(&'static str, String)> {
        fn number(value: Option<impl ToString>) -> String {
            value.map(|number| number.to_string()).unwrap_or_default()
        }
        let messages: Vec<String> = self.messages.iter().map(ToString::to_string).collect();
        vec![
            ("transaction", self.transaction.clone()),
            ("state", self.state.to_owned()),
            ("chain", self.chain.clone()),
            ("signer", self.signer.clone()),
            ("sequence", self.sequence.to_string()),
            ("messages", messages.join(", ")),
            ("fee", self.fee.clone()),
            ("paid", self.paid.join(", ")),
            ("gas limit", self.gas_limit.to_string()),
            ("gas used", number(self.gas_used)),
            ("signed", self.signed_at.to_string()),
            ("end (height)", self.timeout_height.to_string()),
            ("handed out", self.handings.to_string()),
            ("the node said", self.said.clone().unwrap_or_default()),
            ("height", number(self.height)),
            ("codespace", self.codespace.clone().unwrap_or_default()),
            ("code", number(self.code)),
            ("log", self.log.clone().unwrap_or_default()),
        ]
    }
}

/// A change of state.
#[derive(Debug, Serialize)]
struct TransitionRow {
    at: Timestamp,
    run: Option<String>,
    from: Option<String>,
    to: String,
    reason: Option<String>,
    detail: Option<String>,
}

impl From<Transition> for TransitionRow {
    fn from(row: Transition) -> Self {
        let run = row.run.map(|run| run.to_string());
        Self { at: row.at, run, from: row.from, to: row.to, reason: row.reason, detail: row.detail }
    }
}

impl Row for TransitionRow {
    const HEADINGS: &'static [&'static str] = &["at", "run", "from", "to", "reason", "detail"];
    const FIELDS: &'static [&'static str] = &["at", "run", "from", "to", "reason", "detail"];

    fn cells(&self) -> Vec<String> {
        let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        vec![
            format!("{:.0}", self.at),
            text(&self.run),
            text(&self.from),
            self.to.clone(),
            text(&self.reason),
            text(&self.detail),
        ]
    }

    fn csv(&self) -> Vec<String> {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        vec![
            self.at.to_string(),
            text(&self.run),
            text(&self.from),
            self.to.clone(),
            text(&self.reason),
            text(&self.detail),
        ]
    }
}

enum Shown {
    Message(MessageEntry),
    Transaction(TransactionEntry),
}

impl Show {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let store = context.open_state(&context.state_file()?, Mode::Read)?;
        let shown = store.read("look into the outbox", |snapshot| match TxHash::parse(&self.id) {
            Some(hash) => transaction(snapshot, &hash).map(|found| found.map(Shown::Transaction)),
            None => message(snapshot, &self.id).map(|found| found.map(Shown::Message)),
        })?;
        let form = self.output.output;
        // For people the changes are a table of their own; for programs they are part of the one object.
        let with_changes = |report: Report, changes: Vec<TransitionRow>| {
            let people = matches!(form, crate::cli::output::Form::Table);
            if people { report.followed_by(Report::listing(changes, form)) } else { report }
        };
        let again = |rows: &[TransitionRow]| rows.iter().map(TransitionRow::again).collect();
        match shown {
            Some(Shown::Message(entry)) => {
                let changes = again(&entry.transitions);
                Ok(with_changes(Report::record(entry, form), changes))
            }
            Some(Shown::Transaction(entry)) => {
                let changes = again(&entry.transitions);
                Ok(with_changes(Report::record(entry, form), changes))
            }
            None => {
                Err(Failure::new(Status::Data, format!("the outbox knows no message and no transaction {:?}", self.id))
                    .hint("`provider tx list` shows them; settled ones are pruned after state.retention.transactions"))
            }
        }
    }
}

impl TransitionRow {
    fn again(&self) -> Self {
        Self {
            at: self.at,
            run: self.run.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
            reason: self.reason.clone(),
            detail: self.detail.clone(),
        }
    }
}

fn message(snapshot: &Snapshot<'_>, wanted: &str) -> Result<Option<MessageEntry>, store::Error> {
    let by_number = match wanted.parse::<i64>() {
        Ok(id) => intents::by_id(snapshot, IntentId(id))?,
        Err(_) => None,
    };
    let found = match by_number {
        Some(intent) => Some(intent),
        None => intents::by_key(snapshot, wanted)?,
    };
    let Some(intent) = found else { return Ok(None) };
    let (type_url, not_after) = (intent.type_url.clone(), intent.not_after);
    let transitions = intents::transitions(snapshot, intent.id)?.into_iter().map(TransitionRow::from).collect();
    Ok(Some(MessageEntry { row: IntentRow::read(snapshot, intent)?, type_url, not_after, transitions }))
}

fn transaction(snapshot: &Snapshot<'_>, hash: &TxHash) -> Result<Option<TransactionEntry>, store::Error> {
    let Some(tx) = transactions::by_hash(snapshot, &hash.0)? else { return Ok(None) };
    let id: TxId = tx.id;
    let paid = spending::of_transaction(snapshot, id)?;
    Ok(Some(TransactionEntry {
        transaction: hash.to_string(),
        state: tx.state.word(),
        chain: tx.chain,
        signer: tx.signer,
        sequence: tx.sequence,
        gas_limit: tx.gas_limit,
        gas_used: tx.gas_used,
        fee: tx.fee.to_string(),
        paid: paid.coins().map(|(kind, coin)| format!("{} {coin}", kind.word())).collect(),
        signed_at: tx.signed_at,
        timeout_height: tx.timeout_height,
        handings: tx.handings,
        said: tx.said,
        height: tx.height,
        codespace: tx.codespace,
        code: tx.code,
        log: tx.log,
        messages: transactions::contents(snapshot, id)?.into_iter().map(|intent| intent.id.0).collect(),
        transitions: transactions::transitions(snapshot, id)?.into_iter().map(TransitionRow::from).collect(),
    }))
}
