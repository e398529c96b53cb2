//! What the order asks of a provider must be in our registration; the chain refuses a bid otherwise (market 5).

use super::{Case, Named};
use crate::domain::bid::reason::cut;
use crate::domain::bid::standing::lacking;
use crate::domain::bid::{Notes, Reason};

pub(super) fn check(case: &Case<'_>, notes: &mut Notes) -> Result<(), Reason> {
    let wanted = &case.asked.spec.requirements.attributes;
    for attribute in wanted {
        notes.put("wanted", Named(attribute));
    }
    match lacking(wanted, &case.standing.attributes) {
        Some(attribute) => Err(Reason::Attribute { attribute: cut(&Named(attribute).to_string()) }),
        None => Ok(()),
    }
}
