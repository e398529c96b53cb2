//! We are a provider, and the order is not our own: the chain refuses both.

use super::Case;
use crate::domain::bid::{Notes, Reason};

pub(super) fn check(case: &Case<'_>, notes: &mut Notes) -> Result<(), Reason> {
    notes.put("provider", &case.standing.address);
    notes.put("registered", case.standing.registered);
    if !case.standing.registered {
        return Err(Reason::NotRegistered {});
    }
    if case.asked.owner == case.standing.address { Err(Reason::OwnOrder {}) } else { Ok(()) }
}
