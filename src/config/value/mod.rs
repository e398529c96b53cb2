//! The types of configuration values: how each is written, checked and shown.

mod choice;
mod collections;
mod money;
mod named;
mod record;
mod scalars;
mod secret;

pub use choice::Choice;
pub(in crate::config) use choice::choice;
pub use collections::Texts;
pub use money::{CoinAmount, Currency, Price};
pub use named::{Count, HostOrAddress, OpenstackNetwork, StorageClass};
pub use record::{BackEndCapacity, DenominationPrices, NodeGroupCapacity, PriceFor};
pub use scalars::{
    AccountAddress, AddressPrefix, AttributeText, ClockTime, Country, Decimal, Denomination, DerivationPath, Email,
    Endpoint, Ratio, Text, TimeZoneName, WebAddress,
};
pub use secret::Secret;

use std::borrow::Cow;

use serde_json::{Value as Json, json};

use super::reading::Reading;
use crate::domain::yaml::{Node, Value as Yaml};

/// The type of a configuration value.
pub trait Value: Sized {
    /// JSON Schema of the value as written in a file.
    fn schema() -> Json;

    /// Reads the value from a node; what is wrong is noted in the reading.
    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self>;

    /// The value as `--effective` shows it; secrets are masked.
    fn show(&self) -> Json;

    /// Whether the value lies outside of bounds that are written like the value itself.
    fn outside(&self, low: &str, high: &str) -> bool;

    /// The value when nothing is written and there is no default; `None` where one must be written.
    fn absent() -> Option<Self> {
        None
    }

    /// Whether source lines that hold the value must be masked.
    const SECRET: bool = false;
}

/// A value that is written as one word.
pub trait Scalar: Sized {
    /// What is expected, for a message: `a duration such as 30s`.
    const WANTED: &'static str;

    /// Numbers and booleans must stand without quotes.
    const PLAIN: bool = false;

    /// JSON Schema.
    fn schema() -> Json;

    /// Reads the text; the error says what is wrong with it.
    fn parse(text: &str) -> Result<Self, String>;

    /// The value as `--effective` shows it.
    fn show(&self) -> Json;

    /// Whether the value lies outside of bounds; text has none.
    fn outside(&self, _low: &str, _high: &str) -> bool {
        false
    }
}

impl<S: Scalar> Value for S {
    fn schema() -> Json {
        <S as Scalar>::schema()
    }

    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
        let text = reading.text(node, S::WANTED)?;
        if S::PLAIN && matches!(&node.value, Yaml::Scalar { plain: false, .. }) {
            reading.error_with_help(node, format!("expected {}, found a text", S::WANTED), "remove the quotes");
            return None;
        }
        match S::parse(&text) {
            Ok(value) => Some(value),
            Err(why) => {
                // What a variable holds may be a secret; the reference says enough.
                let why = match (&text, &node.value) {
                    (Cow::Owned(filled), Yaml::Scalar { text: written, .. }) if !filled.is_empty() => {
                        why.replace(filled, written)
                    }
                    _ => why,
                };
                reading.error(node, format!("expected {}: {why}", S::WANTED));
                None
            }
        }
    }

    fn show(&self) -> Json {
        Scalar::show(self)
    }

    fn outside(&self, low: &str, high: &str) -> bool {
        Scalar::outside(self, low, high)
    }
}

/// Whether a value lies outside of bounds that are written like the value itself.
fn beyond<S: Scalar + PartialOrd>(value: &S, low: &str, high: &str) -> bool {
    let below = S::parse(low).is_ok_and(|low| *value < low);
    let above = S::parse(high).is_ok_and(|high| *value > high);
    below || above
}

/// A value that may be left out.
impl<V: Value> Value for Option<V> {
    fn schema() -> Json {
        V::schema()
    }

    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
        V::read(node, reading).map(Some)
    }

    fn show(&self) -> Json {
        self.as_ref().map_or(Json::Null, V::show)
    }

    fn outside(&self, low: &str, high: &str) -> bool {
        self.as_ref().is_some_and(|value| value.outside(low, high))
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    const SECRET: bool = V::SECRET;
}

/// JSON Schema of a text with a pattern.
fn patterned(pattern: &str) -> Json {
    json!({ "type": "string", "pattern": pattern })
}
