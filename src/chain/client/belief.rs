//! Whose word is enough.
//!
//! Any node of our chain may answer a question. But when something is to be stopped, closed or signed anew because of
//! an answer, the node must also be in step with the chain: not catching up, and not more than so many blocks behind
//! the best height that any endpoint of this chain has told. That is what a [`Believed`] value proves: it is made of
//! a [`Reading`] here and nowhere else.
//!
//! An endpoint that lies about its height makes the honest ones look late; then nothing is believed, and nothing is
//! destroyed.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use super::error::{CallError, Problem};
use crate::domain::height::Height;

/// Why a node's word is not enough for a decision that cannot be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// It says itself that it has not caught up with the chain.
    CatchingUp,
    /// It is behind another endpoint.
    Lagging {
        /// So many blocks.
        behind: u64,
        /// The most that are allowed.
        most: u64,
    },
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CatchingUp => f.write_str("is catching up with the chain"),
            Self::Lagging { behind, most } => {
                write!(f, "is {behind} blocks behind another endpoint ({most} are allowed)")
            }
        }
    }
}

/// Who answered, and of when the answer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The endpoint.
    pub endpoint: Arc<str>,
    /// The state that was asked is of this height, or of a later one.
    pub height: Height,
    /// Why its word is not enough for a decision that cannot be taken back; `None`: it is.
    pub doubt: Option<Doubt>,
}

/// An answer, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading<T> {
    /// What was answered. Enough to show, and for whatever can be corrected later.
    pub value: T,
    /// Whose answer it is.
    pub source: Source,
    operation: Cow<'static, str>,
    /// The height that the answer itself told.
    told: Option<Height>,
}

/// An answer of a node in step with the chain: what a decision needs that cannot be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Believed<T> {
    value: T,
    source: Source,
}

impl<T> Reading<T> {
    pub(super) const fn new(value: T, source: Source, operation: Cow<'static, str>) -> Self {
        Self { value, source, operation, told: None }
    }

    pub(super) fn told(self, told: Option<Height>) -> Self {
        Self { told, ..self }
    }

    /// The height of the state that was asked, where the answer itself told it.
    pub(super) const fn told_height(&self) -> Option<Height> {
        self.told
    }

    /// The state that was asked is of this height, or of a later one.
    pub const fn height(&self) -> Height {
        self.source.height
    }

    /// The answer as one on which a decision may rest that cannot be taken back.
    pub fn believed(self) -> Result<Believed<T>, CallError> {
        match self.source.doubt {
            None => Ok(Believed { value: self.value, source: self.source }),
            Some(doubt) => {
                Err(CallError::Unbelieved { operation: self.operation, endpoint: self.source.endpoint, doubt })
            }
        }
    }

    /// The answer, worth no more than another that it rests on: doubted if that is, and as old as the older.
    pub(super) fn no_more_than<U>(mut self, other: &Reading<U>) -> Self {
        if self.source.doubt.is_none() && other.source.doubt.is_some() {
            self.source = other.source.clone();
        }
        self.source.height = self.source.height.min(other.source.height);
        self
    }

    /// The same source's word on something that follows from the answer.
    pub fn map<U>(self, of: impl FnOnce(T) -> U) -> Reading<U> {
        Reading { value: of(self.value), source: self.source, operation: self.operation, told: self.told }
    }
}

impl<T> Believed<T> {
    /// What was answered.
    pub const fn value(&self) -> &T {
        &self.value
    }

    /// What was answered, for itself.
    pub fn into_value(self) -> T {
        self.value
    }

    /// Whose answer it is.
    pub const fn source(&self) -> &Source {
        &self.source
    }

    /// The state that was asked is of this height, or of a later one.
    pub const fn height(&self) -> Height {
        self.source.height
    }
}

/// What an endpoint says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeStatus {
    /// The id of its chain.
    pub chain_id: String,
    /// The height of its newest block.
    pub height: Height,
    /// The time of that block.
    pub time: Timestamp,
    /// It has not caught up with the chain yet.
    pub catching_up: bool,
}

/// How an endpoint stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It is of our chain.
    Ours(NodeStatus),
    /// It is not to be asked.
    Unusable(Problem),
}

impl Standing {
    /// Why the word of an endpoint is not enough that stands so, when another has told the height `best`; `None` for
    /// one that is believed and for one that is not asked at all.
    pub(super) fn doubt(&self, best: Height, most: u64) -> Option<Doubt> {
        match self {
            Self::Ours(status) if status.catching_up => Some(Doubt::CatchingUp),
            Self::Ours(status) => lag(status.height, best, most),
            Self::Unusable(_) => None,
        }
    }
}

/// Whether a height is too far behind the best.
pub(super) fn lag(height: Height, best: Height, most: u64) -> Option<Doubt> {
    let behind = best.blocks_since(height);
    (behind > most).then_some(Doubt::Lagging { behind, most })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fault::{Classified, Fault};

    fn ours(height: u64, catching_up: bool) -> Standing {
        let chain_id = "virtengine-1".to_owned();
        Standing::Ours(NodeStatus { chain_id, height: Height(height), time: Timestamp::UNIX_EPOCH, catching_up })
    }

    #[test]
    fn a_node_is_doubted_that_catches_up_or_lags_too_far() {
        let best = Height(100);
        assert_eq!(ours(100, false).doubt(best, 5), None);
        assert_eq!(ours(95, false).doubt(best, 5), None);
        assert_eq!(ours(94, false).doubt(best, 5), Some(Doubt::Lagging { behind: 6, most: 5 }));
        assert_eq!(ours(99, false).doubt(best, 0), Some(Doubt::Lagging { behind: 1, most: 0 }));
        assert_eq!(ours(100, true).doubt(best, 5), Some(Doubt::CatchingUp));
        assert_eq!(ours(101, false).doubt(best, 0), None);
    }

    #[test]
    fn a_doubted_reading_proves_nothing() {
        let source = |doubt| Source { endpoint: "http://a".into(), height: Height(7), doubt };
        let believed = Reading::new("closed", source(None), "lease 7".into()).believed().unwrap();
        assert_eq!((*believed.value(), believed.height()), ("closed", Height(7)));
        let doubted = Reading::new("closed", source(Some(Doubt::CatchingUp)), "lease 7".into());
        let error = doubted.believed().unwrap_err();
        assert_eq!(error.fault(), Fault::Unavailable);
        assert_eq!(
            error.to_string(),
            "what http://a says of lease 7 is not believed: it is catching up with the chain"
        );
    }
}
