//! Amounts of computing: processor time and bytes, with the units that Kubernetes made usual.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::amount::Dec18;

/// Thousandths of a processor core.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MilliCpu(pub u64);

/// Bytes of memory or storage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Bytes(pub u64);

/// Why a text is not a quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// Not a number with a known unit.
    #[error("a number of cores is written 4, 0.5 or 500m")]
    NotCpu,
    /// Not a number with a known unit.
    #[error("a size is written 512Mi, 64Gi, 10Ti (powers of 1024) or 500M, 2G (powers of 1000)")]
    NotBytes,
    /// Finer than the smallest unit.
    #[error("finer than a thousandth of a core")]
    CpuTooFine,
    /// Finer than a byte.
    #[error("not a whole number of bytes")]
    BytesTooFine,
    /// Beyond 64 bits.
    #[error("too large")]
    TooLarge,
}

const BINARY: &[(&str, u32)] = &[("Ki", 1), ("Mi", 2), ("Gi", 3), ("Ti", 4), ("Pi", 5), ("Ei", 6)];
const DECIMAL: &[(&str, u32)] = &[("k", 1), ("M", 2), ("G", 3), ("T", 4), ("P", 5), ("E", 6)];

impl FromStr for MilliCpu {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        if let Some(number) = text.strip_suffix('m') {
            return whole(number).map(Self).ok_or(QuantityError::NotCpu);
        }
        scaled(text, 1000, QuantityError::NotCpu, QuantityError::CpuTooFine).map(Self)
    }
}

impl fmt::Display for MilliCpu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_multiple_of(1000) { write!(f, "{}", self.0 / 1000) } else { write!(f, "{}m", self.0) }
    }
}

impl FromStr for Bytes {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let units = BINARY.iter().map(|(unit, power)| (*unit, 1024_u64.pow(*power)));
        let units = units.chain(DECIMAL.iter().map(|(unit, power)| (*unit, 1000_u64.pow(*power))));
        for (unit, factor) in units {
            if let Some(number) = text.strip_suffix(unit) {
                return scaled(number, factor, QuantityError::NotBytes, QuantityError::BytesTooFine).map(Self);
            }
        }
        scaled(text, 1, QuantityError::NotBytes, QuantityError::BytesTooFine).map(Self)
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (unit, power) in BINARY.iter().rev() {
            let factor = 1024_u64.pow(*power);
            if self.0 >= factor && self.0.is_multiple_of(factor) {
                return write!(f, "{}{unit}", self.0 / factor);
            }
        }
        write!(f, "{}", self.0)
    }
}

fn whole(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// A decimal number times a factor, which must come out whole.
fn scaled(text: &str, factor: u64, form: QuantityError, fine: QuantityError) -> Result<u64, QuantityError> {
    let number: Dec18 = text.parse().map_err(|_| form)?;
    if number.is_negative() || !text.starts_with(|first: char| first.is_ascii_digit()) {
        return Err(form);
    }
    let product =
        number.checked_mul(Dec18::from(factor), super::amount::Rounding::Down).map_err(|_| QuantityError::TooLarge)?;
    let shown = product.to_string();
    if shown.contains('.') {
        return Err(fine);
    }
    shown.parse().map_err(|_| QuantityError::TooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_cores() {
        for (text, milli) in [("4", 4000), ("0.5", 500), ("500m", 500), ("100", 100_000), ("1.0", 1000), ("0", 0)] {
            assert_eq!(text.parse(), Ok(MilliCpu(milli)), "{text}");
        }
        assert_eq!("0.0005".parse::<MilliCpu>(), Err(QuantityError::CpuTooFine));
        for text in ["", "m", "-1", "four", "1 ", "0.5m", "1e3", ".5"] {
            assert_eq!(text.parse::<MilliCpu>(), Err(QuantityError::NotCpu), "{text:?}");
        }
    }

    #[test]
    fn reads_sizes() {
        for (text, bytes) in [
            ("512Mi", 536_870_912),
            ("10Ti", 10_995_116_277_760),
            ("1.5Gi", 1_610_612_736),
            ("2G", 2_000_000_000),
            ("1024", 1024),
        ] {
            assert_eq!(text.parse(), Ok(Bytes(bytes)), "{text}");
        }
        assert_eq!("0.3Ki".parse::<Bytes>(), Err(QuantityError::BytesTooFine));
        assert_eq!("99999999Ei".parse::<Bytes>(), Err(QuantityError::TooLarge));
        for text in ["", "Gi", "-1Gi", "1GB", "1 Gi", "1gi"] {
            assert_eq!(text.parse::<Bytes>(), Err(QuantityError::NotBytes), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn shows_what_it_reads(number: u64) {
            prop_assert_eq!(Bytes(number).to_string().parse(), Ok(Bytes(number)));
            prop_assert_eq!(MilliCpu(number).to_string().parse(), Ok(MilliCpu(number)));
        }
    }
}
