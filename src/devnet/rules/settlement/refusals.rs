//! What the module refuses.
//!
//! It registers two sets of errors in one codespace: small numbers for what is wrong with a message by itself, 1500 and
//! up for the rest.

use crate::devnet::refusal::Refusal;

macro_rules! refusals {
    ($($name:ident = $code:literal, $text:literal;)*) => {
        /// A registered error; the number is the code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Code {
            $($name = $code,)*
        }

        impl Code {
            const fn text(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

refusals! {
    MessageAddress = 1, "invalid address";
    MessageEscrow = 2, "invalid escrow";
    MessageAmount = 3, "invalid amount";
    MessageSettlement = 4, "invalid settlement";
    MessageUsage = 5, "invalid usage record";
    MessageSignature = 6, "invalid signature";
    MessageReward = 7, "invalid reward";
    Escrow = 1500, "invalid escrow";
    EscrowNotFound = 1501, "escrow not found";
    EscrowExists = 1502, "escrow already exists";
    Transition = 1503, "invalid state transition";
    InsufficientFunds = 1504, "insufficient funds";
    Unauthorized = 1505, "unauthorized";
    Settlement = 1506, "invalid settlement";
    NoRewards = 1511, "no claimable rewards";
    Usage = 1512, "invalid usage record";
    UsageNotFound = 1513, "usage record not found";
    UsageSettled = 1515, "usage already settled";
    Expired = 1518, "escrow has expired";
    NotActive = 1519, "escrow not active";
    Address = 1521, "invalid address";
}

impl Code {
    /// A refusal: `words: text`.
    pub(super) fn refuse(self, words: impl AsRef<str>) -> Refusal {
        Refusal::new("settlement", self as u32, self.text()).wrap(words)
    }
}

/// What went wrong with money, in the module's own terms: its text with 1504.
pub(super) fn of_money(refusal: Refusal) -> Refusal {
    if refusal.broken.is_some() {
        return refusal;
    }
    Code::InsufficientFunds.refuse(refusal.text())
}
