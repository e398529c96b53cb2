//! Lists of coins, as the SDK calculates with them.

use crate::chain::wire::cosmos::coin;
use crate::devnet::refusal::Refusal;
use crate::domain::amount::{self, Coin, Dec18, Denom, Int, Rounding};
use std::collections::BTreeMap;
use std::fmt;

/// Coins by denomination, none of them zero.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Coins(BTreeMap<Denom, Int>);

/// Arithmetic that cannot be done here ends a message as a panic does on a real node.
fn panic(error: &amount::Error) -> Refusal {
    Refusal::panic(&error.to_string())
}

impl Coins {
    /// What the state or a checked message holds.
    pub(super) fn of(wire: &[coin::Coin]) -> Result<Self, Refusal> {
        let mut coins = Self::default();
        for coin in wire {
            coins.add_coin(&Coin::try_from(coin).map_err(|error| Refusal::panic(&error.to_string()))?)?;
        }
        Ok(coins)
    }

    /// For the wire.
    pub(super) fn to_wire(&self) -> Vec<coin::Coin> {
        self.list().iter().map(Into::into).collect()
    }

    /// One after the other.
    pub(super) fn list(&self) -> Vec<Coin> {
        self.0.iter().map(|(denom, amount)| Coin { amount: *amount, denom: denom.clone() }).collect()
    }

    /// No coins.
    pub(super) fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    /// How much of a denomination there is.
    pub(super) fn amount_of(&self, denom: &Denom) -> Int {
        self.0.get(denom).copied().unwrap_or(Int::ZERO)
    }

    /// Adds a coin.
    pub(super) fn add_coin(&mut self, coin: &Coin) -> Result<(), Refusal> {
        let sum = self.amount_of(&coin.denom).checked_add(coin.amount).map_err(|error| panic(&error))?;
        if !sum.is_zero() {
            self.0.insert(coin.denom.clone(), sum);
        }
        Ok(())
    }

    /// The sum.
    pub(super) fn plus(mut self, other: &Self) -> Result<Self, Refusal> {
        for coin in other.list() {
            self.add_coin(&coin)?;
        }
        Ok(self)
    }

    /// The difference; nothing where one coin does not suffice.
    pub(super) fn minus(&self, other: &Self) -> Option<Self> {
        let mut rest = self.clone();
        for (denom, amount) in &other.0 {
            let left = self.amount_of(denom).checked_sub(*amount).ok()?;
            if left.is_zero() {
                rest.0.remove(denom);
            } else {
                rest.0.insert(denom.clone(), left);
            }
        }
        Some(rest)
    }

    /// A part of each, without fractions.
    pub(super) fn part(&self, rate: Dec18) -> Result<Self, Refusal> {
        let mut part = Self::default();
        for (denom, amount) in &self.0 {
            let whole = Dec18::try_from(*amount).map_err(|error| panic(&error))?;
            let amount = whole.checked_mul(rate, Rounding::Down).and_then(|part| part.to_int(Rounding::Down));
            part.add_coin(&Coin { amount: amount.map_err(|error| panic(&error))?, denom: denom.clone() })?;
        }
        Ok(part)
    }
}

impl fmt::Display for Coins {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, coin) in self.list().iter().enumerate() {
            if at > 0 {
                formatter.write_str(",")?;
            }
            coin.fmt(formatter)?;
        }
        Ok(())
    }
}
