//! Points in time as people write them on a command line: RFC 3339, a date, `48h`, `48 hours ago`.

use jiff::{Timestamp, civil, tz::TimeZone};

use super::duration;

/// Why a text is not a point in time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WhenError {
    /// None of the accepted forms.
    #[error("`{0}` is not a time; write 2026-01-31T12:00:00Z, 2026-01-31, 48h or '48 hours ago'")]
    Form(String),
    /// A span that leads out of the calendar.
    #[error("`{0}` lies outside the calendar")]
    Range(String),
}

/// Reads a point in time.
///
/// RFC 3339 stands for itself; a date is its midnight in UTC; `now`, a span (`48h`, `7d`) and a span in words
/// (`48 hours ago`) count back from `now`.
pub fn parse(text: &str, now: Timestamp) -> Result<Timestamp, WhenError> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("now") {
        return Ok(now);
    }
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time);
    }
    if let Ok(date) = text.parse::<civil::Date>() {
        let midnight = date.to_zoned(TimeZone::UTC).map_err(|_| WhenError::Range(text.to_owned()))?;
        return Ok(midnight.timestamp());
    }
    let span = match duration::parse(text) {
        Ok(span) => span,
        Err(_) => in_words(text).ok_or_else(|| WhenError::Form(text.to_owned()))?,
    };
    now.checked_sub(span).map_err(|_| WhenError::Range(text.to_owned()))
}

/// `48 hours ago`, `1 day ago`, `2 weeks ago`: one number, one unit, `ago`.
fn in_words(text: &str) -> Option<std::time::Duration> {
    let mut words = text.split_ascii_whitespace();
    let (number, unit, ago) = (words.next()?, words.next()?, words.next()?);
    if words.next().is_some() || !ago.eq_ignore_ascii_case("ago") {
        return None;
    }
    let number: u64 = number.parse().ok()?;
    let unit = unit.to_ascii_lowercase();
    let seconds = match unit.strip_suffix('s').unwrap_or(&unit) {
        "second" | "sec" => 1,
        "minute" | "min" => 60,
        "hour" => 3_600,
        "day" => 86_400,
        "week" => 604_800,
        _ => return None,
    };
    number.checked_mul(seconds).map(std::time::Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn reads_each_form() {
        let now = at("2026-01-31T12:00:00Z");
        for (text, want) in [
            ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
            ("2026-01-01T02:00:00+02:00", "2026-01-01T00:00:00Z"),
            ("2026-01-01", "2026-01-01T00:00:00Z"),
            ("48h", "2026-01-29T12:00:00Z"),
            ("7d", "2026-01-24T12:00:00Z"),
            ("48 hours ago", "2026-01-29T12:00:00Z"),
            ("1 day ago", "2026-01-30T12:00:00Z"),
            ("2 weeks ago", "2026-01-17T12:00:00Z"),
            ("now", "2026-01-31T12:00:00Z"),
        ] {
            assert_eq!(parse(text, now), Ok(at(want)), "{text}");
        }
    }

    #[test]
    fn refuses_the_rest() {
        let now = at("2026-01-31T12:00:00Z");
        for text in ["", "yesterday", "48 hours", "ago", "2026-13-01", "5 parsecs ago", "1 hour ago please"] {
            assert!(matches!(parse(text, now), Err(WhenError::Form(_))), "{text}");
        }
        assert!(matches!(parse("99999999999999 weeks ago", now), Err(WhenError::Range(_) | WhenError::Form(_))));
        assert!(matches!(parse("365000d", at("-009000-01-01T00:00:00Z")), Err(WhenError::Range(_))));
    }
}
