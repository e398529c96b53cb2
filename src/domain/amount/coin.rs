//! Amounts of a denomination.

use super::text::serde_as_text;
use super::{Dec18, Denom, Error, Int, Rounding};
use std::fmt;
use std::str::FromStr;

/// A whole amount of a denomination: `500000uve`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Coin {
    /// How much.
    pub amount: Int,
    /// Of what.
    pub denom: Denom,
}

/// A decimal amount of a denomination, a price or a balance: `0.025uve`.
///
/// A balance read from the chain can be negative (an overdrawn account), a price as text cannot.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DecCoin {
    /// How much.
    pub amount: Dec18,
    /// Of what.
    pub denom: Denom,
}

impl Coin {
    /// `amount` of `denom`.
    pub fn new(amount: impl Into<Int>, denom: Denom) -> Self {
        Self { amount: amount.into(), denom }
    }
}

impl DecCoin {
    /// `amount` of `denom`.
    pub fn new(amount: impl Into<Dec18>, denom: Denom) -> Self {
        Self { amount: amount.into(), denom }
    }

    /// The whole coin, rounded as told.
    pub fn to_coin(&self, rounding: Rounding) -> Result<Coin, Error> {
        Ok(Coin { amount: self.amount.to_int(rounding)?, denom: self.denom.clone() })
    }
}

/// Sums of coins, which exist within one denomination.
macro_rules! sums {
    ($coin:ty) => {
        impl $coin {
            /// The exact sum; both must be of one denomination.
            pub fn checked_add(&self, other: &Self) -> Result<Self, Error> {
                same_denomination(&self.denom, &other.denom)?;
                Ok(Self { amount: self.amount.checked_add(other.amount)?, denom: self.denom.clone() })
            }

            /// The exact difference; both must be of one denomination, and a whole coin is never below zero.
            pub fn checked_sub(&self, other: &Self) -> Result<Self, Error> {
                same_denomination(&self.denom, &other.denom)?;
                Ok(Self { amount: self.amount.checked_sub(other.amount)?, denom: self.denom.clone() })
            }
        }
    };
}

sums!(Coin);
sums!(DecCoin);

fn same_denomination(left: &Denom, right: &Denom) -> Result<(), Error> {
    if left == right { Ok(()) } else { Err(Error::DenominationsDiffer { left: left.clone(), right: right.clone() }) }
}

/// Cuts `12.5uve` where the denomination begins.
fn split<'a>(text: &'a str, expected: &'static str) -> Result<(&'a str, &'a str), Error> {
    text.find(|character: char| character.is_ascii_alphabetic())
        .and_then(|start| text.split_at_checked(start))
        .filter(|(amount, _)| !amount.is_empty())
        .ok_or_else(|| Error::malformed(text, expected))
}

impl FromStr for Coin {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (amount, denom) = split(text, "a coin such as 500000uve")?;
        Ok(Self { amount: amount.parse()?, denom: denom.parse()? })
    }
}

impl FromStr for DecCoin {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        const EXPECTED: &str = "a price such as 0.025uve";
        let (amount, denom) = split(text, EXPECTED)?;
        if amount.starts_with('-') {
            return Err(Error::malformed(text, EXPECTED));
        }
        Ok(Self { amount: amount.parse()?, denom: denom.parse()? })
    }
}

impl fmt::Display for Coin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.amount, self.denom)
    }
}

impl fmt::Display for DecCoin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.amount, self.denom)
    }
}

serde_as_text!(Coin, "a coin such as 500000uve");
serde_as_text!(DecCoin, "a price such as 0.025uve");
