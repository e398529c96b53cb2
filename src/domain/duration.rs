//! Spans of time as people write them: `30s`, `5m`, `24h`, `1h30m`, `7d`.

use std::fmt;
use std::time::Duration;

/// Why a text is not a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    /// Nothing was given.
    #[error("a duration is empty; write for example 30s, 5m, 24h or 7d")]
    Empty,
    /// A number stands without a unit (and is not a plain 0).
    #[error("a duration needs a unit: s, m, h or d, as in 30s or 24h (ms for milliseconds)")]
    NoUnit,
    /// The unit is none of ms, s, m, h, d.
    #[error("unknown unit in a duration; the units are ms, s, m, h and d")]
    UnknownUnit,
    /// A unit appears twice or out of order (`5m1h`).
    #[error("the units of a duration stand once each, largest first, as in 1h30m")]
    Order,
    /// No digits where a number belongs.
    #[error("a duration is a whole number and a unit, as in 30s")]
    NotANumber,
    /// More than a thousand years.
    #[error("a duration is too long; the longest is 365000d")]
    TooLong,
}

const UNITS: &[(&str, u64)] = &[("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];
const LONGEST_MS: u64 = 365_000 * 86_400_000;

/// Reads a duration: whole numbers with the units `d h m s ms`, each once, largest first. `0` needs no unit.
pub fn parse(text: &str) -> Result<Duration, DurationError> {
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(DurationError::Empty);
    }
    if rest == "0" {
        return Ok(Duration::ZERO);
    }
    let mut total: u64 = 0;
    let mut smallest = u64::MAX;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or(DurationError::NoUnit)?;
        let (number, tail) = rest.split_at(digits);
        if number.is_empty() {
            return Err(DurationError::NotANumber);
        }
        let letters = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
        let (unit, after) = tail.split_at(letters);
        if unit.is_empty() {
            return Err(DurationError::NotANumber);
        }
        let scale =
            UNITS.iter().find(|(name, _)| *name == unit).map(|(_, ms)| *ms).ok_or(DurationError::UnknownUnit)?;
        if scale >= smallest {
            return Err(DurationError::Order);
        }
        smallest = scale;
        let number: u64 = number.parse().map_err(|_| DurationError::TooLong)?;
        let span = number.checked_mul(scale).ok_or(DurationError::TooLong)?;
        total = total.checked_add(span).filter(|ms| *ms <= LONGEST_MS).ok_or(DurationError::TooLong)?;
        rest = after;
    }
    Ok(Duration::from_millis(total))
}

/// Shows a duration in the form that [`parse`] reads, in the largest units that are exact: `1h30m`, `24h`, `7d`.
/// Whole days are shown as days from two days on, so that `24h` stays `24h`.
pub fn display(span: Duration) -> impl fmt::Display {
    Shown(span)
}

struct Shown(Duration);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut left = u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX);
        if left == 0 {
            return f.write_str("0s");
        }
        for (unit, scale) in UNITS {
            if *unit == "d" && (left < 2 * scale || left % scale != 0) {
                continue;
            }
            let count = left / scale;
            if count > 0 {
                write!(f, "{count}{unit}")?;
                left %= scale;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_the_documents_write() {
        for (text, seconds) in
            [("30s", 30), ("5m", 300), ("24h", 86_400), ("720h", 2_592_000), ("1h30m", 5_400), ("7d", 604_800)]
        {
            assert_eq!(parse(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        assert_eq!(parse("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(parse("0"), Ok(Duration::ZERO));
    }

    #[test]
    fn refuses_the_rest() {
        for (text, why) in [
            ("", DurationError::Empty),
            ("30", DurationError::NoUnit),
            ("30x", DurationError::UnknownUnit),
            ("h", DurationError::NotANumber),
            ("-5m", DurationError::NotANumber),
            ("1.5h", DurationError::NotANumber),
            ("5m1h", DurationError::Order),
            ("1h1h", DurationError::Order),
            ("99999999999999999999d", DurationError::TooLong),
            ("365001d", DurationError::TooLong),
        ] {
            assert_eq!(parse(text), Err(why), "{text}");
        }
    }

    proptest! {
        #[test]
        fn shows_what_it_reads(ms in 0_u64..LONGEST_MS) {
            let span = Duration::from_millis(ms);
            prop_assert_eq!(parse(&display(span).to_string()), Ok(span));
        }

        #[test]
        fn never_panics(text in ".*") {
            let _ = parse(&text);
        }
    }
}
