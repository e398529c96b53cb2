//! `bidding.filters.allowed_regions`: an order that names a region must name one that is served.

use super::Case;
use crate::domain::bid::reason::cut;
use crate::domain::bid::{Notes, Reason};
use crate::domain::glob;

/// The attributes by which orders name a region.
const KEYS: &[&str] = &["region", "location-region"];

pub(super) fn check(case: &Case<'_>, notes: &mut Notes) -> Result<(), Reason> {
    let allowed = &case.terms.filters.allowed_regions;
    for region in allowed {
        notes.put("allowed", region);
    }
    for attribute in &case.asked.spec.requirements.attributes {
        if !KEYS.contains(&attribute.key.as_str()) {
            continue;
        }
        notes.put("asked", &attribute.value);
        if !allowed.is_empty() && !allowed.iter().any(|region| is_within(&attribute.value, region)) {
            return Err(Reason::Region { asked: cut(&attribute.value) });
        }
    }
    Ok(())
}

/// Whether a region is a served one, or a part of it: `us-east` serves `us-east-1` too. Globs may be used.
fn is_within(asked: &str, served: &str) -> bool {
    glob::matches(served, asked) || asked.strip_prefix(served).is_some_and(|rest| rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::is_within;

    #[test]
    fn a_region_serves_its_parts() {
        for (asked, served, wanted) in [
            ("us-east", "us-east", true),
            ("us-east-1", "us-east", true),
            ("us-east", "us-east-1", false),
            ("us-eastern", "us-east", false),
            ("eu-west-1", "eu-*", true),
            ("us-west", "us-east", false),
        ] {
            assert_eq!(is_within(asked, served), wanted, "{asked} in {served}");
        }
    }
}
