//! The running node: one engine, many readers, the faults, and the news of each block.
//!
//! A [`Node`] is a handle that can be cloned; tests hold one in their own process. Everything here blocks, and the
//! services call it from threads that may.

mod moment;
mod query;

pub use moment::Moment;
pub use moment::tx_attributes;
pub use query::{Answer, Asked, all_paths, broadcast, has_method, has_service, simulate};

use super::app::block::Validator;
use super::app::engine::{Admission, Engine, Identity, OpenError, Produced, Treatment};
use super::app::execute::Outcome;
use super::app::file::Readers;
use super::app::genesis::Genesis;
use super::context::Context;
use super::fault::{Effects, Fault, Faults};
use super::kv::Broken;
use jiff::{SignedDuration, Timestamp};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast;

/// A handle of the running node.
#[derive(Clone)]
pub struct Node(Arc<Inner>);

struct Inner {
    /// None once the node has ended.
    engine: Mutex<Option<Engine>>,
    /// How many want the engine: who makes many blocks lets them go first.
    waiting: AtomicUsize,
    /// The node is being ended: who makes many blocks stops.
    ending: AtomicBool,
    readers: Readers,
    identity: Identity,
    validator: Validator,
    block_time: Duration,
    faults: Faults,
    halted: AtomicBool,
    news: broadcast::Sender<Arc<Produced>>,
    /// Told when all connections must end.
    hang_up: broadcast::Sender<Duration>,
}

/// How many blocks a subscriber may lag behind before it misses some.
const NEWS: usize = 1024;

impl Node {
    /// Opens the chain in this file (a new one begins with its first block). With a block time of zero each
    /// transaction gets a block of its own at once; otherwise somebody calls [`produce`](Self::produce).
    pub fn open(path: &Path, identity: Identity, genesis: &Genesis, block_time: Duration) -> Result<Self, OpenError> {
        let mut engine = Engine::open(path, identity, genesis, Timestamp::now())?;
        if engine.height() == 0 {
            let shown = path.display().to_string();
            engine.produce(Timestamp::now()).map_err(|source| OpenError::State { path: shown, source })?;
        }
        Ok(Self(Arc::new(Inner {
            identity: engine.identity().clone(),
            validator: engine.validator().clone(),
            engine: Mutex::new(Some(engine)),
            waiting: AtomicUsize::new(0),
            ending: AtomicBool::new(false),
            readers: Readers::new(path),
            block_time,
            faults: Faults::default(),
            halted: AtomicBool::new(false),
            news: broadcast::channel(NEWS).0,
            hang_up: broadcast::channel(1).0,
        })))
    }

    /// What the chain is.
    pub fn identity(&self) -> &Identity {
        &self.0.identity
    }

    /// The chain's one validator.
    pub fn validator(&self) -> &Validator {
        &self.0.validator
    }

    /// The time between blocks; zero: a block for each transaction.
    pub fn block_time(&self) -> Duration {
        self.0.block_time
    }

    /// The faults that are set.
    pub fn faults(&self) -> &Faults {
        &self.0.faults
    }

    /// The blocks to come.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Produced>> {
        self.0.news.subscribe()
    }

    /// Told when all connections must end, and for how long none may begin.
    pub fn hang_ups(&self) -> broadcast::Receiver<Duration> {
        self.0.hang_up.subscribe()
    }

    /// Works with the engine, alone.
    fn with<T>(&self, work: impl FnOnce(&mut Engine) -> Result<T, Broken>) -> Result<T, Broken> {
        self.0.waiting.fetch_add(1, Ordering::SeqCst);
        let mut engine = self.0.engine.lock().unwrap_or_else(PoisonError::into_inner);
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
        work(engine.as_mut().ok_or(Broken::Ended)?)
    }

    /// Whether the node is being ended.
    pub fn is_ending(&self) -> bool {
        self.0.ending.load(Ordering::SeqCst)
    }

    /// Ends the node: waits for what is being written, and closes the file to all writing.
    pub fn end(&self) {
        self.begin_to_end();
        drop(self.0.engine.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    /// Has who makes many blocks stop after the one it makes.
    pub fn begin_to_end(&self) {
        self.0.ending.store(true, Ordering::SeqCst);
    }

    fn tell(&self, produced: Produced) -> Arc<Produced> {
        let produced = Arc::new(produced);
        // Nobody may be listening.
        let _ = self.0.news.send(Arc::clone(&produced));
        produced
    }

    /// Takes a transaction in. Where each transaction gets a block, it is in one when this returns.
    pub fn admit(&self, bytes: &[u8], treatment: Treatment) -> Result<Admission, Broken> {
        self.with(|engine| {
            let swallowed = treatment.swallowed;
            let admission = engine.admit(bytes, treatment)?;
            let waits = matches!(&admission, Admission::Checked(outcome) if outcome.refusal.is_none());
            if waits && self.0.block_time.is_zero() && !self.is_halted() && !swallowed {
                let produced = engine.produce(Timestamp::now())?;
                self.tell(produced);
            }
            Ok(admission)
        })
    }

    /// Checks a transaction that is not to wait for a block.
    pub fn check(&self, bytes: &[u8]) -> Result<Outcome, Broken> {
        self.with(|engine| engine.check_only(bytes))
    }

    /// Runs a transaction without keeping anything of it.
    pub fn simulate(&self, bytes: &[u8]) -> Result<Outcome, Broken> {
        self.with(|engine| engine.simulate(bytes))
    }

    /// Makes the next block; none while the chain is halted.
    pub fn produce(&self) -> Result<Option<Arc<Produced>>, Broken> {
        if self.is_halted() {
            return Ok(None);
        }
        self.with(|engine| Ok(Some(self.tell(engine.produce(Timestamp::now())?))))
    }

    /// Changes the state as no transaction can, in a block of its own.
    pub fn change(&self, change: impl FnOnce(&mut Context<'_>) -> Result<(), Broken>) -> Result<i64, Broken> {
        self.with(|engine| Ok(self.tell(engine.produce_with(Timestamp::now(), change)?).block.header.height))
    }

    /// Makes so many blocks at once, each `step` after the one before, one by one: others come in between, and the
    /// end of the node ends it. Gives the new height.
    pub fn advance(&self, blocks: u32, step: SignedDuration) -> Result<i64, Broken> {
        let mut height = self.moment(0)?.height();
        for _ in 0..blocks {
            if self.is_ending() {
                return Err(Broken::Ended);
            }
            height = self.with(|engine| Ok(self.tell(engine.step(Timestamp::now(), step)?).block.header.height))?;
            self.let_others_in();
        }
        Ok(height)
    }

    /// Between two of many blocks: lets those who wait for the engine go first. The lock alone would go to whoever
    /// asks first: to this thread.
    pub fn let_others_in(&self) {
        while self.0.waiting.load(Ordering::SeqCst) > 0 {
            std::thread::sleep(Duration::from_micros(100));
        }
    }

    /// Makes the clock of blocks jump.
    pub fn jump(&self, by: SignedDuration) -> Result<(), Broken> {
        self.with(|engine| engine.jump(by))
    }

    /// Whether no blocks are made, on purpose.
    pub fn is_halted(&self) -> bool {
        self.0.halted.load(Ordering::SeqCst)
    }

    /// Stops making blocks, or goes on.
    pub fn halt(&self, halted: bool) {
        self.0.halted.store(halted, Ordering::SeqCst);
    }

    /// Does as if the node had been restarted: ends all connections, takes none for a while, and forgets what is in
    /// memory only (mempool, rate limits, what was seen).
    pub fn restart(&self, down: Duration) -> Result<(), Broken> {
        self.with(|engine| {
            engine.forget();
            Ok(())
        })?;
        // Nobody may be connected.
        let _ = self.0.hang_up.send(down);
        Ok(())
    }

    /// Lets happen to the node what goes wrong in a call: a halt, a jump of the clock, a restart.
    pub fn suffer(&self, effects: &Effects) -> Result<(), Broken> {
        for fault in effects.iter() {
            match fault {
                Fault::Halt => self.halt(true),
                Fault::Clock { by } => self.jump(SignedDuration::from_millis(*by))?,
                Fault::Restart { down } => self.restart(Duration::from_millis(*down))?,
                _ => {}
            }
        }
        Ok(())
    }

    /// What waits for a block: the transactions' bytes.
    pub fn waiting(&self) -> Result<Vec<Vec<u8>>, Broken> {
        self.with(|engine| Ok(engine.mempool().waiting().map(|waiting| waiting.bytes.clone()).collect()))
    }

    /// What is known now; `lag` blocks ago, where a fault asks for it.
    pub fn moment(&self, lag: i64) -> Result<Moment<'_>, Broken> {
        Moment::new(self, &self.0.readers, lag)
    }
}
