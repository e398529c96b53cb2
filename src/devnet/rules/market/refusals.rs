//! What the module refuses, with the codes and texts that its nodes register.

use crate::devnet::refusal::{QueryError, Refusal, Status};

const CODESPACE: &str = "market";

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $text:literal;)*) => {
        $($(#[$doc])*
        pub fn $name() -> Refusal {
            Refusal::new(CODESPACE, $code, $text)
        })*

        /// The refusal with this code.
        pub(super) fn with_code(code: u32) -> Option<Refusal> {
            match code {
                $($code => Some($name()),)*
                _ => None,
            }
        }
    };
}

refusals! {
    /// Owner and provider are one.
    same_account = 2, "owner and provider are the same account";
    /// More than the order would pay.
    over_order = 4, "bid price above max order price";
    /// The provider lacks attributes that the order asks for.
    attribute_mismatch = 5, "attribute mismatch";
    /// There is no such bid to close.
    unknown_bid = 6, "unknown bid";
    /// There is no such lease to draw from.
    unknown_lease = 7, "unknown lease";
    /// A bid that is not open and came to no lease.
    unknown_lease_for_bid = 8, "unknown lease for bid";
    /// A bid without its order.
    unknown_order_for_bid = 9, "unknown order for bid";
    /// The lease has ended.
    lease_not_active = 10, "lease not active";
    /// The bid has ended.
    bid_not_active = 11, "bid not active";
    /// The bid was accepted, lost or closed.
    bid_not_open = 12, "bid not open";
    /// The order has a lease, or was closed.
    order_not_open = 13, "bid: order not open";
    /// There is no such order.
    order_not_found = 15, "invalid order: order not found";
    /// The order's group is not there.
    group_not_found = 16, "group not found";
    /// The order's group is paused or closed.
    group_not_open = 17, "group not open";
    /// There is no such bid.
    bid_not_found = 18, "invalid bid: bid not found";
    /// A bid for nothing.
    zero_price = 19, "invalid bid: zero price";
    /// There is no such lease.
    lease_not_found = 20, "invalid lease: lease not found";
    /// The provider has bid on this order before, whatever became of it.
    bid_exists = 21, "invalid bid: bid exists from provider";
    /// A price that is none.
    invalid_price = 22, "bid price is invalid";
    /// The order has a lease.
    order_active = 23, "order active";
    /// The order was closed.
    order_closed = 24, "order closed";
    /// There is an order with this number.
    order_exists = 25, "order already exists in store";
    /// The provider is not registered.
    unknown_provider = 30, "unknown provider";
    /// A bid that cannot be.
    invalid_bid = 31, "invalid bid";
    /// The provider lacks capabilities that the order's resources ask for.
    capabilities_mismatch = 32, "capabilities mismatch";
    /// Not one of the reasons that a provider may give.
    invalid_reason = 33, "invalid lease closed reason";
    /// The lease was made without a notice.
    not_reclaimable = 35, "lease does not have reclamation configured";
    /// The notice was given.
    already_reclaiming = 36, "reclamation already in progress";
    /// The notice comes first.
    reclamation_not_started = 37, "reclamation not started; call MsgLeaseStartReclaim first";
    /// The notice runs.
    window_not_elapsed = 38, "reclamation window has not elapsed";
    /// A notice that is too short or too long for the chain.
    window_invalid = 39, "reclamation window outside governance bounds";
    /// The order asks for a notice.
    reclamation_required = 40, "order requires reclamation but bid does not offer it";
    /// The order asks for a longer notice.
    window_too_short = 41, "reclamation window shorter than order minimum";
}

/// A query for what is not there.
pub(super) fn missing(refusal: &Refusal) -> QueryError {
    QueryError::new(Status::NotFound, format!("codespace {CODESPACE} code {}: {}", refusal.code, refusal.text()))
}
