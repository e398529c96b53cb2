//! The fields of a policy as texts: how `keys set-policy` and the configuration write them.

use std::time::Duration;

use super::{KeyType, Policy};
use crate::domain::duration;

/// One rule of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// [`Policy::name`]
    Name,
    /// [`Policy::max_age`]
    MaxAge,
    /// [`Policy::grace_period`]
    GracePeriod,
    /// [`Policy::expiration`]
    Expiration,
    /// [`Policy::archive_after`]
    ArchiveAfter,
    /// [`Policy::destroy_after`]
    DestroyAfter,
    /// [`Policy::approval_for_activation`]
    RequireApprovalForActivation,
    /// [`Policy::approval_for_destruction`]
    RequireApprovalForDestruction,
    /// [`Policy::auto_rotate`]
    AutoRotate,
    /// [`Policy::notify_before`]
    NotifyBefore,
    /// [`Policy::allowed_types`]
    AllowedKeyTypes,
    /// [`Policy::minimum_strength`]
    MinimumKeyStrength,
}

/// A text that is no value of a field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no value of {}: {wanted}", field.word())]
pub struct NotAValue {
    /// The field.
    pub field: Field,
    /// The text.
    pub text: String,
    /// What it takes.
    pub wanted: String,
}

impl Field {
    /// Every field, in the order of the manual.
    pub const ALL: &'static [Self] = &[
        Self::Name,
        Self::MaxAge,
        Self::GracePeriod,
        Self::Expiration,
        Self::ArchiveAfter,
        Self::DestroyAfter,
        Self::RequireApprovalForActivation,
        Self::RequireApprovalForDestruction,
        Self::AutoRotate,
        Self::NotifyBefore,
        Self::AllowedKeyTypes,
        Self::MinimumKeyStrength,
    ];

    /// The word in the configuration, in the state file and in output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::MaxAge => "max_age",
            Self::GracePeriod => "grace_period",
            Self::Expiration => "expiration",
            Self::ArchiveAfter => "archive_after",
            Self::DestroyAfter => "destroy_after",
            Self::RequireApprovalForActivation => "require_approval_for_activation",
            Self::RequireApprovalForDestruction => "require_approval_for_destruction",
            Self::AutoRotate => "auto_rotate",
            Self::NotifyBefore => "notify_before",
            Self::AllowedKeyTypes => "allowed_key_types",
            Self::MinimumKeyStrength => "minimum_key_strength",
        }
    }

    /// The configuration key that has it.
    pub const fn setting(self) -> &'static str {
        match self {
            Self::MaxAge => "keys.max_age",
            Self::GracePeriod => "keys.grace_period",
            Self::Name => "keys.policy.name",
            Self::Expiration => "keys.policy.expiration",
            Self::ArchiveAfter => "keys.policy.archive_after",
            Self::DestroyAfter => "keys.policy.destroy_after",
            Self::RequireApprovalForActivation => "keys.policy.require_approval_for_activation",
            Self::RequireApprovalForDestruction => "keys.policy.require_approval_for_destruction",
            Self::AutoRotate => "keys.policy.auto_rotate",
            Self::NotifyBefore => "keys.policy.notify_before",
            Self::AllowedKeyTypes => "keys.policy.allowed_key_types",
            Self::MinimumKeyStrength => "keys.policy.minimum_key_strength",
        }
    }

    /// The field that a word names.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|field| field.word() == word).copied()
    }

    /// Its value in a policy, in the form that [`Field::set`] reads.
    pub fn show(self, policy: &Policy) -> String {
        let span = |span: Duration| duration::display(span).to_string();
        match self {
            Self::Name => policy.name.clone(),
            Self::MaxAge => span(policy.max_age),
            Self::GracePeriod => span(policy.grace_period),
            Self::Expiration => span(policy.expiration),
            Self::ArchiveAfter => span(policy.archive_after),
            Self::DestroyAfter => span(policy.destroy_after),
            Self::RequireApprovalForActivation => policy.approval_for_activation.to_string(),
            Self::RequireApprovalForDestruction => policy.approval_for_destruction.to_string(),
            Self::AutoRotate => policy.auto_rotate.to_string(),
            Self::NotifyBefore => span(policy.notify_before),
            Self::AllowedKeyTypes => {
                policy.allowed_types.iter().map(|key_type| key_type.word()).collect::<Vec<_>>().join(",")
            }
            Self::MinimumKeyStrength => policy.minimum_strength.to_string(),
        }
    }

    /// Sets it in a policy.
    pub fn set(self, policy: &mut Policy, text: &str) -> Result<(), NotAValue> {
        let wrong = |wanted: String| NotAValue { field: self, text: text.chars().take(80).collect(), wanted };
        let span = |least: Duration, most: Duration| {
            let span = duration::parse(text).map_err(|error| wrong(error.to_string()))?;
            let range = || wrong(format!("from {} to {}", duration::display(least), duration::display(most)));
            if (least..=most).contains(&span) { Ok(span) } else { Err(range()) }
        };
        // As the configuration has it.
        let (hour, zero) = (Duration::from_hours(1), Duration::ZERO);
        let years = |count: u32| Duration::from_hours(24 * 365).saturating_mul(count);
        let choice = || text.parse::<bool>().map_err(|_| wrong("true or false".to_owned()));
        match self {
            Self::Name => {
                let fits = (1..=64).contains(&text.chars().count()) && !text.chars().any(char::is_control);
                policy.name = fits.then(|| text.to_owned()).ok_or_else(|| wrong("1 to 64 characters".to_owned()))?;
            }
            Self::MaxAge => policy.max_age = span(hour, years(10))?,
            Self::GracePeriod => policy.grace_period = span(zero, years(1))?,
            Self::Expiration => policy.expiration = span(hour, years(100))?,
            Self::ArchiveAfter => policy.archive_after = span(zero, years(100))?,
            Self::DestroyAfter => policy.destroy_after = span(zero, years(100))?,
            Self::RequireApprovalForActivation => policy.approval_for_activation = choice()?,
            Self::RequireApprovalForDestruction => policy.approval_for_destruction = choice()?,
            Self::AutoRotate => policy.auto_rotate = choice()?,
            Self::NotifyBefore => policy.notify_before = span(zero, years(10))?,
            Self::AllowedKeyTypes => {
                let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
                let types = words.map(|word| word.parse::<KeyType>().map_err(|error| wrong(error.to_string())));
                let types = types.collect::<Result<Vec<_>, _>>()?;
                // Without any, no key could be made.
                let signing = !types.is_empty() && types.iter().all(|key_type| key_type.signs());
                policy.allowed_types =
                    signing.then_some(types).ok_or_else(|| wrong("types of keys that sign".to_owned()))?;
            }
            Self::MinimumKeyStrength => {
                let bits = text.parse().ok().filter(|bits| (128..=512).contains(bits));
                policy.minimum_strength = bits.ok_or_else(|| wrong("128 to 512 bits".to_owned()))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> Policy {
        let day = Duration::from_hours(24);
        Policy {
            name: "default".into(),
            max_age: 90 * day,
            grace_period: 2 * day,
            expiration: 365 * day,
            archive_after: 30 * day,
            destroy_after: 365 * day,
            approval_for_activation: false,
            approval_for_destruction: true,
            auto_rotate: true,
            notify_before: 30 * day,
            allowed_types: vec![KeyType::Ed25519],
            minimum_strength: 256,
        }
    }

    #[test]
    fn every_field_is_set_by_what_it_shows() {
        let other = ["night", "1d1h", "0s", "2h", "0s", "9d", "true", "false", "false", "1d", "p256,secp256k1", "384"];
        assert_eq!(Field::ALL.len(), other.len());
        for (field, text) in Field::ALL.iter().zip(other) {
            let mut changed = policy();
            field.set(&mut changed, text).unwrap();
            assert_ne!(changed, policy(), "{field:?}");
            let mut back = policy();
            field.set(&mut back, &field.show(&changed)).unwrap();
            assert_eq!(back, changed, "{field:?}");
            assert_eq!(Field::of_word(field.word()), Some(*field));
            assert!(field.setting().ends_with(field.word()));
        }
    }

    #[test]
    fn what_is_no_value_is_refused() {
        for (field, text) in [
            (Field::Name, ""),
            (Field::MaxAge, "59m"),
            (Field::MaxAge, "90"),
            (Field::MaxAge, "3651d"),
            (Field::GracePeriod, "366d"),
            (Field::Expiration, "36501d"),
            (Field::AllowedKeyTypes, ""),
            (Field::AllowedKeyTypes, " , "),
            (Field::AutoRotate, "yes"),
            (Field::AllowedKeyTypes, "rsa"),
            (Field::AllowedKeyTypes, "x25519"),
            (Field::MinimumKeyStrength, "1024"),
        ] {
            let error = field.set(&mut policy(), text).unwrap_err();
            assert!(error.to_string().contains(field.word()), "{error}");
        }
    }
}
