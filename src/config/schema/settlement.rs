//! Settlement of usage, and withdrawal of what leases earn.

use std::time::Duration;

use crate::config::section::section;
use crate::config::value::Decimal;

section! {
    /// Settlement of usage, and withdrawal of what leases earn.
    Settlement at ["settlement"] {
        /// Recorded usage is settled after this time.
        interval: Duration = "12h", in "1s" ..= "30d";
        /// It is settled at once if its escrow ends within this time: what an expired escrow holds goes back to the
        /// tenant.
        before_expiry: Duration = "2h", in "1m" ..= "30d";
        /// What a lease has earned is withdrawn when it is more than so many times the fee of withdrawing it.
        withdraw_multiple: Decimal = "20", in "1" ..= "1000000";
        /// It is withdrawn at once if the tenant's money lasts shorter than this.
        withdraw_before: Duration = "1h", in "1m" ..= "30d";
        /// Withdrawals in one transaction, at most.
        withdraw_batch: u64 = "20", in "1" ..= "100";
    }
}
