//! A price list serves its own denomination, and those for which there is a rate.

use super::Case;
use crate::domain::bid::{Notes, Reason};

pub(super) fn check(case: &Case<'_>, notes: &mut Notes) -> Result<(), Reason> {
    notes.put("denomination", case.asked.denomination);
    if case.terms.pricing.serves(case.asked.denomination) {
        Ok(())
    } else {
        Err(Reason::Denomination { denomination: case.asked.denomination.clone() })
    }
}
