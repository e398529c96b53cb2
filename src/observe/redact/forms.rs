//! The shapes in which one secret can appear.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

use super::super::escape;
use crate::domain::hex;

/// What different encoders leave as it is, besides letters, digits and `-_.~`: nothing (RFC 3986), the marks that
/// JavaScript leaves, what may stand in a path, what may stand in a query, what may stand in a fragment.
const UNTOUCHED: &[&str] = &["", "!'()*", "!$&'()*+,;=:@", "/?!$&()*+,;=:@", "/?!$&'()*+,;=:@[]|\\^{}"];

/// Every form of a secret that is looked for, itself included.
pub fn of(secret: &str) -> BTreeSet<String> {
    let mut forms = BTreeSet::from([secret.to_owned()]);
    forms.extend(escaped(secret));
    forms.extend(base64(secret.as_bytes()));
    let hex = hex::encode(secret.as_bytes());
    forms.insert(hex.to_uppercase());
    forms.insert(hex);
    for untouched in UNTOUCHED {
        let encoded = percent_encoded(secret, untouched);
        forms.insert(encoded.replace("%20", "+"));
        forms.insert(lower_case_escapes(&encoded));
        forms.insert(encoded);
    }
    // Lines of a secret that has several, such as a key block, can be logged one by one.
    let lines = secret.lines().map(str::trim).filter(|line| line.len() >= 8 && !line.starts_with("-----"));
    forms.extend(lines.map(str::to_owned));
    forms
}

fn escaped(secret: &str) -> Vec<String> {
    let json = serde_json::to_string(secret).unwrap_or_default();
    let debug = format!("{secret:?}");
    let inner = |quoted: &str| quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned();
    vec![inner(&json), inner(&json).replace('/', "\\/"), inner(&debug), escape::line(secret).into_owned()]
}

/// What a base64 text holds if the secret stands somewhere in the encoded bytes: three alignments, of each the digits
/// that only the secret decides.
fn base64(secret: &[u8]) -> Vec<String> {
    let mut forms = Vec::new();
    for offset in 0..3_usize {
        let padded = [vec![0; offset].as_slice(), secret].concat();
        let first = offset.saturating_mul(8).div_ceil(6);
        let end = padded.len().saturating_mul(8) / 6;
        for text in [STANDARD.encode(&padded), URL_SAFE.encode(&padded)] {
            forms.extend(text.get(first..end).map(str::to_owned));
        }
    }
    forms
}

fn percent_encoded(secret: &str, untouched: &str) -> String {
    let mut text = String::with_capacity(secret.len().saturating_mul(3));
    for byte in secret.bytes() {
        let character = char::from(byte);
        if character.is_ascii_alphanumeric() || "-_.~".contains(character) || untouched.contains(character) {
            text.push(character);
        } else {
            text.push('%');
            text.push_str(&hex::encode(&[byte]).to_uppercase());
        }
    }
    text
}

fn lower_case_escapes(encoded: &str) -> String {
    let mut left = 0_u8;
    let lower = |character: char| {
        let escape = left > 0;
        left = if character == '%' { 2 } else { left.saturating_sub(1) };
        if escape { character.to_ascii_lowercase() } else { character }
    };
    encoded.chars().map(lower).collect()
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
            assert!(forms.iter().any(|known| known.contains(form)), "{form} is not in {forms:?}");
        }
    }

    #[test]
    fn base64_is_found_wherever_the_secret_begins() {
        let forms = of("hunter22");
        for before in ["", "u", "us", "user:", "\u{0}\u{0}"] {
            for after in ["", ":", "@@", "the rest"] {
                let text = STANDARD.encode(format!("{before}hunter22{after}"));
                assert!(forms.iter().any(|form| text.contains(form)), "{text}");
            }
        }
    }

    #[test]
    fn lines_of_a_key_block() {
        let forms = of("-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END PRIVATE KEY-----");
        assert!(forms.contains("MIGHAgEAMBMGByqGSM49"));
        assert!(!forms.contains("-----BEGIN PRIVATE KEY-----"));
    }
}
