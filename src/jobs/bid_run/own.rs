//! Our bids, and what the one on an order means for another.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;

use crate::domain::bid::{Limits, Reason, State};
use crate::domain::id::OrderId;
use crate::store::Snapshot;
use crate::store::bids::{self, BidNumber, rows};

/// After so long an order whose bid the chain refused again and again is tried once more.
const GIVEN_UP_FOR: Duration = Duration::from_hours(1);

/// A person dropped the proposal, or gave the message of a bid up.
pub(super) const BY_PERSON: &str = "by_person";

/// Our bids to which something may still happen. There are few of them, however many there ever were.
#[derive(Debug, Default)]
pub struct Own {
    by_order: HashMap<String, State>,
    /// Those that are open, as rows.
    pub(super) open: Vec<bids::Bid>,
    /// How many are open.
    pub(super) opened: u64,
    /// How many are leases.
    pub(super) leases: u64,
    /// How many are on their way.
    pub(super) queued: u64,
    /// Those that wait for a person, the newest first.
    pub(super) proposals: Vec<bids::Bid>,
    /// Until when nothing new is sent, and what the chain said of our account.
    pub(super) held: Option<(Timestamp, Option<String>)>,
}

impl Own {
    /// Our live bids.
    pub(super) fn of(rows: Vec<bids::Bid>) -> Self {
        let mut own = Self::default();
        for row in rows {
            own.note(&row.order, row.state);
            match row.state {
                State::Open => own.open.push(row),
                State::Proposed => own.proposals.push(row),
                State::Queued | State::Active | State::Lost | State::Closed | State::Refused | State::Dropped => {}
            }
        }
        own
    }

    /// What the chain shows, where no row is written for it: in a rehearsal.
    pub(super) fn show(&mut self, order: &str, state: State) {
        if let Some(before) = self.by_order.remove(order) {
            self.count(before, |count| count.saturating_sub(1));
        }
        self.open.retain(|row| row.order != order || state == State::Open);
        self.proposals.retain(|row| row.order != order);
        self.note(order, state);
    }

    fn note(&mut self, order: &str, state: State) {
        self.count(state, |count| count.saturating_add(1));
        self.by_order.insert(order.to_owned(), state);
    }

    fn count(&mut self, state: State, change: impl Fn(u64) -> u64) {
        match state {
            State::Active => self.leases = change(self.leases),
            State::Queued => self.queued = change(self.queued),
            State::Open => self.opened = change(self.opened),
            State::Proposed | State::Lost | State::Closed | State::Refused | State::Dropped => {}
        }
    }

    /// The state of our live bid on an order.
    pub(super) fn live(&self, order: &str) -> Option<State> {
        self.by_order.get(order).copied()
    }

    /// How many wait for a person.
    pub(super) fn proposed(&self) -> u64 {
        u64::try_from(self.proposals.len()).unwrap_or(u64::MAX)
    }
}

/// What our one bid on an order means for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// There is none to be had: it waits, is on its way, on chain, or was.
    Taken(State),
    /// It never came onto the chain, and may be tried (again) with this row.
    Again(BidNumber, State),
    /// The same, later.
    Later(Timestamp),
    /// The chain refused it again and again.
    GaveUp {
        /// How often that was the order's fault.
        attempts: u64,
        /// What it said.
        why: String,
    },
    /// A person took it back.
    Withdrawn,
}

impl Standing {
    /// Where a bid stands at a time.
    pub fn of(row: &bids::Bid, now: Timestamp) -> Self {
        let again = Self::Again(row.id, row.state);
        match row.state {
            State::Refused | State::Dropped if row.reason.as_deref() == Some(BY_PERSON) => Self::Withdrawn,
            State::Dropped => again,
            State::Refused => match row.retry_at {
                Some(at) if at <= now => again,
                Some(at) => Self::Later(at),
                None => {
                    let over = row.settled_at.and_then(|since| since.checked_add(GIVEN_UP_FOR).ok());
                    if over.is_none_or(|over| over <= now) {
                        again
                    } else {
                        let why = row.detail.clone().or_else(|| row.reason.clone()).unwrap_or_default();
                        Self::GaveUp { attempts: row.attempts, why }
                    }
                }
            },
            state => Self::Taken(state),
        }
    }

    /// Why the order gets no bid because of the one that it had.
    pub fn refusal(&self) -> Option<Reason> {
        Some(match self {
            Self::Taken(state) => Reason::AlreadyBid { state: state.word().into() },
            Self::Later(at) => Reason::RetryLater { at: *at },
            Self::GaveUp { attempts, why } => Reason::GaveUp { attempts: *attempts, why: why.as_str().into() },
            Self::Withdrawn => Reason::Withdrawn {},
            Self::Again(..) => return None,
        })
    }

    /// The row with which the order is tried again.
    pub(super) const fn again(&self) -> Option<(BidNumber, State)> {
        match self {
            Self::Again(id, state) => Some((*id, *state)),
            Self::Taken(_) | Self::Later(_) | Self::GaveUp { .. } | Self::Withdrawn => None,
        }
    }
}

/// Where our bid on an order stands, if it ever had one.
pub(super) fn standing(
    snapshot: &Snapshot<'_>,
    (chain, provider): (&str, &str),
    order: &str,
    now: Timestamp,
) -> Result<Option<Standing>, crate::store::Error> {
    let row = rows::by_order(snapshot, chain, order, provider)?;
    Ok(row.map(|row| Standing::of(&row, now)))
}

/// When a bid that the chain refused so often for what the order is may be tried again; none: not for long.
pub fn retry_wait(failures: u64, limits: &Limits) -> Option<Duration> {
    (failures <= limits.retries).then_some(limits.retry_delay)
}

/// The order of a row.
pub(super) fn order_of(row: &bids::Bid, prefix: &str) -> Option<OrderId> {
    OrderId::parse(&row.order, prefix).ok()
}
