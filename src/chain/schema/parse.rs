//! Reads the tables. What a line means is said at the top of `network.txt`.

use super::{Encoding, Enum, Field, Kind, Message, Tables, WellKnown};
use crate::chain::wire::Package;

/// Puts what `text` says into the tables. A line that cannot be read is skipped; a test says that there is none.
pub(super) fn read(text: &'static str, package_of: fn(&'static str) -> Package, tables: &mut Tables) {
    let mut package = "";
    let mut last = Last::None;
    for line in lines(text) {
        let words: Vec<_> = line.split_whitespace().collect();
        match (line.starts_with(' '), words.as_slice()) {
            (false, ["package", name]) => (package, last) = (name, Last::None),
            (false, ["message", name, rest @ ..]) => {
                let key = format!("{package}.{name}");
                let message = Message {
                    package: package_of(package),
                    name: (*name).to_owned(),
                    amino: amino(rest),
                    fields: Vec::new(),
                };
                tables.messages.insert(key.clone(), message);
                last = Last::Message(key);
            }
            (false, ["enum", name]) => {
                let key = format!("{package}.{name}");
                let found = Enum { package: package_of(package), name: (*name).to_owned(), values: Vec::new() };
                tables.enums.insert(key.clone(), found);
                last = Last::Enum(key);
            }
            (true, words) => match &last {
                Last::Message(key) => {
                    if let (Some(message), Some(field)) = (tables.messages.get_mut(key), field(package, words)) {
                        message.fields.push(field);
                    }
                }
                Last::Enum(key) => {
                    if let (Some(found), Some(value)) = (tables.enums.get_mut(key), value(words)) {
                        found.values.push(value);
                    }
                }
                Last::None => {}
            },
            _ => {}
        }
    }
}

enum Last {
    None,
    Message(String),
    Enum(String),
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
}

fn amino(rest: &[&str]) -> Option<String> {
    match rest {
        ["amino", name] => Some((*name).to_owned()),
        _ => None,
    }
}

fn value(words: &[&str]) -> Option<(i32, String)> {
    let [number, word] = words else { return None };
    Some((number.parse().ok()?, (*word).to_owned()))
}

fn field(package: &str, words: &[&str]) -> Option<Field> {
    let [number, name, rest @ ..] = words else { return None };
    let (repeated, rest) = match rest {
        ["repeated", rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let (kind, mut rest) = match rest {
        ["enum", name, rest @ ..] => (Kind::Enum(key(package, name)), rest),
        [name, rest @ ..] => (kind(package, name), rest),
        [] => return None,
    };
    let (number, name) = (number.parse().ok()?, (*name).to_owned());
    let mut field = Field { number, name, kind, repeated, one_of: None, keep: false, encoding: Encoding::Plain };
    loop {
        rest = match rest {
            [] => return Some(field),
            ["keep", rest @ ..] => {
                field.keep = true;
                rest
            }
            ["oneof", name, rest @ ..] => {
                field.one_of = Some((*name).to_owned());
                rest
            }
            [word, rest @ ..] => {
                field.encoding = match *word {
                    "int" => Encoding::Int,
                    "dec" => Encoding::Dec,
                    "coins" => Encoding::Coins,
                    _ => return None,
                };
                rest
            }
        };
    }
}

fn kind(package: &str, name: &str) -> Kind {
    match name {
        "bool" => Kind::Bool,
        "int32" => Kind::Int32,
        "int64" => Kind::Int64,
        "uint32" => Kind::Uint32,
        "uint64" => Kind::Uint64,
        "string" => Kind::String,
        "bytes" => Kind::Bytes,
        "map" => Kind::Map,
        "google.protobuf.Any" => Kind::WellKnown(WellKnown::Any),
        "google.protobuf.Duration" => Kind::WellKnown(WellKnown::Duration),
        "google.protobuf.Timestamp" => Kind::WellKnown(WellKnown::Timestamp),
        name => Kind::Message(key(package, name)),
    }
}

/// A name of the same package is written without it: packages begin with a small letter, types with a great one.
fn key(package: &str, name: &str) -> String {
    if name.starts_with(|first: char| first.is_ascii_uppercase()) {
        format!("{package}.{name}")
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read() {
        for text in [include_str!("network.txt"), include_str!("cosmos.txt")] {
            let mut in_enum = false;
            for line in lines(text) {
                let words: Vec<_> = line.split_whitespace().collect();
                let read = match (line.starts_with("  "), words.as_slice()) {
                    (false, ["package" | "message", _] | ["message", _, "amino", _]) => {
                        in_enum = false;
                        true
                    }
                    (false, ["enum", _]) => {
                        in_enum = true;
                        true
                    }
                    (true, words) if in_enum => value(words).is_some(),
                    (true, words) => field("p", words).is_some(),
                    _ => false,
                };
                assert!(read, "{line:?}");
            }
        }
    }
}
