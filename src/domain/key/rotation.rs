//! How one key takes the place of another.
//!
//! ```text
//! make         the new key, under a name that was written down before; wait for an approval, where one is needed
//! register     it on the chain, where the role asks for it; wait until the chain has it
//! switch       the new key becomes active, the old one rotating: it still opens and verifies
//! wait         for the grace period to end
//! revoke       the old key on the chain; wait until the chain says so
//! deactivate   the old key: the rotation has ended
//! ```
//! [`next`] decides by what is so, not by what was done last: after a kill the next run goes on where the world is.
//!
//! A new key that is lost before it takes over (given up, destroyed, its file gone) never does: the rotation is abandoned.
//! An old key that others may have is revoked at once where the new one cannot come at once.

use jiff::Timestamp;

use super::State;

/// Whether something is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// It is.
    Yes,
    /// It is confirmed not to be.
    No,
    /// A message that makes it so is on its way.
    OnItsWay,
    /// Nobody knows.
    Unknown,
}

/// How far the new key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewKey {
    /// It is not made yet.
    Missing,
    /// It is, and nobody has approved it.
    Unapproved,
    /// A person has suspended it.
    Suspended,
    /// It may be taken into use.
    Ready,
    /// It was made and can never be taken into use: given up, put away, gone.
    Lost,
}

impl NewKey {
    /// How far a key is that was made: by its state, whether its file is there and holds it, and whether a person must
    /// approve it.
    pub const fn of(state: State, is_there: bool, by_approval: bool) -> Self {
        match state {
            _ if !is_there => Self::Lost,
            State::Created | State::Pending if by_approval => Self::Unapproved,
            State::Created | State::Pending | State::Active => Self::Ready,
            State::Suspended => Self::Suspended,
            State::Rotating | State::Deactivated | State::Archived | State::Compromised | State::Destroyed => {
                Self::Lost
            }
        }
    }
}

/// What is so, before the next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "facts that have nothing to do with each other")]
pub struct Facts {
    /// The chain must hold the new key and revoke the old one.
    pub on_chain: bool,
    /// Others may have the old key.
    pub is_urgent: bool,
    /// The new key.
    pub new_key: NewKey,
    /// The chain holds the new key.
    pub registered: Seen,
    /// The new key is in use.
    pub switched: bool,
    /// The end of the old key's grace period; none where it is over, or the key must go at once.
    pub grace_until: Option<Timestamp>,
    /// The chain says that the old key is revoked, or never had it.
    pub revoked: Seen,
    /// How many more keys the chain takes from the account, as far as this rotation may use them; none is unknown.
    pub free_places: Option<u32>,
    /// The chain takes no further key from the account at all.
    pub is_full: bool,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Make the new key.
    Make,
    /// Register the new key on the chain.
    Register,
    /// Take the new key into use.
    Switch,
    /// Revoke the old key on the chain.
    Revoke,
    /// Deactivate the old key; the rotation has ended.
    Deactivate,
    /// End the rotation: its new key never takes over.
    Abandon,
    /// Nothing: this is awaited.
    Wait(Waiting),
}

/// What is awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// A person who approves the new key.
    Approval,
    /// A person who takes the new key into use again.
    Resumption,
    /// The transaction that registers.
    Registration,
    /// The transaction that revokes.
    Revocation,
    /// A node that answers.
    Chain,
    /// The end of the grace period.
    Grace(Timestamp),
    /// A person who takes the account's last place on the chain.
    LastPlace,
    /// The chain takes no further key from the account, ever.
    Place,
}

impl Waiting {
    /// The word in output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Approval => "approval",
            Self::Resumption => "resumption",
            Self::Registration => "registration",
            Self::Revocation => "revocation",
            Self::Chain => "chain",
            Self::Grace(_) => "grace period",
            Self::LastPlace | Self::Place => "a place on the chain",
        }
    }
}

/// The next step of a rotation.
pub fn next(facts: &Facts, now: Timestamp) -> Step {
    if facts.switched {
        return after_switch(facts, now);
    }
    let step = before_switch(facts);
    // A key that others may have does not wait for the one that takes its place.
    let must_go = facts.is_urgent && facts.on_chain && step != Step::Abandon;
    let waits =
        matches!(step, Step::Wait(Waiting::Approval | Waiting::Resumption | Waiting::LastPlace | Waiting::Place));
    match facts.revoked {
        Seen::No if must_go && waits => Step::Revoke,
        Seen::OnItsWay if must_go && waits => Step::Wait(Waiting::Revocation),
        Seen::Yes | Seen::No | Seen::OnItsWay | Seen::Unknown => step,
    }
}

fn before_switch(facts: &Facts) -> Step {
    let place = || match facts.free_places {
        _ if !facts.on_chain => None,
        None => Some(Step::Wait(Waiting::Chain)),
        Some(0) if facts.is_full => Some(Step::Wait(Waiting::Place)),
        Some(0) => Some(Step::Wait(Waiting::LastPlace)),
        Some(_) => None,
    };
    match facts.new_key {
        NewKey::Lost => Step::Abandon,
        // A key that the chain does not take is not made.
        NewKey::Missing => place().unwrap_or(Step::Make),
        NewKey::Unapproved => Step::Wait(Waiting::Approval),
        NewKey::Suspended => Step::Wait(Waiting::Resumption),
        NewKey::Ready => match facts.registered {
            Seen::Yes => Step::Switch,
            _ if !facts.on_chain => Step::Switch,
            Seen::OnItsWay => Step::Wait(Waiting::Registration),
            Seen::Unknown => Step::Wait(Waiting::Chain),
            Seen::No => place().unwrap_or(Step::Register),
        },
    }
}

fn after_switch(facts: &Facts, now: Timestamp) -> Step {
    if let Some(end) = facts.grace_until.filter(|end| *end > now) {
        return Step::Wait(Waiting::Grace(end));
    }
    match facts.revoked {
        Seen::Yes => Step::Deactivate,
        _ if !facts.on_chain => Step::Deactivate,
        Seen::OnItsWay => Step::Wait(Waiting::Revocation),
        Seen::Unknown => Step::Wait(Waiting::Chain),
        Seen::No => Step::Revoke,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(number: i64) -> Timestamp {
        Timestamp::from_second(number).unwrap()
    }

    fn facts(on_chain: bool) -> Facts {
        Facts {
            on_chain,
            is_urgent: false,
            new_key: NewKey::Missing,
            registered: Seen::No,
            switched: false,
            grace_until: None,
            revoked: Seen::No,
            free_places: Some(3),
            is_full: false,
        }
    }

    #[test]
    fn a_key_that_is_registered_goes_by_the_chain() {
        let now = second(100);
        let mut f = facts(true);
        assert_eq!(next(&f, now), Step::Make);
        f.new_key = NewKey::Unapproved;
        assert_eq!(next(&f, now), Step::Wait(Waiting::Approval), "the chain must not show what nobody approved");
        f.new_key = NewKey::Ready;
        assert_eq!(next(&f, now), Step::Register);
        f.registered = Seen::OnItsWay;
        assert_eq!(next(&f, now), Step::Wait(Waiting::Registration));
        f.registered = Seen::Unknown;
        assert_eq!(next(&f, now), Step::Wait(Waiting::Chain), "unknown is never absent");
        f.registered = Seen::Yes;
        assert_eq!(next(&f, now), Step::Switch);
        (f.switched, f.grace_until) = (true, Some(second(101)));
        assert_eq!(next(&f, now), Step::Wait(Waiting::Grace(second(101))));
        f.grace_until = None;
        assert_eq!(next(&f, now), Step::Revoke);
        f.grace_until = Some(now);
        assert_eq!(next(&f, now), Step::Revoke);
        f.revoked = Seen::OnItsWay;
        assert_eq!(next(&f, now), Step::Wait(Waiting::Revocation));
        f.revoked = Seen::Unknown;
        assert_eq!(next(&f, now), Step::Wait(Waiting::Chain));
        f.revoked = Seen::Yes;
        assert_eq!(next(&f, now), Step::Deactivate);
    }

    #[test]
    fn a_full_account_waits_and_no_key_is_made_for_it() {
        for new_key in [NewKey::Missing, NewKey::Ready] {
            let f = Facts { new_key, free_places: Some(0), ..facts(true) };
            assert_eq!(next(&f, second(0)), Step::Wait(Waiting::LastPlace));
            assert_eq!(next(&Facts { is_full: true, ..f }, second(0)), Step::Wait(Waiting::Place));
            assert_eq!(next(&Facts { free_places: None, ..f }, second(0)), Step::Wait(Waiting::Chain));
        }
        let f = Facts { new_key: NewKey::Ready, free_places: Some(0), registered: Seen::Yes, ..facts(true) };
        assert_eq!(next(&f, second(0)), Step::Switch);
    }

    #[test]
    fn a_key_that_others_may_have_goes_before_the_other_can_come() {
        let now = second(0);
        let urgent = Facts { is_urgent: true, new_key: NewKey::Ready, ..facts(true) };
        assert_eq!(next(&urgent, now), Step::Register, "where the new one can come, it comes first");
        let waiting = [
            (Facts { new_key: NewKey::Unapproved, ..urgent }, Waiting::Approval),
            (Facts { new_key: NewKey::Suspended, ..urgent }, Waiting::Resumption),
            (Facts { free_places: Some(0), is_full: true, ..urgent }, Waiting::Place),
            (Facts { free_places: Some(0), is_full: true, new_key: NewKey::Missing, ..urgent }, Waiting::Place),
        ];
        for (f, waits) in waiting {
            assert_eq!(next(&f, now), Step::Revoke);
            assert_eq!(next(&Facts { revoked: Seen::OnItsWay, ..f }, now), Step::Wait(Waiting::Revocation));
            assert_eq!(next(&Facts { revoked: Seen::Yes, ..f }, now), Step::Wait(waits));
            assert_eq!(next(&Facts { revoked: Seen::Unknown, ..f }, now), Step::Wait(waits));
            assert_eq!(next(&Facts { is_urgent: false, ..f }, now), Step::Wait(waits));
        }
    }

    #[test]
    fn a_new_key_that_is_lost_never_takes_over() {
        for on_chain in [false, true] {
            let lost = Facts { new_key: NewKey::Lost, ..facts(on_chain) };
            assert_eq!(next(&lost, second(0)), Step::Abandon);
            assert_eq!(next(&Facts { registered: Seen::Yes, is_urgent: true, ..lost }, second(0)), Step::Abandon);
            // What becomes of it later is another rotation's business.
            assert_ne!(next(&Facts { switched: true, ..lost }, second(0)), Step::Abandon);
        }
        for state in State::ALL.iter().copied() {
            assert_eq!(NewKey::of(state, false, false), NewKey::Lost, "{state}");
            let expected = match state {
                State::Created | State::Pending => NewKey::Unapproved,
                State::Active => NewKey::Ready,
                State::Suspended => NewKey::Suspended,
                State::Rotating | State::Deactivated | State::Archived | State::Compromised | State::Destroyed => {
                    NewKey::Lost
                }
            };
            assert_eq!(NewKey::of(state, true, true), expected, "{state}");
        }
        assert_eq!(NewKey::of(State::Pending, true, false), NewKey::Ready);
    }

    #[test]
    fn a_key_that_is_not_asks_no_chain() {
        let unknown = Facts { registered: Seen::Unknown, revoked: Seen::Unknown, ..facts(false) };
        assert_eq!(next(&Facts { new_key: NewKey::Ready, ..unknown }, second(0)), Step::Switch);
        let switched = Facts { new_key: NewKey::Ready, switched: true, grace_until: Some(second(5)), ..unknown };
        assert_eq!(next(&switched, second(4)), Step::Wait(Waiting::Grace(second(5))));
        assert_eq!(next(&switched, second(5)), Step::Deactivate);
    }
}
