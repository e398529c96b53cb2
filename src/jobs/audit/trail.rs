//! Recording what happens.

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{Error, Settings, catch_up};
use crate::domain::audit::{Actor, Draft, Event, Outcome, Seal};
use crate::observe::audit::Files;
use crate::observe::redact;
use crate::store::audit as table;
use crate::store::{self, Change, Store};

/// So many events are sealed at the latest, in a run that goes on.
const SEAL_AFTER: u64 = 100;

/// The audit trail in the hands of one run.
pub struct Trail<'a> {
    store: &'a Store,
    settings: &'a Settings,
    actor: Actor,
    now: &'a (dyn Fn() -> Timestamp + Sync),
    /// Events since the last seal of this run.
    unsealed: AtomicU64,
}

/// What happened.
#[derive(Debug, Clone)]
pub struct Happening<'a> {
    /// What was done.
    pub event: Event,
    /// How it ended.
    pub outcome: Outcome,
    /// What it is about: an id with its kind, such as `order ve1…/7/1/1`.
    pub subject: &'a str,
    /// More about it. Secrets are taken out.
    pub details: Map<String, Value>,
}

impl<'a> Trail<'a> {
    /// The trail of a state file, for an actor.
    pub fn new(
        store: &'a Store,
        settings: &'a Settings,
        actor: Actor,
        now: &'a (dyn Fn() -> Timestamp + Sync),
    ) -> Self {
        Self { store, settings, actor, now, unsealed: AtomicU64::new(0) }
    }

    /// Appends what happened, if its event is selected, in the transaction of the rows it speaks of.
    pub fn append(&self, change: &Change<'_>, what: Happening<'_>) -> Result<(), store::Error> {
        if !self.settings.wants(what.event) {
            return Ok(());
        }
        let mut details = Value::Object(what.details);
        redact::json(&mut details);
        let details = match details {
            Value::Object(details) => details,
            _ => Map::new(),
        };
        let subject = redact::text(what.subject);
        let draft = Draft::new((self.now)(), what.event, what.outcome, self.actor.clone(), &subject, details);
        table::append(change, draft)?;
        self.unsealed.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Appends what happened in a transaction of its own: for a failure that left no other row.
    pub fn record(&self, what: Happening<'_>) -> Result<(), store::Error> {
        self.store.write("append to the audit trail", |change| self.append(change, what))
    }

    /// To be called between two items of a long run: catches up after a hundred events. What fails here is said in the
    /// log, and is tried again later.
    pub fn settle(&self) {
        if self.unsealed.load(Ordering::Relaxed) < SEAL_AFTER {
            return;
        }
        if let Err(error) = self.finish() {
            tracing::error!(error = &error as &(dyn std::error::Error + 'static), "the audit trail is not sealed");
        }
    }

    /// To be called at the end of a run: writes what the audit file lacks and seals the trail. Gives the seal back, if
    /// there was anything to seal, in this run or left over by another.
    pub fn finish(&self) -> Result<Option<Seal>, Error> {
        // What fails is not tried again with each item: the next hundred events, or the next run.
        self.unsealed.store(0, Ordering::Relaxed);
        if !self.settings.enabled || self.store.is_in_memory() {
            return Ok(None);
        }
        catch_up::catch_up(self.store, &self.files(), self.settings.output.as_deref(), (self.now)())
    }

    pub(super) const fn is_kept(&self) -> bool {
        self.settings.enabled
    }

    pub(super) fn files(&self) -> Files {
        Files::beside(self.store.path())
    }

    pub(super) const fn store(&self) -> &'a Store {
        self.store
    }

    pub(super) fn now(&self) -> Timestamp {
        (self.now)()
    }

    pub(super) fn output(&self) -> Option<&std::path::Path> {
        self.settings.output.as_deref()
    }
}
