//! `tx flush --dry-run`: what a flush would do now, without signing, sending or writing anything.

use jiff::{SignedDuration, Timestamp};
use prost_types::Any;

use super::session::{address, point};
use super::{Error, Request};
use crate::chain::client::{Account, CallError, Reading};
use crate::chain::tx::Draft;
use crate::domain::amount::Coin;
use crate::domain::fault::in_one_line;
use crate::domain::outbox::intent::State;
use crate::domain::outbox::{
    Candidate, Lookup, Spending, Step, Truth, Why, fee, first_batch, gas_limit, next_sequence, settles_escrow,
};
use crate::domain::tx_hash::TxHash;
use crate::store::outbox::intents::Intent;
use crate::store::outbox::{IntentId, TxId, intents, spending, transactions};
use crate::store::{self, Store};

/// What a flush would do now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The height of the reading.
    pub height: u64,
    /// What would be done about each transaction that is out.
    pub steps: Vec<PlannedStep>,
    /// The transactions that would be signed, one after the other.
    pub batches: Vec<PlannedBatch>,
    /// Messages that wait for a person.
    pub held: u64,
}

/// The next step of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedStep {
    /// The transaction.
    pub tx: TxId,
    /// Its sequence.
    pub sequence: u64,
    /// What would be done.
    pub step: &'static str,
}

/// A transaction that would be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedBatch {
    /// Its messages.
    pub intents: Vec<IntentId>,
    /// Its gas limit and its fee, as far as a simulation can tell now.
    pub cost: Option<(u64, Coin)>,
    /// Why a node refuses it, if it does.
    pub refusal: Option<String>,
}

/// Finds out what a flush would do now.
pub async fn rehearse(store: &Store, request: &Request<'_>, now: Timestamp) -> Result<Planned, Error> {
    let Request { client, signer, policy, .. } = *request;
    let public_key = point(signer)?;
    let address = address(signer, &public_key, client.network().address_prefix)?;
    let chain_id = &client.settings().chain_id;
    let hour_ago = now.checked_sub(SignedDuration::from_hours(1)).unwrap_or(now);
    let (live, queue, held, mut hour) = store.read("read the outbox", |snapshot| {
        let place = (chain_id.as_str(), address.as_str());
        Ok::<_, store::Error>((
            transactions::live(snapshot, place)?,
            intents::waiting(snapshot, place, State::Queued, u32::from(u16::MAX))?,
            intents::count(snapshot, place, State::NeedsConfirmation)?,
            spending::since(snapshot, hour_ago)?,
        ))
    })?;
    let failed = |source| Error::Chain { address: address.clone(), source };
    let height = client.head().await.and_then(Reading::believed).map_err(failed)?.value().height;
    let account = client.account_at(&address, height).await.and_then(Reading::believed).map_err(failed)?;
    let account = account.into_value().unwrap_or(Account { number: 0, sequence: 0 });

    let mut steps = Vec::new();
    for tx in &live {
        let lookup = match client.transaction(&TxHash(tx.hash)).await {
            Ok(found) if found.value.is_some() => Lookup::Found,
            Ok(_) => Lookup::Absent,
            Err(_) => Lookup::Unknown,
        };
        let step = tx.pending().next_step(&Truth { height: height.0, sequence: account.sequence, lookup });
        steps.push(PlannedStep { tx: tx.id, sequence: tx.sequence, step: words(step) });
    }

    let sequence = next_sequence(account.sequence, live.iter().map(|tx| tx.sequence));
    let (mut batches, mut run) = (Vec::new(), Spending::default());
    let mut rest = queue.as_slice();
    while !rest.is_empty() {
        let candidates: Vec<Candidate> = rest.iter().map(super::prepare::candidate).collect();
        let (batch, later) = rest.split_at(first_batch(&candidates, policy.limits).clamp(1, rest.len()));
        rest = later;
        let messages: Vec<Any> = batch.iter().map(super::prepare::any).collect();
        let draft = Draft {
            network: client.network(),
            chain_id,
            account_number: account.number,
            sequence,
            public_key,
            messages: &messages,
            memo: "",
            timeout_height: super::prepare::FAR,
            fee: None,
            gas_limit: 0,
        };
        let intents = batch.iter().map(|intent| intent.id).collect();
        let planned = match client.simulate(draft.simulation()).await {
            Ok(gas) => match cost(batch, gas.value.used, request) {
                Ok((gas, fee)) => {
                    let next = super::prepare::spending_of(batch, &fee);
                    let capped = policy.caps.check(&run, &hour, &next).err();
                    let (cost, refusal) = (Some((gas, fee)), capped.map(|reached| format!("not now: {reached}")));
                    if refusal.is_none() {
                        for (kind, coin) in next.coins() {
                            run.add(kind, &coin);
                            hour.add(kind, &coin);
                        }
                    }
                    PlannedBatch { intents, cost, refusal }
                }
                Err(error) => PlannedBatch { intents, cost: None, refusal: Some(in_one_line(&error)) },
            },
            Err(CallError::Refused { refusal, .. }) => {
                PlannedBatch { intents, cost: None, refusal: Some(refusal.to_string()) }
            }
            Err(source) => return Err(Error::Chain { address, source }),
        };
        batches.push(planned);
    }
    Ok(Planned { height: height.0, steps, batches, held })
}

fn cost(batch: &[Intent], used: u64, request: &Request<'_>) -> Result<(u64, Coin), Error> {
    let settles = batch.iter().any(|intent| settles_escrow(&intent.type_url));
    let starved = batch.iter().map(|intent| intent.starved).max().unwrap_or(0);
    cost_of((settles, starved), used, request)
}

/// Gas limit and fee of what settles escrow or not, and was starved so often.
pub(super) fn cost_of((settles, starved): (bool, u32), used: u64, request: &Request<'_>) -> Result<(u64, Coin), Error> {
    let amount = |what| move |source| Error::Amount { what, source };
    let (limits, factors) = (request.policy.limits, request.policy.factors);
    let limit = gas_limit(used, settles, starved, limits.gas, factors).map_err(amount("the gas of a transaction"))?;
    let fee = fee(limit, &request.policy.gas_price).map_err(amount("the fee of a transaction"))?;
    Ok((limit, fee))
}

const fn words(step: Step) -> &'static str {
    match step {
        Step::Settle => "is in a block: write down what became of it",
        Step::Void(_) => "can be in no block any more: sign its messages anew",
        Step::ReadBlocks { .. } => "another transaction has its sequence: read the blocks",
        Step::HandOut => "hand the same bytes to a node",
        Step::Wait(Why::NextBlock) => "wait for the next block",
        Step::Wait(Why::Behind) => "wait: the chain is lower than it was",
    }
}
