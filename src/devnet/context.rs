//! What a rule works on.

use super::event::{self, TypedEvent};
use super::kv::Kv;
use super::refusal::Refusal;
use crate::chain::wire::tendermint::abci::Event;
use crate::domain::network::Network;
use jiff::Timestamp;

/// How strict the chain is about identity and second factors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// As the localnet scripts make it: identity scores are asked for, second factors are not.
    #[default]
    Localnet,
    /// As the default genesis has it: messages that ask for a second factor cannot be sent at all.
    Strict,
}

impl Profile {
    /// The word for it on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Localnet => "localnet",
            Self::Strict => "strict",
        }
    }

    /// The profile with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Localnet, Self::Strict].into_iter().find(|profile| profile.word() == word)
    }
}

/// Gas: what was used, and how much may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gas {
    limit: Option<u64>,
    used: u64,
}

impl Gas {
    /// Up to `limit`.
    pub const fn limited(limit: u64) -> Self {
        Self { limit: Some(limit), used: 0 }
    }

    /// Without end, as in a simulation and at the begin and end of blocks.
    pub const fn unlimited() -> Self {
        Self { limit: None, used: 0 }
    }

    /// What was used. More than the limit, where that was the end.
    pub const fn used(&self) -> u64 {
        self.used
    }

    /// Uses some; `place` stands in the refusal (`sdk` 11) when that is too much.
    pub fn consume(&mut self, amount: u64, place: &str) -> Result<(), Refusal> {
        self.used = self.used.saturating_add(amount);
        match self.limit {
            Some(limit) if self.used > limit => Err(Refusal::sdk(
                11,
                format!("out of gas in location: {place}; gasWanted: {limit}, gasUsed: {}: out of gas", self.used),
            )),
            _ => Ok(()),
        }
    }
}

/// What a rule works on: the state, the block it runs in, and what it has said and used so far.
///
/// Queries take it shared, messages and blocks take it to change it. (`&*context.kv` is the state to read.)
pub struct Context<'a> {
    /// The state.
    pub kv: &'a mut dyn Kv,
    /// The network's facts.
    pub network: &'static Network,
    /// How strict the chain is.
    pub profile: Profile,
    /// The height of the block; for a query, of the last one.
    pub height: i64,
    /// The time of the block.
    pub time: Timestamp,
    /// What was told so far.
    pub events: Vec<Event>,
    /// What was used so far.
    pub gas: Gas,
    /// Nothing of it will be kept: a simulation, whose signatures, for one, are not checked.
    pub simulating: bool,
}

impl<'a> Context<'a> {
    /// A context without events, with endless gas.
    pub fn new(kv: &'a mut dyn Kv, network: &'static Network, profile: Profile, height: i64, time: Timestamp) -> Self {
        let gas = Gas::unlimited();
        Self { kv, network, profile, height, time, events: Vec::new(), gas, simulating: false }
    }

    /// Tells a typed event.
    pub fn emit(&mut self, event: &impl TypedEvent) {
        self.events.push(event.event(self.network));
    }

    /// Tells an event with plain values.
    pub fn emit_plain(&mut self, kind: &str, attributes: &[(&str, &str)]) {
        self.events.push(event::plain(kind, attributes));
    }
}
