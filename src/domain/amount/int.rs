//! Whole amounts.

use super::text::{canonical_digits, serde_as_text};
use super::{Error, Rounding};
use ruint::aliases::{U256, U512};
use std::fmt;
use std::str::FromStr;

/// A whole number of the smallest unit of a coin, 0 … 2²⁵⁶−1. Plain decimal digits, for people and on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Int(pub(super) U256);

impl Int {
    /// Nothing.
    pub const ZERO: Self = Self(U256::ZERO);
    /// The largest amount, 2²⁵⁶−1.
    pub const MAX: Self = Self(U256::MAX);

    /// Whether this is nothing.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// The sum.
    pub fn checked_add(self, other: Self) -> Result<Self, Error> {
        self.0.checked_add(other.0).map(Self).ok_or(Error::Overflow { operation: "an addition" })
    }

    /// The difference; an amount is never below zero.
    pub fn checked_sub(self, other: Self) -> Result<Self, Error> {
        self.0.checked_sub(other.0).map(Self).ok_or(Error::Negative { operation: "a subtraction" })
    }

    /// The difference, or zero where it would be below.
    #[must_use]
    pub fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// The product.
    pub fn checked_mul(self, other: Self) -> Result<Self, Error> {
        self.0.checked_mul(other.0).map(Self).ok_or(Error::Overflow { operation: "a multiplication" })
    }

    /// The quotient, rounded to a whole number as told.
    pub fn checked_div(self, other: Self, rounding: Rounding) -> Result<Self, Error> {
        if other.is_zero() {
            return Err(Error::DivisionByZero);
        }
        rounding
            .divide(U512::from(self.0), U512::from(other.0))
            .map(Self)
            .ok_or(Error::Overflow { operation: "a division" })
    }

    /// Reads the payload of an `Int` field (`string`, or `bytes` as in `ResourceValue.val`): ASCII digits.
    pub fn from_wire(field: impl AsRef<[u8]>) -> Result<Self, Error> {
        let bytes = field.as_ref();
        match std::str::from_utf8(bytes) {
            Ok(text) => text.parse(),
            Err(_) => Err(Error::malformed(&String::from_utf8_lossy(bytes), EXPECTED)),
        }
    }

    /// The payload of an `Int` field.
    pub fn to_wire(self) -> String {
        self.to_string()
    }
}

const EXPECTED: &str = "a whole amount (plain digits, at most 256 bits)";

impl FromStr for Int {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        canonical_digits(text).map(Self).ok_or_else(|| Error::malformed(text, EXPECTED))
    }
}

impl fmt::Display for Int {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

serde_as_text!(Int, "a whole amount in a string");

impl From<u32> for Int {
    fn from(value: u32) -> Self {
        Self(U256::from(value))
    }
}

impl From<u64> for Int {
    fn from(value: u64) -> Self {
        Self(U256::from(value))
    }
}

impl From<u128> for Int {
    fn from(value: u128) -> Self {
        Self(U256::from(value))
    }
}

impl TryFrom<Int> for u64 {
    type Error = Error;

    fn try_from(value: Int) -> Result<Self, Error> {
        Self::try_from(value.0).map_err(|_| Error::Overflow { operation: "the conversion to 64 bits" })
    }
}

impl TryFrom<Int> for u128 {
    type Error = Error;

    fn try_from(value: Int) -> Result<Self, Error> {
        Self::try_from(value.0).map_err(|_| Error::Overflow { operation: "the conversion to 128 bits" })
    }
}
