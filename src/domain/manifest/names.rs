//! Which names may stand in a manifest and in a group.

use super::Attribute;

/// The longest host name.
const LONGEST_HOST: usize = 255;
/// The longest key of an attribute.
const LONGEST_KEY: usize = 127;

/// A service's name: a DNS label, `^[a-z]([-a-z0-9]*[a-z0-9])?$`.
pub(super) fn is_service_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase()) && is_label(text)
}

/// A host: a lower-case DNS name (RFC 1123) of at most 255 characters.
pub(super) fn is_host(text: &str) -> bool {
    text.len() <= LONGEST_HOST && text.split('.').all(is_label)
}

/// A leased IP's name: two or more lower-case letters, digits, `-`, `_`, a letter first.
pub(super) fn is_endpoint_name(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_';
    text.len() >= 2 && text.starts_with(|first: char| first.is_ascii_lowercase()) && text.bytes().all(allowed)
}

/// An environment variable's name, by the rules of Kubernetes.
pub(super) fn is_variable(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    !text.is_empty()
        && text.bytes().all(allowed)
        && !text.starts_with(|first: char| first.is_ascii_digit())
        && text != "."
        && !text.starts_with("..")
}

/// The longest name of an image.
const LONGEST_IMAGE: usize = 512;
/// The longest path of a mount.
const LONGEST_MOUNT: usize = 512;
/// The longest argument or variable: the kernel's own limit.
const LONGEST_ARGUMENT: usize = 128 << 10;

/// An image: `[host[:port]/]path[:tag][@digest]`. The engine knows the grammar to the letter; here it is enough that no
/// shell, option or path can be meant.
pub(super) fn is_image(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._:/@-+".contains(&byte);
    (1..=LONGEST_IMAGE).contains(&text.len())
        && text.bytes().all(allowed)
        && text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && !text.contains("//")
        && !text.contains("..")
        && !text.ends_with(['/', ':', '@'])
}

/// A mount: a plain absolute path below the root, none of the kernel's own folders, nothing that an option of a mount
/// could be taken for.
pub(super) fn is_mount(text: &str) -> bool {
    let plain = |part: &str| !part.is_empty() && part != "." && part != "..";
    let Some(below) = text.strip_prefix('/') else { return false };
    let below = below.strip_suffix('/').unwrap_or(below);
    let first = below.split('/').next().unwrap_or_default();
    text.len() <= LONGEST_MOUNT
        && below.split('/').all(plain)
        && !matches!(first, "proc" | "sys" | "dev")
        && !text.chars().any(|c| c.is_control() || turns_around(c) || matches!(c, ':' | ',' | '\\' | '"'))
}

/// A character that is not seen and changes how the text around it is seen: what a person reads is another path.
const fn turns_around(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// A volume's name: it becomes part of the names of the back end's own volumes.
pub(super) fn is_volume_name(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    (1..=63).contains(&text.len())
        && text.bytes().all(allowed)
        && text.starts_with(|first: char| first.is_ascii_alphanumeric())
}

/// Something that a program can be given as an argument or variable.
pub(super) fn is_argument(text: &str) -> bool {
    text.len() <= LONGEST_ARGUMENT && !text.contains('\0')
}

/// An attribute's key, `^[a-zA-Z][\w/.\-]{1,126}$`; with `glob`, a `*` may end it.
pub(super) fn is_attribute_key(text: &str, glob: bool) -> bool {
    let plain = if glob { text.strip_suffix('*').unwrap_or(text) } else { text };
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_/.-".contains(&byte);
    (2..=LONGEST_KEY).contains(&text.len())
        && plain.starts_with(|first: char| first.is_ascii_alphabetic())
        && plain.bytes().all(allowed)
}

/// The first key that stands twice in a sorted list.
pub(super) fn duplicate(sorted: &[Attribute]) -> Option<&str> {
    let twice = sorted.iter().zip(sorted.iter().skip(1)).find(|(one, other)| one.key == other.key)?;
    Some(&twice.0.key)
}

fn is_label(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&text.len()) && text.bytes().all(inner) && !text.starts_with('-') && !text.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        type Case = (fn(&str) -> bool, &'static [&'static str], &'static [&'static str]);
        let cases: &[Case] = &[
            (is_service_name, &["web", "w", "a-1"], &["", "1a", "-a", "a-", "Web", "a_b", "a.b"]),
            (is_host, &["a.example", "1.2", "x"], &["", "a..b", "A.b", "-a.b", "a_b.c", "*.a"]),
            (is_endpoint_name, &["my-ip", "a1", "a_b"], &["", "a", "1a", "A1", "a.b"]),
            (is_variable, &["A", "_a", "a.b-c", ".env"], &["", "1A", "..", "..a", ".", "a b", "a=b"]),
            (
                is_image,
                &["nginx", "a/b:1", "h.example:5000/a/b@sha256:0f"],
                &["", "-v", "a b", "a;b", "a//b", "../a", "a:", "$(x)"],
            ),
            (
                is_mount,
                &["/data", "/a/b/", "/processes"],
                &["", "/", "data", "/a/../b", "/a//b", "/proc/1", "/dev", "/a:ro", "/a,b", "/a\nb"],
            ),
            (is_volume_name, &["data", "a.b-c_d", "1"], &["", "-a", ".a", "a/b", "a b", "a=b"]),
            (is_argument, &["", "$(x) `y`"], &["a\0b"]),
            (|key| is_attribute_key(key, false), &["ab", "region", "a/b.c-d_e"], &["", "a", "1a", "a*", "a b"]),
            (|key| is_attribute_key(key, true), &["vendor/nvidia/model/*", "ab"], &["*", "a*b"]),
        ];
        for (test, good, bad) in cases {
            for text in *good {
                assert!(test(text), "{text:?}");
            }
            for text in *bad {
                assert!(!test(text), "{text:?}");
            }
        }
    }
}
