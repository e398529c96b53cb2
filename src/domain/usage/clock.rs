//! Whether the clock on the wall went as time does.

use std::time::Duration;

use jiff::Timestamp;

/// Two clocks read at once: the one on the wall, and the one that only counts since the machine was started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clocks {
    /// The wall clock.
    pub wall: Timestamp,
    /// Which start of the machine.
    pub boot: String,
    /// How long ago that was, in microseconds.
    pub since_boot: i64,
}

/// How far the two may drift apart between two readings.
const TOLERANCE: Duration = Duration::from_mins(5);

/// How far the wall clock jumped ahead since an earlier reading. Windows closed by such a clock would end in the future,
/// and every later reading would come too late.
///
/// `None` for a clock that went right or was set back (that loses nothing), and where the machine was started anew in
/// between: then nobody knows.
pub fn jumped_ahead(before: &Clocks, now: &Clocks) -> Option<Duration> {
    if before.boot != now.boot {
        return None;
    }
    let wall = now.wall.as_microsecond().saturating_sub(before.wall.as_microsecond());
    let passed = now.since_boot.saturating_sub(before.since_boot);
    let ahead = u64::try_from(wall.saturating_sub(passed)).ok().map(Duration::from_micros)?;
    (ahead > TOLERANCE).then_some(ahead)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clocks(wall: i64, boot: &str, since_boot: i64) -> Clocks {
        Clocks {
            wall: Timestamp::from_second(wall).unwrap(),
            boot: boot.to_owned(),
            since_boot: since_boot * 1_000_000,
        }
    }

    #[test]
    fn only_a_jump_ahead_is_one() {
        let before = clocks(1000, "a", 10);
        assert_eq!(jumped_ahead(&before, &clocks(1060, "a", 70)), None);
        assert_eq!(jumped_ahead(&before, &clocks(1360, "a", 70)), None, "within the tolerance");
        assert_eq!(jumped_ahead(&before, &clocks(4660, "a", 70)), Some(Duration::from_hours(1)));
        assert_eq!(jumped_ahead(&before, &clocks(10, "a", 70)), None, "set back");
        assert_eq!(jumped_ahead(&before, &clocks(999_999, "b", 5)), None, "another start");
    }
}
