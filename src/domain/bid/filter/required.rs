//! `bidding.filters.required_attributes`: what an order must say, so that it was meant for providers like us.

use super::Case;
use crate::domain::bid::{Notes, Reason};

pub(super) fn check(case: &Case<'_>, notes: &mut Notes) -> Result<(), Reason> {
    for pattern in &case.terms.filters.required_attributes {
        notes.put("required", pattern);
        if !case.asked.attributes().any(|attribute| pattern.matches(attribute)) {
            return Err(Reason::LacksRequired { attribute: pattern.to_string().into() });
        }
    }
    Ok(())
}
