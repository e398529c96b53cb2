//! Times of metering: whole seconds in UTC.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A second since 1970 in UTC. Windows begin and end at whole seconds because the chain's periods do.
///
/// It knows no zone and no summer time: an hour is always 3600 of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

impl Moment {
    /// The second that has begun.
    pub fn of(time: Timestamp) -> Self {
        // `as_second` cuts toward zero, which before 1970 is the second after.
        Self(time.as_second() - i64::from(time.subsec_nanosecond() < 0))
    }

    /// As a point in time; the end of the calendar for a number beyond it.
    pub fn timestamp(self) -> Timestamp {
        let end = if self.0 < 0 { Timestamp::MIN } else { Timestamp::MAX };
        Timestamp::from_second(self.0).unwrap_or(end)
    }

    /// How many seconds lie between an earlier moment and this one; below zero where that is later.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// So much later.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(seconds(span)))
    }

    /// The first boundary after this moment. Boundaries are multiples of the interval since 1970 in UTC, so an hour
    /// begins at the full hour and a day at midnight, also on the days on which a clock on the wall is set.
    #[must_use]
    pub fn next_boundary(self, interval: Duration) -> Self {
        let interval = seconds(interval).max(1);
        Self(self.0.div_euclid(interval).saturating_add(1).saturating_mul(interval))
    }
}

/// The whole seconds of a span.
pub fn seconds(span: Duration) -> i64 {
    i64::try_from(span.as_secs()).unwrap_or(i64::MAX)
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.timestamp().fmt(f)
    }
}

impl FromStr for Moment {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        text.parse().map(Self::of)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        text.parse().unwrap()
    }

    #[test]
    fn boundaries_are_those_of_utc() {
        let hour = Duration::from_hours(1);
        assert_eq!(at("2026-01-30T00:00:00Z").next_boundary(hour), at("2026-01-30T01:00:00Z"));
        assert_eq!(at("2026-01-30T00:59:59Z").next_boundary(hour), at("2026-01-30T01:00:00Z"));
        assert_eq!(at("2026-01-30T23:10:00Z").next_boundary(24 * hour), at("2026-01-31T00:00:00Z"));
        assert_eq!(at("1969-12-31T23:30:00Z").next_boundary(hour), at("1970-01-01T00:00:00Z"));
    }

    #[test]
    fn a_clock_on_the_wall_that_is_set_changes_no_window() {
        // In Berlin 02:00 to 03:00 exists twice on this day; in UTC no hour does.
        let (first, second) = (at("2026-10-25T02:30:00+02:00"), at("2026-10-25T02:30:00+01:00"));
        assert_eq!(second.since(first), 3600);
        let hour = Duration::from_hours(1);
        assert_eq!(second.next_boundary(hour).since(first.next_boundary(hour)), 3600);
        // A day of 25 hours there is one of 24 here.
        let day = 24 * hour;
        assert_eq!(first.next_boundary(day).since(Moment(first.next_boundary(day).0 - 1)), 1);
    }

    #[test]
    fn shown_as_the_operations_manual_shows_it() {
        assert_eq!(at("2026-01-30T01:00:00.999Z").to_string(), "2026-01-30T01:00:00Z");
        assert_eq!(at("1969-12-31T23:59:58.5Z"), Moment(-2));
        assert_eq!(serde_json::to_string(&Moment(0)).unwrap(), r#""1970-01-01T00:00:00Z""#);
    }
}
