//! Auto-heal: when a restart of a failed workload is due.
//!
//! The waits are a ladder: the first restart waits the configured delay, each further one twice as long, up to half an
//! hour. Whoever ran for a while without failing begins at the foot of it again.

use std::time::Duration;

use jiff::Timestamp;

/// The longest wait before a restart, unless the configured delay itself is longer.
pub const LONGEST_WAIT: Duration = Duration::from_mins(30);

/// How failed workloads are restarted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Restart at all.
    pub enabled: bool,
    /// Restarts in a row, at most.
    pub max_restarts: u32,
    /// Wait before the first.
    pub delay: Duration,
    /// After so long without a failure the count begins anew.
    pub stable_after: Duration,
}

/// The restarts of a workload so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Restarts {
    /// How many in a row.
    pub count: u32,
    /// When the last one was; none before the first.
    pub last: Option<Timestamp>,
}

/// What to do about a failed workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Restart it now: this is the so-manieth in a row.
    Restart(u32),
    /// Not before then.
    Wait(Timestamp),
    /// There were as many as there may be.
    UsedUp(u32),
    /// Restarts are switched off.
    Off,
}

/// The wait before the restart after so many.
pub fn wait(rules: &Rules, restarts: u32) -> Duration {
    let doubled = rules.delay.saturating_mul(1_u32.checked_shl(restarts.min(31)).unwrap_or(u32::MAX));
    doubled.min(LONGEST_WAIT.max(rules.delay))
}

/// What to do about a workload that failed at `failed`.
pub fn verdict(rules: &Rules, restarts: Restarts, failed: Timestamp, now: Timestamp) -> Verdict {
    if !rules.enabled {
        return Verdict::Off;
    }
    if restarts.count >= rules.max_restarts {
        return Verdict::UsedUp(restarts.count);
    }
    let due = failed.saturating_add(wait(rules, restarts.count)).unwrap_or(failed);
    if now < due { Verdict::Wait(due) } else { Verdict::Restart(restarts.count.saturating_add(1)) }
}

/// The restarts that still count for a workload that has run since then.
pub fn settled(rules: &Rules, restarts: Restarts, running_since: Timestamp, now: Timestamp) -> Restarts {
    let stable = running_since.saturating_add(rules.stable_after).is_ok_and(|then| now >= then);
    if stable { Restarts::default() } else { restarts }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: Rules =
        Rules { enabled: true, max_restarts: 8, delay: Duration::from_secs(30), stable_after: Duration::from_mins(10) };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn after(count: u32) -> Restarts {
        Restarts { count, last: Some(at(0)) }
    }

    #[test]
    fn the_ladder() {
        let waits: Vec<u64> = (0..9).map(|restarts| wait(&RULES, restarts).as_secs()).collect();
        assert_eq!(waits, [30, 60, 120, 240, 480, 960, 1800, 1800, 1800]);
        assert_eq!(wait(&Rules { delay: Duration::ZERO, ..RULES }, 40), Duration::ZERO);
        assert_eq!(wait(&Rules { delay: Duration::from_hours(2), ..RULES }, 3), Duration::from_hours(2));
        assert_eq!(wait(&RULES, u32::MAX), LONGEST_WAIT);
    }

    #[test]
    fn a_restart_is_due_after_its_wait_and_not_before() {
        assert_eq!(verdict(&RULES, after(1), at(100), at(159)), Verdict::Wait(at(160)));
        assert_eq!(verdict(&RULES, after(1), at(100), at(160)), Verdict::Restart(2));
        assert_eq!(verdict(&RULES, after(8), at(100), at(9_999)), Verdict::UsedUp(8));
        let off = Rules { enabled: false, ..RULES };
        assert_eq!(verdict(&off, after(0), at(0), at(9_999)), Verdict::Off);
        // A clock that was set back makes nothing due.
        assert_eq!(verdict(&RULES, after(0), at(100), at(0)), Verdict::Wait(at(130)));
    }

    #[test]
    fn whoever_ran_long_enough_begins_anew() {
        assert_eq!(settled(&RULES, after(3), at(0), at(599)), after(3));
        assert_eq!(settled(&RULES, after(3), at(0), at(600)), Restarts::default());
    }
}
