//! JSON as the same tree that YAML is read into: every key and every value knows its place.
//!
//! JSON is nearly YAML, and not quite: a YAML reader takes no surrogate pairs. So it is taken apart here, within the same
//! limits.

use crate::domain::yaml::{Entry, Limits, Node, Problem, Value};

/// Reads a text; what stops the reading is said with its place.
pub(super) fn parse(text: &str, limits: Limits) -> Result<Node, Problem> {
    let mut scanner = Scanner { text, at: 0, nodes: 0, limits };
    let root = scanner.value(0)?;
    match scanner.next_byte() {
        None => Ok(root),
        Some(_) => Err(scanner.wrong("nothing may follow the list")),
    }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    nodes: usize,
    limits: Limits,
}

impl Scanner<'_> {
    fn wrong(&self, what: &str) -> Problem {
        let at = self.text.floor_char_boundary(self.at.min(self.text.len()));
        Problem { span: at..at, text: format!("this is not JSON: {what}"), first: None }
    }

    /// The next byte that is no white space.
    fn next_byte(&mut self) -> Option<u8> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let blank = rest.iter().take_while(|byte| b" \t\r\n".contains(byte)).count();
        self.at = self.at.saturating_add(blank);
        rest.get(blank).copied()
    }

    fn take(&mut self, wanted: u8) -> bool {
        let there = self.next_byte() == Some(wanted);
        self.at = self.at.saturating_add(usize::from(there));
        there
    }

    fn value(&mut self, depth: usize) -> Result<Node, Problem> {
        let Limits { depth: levels, nodes, .. } = self.limits;
        self.nodes = self.nodes.saturating_add(1);
        let first = self.next_byte().ok_or_else(|| self.wrong("a value is missing"))?;
        if depth > levels || self.nodes > nodes {
            let text = format!("too large: at most {levels} levels and {nodes} values are read");
            return Err(Problem { text, ..self.wrong("") });
        }
        let start = self.at;
        let value = match first {
            b'[' => self.list(depth)?,
            b'{' => self.object(depth)?,
            b'"' => Value::Scalar { text: self.string()?, plain: false },
            _ => self.word()?,
        };
        Ok(Node { span: start..self.at, value })
    }

    fn list(&mut self, depth: usize) -> Result<Value, Problem> {
        self.take(b'[');
        let mut items = vec![];
        if self.take(b']') {
            return Ok(Value::Sequence(items));
        }
        loop {
            items.push(self.value(depth.saturating_add(1))?);
            if self.take(b']') {
                return Ok(Value::Sequence(items));
            }
            if !self.take(b',') {
                return Err(self.wrong("`,` or `]` is missing"));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, Problem> {
        self.take(b'{');
        let mut entries = vec![];
        if self.take(b'}') {
            return Ok(Value::Mapping(entries));
        }
        loop {
            if self.next_byte() != Some(b'"') {
                return Err(self.wrong("a key in quotes is missing"));
            }
            let start = self.at;
            let key = self.string()?;
            let key_span = start..self.at;
            if !self.take(b':') {
                return Err(self.wrong("`:` is missing"));
            }
            entries.push(Entry { key, key_span, value: self.value(depth.saturating_add(1))? });
            if self.take(b'}') {
                return Ok(Value::Mapping(entries));
            }
            if !self.take(b',') {
                return Err(self.wrong("`,` or `}` is missing"));
            }
        }
    }

    fn string(&mut self) -> Result<String, Problem> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let mut escaped = false;
        let end = rest.bytes().enumerate().skip(1).find_map(|(place, byte)| {
            let ends = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            ends.then_some(place)
        });
        let quoted = end.and_then(|end| rest.get(..=end)).ok_or_else(|| self.wrong("a text has no end"))?;
        let text = serde_json::from_str(quoted).map_err(|_| self.wrong("a text has an escape that there is not"))?;
        self.at = self.at.saturating_add(quoted.len());
        Ok(text)
    }

    /// A number, or one of three words.
    fn word(&mut self) -> Result<Value, Problem> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let word = rest.split(|c: char| c.is_whitespace() || ",:[]{}\"".contains(c)).next().unwrap_or_default();
        let value = match word {
            "null" => Value::Null,
            _ if serde_json::from_str::<serde_json::Value>(word).is_ok() => {
                Value::Scalar { text: word.to_owned(), plain: true }
            }
            _ => return Err(self.wrong("a value is missing")),
        };
        self.at = self.at.saturating_add(word.len());
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn everything_knows_its_place() {
        let text = " [ {\"a\\\"\": \"\\ud83d\\ude00\", \"b\":[1, -2.5e3,true,null]}, {} ] ";
        let root = parse(text, Limits::USUAL).unwrap();
        let Value::Sequence(items) = &root.value else { panic!() };
        let Value::Mapping(entries) = &items[0].value else { panic!() };
        assert_eq!((entries[0].key.as_str(), &text[entries[0].key_span.clone()]), ("a\"", "\"a\\\"\""));
        assert_eq!(entries[0].value.value, Value::Scalar { text: "\u{1f600}".to_owned(), plain: false });
        let Value::Sequence(numbers) = &entries[1].value.value else { panic!() };
        let written: Vec<&str> = numbers.iter().map(|number| &text[number.span.clone()]).collect();
        assert_eq!(written, ["1", "-2.5e3", "true", "null"]);
        assert_eq!(&text[items[1].span.clone()], "{}");
    }

    proptest! {
        /// What it takes, the other reader takes too, and the other way round.
        #[test]
        fn it_takes_what_json_is(text in "[\\[\\]{}\":,a-c0-2\\\\ un.e-]{0,40}") {
            let theirs = serde_json::from_str::<serde_json::Value>(&text);
            match parse(&text, Limits::USUAL) {
                Ok(_) => prop_assert!(theirs.is_ok(), "{text:?}"),
                Err(problem) => {
                    prop_assert!(theirs.is_err(), "{text:?}: {problem:?}");
                    prop_assert!(text.get(problem.span).is_some());
                }
            }
        }
    }
}
