//! How transactions are put together, and what they may cost.

use std::time::Duration;

use crate::domain::amount::{DecCoin, Int};
use crate::domain::outbox::{Caps, Factors, Limits};

/// The operator's choices (`chain`, `transactions`).
#[derive(Debug, Clone)]
pub struct Policy {
    /// What is paid for a unit of gas.
    pub gas_price: DecCoin,
    /// What simulated gas is multiplied with.
    pub factors: Factors,
    /// What one transaction may hold.
    pub limits: Limits,
    /// Transactions of the signer in one block, at most; also how many are out at a time.
    pub per_block: usize,
    /// In how many blocks after its signing a transaction can be executed.
    pub timeout_blocks: u64,
    /// What may be spent.
    pub caps: Caps,
    /// A balance of the fee denomination below this is reported.
    pub low_balance: Int,
    /// How long nothing may move before a run leaves the rest to the next.
    pub confirm_within: Duration,
}
