//! The operator's rules for keys, and what they say is due.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{KeyType, State};

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// It signs transactions: the key of the chain account.
    Signing,
    /// It signs usage records.
    Usage,
    /// It opens sealed orders.
    Encryption,
}

impl Role {
    /// Every role.
    pub const ALL: &'static [Self] = &[Self::Signing, Self::Usage, Self::Encryption];

    /// The word in files and output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Signing => "signing",
            Self::Usage => "usage",
            Self::Encryption => "encryption",
        }
    }

    /// The role that a word names.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|role| role.word() == word).copied()
    }

    /// Whether another key can take over. The chain binds an account to its key for ever.
    pub const fn rotates(self) -> bool {
        match self {
            Self::Signing => false,
            Self::Usage | Self::Encryption => true,
        }
    }

    /// Whether the chain knows the key: it is registered there, and revoked when it has served.
    pub const fn is_registered(self) -> bool {
        match self {
            Self::Encryption => true,
            Self::Signing | Self::Usage => false,
        }
    }

    /// Whether keys of a type can take it.
    pub const fn fits(self, key_type: KeyType) -> bool {
        match self {
            Self::Signing => matches!(key_type, KeyType::Secp256k1),
            Self::Usage => key_type.signs(),
            Self::Encryption => matches!(key_type, KeyType::X25519),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// What a person must approve before it is done, if the policy says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Approval {
    /// Taking a new key into use.
    Activation,
    /// Deleting a key for good.
    Destruction,
}

impl Approval {
    /// The word in files and output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Activation => "activation",
            Self::Destruction => "destruction",
        }
    }
}

/// The rules, as the training manual has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// What the operator calls it.
    pub name: String,
    /// The age, since it became active, at which a key is due for rotation.
    pub max_age: Duration,
    /// How long a rotated key still opens and verifies.
    pub grace_period: Duration,
    /// The age, since it was made, at which a key makes no more signatures.
    pub expiration: Duration,
    /// How long a deactivated key waits to be archived.
    pub archive_after: Duration,
    /// How long an archived key is kept before it is due for destruction.
    pub destroy_after: Duration,
    /// A new key is used only after `keys approve`.
    pub approval_for_activation: bool,
    /// A key is destroyed only after `keys approve`.
    pub approval_for_destruction: bool,
    /// What is due is done by the timer, not only shown.
    pub auto_rotate: bool,
    /// How long before it expires a key is called to attention.
    pub notify_before: Duration,
    /// The types of signing keys that may be made.
    pub allowed_types: Vec<KeyType>,
    /// The fewest bits of a new key's secret.
    pub minimum_strength: u32,
}

/// Why the policy forbids a new key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyRefusal {
    /// Its type is not on the list.
    #[error("the key policy `{policy}` does not allow keys of type {key_type}, but {}", list(allowed))]
    Type {
        /// The policy.
        policy: String,
        /// The type.
        key_type: KeyType,
        /// What it allows.
        allowed: Vec<KeyType>,
    },
    /// It is too weak.
    #[error("the key policy `{policy}` asks for {minimum} bits, and keys of type {key_type} have {}", key_type.bits())]
    Strength {
        /// The policy.
        policy: String,
        /// The type.
        key_type: KeyType,
        /// The fewest bits.
        minimum: u32,
    },
}

fn list(types: &[KeyType]) -> String {
    let words: Vec<&str> = types.iter().map(|key_type| key_type.word()).collect();
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}

/// When what happened to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dates {
    /// Its state.
    pub state: State,
    /// Since when it is in this state.
    pub since: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it became active first.
    pub activated_at: Option<Timestamp>,
    /// What it is for.
    pub role: Option<Role>,
}

/// Something that the policy asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// It waits for `keys approve`.
    Approval,
    /// It expires soon.
    Notice,
    /// It is too old to make signatures.
    Expired,
    /// Another key is to take its place.
    Rotation,
    /// Its grace period is over.
    Deactivation,
    /// It is to be put away.
    Archive,
    /// It has been kept long enough.
    Destruction,
}

impl Due {
    /// The word in output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Approval => "approval",
            Self::Notice => "expires soon",
            Self::Expired => "expired",
            Self::Rotation => "rotation",
            Self::Deactivation => "deactivation",
            Self::Archive => "archive",
            Self::Destruction => "destruction",
        }
    }
}

/// What the policy says of a key at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// When it is due for rotation; only keys in use are.
    pub rotates_at: Option<Timestamp>,
    /// When it makes no more signatures; only keys in use do.
    pub expires_at: Option<Timestamp>,
    /// When its state is due to end by itself: grace period, archive, destruction.
    pub ends_at: Option<Timestamp>,
    /// What is due now.
    pub due: Vec<Due>,
}

/// The day before the end of all times: what a longer wait leads to.
fn later(from: Timestamp, span: Duration) -> Timestamp {
    let span = jiff::SignedDuration::try_from(span).unwrap_or(jiff::SignedDuration::MAX);
    from.checked_add(span).unwrap_or(Timestamp::MAX)
}

/// Whole days from now until then, less than 0 when it has passed.
pub fn days_between(now: Timestamp, then: Timestamp) -> i64 {
    then.as_millisecond().saturating_sub(now.as_millisecond()).div_euclid(86_400_000)
}

impl Policy {
    /// Whether a new key of this type may be made. Keys that cannot sign are not on the manual's list of signing types:
    /// only their strength counts.
    pub fn allows(&self, key_type: KeyType) -> Result<(), PolicyRefusal> {
        let policy = self.name.clone();
        if key_type.signs() && !self.allowed_types.contains(&key_type) {
            return Err(PolicyRefusal::Type { policy, key_type, allowed: self.allowed_types.clone() });
        }
        if key_type.bits() < self.minimum_strength {
            return Err(PolicyRefusal::Strength { policy, key_type, minimum: self.minimum_strength });
        }
        Ok(())
    }

    /// What is due for a key.
    ///
    /// The key of the chain account neither rotates nor expires: the chain would take no other in its place.
    pub fn assess(&self, dates: &Dates, now: Timestamp) -> Assessment {
        let mut found = Assessment { rotates_at: None, expires_at: None, ends_at: None, due: Vec::new() };
        let ends = |found: &mut Assessment, span: Duration, due: Due| {
            let at = later(dates.since, span);
            found.ends_at = Some(at);
            found.due.extend((at <= now).then_some(due));
        };
        match dates.state {
            State::Pending => found.due.extend(self.approval_for_activation.then_some(Due::Approval)),
            State::Active if dates.role.is_none_or(Role::rotates) => self.assess_active(&mut found, dates, now),
            State::Created | State::Active | State::Suspended | State::Destroyed | State::Compromised => {}
            State::Rotating => ends(&mut found, self.grace_period, Due::Deactivation),
            State::Deactivated => ends(&mut found, self.archive_after, Due::Archive),
            State::Archived => ends(&mut found, self.destroy_after, Due::Destruction),
        }
        found
    }

    fn assess_active(&self, found: &mut Assessment, dates: &Dates, now: Timestamp) {
        let rotates_at = later(dates.activated_at.unwrap_or(dates.created_at), self.max_age);
        let expires_at = later(dates.created_at, self.expiration);
        // Only a role has a successor that takes over.
        found.rotates_at = dates.role.map(|_| rotates_at);
        found.expires_at = Some(expires_at);
        if expires_at <= now {
            found.due.push(Due::Expired);
        } else if expires_at <= later(now, self.notify_before) {
            found.due.push(Due::Notice);
        }
        if rotates_at.min(expires_at) <= now && dates.role.is_some() {
            found.due.push(Due::Rotation);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: u64 = 86_400;

    fn days(count: u64) -> Duration {
        Duration::from_secs(count * DAY)
    }

    fn policy() -> Policy {
        Policy {
            name: "default".into(),
            max_age: days(90),
            grace_period: days(2),
            expiration: days(365),
            archive_after: days(30),
            destroy_after: days(365),
            approval_for_activation: false,
            approval_for_destruction: true,
            auto_rotate: true,
            notify_before: days(30),
            allowed_types: vec![KeyType::Ed25519, KeyType::Secp256k1],
            minimum_strength: 256,
        }
    }

    fn day(number: u64) -> Timestamp {
        Timestamp::from_second(i64::try_from(number * DAY).unwrap()).unwrap()
    }

    /// A key that was made on day 0, became active on day 10 and is in this state since day 20.
    fn dates(state: State, role: Option<Role>) -> Dates {
        Dates { state, since: day(20), created_at: day(0), activated_at: Some(day(10)), role }
    }

    #[test]
    fn every_state_has_its_term() {
        let at = |state, role, now| policy().assess(&dates(state, role), day(now)).due;
        let usage = Some(Role::Usage);
        for (state, role, now, due) in [
            (State::Active, usage, 99, vec![]),
            (State::Active, usage, 100, vec![Due::Rotation]),
            (State::Active, None, 100, vec![]),
            (State::Active, usage, 335, vec![Due::Notice, Due::Rotation]),
            (State::Active, None, 334, vec![]),
            (State::Active, None, 335, vec![Due::Notice]),
            (State::Active, usage, 365, vec![Due::Expired, Due::Rotation]),
            (State::Active, None, 365, vec![Due::Expired]),
            (State::Active, Some(Role::Signing), 9999, vec![]),
            (State::Rotating, usage, 21, vec![]),
            (State::Rotating, usage, 22, vec![Due::Deactivation]),
            (State::Deactivated, usage, 49, vec![]),
            (State::Deactivated, usage, 50, vec![Due::Archive]),
            (State::Archived, usage, 384, vec![]),
            (State::Archived, usage, 385, vec![Due::Destruction]),
            (State::Created, usage, 9999, vec![]),
            (State::Pending, usage, 9999, vec![]),
            (State::Suspended, usage, 9999, vec![]),
            (State::Compromised, usage, 9999, vec![]),
            (State::Destroyed, usage, 9999, vec![]),
        ] {
            assert_eq!(at(state, role, now), due, "{state} {role:?} on day {now}");
        }
        let asking = Policy { approval_for_activation: true, ..policy() };
        assert_eq!(asking.assess(&dates(State::Pending, usage), day(21)).due, [Due::Approval]);
    }

    #[test]
    fn the_shorter_of_age_and_expiry_rotates() {
        let short = Policy { expiration: days(50), ..policy() };
        let found = short.assess(&dates(State::Active, Some(Role::Encryption)), day(51));
        assert_eq!(found.due, [Due::Expired, Due::Rotation]);
        assert_eq!((found.rotates_at, found.expires_at), (Some(day(100)), Some(day(50))));
        let alone = short.assess(&dates(State::Active, None), day(51));
        assert_eq!((alone.rotates_at, alone.expires_at), (None, Some(day(50))), "nothing takes its place");
        let endless = Policy { max_age: Duration::MAX, expiration: Duration::MAX, ..policy() };
        assert_eq!(endless.assess(&dates(State::Active, Some(Role::Usage)), day(9999)).due, []);
    }

    #[test]
    fn what_is_forbidden_is_named() {
        let refused = policy().allows(KeyType::P256).unwrap_err();
        let said = "the key policy `default` does not allow keys of type p256, but ed25519, secp256k1";
        assert_eq!(refused.to_string(), said);
        policy().allows(KeyType::X25519).unwrap();
        policy().allows(KeyType::Ed25519).unwrap();
        let strict = Policy { minimum_strength: 257, ..policy() };
        let refused = strict.allows(KeyType::X25519).unwrap_err();
        assert_eq!(refused.to_string(), "the key policy `default` asks for 257 bits, and keys of type x25519 have 256");
    }

    #[test]
    fn days_are_whole_and_run_out() {
        let second = |second: i64| Timestamp::from_second(second).unwrap();
        for (then, left) in [(86_400, 1), (86_399, 0), (0, 0), (-1, -1), (-86_400, -1), (-86_401, -2)] {
            assert_eq!(days_between(second(0), second(then)), left, "{then}");
        }
    }
}
