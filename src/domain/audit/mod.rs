//! The audit trail: what was done, by whom, with which outcome, in an order that cannot be changed unseen.
//!
//! Each [`Row`] holds the hash of the row before it and its own, so that a row that is edited, removed, moved or slipped
//! in breaks the chain at a place that [`Verifier`] names. A chain alone does not notice that its tail was cut or that
//! all of it was computed anew; therefore its head is written down from time to time as a [`Seal`], a keyed digest that
//! is kept elsewhere.
//!
//! Everything here is a function over plain data: the table is `store::audit`, the seals file, the key and the audit
//! file are `observe::audit`, and `jobs::audit` puts them together.
//!
//! What it does not do: keep a secret. Who owns the machine owns the key and can forge chain and seals together; only
//! copies of the seals elsewhere (the journal of another host) hold against that.

mod canonical;
mod diagnosis;
mod draft;
mod event;
mod findings;
mod row;
mod seal;
mod seals;
mod verify;

#[cfg(test)]
mod tests;

pub use canonical::canonical_json;
pub use draft::{Actor, Draft};
pub use event::{Event, Outcome, UnknownWord};
pub use findings::{Broken, Column, Finding, Span};
pub use row::{Row, RowHash, Typed};
pub use seal::{KeyId, Mac, Seal, SealKey, SealKind};
pub use seals::{Checked, Restore, SealLine, check};
pub use verify::{Anchor, Verdict, Verifier};
