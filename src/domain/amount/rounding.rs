//! Named rounding.

use ruint::aliases::{U256, U512};

/// What to do with the part of an exact result that cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// Cut it off: toward zero. What the chain does when it pays out (`Truncate`).
    Down,
    /// Away from zero whenever anything would be lost. For fees and deposits, which must never be too small.
    Up,
    /// To the nearest; a tie goes to the even neighbour. What the chain's `LegacyDec.Mul` and `Quo` do.
    HalfEven,
}

impl Rounding {
    /// `dividend / divisor`, rounded; `None` for a division by zero and where the result exceeds 256 bits.
    pub(super) fn divide(self, dividend: U512, divisor: U512) -> Option<U256> {
        let quotient = dividend.checked_div(divisor)?;
        let remainder = dividend.checked_rem(divisor)?;
        let away = match self {
            Self::Down => false,
            Self::Up => !remainder.is_zero(),
            Self::HalfEven => {
                let missing = divisor - remainder;
                remainder > missing || (remainder == missing && quotient.bit(0))
            }
        };
        let rounded = quotient.checked_add(U512::from(u8::from(away)))?;
        U256::checked_from_limbs_slice(rounded.as_limbs())
    }

    /// `dividend / divisor`, rounded, for a divisor from one up: the result is never larger than the dividend.
    pub(super) fn divide_short(self, dividend: U256, divisor: U256) -> U256 {
        let (quotient, remainder) = dividend.div_rem(divisor);
        let away = match self {
            Self::Down => false,
            Self::Up => !remainder.is_zero(),
            Self::HalfEven => {
                let missing = divisor - remainder;
                remainder > missing || (remainder == missing && quotient.bit(0))
            }
        };
        // A remainder means a divisor of two or more, so the quotient has room.
        quotient + U256::from(u8::from(away))
    }
}
