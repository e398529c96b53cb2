//! Source lines as they may be shown: what could be a secret is covered by stars, byte for byte, so that places stay.

use std::ops::Range;

use crate::domain::yaml::{Node, Value as Yaml};
use crate::observe::redact::is_secret_name;

/// Names of keys that are often mistyped, and must not uncover a password then.
const OFTEN: &[&str] = &["password", "passphrase", "token", "secret"];

/// Keys whose names sound like secrets but hold none.
const HARMLESS: &[&str] = &["token_label", "image_pull_secrets", "signing_key", "encryption_key"];

/// Covers every value whose key sounds like a secret's. References (`${NAME}`, `env:`, `file:`) stay readable.
/// Works on the text alone where it could not be read as a tree.
pub fn masked(text: &str, root: Option<&Node>) -> String {
    let mut ranges = Vec::new();
    if let Some(root) = root {
        collect(root, false, &mut ranges);
    }
    by_line(text, &mut ranges);
    let mut bytes = text.as_bytes().to_vec();
    for range in ranges {
        let Some(part) = bytes.get_mut(range) else { continue };
        for byte in part.iter_mut().filter(|byte| !matches!(byte, b'\n' | b'\r' | b' ')) {
            *byte = b'*';
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether a key's name sounds like a secret's, also with a slip of the finger.
fn is_secret(key: &str) -> bool {
    let lower = key.to_lowercase().replace('-', "_");
    let close = |word: &str, name: &str| word.len().abs_diff(name.len()) <= 1 && strsim::osa_distance(word, name) <= 1;
    let near = |name: &str| lower.split('_').any(|word| close(word, name));
    !HARMLESS.contains(&lower.as_str()) && (is_secret_name(key) || OFTEN.iter().any(|name| near(name)))
}

fn collect(node: &Node, secret: bool, ranges: &mut Vec<Range<usize>>) {
    match &node.value {
        Yaml::Mapping(entries) => {
            for entry in entries {
                collect(&entry.value, secret || is_secret(&entry.key), ranges);
            }
        }
        Yaml::Sequence(items) => {
            for item in items {
                collect(item, secret, ranges);
            }
        }
        Yaml::Scalar { text, .. } if secret && !is_reference(text) => ranges.push(node.span.clone()),
        Yaml::Scalar { .. } | Yaml::Null => {}
    }
}

/// Lines such as `password: hunter2`, also in broken YAML, in flow mappings and in comments: from the first secret's
/// name on, the rest of the line is covered, and with it all lines below that are indented further.
fn by_line(text: &str, ranges: &mut Vec<Range<usize>>) {
    let mut start = 0;
    let mut below = None;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        let continued = below.is_some_and(|outer| indent > outer || line.trim().is_empty());
        if continued {
            ranges.push(start + indent..start + line.len());
        } else {
            below = None;
            if let Some(value) = secret_value(line) {
                // A value that is there leaves nothing for the lines below, but a block or a broken quote does.
                below = Some(indent);
                if !is_reference(line.get(value.clone()).unwrap_or_default().trim_matches(['"', '\''])) {
                    ranges.push(start + value.start..start + value.end);
                }
            }
            if let Some(userinfo) = userinfo(line) {
                ranges.push(start + userinfo.start..start + userinfo.end);
            }
        }
        start += line.len();
    }
}

/// What stands behind the first secret's name on a line.
fn secret_value(line: &str) -> Option<Range<usize>> {
    line.match_indices(':').find_map(|(colon, _)| {
        let before = line.get(..colon)?.trim_end_matches(['"', '\'', ' ']);
        let word = before.rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))).map_or(0, |at| at + 1);
        if !is_secret(before.get(word..)?) {
            return None;
        }
        let rest = line.get(colon + 1..)?;
        let value = rest.split(" #").next()?.trim();
        let at = colon + 1 + (rest.len() - rest.trim_start().len());
        (!value.is_empty()).then_some(at..at + value.len())
    })
}

/// The part before the `@` of an address with a password: `https://me:hunter2@host`, `me:hunter2@host`.
fn userinfo(line: &str) -> Option<Range<usize>> {
    line.match_indices('@').find_map(|(at, _)| {
        let before = line.get(..at)?;
        let start = before.rfind([' ', '"', '\'', '[', ',']).map_or(0, |found| found + 1);
        let word = before.get(start..)?;
        let scheme = word.find("://").map_or(0, |found| found + 3);
        let word = word.get(scheme..)?;
        (word.contains(':') || scheme > 0).then_some(start + scheme..at)
    })
}

fn is_reference(text: &str) -> bool {
    text.starts_with("${") && text.ends_with('}') || text.starts_with("env:") || text.starts_with("file:")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::yaml::{Limits, parse};

    fn mask(text: &str) -> String {
        masked(text, parse(text, Limits::USUAL).0.as_ref())
    }

    #[test]
    fn covers_secrets_and_nothing_else() {
        assert_eq!(mask("password: hunter2\nname: x\n"), "password: *******\nname: x\n");
        assert_eq!(mask("token: ${TOKEN}\n"), "token: ${TOKEN}\n");
        assert_eq!(mask("token: \"file:/run/x\" # note\n"), "token: \"file:/run/x\" # note\n");
        assert_eq!(mask("hsm: { token_label: x, api_token: abc }\n"), "hsm: { token_label: x, api_token: *** *\n");
        assert_eq!(mask("#password: hunter2\n"), "#password: *******\n");
        assert_eq!(mask("url: https://me:hunter2@x.org/\n"), "url: https://**********@x.org/\n");
        assert_eq!(mask("secret: |\n  line one\n  line two\n").matches("line").count(), 0);
    }

    #[test]
    fn covers_them_in_broken_yaml_too() {
        assert_eq!(mask("a: [\npassword: hunter2\n"), "a: [\npassword: *******\n");
        assert!(!mask("v: {a: b, password: hunter2, x: ]}\n").contains("hunter2"));
        assert!(!mask("v: {a: b, password: abc, password: hunter2}\n").contains("hunter2"));
        assert!(!mask("a: [\nv:\n  token: |\n    hunter2\n\n    hunter3\nb: ok\n").contains("hunter"));
        assert!(mask("a: [\nv:\n  token: |\n    hunter2\nb: ok\n").ends_with("b: ok\n"));
        assert!(!mask("url: me:hunter2@host\n").contains("hunter2"));
        assert_eq!(mask("contact_email: ops@x.org\n"), "contact_email: ops@x.org\n");
    }
}
