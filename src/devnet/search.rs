//! CometBFT's query language for events: `tm.event='Tx' AND message.action='/…' AND tx.height > 5`.
//!
//! Conditions are joined by `AND` only. Like CometBFT 0.38, `OR` and parentheses are refused.

use crate::chain::wire::tendermint::abci::Event;
use std::collections::BTreeMap;

/// The attributes of events by their composite keys (`transfer.sender`), each with all its values.
pub type Attributes = BTreeMap<String, Vec<String>>;

/// What must hold of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    conditions: Vec<Condition>,
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The composite key.
    pub key: String,
    /// How it is compared, and with what.
    pub test: Test,
}

/// How a value is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// There is such an attribute.
    Exists,
    /// Its text contains this.
    Contains(String),
    /// It is this.
    Equals(String),
    /// It is a number in this order to that one.
    Order(Order, i128),
}

/// How two numbers stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// The longest query, in bytes: CometBFT's own limit.
pub const LONGEST: usize = 512;

/// Why a text is no query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// It has more than [`LONGEST`] bytes, and was not looked at.
    #[error("maximum query length exceeded")]
    TooLong,
    /// It cannot be read.
    #[error("failed to parse query: offset {offset}: {what}")]
    Syntax {
        /// Where, in bytes.
        offset: usize,
        /// What is wrong there.
        what: String,
    },
}

impl Query {
    /// Reads a query; an empty one holds of everything.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        if text.len() > LONGEST {
            return Err(ParseError::TooLong);
        }
        let mut reader = Reader { text, at: 0 };
        let mut conditions = Vec::new();
        reader.skip_blanks();
        if reader.rest().is_empty() {
            return Ok(Self { conditions });
        }
        loop {
            conditions.push(reader.condition()?);
            reader.skip_blanks();
            if reader.rest().is_empty() {
                return Ok(Self { conditions });
            }
            if !reader.take_word("AND") {
                return Err(reader.error("expected AND"));
            }
        }
    }

    /// Its conditions.
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// Whether all of it holds.
    pub fn holds(&self, attributes: &Attributes) -> bool {
        self.conditions.iter().all(|condition| {
            attributes.get(&condition.key).is_some_and(|values| values.iter().any(|value| condition.test.holds(value)))
        })
    }
}

impl Test {
    /// Whether it holds of this value.
    pub fn holds(&self, value: &str) -> bool {
        match self {
            Self::Exists => true,
            Self::Contains(part) => value.contains(part.as_str()),
            Self::Equals(whole) => value == whole,
            Self::Order(order, number) => leading_number(value).is_some_and(|value| match order {
                Order::Less => value < *number,
                Order::LessOrEqual => value <= *number,
                Order::Greater => value > *number,
                Order::GreaterOrEqual => value >= *number,
            }),
        }
    }
}

/// The number that a value begins with: `5` of `5uve`.
fn leading_number(value: &str) -> Option<i128> {
    let end = value.find(|character: char| !character.is_ascii_digit() && character != '-').unwrap_or(value.len());
    value.get(..end)?.parse().ok()
}

/// The attributes of events.
pub fn attributes(events: &[Event]) -> Attributes {
    let mut attributes = Attributes::new();
    for event in events.iter().filter(|event| !event.r#type.is_empty()) {
        for attribute in &event.attributes {
            let key = format!("{}.{}", event.r#type, attribute.key);
            attributes.entry(key).or_default().push(attribute.value.clone());
        }
    }
    attributes
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn error(&self, what: impl Into<String>) -> ParseError {
        ParseError::Syntax { offset: self.at, what: what.into() }
    }

    fn skip_blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn take(&mut self, symbol: &str) -> bool {
        self.skip_blanks();
        let found = self.rest().starts_with(symbol);
        if found {
            self.at += symbol.len();
        }
        found
    }

    fn take_word(&mut self, word: &str) -> bool {
        self.skip_blanks();
        let ends = self.rest().strip_prefix(word).is_some_and(|rest| {
            rest.chars().next().is_none_or(|next| !next.is_alphanumeric() && next != '.' && next != '_')
        });
        if ends {
            self.at += word.len();
        }
        ends
    }

    fn condition(&mut self) -> Result<Condition, ParseError> {
        self.skip_blanks();
        let rest = self.rest();
        let end = rest
            .find(|character: char| !character.is_alphanumeric() && !"._-/".contains(character))
            .unwrap_or(rest.len());
        let key = rest.get(..end).unwrap_or_default();
        if key.is_empty() {
            let next = rest.chars().next().map_or_else(|| "end".to_owned(), String::from);
            let (offset, behind) = (self.at, self.at + next.len());
            return Err(ParseError::Syntax { offset, what: format!("invalid input {next} at offset {behind}") });
        }
        self.at += end;
        let test = self.test()?;
        Ok(Condition { key: key.to_owned(), test })
    }

    fn test(&mut self) -> Result<Test, ParseError> {
        if self.take_word("EXISTS") {
            return Ok(Test::Exists);
        }
        if self.take_word("CONTAINS") {
            return Ok(Test::Contains(self.quoted()?));
        }
        // Longer symbols first.
        let orders =
            [("<=", Order::LessOrEqual), (">=", Order::GreaterOrEqual), ("<", Order::Less), (">", Order::Greater)];
        for (symbol, order) in orders {
            if self.take(symbol) {
                return Ok(Test::Order(order, self.number()?));
            }
        }
        if !self.take("=") {
            return Err(self.error("expected an operator"));
        }
        self.skip_blanks();
        if self.rest().starts_with('\'') {
            return Ok(Test::Equals(self.quoted()?));
        }
        Ok(Test::Equals(self.number()?.to_string()))
    }

    fn quoted(&mut self) -> Result<String, ParseError> {
        self.skip_blanks();
        let inside = self.rest().strip_prefix('\'').ok_or_else(|| self.error("expected a quoted text"))?;
        let end = inside.find('\'').ok_or_else(|| self.error("a text without end"))?;
        self.at += end + 2;
        Ok(inside.get(..end).unwrap_or_default().to_owned())
    }

    fn number(&mut self) -> Result<i128, ParseError> {
        self.skip_blanks();
        let rest = self.rest();
        let end = rest.find(|character: char| !character.is_ascii_digit() && character != '-').unwrap_or(rest.len());
        let number = rest.get(..end).and_then(|digits| digits.parse().ok());
        let number = number.ok_or_else(|| self.error("expected a number"))?;
        self.at += end;
        Ok(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn some() -> Attributes {
        let pairs =
            [("tm.event", "Tx"), ("tx.height", "12"), ("transfer.amount", "5uve"), ("transfer.amount", "70uve")];
        let mut attributes = Attributes::new();
        for (key, value) in pairs {
            attributes.entry(key.to_owned()).or_default().push(value.to_owned());
        }
        attributes
    }

    #[test]
    fn conditions_hold_together() {
        for (query, holds) in [
            ("", true),
            ("tm.event='Tx'", true),
            ("tm.event = 'Tx' AND tx.height=12", true),
            ("tm.event='Tx' AND tx.height>12", false),
            ("tx.height >= 12 AND tx.height<= 12", true),
            ("transfer.amount > 60", true),
            ("transfer.amount CONTAINS '0uv'", true),
            ("transfer.amount CONTAINS 'act'", false),
            ("transfer.sender EXISTS", false),
            ("transfer.amount EXISTS AND tm.event='NewBlock'", false),
        ] {
            assert_eq!(Query::parse(query).unwrap().holds(&some()), holds, "{query}");
        }
    }

    #[test]
    fn or_and_parentheses_are_refused() {
        let error = Query::parse("tm.event='Tx' AND (a.b='a' OR a.b='b')").unwrap_err();
        // As recorded.
        assert_eq!(error.to_string(), "failed to parse query: offset 18: invalid input ( at offset 19");
        for query in ["a.b='a' OR a.b='b'", "a.b", "a.b=", "a.b='x", "a.b=x", "AND", "a.b='x' AND"] {
            assert!(Query::parse(query).is_err(), "{query}");
        }
    }

    #[test]
    fn a_query_has_512_bytes_at_most() {
        let of = |length: usize| format!("a.b='{}'", "x".repeat(length - 6));
        assert!(Query::parse(&of(LONGEST)).is_ok());
        assert_eq!(Query::parse(&of(LONGEST + 1)).unwrap_err().to_string(), "maximum query length exceeded");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,60}") {
            let _ = Query::parse(&text);
        }
    }
}
