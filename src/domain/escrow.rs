//! Escrow on chain: accounts that hold deposits, and the payments that draw on them block by block.
//!
//! Money moves lazily there: `balance`, `funds` and `transferred` are as of [`Account::settled_at`], and an account
//! that has run dry still says `open` until a transaction touches it.

use std::fmt;

use super::address::Address;
use super::amount::{Coin, DecCoin};
use super::chain_state::chain_state;
use super::height::Height;
use super::id::{BidId, DeploymentId, LeaseId};

/// What an account belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountId {
    /// A deployment: its tenant pays leases from it. (The chain also files its settlement escrows under this kind.)
    Deployment(DeploymentId),
    /// A bid: it holds the provider's deposit.
    Bid(BidId),
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// What it belongs to.
    pub id: AccountId,
    /// Whose it is.
    pub owner: Address,
    /// Where it stands.
    pub state: EscrowState,
    /// What payments have drawn so far.
    pub transferred: Vec<DecCoin>,
    /// Up to here everything is booked.
    pub settled_at: Height,
    /// What is left; below zero when overdrawn.
    pub funds: Vec<DecCoin>,
    /// Where that came from, the next to be used first.
    pub deposits: Vec<Deposit>,
}

/// A deposit that is not used up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deposit {
    /// Whose money it is.
    pub owner: Address,
    /// When it came.
    pub height: Height,
    /// Where it came from.
    pub source: DepositSource,
    /// What is left of it.
    pub balance: DecCoin,
}

chain_state! {
    /// Where deposited money came from.
    pub enum DepositSource {
        /// The depositor's own balance.
        Balance => "balance",
        /// A grant of somebody else.
        Grant => "grant",
    }
}

/// A payment: what a lease earns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// The lease that it is for.
    pub lease: LeaseId,
    /// The provider.
    pub owner: Address,
    /// Where it stands.
    pub state: EscrowState,
    /// By the block.
    pub rate: DecCoin,
    /// Earned and not paid out.
    pub balance: DecCoin,
    /// Earned and not covered: the account is overdrawn.
    pub unsettled: DecCoin,
    /// Paid out, the chain's share included.
    pub withdrawn: Coin,
}

chain_state! {
    /// Where an account or a payment stands.
    pub enum EscrowState {
        /// Money flows.
        Open => "open",
        /// It is over.
        Closed => "closed",
        /// The account could not cover what was earned.
        Overdrawn => "overdrawn",
    }
}

impl AccountId {
    /// The word for the kind.
    pub const fn scope(&self) -> &'static str {
        match self {
            Self::Deployment(_) => "deployment",
            Self::Bid(_) => "bid",
        }
    }
}

/// As the chain's error texts and exports name it: `deployment/owner/dseq`.
impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/", self.scope())?;
        match self {
            Self::Deployment(id) => id.fmt(f),
            Self::Bid(id) => id.fmt(f),
        }
    }
}
