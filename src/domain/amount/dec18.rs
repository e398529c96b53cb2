//! The exact decimal.

use super::text::{any_digits, canonical_digits, serde_as_text};
use super::{Error, Int, Rounding};
use ruint::aliases::{U256, U512};
use std::cmp::Ordering;
use std::fmt;
use std::ops::Neg;
use std::str::FromStr;

/// A signed decimal with exactly 18 places, the chain's `LegacyDec`.
///
/// It is kept as sign and magnitude × 10¹⁸ in 256 bits, so it reaches about ±1.15 × 10⁵⁹.
/// (The chain allows itself 316 bits for intermediate results; what it stores fits here, what does not is an error.)
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Dec18 {
    /// Never set for zero, so that equal values are equal bit by bit.
    negative: bool,
    magnitude: U256,
}

/// 10¹⁸.
const ONE: U256 = U256::from_limbs([1_000_000_000_000_000_000, 0, 0, 0]);

const EXPECTED: &str = "a decimal number (plain digits, at most one point)";
const EXPECTED_WIRE: &str = "an 18-digit decimal as on the wire (an integer, at most 256 bits)";

impl Dec18 {
    /// The number of decimal places.
    pub const PLACES: usize = 18;
    /// 0.
    pub const ZERO: Self = Self { negative: false, magnitude: U256::ZERO };
    /// 1.
    pub const ONE: Self = Self { negative: false, magnitude: ONE };
    /// The largest value.
    pub const MAX: Self = Self { negative: false, magnitude: U256::MAX };
    /// The smallest step, 10⁻¹⁸.
    pub const STEP: Self = Self { negative: false, magnitude: U256::ONE };

    fn new(negative: bool, magnitude: U256) -> Self {
        Self { negative: negative && !magnitude.is_zero(), magnitude }
    }

    /// `value` × 10⁻¹⁸.
    pub fn from_scaled(value: i128) -> Self {
        Self::new(value < 0, U256::from(value.unsigned_abs()))
    }

    /// Whether this is zero.
    pub fn is_zero(self) -> bool {
        self.magnitude.is_zero()
    }

    /// Whether this is below zero.
    pub const fn is_negative(self) -> bool {
        self.negative
    }

    /// Whether this is above zero.
    pub fn is_positive(self) -> bool {
        !self.negative && !self.is_zero()
    }

    /// The value without its sign.
    #[must_use]
    pub const fn abs(self) -> Self {
        Self { negative: false, magnitude: self.magnitude }
    }

    /// The exact sum.
    pub fn checked_add(self, other: Self) -> Result<Self, Error> {
        if self.negative == other.negative {
            let magnitude =
                self.magnitude.checked_add(other.magnitude).ok_or(Error::Overflow { operation: "an addition" })?;
            return Ok(Self::new(self.negative, magnitude));
        }
        Ok(if self.magnitude >= other.magnitude {
            Self::new(self.negative, self.magnitude - other.magnitude)
        } else {
            Self::new(other.negative, other.magnitude - self.magnitude)
        })
    }

    /// The exact difference.
    pub fn checked_sub(self, other: Self) -> Result<Self, Error> {
        self.checked_add(-other)
    }

    /// The product, computed exactly in 512 bits and then rounded to 18 places once.
    pub fn checked_mul(self, other: Self, rounding: Rounding) -> Result<Self, Error> {
        let product: U512 = self.magnitude.widening_mul(other.magnitude);
        let magnitude =
            rounding.divide(product, U512::from(ONE)).ok_or(Error::Overflow { operation: "a multiplication" })?;
        Ok(Self::new(self.negative != other.negative, magnitude))
    }

    /// The quotient, rounded to 18 places once.
    pub fn checked_div(self, other: Self, rounding: Rounding) -> Result<Self, Error> {
        if other.is_zero() {
            return Err(Error::DivisionByZero);
        }
        let dividend: U512 = self.magnitude.widening_mul(ONE);
        let magnitude = rounding
            .divide(dividend, U512::from(other.magnitude))
            .ok_or(Error::Overflow { operation: "a division" })?;
        Ok(Self::new(self.negative != other.negative, magnitude))
    }

    /// So many times this, exactly.
    pub fn checked_times(self, number: u128) -> Result<Self, Error> {
        let magnitude = self
            .magnitude
            .checked_mul(U256::from(number))
            .ok_or(Error::Overflow { operation: "a multiplication by a whole number" })?;
        Ok(Self::new(self.negative, magnitude))
    }

    /// One of so many equal parts of this, rounded to 18 places once.
    pub fn checked_part(self, number: u128, rounding: Rounding) -> Result<Self, Error> {
        if number == 0 {
            return Err(Error::DivisionByZero);
        }
        let magnitude = rounding.divide_short(self.magnitude, U256::from(number));
        Ok(Self::new(self.negative, magnitude))
    }

    /// Rounded to `places` decimal places (18 and more change nothing).
    pub fn round(self, places: usize, rounding: Rounding) -> Result<Self, Error> {
        const OVERFLOW: Error = Error::Overflow { operation: "a rounding" };
        let step = U256::from(10u8).pow(U256::from(Self::PLACES.saturating_sub(places)));
        let steps = rounding.divide(U512::from(self.magnitude), U512::from(step)).ok_or(OVERFLOW)?;
        let magnitude = steps.checked_mul(step).ok_or(OVERFLOW)?;
        Ok(Self::new(self.negative, magnitude))
    }

    /// The whole amount, rounded as told; an error when it is below zero after that.
    pub fn to_int(self, rounding: Rounding) -> Result<Int, Error> {
        let whole = rounding
            .divide(U512::from(self.magnitude), U512::from(ONE))
            .ok_or(Error::Overflow { operation: "a rounding" })?;
        if self.negative && !whole.is_zero() {
            return Err(Error::Negative { operation: "the conversion to a whole amount" });
        }
        Ok(Int(whole))
    }

    /// Reads the payload of a `LegacyDec` field: value × 10¹⁸ as an ASCII integer, perhaps with a `-`.
    pub fn from_wire(field: impl AsRef<[u8]>) -> Result<Self, Error> {
        let bytes = field.as_ref();
        let malformed = || Error::malformed(&String::from_utf8_lossy(bytes), EXPECTED_WIRE);
        let text = std::str::from_utf8(bytes).map_err(|_| malformed())?;
        let (negative, digits) = split_sign(text);
        let magnitude = canonical_digits(digits).ok_or_else(malformed)?;
        Ok(Self::new(negative, magnitude))
    }

    /// The payload of a `LegacyDec` field.
    pub fn to_wire(self) -> String {
        let sign = if self.negative { "-" } else { "" };
        format!("{sign}{}", self.magnitude)
    }

    /// Shows all 18 places, as the chain's JSON does: `1.500000000000000000`.
    pub const fn fixed(self) -> Fixed {
        Fixed(self)
    }

    fn whole_and_fraction(self) -> (U256, String) {
        let (whole, fraction) = self.magnitude.div_rem(ONE);
        (whole, format!("{fraction:0>18}"))
    }
}

fn split_sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    }
}

impl Neg for Dec18 {
    type Output = Self;

    fn neg(self) -> Self {
        Self::new(!self.negative, self.magnitude)
    }
}

impl Ord for Dec18 {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => self.magnitude.cmp(&other.magnitude),
            (true, true) => other.magnitude.cmp(&self.magnitude),
        }
    }
}

impl PartialOrd for Dec18 {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl FromStr for Dec18 {
    type Err = Error;

    /// Reads `-?digits[.digits]` with at most 18 places; `.5`, `1.`, `+1`, `1e3`, `01` and ` 1` are refused.
    fn from_str(text: &str) -> Result<Self, Error> {
        let malformed = || Error::malformed(text, EXPECTED);
        let (negative, number) = split_sign(text);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
        let whole = canonical_digits(whole).ok_or_else(malformed)?;
        let places = fraction.len();
        let fraction = any_digits(fraction).ok_or_else(malformed)?;
        let missing = Self::PLACES.checked_sub(places).ok_or_else(|| Error::too_precise(text))?;
        let fraction = fraction * U256::from(10u8).pow(U256::from(missing));
        let magnitude = whole
            .checked_mul(ONE)
            .and_then(|scaled| scaled.checked_add(fraction))
            .ok_or(Error::Overflow { operation: "reading a decimal" })?;
        Ok(Self::new(negative, magnitude))
    }
}

impl fmt::Display for Dec18 {
    /// The shortest exact text: `0.025`, `12`, `-1.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = self.whole_and_fraction();
        let fraction = fraction.trim_end_matches('0');
        let point = if fraction.is_empty() { "" } else { "." };
        f.pad_integral(!self.negative, "", &format!("{whole}{point}{fraction}"))
    }
}

/// A [`Dec18`] that is shown with all its 18 places.
#[derive(Debug, Clone, Copy)]
pub struct Fixed(Dec18);

impl fmt::Display for Fixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = self.0.whole_and_fraction();
        f.pad_integral(!self.0.negative, "", &format!("{whole}.{fraction}"))
    }
}

serde_as_text!(Dec18, "a decimal number in a string");

impl From<u32> for Dec18 {
    fn from(value: u32) -> Self {
        Self::from(u64::from(value))
    }
}

impl From<u64> for Dec18 {
    fn from(value: u64) -> Self {
        // 64 bits × 60 bits fit.
        Self::new(false, U256::from(value) * ONE)
    }
}

impl From<i64> for Dec18 {
    fn from(value: i64) -> Self {
        Self::new(value < 0, U256::from(value.unsigned_abs()) * ONE)
    }
}

impl TryFrom<Int> for Dec18 {
    type Error = Error;

    fn try_from(value: Int) -> Result<Self, Error> {
        let magnitude =
            value.0.checked_mul(ONE).ok_or(Error::Overflow { operation: "the conversion of a whole amount" })?;
        Ok(Self::new(false, magnitude))
    }
}
