//! One transaction from its bytes to its result.

use super::ante::{self, Purpose};
use super::messages::{self, Kind};
use super::result::TxResult;
use super::tx::Tx;
use crate::chain::wire::cosmos::abci::TxMsgData;
use crate::chain::wire::tendermint::abci::Event;
use crate::devnet::context::{Context, Gas, Profile};
use crate::devnet::event;
use crate::devnet::kv::{Broken, Changes, Kv, Overlay};
use crate::devnet::refusal::Refusal;
use crate::domain::network::Network;
use jiff::Timestamp;
use prost::Message;
use prost_types::Any;

/// Where and when a transaction runs.
pub struct Place<'p> {
    /// The network's facts.
    pub network: &'static Network,
    /// How strict the chain is.
    pub profile: Profile,
    /// The height of the block.
    pub height: i64,
    /// Its time.
    pub time: Timestamp,
    /// Whether messages that register or change a provider are refused for the lack of a signer.
    pub refuses_provider_messages: bool,
    /// The chain.
    pub chain: ante::Chain<'p>,
    /// What becomes of the next transaction of a block that passes its checks, whatever its messages would do.
    pub verdict: Option<Verdict>,
}

/// A refusal on purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Whose code.
    pub codespace: String,
    /// The code.
    pub code: u32,
    /// The log.
    pub log: String,
}

impl From<Verdict> for Refusal {
    fn from(verdict: Verdict) -> Self {
        let log = verdict.log.into_bytes();
        Self { codespace: verdict.codespace.into(), code: verdict.code, log, broken: None }
    }
}

/// What a transaction did.
#[derive(Debug)]
pub struct Outcome {
    /// Why it was refused, if it was.
    pub refusal: Option<Refusal>,
    /// The limit.
    pub gas_wanted: u64,
    /// What was used.
    pub gas_used: u64,
    /// What it told: of its messages only where all of them were done.
    pub events: Vec<Event>,
    /// The answers of its messages.
    pub responses: Vec<Any>,
}

/// Runs a transaction for a purpose. What it writes to the state stays with `kv`: the fee and the sequence also where
/// its messages are refused. Fails only where the state cannot be used.
pub fn run(kv: &mut dyn Kv, place: &mut Place<'_>, bytes: &[u8], purpose: Purpose) -> Result<Outcome, Broken> {
    let tx = match Tx::decode(place.network, bytes) {
        Ok(tx) => tx,
        Err(refusal) => return Ok(Outcome::refused(refusal, 0, 0)),
    };
    run_decoded(kv, place, &tx, purpose)
}

/// The same, of a transaction that is taken apart already.
pub fn run_decoded(kv: &mut dyn Kv, place: &mut Place<'_>, tx: &Tx, purpose: Purpose) -> Result<Outcome, Broken> {
    let gas_wanted = match purpose {
        Purpose::Simulate => u64::MAX,
        Purpose::Check | Purpose::Recheck | Purpose::Deliver => tx.fee.gas_limit,
    };
    if let Err(refusal) = validate_basic(place.network, tx) {
        return Outcome::refused(refusal, gas_wanted, VALIDATION).settled();
    }
    if place.refuses_provider_messages
        && let Some((_, any)) = tx.messages.iter().find(|(kind, _)| UNSIGNED.contains(&kind.name))
    {
        let name = any.type_url.trim_start_matches('/');
        let log = format!(
            "no cosmos.msg.v1.signer option found for message {name}; use DefineCustomGetSigners to specify a custom getter"
        );
        return Ok(Outcome::refused(Refusal::undefined(log), gas_wanted, 0));
    }
    let gas = match purpose {
        Purpose::Simulate => Gas::unlimited(),
        Purpose::Check | Purpose::Recheck | Purpose::Deliver => Gas::limited(tx.fee.gas_limit),
    };
    let (checked, gas, mut events, changes) =
        within(&*kv, place, gas, purpose, |context, chain| ante::check(context, chain, tx, purpose));
    if let Err(refusal) = checked {
        return Outcome::refused(refusal, gas_wanted, gas.used()).settled();
    }
    changes.apply(kv)?;
    if matches!(purpose, Purpose::Check | Purpose::Recheck) {
        return Ok(Outcome { refusal: None, gas_wanted, gas_used: gas.used(), events, responses: Vec::new() });
    }
    if purpose == Purpose::Deliver
        && let Some(verdict) = place.verdict.take()
    {
        let refusal = Some(verdict.into());
        return Ok(Outcome { refusal, gas_wanted, gas_used: gas.used(), events, responses: Vec::new() });
    }
    let (done, gas, told, changes) = within(&*kv, place, gas, purpose, |context, _| run_messages(context, tx));
    let (refusal, responses) = match done {
        Ok(responses) => {
            changes.apply(kv)?;
            events.extend(told);
            (None, responses)
        }
        Err(refusal) => (Some(refusal), Vec::new()),
    };
    Outcome { refusal, gas_wanted, gas_used: gas.used(), events, responses }.settled()
}

/// Defect of the recorded VirtEngine node, whose generated code is older than its messages: nobody can sign these.
/// (A chain does it only where it is told to.)
const UNSIGNED: &[&str] = &["MsgCreateProvider", "MsgUpdateProvider"];

/// Gas that is used before the first check.
const VALIDATION: u64 = 1_174;

fn validate_basic(network: &Network, tx: &Tx) -> Result<(), Refusal> {
    if tx.messages.is_empty() {
        return Err(Refusal::sdk(18, "must contain at least one message: invalid request"));
    }
    for (kind, any) in &tx.messages {
        (kind.validate_basic)(network, &any.value)?;
    }
    Ok(())
}

/// Runs something on its own overlay, and gives what it did apart.
fn within<T>(
    kv: &dyn Kv,
    place: &mut Place<'_>,
    gas: Gas,
    purpose: Purpose,
    run: impl FnOnce(&mut Context<'_>, &mut ante::Chain<'_>) -> Result<T, Refusal>,
) -> (Result<T, Refusal>, Gas, Vec<Event>, Changes) {
    let mut overlay = Overlay::new(kv);
    let mut context = Context::new(&mut overlay, place.network, place.profile, place.height, place.time);
    context.gas = gas;
    context.simulating = purpose == Purpose::Simulate;
    let done = run(&mut context, &mut place.chain);
    let (gas, events) = (context.gas, std::mem::take(&mut context.events));
    (done, gas, events, overlay.into_changes())
}

/// All messages or none.
fn run_messages(context: &mut Context<'_>, tx: &Tx) -> Result<Vec<Any>, Refusal> {
    let mut responses = Vec::new();
    for (index, (kind, any)) in tx.messages.iter().enumerate() {
        let first = context.events.len();
        let signer = (kind.signer)(&any.value).unwrap_or_default();
        context.emit_plain(
            "message",
            &[("action", &any.type_url), ("sender", &signer), ("module", messages::module_of(&any.type_url))],
        );
        let done = run_message(context, kind, &any.value);
        responses.push(done.map_err(|refusal| in_message(refusal, index))?);
        for told in context.events.iter_mut().skip(first) {
            event::add(told, "msg_index", index.to_string());
        }
    }
    Ok(responses)
}

/// Gas of finding out that a message is refused.
const LOOK: u64 = 4_000;

/// A message costs little until it is done: what is refused on a real node has read, but not written.
fn run_message(context: &mut Context<'_>, kind: &Kind, message: &[u8]) -> Result<Any, Refusal> {
    let look = kind.gas.min(LOOK);
    context.gas.consume(look, "ReadFlat")?;
    let response = (kind.run)(context, message)?;
    context.gas.consume(kind.gas - look, "WriteFlat")?;
    Ok(response)
}

/// A message's refusal is told with its index; the end of gas and a panic end the whole transaction as they are.
fn in_message(refusal: Refusal, index: usize) -> Refusal {
    const OUT_OF_GAS: u32 = 11;
    const PANIC: u32 = 111_222;
    match (refusal.codespace.as_ref(), refusal.code) {
        ("sdk", OUT_OF_GAS) | ("undefined", PANIC) => refusal,
        _ => refusal.wrap(format!("failed to execute message; message index: {index}")),
    }
}

impl Outcome {
    fn refused(refusal: Refusal, gas_wanted: u64, gas_used: u64) -> Self {
        Self { refusal: Some(refusal), gas_wanted, gas_used, events: Vec::new(), responses: Vec::new() }
    }

    /// A state that cannot be used is no outcome.
    fn settled(mut self) -> Result<Self, Broken> {
        match self.refusal.as_mut().and_then(|refusal| refusal.broken.take()) {
            Some(broken) => Err(*broken),
            None => Ok(self),
        }
    }

    /// The answers of the messages as the `data` of a result.
    pub fn data(&self) -> Vec<u8> {
        TxMsgData { data: Vec::new(), msg_responses: self.responses.clone() }.encode_to_vec()
    }

    /// The result in a block, its events marked for the index.
    pub fn result(self) -> TxResult {
        let data = self.data();
        let mut events = self.events;
        for attribute in events.iter_mut().flat_map(|event| &mut event.attributes) {
            attribute.index = true;
        }
        let gas_wanted = i64::try_from(self.gas_wanted).unwrap_or(i64::MAX);
        let gas_used = i64::try_from(self.gas_used).unwrap_or(i64::MAX);
        let empty = TxResult { gas_wanted, gas_used, events, ..TxResult::default() };
        match self.refusal {
            None => TxResult { data, ..empty },
            Some(refusal) => {
                TxResult { code: refusal.code, codespace: refusal.codespace.into_owned(), log: refusal.log, ..empty }
            }
        }
    }
}
