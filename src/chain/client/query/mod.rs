//! The questions, a file for each subject: what is asked on the wire, and how the answer becomes plain types.
//!
//! An answer about another thing than was asked for is no answer: it is garbage, and the next endpoint is asked.

pub(super) mod account;
pub(super) mod block;
pub(super) mod deployment;
mod encryption;
mod escrow;
pub(super) mod head;
pub(super) mod market;
mod params;
mod provider;
pub(super) mod settlement;
pub(super) mod transaction;

use super::error::Problem;
use crate::domain::refusal::Log;

/// A field that is not what it should be: what answers is not in its right mind.
fn garbage(error: &(dyn std::error::Error + 'static)) -> Problem {
    Problem::Garbage(Problem::words(error))
}

/// Whether the answer is about what was asked for.
fn same<I: PartialEq + std::fmt::Display>(found: &I, asked: &I) -> Result<(), Problem> {
    if found == asked {
        Ok(())
    } else {
        Err(Problem::Garbage(Log::of(format!("{found} when asked for {asked}").as_bytes())))
    }
}
