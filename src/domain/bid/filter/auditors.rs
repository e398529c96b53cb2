//! `signed_by`: all auditors of one list, and one of another, must have signed what the order asks for (market 5).

use super::Case;
use crate::domain::bid::reason::cut;
use crate::domain::bid::standing::lacking;
use crate::domain::bid::{Notes, Reason};

pub(super) fn check(case: &Case<'_>, notes: &mut Notes) -> Result<(), Reason> {
    let wanted = &case.asked.spec.requirements;
    let vouches = |auditor: &String| {
        case.standing.audited.get(auditor).is_some_and(|signed| lacking(&wanted.attributes, signed).is_none())
    };
    for auditor in &wanted.all_of {
        notes.put("all_of", auditor);
        if !vouches(auditor) {
            return Err(Reason::AllOf { auditor: cut(auditor) });
        }
    }
    for auditor in &wanted.any_of {
        notes.put("any_of", auditor);
    }
    if !wanted.any_of.is_empty() && !wanted.any_of.iter().any(vouches) {
        let auditors = wanted.any_of.iter().map(|auditor| cut(auditor)).collect();
        return Err(Reason::AnyOf { auditors });
    }
    Ok(())
}
