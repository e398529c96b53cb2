//! A message as the listings show it.

use jiff::Timestamp;
use serde::Serialize;

use crate::cli::output::listing::Row;
use crate::domain::tx_hash::TxHash;
use crate::store::outbox::intents::Intent;
use crate::store::outbox::transactions::{self, Transaction};
use crate::store::{self, Snapshot};

/// A message, and the last transaction that it was in.
#[derive(Debug, Serialize)]
pub struct IntentRow {
    intent: i64,
    key: String,
    message: String,
    state: &'static str,
    reason: Option<String>,
    detail: Option<String>,
    deposit: Option<String>,
    created_at: Timestamp,
    settled_at: Option<Timestamp>,
    transaction: Option<String>,
    sequence: Option<u64>,
    height: Option<u64>,
    signer: String,
    chain: String,
}

impl IntentRow {
    /// A message, with its last transaction.
    pub fn read(snapshot: &Snapshot<'_>, intent: Intent) -> Result<Self, store::Error> {
        let last: Option<Transaction> = transactions::of_intent(snapshot, intent.id)?.into_iter().next();
        Ok(Self {
            intent: intent.id.0,
            key: intent.key,
            message: intent.type_url.rsplit('.').next().unwrap_or_default().to_owned(),
            state: intent.state.word(),
            reason: intent.reason,
            detail: intent.detail,
            deposit: intent.deposit.map(|coin| coin.to_string()),
            created_at: intent.created_at,
            settled_at: intent.settled_at,
            transaction: last.as_ref().map(|tx| TxHash(tx.hash).to_string()),
            sequence: last.as_ref().map(|tx| tx.sequence),
            height: last.and_then(|tx| tx.height),
            signer: intent.signer,
            chain: intent.chain,
        })
    }

    /// Name and value of each part.
    pub fn parts(&self) -> Vec<(&'static str, String)> {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        vec![
            ("intent", self.intent.to_string()),
            ("key", self.key.clone()),
            ("message", self.message.clone()),
            ("state", self.state.to_owned()),
            ("reason", text(&self.reason)),
            ("detail", text(&self.detail)),
            ("deposit", text(&self.deposit)),
            ("created", self.created_at.to_string()),
            ("settled", self.settled_at.map(|time| time.to_string()).unwrap_or_default()),
            ("transaction", text(&self.transaction)),
            ("sequence", self.sequence.map(|number| number.to_string()).unwrap_or_default()),
            ("height", self.height.map(|number| number.to_string()).unwrap_or_default()),
            ("signer", self.signer.clone()),
            ("chain", self.chain.clone()),
        ]
    }
}

impl Row for IntentRow {
    const HEADINGS: &'static [&'static str] =
        &["intent", "message", "key", "state", "created", "height", "transaction", "reason"];
    const FIELDS: &'static [&'static str] = &[
        "intent",
        "key",
        "message",
        "state",
        "reason",
        "detail",
        "deposit",
        "created_at",
        "settled_at",
        "transaction",
        "sequence",
        "height",
        "signer",
        "chain",
    ];

    fn cells(&self) -> Vec<String> {
        let dash = || "-".to_owned();
        let short = |hash: &String| hash.get(..12).unwrap_or(hash).to_owned();
        vec![
            self.intent.to_string(),
            self.message.clone(),
            self.key.clone(),
            self.state.to_owned(),
            format!("{:.0}", self.created_at),
            self.height.map_or_else(dash, |height| height.to_string()),
            self.transaction.as_ref().map_or_else(dash, short),
            self.reason.clone().unwrap_or_else(dash),
        ]
    }

    fn csv(&self) -> Vec<String> {
        self.parts().into_iter().map(|(_, value)| value).collect()
    }
}
