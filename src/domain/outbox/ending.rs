//! What the end of a transaction is to each message in it.
//!
//! A message can have been in several transactions: one that was lost may be found after a person had let its messages
//! be signed anew, or had given them up. So the end of a transaction moves a message only where that transaction is the
//! one that holds it now; that it was executed is a fact for everybody.

use super::intent::State;

/// Where a message stands when a transaction with it has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Its state.
    pub state: State,
    /// Another transaction that holds it is live.
    pub in_another: bool,
}

/// What an execution is to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Execution {
    /// It was waited for.
    Expected,
    /// Other bytes with it are out, and may be executed as well.
    MayBeRepeated,
    /// Nobody wanted it any more.
    GivenUp,
    /// It had been executed before.
    Repeated,
}

impl Standing {
    /// Whether the transaction that ended is the one that holds it: only then do a failure and a proof that the
    /// transaction is void say anything about what happens to the message next.
    pub const fn is_held(self) -> bool {
        matches!(self.state, State::InFlight) && !self.in_another
    }

    /// What it is to the message that the transaction was executed.
    pub const fn executed(self) -> Execution {
        match self.state {
            State::Done => Execution::Repeated,
            State::Refused | State::Expired | State::Abandoned => Execution::GivenUp,
            State::Queued | State::NeedsConfirmation | State::InFlight if self.in_another => Execution::MayBeRepeated,
            State::Queued | State::NeedsConfirmation | State::InFlight => Execution::Expected,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_moves_only_what_it_holds_and_an_execution_is_a_fact() {
        use Execution as E;
        use State as S;
        // The state, another transaction is live: this one holds it, what an execution is.
        let table = [
            (S::Queued, false, false, E::Expected),
            (S::Queued, true, false, E::MayBeRepeated),
            (S::NeedsConfirmation, false, false, E::Expected),
            (S::NeedsConfirmation, true, false, E::MayBeRepeated),
            (S::InFlight, false, true, E::Expected),
            (S::InFlight, true, false, E::MayBeRepeated),
            (S::Done, false, false, E::Repeated),
            (S::Done, true, false, E::Repeated),
            (S::Refused, false, false, E::GivenUp),
            (S::Expired, false, false, E::GivenUp),
            (S::Abandoned, false, false, E::GivenUp),
        ];
        for (state, in_another, held, execution) in table {
            let standing = Standing { state, in_another };
            assert_eq!((standing.is_held(), standing.executed()), (held, execution), "{standing:?}");
        }
        assert!(State::ALL.iter().all(|state| table.iter().any(|(known, ..)| known == state)));
    }
}
