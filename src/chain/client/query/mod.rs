//! The questions, a file for each subject: what is asked on the wire, and how the answer becomes plain types.

pub(super) mod account;
pub(super) mod block;
pub(super) mod head;
pub(super) mod transaction;

use super::error::Problem;

/// A field that is not what it should be: what answers is not in its right mind.
fn garbage(error: &(dyn std::error::Error + 'static)) -> Problem {
    Problem::Garbage(Problem::words(error))
}
