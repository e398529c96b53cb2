//! Secrets that can be told by their shape.
//!
//! The text may be hostile: each scan goes on behind what it has looked at, so that all of them are linear.

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
    extended_keys(text, found);
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

/// What stands behind a word and white space.
fn words_behind<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
    places(text, word).filter_map(move |place| {
        let space = stretch(text, place.saturating_add(word.len()), |byte| matches!(byte, b' ' | b'\t'));
        (!space.is_empty()).then(|| stretch(text, space.end, is_token))
    })
}

/// `Bearer …` and `Basic …`, of the second only what decodes to `user:password`: "basic" is a word of prose.
fn authorization(text: &str, found: &mut Vec<Range<usize>>) {
    for token in words_behind(text, "bearer").filter(|token| !token.is_empty()) {
        found.push(token);
    }
    let lenient = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    for token in words_behind(text, "basic") {
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
    let mut seen = 0;
    for (place, _) in text.match_indices("eyJ") {
        if place < seen {
            continue;
        }
        let token = stretch(text, place, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
        seen = token.end;
        if text.get(token.clone()).is_some_and(|token| token.split('.').count() >= 3) {
            found.push(token);
        }
    }
}

/// `scheme://user:password@host`: all before the last `@` of the authority. A password with a slash in it ends the
/// authority too early; it is told by a colon that no port follows.
fn url_users(text: &str, found: &mut Vec<Range<usize>>) {
    let ends = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'`');
    // Where the stretch without white space ends that was looked at last, and where its last `@` is.
    let (mut end, mut last_at) = (0, None);
    for (place, separator) in text.match_indices("://") {
        let start = place.saturating_add(separator.len());
        if start >= end {
            let whole = stretch(text, start, |byte| !ends(byte));
            end = whole.end;
            last_at = text.get(whole).and_then(|whole| whole.rfind('@')).map(|at| start.saturating_add(at));
        }
        // It ends at the next separator at the latest.
        let authority = stretch(text, start, |byte| !ends(byte) && !matches!(byte, b'/' | b'?' | b'#'));
        let authority = text.get(authority).unwrap_or_default();
        let port = authority.rsplit_once(':');
        let cut_short = port.is_some_and(|(_, port)| !port.bytes().all(|byte| byte.is_ascii_digit()));
        let at = match authority.rfind('@') {
            Some(at) => Some(start.saturating_add(at)),
            None if cut_short => last_at.filter(|at| *at >= start),
            None => None,
        };
        found.extend(at.map(|at| start..at));
    }
}

/// The longest label of a PEM block, in bytes; the longest that RFC 7468 names has 22.
const LONGEST_LABEL: usize = 64;

/// PEM blocks of private keys, and all of the text behind the beginning of one that does not end.
fn private_keys(text: &str, found: &mut Vec<Range<usize>>) {
    let mut seen = 0;
    for (place, begin) in text.match_indices("-----BEGIN ") {
        if place < seen {
            continue;
        }
        let behind = place.saturating_add(begin.len());
        let rest = text.get(behind..).unwrap_or_default();
        let label = rest.get(..rest.floor_char_boundary(LONGEST_LABEL)).and_then(|label| label.split_once("-----"));
        let Some((label, _)) = label.filter(|(label, _)| label.ends_with("PRIVATE KEY")) else { continue };
        let end = format!("-----END {label}-----");
        let length = rest.find(&end).map_or(rest.len(), |at| at.saturating_add(end.len()));
        seen = behind.saturating_add(length);
        found.push(place..seen);
    }
}

/// Extended private keys of BIP-32, of every network: `xprv` and its like, and 107 characters in base 58.
fn extended_keys(text: &str, found: &mut Vec<Range<usize>>) {
    let mut seen = 0;
    for (place, _) in text.match_indices("prv") {
        let Some(start) = place.checked_sub(1).filter(|start| *start >= seen) else { continue };
        if !text.get(start..place).is_some_and(|kind| "xyztuvYZUV".contains(kind)) {
            continue;
        }
        let key = stretch(text, start, |byte| byte.is_ascii_alphanumeric());
        seen = key.end;
        // Half of one is secret too.
        if key.len() >= 40 {
            found.push(key);
        }
    }
}
