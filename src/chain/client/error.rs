//! Why a call did not give what was asked for.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::belief::Doubt;
use crate::domain::fault::{Classified, Fault};
use crate::domain::refusal::{Log, Refusal};

/// Why a call failed. But for [`CallError::Refused`] and [`CallError::Absent`] nothing is known of what was asked
/// for: no answer is never "no".
#[derive(Debug, Clone, thiserror::Error)]
pub enum CallError {
    /// No endpoint gave an answer that can be used.
    #[error("nobody answered what is asked of the chain, {operation}: {}", in_words(attempts))]
    Unanswered {
        /// What was asked for.
        operation: Cow<'static, str>,
        /// Each endpoint that was tried, and what came of it.
        attempts: Vec<Attempt>,
    },
    /// A node answered that it will not do that.
    #[error("{endpoint} refuses {operation}")]
    Refused {
        /// What was asked for.
        operation: Cow<'static, str>,
        /// Who refused.
        endpoint: Arc<str>,
        /// Why.
        #[source]
        refusal: Box<Refusal>,
    },
    /// A node answered that there is no such thing.
    #[error("{endpoint} knows no {operation}")]
    Absent {
        /// What was asked for.
        operation: Cow<'static, str>,
        /// Who answered.
        endpoint: Arc<str>,
        /// In its words.
        #[source]
        refusal: Box<Refusal>,
    },
    /// The network has no such method.
    #[error("{network} has no {operation}")]
    NotOnNetwork {
        /// What was asked for.
        operation: Cow<'static, str>,
        /// The network.
        network: &'static str,
    },
    /// There is an answer, but not from a node whose word is enough for what is to be decided.
    #[error("what {endpoint} says of {operation} is not believed: it {doubt}")]
    Unbelieved {
        /// What was asked for.
        operation: Cow<'static, str>,
        /// Who answered.
        endpoint: Arc<str>,
        /// Why its word is not enough.
        doubt: Doubt,
    },
}

impl Classified for CallError {
    fn fault(&self) -> Fault {
        match self {
            Self::Unanswered { .. } | Self::Unbelieved { .. } => Fault::Unavailable,
            Self::Refused { refusal, .. } => refusal.fault(),
            Self::Absent { .. } => Fault::NotFound,
            Self::NotOnNetwork { .. } => Fault::Invalid,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Unanswered { .. } => {
                Some("`provider chain ping` asks every endpoint; chain.grpc_url and chain.node_url list them".into())
            }
            Self::Refused { refusal, .. } => refusal.hint(),
            Self::Absent { .. } | Self::NotOnNetwork { .. } => None,
            Self::Unbelieved { .. } => {
                Some("add an endpoint that is in step with the chain, or wait for this one".into())
            }
        }
    }
}

impl CallError {
    /// Whether every endpoint of our chain said that it had what was asked for, and has it no more. One that gave no answer
    /// may have it still.
    pub fn is_pruned(&self) -> bool {
        let Self::Unanswered { attempts, .. } = self else { return false };
        let mut asked =
            attempts.iter().filter(|attempt| !matches!(attempt.problem, Problem::OtherChain { .. })).peekable();
        asked.peek().is_some() && asked.all(|attempt| matches!(attempt.problem, Problem::Pruned { .. }))
    }

    /// What one endpoint alone made impossible.
    pub(super) fn unanswered(of: impl Into<Cow<'static, str>>, endpoint: Arc<str>, problem: Problem) -> Self {
        Self::Unanswered { operation: of.into(), attempts: vec![Attempt { endpoint, problem, asked: true }] }
    }
}

/// One endpoint that was tried without success.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// Its address.
    pub endpoint: Arc<str>,
    /// What came of it.
    pub problem: Problem,
    /// It was sent the question; else what is known of it forbade that.
    pub asked: bool,
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.endpoint, self.problem)
    }
}

fn in_words(attempts: &[Attempt]) -> String {
    if attempts.is_empty() {
        return "no endpoint is configured for it".to_owned();
    }
    attempts.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// What is wrong with an endpoint, or was in one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Its address is none.
    Address(Log),
    /// There is no connection, or it broke before the answer was whole.
    Connection(Log),
    /// There was no answer in time.
    Late(Duration),
    /// The answer is not what such a node answers.
    Garbage(Log),
    /// The answer is larger than an answer may be.
    TooLarge {
        /// The most bytes.
        most: usize,
    },
    /// It says itself that it cannot answer now.
    Busy(Log),
    /// It has no block of that height any more, and says which is its lowest.
    Pruned {
        /// The lowest that it has.
        lowest: u64,
    },
    /// It is a web server, but no node: an HTTP status.
    Http(u16),
    /// It is of another chain.
    OtherChain {
        /// Which.
        found: Log,
    },
    /// It does not take a transaction that another endpoint may take.
    Refuses(Box<Refusal>),
    /// It tells of more gas than a transaction may have.
    TooMuchGas {
        /// How much.
        used: u64,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(why) => write!(f, "is no address: {}", why.in_brief()),
            Self::Connection(why) => write!(f, "cannot be reached: {}", why.in_brief()),
            Self::Late(after) => write!(f, "gave no answer within {} s", after.as_secs_f32()),
            Self::Garbage(why) => write!(f, "answers what no node of such a chain answers: {}", why.in_brief()),
            Self::TooLarge { most } => write!(f, "answers more than {} MiB", most >> 20),
            Self::Busy(why) => write!(f, "cannot answer now: {}", why.in_brief()),
            Self::Pruned { lowest } => write!(f, "does not have it any more: its lowest block is {lowest}"),
            Self::Http(status) => write!(f, "is a web server, but no node (HTTP {status})"),
            Self::OtherChain { found } => write!(f, "serves the chain `{}`", found.in_brief()),
            Self::Refuses(refusal) => write!(f, "does not let it in: {refusal}"),
            Self::TooMuchGas { used } => write!(f, "tells of {used} gas, which is more than a transaction may have"),
        }
    }
}

impl Problem {
    /// Whether the same call may work in a moment.
    pub(super) const fn is_for_the_moment(&self) -> bool {
        match self {
            Self::Connection(_) | Self::Late(_) | Self::Busy(_) | Self::Http(_) => true,
            Self::Address(_)
            | Self::Garbage(_)
            | Self::TooLarge { .. }
            | Self::Pruned { .. }
            | Self::OtherChain { .. }
            | Self::Refuses(_)
            | Self::TooMuchGas { .. } => false,
        }
    }

    /// What an error and its causes say, in one line.
    pub(super) fn words(error: &dyn std::error::Error) -> Log {
        Log::of(crate::domain::fault::in_one_line(error).as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pruned_is_what_every_endpoint_of_our_chain_says() {
        let words = || Log::of(b"x");
        let (pruned, other) = (Problem::Pruned { lowest: 9 }, Problem::OtherChain { found: words() });
        let cases = [
            (vec![], false),
            (vec![pruned.clone()], true),
            (vec![pruned.clone(), pruned.clone()], true),
            (vec![pruned.clone(), other.clone()], true),
            (vec![other], false),
            (vec![pruned, Problem::Busy(words())], false),
        ];
        for (problems, gone) in cases {
            let attempts =
                problems.iter().map(|problem| Attempt { endpoint: "a".into(), problem: problem.clone(), asked: true });
            let error = CallError::Unanswered { operation: "block 7".into(), attempts: attempts.collect() };
            assert_eq!(error.is_pruned(), gone, "{problems:?}");
        }
    }
}
