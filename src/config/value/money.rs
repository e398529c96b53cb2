//! Prices and amounts with their denomination, turned into the chain's unit while they are read.

use serde_json::{Value as Json, json};

use super::Value;
use crate::config::reading::Reading;
use crate::domain::amount::{Coin, Dec18, DecCoin, Denom, Int, Rounding};
use crate::domain::yaml::{Node, Value as Yaml};

/// A price: an exact decimal of the chain's unit. A number without denomination is in the fee denomination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// The price, in a base denomination such as `uve`.
    pub coin: DecCoin,
    /// The denomination was written, not assumed.
    pub named: bool,
}

/// A whole amount of coins. A number without denomination is in the fee denomination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoinAmount(pub Coin);

impl Value for Price {
    fn schema() -> Json {
        json!({ "type": ["number", "string"], "minimum": 0, "pattern": "^[0-9]+(\\.[0-9]+)?([a-zA-Z][a-zA-Z0-9/:._-]*)?$" })
    }

    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
        money(node, reading, "a price such as 0.025uve")
    }

    fn show(&self) -> Json {
        Json::String(self.coin.to_string())
    }

    fn outside(&self, _: &str, _: &str) -> bool {
        false
    }
}

impl Value for CoinAmount {
    fn schema() -> Json {
        Price::schema()
    }

    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
        let price = money(node, reading, "an amount such as 500000uve")?;
        let amount: Option<Int> = price.coin.amount.to_int(Rounding::Up).ok();
        let Some(amount) = amount else {
            reading.error(node, "expected an amount such as 500000uve: too large");
            return None;
        };
        if Dec18::try_from(amount).ok() != Some(price.coin.amount) {
            let help = format!("it is taken as {amount}{}, the next whole unit", price.coin.denom);
            reading.warning(node, "a fraction of the chain's smallest unit cannot be held", help);
        }
        Some(Self(Coin::new(amount, price.coin.denom)))
    }

    fn show(&self) -> Json {
        Json::String(self.0.to_string())
    }

    fn outside(&self, _: &str, _: &str) -> bool {
        false
    }
}

/// Reads a number with an optional denomination and turns it into the base unit of the network.
fn money(node: &Node, reading: &mut Reading<'_>, wanted: &str) -> Option<Price> {
    let text = reading.text(node, wanted)?;
    let digits = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let amount: Dec18 = match number.parse() {
        Ok(amount) => amount,
        Err(error) => {
            let written = if let Yaml::Scalar { text, .. } = &node.value { text.as_str() } else { &text };
            reading.error(node, format!("expected {wanted}: {}", problem(written, &error)));
            return None;
        }
    };
    let named = !unit.is_empty();
    let unit = if named { unit } else { reading.network.fee_denomination };
    let (base, places) = denomination(node, reading, unit);
    let Ok(amount) = amount.checked_mul(Dec18::from(10_u64.pow(places)), Rounding::Down) else {
        reading.error(node, format!("expected {wanted}: too large"));
        return None;
    };
    match base.parse::<Denom>() {
        Ok(denom) => Some(Price { coin: DecCoin::new(amount, denom), named }),
        Err(error) => {
            reading.error(node, format!("expected {wanted}: {error}"));
            None
        }
    }
}

fn problem(text: &str, error: &crate::domain::amount::Error) -> String {
    if text.starts_with('-') { "it cannot be negative".to_owned() } else { format!("found `{text}` ({error})") }
}

/// The base unit and the decimal places of a unit, by the network's table. A denomination that the table does not
/// know stands for itself; whether there is a list or a rate for it is checked when all is read.
fn denomination(node: &Node, reading: &mut Reading<'_>, unit: &str) -> (String, u32) {
    let Some(known) = reading.network.unit(unit) else { return (unit.to_owned(), 0) };
    if let Some(meant) = known.meant {
        let help = format!("write {meant}; {unit} is not a denomination of {}", reading.network.word);
        reading.warning(node, format!("`{unit}` is taken as {meant}"), help);
    }
    (known.base.to_owned(), known.places)
}

/// The unit in which prices without one are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Currency {
    /// The denomination on chain.
    pub base: Denom,
    /// How many decimal places the unit stands above it.
    pub places: u32,
}

impl Value for Currency {
    fn schema() -> Json {
        json!({ "type": "string", "pattern": "^[a-zA-Z][a-zA-Z0-9/:._-]*$" })
    }

    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
        let text = reading.text(node, "a denomination such as uve")?;
        let (base, places) = denomination(node, reading, &text);
        match base.parse() {
            Ok(base) => Some(Self { base, places }),
            Err(error) => {
                reading.error(node, format!("expected a denomination such as uve: {error}"));
                None
            }
        }
    }

    fn show(&self) -> Json {
        let unit = if self.places == 0 { String::new() } else { format!("10^{} ", self.places) };
        Json::String(format!("{unit}{}", self.base))
    }

    fn outside(&self, _: &str, _: &str) -> bool {
        false
    }
}

impl Price {
    /// A price that was written without a denomination, taken to be in a currency. `None` where it is too large.
    pub fn in_currency(&self, currency: &Currency) -> Option<Self> {
        if self.named {
            return Some(self.clone());
        }
        let factor = Dec18::from(10_u64.pow(currency.places));
        let amount = self.coin.amount.checked_mul(factor, Rounding::Down).ok()?;
        Some(Self { coin: DecCoin::new(amount, currency.base.clone()), named: true })
    }
}
