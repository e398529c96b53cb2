//! Transactions: trying them, handing them in, and finding out what became of them.

use jiff::Timestamp;
use prost::Message;
use prost_types::Any;
use serde::Deserialize;
use serde_json::json;

use crate::chain::client::belief::Reading;
use crate::chain::client::call::Question;
use crate::chain::client::error::{Attempt, CallError, Problem};
use crate::chain::client::rpc::text;
use crate::chain::client::survey::height_of;
use crate::chain::client::{Client, LARGEST_ANSWER};
use crate::chain::wire::cosmos::abci::{TxMsgData, TxResponse};
use crate::chain::wire::cosmos::tx_service::{
    BroadcastMode, BroadcastTxRequest, BroadcastTxResponse, GetTxRequest, GetTxResponse, SimulateRequest,
    SimulateResponse,
};
use crate::chain::wire::tendermint::abci;
use crate::domain::fault::Classified;
use crate::domain::height::Height;
use crate::domain::refusal::{Log, Reason, Refusal};
use crate::domain::tx_hash::TxHash;

/// Gas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gas {
    /// What was to be had at most.
    pub wanted: u64,
    /// What was used.
    pub used: u64,
}

/// What a node said of a transaction that was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// It is in its queue; whether it comes into a block, and how it ends there, is still open.
    Taken,
    /// It has seen these bytes before, in its queue or in a block: look the hash up.
    Seen,
    /// It does not pass the check, as things are now.
    Refused(Refusal),
}

/// How a transaction ended in a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Executed {
    /// Why it failed; `None`: it did not. The fee is spent either way.
    pub refusal: Option<Refusal>,
    /// Gas.
    pub gas: Gas,
    /// What it did, as told.
    pub events: Vec<Event>,
    /// The answers to its messages; none if it failed.
    pub responses: Vec<Any>,
}

/// A transaction in a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Included {
    /// Its hash.
    pub hash: TxHash,
    /// The block.
    pub height: Height,
    /// When that block was made, where the node tells.
    pub time: Option<Timestamp>,
    /// How it ended.
    pub executed: Executed,
}

/// Something that happened, as the chain tells it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Event {
    /// `virtengine.market.v1.EventBidCreated`, `tx`, `transfer` …; empty for those of settlement.
    pub kind: String,
    /// What is told.
    pub attributes: Vec<Attribute>,
}

/// One thing that is told of an event.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct Attribute {
    /// Its name.
    #[serde(default)]
    pub key: String,
    /// For typed events JSON.
    #[serde(default)]
    pub value: String,
}

impl Client {
    /// Tries a transaction without keeping what it does. Nothing is checked of its signatures' bytes.
    ///
    /// The gas of messages that settle escrow is higher in a block: more of it is due then.
    pub async fn simulate(&self, tx_bytes: Vec<u8>) -> Result<Reading<Gas>, CallError> {
        let question = Question::of("simulation").refused_by(Refusal::of_simulation);
        let request = SimulateRequest { tx: None, tx_bytes };
        let read = |answer: SimulateResponse| simulated(&answer, |_| true);
        self.ask(question, &request, read).await
    }

    /// The same, as gas alone. An answer beyond what is `plausible` is not believed as long as another endpoint may know
    /// better; where all tell of so much, the least.
    pub async fn simulated_gas(&self, tx_bytes: Vec<u8>, plausible: impl Fn(u64) -> bool) -> Result<u64, CallError> {
        let question = Question::of("simulation").refused_by(Refusal::of_simulation);
        let request = SimulateRequest { tx: None, tx_bytes };
        match self.ask(question, &request, |answer: SimulateResponse| simulated(&answer, &plausible)).await {
            Ok(reading) => Ok(reading.value.used),
            Err(CallError::Unanswered { operation, attempts }) => {
                let told = attempts.iter().filter_map(|attempt| match attempt.problem {
                    Problem::TooMuchGas { used } => Some(used),
                    _ => None,
                });
                let least = told.min();
                least.ok_or(CallError::Unanswered { operation, attempts })
            }
            Err(error) => Err(error),
        }
    }

    /// Hands a transaction to a node, which checks it before it answers. What one refuses is given to the next: each node
    /// has its own smallest price and its own queue. It is refused where all refuse that can be asked.
    ///
    /// No answer says nothing about whether it was taken; the same bytes may be handed in again, to any node.
    pub async fn broadcast(&self, tx_bytes: Vec<u8>) -> Result<Admission, CallError> {
        let hash = TxHash::of(&tx_bytes);
        let request = BroadcastTxRequest { tx_bytes, mode: BroadcastMode::Sync.into() };
        let read = |answer: BroadcastTxResponse| {
            let TxResponse { txhash, codespace, code, raw_log, .. } = answer.tx_response.unwrap_or_default();
            if TxHash::parse(&txhash) != Some(hash) {
                return Err(Problem::Garbage(Log::of(format!("the hash {txhash}").as_bytes())));
            }
            Ok(match Refusal::of_result(&codespace, code, &raw_log) {
                None => Admission::Taken,
                Some(refusal) if refusal.reason == Reason::AlreadySeen => Admission::Seen,
                Some(refusal) if matches!(refusal.reason, Reason::RateLimited(_)) => Admission::Refused(refusal),
                Some(refusal) => return Err(Problem::Refuses(refusal.into())),
            })
        };
        let question = Question::of(format!("transaction {hash}")).asking_on();
        let answered = self.ask(question, &request, read).await;
        let Err(CallError::Unanswered { operation, attempts }) = answered else {
            return answered.map(|reading| reading.value);
        };
        refused_by_all(&attempts).map(Admission::Refused).ok_or(CallError::Unanswered { operation, attempts })
    }

    /// The transaction with this hash, if a block holds it. A node's index of hashes may be a moment behind its
    /// blocks, or not kept for ever: that there is none is proved by the account's sequence, not by this.
    pub async fn transaction(&self, hash: &TxHash) -> Result<Reading<Option<Included>>, CallError> {
        let question = Question::of(format!("transaction {hash}")).at_most(LARGEST_ANSWER);
        let request = GetTxRequest { hash: hash.to_string() };
        let read = |answer: GetTxResponse| included(*hash, answer.tx_response.unwrap_or_default());
        let by_grpc = self.find(question.clone(), &request, read).await;
        let Err(CallError::Unanswered { .. }) = &by_grpc else { return by_grpc };
        // Text of the chain that is no UTF-8 can spoil an answer by gRPC; in JSON it was made harmless.
        let base64 = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, hash.0);
        let read = |found: Found| {
            if TxHash::parse(&found.hash) != Some(*hash) {
                return Err(Problem::Garbage(Log::of(format!("the transaction {}", found.hash).as_bytes())));
            }
            let height = height_of(found.height)?;
            let executed = found.executed.read()?;
            Ok((Included { hash: *hash, height, time: None, executed }, None))
        };
        // An index that is switched off answers like one that does not have the hash: only "found" is taken from it.
        let by_rpc = self.ask_rpc(question, ("tx", json!({ "hash": base64, "prove": false })), read).await;
        by_rpc.map_or(by_grpc, |found| Ok(found.map(Some)))
    }
}

/// The gas of a simulation. The chain counts gas in 63 bits.
fn simulated(answer: &SimulateResponse, plausible: impl Fn(u64) -> bool) -> Result<Gas, Problem> {
    let gas = answer.gas_info.as_ref().ok_or_else(|| Problem::Garbage(Log::of(b"no gas")))?;
    let used = gas.gas_used;
    if i64::try_from(used).is_err() {
        return Err(Problem::Garbage(Log::of(format!("{used} gas").as_bytes())));
    }
    if plausible(used) { Ok(Gas { wanted: gas.gas_wanted, used }) } else { Err(Problem::TooMuchGas { used }) }
}

/// The most telling refusal of a transaction, if nobody who was asked left it open whether he has taken it. What passes by
/// itself comes first, since no other reason is final then; a code that nobody knows comes last.
fn refused_by_all(attempts: &[Attempt]) -> Option<Refusal> {
    let asked = || attempts.iter().filter(|attempt| attempt.asked);
    let refusal = |attempt: &Attempt| match &attempt.problem {
        Problem::Refuses(refusal) => Some(refusal.clone()),
        _ => None,
    };
    if asked().any(|attempt| refusal(attempt).is_none()) {
        return None;
    }
    let rank = |refusal: &Refusal| match refusal.reason {
        _ if refusal.fault().is_temporary() => 0,
        Reason::Other | Reason::Untold | Reason::Unclear => 2,
        _ => 1,
    };
    asked().filter_map(refusal).min_by_key(|refusal| rank(refusal)).map(|refusal| *refusal)
}

fn included(hash: TxHash, response: TxResponse) -> Result<Included, Problem> {
    if TxHash::parse(&response.txhash) != Some(hash) {
        return Err(Problem::Garbage(Log::of(format!("the transaction {}", response.txhash).as_bytes())));
    }
    let data = crate::domain::hex::decode(&response.data);
    let data = data.ok_or_else(|| Problem::Garbage(Log::of(b"data that is no hexadecimal text")))?;
    let executed = Executed {
        refusal: Refusal::of_result(&response.codespace, response.code, &response.raw_log),
        gas: gas(response.gas_wanted, response.gas_used)?,
        events: response.events.into_iter().map(Event::from).collect(),
        responses: responses(&data)?,
    };
    let time = response.timestamp.parse().ok();
    Ok(Included { hash, height: height_of(response.height)?, time, executed })
}

/// Gas counts from 0; a transaction without a limit does not come into a block.
fn gas(wanted: i64, used: i64) -> Result<Gas, Problem> {
    match (u64::try_from(wanted), u64::try_from(used)) {
        (Ok(wanted), Ok(used)) => Ok(Gas { wanted, used }),
        _ => Err(Problem::Garbage(Log::of(format!("gas of {used}, {wanted} wanted").as_bytes()))),
    }
}

fn responses(data: &[u8]) -> Result<Vec<Any>, Problem> {
    TxMsgData::decode(data).map(|data| data.msg_responses).map_err(|error| super::garbage(&error))
}

impl From<abci::Event> for Event {
    fn from(event: abci::Event) -> Self {
        let attributes = event.attributes.into_iter();
        Self {
            kind: event.r#type,
            attributes: attributes.map(|told| Attribute { key: told.key, value: told.value }).collect(),
        }
    }
}

/// CometBFT's answer to `tx`.
#[derive(Deserialize)]
struct Found {
    hash: String,
    #[serde(deserialize_with = "text::number")]
    height: i64,
    #[serde(rename = "tx_result")]
    executed: ExecTxResult,
}

/// How a transaction ended, as CometBFT writes it.
#[derive(Deserialize)]
pub(super) struct ExecTxResult {
    #[serde(default)]
    code: u32,
    #[serde(default)]
    data: Option<String>,
    #[serde(default)]
    log: String,
    #[serde(deserialize_with = "text::number")]
    gas_wanted: i64,
    #[serde(deserialize_with = "text::number")]
    gas_used: i64,
    #[serde(default)]
    events: Option<Vec<RpcEvent>>,
    #[serde(default)]
    codespace: String,
}

#[derive(Deserialize)]
struct RpcEvent {
    #[serde(default)]
    r#type: String,
    #[serde(default)]
    attributes: Vec<Attribute>,
}

impl ExecTxResult {
    pub(super) fn read(self) -> Result<Executed, Problem> {
        let data = self.data.unwrap_or_default();
        let data = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, data);
        let data = data.map_err(|error| super::garbage(&error))?;
        let events = self.events.unwrap_or_default().into_iter();
        Ok(Executed {
            refusal: Refusal::of_result(&self.codespace, self.code, self.log.as_bytes()),
            gas: gas(self.gas_wanted, self.gas_used)?,
            events: events.map(|event| Event { kind: event.r#type, attributes: event.attributes }).collect(),
            responses: responses(&data)?,
        })
    }
}
