//! `bidding.filters.blocked_addresses`.

use super::Case;
use crate::domain::bid::reason::cut;
use crate::domain::bid::{Notes, Reason};

pub(super) fn check(case: &Case<'_>, notes: &mut Notes) -> Result<(), Reason> {
    notes.put("tenant", case.asked.owner);
    if case.terms.filters.blocked_addresses.contains(case.asked.owner) {
        return Err(Reason::Tenant { owner: cut(case.asked.owner) });
    }
    Ok(())
}
