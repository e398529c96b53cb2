//! The chain's own parameters, as far as a provider goes by them.

use std::time::Duration;

use super::amount::{Coin, Dec18, Denom};

/// Of the market.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Market {
    /// The smallest deposit of a bid, by denomination.
    pub minimum_bid_deposits: Vec<Coin>,
    /// How many bids an order takes; one more than this fits.
    pub bids_per_order: u32,
}

/// Of deployments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployment {
    /// The smallest deposit, by denomination.
    pub minimum_deposits: Vec<Coin>,
}

/// Of settlement (VirtEngine).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// The platform's share of each settlement.
    pub platform_fee_rate: Dec18,
    /// The validators' share of each settlement.
    pub validator_fee_rate: Dec18,
    /// The shortest life of a settlement escrow.
    pub shortest_escrow: Duration,
    /// The longest.
    pub longest_escrow: Duration,
    /// After so long the chain settles by itself.
    pub period: Duration,
}

/// Of recipient keys (VirtEngine).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encryption {
    /// How many keys an account may have, old ones included.
    pub keys_per_account: u32,
    /// Which algorithms are taken.
    pub algorithms: Vec<String>,
}

/// The share of each payout that the chain keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakeRates {
    /// Percent, by denomination.
    pub by_denomination: Vec<(Denom, u32)>,
    /// Percent, of every other denomination.
    pub otherwise: u32,
}

/// Of transactions as such.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transactions {
    /// The longest memo, in characters.
    pub longest_memo: u64,
    /// Gas for each byte.
    pub gas_per_byte: u64,
}
