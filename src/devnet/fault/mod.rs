//! Misbehaviour on purpose: what a provider must survive, made to happen.
//!
//! A [`Fault`] is set for calls of one method or of all, from the n-th call on and for so many calls. The services ask
//! [`Faults::of_call`] on each call and do what it says. What befalls the node itself (a halt, a restart, a jump of the
//! clock) happens in a call like the others, or at once, through [`Node`](super::node::Node).

use super::app::engine::{Treatment, Verdict};
use crate::domain::duration;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What goes wrong in a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fault")]
pub enum Fault {
    /// The answer comes that much later.
    Delay {
        /// In milliseconds.
        milliseconds: u64,
    },
    /// The connection ends without an answer.
    Drop,
    /// The connection ends in the middle of the answer.
    Half,
    /// The answer is as old as so many blocks.
    Stale {
        /// How many.
        blocks: u32,
    },
    /// The node says that it is catching up.
    CatchingUp,
    /// A transaction is accepted and never included.
    Swallow,
    /// A transaction is accepted and included so many blocks later.
    Late {
        /// How many.
        blocks: u32,
    },
    /// A gRPC status, the error of a JSON-RPC call, or a status of HTTP.
    Status {
        /// The gRPC status (1 to 16), the JSON-RPC error's code (below 0), or the status of HTTP (400 to 599).
        code: i32,
        /// Its text.
        message: String,
    },
    /// A transaction is refused with this code before it is looked at.
    Refuse {
        /// Whose code.
        codespace: String,
        /// The code.
        code: u32,
        /// The log.
        log: String,
    },
    /// A transaction is accepted, and included with this code: its fee and its sequence are used, nothing else happens.
    Fail {
        /// Whose code.
        codespace: String,
        /// The code.
        code: u32,
        /// The log.
        log: String,
    },
    /// No blocks are made any more, from before the call is answered.
    Halt,
    /// As if the node were restarted: the call gets no answer.
    Restart {
        /// How long it takes no connections, in milliseconds.
        down: u64,
    },
    /// The clock of blocks jumps before the call is answered.
    Clock {
        /// By how much, in milliseconds; back where negative.
        by: i64,
    },
}

/// The statuses of HTTP that are errors.
pub const HTTP: std::ops::RangeInclusive<i32> = 400..=599;

/// How transactions are sent: the methods that some faults are for.
const BROADCASTS: &[&str] = &["BroadcastTx", "broadcast_tx_async", "broadcast_tx_sync", "broadcast_tx_commit"];
/// How a node is asked whether it is catching up.
const SYNCING: &[&str] = &["GetSyncing", "status"];

/// The last part of a gRPC path; any other name is its own.
fn last_part(method: &str) -> &str {
    method.rsplit('/').next().unwrap_or(method)
}

impl Fault {
    /// The methods that it can happen to; none: all of them.
    pub fn only(&self) -> Option<&'static [&'static str]> {
        match self {
            Self::Swallow | Self::Late { .. } | Self::Refuse { .. } | Self::Fail { .. } => Some(BROADCASTS),
            Self::CatchingUp => Some(SYNCING),
            Self::Delay { .. }
            | Self::Drop
            | Self::Half
            | Self::Stale { .. }
            | Self::Status { .. }
            | Self::Halt
            | Self::Restart { .. }
            | Self::Clock { .. } => None,
        }
    }

    /// Whether it can happen to a method.
    pub fn is_for(&self, method: &str) -> bool {
        self.only().is_none_or(|methods| methods.contains(&last_part(method)))
    }
}

impl fmt::Display for Fault {
    /// As it is asked for on the command line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delay { milliseconds } => {
                write!(f, "delay {}", duration::display(Duration::from_millis(*milliseconds)))
            }
            Self::Drop => f.write_str("drop"),
            Self::Half => f.write_str("half"),
            Self::Stale { blocks } => write!(f, "stale {blocks}"),
            Self::CatchingUp => f.write_str("catching-up"),
            Self::Swallow => f.write_str("swallow"),
            Self::Late { blocks } => write!(f, "late {blocks}"),
            Self::Status { code, .. } => write!(f, "error {code}"),
            Self::Refuse { codespace, code, .. } => write!(f, "refuse {codespace} {code}"),
            Self::Fail { codespace, code, .. } => write!(f, "fail {codespace} {code}"),
            Self::Halt => f.write_str("halt"),
            Self::Restart { down: 0 } => f.write_str("restart"),
            Self::Restart { down } => write!(f, "restart --down {}", duration::display(Duration::from_millis(*down))),
            Self::Clock { by } => {
                let back = if *by < 0 { " --back" } else { "" };
                write!(f, "clock {}{back}", duration::display(Duration::from_millis(by.unsigned_abs())))
            }
        }
    }
}

/// A fault, and the calls that it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// What goes wrong.
    #[serde(flatten)]
    pub fault: Fault,
    /// The method: a gRPC path (`/virtengine.market.v1beta5.Query/Orders`) or its last part (`Orders`), or the name of
    /// a CometBFT method (`status`). None: all of them.
    pub method: Option<String>,
    /// The first call to go wrong, from 1, counted from when the rule was made.
    pub from: u64,
    /// How many calls go wrong; none: all from there on.
    pub times: Option<u64>,
    /// How many calls there were that it is for.
    #[serde(default)]
    pub seen: u64,
}

impl Rule {
    /// A fault of all calls of a method from the first on.
    pub fn of(fault: Fault, method: Option<&str>) -> Self {
        Self { fault, method: method.map(str::to_owned), from: 1, times: None, seen: 0 }
    }

    /// The same, for the n-th call only.
    #[must_use]
    pub fn only_call(self, number: u64) -> Self {
        Self { from: number, times: Some(1), ..self }
    }

    fn concerns(&self, method: &str) -> bool {
        let wanted = |wanted: &String| wanted == method || last_part(method) == wanted;
        self.fault.is_for(method) && self.method.as_ref().is_none_or(wanted)
    }

    /// Counts a call that it is for, and says whether it goes wrong.
    fn strikes(&mut self, names: &[&str]) -> bool {
        if !names.iter().any(|name| self.concerns(name)) {
            return false;
        }
        self.seen += 1;
        let past = self.times.is_some_and(|times| self.seen >= self.from.saturating_add(times));
        self.seen >= self.from && !past
    }
}

/// The faults that are set.
#[derive(Debug, Default)]
pub struct Faults(Mutex<Vec<Rule>>);

/// What goes wrong in one call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effects(Vec<Fault>);

impl Faults {
    /// Sets one more.
    pub fn set(&self, rule: Rule) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(rule);
    }

    /// Takes all away.
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Those that are set, with what they have seen.
    pub fn list(&self) -> Vec<Rule> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Counts a call of a method; what goes wrong in it. One call can have two names: `abci_query`, and the path of
    /// the gRPC method that it asks.
    pub fn of_call(&self, names: &[&str]) -> Effects {
        let mut rules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let effects = rules.iter_mut().filter_map(|rule| rule.strikes(names).then(|| rule.fault.clone())).collect();
        Effects(effects)
    }
}

impl Effects {
    /// How much later the answer comes.
    pub fn delay(&self) -> Duration {
        let delays = self.0.iter().map(|fault| match fault {
            Fault::Delay { milliseconds } => Duration::from_millis(*milliseconds),
            _ => Duration::ZERO,
        });
        delays.sum()
    }

    /// Whether the connection ends without an answer.
    pub fn drops(&self) -> bool {
        self.0.iter().any(|fault| matches!(fault, Fault::Drop | Fault::Restart { .. }))
    }

    /// Whether something happens to the node itself.
    pub fn befalls_node(&self) -> bool {
        self.0.iter().any(|fault| matches!(fault, Fault::Halt | Fault::Restart { .. } | Fault::Clock { .. }))
    }

    /// All that goes wrong, in the order in which it was set.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter()
    }

    /// Whether the connection ends in the middle of the answer.
    pub fn halves(&self) -> bool {
        self.0.contains(&Fault::Half)
    }

    /// Whether the node says that it is catching up.
    pub fn catches_up(&self) -> bool {
        self.0.contains(&Fault::CatchingUp)
    }

    /// By how many blocks the answer is old.
    pub fn lag(&self) -> i64 {
        let lags = self.0.iter().map(|fault| match fault {
            Fault::Stale { blocks } => i64::from(*blocks),
            _ => 0,
        });
        lags.max().unwrap_or(0)
    }

    /// What an accepted transaction has to expect.
    pub fn treatment(&self) -> Treatment {
        let mut treatment = Treatment::default();
        for fault in &self.0 {
            match fault {
                Fault::Swallow => treatment.swallowed = true,
                Fault::Late { blocks } => treatment.late = i64::from(*blocks),
                Fault::Fail { codespace, code, log } => {
                    let (codespace, code, log) = (codespace.clone(), *code, log.clone());
                    treatment.verdict = Some(Verdict { codespace, code, log });
                }
                _ => {}
            }
        }
        treatment
    }

    /// The status that the call ends with, of gRPC or JSON-RPC.
    pub fn status(&self) -> Option<(i32, &str)> {
        self.statuses().find(|(code, _)| !HTTP.contains(code))
    }

    /// The status of HTTP that the call ends with.
    pub fn http(&self) -> Option<(u16, &str)> {
        self.statuses()
            .find_map(|(code, message)| Some((u16::try_from(code).ok().filter(|_| HTTP.contains(&code))?, message)))
    }

    fn statuses(&self) -> impl Iterator<Item = (i32, &str)> {
        self.0.iter().filter_map(|fault| match fault {
            Fault::Status { code, message } => Some((*code, message.as_str())),
            _ => None,
        })
    }

    /// The code that a transaction is refused with.
    pub fn refusal(&self) -> Option<(&str, u32, &str)> {
        self.0.iter().find_map(|fault| match fault {
            Fault::Refuse { codespace, code, log } => Some((codespace.as_str(), *code, log.as_str())),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_strikes_the_calls_that_it_is_for() {
        let faults = Faults::default();
        faults.set(Rule { times: Some(2), from: 2, ..Rule::of(Fault::Drop, Some("Orders")) });
        let strikes: Vec<_> = (0..5).map(|_| faults.of_call(&["/x.Query/Orders"]).drops()).collect();
        assert_eq!(strikes, [false, true, true, false, false]);
        assert!(!faults.of_call(&["/x.Query/Order"]).drops());
        assert_eq!(faults.list()[0].seen, 5);
        faults.clear();
        faults.set(Rule::of(Fault::Half, None).only_call(2));
        assert!(!faults.of_call(&["status"]).halves());
        assert!(faults.of_call(&["abci_query", "/x.Query/Orders"]).halves(), "two names are one call");
        assert!(!faults.of_call(&["tx"]).halves());
    }

    #[test]
    fn calls_that_a_fault_is_not_for_do_not_count() {
        let faults = Faults::default();
        faults.set(Rule::of(Fault::Swallow, None).only_call(1));
        faults.set(Rule::of(Fault::CatchingUp, None).only_call(2));
        let simulated = faults.of_call(&["/cosmos.tx.v1beta1.Service/Simulate"]);
        assert_eq!(simulated, Effects::default());
        let sent = faults.of_call(&["/cosmos.tx.v1beta1.Service/BroadcastTx"]);
        assert!(sent.treatment().swallowed);
        assert_eq!(faults.of_call(&["broadcast_tx_sync"]), Effects::default(), "only once");
        assert!(!faults.of_call(&["status"]).catches_up());
        assert!(faults.of_call(&["/cosmos.base.tendermint.v1beta1.Service/GetSyncing"]).catches_up());
    }

    #[test]
    fn a_rule_is_one_flat_object() {
        let rule = Rule::of(Fault::Late { blocks: 3 }, Some("BroadcastTx"));
        let json = serde_json::to_value(&rule).unwrap();
        assert_eq!((&json["fault"], &json["blocks"]), (&"late".into(), &3.into()), "{json}");
        assert_eq!(serde_json::from_value::<Rule>(json).unwrap(), rule);
        for (fault, words) in [
            (rule.fault, "late 3"),
            (Fault::Restart { down: 5_000 }, "restart --down 5s"),
            (Fault::Clock { by: -3_600_000 }, "clock 1h --back"),
            (Fault::Fail { codespace: "sdk".to_owned(), code: 11, log: String::new() }, "fail sdk 11"),
        ] {
            assert_eq!(fault.to_string(), words);
        }
    }

    #[test]
    fn effects_add_up() {
        let faults = Faults::default();
        for fault in [
            Fault::Delay { milliseconds: 20 },
            Fault::Delay { milliseconds: 30 },
            Fault::Stale { blocks: 3 },
            Fault::Status { code: 14, message: "away".to_owned() },
        ] {
            faults.set(Rule::of(fault, Some("status")));
        }
        let effects = faults.of_call(&["status"]);
        assert_eq!((effects.delay(), effects.lag()), (Duration::from_millis(50), 3));
        assert_eq!((effects.status(), effects.http()), (Some((14, "away")), None));
        faults.set(Rule::of(Fault::Status { code: 503, message: "down".to_owned() }, Some("health")));
        let effects = faults.of_call(&["health"]);
        assert_eq!((effects.status(), effects.http()), (None, Some((503, "down"))));
        assert_eq!(faults.of_call(&["tx"]), Effects::default());
    }
}
