//! A message as JSON.

use super::{Error, json};
use crate::chain::convert;
use crate::chain::schema::raw::{self, Raw};
use crate::chain::schema::{self, Encoding, Field, Kind, Message, WellKnown};
use crate::domain::amount::{Dec18, Int};
use crate::domain::network::Network;
use prost::Message as _;
use prost_types::{Any, Duration, Timestamp};
use std::collections::BTreeMap;

/// Messages within messages: the deepest of the tables has eight.
const DEEPEST: usize = 32;

/// `{"type":…,"value":…}` of a message of a transaction.
pub fn message_json(network: &Network, any: &Any) -> Result<String, Error> {
    let mut writer = Writer { network, out: String::new() };
    writer.any(any, 0)?;
    Ok(writer.out)
}

/// Writes one document.
pub(super) struct Writer<'n> {
    pub(super) network: &'n Network,
    pub(super) out: String,
}

impl Writer<'_> {
    pub(super) fn any(&mut self, any: &Any, depth: usize) -> Result<(), Error> {
        let full_name = any.type_url.strip_prefix('/').unwrap_or_default();
        let Some(message) = schema::message_of(self.network, full_name) else {
            return Err(Error::UnknownType { type_url: any.type_url.clone(), network: self.network.word });
        };
        let name = match &message.amino {
            Some(name) => name.replace("{network}", self.network.package_prefix),
            None => any.type_url.clone(),
        };
        self.out.push('{');
        json::key(&mut self.out, "type");
        json::text(&mut self.out, &name);
        self.out.push(',');
        json::key(&mut self.out, "value");
        self.message(message, &any.value, depth)?;
        self.out.push('}');
        Ok(())
    }

    fn message(&mut self, message: &Message, bytes: &[u8], depth: usize) -> Result<(), Error> {
        if depth > DEEPEST {
            return Err(Error::TooDeep { message: message.name.clone() });
        }
        let mut found = BTreeMap::<u32, Vec<Raw<'_>>>::new();
        for (number, value) in raw::fields(bytes).map_err(|_| Error::Malformed { message: message.name.clone() })? {
            if message.field(number).is_none() {
                return Err(Error::UnknownField { message: message.name.clone(), number });
            }
            found.entry(number).or_default().push(value);
        }
        let mut fields: Vec<_> = message.fields.iter().collect();
        fields.sort_by_key(|field| field.name.as_str());
        self.out.push('{');
        let mut first = true;
        for field in fields {
            let values = found.get(&field.number).map(Vec::as_slice).unwrap_or_default();
            let at = At { message, field, depth };
            // A oneof is written as null where none of its members is set: its messages are in no transaction.
            if field.one_of.is_some() {
                return Err(at.unsupported());
            }
            let start = self.out.len();
            if !first {
                self.out.push(',');
            }
            json::key(&mut self.out, &field.name);
            let written = if field.repeated { self.list(at, values)? } else { self.single(at, values)? };
            if written || field.keep {
                first = false;
            } else {
                self.out.truncate(start);
            }
        }
        self.out.push('}');
        Ok(())
    }

    /// Says whether there was anything to write.
    fn list(&mut self, at: At<'_>, values: &[Raw<'_>]) -> Result<bool, Error> {
        let numbers =
            !matches!(at.field.kind, Kind::String | Kind::Bytes | Kind::Message(_) | Kind::WellKnown(_) | Kind::Map);
        let mut elements = Vec::new();
        for value in values {
            match value {
                Raw::Bytes(bytes) if numbers => {
                    elements.extend(raw::packed(bytes).map_err(|_| at.malformed())?.into_iter().map(Raw::Varint));
                }
                value => elements.push(*value),
            }
        }
        if elements.is_empty() {
            self.out.push_str(if at.field.encoding == Encoding::Coins { "[]" } else { "null" });
            return Ok(false);
        }
        self.out.push('[');
        for (index, element) in elements.into_iter().enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            self.value(at, element)?;
        }
        self.out.push(']');
        Ok(true)
    }

    /// Says whether there was anything to write: of a message, whether it is there; of anything else, whether it is
    /// not zero.
    fn single(&mut self, at: At<'_>, values: &[Raw<'_>]) -> Result<bool, Error> {
        match at.field.kind {
            Kind::Message(_) | Kind::WellKnown(_) => {
                let Some(last) = values.last() else {
                    // No node accepts this: what is kept is never absent.
                    return if at.field.keep { Err(at.malformed()) } else { Ok(false) };
                };
                // A message that comes several times is one, its parts one behind the other.
                let joined = match values {
                    [_] => None,
                    several => {
                        Some(several.iter().map(|value| at.bytes(*value)).collect::<Result<Vec<_>, _>>()?.concat())
                    }
                };
                let value = joined.as_deref().map_or(*last, Raw::Bytes);
                self.value(at, value)?;
                Ok(true)
            }
            Kind::String | Kind::Bytes | Kind::Map => {
                let last = values.last().copied().unwrap_or(Raw::Bytes(b""));
                self.value(at, last)?;
                Ok(!at.bytes(last)?.is_empty())
            }
            _ => {
                let last = values.last().copied().unwrap_or(Raw::Varint(0));
                self.value(at, last)?;
                Ok(last != Raw::Varint(0))
            }
        }
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "protobuf's numbers are read so")]
    fn value(&mut self, at: At<'_>, value: Raw<'_>) -> Result<(), Error> {
        let out = &mut self.out;
        match &at.field.kind {
            Kind::Bool => out.push_str(if at.number(value)? == 0 { "false" } else { "true" }),
            Kind::Int32 | Kind::Enum(_) => json::number(out, at.number(value)? as i32),
            Kind::Uint32 => json::number(out, at.number(value)? as u32),
            Kind::Int64 => json::quoted(out, at.number(value)? as i64),
            Kind::Uint64 => json::quoted(out, at.number(value)?),
            Kind::Bytes => json::bytes(out, at.bytes(value)?),
            Kind::String => {
                let text = std::str::from_utf8(at.bytes(value)?).map_err(|_| at.malformed())?;
                json::text(out, &at.scalar(text)?);
            }
            Kind::Map => return Err(at.unsupported()),
            Kind::Message(key) => {
                let message = schema::message(key).ok_or_else(|| at.unsupported())?;
                self.message(message, at.bytes(value)?, at.depth + 1)?;
            }
            Kind::WellKnown(WellKnown::Any) => {
                let any = Any::decode(at.bytes(value)?).map_err(|_| at.malformed())?;
                if at.depth >= DEEPEST {
                    return Err(Error::TooDeep { message: at.message.name.clone() });
                }
                self.any(&any, at.depth + 1)?;
            }
            Kind::WellKnown(WellKnown::Timestamp) => {
                let time = Timestamp::decode(at.bytes(value)?).map_err(|_| at.malformed())?;
                let time = convert::time_from_wire(&time).map_err(|source| at.time(source))?;
                json::quoted(out, time);
            }
            Kind::WellKnown(WellKnown::Duration) => {
                let time = Duration::decode(at.bytes(value)?).map_err(|_| at.malformed())?;
                let nanos = i128::from(time.seconds) * 1_000_000_000 + i128::from(time.nanos);
                json::quoted(out, i64::try_from(nanos).map_err(|_| at.malformed())?);
            }
        }
        Ok(())
    }
}

/// Where in a message something is written.
#[derive(Clone, Copy)]
struct At<'m> {
    message: &'m Message,
    field: &'m Field,
    depth: usize,
}

impl At<'_> {
    fn number(&self, value: Raw<'_>) -> Result<u64, Error> {
        match value {
            Raw::Varint(number) => Ok(number),
            Raw::Bytes(_) => Err(self.malformed()),
        }
    }

    fn bytes<'b>(&self, value: Raw<'b>) -> Result<&'b [u8], Error> {
        match value {
            Raw::Bytes(bytes) => Ok(bytes),
            Raw::Varint(_) => Err(self.malformed()),
        }
    }

    /// The text of an amount as the JSON has it.
    fn scalar(&self, text: &str) -> Result<String, Error> {
        let amount =
            |source| Error::Amount { message: self.message.name.clone(), field: self.field.name.clone(), source };
        match self.field.encoding {
            Encoding::Plain | Encoding::Coins => Ok(text.to_owned()),
            Encoding::Int | Encoding::Dec if text.is_empty() => Ok("0".to_owned()),
            Encoding::Int => Int::from_wire(text).map(|_| text.to_owned()).map_err(amount),
            Encoding::Dec => Dec18::from_wire(text).map(|value| value.fixed().to_string()).map_err(amount),
        }
    }

    fn malformed(&self) -> Error {
        Error::Value { message: self.message.name.clone(), field: self.field.name.clone() }
    }

    fn unsupported(&self) -> Error {
        Error::Unsupported { message: self.message.name.clone(), field: self.field.name.clone() }
    }

    fn time(&self, source: convert::Error) -> Error {
        Error::Time { message: self.message.name.clone(), field: self.field.name.clone(), source }
    }
}
