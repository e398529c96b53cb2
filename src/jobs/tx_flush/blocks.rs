//! Reading blocks: each once, for all transactions together.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::chain::Found;
use super::session::Session;
use super::{Error, FailPoint};
use crate::chain::client::Block;
use crate::domain::fault::in_one_line;
use crate::domain::height::Height;
use crate::store;
use crate::store::outbox::{Transaction, transactions};

/// How long blocks that cannot be read are waited for before the account is looked at again.
const UNREAD: Duration = Duration::from_secs(2);

/// What came of reading a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Read {
    /// It was read; what it holds of ours is settled.
    Done {
        /// When the block was made.
        time: Timestamp,
    },
    /// It is not made yet.
    NotYet,
    /// Nobody answered.
    Unknown,
    /// Every node had it, and has it no more.
    Gone,
}

impl Session<'_> {
    /// Reads a block for all transactions that are out.
    pub(super) async fn read_block(&mut self, height: u64) -> Result<Read, Error> {
        let (block, believed) = match self.block(height).await {
            Ok(Some(found)) => found,
            Ok(None) => return Ok(Read::NotYet),
            Err(error) => {
                let gone = error.is_pruned();
                self.report.trouble(in_one_line(&error));
                return Ok(if gone { Read::Gone } else { Read::Unknown });
            }
        };
        let live = self.live()?;
        let ours = |tx: &&Transaction| block.transactions.iter().any(|hash| hash.0 == tx.hash);
        let here: Vec<&Transaction> = live.iter().filter(ours).collect();
        if !here.is_empty() && !self.settle_those_of(&block, &here).await? {
            return Ok(Read::Unknown);
        }
        if believed {
            self.note_read(&live, height)?;
        }
        Ok(Read::Done { time: block.time })
    }

    /// Settles the transactions that a block holds. False where what came of them could not be read.
    async fn settle_those_of(&mut self, block: &Block, here: &[&Transaction]) -> Result<bool, Error> {
        let results = match self.client.block_results(block.height).await {
            Ok(reading) => reading.value.filter(|results| results.len() == block.transactions.len()),
            Err(error) => {
                self.report.trouble(in_one_line(&error));
                None
            }
        };
        let Some(results) = results else { return Ok(false) };
        for tx in here {
            let of_tx = block.transactions.iter().zip(&results).filter(|(hash, _)| hash.0 == tx.hash);
            // The same bytes can stand in a block twice; only one of them can have had an effect.
            let effect = of_tx.map(|(_, executed)| executed).find(|executed| self.had_effect(tx, executed));
            if let Some(executed) = effect {
                self.settle_in_block(tx, block.height.0, executed)?;
            }
        }
        Ok(true)
    }

    /// Writes down that a block was read, for each transaction whose search had come to it.
    fn note_read(&mut self, live: &[Transaction], height: u64) -> Result<(), Error> {
        let due: Vec<_> = live
            .iter()
            .filter(|tx| tx.read_to.max(tx.signed_height).saturating_add(1) == height && height <= tx.timeout_height)
            .collect();
        if due.is_empty() {
            return Ok(());
        }
        FailPoint::BlockRead.reach();
        self.store.write("write down which block was read", |change| {
            due.iter().try_for_each(|tx| transactions::note_read(change, tx.id, height))?;
            Ok::<_, store::Error>(())
        })?;
        FailPoint::ReadNoted.reach();
        Ok(())
    }

    /// Watches the blocks after a height, until there is something to do but waiting. False where nothing moves.
    pub(super) async fn watch(&mut self, height: u64) -> Result<bool, Error> {
        let (mut next, mut before): (u64, Option<Timestamp>) = (height.saturating_add(1), None);
        let mut naps = Naps::new(self.interval);
        let out = self.live()?.len();
        let hint = self.client.block_hint();
        let begun = Instant::now();
        // The next blocks change nothing about a fee that is too small.
        let hopeless = |tx: &Transaction| self.underpriced.contains(&tx.id);
        if self.blocked && out > 0 && self.live()?.iter().all(hopeless) {
            return Ok(false);
        }
        // Nor do they bring back what is not given to a node any more: the next run finds its end.
        if out > 0 && self.live()?.iter().all(|tx| self.held_back.contains(&tx.id)) {
            return Ok(false);
        }
        loop {
            if self.stops() || self.is_stuck() {
                return Ok(false);
            }
            match self.read_block(next).await? {
                Read::Done { time } => {
                    let apart = before.and_then(|before| Duration::try_from(time.duration_since(before)).ok());
                    self.interval = apart.or(self.interval);
                    (before, next) = (Some(time), next.saturating_add(1));
                    naps = Naps::new(self.interval);
                    let live = self.live()?;
                    let due = |tx: &Transaction| {
                        let handed = tx.handed_height.unwrap_or(0);
                        next > handed.saturating_add(crate::domain::outbox::step::PATIENCE)
                    };
                    let room = live.len() < self.policy.per_block && !self.queue(1)?.is_empty();
                    if live.len() < out || live.is_empty() || room || live.iter().any(due) {
                        return Ok(true);
                    }
                }
                Read::NotYet => tokio::select! {
                    () = self.pause(naps.next()) => {}
                    () = hint.heard() => {}
                },
                // No block tells what it holds: then the index by hash may, and the height comes from elsewhere.
                Read::Unknown => {
                    self.pause(naps.next()).await;
                    if self.settle_by_hash().await? || begun.elapsed() >= UNREAD {
                        return Ok(true);
                    }
                }
                // A chain that is that far ahead needs another reading, but not many in a second.
                Read::Gone => {
                    self.pause(Naps::LONGEST).await;
                    return Ok(true);
                }
            }
        }
    }

    /// Looks for each transaction that is out by its hash. Whether one was found.
    async fn settle_by_hash(&mut self) -> Result<bool, Error> {
        let mut found = false;
        for tx in self.live()? {
            if let Found::Here(included) = self.look_up(&tx).await {
                self.settle_in_block(&tx, included.height.0, &included.executed)?;
                found = true;
            }
        }
        Ok(found)
    }

    /// Reads the blocks that none of the transactions was looked for in, if they are few; after a long pause it costs
    /// less to ask for each hash.
    pub(super) async fn catch_up(&mut self, live: &[Transaction], height: u64) -> Result<(), Error> {
        const FEW: u64 = 16;
        let read = live.iter().map(|tx| tx.read_to.max(tx.signed_height)).min();
        let last = live.iter().map(|tx| tx.timeout_height).max().map_or(height, |end| end.min(height));
        let Some(first) = read.map(|read| read.saturating_add(1)) else { return Ok(()) };
        if first > last || Height(last).blocks_since(Height(first)) >= FEW {
            return Ok(());
        }
        for height in first..=last {
            if !matches!(self.read_block(height).await?, Read::Done { .. }) || self.live()?.is_empty() {
                break;
            }
        }
        Ok(())
    }
}

/// How long to wait for a block: most of the time that blocks have been apart, then shorter and shorter pieces; without
/// that knowledge, longer and longer ones.
struct Naps {
    interval: Option<Duration>,
    taken: u32,
}

impl Naps {
    const SHORTEST: Duration = Duration::from_millis(5);
    const LONGEST: Duration = Duration::from_secs(1);

    const fn new(interval: Option<Duration>) -> Self {
        Self { interval, taken: 0 }
    }

    fn next(&mut self) -> Duration {
        self.taken = self.taken.saturating_add(1);
        let nap = match (self.interval, self.taken) {
            (Some(interval), 1) => (interval * 9 / 10).min(Duration::from_secs(10)),
            (Some(interval), _) => (interval / 10).clamp(Self::SHORTEST, Self::LONGEST),
            (None, taken) => Self::SHORTEST.saturating_mul(1 << taken.min(7)),
        };
        nap.max(Self::SHORTEST)
    }
}
