//! Sign mode LEGACY_AMINO_JSON: what a hardware wallet shows and signs, and most multi-signature accounts.
//!
//! The document ([`sign_bytes`]) is JSON without blanks, its keys sorted: account number, chain id, fee, memo, messages,
//! sequence, and the limits in height and time where there are any. It is made from the transaction's own bytes and the
//! tables of [`schema`](super::schema), by the rules of the SDK's `x/tx/signing/aminojson`, which every node checks
//! signatures with:
//!
//! - a message is `{"type":NAME,"value":{…}}`; without an `(amino.name)` its name is its type URL;
//! - what is empty is left out, but for a field with `(amino.dont_omitempty)`. A message that is there, however empty,
//!   is written: bytes decide, so two encodings of one message can have two documents;
//! - numbers of 64 bits are texts, smaller ones and enums are numbers, bytes are base64 (the digits of a
//!   `ResourceValue` too), a `LegacyDec` has its point and 18 decimals;
//! - `<`, `>` and `&` are escaped, as Go does.
//!
//! One function serves the signer and the development chain's check. What the mode cannot sign is an [`Error`]:
//! extension options, a `oneof`, a map, fields that the tables do not have.

mod document;
mod error;
mod json;
mod message;

pub use document::{Signer, sign_bytes};
pub use error::Error;
pub use message::message_json;

#[cfg(test)]
mod tests;
