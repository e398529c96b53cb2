//! Which key serves a role.
//!
//! The configuration names the first key of a line; each rotation adds the key that takes over, and a key stays in its line
//! when it is destroyed. The decision looks at all keys that ever were, in this order:
//!
//! ```text
//! 1. the end of a line that is in use                       the one that is in use longest, of several
//! 2. the end of a line that waits for a person              suspended, or not approved yet: nobody takes its place unasked
//! 3. a later version (NAME-v2) that is in use               made by hand, when the line has come to a bad end
//! 4. the newest end of a line that another must replace      given up, or its file is gone: what a rotation begins from
//! ```

use jiff::Timestamp;

use super::{Role, State};

/// A key, or what is remembered of one, as this decision sees it.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// Names it for ever; a newer key has a higher one.
    pub id: i64,
    /// Its name.
    pub name: &'a str,
    /// What it is for, by its name and type.
    pub role: Option<Role>,
    /// Its state.
    pub state: State,
    /// When it became active first.
    pub activated_at: Option<Timestamp>,
    /// The key that took its place.
    pub replaced_by: Option<i64>,
    /// Its file is there, and holds it.
    pub is_there: bool,
    /// The chain was seen to have revoked it.
    pub is_revoked: bool,
}

impl Candidate<'_> {
    fn is_in_use(&self) -> bool {
        self.state == State::Active && self.is_there
    }

    const fn waits(&self) -> bool {
        match self.state {
            State::Created | State::Pending | State::Suspended => self.is_there,
            State::Active
            | State::Rotating
            | State::Deactivated
            | State::Archived
            | State::Compromised
            | State::Destroyed => false,
        }
    }

    const fn must_be_replaced(&self) -> bool {
        matches!(self.state, State::Active | State::Compromised)
    }
}

/// The last key of the line that a key is in.
fn end<'c, 'a>(known: &'c [Candidate<'a>], first: &'c Candidate<'a>) -> &'c Candidate<'a> {
    let mut at = first;
    // As many steps as there are keys: the rows could be wrong, but not endless.
    for _ in known {
        match at.replaced_by.and_then(|next| known.iter().find(|key| key.id == next)) {
            Some(next) => at = next,
            None => break,
        }
    }
    at
}

/// The key that serves the role whose first key the configuration names so, if there is one.
pub fn serving<'c, 'a>(known: &'c [Candidate<'a>], role: Role, configured: &str) -> Option<&'c Candidate<'a>> {
    let ends = || known.iter().filter(|key| key.name == configured).map(|key| end(known, key));
    let longest = |key: &&Candidate<'_>| (key.activated_at, key.id);
    // No other key takes the place of the account's.
    let is_version =
        |key: &&Candidate<'_>| role.rotates() && key.role == Some(role) && key.replaced_by.is_none() && !key.is_revoked;
    let versions = || known.iter().filter(is_version);
    ends()
        .filter(|key| key.is_in_use())
        .min_by_key(longest)
        .or_else(|| ends().filter(|key| key.waits()).max_by_key(|key| key.id))
        .or_else(|| versions().filter(|key| key.is_in_use()).min_by_key(longest))
        .or_else(|| ends().filter(|key| key.must_be_replaced()).max_by_key(|key| key.id))
}

/// Whether a key of this name is meant for what one of the other name is for: that key, or a later version (`NAME-v2`).
pub fn is_version(name: &str, of: &str) -> bool {
    version(name, of).is_some()
}

/// The version that a name says: 1 for the name itself; none for another name.
pub fn version(name: &str, of: &str) -> Option<u64> {
    let rest = name.strip_prefix(of)?;
    if rest.is_empty() {
        return Some(1);
    }
    let digits = rest.strip_prefix("-v").filter(|digits| !digits.is_empty())?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(id: i64, name: &'static str, state: State) -> Candidate<'static> {
        Candidate {
            id,
            name,
            role: is_version(name, "usage").then_some(Role::Usage),
            state,
            activated_at: Timestamp::from_second(id).ok(),
            replaced_by: None,
            is_there: state != State::Destroyed,
            is_revoked: false,
        }
    }

    fn then(key: Candidate<'static>, next: i64) -> Candidate<'static> {
        Candidate { replaced_by: Some(next), ..key }
    }

    fn served(known: &[Candidate<'_>]) -> Option<i64> {
        serving(known, Role::Usage, "usage").map(|key| key.id)
    }

    #[test]
    fn a_line_goes_on_through_keys_that_are_gone() {
        use State as S;
        let third = key(3, "usage-v3", S::Active);
        for first in [S::Rotating, S::Deactivated, S::Archived, S::Compromised, S::Destroyed] {
            for second in [S::Deactivated, S::Compromised, S::Destroyed] {
                let line = [then(key(1, "usage", first), 2), then(key(2, "usage-v2", second), 3), third];
                assert_eq!(served(&line), Some(3), "{first} {second}");
            }
        }
        assert_eq!(served(&[]), None);
        assert_eq!(served(&[key(1, "other", S::Active)]), None);
        let circle = [then(key(1, "usage", S::Active), 2), then(key(2, "usage-v2", S::Active), 1)];
        assert!(served(&circle).is_some(), "it ends");
    }

    #[test]
    fn a_name_that_is_used_again_begins_another_line() {
        use State as S;
        let again = [key(1, "usage", S::Destroyed), key(2, "usage", S::Active)];
        assert_eq!(served(&again), Some(2));
        // One that is in use is not driven out by one that has the first name again.
        let line = [then(key(1, "usage", S::Destroyed), 2), key(2, "usage-v2", S::Active), key(3, "usage", S::Active)];
        assert_eq!(served(&line), Some(2));
    }

    #[test]
    fn nobody_takes_the_place_of_a_key_that_waits_for_a_person() {
        use State as S;
        let by_hand = key(2, "usage-v2", S::Active);
        for (first, serves) in [
            (S::Suspended, 1),
            (S::Pending, 1),
            (S::Active, 1),
            (S::Compromised, 2),
            (S::Archived, 2),
            (S::Deactivated, 2),
            (S::Destroyed, 2),
        ] {
            assert_eq!(served(&[key(1, "usage", first), by_hand]), Some(serves), "{first}");
        }
        let gone = Candidate { is_there: false, ..key(1, "usage", S::Active) };
        assert_eq!(served(&[gone, by_hand]), Some(2));
        assert_eq!(served(&[gone]), Some(1), "so that others say what is wrong with it");
        let revoked = Candidate { is_revoked: true, ..by_hand };
        assert_eq!(served(&[key(1, "usage", S::Archived)]), None, "it was put away on purpose");
        assert_eq!(served(&[key(1, "usage", S::Destroyed), revoked]), None);
        assert_eq!(served(&[key(1, "usage", S::Compromised), revoked]), Some(1), "what a rotation begins from");
        assert_eq!(served(&[then(key(1, "usage", S::Deactivated), 2), key(2, "usage-v2", S::Destroyed)]), None);
    }

    #[test]
    fn nothing_takes_the_place_of_the_account_s_key() {
        let other = Candidate { role: Some(Role::Signing), ..key(2, "provider-v2", State::Active) };
        let known = [key(1, "provider", State::Destroyed), other];
        assert!(serving(&known, Role::Signing, "provider").is_none());
    }

    #[test]
    fn versions_have_numbers() {
        let of = |name| version(name, "provider");
        assert_eq!([of("provider"), of("provider-v2"), of("provider-v12")], [Some(1), Some(2), Some(12)]);
        for name in ["provider-encryption", "provider2", "provider-v", "provider-v2a", "other"] {
            assert_eq!(of(name), None, "{name}");
        }
    }
}
