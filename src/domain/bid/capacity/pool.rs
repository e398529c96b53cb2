//! One resource: how much there is, and how much of it is taken.

use crate::domain::amount::{Dec18, Rounding};

/// One resource of a back end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pool {
    /// How much there is.
    pub total: u64,
    /// How much leases use.
    pub used: u128,
    /// How much is promised to open bids.
    pub promised: u128,
    /// From here on it takes no more bids.
    limit: u64,
}

impl Pool {
    /// So much; bids stop when this share of it is taken.
    pub fn new(total: u64, share: Dec18) -> Self {
        let limit = Dec18::from(total).checked_mul(share, Rounding::Up).and_then(|all| all.to_int(Rounding::Up));
        let limit = limit.ok().and_then(|whole| u64::try_from(whole).ok()).unwrap_or(u64::MAX);
        Self { total, used: 0, promised: 0, limit }
    }

    /// So much, of which all may be taken.
    pub const fn whole(total: u64) -> Self {
        Self { total, used: 0, promised: 0, limit: u64::MAX }
    }

    /// What is free; below zero where more is taken than there is.
    pub fn free(&self) -> i128 {
        let taken = i128::try_from(self.taken()).unwrap_or(i128::MAX);
        i128::from(self.total).saturating_sub(taken)
    }

    /// What can still be taken: never below zero.
    pub fn available(&self) -> u64 {
        u64::try_from(self.free().max(0)).unwrap_or(u64::MAX)
    }

    /// What leases use and bids are promised.
    pub const fn taken(&self) -> u128 {
        self.used.saturating_add(self.promised)
    }

    /// Whether so much is taken that bids stop.
    pub fn is_full(&self) -> bool {
        self.taken() >= u128::from(self.limit)
    }

    /// The share that leases use and bids are promised. `None` where there is nothing to take.
    pub fn taken_share(&self) -> Option<Dec18> {
        share(self.taken(), self.total)
    }

    /// The share that leases use. `None` where there is nothing to use.
    pub fn used_share(&self) -> Option<Dec18> {
        share(self.used, self.total)
    }

    /// Leases use more.
    pub(super) const fn occupy(&mut self, more: u128) {
        self.used = self.used.saturating_add(more);
    }

    /// More is promised.
    pub(super) const fn promise(&mut self, more: u128) {
        self.promised = self.promised.saturating_add(more);
    }
}

fn share(part: u128, whole: u64) -> Option<Dec18> {
    Dec18::ONE.checked_times(part).and_then(|part| part.checked_part(u128::from(whole), Rounding::HalfEven)).ok()
}
