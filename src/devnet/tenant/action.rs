//! What a tenant can be asked to do.

use serde::{Deserialize, Serialize};

/// What a tenant does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "action")]
pub enum Action {
    /// Nothing: says who it is.
    Show,
    /// Orders.
    Deploy {
        /// The groups, as hex of their bytes.
        groups: Vec<String>,
        /// The version of the manifest: 32 bytes in hex.
        hash: String,
        /// As in `5000000uve`; none: the smallest that the chain takes.
        deposit: Option<String>,
        /// The deployment's number; none: the height.
        dseq: Option<u64>,
    },
    /// Takes the cheapest open bid for each open order.
    Accept {
        /// The deployment.
        dseq: u64,
        /// Of this group only.
        gseq: Option<u32>,
        /// How long each order waits for a bid, in milliseconds.
        wait: u64,
    },
    /// Ends its active leases.
    CloseLease {
        /// The deployment.
        dseq: u64,
        /// Of this group only.
        gseq: Option<u32>,
    },
    /// Ends it all.
    Close {
        /// The deployment.
        dseq: u64,
    },
    /// Pauses a group.
    Pause {
        /// The deployment.
        dseq: u64,
        /// The group.
        gseq: u32,
    },
    /// Starts a group that was paused.
    Start {
        /// The deployment.
        dseq: u64,
        /// The group.
        gseq: u32,
    },
    /// Adds to the deposit.
    TopUp {
        /// The deployment.
        dseq: u64,
        /// As in `5000000uve`.
        amount: String,
    },
    /// Sets money aside for the usage of a lease, and names its provider.
    Escrow {
        /// The deployment.
        dseq: u64,
        /// The group.
        gseq: u32,
        /// As in `5000000uve`.
        amount: String,
        /// Seconds.
        expires_in: u64,
        /// Leaves it to somebody else to name the provider.
        pending: bool,
    },
    /// Agrees with usage: with these records, or with all that are open.
    Acknowledge {
        /// The deployment.
        dseq: u64,
        /// The records.
        usage: Vec<String>,
    },
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// Who the tenant is.
    pub address: String,
    /// The transactions, by their hashes.
    pub transactions: Vec<String>,
    /// What they made or changed, by its id: `ve1…/7`, `ve1…/7/1/1/ve1…`, `escrow-1`.
    pub ids: Vec<String>,
    /// The height of the last of them.
    pub height: i64,
}
