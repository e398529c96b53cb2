//! Secrets that can be told by their shape.

use std::ops::Range;

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::phrase;

/// Finds everything that looks like a secret.
pub fn find(text: &str, found: &mut Vec<Range<usize>>) {
    authorization(text, found);
    web_tokens(text, found);
    url_users(text, found);
    private_keys(text, found);
    phrase::find(text, found);
}

/// Where a word stands, in either case.
fn places<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let windows = text.as_bytes().windows(word.len()).enumerate();
    windows.filter(|(_, window)| window.eq_ignore_ascii_case(word.as_bytes())).map(|(place, _)| place)
}

/// The stretch from `start` on in which all bytes are accepted.
fn stretch(text: &str, start: usize, accepted: impl Fn(u8) -> bool) -> Range<usize> {
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    start..start.saturating_add(rest.iter().take_while(|byte| accepted(**byte)).count())
}

const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/' | b'=')
}

/// `Bearer …` and `Basic …`, of the second only what decodes to `user:password`: "basic" is a word of prose.
fn authorization(text: &str, found: &mut Vec<Range<usize>>) {
    for place in places(text, "bearer ") {
        let token = stretch(text, place.saturating_add("bearer ".len()), is_token);
        if !token.is_empty() {
            found.push(token);
        }
    }
    let lenient = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    for place in places(text, "basic ") {
        let token = stretch(text, place.saturating_add("basic ".len()), is_token);
        let encoded = text.get(token.clone()).unwrap_or_default();
        let decoded = [&STANDARD, &URL_SAFE]
            .into_iter()
            .find_map(|alphabet| GeneralPurpose::new(alphabet, lenient).decode(encoded).ok());
        if decoded.is_some_and(|bytes| bytes.contains(&b':')) {
            found.push(token);
        }
    }
}

/// JSON web tokens: three parts, of which the first is the base64 of `{"`.
fn web_tokens(text: &str, found: &mut Vec<Range<usize>>) {
    for (place, _) in text.match_indices("eyJ") {
        let token = stretch(text, place, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
        if text.get(token.clone()).is_some_and(|token| token.split('.').count() >= 3) {
            found.push(token);
        }
    }
}

/// `scheme://user:password@host`: all before the last `@` of the authority. A password with a slash in it ends the
/// authority too early; it is told by a colon that no port follows.
fn url_users(text: &str, found: &mut Vec<Range<usize>>) {
    for (place, separator) in text.match_indices("://") {
        let start = place.saturating_add(separator.len());
        let ends = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'`');
        let whole = stretch(text, start, |byte| !ends(byte));
        let authority = stretch(text, start, |byte| !ends(byte) && !matches!(byte, b'/' | b'?' | b'#'));
        let port = text.get(authority.clone()).and_then(|authority| authority.rsplit_once(':'));
        let cut_short = port.is_some_and(|(_, port)| !port.bytes().all(|byte| byte.is_ascii_digit()));
        let looked_at = if text.get(authority.clone()).is_some_and(|authority| authority.contains('@')) || !cut_short {
            authority
        } else {
            whole
        };
        if let Some(at) = text.get(looked_at).and_then(|looked_at| looked_at.rfind('@')) {
            found.push(start..start.saturating_add(at));
        }
    }
}

/// PEM blocks of private keys, and all of the text behind the beginning of one that does not end.
fn private_keys(text: &str, found: &mut Vec<Range<usize>>) {
    for (place, begin) in text.match_indices("-----BEGIN ") {
        let behind = place.saturating_add(begin.len());
        let rest = text.get(behind..).unwrap_or_default();
        let Some((label, _)) = rest.split_once("-----") else { continue };
        if !label.ends_with("PRIVATE KEY") {
            continue;
        }
        let end = format!("-----END {label}-----");
        let length = rest.find(&end).map_or(rest.len(), |at| at.saturating_add(end.len()));
        found.push(place..behind.saturating_add(length));
    }
}
