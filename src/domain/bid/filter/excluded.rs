//! `bidding.filters.excluded_attributes`: of the placement, of volumes, of GPUs.

use super::{Case, Named};
use crate::domain::bid::reason::cut;
use crate::domain::bid::{Notes, Reason};

pub(super) fn check(case: &Case<'_>, notes: &mut Notes) -> Result<(), Reason> {
    let excluded = &case.terms.filters.excluded_attributes;
    for pattern in excluded {
        notes.put("excluded", pattern);
    }
    if excluded.is_empty() {
        return Ok(());
    }
    let hit = case.asked.attributes().find(|attribute| excluded.iter().any(|pattern| pattern.matches(attribute)));
    hit.map_or(Ok(()), |attribute| Err(Reason::Excluded { attribute: cut(&Named(attribute).to_string()) }))
}
