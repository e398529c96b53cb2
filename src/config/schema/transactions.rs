//! Transactions: how they are put together, and what they may cost.

use std::time::Duration;

use crate::config::section::section;
use crate::config::value::Decimal;

section! {
    /// Transactions. Amounts are in the smallest unit, and count for each denomination by itself.
    Transactions at ["transactions"] {
        /// A transaction can be executed in so many blocks after it was signed. Only when they have passed, and it is in
        /// none of them, are its messages signed anew.
        timeout_blocks: u64 = "60", in "5" ..= "10000";
        /// Messages in one transaction, at most.
        max_messages: u64 = "20", in "1" ..= "100";
        /// Gas of one transaction, at most.
        max_gas: u64 = "10000000", in "100000" ..= "1000000000";
        /// Transactions of one signer in a block, at most. VirtEngine's nodes lock a signer out that sends more than ten,
        /// and count refused ones.
        per_block: u64 = "5", in "1" ..= "5";
        /// Simulated gas times this is the gas limit of messages that settle escrow, which need more in a block than in a
        /// simulation; chain.gas_adjustment where that is more.
        escrow_gas_adjustment: Decimal = "1.8", in "1.6" ..= "10";
        /// What one run may pay in fees.
        fees_per_run: u64 = "2000000";
        /// What all runs together may pay in fees within an hour.
        fees_per_hour: u64 = "10000000";
        /// What one run may set aside in deposits.
        deposits_per_run: u64 = "50000000";
        /// What all runs together may set aside in deposits within an hour.
        deposits_per_hour: u64 = "200000000";
        /// A balance of the fee denomination below this is reported.
        low_balance: u64 = "5000000";
        /// How long a run waits without anything moving for transactions to come into a block; the next run goes on.
        confirm_within: Duration = "90s", in "1s" ..= "1h";
    }
}
