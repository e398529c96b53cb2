//! Serial numbers: decimal for people, bytes in keys.

use crate::chain::wire::cert::State;
use crate::devnet::collection::Key;
use ruint::Uint;
use std::fmt;

/// At most 40 bytes, as the recorded nodes take them.
type Number = Uint<320, 5>;

/// A serial number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Serial(Number);

impl Serial {
    /// A number in decimal; the sign is nothing to the key, as on a real node.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| Number::from_str_radix(digits, 10).ok()).flatten().map(Self)
    }

    /// A number as in a certificate, the first byte the greatest.
    pub(super) fn of_bytes(bytes: &[u8]) -> Option<Self> {
        Number::try_from_be_slice(bytes).map(Self)
    }

    /// The key of the certificate with this number.
    pub(super) fn key<'a>(&self, state: State, owner: &'a [u8]) -> SerialKey<'a> {
        let bytes: Vec<u8> = self.0.to_be_bytes_vec().into_iter().skip_while(|byte| *byte == 0).collect();
        SerialKey { state, owner, bytes }
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// State, owner, length and bytes of the number: shorter numbers first.
pub(super) struct SerialKey<'a> {
    state: State,
    owner: &'a [u8],
    bytes: Vec<u8>,
}

impl Key for SerialKey<'_> {
    fn encode(&self, key: &mut Vec<u8>) {
        let state = u8::try_from(i32::from(self.state)).unwrap_or(u8::MAX);
        let length = u8::try_from(self.bytes.len()).unwrap_or(u8::MAX);
        (state, self.owner, length, self.bytes.as_slice()).encode(key);
    }
}
