//! What is read of the chain before anything is decided.

use std::time::Duration;

use super::Error;
use super::session::Session;
use crate::chain::client::{Account, CallError, Executed, Included};
use crate::domain::amount::Coin;
use crate::domain::fault::in_one_line;
use crate::domain::height::Height;
use crate::domain::tx_hash::TxHash;
use crate::store::outbox::Transaction;

/// Where the account stands at one height.
#[derive(Debug, Clone, Copy)]
pub(super) struct ChainNow {
    /// The height of the reading, which a believed node has reached.
    pub(super) height: u64,
    /// The account in the state after exactly that block.
    pub(super) account: Account,
    /// The account exists: somebody has sent it something.
    pub(super) exists: bool,
}

/// What a look-up by hash gave.
pub(super) enum Found {
    /// It is in a block, executed or paid for.
    Here(Box<Included>),
    /// A believed node does not have it, or only an attempt without effect.
    Absent,
    /// Nobody knows.
    Unknown,
}

/// How often the state after the newest block is asked for: a node tells of a block a moment before it can be asked
/// for its state.
const PATIENCE: u32 = 20;

impl Session<'_> {
    /// A believed height, and the account in the state after that block.
    pub(super) async fn read_chain(&self) -> Result<ChainNow, Error> {
        let failed = |source| Error::Chain { address: self.address.clone(), source };
        let mut tries = 0;
        loop {
            tries += 1;
            let read = self.read_once().await;
            match read {
                Ok(now) => {
                    self.check_height(&now)?;
                    return Ok(now);
                }
                Err(error) if tries >= PATIENCE || self.stops() || self.is_stuck() => return Err(failed(error)),
                Err(CallError::Unanswered { .. }) => self.pause(Duration::from_millis(25 * u64::from(tries))).await,
                Err(error) => return Err(failed(error)),
            }
        }
    }

    async fn read_once(&self) -> Result<ChainNow, CallError> {
        let height = self.client.head().await?.believed()?.value().height;
        let account = self.client.account_at(&self.address, height).await?.believed()?.into_value();
        // An account that nobody ever sent anything to has no number; its first transaction is its first.
        let exists = account.is_some();
        let account = account.unwrap_or(Account { number: 0, sequence: 0 });
        Ok(ChainNow { height: height.0, account, exists })
    }

    /// Looks a transaction up by its hash.
    pub(super) async fn look_up(&mut self, tx: &Transaction) -> Found {
        match self.client.transaction(&TxHash(tx.hash)).await {
            Ok(reading) => match &reading.value {
                Some(included) if self.had_effect(tx, &included.executed) => match reading.value {
                    Some(included) => Found::Here(Box::new(included)),
                    None => Found::Absent,
                },
                // Somebody's index has an attempt without effect: it says nothing of another one.
                Some(_) | None => match reading.believed() {
                    Ok(_) => Found::Absent,
                    Err(doubt) => {
                        self.report.trouble(in_one_line(&doubt));
                        Found::Unknown
                    }
                },
            },
            Err(error) => {
                self.report.trouble(in_one_line(&error));
                Found::Unknown
            }
        }
    }

    /// Whether a transaction in a block was executed or at least paid for. One that the checks before its messages
    /// refused stands in the block, and nothing has come of it: no fee, no sequence, no event.
    pub(super) fn had_effect(&self, tx: &Transaction, executed: &Executed) -> bool {
        let counted = format!("{}/{}", self.address, tx.sequence);
        executed.refusal.is_none() || attribute(executed, "acc_seq").is_some_and(|value| value == counted)
    }

    /// What the account has, by denomination; asked once for each reading of the chain.
    pub(super) async fn balances(&mut self, now: &ChainNow) -> Result<Vec<Coin>, CallError> {
        if let Some((height, balances)) = &self.balances
            && *height == now.height
        {
            return Ok(balances.clone());
        }
        let balances = self.client.balances(&self.address).await?.value;
        self.balances = Some((now.height, balances.clone()));
        Ok(balances)
    }

    /// A block's transactions. None: there is no such block yet. The flag says whether the answer is believed.
    pub(super) async fn block(&self, height: u64) -> Result<Option<(crate::chain::client::Block, bool)>, CallError> {
        let reading = self.client.block(Height(height)).await?;
        let believed = reading.source.doubt.is_none();
        Ok(reading.value.map(|block| (block, believed)))
    }
}

/// An attribute of the event `tx`, which tells of fee and sequence once the checks have passed.
pub(super) fn attribute<'e>(executed: &'e Executed, key: &str) -> Option<&'e str> {
    let of_tx = executed.events.iter().filter(|event| event.kind == "tx");
    of_tx.flat_map(|event| &event.attributes).find(|told| told.key == key).map(|told| told.value.as_str())
}
