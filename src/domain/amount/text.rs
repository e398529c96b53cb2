//! Digits in, digits out: the one place where amounts meet text.

use ruint::aliases::U256;

/// 2²⁵⁶ has 78 decimal digits.
const MAX_DIGITS: usize = 78;

/// Reads plain ASCII digits without leading zeros; `None` when there is anything else or it exceeds 256 bits.
pub(super) fn canonical_digits(digits: &str) -> Option<U256> {
    if digits.len() > 1 && digits.starts_with('0') {
        return None;
    }
    any_digits(digits)
}

/// Reads plain ASCII digits, leading zeros allowed (the fraction of a decimal has them).
pub(super) fn any_digits(digits: &str) -> Option<U256> {
    if digits.is_empty() || digits.len() > MAX_DIGITS || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    U256::from_str_radix(digits, 10).ok()
}

/// Gives a type serde by way of its `Display` and `FromStr`, as a string and never as a number: a YAML or JSON
/// number may already have gone through a float.
macro_rules! serde_as_text {
    ($type:ty, $expecting:literal) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;

                impl serde::de::Visitor<'_> for Text {
                    type Value = $type;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str($expecting)
                    }

                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$type, E> {
                        text.parse().map_err(E::custom)
                    }
                }

                deserializer.deserialize_str(Text)
            }
        }
    };
}

pub(super) use serde_as_text;
