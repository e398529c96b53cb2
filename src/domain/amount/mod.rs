//! Amounts of money and prices, exact.
//!
//! - [`Int`]: a whole number of the smallest unit, 0 … 2²⁵⁶−1 (the chain's `Int`).
//! - [`Dec18`]: a signed number with exactly 18 decimal places (the chain's `LegacyDec`): prices, rates, balances.
//! - [`Denom`], [`Coin`] and [`DecCoin`]: a denomination, and an amount of one.
//!
//! Promise: nothing here rounds unless the caller names a [`Rounding`], nothing wraps, and what does not fit is an
//! [`Error`]. Texts are strict: no exponent, no sign `+`, no blanks, no `_`, no leading zeros, so that an amount has
//! one spelling. There are no floats.
//!
//! Each type has two texts: the one for people and files (`Display` and `FromStr`: `0.025`) and the one in protobuf
//! fields (`to_wire` and `from_wire`: `25000000000000000`). Serde uses the first, always as a string.

mod coin;
mod dec18;
mod denom;
mod error;
mod int;
mod rounding;
mod text;

pub use coin::{Coin, DecCoin};
pub use dec18::{Dec18, Fixed};
pub use denom::Denom;
pub use error::Error;
pub use int::Int;
pub use rounding::Rounding;

#[cfg(test)]
mod tests;
