//! The control socket: how commands of another process reach the running chain.
//!
//! A Unix socket in the chain's folder, for its owner only. One request and one answer a connection, each one line of
//! JSON.

mod client;
mod handle;
mod server;

pub use client::{Client, Error};
pub use handle::perform;
pub use server::{Bound, serve};

use super::app::genesis::Provider;
use super::fault::Rule;
use super::tenant::{Action, Done};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The most blocks that one request makes.
pub const MOST_BLOCKS: u32 = 1_000_000;

/// What can be asked of the running chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "ask")]
pub enum Request {
    /// Where it is.
    Status,
    /// To end.
    Stop,
    /// Coins out of nothing.
    Fund {
        /// Who gets them.
        address: String,
        /// As in `1000uakt,5uact`.
        coins: String,
    },
    /// How well an account's owner is known.
    Identity {
        /// The account.
        address: String,
        /// 0 … 100.
        score: u32,
        /// `basic`, `standard` or `premium`.
        tier: String,
    },
    /// Blocks at once.
    Advance {
        /// How many.
        blocks: u32,
        /// The time between them, in milliseconds.
        step: u64,
    },
    /// A provider, as genesis makes one.
    AddProvider {
        /// The provider.
        provider: Provider,
    },
    /// Many open orders.
    Seed {
        /// How many, at least.
        count: u32,
        /// The groups of each deployment, as hex of their bytes; none: one usual group.
        groups: Vec<String>,
    },
    /// Something that a tenant of the chain's own does.
    Tenant {
        /// The name of its account.
        name: String,
        /// What it does.
        action: Action,
    },
    /// A fault.
    SetFault {
        /// Which, and when.
        rule: Rule,
    },
    /// No faults any more; blocks are made again.
    ClearFaults,
    /// The faults that are set.
    ListFaults,
    /// No blocks, or blocks again.
    Halt {
        /// No blocks.
        halted: bool,
    },
    /// As if it were restarted.
    Restart {
        /// How long it takes no connections, in milliseconds.
        down: u64,
    },
    /// The clock of blocks jumps.
    Jump {
        /// By how much, in milliseconds; back where negative.
        by: i64,
    },
}

/// Where the chain is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Its id.
    pub chain_id: String,
    /// The network whose rules it follows.
    pub network: String,
    /// `localnet` or `strict`.
    pub profile: String,
    /// The last height.
    pub height: i64,
    /// The time of the last block.
    pub time: String,
    /// The time between blocks, in milliseconds; 0: a block for each transaction.
    pub block_time: u64,
    /// Where gRPC is.
    pub grpc: String,
    /// Where CometBFT's RPC is.
    pub rpc: String,
    /// Its process.
    pub process: u32,
    /// No blocks are made, on purpose.
    pub halted: bool,
    /// How many faults are set.
    pub faults: usize,
}

/// What the running chain answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "answer")]
pub enum Answer {
    /// Where it is.
    State(State),
    /// Done; the height after it.
    Done {
        /// The last height.
        height: i64,
    },
    /// What a tenant did.
    Tenant(Done),
    /// The faults that are set.
    Faults {
        /// In the order in which they were set.
        rules: Vec<Rule>,
    },
    /// What was asked is wrong.
    Refused {
        /// Why.
        why: String,
    },
    /// It is being ended.
    Ending,
    /// The chain itself is at fault.
    Failed {
        /// Why.
        why: String,
    },
}

/// The socket of the chain in this folder.
pub fn socket_of(home: &Path) -> PathBuf {
    home.join("control.sock")
}
