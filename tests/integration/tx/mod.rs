//! Transactions from the outbox to the chain and back: what is sent, what is not, and what survives a kill.
//!
//! A debug build dies where `PROVIDER_FAIL_POINT` says (`stored`, or `stored:3` for the third time it comes there): the
//! points are [`provider::jobs::tx_flush::FailPoint`], and `crash` arms each of them.

mod books;
mod cosmjs;
mod crash;
mod decisions;
mod endpoints;
mod fees;
mod flush;
mod keys;
mod kills;
mod limits;
mod lost;
mod others;
mod people;
mod register;
mod search;
mod storm;
mod words;
pub mod world;
