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

use jiff::Timestamp;

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
    /// It is not in the key folder.
    Missing,
    /// It is, and nobody has approved it.
    Unapproved,
    /// It may be taken into use.
    Ready,
}

/// What is so, before the next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The chain must hold the new key and revoke the old one.
    pub on_chain: bool,
    /// The new key.
    pub new_key: NewKey,
    /// The chain holds the new key.
    pub registered: Seen,
    /// The new key is in use.
    pub switched: bool,
    /// The end of the old key's grace period; none where it must go at once, because others may have it.
    pub grace_until: Option<Timestamp>,
    /// The chain says that the old key is revoked, or never had it.
    pub revoked: Seen,
    /// How many more keys the chain takes from the account.
    pub free_places: Option<u32>,
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
    /// Nothing: this is awaited.
    Wait(Waiting),
}

/// What is awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// A person who approves the new key.
    Approval,
    /// The transaction that registers.
    Registration,
    /// The transaction that revokes.
    Revocation,
    /// A node that answers.
    Chain,
    /// The end of the grace period.
    Grace(Timestamp),
    /// The chain takes no further key from the account, ever.
    Place,
}

impl Waiting {
    /// The word in output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Approval => "approval",
            Self::Registration => "registration",
            Self::Revocation => "revocation",
            Self::Chain => "chain",
            Self::Grace(_) => "grace period",
            Self::Place => "a place on the chain",
        }
    }
}

/// The next step of a rotation.
pub fn next(facts: &Facts, now: Timestamp) -> Step {
    let on_chain = facts.on_chain;
    match facts.new_key {
        NewKey::Missing => return Step::Make,
        NewKey::Unapproved => return Step::Wait(Waiting::Approval),
        NewKey::Ready => {}
    }
    if !facts.switched {
        return match facts.registered {
            Seen::Yes => Step::Switch,
            _ if !on_chain => Step::Switch,
            Seen::OnItsWay => Step::Wait(Waiting::Registration),
            Seen::Unknown => Step::Wait(Waiting::Chain),
            Seen::No if facts.free_places == Some(0) => Step::Wait(Waiting::Place),
            Seen::No => Step::Register,
        };
    }
    if let Some(end) = facts.grace_until.filter(|end| *end > now) {
        return Step::Wait(Waiting::Grace(end));
    }
    match facts.revoked {
        Seen::Yes => Step::Deactivate,
        _ if !on_chain => Step::Deactivate,
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
            new_key: NewKey::Missing,
            registered: Seen::No,
            switched: false,
            grace_until: None,
            revoked: Seen::No,
            free_places: Some(3),
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
    fn a_full_account_waits() {
        let f = Facts { new_key: NewKey::Ready, free_places: Some(0), ..facts(true) };
        assert_eq!(next(&f, second(0)), Step::Wait(Waiting::Place));
        assert_eq!(next(&Facts { registered: Seen::Yes, ..f }, second(0)), Step::Switch);
        assert_eq!(next(&Facts { free_places: None, ..f }, second(0)), Step::Register);
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
