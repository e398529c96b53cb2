//! Between text on the wire and exact amounts, and between times.
//!
//! Reading checks and names the message that is wrong; writing cannot fail.

use crate::chain::wire::base::ResourceValue;
use crate::chain::wire::cosmos::coin;
use crate::chain::wire::escrow::Balance;
use crate::domain::amount::{self, Dec18, DecCoin, Denom, Int};
use crate::domain::fault::{Classified, Fault};
use prost_types::Timestamp;

/// Why a field of a message cannot be what it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The amount of a coin, a balance or a resource.
    #[error("the chain sent {message} with a malformed amount")]
    Amount {
        /// The message, with its article.
        message: &'static str,
        /// What is wrong with it.
        #[source]
        source: amount::Error,
    },
    /// The denomination of a coin or a balance.
    #[error("the chain sent {message} with a malformed denomination")]
    Denomination {
        /// The message, with its article.
        message: &'static str,
        /// What is wrong with it.
        #[source]
        source: amount::Error,
    },
    /// A time outside of the years that exist here (−9999 … 9999).
    #[error("the chain sent the time {seconds} s {nanos} ns, which is no time")]
    Time {
        /// Seconds since 1970.
        seconds: i64,
        /// Nanoseconds within the second.
        nanos: i32,
    },
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        Fault::Invalid
    }
}

const COIN: &str = "a Coin";
const DEC_COIN: &str = "a DecCoin";
const BALANCE: &str = "a Balance";
const RESOURCE_VALUE: &str = "a ResourceValue";

fn denomination(message: &'static str, text: &str) -> Result<Denom, Error> {
    text.parse().map_err(|source| Error::Denomination { message, source })
}

fn whole(message: &'static str, field: &[u8]) -> Result<Int, Error> {
    Int::from_wire(field).map_err(|source| Error::Amount { message, source })
}

fn decimal(message: &'static str, denom: &str, amount: &str) -> Result<DecCoin, Error> {
    let amount = Dec18::from_wire(amount).map_err(|source| Error::Amount { message, source })?;
    Ok(DecCoin { amount, denom: denomination(message, denom)? })
}

impl TryFrom<&coin::Coin> for amount::Coin {
    type Error = Error;

    fn try_from(coin: &coin::Coin) -> Result<Self, Error> {
        Ok(Self { amount: whole(COIN, coin.amount.as_bytes())?, denom: denomination(COIN, &coin.denom)? })
    }
}

impl From<&amount::Coin> for coin::Coin {
    fn from(coin: &amount::Coin) -> Self {
        Self { denom: coin.denom.to_string(), amount: coin.amount.to_wire() }
    }
}

impl TryFrom<&coin::DecCoin> for DecCoin {
    type Error = Error;

    fn try_from(coin: &coin::DecCoin) -> Result<Self, Error> {
        decimal(DEC_COIN, &coin.denom, &coin.amount)
    }
}

impl From<&DecCoin> for coin::DecCoin {
    fn from(coin: &DecCoin) -> Self {
        Self { denom: coin.denom.to_string(), amount: coin.amount.to_wire() }
    }
}

impl TryFrom<&Balance> for DecCoin {
    type Error = Error;

    fn try_from(balance: &Balance) -> Result<Self, Error> {
        decimal(BALANCE, &balance.denom, &balance.amount)
    }
}

impl From<&DecCoin> for Balance {
    fn from(coin: &DecCoin) -> Self {
        Self { denom: coin.denom.to_string(), amount: coin.amount.to_wire() }
    }
}

impl TryFrom<&ResourceValue> for Int {
    type Error = Error;

    fn try_from(value: &ResourceValue) -> Result<Self, Error> {
        whole(RESOURCE_VALUE, &value.val)
    }
}

impl From<Int> for ResourceValue {
    fn from(value: Int) -> Self {
        Self { val: value.to_wire().into_bytes() }
    }
}

/// The time that a message holds.
pub fn time_from_wire(time: &Timestamp) -> Result<jiff::Timestamp, Error> {
    // A negative nanosecond is valid for jiff but not for protobuf, which counts them forward.
    u32::try_from(time.nanos)
        .ok()
        .and_then(|_| jiff::Timestamp::new(time.seconds, time.nanos).ok())
        .ok_or(Error::Time { seconds: time.seconds, nanos: time.nanos })
}

/// The time for a message.
pub fn time_to_wire(time: jiff::Timestamp) -> Timestamp {
    const NANOS: i32 = 1_000_000_000;
    let (seconds, nanos) = (time.as_second(), time.subsec_nanosecond());
    // jiff gives both one sign; protobuf wants the nanoseconds counted forward.
    if nanos < 0 { Timestamp { seconds: seconds - 1, nanos: nanos + NANOS } } else { Timestamp { seconds, nanos } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wire(denom: &str, amount: &str) -> coin::DecCoin {
        coin::DecCoin { denom: denom.to_owned(), amount: amount.to_owned() }
    }

    #[test]
    fn prices_keep_every_digit() {
        let price = DecCoin::try_from(&wire("uve", "1437000000000001")).unwrap();
        assert_eq!(price.to_string(), "0.001437000000000001uve");
        assert_eq!(coin::DecCoin::from(&price), wire("uve", "1437000000000001"));
        let overdrawn = Balance { denom: "uve".to_owned(), amount: "-2500000000000000000".to_owned() };
        let funds = DecCoin::try_from(&overdrawn).unwrap();
        assert!(funds.amount.is_negative());
        assert_eq!(Balance::from(&funds), overdrawn);
    }

    #[test]
    fn amounts_and_quantities_keep_every_digit() {
        let coin = coin::Coin { denom: "uve".to_owned(), amount: "500000".to_owned() };
        let read = amount::Coin::try_from(&coin).unwrap();
        assert_eq!(read.to_string(), "500000uve");
        assert_eq!(coin::Coin::from(&read), coin);
        let cpu = ResourceValue { val: b"1500".to_vec() };
        assert_eq!(Int::try_from(&cpu).unwrap(), Int::from(1500u64));
        assert_eq!(ResourceValue::from(Int::from(1500u64)), cpu);
    }

    #[test]
    fn a_hostile_answer_is_an_error_that_names_the_message() {
        let cases = [("uve", "1.5"), ("uve", ""), ("uve", "1e9")];
        for (denom, amount) in cases {
            let error = DecCoin::try_from(&wire(denom, amount)).unwrap_err();
            assert_eq!(error.to_string(), "the chain sent a DecCoin with a malformed amount");
        }
        assert!(matches!(DecCoin::try_from(&wire("", "1")), Err(Error::Denomination { .. })));
        assert!(Int::try_from(&ResourceValue { val: vec![0xff] }).is_err());
    }

    #[test]
    fn times_before_1970_count_their_nanoseconds_forward() {
        let time: jiff::Timestamp = "1969-12-31T23:59:59.25Z".parse().unwrap();
        assert_eq!(time_to_wire(time), Timestamp { seconds: -1, nanos: 250_000_000 });
        for (seconds, nanos) in [(0, -1), (0, 1_000_000_000), (i64::MAX, 0)] {
            assert!(time_from_wire(&Timestamp { seconds, nanos }).is_err(), "{seconds} s {nanos} ns");
        }
        // What Go writes for a time that was never set.
        let never = Timestamp { seconds: -62_135_596_800, nanos: 0 };
        assert_eq!(time_from_wire(&never).unwrap().to_string(), "0001-01-01T00:00:00Z");
    }

    proptest! {
        #[test]
        fn times_survive(seconds in -377_705_023_201i64..=253_402_207_199, nanos in 0i32..1_000_000_000) {
            let time = Timestamp { seconds, nanos };
            prop_assert_eq!(time_to_wire(time_from_wire(&time).unwrap()), time);
        }
    }
}
