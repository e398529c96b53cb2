//! What is wrong with a manifest in JSON, each fault with its place: first its form, then what stands in it.

use super::json_tree;
use super::problems::{Flaw, Step};
use super::{EndpointKind, Manifest};
use crate::domain::yaml::{Entry, Limits, Node, Problem, Value};

/// What a value must be.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Flag,
    /// A whole number, up to this one.
    Whole(u64),
    /// Something that the test takes, of which there is a name.
    Word(fn(&str) -> bool, &'static str),
    List(&'static Kind),
    Object(&'static [Field]),
}

/// A field of an object.
#[derive(Clone, Copy)]
struct Field {
    name: &'static str,
    /// Another name that it may have.
    alias: &'static str,
    kind: Kind,
    needed: bool,
    /// `null` stands for nothing.
    nullable: bool,
}

const fn needs(name: &'static str, kind: Kind) -> Field {
    Field { name, alias: name, kind, needed: true, nullable: false }
}

const fn has(name: &'static str, kind: Kind) -> Field {
    Field { needed: false, ..needs(name, kind) }
}

const fn may(name: &'static str, kind: Kind) -> Field {
    Field { nullable: true, ..has(name, kind) }
}

const fn or(alias: &'static str, field: Field) -> Field {
    Field { alias, ..field }
}

const SMALL: Kind = Kind::Whole(u32::MAX as u64);
const TEXTS: Kind = Kind::List(&Kind::Text);
const ATTRIBUTES: Kind = Kind::List(&Kind::Object(&[has("key", Kind::Text), has("value", Kind::Text)]));
const NUMBER: Kind = Kind::Object(&[has("val", Kind::Word(is_number, "whole number in quotes"))]);
const PROCESSOR: Kind = Kind::Object(&[has("units", NUMBER), may("attributes", ATTRIBUTES)]);
const RESOURCES: Kind = Kind::Object(&[
    needs("id", SMALL),
    has("cpu", PROCESSOR),
    has("memory", Kind::Object(&[or("quantity", has("size", NUMBER)), may("attributes", ATTRIBUTES)])),
    may(
        "storage",
        Kind::List(&Kind::Object(&[
            needs("name", Kind::Text),
            or("quantity", needs("size", NUMBER)),
            may("attributes", ATTRIBUTES),
        ])),
    ),
    has("gpu", PROCESSOR),
    may(
        "endpoints",
        Kind::List(&Kind::Object(&[
            has("kind", Kind::Word(is_endpoint_kind, "kind of endpoint")),
            has("sequence_number", SMALL),
        ])),
    ),
]);
const EXPOSE: Kind = Kind::Object(&[
    needs("port", SMALL),
    has("externalPort", SMALL),
    needs("proto", Kind::Word(is_protocol, "protocol; TCP and UDP are")),
    has("service", Kind::Text),
    has("global", Kind::Flag),
    may("hosts", TEXTS),
    has(
        "httpOptions",
        Kind::Object(&[
            has("maxBodySize", SMALL),
            has("readTimeout", SMALL),
            has("sendTimeout", SMALL),
            has("nextTries", SMALL),
            has("nextTimeout", SMALL),
            may("nextCases", TEXTS),
        ]),
    ),
    has("ip", Kind::Text),
    has("endpointSequenceNumber", SMALL),
]);
const MOUNTS: Kind =
    Kind::List(&Kind::Object(&[needs("name", Kind::Text), needs("mount", Kind::Text), has("readOnly", Kind::Flag)]));
const SERVICE: Kind = Kind::Object(&[
    needs("name", Kind::Text),
    needs("image", Kind::Text),
    may("command", TEXTS),
    may("args", TEXTS),
    may("env", TEXTS),
    needs("resources", RESOURCES),
    needs("count", SMALL),
    may("expose", Kind::List(&EXPOSE)),
    may("params", Kind::Object(&[may("storage", MOUNTS)])),
    may(
        "credentials",
        Kind::Object(&[
            has("host", Kind::Text),
            has("email", Kind::Text),
            has("username", Kind::Text),
            has("password", Kind::Text),
        ]),
    ),
]);
const MANIFEST: Kind = Kind::List(&Kind::Object(&[needs("name", Kind::Text), needs("services", Kind::List(&SERVICE))]));

/// Problems that are noted, at most.
const MOST_PROBLEMS: usize = 1000;

impl Manifest {
    /// Everything that is wrong with a manifest in JSON, each at its place: its form, and where that is right, what
    /// stands in it.
    pub fn json_problems(text: &str) -> Vec<Problem> {
        let limits = Limits::USUAL;
        if text.len() > limits.bytes {
            let text = format!("the text has {} bytes; at most {} are read", text.len(), limits.bytes);
            return vec![Problem { span: 0..0, text, first: None }];
        }
        let root = match json_tree::parse(text, limits) {
            Ok(root) => root,
            Err(problem) => return vec![problem],
        };
        let mut problems = vec![];
        look(&root, MANIFEST, "the manifest", &mut problems);
        if problems.is_empty()
            && let Ok((manifest, _)) = Self::read_json(text)
        {
            problems.extend(manifest.flaws().into_iter().map(|flaw| placed(&root, flaw)));
        }
        problems.truncate(MOST_PROBLEMS);
        problems.sort_by_key(|problem| (problem.span.start, problem.span.end));
        problems
    }
}

fn look(node: &Node, kind: Kind, what: &str, problems: &mut Vec<Problem>) {
    if problems.len() >= MOST_PROBLEMS {
        return;
    }
    let mut wrong = |is: &str| {
        let text = format!("{what} is {is}, not {}", node.value.noun());
        problems.push(Problem { span: node.span.clone(), text, first: None });
    };
    match (kind, &node.value) {
        (Kind::Text, Value::Scalar { plain: false, .. }) => {}
        (Kind::Text, _) => wrong("a text in quotes"),
        (Kind::Flag, Value::Scalar { text, plain: true }) if matches!(text.as_str(), "true" | "false") => {}
        (Kind::Flag, _) => wrong("true or false"),
        (Kind::Whole(most), Value::Scalar { text, plain: true })
            if text.parse::<u64>().is_ok_and(|number| number <= most) => {}
        (Kind::Whole(most), _) => wrong(&format!("a whole number from 0 to {most}")),
        (Kind::Word(test, _), Value::Scalar { text, .. }) if test(text) => {}
        (Kind::Word(_, name), Value::Scalar { text, .. }) => {
            let cut: String = text.chars().take(64).collect();
            let text = format!("{cut:?} is no {name}");
            problems.push(Problem { span: node.span.clone(), text, first: None });
        }
        (Kind::Word(_, name), _) => wrong(&format!("a {name}")),
        (Kind::List(kind), Value::Sequence(items)) => {
            for item in items {
                look(item, *kind, &format!("an item of {what}"), problems);
            }
        }
        (Kind::List(_), _) => wrong("a list"),
        (Kind::Object(fields), Value::Mapping(entries)) => look_into(node, fields, entries, problems),
        (Kind::Object(_), _) => wrong("an object"),
    }
}

fn look_into(node: &Node, fields: &[Field], entries: &[Entry], problems: &mut Vec<Problem>) {
    for field in fields {
        let mut found = entries.iter().filter(|entry| entry.key == field.name || entry.key == field.alias);
        match found.next() {
            None if field.needed => {
                // At its begin: an object can be long.
                let span = node.span.start..node.span.start.saturating_add(1);
                problems.push(Problem { span, text: format!("`{}` is missing", field.name), first: None });
            }
            None => {}
            Some(entry) if field.nullable && entry.value.value == Value::Null => {}
            Some(entry) => look(&entry.value, field.kind, field.name, problems),
        }
        if let Some(twice) = found.next() {
            let text = format!("`{}` stands twice", field.name);
            problems.push(Problem { span: twice.key_span.clone(), text, first: None });
        }
    }
}

/// A flaw at its place in the text, or at that of what holds it.
fn placed(root: &Node, flaw: Flaw) -> Problem {
    let mut node = root;
    for step in &flaw.place {
        let within = match (step, &node.value) {
            (Step::Item(place), Value::Sequence(items)) => items.get(*place),
            (Step::Field(name), Value::Mapping(entries)) => {
                entries.iter().find(|entry| entry.key == *name).map(|entry| &entry.value)
            }
            (Step::Item(_) | Step::Field(_), _) => None,
        };
        let Some(within) = within else { break };
        node = within;
    }
    // A whole object, or list, is named at its begin.
    let end = match &node.value {
        Value::Sequence(_) | Value::Mapping(_) => node.span.start.saturating_add(1),
        Value::Scalar { .. } | Value::Null => node.span.end,
    };
    Problem { span: node.span.start..end, text: flaw.text, first: None }
}

fn is_number(text: &str) -> bool {
    text.is_empty() || (text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u64>().is_ok())
}

fn is_endpoint_kind(text: &str) -> bool {
    EndpointKind::ALL.iter().any(|kind| kind.number().to_string() == text)
}

fn is_protocol(text: &str) -> bool {
    matches!(text, "TCP" | "UDP")
}

#[cfg(test)]
mod tests {
    use super::*;

    const RIGHT: &str = r#"[{"name":"g","services":[{"name":"web","image":"nginx","count":1,"env":["A=1"],
        "resources":{"id":1,"cpu":{"units":{"val":"100"}},"storage":[{"name":"data","size":{"val":"5"}}]},
        "expose":[{"port":80,"proto":"TCP","hosts":["a.example"]}],
        "params":{"storage":[{"name":"data","mount":"/data"}]}}]}]"#;

    fn found(from: &str, to: &str) -> Vec<(String, String)> {
        assert!(RIGHT.contains(from), "{from}");
        let text = RIGHT.replacen(from, to, 1);
        let problems = Manifest::json_problems(&text);
        // The reader of the form itself agrees.
        let read = Manifest::read_json(&text);
        assert_eq!(problems.is_empty(), read.is_ok_and(|(manifest, _)| manifest.problems().is_empty()), "{problems:?}");
        problems.into_iter().map(|problem| (text[problem.span].to_owned(), problem.text)).collect()
    }

    #[test]
    fn each_fault_is_told_where_it_is() {
        assert_eq!(found("nginx", "nginx:1"), []);
        for (from, to, place, text) in [
            ("\"count\":1", "\"count\":\"1\"", "\"1\"", "count is a whole number"),
            ("\"count\":1,", "", "{", "`count` is missing"),
            ("[\"A=1\"]", "[\"A=1\",5]", "5", "an item of env is a text in quotes"),
            ("\"TCP\"", "\"ICMP\"", "\"ICMP\"", "is no protocol"),
            ("\"100\"", "\"1x\"", "\"1x\"", "is no whole number"),
            ("\"port\":80", "\"port\":80,\"port\":81", "\"port\"", "stands twice"),
            ("\"port\":80", "\"port\":70000", "70000", "from 1 to 65535"),
            ("a.example", "A.example", "\"A.example\"", "is no host name"),
            ("\"A=1\"", "\"1A=1\"", "\"1A=1\"", "environment variable"),
            ("\"/data\"", "\"/..\"", "\"/..\"", "can be mounted"),
            ("\"nginx\"", "\"-v\"", "\"-v\"", "is no name of an image"),
            ("\"web\"", "\"Web\"", "\"Web\"", "no DNS label"),
            ("}]}]", "}]}", "", "is missing"),
        ] {
            let found = found(from, to);
            assert!(found.iter().any(|(span, said)| span == place && said.contains(text)), "{from} → {to}: {found:?}");
        }
        let both = found("\"image\":\"nginx\",\"count\":1", "\"image\":7,\"count\":-1");
        assert_eq!(both.len(), 2, "all of them at once: {both:?}");
    }
}
