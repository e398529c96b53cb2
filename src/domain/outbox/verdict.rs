//! What a refusal means for each message of a batch: one that spoils it is taken out, the rest goes on.

use crate::domain::refusal::{Reason, Refusal, Sdk};

/// What follows from a refused simulation. Nothing was paid, and nothing is on the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfSimulation {
    /// This message is refused for good: it is taken out with its reason.
    TakeOut(usize),
    /// This message cannot be paid for now, or nobody can say what is wrong with it: it waits, the others go on.
    SetAside(usize),
    /// One of several is at fault, and the node does not say which: each is tried by itself.
    TryEach,
    /// No message is at fault, now is just not the time: try again after the next block.
    NotNow,
    /// No message is at fault: the account, the key or the configuration is, and nothing can be sent until that is mended.
    NothingGoes,
}

/// What follows from a refusal in a block, which was paid for. No message of the transaction was executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfBlock {
    /// This message is refused for good; the others go back to the queue.
    TakeOut(usize),
    /// There was not enough gas for the only message: it gets more, as long as that makes sense.
    Starved,
    /// There was not enough gas for all of them, and nobody knows whose need was told too low: all go back, get more, and
    /// none shares a transaction again.
    StarvedTogether,
    /// One of several is at fault, and the node does not say which: all go back, and none shares a transaction again.
    Part,
}

/// What a refused simulation of so many messages means.
pub fn of_simulation(refusal: &Refusal, messages: usize) -> OfSimulation {
    let at_fault = match refusal.message_index.map(usize::try_from) {
        Some(Ok(index)) if index < messages => Some(index),
        // The only one there is; a node that names a message that is not there says nothing.
        Some(_) | None => (messages == 1).then_some(0),
    };
    if refusal.message_index.is_none() {
        match of_the_account(&refusal.reason) {
            Some(verdict) => return verdict,
            None if at_fault.is_none() => return OfSimulation::TryEach,
            None => {}
        }
    }
    match at_fault {
        None => OfSimulation::TryEach,
        Some(index) if refusal.reason == Reason::Unclear || is_short_of_funds(refusal) => OfSimulation::SetAside(index),
        Some(index) => OfSimulation::TakeOut(index),
    }
}

/// What is wrong with the transaction or its account rather than with a message.
const fn of_the_account(reason: &Reason) -> Option<OfSimulation> {
    match reason {
        Reason::WrongSequence { .. }
        | Reason::AlreadySeen
        | Reason::RateLimited(_)
        | Reason::TimedOut
        | Reason::Sdk(Sdk::MempoolFull | Sdk::Io) => Some(OfSimulation::NotNow),
        Reason::SignatureOrChain
        | Reason::InsufficientFee
        | Reason::Sdk(
            Sdk::UnknownAddress
            | Sdk::InvalidChainId
            | Sdk::WrongSigner
            | Sdk::NoSignatures
            | Sdk::InvalidSequence
            | Sdk::InvalidGasAdjustment
            | Sdk::InvalidGasLimit
            | Sdk::AppConfig,
        ) => Some(OfSimulation::NothingGoes),
        _ => None,
    }
}

/// What a refusal in a block means for its messages.
pub fn of_block(refusal: &Refusal, messages: usize) -> OfBlock {
    if refusal.reason == Reason::OutOfGas {
        return if messages == 1 { OfBlock::Starved } else { OfBlock::StarvedTogether };
    }
    match refusal.message_index.map(usize::try_from) {
        Some(Ok(index)) if index < messages => OfBlock::TakeOut(index),
        Some(_) | None if messages == 1 => OfBlock::TakeOut(0),
        Some(_) | None => OfBlock::Part,
    }
}

/// Whether what is missing is money, which may come. A simulation gives no code, but ends in the SDK's registered words
/// for code 5.
pub fn is_short_of_funds(refusal: &Refusal) -> bool {
    let told = refusal.reason == Reason::Untold && refusal.log.as_str().ends_with(": insufficient funds");
    told || refusal.reason == Reason::InsufficientFunds
}

#[cfg(test)]
mod tests {
    use super::*;

    fn simulated(text: &str) -> Refusal {
        Refusal::of_simulation(text)
    }

    fn in_block(codespace: &str, code: u32, log: &str) -> Refusal {
        Refusal::of_result(codespace, code, log.as_bytes()).unwrap()
    }

    #[test]
    fn a_simulation_that_names_a_message_has_it_taken_out() {
        let order =
            "failed to execute message; message index: 2: order not open [x/market/handler.go:9] with gas used: '7'";
        assert_eq!(of_simulation(&simulated(order), 5), OfSimulation::TakeOut(2));
        // A message that is not there.
        assert_eq!(of_simulation(&simulated(order), 2), OfSimulation::TryEach);
        let poor = "failed to execute message; message index: 1: spendable balance 5uve is smaller than 6uve: \
                    insufficient funds with gas used: '50000'";
        assert_eq!(of_simulation(&simulated(poor), 3), OfSimulation::SetAside(1));
    }

    #[test]
    fn a_simulation_that_names_none_has_each_tried() {
        let basic = simulated("invalid coins with gas used: '0'");
        assert_eq!(of_simulation(&basic, 3), OfSimulation::TryEach);
        assert_eq!(of_simulation(&basic, 1), OfSimulation::TakeOut(0));
        let unsigned = simulated("no cosmos.msg.v1.signer option found for message x with gas used: '0'");
        assert_eq!(of_simulation(&unsigned, 1), OfSimulation::TakeOut(0));
        // Words that are not the application's refuse nothing for good.
        let unclear = simulated("rpc error: context canceled");
        assert_eq!(of_simulation(&unclear, 1), OfSimulation::SetAside(0));
        assert_eq!(of_simulation(&unclear, 3), OfSimulation::TryEach);
        let nobody = simulated("fee payer address: x does not exist: unknown address with gas used: '0'");
        assert_eq!(of_simulation(&nobody, 1), OfSimulation::NothingGoes);
        let score = simulated("VEID score 10 below required 70 for transaction: unauthorized with gas used: '0'");
        assert_eq!(of_simulation(&score, 2), OfSimulation::TryEach);
    }

    #[test]
    fn what_is_not_a_messages_fault_is_none_of_its_business() {
        let sequence = simulated("account sequence mismatch, expected 5, got 6: incorrect account sequence");
        assert_eq!(of_simulation(&sequence, 1), OfSimulation::NotNow);
        assert_eq!(of_simulation(&in_block("sdk", 4, "signature verification failed"), 1), OfSimulation::NothingGoes);
        assert_eq!(of_simulation(&in_block("ratelimit", 1, "too many"), 1), OfSimulation::NotNow);
        assert_eq!(of_simulation(&in_block("sdk", 20, "full"), 4), OfSimulation::NotNow);
    }

    #[test]
    fn a_refusal_in_a_block_returns_the_innocent() {
        let spoiled = in_block("market", 13, "failed to execute message; message index: 1: order not open");
        assert_eq!(of_block(&spoiled, 3), OfBlock::TakeOut(1));
        let starved = in_block("sdk", 11, "out of gas in location: WriteFlat");
        assert_eq!(of_block(&starved, 3), OfBlock::StarvedTogether);
        assert_eq!(of_block(&starved, 1), OfBlock::Starved);
        let panic = in_block("undefined", 111_222, "recovered: runtime error");
        assert_eq!(of_block(&panic, 3), OfBlock::Part);
        assert_eq!(of_block(&panic, 1), OfBlock::TakeOut(0));
    }
}
