//! Where the same step ends differently on the two networks, as recorded (fixtures/recorded).

/// A reason as a transaction's result gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorCode {
    /// The module that refuses: `market`, `sdk`, or `undefined` where the node registered no code.
    pub codespace: &'static str,
    /// The number within the codespace.
    pub code: u32,
}

/// How a lease ends whose tenant's money ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OverdrawnLease {
    /// State `closed`, reason `lease_closed_owner` in the event: only the payment's state says what happened.
    LooksClosedByOwner,
    /// State `insufficient_funds`, reason `lease_closed_reason_insufficient_funds`.
    InsufficientFunds,
}

/// The order in which a listing names the bids of one order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BidListing {
    /// By owner, numbers, provider.
    ByKey,
    /// By provider, in an order of the node's own: nothing may depend on it.
    Unspecified,
}

/// What the nodes of a network do, where the two networks do not do the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a table of independent facts, each named where it is read")]
pub struct Behaviour {
    /// How an overdrawn lease ends.
    pub overdrawn_lease: OverdrawnLease,
    /// Whether an order that is still open outlives its deployment or group (closed or paused): it stays `open`, and
    /// a bid on it is accepted and locks a deposit that can win nothing.
    pub order_outlives_its_group: bool,
    /// Whether `Lease.reason` is stored; where not it is always 0, and only the event tells.
    pub lease_reason_is_stored: bool,
    /// A bid above the order's price.
    pub price_over_order: ErrorCode,
    /// A fee that is missing, too small or in another coin.
    pub fee_refused: ErrorCode,
    /// Whether unordered transactions are taken (with a timeout timestamp); where not: `sdk` 37.
    pub unordered_transactions: bool,
    /// How many transactions a signer may have in a block (`ratelimit` 1 beyond it, and refused attempts count).
    pub transactions_per_signer_and_block: Option<u32>,
    /// Whether some messages ask for an identity score (VEID) and for a second factor (MFA).
    pub identity_is_checked: bool,
    /// Whether a provider can register and change itself by transaction. Where not (the recorded build's generated
    /// code lacks the signer of its messages: `undefined` 1), providers come from genesis.
    pub provider_registers_itself: bool,
    /// Whether a provider can leave the register by transaction; where not: `provider` 10.
    pub provider_can_leave: bool,
    /// Whether an escrow account takes deposits in other denominations than its first; where not: `escrow` 5.
    pub accounts_take_any_denomination: bool,
    /// What `/cosmos.auth.v1beta1.Query/Bech32Prefix` answers; it need not be the prefix of addresses.
    pub bech32_prefix_answer: &'static str,
    /// The gRPC status of a page key that cannot be read.
    pub broken_page_key_status: i32,
    /// Whether a listing without a state filter names rows by state (open, active, closed) and then by key, rather
    /// than by key alone.
    pub unfiltered_rows_by_state: bool,
    /// The order of the bids of one order in a listing.
    pub bids_of_an_order: BidListing,
}
