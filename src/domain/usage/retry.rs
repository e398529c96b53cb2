//! When a failed submission is tried again.

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::amount::{Dec18, Rounding};

/// How often, and how far apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retries {
    /// How often at most.
    pub max: u32,
    /// The wait before the first.
    pub delay: Duration,
    /// Each further wait is so many times the one before.
    pub backoff: Dec18,
}

/// No wait is longer.
const LONGEST: Duration = Duration::from_hours(24);

impl Retries {
    /// When to try again after so many failures, the last one now; `None` when the retries are used up.
    pub fn after(&self, failures: u32, now: Timestamp) -> Option<Timestamp> {
        if failures > self.max {
            return None;
        }
        let longest = Dec18::from(LONGEST.as_secs());
        let mut wait = Dec18::from(self.delay.as_secs().max(1));
        for _ in 1..failures {
            if wait >= longest {
                break;
            }
            wait = wait.checked_mul(self.backoff, Rounding::Up).unwrap_or(longest);
        }
        let seconds = wait.min(longest).to_int(Rounding::Up).ok().and_then(|whole| u64::try_from(whole).ok());
        now.checked_add(Duration::from_secs(seconds.unwrap_or(LONGEST.as_secs()))).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let retries = Retries { max: 5, delay: Duration::from_secs(30), backoff: Dec18::from(2_u64) };
        let now = Timestamp::UNIX_EPOCH;
        let waits: Vec<_> = (1..=6).map(|failures| retries.after(failures, now).map(Timestamp::as_second)).collect();
        assert_eq!(waits, [Some(30), Some(60), Some(120), Some(240), Some(480), None]);
        let patient = Retries { max: 1000, ..retries };
        assert_eq!(patient.after(1000, now).unwrap().as_second(), 86_400);
        assert_eq!(Retries { max: 0, ..retries }.after(1, now), None);
    }
}
