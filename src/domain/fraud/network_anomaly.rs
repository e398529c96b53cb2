//! `NETWORK_ANOMALY`: more traffic than `fraud.max_network_anomaly_ratio` times what is usual for the lease, and more
//! than `fraud.network_floor`.

use super::{Facts, Flag, Limits, Surroundings, Traffic};
use crate::domain::amount::{Dec18, Rounding};

pub(super) fn check(facts: &Facts, limits: &Limits, surroundings: &Surroundings) -> Option<Flag> {
    let usual = surroundings.usual_traffic.filter(|usual| usual.seconds > 0)?;
    let bytes = [facts.used.network_bytes_in, facts.used.network_bytes_out];
    let bytes = bytes.into_iter().flatten().fold(0_i128, i128::saturating_add);
    let at_most = credible(usual, limits.max_network_anomaly_ratio, facts.window.seconds());
    let at_most = at_most.max(i128::from(limits.network_floor.0));
    (bytes > at_most).then(|| Flag::NetworkAnomaly { bytes: bytes.to_string(), at_most: at_most.to_string() })
}

/// `ratio × usual bytes × seconds ÷ usual seconds`.
fn credible(usual: Traffic, ratio: Dec18, seconds: i64) -> i128 {
    let whole = |number: i128| {
        u128::try_from(number.max(0)).ok().and_then(|n| Dec18::try_from(crate::domain::amount::Int::from(n)).ok())
    };
    let product = whole(usual.bytes).zip(whole(seconds.into())).zip(whole(usual.seconds.into())).and_then(
        |((bytes, seconds), per)| {
            let product = bytes.checked_mul(ratio, Rounding::Down).ok()?.checked_mul(seconds, Rounding::Down).ok()?;
            let credible = product.checked_div(per, Rounding::Up).ok()?.to_int(Rounding::Down).ok()?;
            i128::try_from(u128::try_from(credible).ok()?).ok()
        },
    );
    product.unwrap_or(i128::MAX)
}
