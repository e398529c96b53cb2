//! Quantities as the reference parser reads them.
//!
//! It reads a floating-point number, multiplies and cuts off. The result goes into the manifest and so into the hash
//! on chain: 1.005 cores are 1004 thousandths there, and must be 1004 here. That is why this file computes with
//! floats; nothing here is money.

const BINARY: &[(&str, u32)] = &[("Ki", 1), ("Mi", 2), ("Gi", 3), ("Ti", 4), ("Pi", 5), ("Ei", 6)];
const DECIMAL: &[(&str, u32)] = &[("k", 1), ("M", 2), ("G", 3), ("T", 4), ("P", 5), ("E", 6)];

/// Thousandths of a core: `100m`, `0.5`, `2`.
pub(super) fn millicores(text: &str) -> Option<u64> {
    match text.strip_suffix('m') {
        Some(number) => whole(number).filter(|number| u32::try_from(*number).is_ok()),
        None => scaled(text, 1000).filter(|number| u32::try_from(*number).is_ok()),
    }
}

/// Bytes: `512Mi`, `1.5Gi`, `2G`, `1024`.
pub(super) fn bytes(text: &str) -> Option<u64> {
    let units = BINARY.iter().map(|(suffix, power)| (*suffix, 1024_u64.pow(*power)));
    with_suffix(text, units.chain(DECIMAL.iter().map(|(suffix, power)| (*suffix, 1000_u64.pow(*power)))))
}

/// Bytes with a binary suffix or none: `80Gi`.
pub(super) fn binary_bytes(text: &str) -> Option<u64> {
    with_suffix(text, BINARY.iter().map(|(suffix, power)| (*suffix, 1024_u64.pow(*power))))
}

/// A whole number in plain digits.
pub(super) fn whole(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn with_suffix(text: &str, mut units: impl Iterator<Item = (&'static str, u64)>) -> Option<u64> {
    match units.find_map(|(suffix, factor)| Some((text.strip_suffix(suffix)?, factor))) {
        Some((number, factor)) => scaled(number, factor),
        None => scaled(text, 1),
    }
}

#[expect(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the reference parser computes so, and the hash on chain depends on its result"
)]
fn scaled(text: &str, factor: u64) -> Option<u64> {
    const TWO_TO_64: f64 = 18_446_744_073_709_551_616.0;
    let number: f64 = text.parse().ok()?;
    let product = number * factor as f64;
    (number.is_finite() && (0.0..TWO_TO_64).contains(&product)).then_some(product as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_the_reference_parsers() {
        for (text, expected) in [("100m", 100), ("0.5", 500), ("2", 2000), ("1.005", 1004), ("1e1", 10_000)] {
            assert_eq!(millicores(text), Some(expected), "{text}");
        }
        for text in ["", "m", "-1", "1.5m", "x", "inf", "NaN", "5000000"] {
            assert_eq!(millicores(text), None, "{text:?}");
        }
        for (text, expected) in [("512Mi", 536_870_912), ("1.5Gi", 1_610_612_736), ("2G", 2_000_000_000), ("7.9", 7)] {
            assert_eq!(bytes(text), Some(expected), "{text}");
        }
        for text in ["", "Gi", "-1Gi", "1GB", "1gi", "99999999Ei"] {
            assert_eq!(bytes(text), None, "{text:?}");
        }
        assert_eq!(binary_bytes("80Gi"), Some(80 << 30));
        assert_eq!(binary_bytes("80G"), None);
    }
}
