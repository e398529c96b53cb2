//! When an alert fires: one function for each kind, over plain numbers.

use std::time::Duration;

use super::{Condition, Kind, Severity};
use crate::domain::amount::{Dec18, Int, Rounding};
use crate::domain::bid::capacity::Difference;
use crate::domain::duration;

/// A share of something, as whole percent for a sentence.
fn percent(part: Dec18) -> String {
    let hundred = part.checked_mul(Dec18::from(100_u64), Rounding::Down);
    hundred
        .and_then(|hundred| hundred.to_int(Rounding::Down))
        .map_or_else(|_| "-".to_owned(), |whole| format!("{whole}%"))
}

/// `part ÷ whole`; nothing of nothing is no share.
fn share(part: u128, whole: u128) -> Option<Dec18> {
    let dec = |number: u128| Dec18::try_from(Int::from(number)).ok();
    dec(part)?.checked_div(dec(whole)?, Rounding::Down).ok()
}

fn over(kind: Kind, subject: &str, what: &str, part: Option<Dec18>, threshold: Dec18) -> Option<Condition> {
    let part = part.filter(|part| *part > threshold)?;
    let summary = format!("{what} of {subject} is at {} (more than {})", percent(part), percent(threshold));
    Some(Condition { kind, subject: subject.to_owned(), severity: Severity::Warning, summary })
}

/// A workload used more than a share of the processor time that is reserved for it, in some seconds.
pub fn high_cpu(
    workload: &str,
    milli_seconds: u128,
    reserved_milli: u64,
    seconds: u64,
    threshold: Dec18,
) -> Option<Condition> {
    let could = u128::from(reserved_milli) * u128::from(seconds);
    over(Kind::HighCpu, workload, "the processor", share(milli_seconds, could), threshold)
}

/// A workload held more than a share of the memory that is reserved for it, on average.
pub fn high_memory(
    workload: &str,
    byte_seconds: u128,
    reserved: u64,
    seconds: u64,
    threshold: Dec18,
) -> Option<Condition> {
    let could = u128::from(reserved) * u128::from(seconds);
    over(Kind::HighMemory, workload, "the memory", share(byte_seconds, could), threshold)
}

/// A workload has less than a share of its storage left.
pub fn low_storage(
    workload: &str,
    byte_seconds: u128,
    reserved: u64,
    seconds: u64,
    threshold: Dec18,
) -> Option<Condition> {
    let could = u128::from(reserved) * u128::from(seconds);
    let left = Dec18::ONE.checked_sub(share(byte_seconds, could)?).ok()?;
    let left = if left.is_negative() { Dec18::ZERO } else { left };
    (left < threshold).then(|| Condition {
        kind: Kind::LowStorage,
        subject: workload.to_owned(),
        severity: Severity::Warning,
        summary: format!("{workload} has {} of its storage left (less than {})", percent(left), percent(threshold)),
    })
}

/// The tenant's money lasts shorter than a time.
pub fn escrow(lease: &str, lasts: Duration, threshold: Duration) -> Option<Condition> {
    (lasts < threshold).then(|| {
        let hour = Duration::from_hours(1);
        let severity = if lasts < hour { Severity::Critical } else { Severity::Warning };
        let lasts = duration::display(Duration::from_secs(lasts.as_secs()));
        let summary = format!("the escrow of {lease} lasts for {lasts} (less than {})", duration::display(threshold));
        Condition { kind: Kind::EscrowLow, subject: lease.to_owned(), severity, summary }
    })
}

/// The least number of bids that says something.
const LEAST_BIDS: u64 = 10;

/// Fewer than a share of the bids of a day won.
pub fn bid_success(won: u64, decided: u64, threshold: Dec18) -> Option<Condition> {
    let part = share(won.into(), decided.into()).filter(|part| decided >= LEAST_BIDS && *part < threshold)?;
    Some(Condition {
        kind: Kind::BidSuccessLow,
        subject: String::new(),
        severity: Severity::Warning,
        summary: format!("{won} of {decided} bids won, {} (less than {})", percent(part), percent(threshold)),
    })
}

/// More than a share of the leases ended within an hour.
pub fn lease_closes(closed: u64, were: u64, threshold: Dec18) -> Option<Condition> {
    let part = share(closed.into(), were.into()).filter(|part| *part > threshold)?;
    Some(Condition {
        kind: Kind::LeaseCloseRate,
        subject: String::new(),
        severity: Severity::Warning,
        summary: format!(
            "{closed} of {were} leases ended within an hour, {} (more than {})",
            percent(part),
            percent(threshold)
        ),
    })
}

/// Much of a resource is in use.
pub fn capacity(resource: &str, used: u128, total: u128, (warning, critical): (Dec18, Dec18)) -> Option<Condition> {
    let part = share(used, total)?;
    let (severity, threshold) = if part >= critical {
        (Severity::Critical, critical)
    } else if part >= warning {
        (Severity::Warning, warning)
    } else {
        return None;
    };
    let summary = format!("{} of the {resource} is in use (at least {})", percent(part), percent(threshold));
    Some(Condition { kind: Kind::Capacity, subject: resource.to_owned(), severity, summary })
}

/// What the configuration sells of a back end is not what it has.
pub fn capacity_differs(back_end: &str, difference: &Difference) -> Condition {
    Condition {
        kind: Kind::CapacityDiffers,
        subject: format!("{back_end} {}", difference.resource),
        severity: Severity::Warning,
        summary: format!("{back_end}: {difference}"),
    }
}

/// A key or a certificate ends within a time; `left` is `None` where it has ended.
pub fn expiry(kind: Kind, name: &str, left: Option<Duration>, threshold: Duration) -> Option<Condition> {
    let what = if kind == Kind::KeyExpiry { "the key" } else { "the certificate" };
    let (severity, summary) = match left {
        None => (Severity::Critical, format!("{what} {name} has ended")),
        Some(left) if left < threshold => {
            let severity = if left < threshold / 10 { Severity::Critical } else { Severity::Warning };
            let left = duration::display(Duration::from_secs(left.as_secs()));
            (severity, format!("{what} {name} ends in {left} (less than {})", duration::display(threshold)))
        }
        Some(_) => return None,
    };
    Some(Condition { kind, subject: name.to_owned(), severity, summary })
}

/// Usage records wait for a person.
pub fn held_records(held: u64) -> Option<Condition> {
    (held > 0).then(|| Condition {
        kind: Kind::UsageHeld,
        subject: String::new(),
        severity: Severity::Warning,
        summary: format!("{held} usage records are held by the fraud check; `provider usage review` lists them"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share_of(text: &str) -> Dec18 {
        text.parse().unwrap()
    }

    #[test]
    fn each_threshold_is_exact() {
        let cpu = |milli| high_cpu("w", milli, 1000, 100, share_of("0.9")).is_some();
        assert_eq!((cpu(90_000), cpu(90_001)), (false, true));
        let memory = |bytes| high_memory("w", bytes, 1000, 100, share_of("0.85")).is_some();
        assert_eq!((memory(85_000), memory(85_001)), (false, true));
        let storage = |bytes| low_storage("w", bytes, 1000, 100, share_of("0.1")).is_some();
        assert_eq!((storage(90_000), storage(90_001), storage(999_999)), (false, true, true));
        let hours = Duration::from_hours;
        let lasts = |span| escrow("l", span, hours(24)).map(|condition| condition.severity);
        assert_eq!(lasts(hours(24)), None);
        assert_eq!(lasts(hours(23)), Some(Severity::Warning));
        assert_eq!(lasts(Duration::from_mins(59)), Some(Severity::Critical));
        let bids = |won, decided| bid_success(won, decided, share_of("0.5")).is_some();
        assert_eq!((bids(5, 10), bids(4, 10), bids(0, 9)), (false, true, false));
        let closes = |closed| lease_closes(closed, 100, share_of("0.1")).is_some();
        assert_eq!((closes(10), closes(11)), (false, true));
        let used =
            |used| capacity("cpu", used, 100, (share_of("0.8"), share_of("0.9"))).map(|condition| condition.severity);
        assert_eq!((used(79), used(80), used(90)), (None, Some(Severity::Warning), Some(Severity::Critical)));
        let key = |days: u64| {
            expiry(Kind::KeyExpiry, "k", Some(hours(days * 24)), hours(30 * 24)).map(|condition| condition.severity)
        };
        assert_eq!((key(30), key(29), key(2)), (None, Some(Severity::Warning), Some(Severity::Critical)));
        assert_eq!(
            expiry(Kind::CertificateExpiry, "c", None, hours(1)).unwrap().summary,
            "the certificate c has ended"
        );
        assert_eq!((held_records(0), held_records(2).is_some()), (None, true));
    }

    #[test]
    fn nothing_of_nothing_fires_nothing() {
        assert_eq!(high_cpu("w", 5, 0, 100, share_of("0.9")), None);
        assert_eq!(capacity("gpu", 0, 0, (share_of("0.8"), share_of("0.9"))), None);
        assert_eq!(lease_closes(0, 0, share_of("0.1")), None);
    }

    #[test]
    fn a_sentence_has_the_numbers() {
        let summary = high_cpu("workload-abc123", 92, 1, 100, share_of("0.9")).unwrap().summary;
        assert_eq!(summary, "the processor of workload-abc123 is at 92% (more than 90%)");
        let summary = escrow("l", Duration::from_mins(90), Duration::from_hours(24)).unwrap().summary;
        assert_eq!(summary, "the escrow of l lasts for 1h30m (less than 24h)");
    }
}
