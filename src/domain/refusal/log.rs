//! Free text of the chain, made fit to be stored and shown.

use std::fmt;

/// What a node said: UTF-8 whatever came, without control characters, and never longer than [`Log::LONGEST`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Log(Box<str>);

impl Log {
    /// The most bytes that are kept of a text: a stack trace of 100 KB says nothing that its first lines do not.
    pub const LONGEST: usize = 2_000;
    /// The most characters that are shown within a sentence.
    const BRIEF: usize = 300;

    /// Makes a text readable: bytes that are no UTF-8 and control characters become `�` and spaces.
    pub fn of(bytes: &[u8]) -> Self {
        let kept = bytes.get(..Self::LONGEST).unwrap_or(bytes);
        // Cut within a character: its rest is no error of the chain.
        let whole = if kept.len() < bytes.len() { without_broken_end(kept) } else { kept };
        let mut text: String = String::from_utf8_lossy(whole)
            .chars()
            .map(|character| if is_unfit(character) { ' ' } else { character })
            .collect();
        while text.ends_with(' ') {
            text.pop();
        }
        if whole.len() < bytes.len() {
            text.push_str(&format!(" … ({} bytes in all)", bytes.len()));
        }
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the node said nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Its beginning, for a sentence.
    pub fn in_brief(&self) -> String {
        match self.0.char_indices().nth(Self::BRIEF) {
            Some((end, _)) => format!("{}…", self.0.get(..end).unwrap_or_default()),
            None => self.0.to_string(),
        }
    }
}

impl fmt::Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Control characters would reach the operator's terminal, and marks of direction would turn its text round.
fn is_unfit(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

fn without_broken_end(bytes: &[u8]) -> &[u8] {
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => bytes.get(..error.valid_up_to()).unwrap_or(bytes),
        _ => bytes,
    }
}

/// `failed to execute message; message index: 3: TEXT`: the index, and TEXT.
pub(super) fn message_index(log: &str) -> (Option<u32>, &str) {
    log.strip_prefix("failed to execute message; message index: ")
        .and_then(|rest| rest.split_once(": "))
        .and_then(|(index, text)| Some((Some(index.parse().ok()?), text)))
        .unwrap_or((None, log))
}

/// The text of a simulation without ` [FILE:LINE] with gas used: 'N'`, which is the node's own business.
pub(super) fn without_gas(text: &str) -> &str {
    let Some(told) = before_gas(text) else { return text };
    match told.rsplit_once(" [") {
        Some((before, place)) if place.ends_with(']') && place.contains(".go:") => before,
        _ => told,
    }
}

/// Whether the text of a simulation ends in the gas that was used, as all of the application do.
pub(super) fn tells_gas(text: &str) -> bool {
    before_gas(text).is_some()
}

fn before_gas(text: &str) -> Option<&str> {
    let (told, gas) = text.rsplit_once(" with gas used: '")?;
    let number = gas.strip_suffix('\'')?;
    number.bytes().all(|byte| byte.is_ascii_digit()).then_some(told)
}

/// `codespace market code 15: TEXT`: as a query's status says it.
pub(super) fn registered(text: &str) -> Option<(&str, u32, &str)> {
    let (codespace, rest) = text.strip_prefix("codespace ")?.split_once(" code ")?;
    let (code, told) = rest.split_once(": ")?;
    Some((codespace, code.parse().ok()?, told))
}

/// `account sequence mismatch, expected N, got M`: both numbers.
pub(super) fn sequences(text: &str) -> Option<(u64, u64)> {
    let rest = text.split_once("account sequence mismatch, expected ")?.1;
    let (expected, rest) = rest.split_once(", got ")?;
    let got = rest.split(|character: char| !character.is_ascii_digit()).next()?;
    Some((expected.parse().ok()?, got.parse().ok()?))
}
