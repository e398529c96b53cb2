//! The shapes in which one secret can appear.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use zeroize::Zeroizing;

use super::super::escape;

/// A form; overwritten in memory when it is dropped.
type Form = Zeroizing<String>;

/// What different encoders leave as it is, besides letters, digits and `-_.~`: nothing (RFC 3986), the marks that
/// JavaScript leaves, what may stand in a path, what may stand in a query, what may stand in a fragment.
const UNTOUCHED: &[&str] = &["", "!'()*", "!$&'()*+,;=:@", "/?!$&()*+,;=:@", "/?!$&'()*+,;=:@[]|\\^{}"];

/// Every form of a secret that is looked for, itself included; some of them may be the same. Each is made with room for
/// all of it, so that growing leaves no copy behind.
pub fn of(secret: &str) -> Vec<Form> {
    let mut forms = vec![Zeroizing::new(secret.to_owned())];
    forms.extend(escaped(secret));
    forms.extend(base64(secret.as_bytes()));
    forms.push(hex(secret, "0123456789abcdef"));
    forms.push(hex(secret, "0123456789ABCDEF"));
    for untouched in UNTOUCHED {
        for digits in ["0123456789ABCDEF", "0123456789abcdef"] {
            forms.push(percent_encoded(secret, untouched, "%20", digits));
        }
        forms.push(percent_encoded(secret, untouched, "+", "0123456789ABCDEF"));
    }
    // Lines of a secret that has several, such as a key block, can be logged one by one.
    let lines = secret.lines().map(str::trim).filter(|line| line.len() >= 8 && !line.starts_with("-----"));
    forms.extend(lines.map(|line| Zeroizing::new(line.to_owned())));
    forms
}

/// Nothing, with room for a secret of which each byte becomes so many.
fn room(secret: &str, each: usize) -> Form {
    Zeroizing::new(String::with_capacity(secret.len().saturating_mul(each).saturating_add(2)))
}

fn escaped(secret: &str) -> Vec<Form> {
    // Of JSON and of Rust: `\u0000` and `\u{10ffff}` are the longest that a character becomes.
    let mut json = Zeroizing::new(Vec::with_capacity(secret.len().saturating_mul(6).saturating_add(2)));
    let _ = serde_json::to_writer(&mut *json, secret);
    let json = std::str::from_utf8(&json).unwrap_or_default();
    let mut debug = room(secret, 10);
    let _ = write!(*debug, "{secret:?}");
    let inner = |quoted: &str| quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned();
    let json = Zeroizing::new(inner(json));
    let mut slashes = room(&json, 2);
    for character in json.chars() {
        if character == '/' {
            slashes.push('\\');
        }
        slashes.push(character);
    }
    let mut line = room(secret, 10);
    secret.chars().for_each(|character| escape::push(&mut line, character));
    vec![json, slashes, Zeroizing::new(inner(&debug)), line]
}

/// What a base64 text holds if the secret stands somewhere in the encoded bytes: three alignments, of each the digits
/// that only the secret decides.
fn base64(secret: &[u8]) -> Vec<Form> {
    let mut forms = Vec::new();
    for offset in 0..3_usize {
        let padded = Zeroizing::new([[0; 3].get(..offset).unwrap_or_default(), secret].concat());
        let first = offset.saturating_mul(8).div_ceil(6);
        let end = padded.len().saturating_mul(8) / 6;
        for text in [STANDARD.encode(&*padded), URL_SAFE.encode(&*padded)].map(Zeroizing::new) {
            forms.extend(text.get(first..end).map(|digits| Zeroizing::new(digits.to_owned())));
        }
    }
    forms
}

/// The two digits of a byte.
fn push_digits(text: &mut String, byte: u8, digits: &str) {
    for digit in [byte >> 4, byte & 15] {
        text.push(digits.as_bytes().get(usize::from(digit)).map_or('0', |digit| char::from(*digit)));
    }
}

fn hex(secret: &str, digits: &str) -> Form {
    let mut text = room(secret, 2);
    for byte in secret.bytes() {
        push_digits(&mut text, byte, digits);
    }
    text
}

fn percent_encoded(secret: &str, untouched: &str, space: &str, digits: &str) -> Form {
    let mut text = room(secret, 3);
    for byte in secret.bytes() {
        let character = char::from(byte);
        if character.is_ascii_alphanumeric() || "-_.~".contains(character) || untouched.contains(character) {
            text.push(character);
        } else if character == ' ' {
            text.push_str(space);
        } else {
            text.push('%');
            push_digits(&mut text, byte, digits);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_forms() {
        let forms = of("p@ss wörd/1");
        for form in [
            "p@ss wörd/1",
            "cEBzcyB3w7ZyZC8x",
            "7040737320",
            "p%40ss%20w%C3%B6rd%2F1",
            "p%40ss%20w%c3%b6rd%2f1",
            "p%40ss+w%C3%B6rd%2F1",
            "p@ss%20w%C3%B6rd/1",
            "p@ss wörd\\/1",
        ] {
            assert!(forms.iter().any(|known| known.contains(form)), "{form} is not there");
        }
    }

    #[test]
    fn base64_is_found_wherever_the_secret_begins() {
        let forms = of("hunter22");
        for before in ["", "u", "us", "user:", "\u{0}\u{0}"] {
            for after in ["", ":", "@@", "the rest"] {
                let text = STANDARD.encode(format!("{before}hunter22{after}"));
                assert!(forms.iter().any(|form| text.contains(form.as_str())), "{text}");
            }
        }
    }

    #[test]
    fn lines_of_a_key_block() {
        let forms = of("-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END PRIVATE KEY-----");
        let has = |text: &str| forms.iter().any(|form| form.as_str() == text);
        assert!(has("MIGHAgEAMBMGByqGSM49") && !has("-----BEGIN PRIVATE KEY-----"));
    }
}
