//! Usage and its settlement as the chain keeps them (VirtEngine's `settlement.v1`).
//!
//! This book is not that of [`escrow`](super::escrow): leases never touch it. Orders and leases are named by free
//! text here; what we write there are the texts of [`id`](super::id).

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::address::Address;
use super::amount::{Coin, DecCoin};
use super::height::Height;

/// Money that a tenant set aside for the usage of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Escrow {
    /// `escrow-7`.
    pub id: String,
    /// The order, as the tenant named it.
    pub order_id: String,
    /// The lease; empty until it is active.
    pub lease_id: String,
    /// The tenant.
    pub depositor: Address,
    /// The provider, once it is active.
    pub recipient: Option<Address>,
    /// What was set aside.
    pub amount: Vec<Coin>,
    /// What is left.
    pub balance: Vec<Coin>,
    /// Where it stands.
    pub state: EscrowState,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// When it became active.
    pub activated_at: Option<Timestamp>,
    /// When it ended.
    pub closed_at: Option<Timestamp>,
    /// Why it ended.
    pub closure_reason: String,
    /// What was settled.
    pub settled: Vec<Coin>,
    /// In how many settlements.
    pub settlements: u32,
}

/// Where a settlement escrow stands: a word on chain.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum EscrowState {
    /// The tenant made it; no provider is named yet.
    Pending,
    /// Usage can be recorded and settled.
    Active,
    /// It was paid out.
    Released,
    /// It went back to the tenant.
    Refunded,
    /// One side disputes it.
    Disputed,
    /// Its time ran out.
    Expired,
    /// A word that this product does not know: nothing follows from it.
    Unknown(String),
}

impl EscrowState {
    /// The state of this word.
    pub fn of(word: &str) -> Self {
        match word {
            "pending" => Self::Pending,
            "active" => Self::Active,
            "released" => Self::Released,
            "refunded" => Self::Refunded,
            "disputed" => Self::Disputed,
            "expired" => Self::Expired,
            other => Self::Unknown(other.to_owned()),
        }
    }

    /// The word on chain.
    pub fn word(&self) -> &str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Released => "released",
            Self::Refunded => "refunded",
            Self::Disputed => "disputed",
            Self::Expired => "expired",
            Self::Unknown(word) => word,
        }
    }
}

/// A record of usage. The chain does not notice when one is made twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageRecord {
    /// `usage-1795261484-1`, given by the chain.
    pub id: String,
    /// The order.
    pub order_id: String,
    /// The lease.
    pub lease_id: String,
    /// Who recorded it.
    pub provider: Address,
    /// Who pays.
    pub customer: Address,
    /// How much.
    pub units: u64,
    /// Of what: free text, by custom `cpu`, `memory`, `storage`, `network`, `gpu`.
    pub usage_type: String,
    /// From.
    pub period_start: Timestamp,
    /// To.
    pub period_end: Timestamp,
    /// For each unit.
    pub unit_price: DecCoin,
    /// For all of it.
    pub total_cost: Vec<Coin>,
    /// The tenant agreed.
    pub acknowledged: bool,
    /// The settlement that paid it; `None`: it is open.
    pub settlement_id: Option<String>,
    /// When it was recorded.
    pub submitted_at: Option<Timestamp>,
    /// In which block.
    pub height: Height,
    /// What the provider wrote beside it.
    pub metadata: BTreeMap<String, String>,
}

/// The usage of an order, or of a provider, in a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageSummary {
    /// All units.
    pub units: u64,
    /// What they cost.
    pub total_cost: Vec<Coin>,
    /// By type.
    pub by_type: Vec<UsageOfType>,
    /// The records that were counted.
    pub record_ids: Vec<String>,
}

/// The usage of one type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageOfType {
    /// The type.
    pub usage_type: String,
    /// Its units.
    pub units: u64,
    /// What they cost.
    pub total_cost: Vec<Coin>,
}

/// A settlement: who got how much for which records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// `settle-1795261490-1`.
    pub id: String,
    /// The escrow that paid.
    pub escrow_id: String,
    /// The order.
    pub order_id: String,
    /// The lease.
    pub lease_id: String,
    /// The provider.
    pub provider: Address,
    /// The tenant.
    pub customer: Address,
    /// All of it.
    pub total: Vec<Coin>,
    /// What the provider got.
    pub provider_share: Vec<Coin>,
    /// What the platform kept.
    pub platform_fee: Vec<Coin>,
    /// What the validators kept.
    pub validator_fee: Vec<Coin>,
    /// When.
    pub settled_at: Option<Timestamp>,
    /// The records that were paid.
    pub usage_record_ids: Vec<String>,
    /// In which block.
    pub height: Height,
    /// It emptied the escrow, whatever was used.
    pub is_final: bool,
}
