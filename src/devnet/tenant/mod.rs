//! A tenant that the chain plays itself, to rehearse a provider against.
//!
//! It signs with an account of this chain's own and goes through the same doors as everybody: its transactions are
//! checked, paid for and included like others, and faults happen to its calls as to others'. The first time that an account does something it is given money.
//!
//! It chooses the cheapest bid and asks nothing else of a provider; it sends no manifest.

mod account;
mod action;
mod order;
mod usage;

pub use action::{Action, Done};

use super::app::result::Included;
use super::app::tx::hash_of;
use super::context::Context;
use super::fault::Effects;
use super::hex;
use super::kv::Broken;
use super::node::{Node, broadcast};
use super::refusal::QueryError;
use super::rules::{auth, bank};
use crate::chain::wire::Call;
use crate::chain::wire::cosmos::auth::QueryAccountRequest;
use crate::chain::wire::cosmos::tx_service::{BroadcastTxRequest, GetTxRequest};
use crate::domain::address::Address;
use crate::domain::amount::{self, Coin};
use account::Account;
use prost_types::Any;
use std::time::{Duration, Instant};

/// What an account gets when it begins, in the smallest unit of each denomination.
const BEGINNING: u64 = 1_000_000_000_000;

/// How long a transaction may take into a block, besides the time between blocks.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why a tenant could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No key can be made of the name.
    #[error("no account can be made of the name {name:?}")]
    Name {
        /// The name.
        name: String,
    },
    /// A part of the request cannot be read.
    #[error("{what} {text:?} cannot be read: {why}")]
    Unreadable {
        /// What it should be.
        what: &'static str,
        /// The text.
        text: String,
        /// Why not.
        why: String,
    },
    /// There is nothing to do it to.
    #[error("{0}")]
    Nothing(String),
    /// The chain refuses.
    #[error("the transaction ends with {codespace} {code}: {log}")]
    Refused {
        /// Whose code it is.
        codespace: String,
        /// The code.
        code: u32,
        /// The chain's words.
        log: String,
    },
    /// It was taken, and is in no block yet.
    #[error("transaction {hash} was taken, but is in no block after {} s", waited.as_secs())]
    Waiting {
        /// Its hash.
        hash: String,
        /// How long.
        waited: Duration,
    },
    /// The network has nothing of the kind.
    #[error("there is no {what} on {network}")]
    Lacking {
        /// What is missing.
        what: &'static str,
        /// The network.
        network: &'static str,
    },
    /// A question to the chain was refused.
    #[error("the chain does not answer: {0}")]
    Query(String),
    /// The state cannot be used.
    #[error(transparent)]
    Broken(#[from] Broken),
}

impl From<QueryError> for Error {
    fn from(error: QueryError) -> Self {
        Self::Query(error.message)
    }
}

/// A tenant.
pub struct Tenant<'n> {
    node: &'n Node,
    account: Account,
}

impl<'n> Tenant<'n> {
    /// The tenant with this name.
    pub fn named(node: &'n Node, name: &str) -> Result<Self, Error> {
        Ok(Self { node, account: Account::named(node.identity().network, name)? })
    }

    /// Who it is.
    pub fn address(&self) -> &str {
        self.account.address.as_str()
    }

    /// Does something. Blocks until it is in a block.
    pub fn perform(&self, action: &Action) -> Result<Done, Error> {
        match action {
            Action::Show => self.show(),
            Action::Deploy { groups, hash, deposit, dseq } => self.deploy(groups, hash, deposit.as_deref(), *dseq),
            Action::Accept { dseq, gseq, wait } => self.accept(*dseq, *gseq, Duration::from_millis(*wait)),
            Action::CloseLease { dseq, gseq } => self.close_leases(*dseq, *gseq),
            Action::Close { dseq } => self.close(*dseq),
            Action::Pause { dseq, gseq } => self.pause(*dseq, *gseq),
            Action::Start { dseq, gseq } => self.start(*dseq, *gseq),
            Action::TopUp { dseq, amount } => self.top_up(*dseq, amount),
            Action::Escrow { dseq, gseq, amount, expires_in, pending } => {
                self.escrow((*dseq, *gseq), amount, *expires_in, *pending)
            }
            Action::Acknowledge { dseq, usage } => self.acknowledge(*dseq, usage),
        }
    }

    fn show(&self) -> Result<Done, Error> {
        self.begin()?;
        let height = self.node.moment(0)?.height();
        Ok(Done { address: self.address().to_owned(), transactions: Vec::new(), ids: Vec::new(), height })
    }

    /// What goes wrong in a call of a method, as for everybody who calls it from outside; what comes late does so
    /// here.
    fn effects_of<C: Call>(&self) -> Result<Effects, Error> {
        let path = C::path(self.node.identity().network);
        let effects = self.node.faults().of_call(&[&path]);
        self.sleep(effects.delay())?;
        self.node.suffer(&effects)?;
        if effects.drops() || effects.halves() {
            return Err(Error::Query(format!("the connection ends in a call of {path}, on purpose")));
        }
        if let Some((status, message)) = effects.http() {
            return Err(Error::Query(format!("status {status} of HTTP: {message}")));
        }
        match effects.status() {
            Some((code, message)) => Err(Error::Query(format!("status {code}: {message}"))),
            None => Ok(effects),
        }
    }

    /// Sleeps, but not past the end of the node.
    fn sleep(&self, time: Duration) -> Result<(), Error> {
        const PAUSE: Duration = Duration::from_millis(20);
        let begun = Instant::now();
        while let Some(left) = time.checked_sub(begun.elapsed()).filter(|left| !left.is_zero()) {
            if self.node.is_ending() {
                return Err(Broken::Ended.into());
            }
            std::thread::sleep(left.min(PAUSE));
        }
        Ok(())
    }

    /// Asks the chain what a method answers, or what it would be asked for.
    fn ask<C: Call, T>(&self, question: impl FnOnce(&Context<'_>) -> Result<T, QueryError>) -> Result<T, Error> {
        let effects = self.effects_of::<C>()?;
        Ok(self.node.moment(effects.lag())?.ask(None, question)?)
    }

    /// Gives the account money, if the chain does not know it yet.
    fn begin(&self) -> Result<(), Error> {
        let address = self.account.address.bytes();
        let known = self.node.moment(0)?.ask(None, |context| Ok(auth::find(&*context.kv, &address)?.is_some()))?;
        if known {
            return Ok(());
        }
        let network = self.node.identity().network;
        let mut denoms: Vec<&str> = network.denominations.iter().map(|denomination| denomination.base).collect();
        denoms.push(network.fee_denomination);
        denoms.sort_unstable();
        denoms.dedup();
        let coins = denoms.into_iter().map(|denom| Ok(Coin::new(BEGINNING, denom.parse()?)));
        let coins: Vec<Coin> = coins
            .collect::<Result<_, amount::Error>>()
            .map_err(|error| Broken::Inconsistent { what: format!("a denomination of the network: {error}") })?;
        self.node.change(|context| bank::mint(context, &address, &coins))?;
        Ok(())
    }

    /// Sends messages in one transaction, and waits for its block.
    fn send(&self, messages: Vec<Any>, ids: Vec<String>) -> Result<Done, Error> {
        let included = self.include(messages)?;
        Ok(Done {
            address: self.address().to_owned(),
            transactions: vec![hex::upper(&included.hash)],
            ids,
            height: included.height,
        })
    }

    fn include(&self, messages: Vec<Any>) -> Result<Included, Error> {
        self.begin()?;
        let address = self.account.address.bytes();
        let find = |context: &Context<'_>| Ok(auth::find(&*context.kv, &address)?);
        let account = self.ask::<QueryAccountRequest, _>(find)?.unwrap_or_default();
        let identity = self.node.identity();
        let numbers = (account.account_number, account.sequence);
        let bytes = self.account.sign(identity.network, &identity.chain_id, numbers, messages);
        let effects = self.effects_of::<BroadcastTxRequest>()?;
        if let Some(refusal) = broadcast(self.node, &bytes, &effects)? {
            let log = refusal.text().into_owned();
            return Err(Error::Refused { codespace: refusal.codespace.into_owned(), code: refusal.code, log });
        }
        let included = self.wait(&hash_of(&bytes))?;
        let result = &included.result;
        if result.code != 0 {
            let log = String::from_utf8_lossy(&result.log).into_owned();
            return Err(Error::Refused { codespace: result.codespace.clone(), code: result.code, log });
        }
        Ok(included)
    }

    fn wait(&self, hash: &[u8]) -> Result<Included, Error> {
        const PAUSE: Duration = Duration::from_millis(20);
        let patience = PATIENCE + self.node.block_time() * 3;
        let begun = Instant::now();
        loop {
            let effects = self.effects_of::<GetTxRequest>()?;
            if let Some(included) = self.node.moment(effects.lag())?.tx(hash)? {
                return Ok(included);
            }
            if self.node.is_ending() {
                return Err(Broken::Ended.into());
            }
            if begun.elapsed() > patience {
                return Err(Error::Waiting { hash: hex::upper(hash), waited: begun.elapsed() });
            }
            std::thread::sleep(PAUSE);
        }
    }

    fn coin(what: &'static str, text: &str) -> Result<Coin, Error> {
        text.parse().map_err(|error: amount::Error| Error::Unreadable {
            what,
            text: text.to_owned(),
            why: error.to_string(),
        })
    }
}

/// The address that the name stands for on a chain of this network.
pub fn address_of(network: &crate::domain::network::Network, name: &str) -> Result<Address, Error> {
    Ok(Account::named(network, name)?.address)
}

#[cfg(test)]
mod tests;
