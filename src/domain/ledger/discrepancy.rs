//! What does not fit between our books and the chain's.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Something that does not fit, with what says so.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Discrepancy {
    /// The chain had a record of ours, and has it no more.
    Lost {
        /// Its id on chain.
        usage_id: String,
    },
    /// The chain's record says something else than what we sent.
    Differs {
        /// Its id on chain.
        usage_id: String,
        /// What is different.
        what: String,
    },
    /// The chain has the same usage twice: the tenant is charged twice.
    Duplicate {
        /// The second record's id on chain.
        usage_id: String,
        /// The first one's.
        of: String,
    },
    /// The chain has a record that this state file never sent: somebody else did, or it was restored from a backup.
    Foreign {
        /// Its id on chain.
        usage_id: String,
    },
    /// A block executed our message, and the chain has no such record.
    Missing {
        /// The record in the state file.
        record_id: String,
        /// Of what.
        usage_type: String,
    },
    /// The escrow ended with usage in it that was never paid.
    Unpaid {
        /// The escrow.
        escrow_id: String,
        /// What was not paid.
        amount: String,
    },
    /// A settlement paid less than its records cost: the escrow did not suffice.
    PaidLess {
        /// The settlement.
        settlement_id: String,
        /// What it paid.
        paid: String,
        /// What its records cost.
        cost: String,
    },
    /// A final settlement paid more than its records cost: it takes the whole rest of the escrow.
    PaidMore {
        /// The settlement.
        settlement_id: String,
        /// What it paid.
        paid: String,
        /// What its records cost.
        cost: String,
    },
    /// The lease is over, and more was charged than was used: corrections came after the charges.
    Overcharged {
        /// Of what.
        usage_type: String,
        /// How much, in the metric's unit.
        by: String,
    },
    /// Our own books do not add up.
    Unbalanced {
        /// How far.
        what: String,
    },
}

impl Discrepancy {
    /// The word in rows, output and labels.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Lost { .. } => "lost",
            Self::Differs { .. } => "differs",
            Self::Duplicate { .. } => "duplicate",
            Self::Foreign { .. } => "foreign",
            Self::Missing { .. } => "missing",
            Self::Unpaid { .. } => "unpaid",
            Self::PaidLess { .. } => "paid_less",
            Self::PaidMore { .. } => "paid_more",
            Self::Overcharged { .. } => "overcharged",
            Self::Unbalanced { .. } => "unbalanced",
        }
    }
}

impl Discrepancy {
    /// What it is about, among the discrepancies of its kind.
    pub fn subject(&self) -> &str {
        match self {
            Self::Lost { usage_id }
            | Self::Differs { usage_id, .. }
            | Self::Duplicate { usage_id, .. }
            | Self::Foreign { usage_id } => usage_id,
            Self::Missing { record_id, .. } => record_id,
            Self::Unpaid { escrow_id, .. } => escrow_id,
            Self::PaidLess { settlement_id, .. } | Self::PaidMore { settlement_id, .. } => settlement_id,
            Self::Overcharged { usage_type, .. } => usage_type,
            Self::Unbalanced { .. } => "",
        }
    }
}

impl fmt::Display for Discrepancy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lost { usage_id } => write!(f, "the chain no longer has {usage_id}, which it had recorded"),
            Self::Differs { usage_id, what } => write!(f, "{usage_id} on chain is not what was sent: {what}"),
            Self::Duplicate { usage_id, of } => write!(f, "{usage_id} charges the usage of {of} a second time"),
            Self::Foreign { usage_id } => {
                write!(f, "{usage_id} was recorded on chain, and this state file knows nothing of it")
            }
            Self::Missing { record_id, usage_type } => {
                write!(f, "the chain executed the message of {record_id} and has no record of its {usage_type}")
            }
            Self::Unpaid { escrow_id, amount } => {
                write!(f, "{escrow_id} ended with {amount} of usage that was not paid")
            }
            Self::PaidLess { settlement_id, paid, cost } => {
                write!(f, "{settlement_id} paid {paid} for records that cost {cost}")
            }
            Self::PaidMore { settlement_id, paid, cost } => {
                write!(f, "{settlement_id} is final and paid {paid} for records that cost {cost}")
            }
            Self::Overcharged { usage_type, by } => {
                write!(f, "{by} of {usage_type} more was charged than was used, and the lease is over")
            }
            Self::Unbalanced { what } => write!(f, "our own books do not add up: {what}"),
        }
    }
}
