//! YAML as a tree in which every key and every value knows its place.
//!
//! Both the configuration and tenants' manifests are read through this. It is strict and bounded, because neither the
//! operator's slip nor a tenant's malice may surprise: one document, no anchors or aliases (so no alias bombs), no
//! tags, only text keys, no duplicate keys, limits on size, depth and node count. Scalars stay text: what a number
//! means is decided by whoever knows its type, so no digit is ever lost to a float.

use std::fmt;
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, Span};

/// A node of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Where it stands: a byte range of the source.
    pub span: Range<usize>,
    /// What it is.
    pub value: Value,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing: an empty value, `~` or `null`.
    Null,
    /// A scalar as written, after escapes.
    Scalar {
        /// The text.
        text: String,
        /// Without quotes and not a block: the only form in which a number or a boolean may stand.
        plain: bool,
    },
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values in the order of the source.
    Mapping(Vec<Entry>),
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_span: Range<usize>,
    /// The value.
    pub value: Node,
}

/// Something that a document may not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub span: Range<usize>,
    /// What.
    pub text: String,
    /// The first of two duplicates.
    pub first: Option<Range<usize>>,
}

/// The longest text of a problem, in characters: it may quote what stands there.
const LONGEST: usize = 400;

impl Problem {
    /// A problem; what is quoted in it is cut.
    pub fn at(span: Range<usize>, text: impl fmt::Display) -> Self {
        let mut text = text.to_string();
        if let Some((end, _)) = text.char_indices().nth(LONGEST) {
            text.truncate(end);
            text.push('…');
        }
        Self { span, text, first: None }
    }
}

/// How large a document may be.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of text.
    pub bytes: usize,
    /// Lines: a line of one byte can take a hundred when it is read.
    pub lines: usize,
    /// Levels of nesting.
    pub depth: usize,
    /// Nodes in all.
    pub nodes: usize,
}

impl Limits {
    /// Enough for a configuration file and for a manifest.
    pub const USUAL: Self = Self { bytes: 1 << 20, lines: 20_000, depth: 32, nodes: 50_000 };
}

impl Value {
    /// What it is, in words for a message.
    pub const fn noun(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Scalar { .. } => "a value",
            Self::Sequence(_) => "a list",
            Self::Mapping(_) => "a mapping",
        }
    }
}

/// Reads one document. An empty text is `None`.
///
/// Gives back what could be read and every problem that was found; a syntax error ends the reading.
pub fn parse(text: &str, limits: Limits) -> (Option<Node>, Vec<Problem>) {
    let mut reader =
        Reader { events: Parser::new_from_str(text), length: text.len(), limits, nodes: 0, problems: vec![] };
    if text.len() > limits.bytes {
        reader.problem(0..0, format!("the text has {} bytes; at most {} are read", text.len(), limits.bytes));
        return (None, reader.problems);
    }
    let lines = text.bytes().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
    if lines > limits.lines {
        reader.problem(0..0, format!("the text has {lines} lines; at most {} are read", limits.lines));
        return (None, reader.problems);
    }
    let node = reader.document().unwrap_or(None);
    (node, reader.problems)
}

struct Reader<'text> {
    events: Parser<'text, granit_parser::StrInput<'text>>,
    length: usize,
    limits: Limits,
    nodes: usize,
    problems: Vec<Problem>,
}

/// The reading cannot go on; the problem is noted.
struct Stop;

impl<'text> Reader<'text> {
    fn problem(&mut self, span: Range<usize>, text: impl fmt::Display) {
        self.problems.push(Problem::at(span, text));
    }

    fn next(&mut self) -> Result<(Event<'text>, Range<usize>), Stop> {
        let event = self.events.by_ref().find(|event| !matches!(event, Ok((Event::Comment(..), _))));
        match event {
            Some(Ok((event, span))) => Ok((event, bytes(&span))),
            Some(Err(error)) => {
                let at = error.marker().byte_offset().unwrap_or(self.length).min(self.length);
                let message = error.to_string();
                // The library repeats the place, by bytes and characters; the diagnostic shows it better.
                let message = message.split(" at byte ").next().unwrap_or(&message);
                let message = message.split(" at char ").next().unwrap_or(message);
                self.problem(at..at, format_args!("this is not YAML: {message}"));
                Err(Stop)
            }
            None => Ok((Event::StreamEnd, self.length..self.length)),
        }
    }

    fn document(&mut self) -> Result<Option<Node>, Stop> {
        let mut root = None;
        let mut documents = 0;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::DocumentStart(..) => {
                    documents += 1;
                    if documents > 1 {
                        self.problem(span, "a second document; the file must hold one");
                        return Ok(root);
                    }
                }
                Event::StreamEnd => return Ok(root),
                Event::StreamStart | Event::DocumentEnd => {}
                other => root = Some(self.node(other, span, 0)?),
            }
        }
    }

    fn node(&mut self, event: Event<'text>, span: Range<usize>, depth: usize) -> Result<Node, Stop> {
        self.nodes += 1;
        if depth > self.limits.depth || self.nodes > self.limits.nodes {
            let (levels, nodes) = (self.limits.depth, self.limits.nodes);
            self.problem(span, format_args!("too large: at most {levels} levels and {nodes} values are read"));
            return Err(Stop);
        }
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse(&span, anchor, tag.is_some());
                let plain = style == ScalarStyle::Plain;
                let null = plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                let value = if null { Value::Null } else { Value::Scalar { text: text.into_owned(), plain } };
                Ok(Node { span, value })
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.refuse(&span, anchor, tag.is_some());
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, end) => {
                            return Ok(Node { span: span.start..end.end, value: Value::Sequence(items) });
                        }
                        (event, at) => items.push(self.node(event, at, depth + 1)?),
                    }
                }
            }
            Event::MappingStart(_, anchor, tag) => {
                self.refuse(&span, anchor, tag.is_some());
                let mut entries: Vec<Entry> = Vec::new();
                let mut seen = std::collections::HashMap::new();
                loop {
                    let (event, at) = self.next()?;
                    if matches!(event, Event::MappingEnd) {
                        return Ok(Node { span: span.start..at.end, value: Value::Mapping(entries) });
                    }
                    let key = self.node(event, at, depth + 1)?;
                    let (event, at) = self.next()?;
                    let value = self.node(event, at, depth + 1)?;
                    let name = match key.value {
                        Value::Scalar { text, .. } => text,
                        Value::Null | Value::Sequence(_) | Value::Mapping(_) => {
                            self.problem(key.span, "a key must be a word");
                            continue;
                        }
                    };
                    if let Some(first) = seen.insert(name.clone(), key.span.clone()) {
                        let problem = Problem::at(key.span, format_args!("the key `{name}` stands twice"));
                        self.problems.push(Problem { first: Some(first.clone()), ..problem });
                        seen.insert(name, first);
                        continue;
                    }
                    entries.push(Entry { key: name, key_span: key.span, value });
                }
            }
            Event::Alias(_) => {
                self.problem(span.clone(), "aliases (`*name`) are not read here; write the value out");
                Ok(Node { span, value: Value::Null })
            }
            Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(..)
            | Event::DocumentEnd
            | Event::SequenceEnd
            | Event::MappingEnd
            | Event::Anchor(..)
            | Event::UnresolvedAlias(_)
            | _ => {
                self.problem(span, "a value is missing here");
                Err(Stop)
            }
        }
    }

    fn refuse(&mut self, span: &Range<usize>, anchor: usize, tag: bool) {
        if anchor != 0 {
            self.problem(span.clone(), "anchors (`&name`) are not read here; write the value out where it is used");
        }
        if tag {
            self.problem(span.clone(), "tags (`!name`) are not read here");
        }
    }
}

fn bytes(span: &Span) -> Range<usize> {
    let start = span.start.byte_offset().unwrap_or(0);
    start..span.end.byte_offset().unwrap_or(start).max(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn problems(text: &str) -> Vec<String> {
        parse(text, Limits::USUAL).1.into_iter().map(|problem| problem.text).collect()
    }

    fn value<'a>(node: &'a Node, key: &str) -> &'a Node {
        let Value::Mapping(entries) = &node.value else { panic!("{node:?}") };
        &entries.iter().find(|entry| entry.key == key).unwrap().value
    }

    #[test]
    fn keeps_text_and_places() {
        let text = "a: 0.000000000000000001 # tiny\nb: \"x\\ty\"\nc: [1, 'two']\nd:\n";
        let (root, problems) = parse(text, Limits::USUAL);
        assert_eq!(problems, vec![]);
        let root = root.unwrap();
        let a = value(&root, "a");
        assert_eq!(a.value, Value::Scalar { text: "0.000000000000000001".into(), plain: true });
        assert_eq!(&text[a.span.clone()], "0.000000000000000001");
        assert_eq!(value(&root, "b").value, Value::Scalar { text: "x\ty".into(), plain: false });
        assert_eq!(value(&root, "d").value, Value::Null);
        let Value::Sequence(items) = &value(&root, "c").value else { panic!() };
        assert_eq!(&text[items[1].span.clone()], "'two'");
    }

    #[test]
    fn reports_each_duplicate_and_goes_on() {
        let (root, problems) = parse("a: 1\nb: 2\na: 3\nb: 4\n", Limits::USUAL);
        assert_eq!(problems.len(), 2);
        assert_eq!(problems[0].first, Some(0..1));
        assert_eq!(value(&root.unwrap(), "a").value, Value::Scalar { text: "1".into(), plain: true });
    }

    #[test]
    fn refuses_what_could_surprise() {
        assert!(problems("a: &x 1\nb: *x\n").iter().any(|text| text.contains("anchors")));
        assert!(problems("a: &x 1\nb: *x\n").iter().any(|text| text.contains("aliases")));
        assert!(problems("a: !!binary aGk=\n")[0].contains("tags"));
        assert!(problems("a: 1\n---\nb: 2\n")[0].contains("second document"));
        assert!(problems("[a]: 1\n")[0].contains("a key must be a word"));
        assert!(problems("a: [1\n")[0].contains("not YAML"));
        assert!(problems(&("[".repeat(100) + &"]".repeat(100)))[0].contains("too large"));
        assert!(problems(&format!("[{}]", "1, ".repeat(60_000)))[0].contains("too large"));
        for line in ["\n", "#\n", "- 1\n", "? a\n: b\n", "a\n...\n", "\r"] {
            assert!(problems(&line.repeat(20_001))[0].contains("lines; at most 20000"), "{line:?}");
        }
        let quoted = format!("version: \"{}\"\nversion: 1\n\"{}\": 1\n", "x".repeat(9000), "\\x01".repeat(2000));
        assert!(problems(&quoted).iter().all(|text| text.chars().count() <= 401));
        assert!(problems(&" ".repeat(2 << 20))[0].contains("bytes"));
    }

    #[test]
    fn an_empty_text_is_no_document() {
        for text in ["", "\n", "# only a comment\n"] {
            assert_eq!(parse(text, Limits::USUAL), (None, vec![]), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn never_panics_and_places_lie_in_the_text(text in "[ -~\n\té]{0,200}") {
            let (_, problems) = parse(&text, Limits::USUAL);
            for problem in problems {
                prop_assert!(problem.span.end <= text.len());
                prop_assert!(text.get(problem.span.clone()).is_some(), "{:?} in {:?}", problem.span, text);
            }
        }
    }
}
