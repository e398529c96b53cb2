//! Why the chain refuses a transaction or a query, as a typed [`Reason`] with an operator's words.
//!
//! A [`Refusal`] is made from what a node said, and keeps that: codespace, code, the message that spoiled the
//! transaction, and the text. Free text of the chain may be no UTF-8 and many KB long; it is cut and made readable
//! here, once ([`Log`]).
//!
//! - From a real result (the check of a broadcast, or a block) there are codespace and code: [`Refusal::of_result`].
//! - A simulation has neither, only a message index and a text: [`Refusal::of_simulation`]. Its reason is
//!   [`Reason::Untold`] unless the text is one of the few that a node makes in one place only, and [`Reason::Unclear`]
//!   where it does not have the form of the chain's own refusals.
//! - A query's status may hold both in its text: [`Refusal::of_status`].
//!
//! Nothing here guesses: where a node answers several causes alike (`sdk` 4), the reason says so.

mod codes;
mod log;
mod modules;
mod reason;

#[cfg(test)]
mod tests;

pub use log::Log;
pub use modules::{
    Audit, Base, Certificate, Deployment, Encryption, Escrow, Market, Mfa, Provider, RateLimit, Resources, Sdk,
    Settlement,
};
pub use reason::Reason;

use std::borrow::Cow;
use std::fmt;

use super::fault::{Classified, Fault};

/// A refusal of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The module that refuses; empty where the node did not say.
    pub codespace: String,
    /// The number within the codespace; 0 where the node did not say.
    pub code: u32,
    /// Which message of the transaction, from 0; `None` where it was not one message.
    pub message_index: Option<u32>,
    /// What the node said, readable and cut.
    pub log: Log,
    /// What that means.
    pub reason: Reason,
}

impl Refusal {
    /// The longest codespace that is kept: a name, whatever a hostile node sends.
    const LONGEST_CODESPACE: usize = 64;

    /// From the check of a broadcast or the execution in a block. Code 0 is no refusal: `None`.
    pub fn of_result(codespace: &str, code: u32, raw_log: &[u8]) -> Option<Self> {
        if code == 0 {
            return None;
        }
        let log = Log::of(raw_log);
        let (message_index, text) = log::message_index(log.as_str());
        let reason = Reason::of_result(codespace, code, text);
        let codespace = codespace.chars().take(Self::LONGEST_CODESPACE).collect();
        Some(Self { codespace, code, message_index, log, reason })
    }

    /// From the text of a failed simulation.
    pub fn of_simulation(text: &str) -> Self {
        let log = Log::of(log::without_gas(text).as_bytes());
        let (message_index, told) = log::message_index(log.as_str());
        // Whatever the application refuses ends in the gas that it used. Other words come from the node around it, or from
        // what stands before the node.
        let of_the_chain = message_index.is_some() || log::tells_gas(text);
        let untold = if of_the_chain { Reason::Untold } else { Reason::Unclear };
        let reason = Reason::of_text(told).unwrap_or(untold);
        Self { codespace: String::new(), code: 0, message_index, log, reason }
    }

    /// From the text of a query's gRPC status: `codespace market code 15: invalid order: order not found`, or words.
    pub fn of_status(text: &str) -> Self {
        let told = log::registered(text);
        let from_code = told.and_then(|(codespace, code, rest)| Self::of_result(codespace, code, rest.as_bytes()));
        from_code.unwrap_or_else(|| Self {
            codespace: String::new(),
            code: 0,
            message_index: None,
            log: Log::of(text.as_bytes()),
            reason: Reason::of_text(text).unwrap_or(Reason::Untold),
        })
    }
}

/// `market 21: the provider has bid on this order before`, with the message where it was one of several.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the chain refuses")?;
        if let Some(index) = self.message_index {
            write!(f, " message {index}")?;
        }
        write!(f, ": {}", self.reason)?;
        if self.code != 0 {
            write!(f, " ({} {})", Log::of(self.codespace.as_bytes()), self.code)?;
        }
        if self.log.is_empty() { Ok(()) } else { write!(f, "; it says `{}`", self.log.in_brief()) }
    }
}

impl std::error::Error for Refusal {}

impl Classified for Refusal {
    fn fault(&self) -> Fault {
        self.reason.fault()
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        self.reason.hint().map(Cow::Borrowed)
    }
}
