//! `escrow.id.v1`: what an escrow account or payment belongs to.

use crate::chain::wire::macros::{package, wire_enum};
use prost::Message;

/// An escrow account.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct AccountId {
    /// A [`Scope`].
    #[prost(enumeration = "Scope", tag = 1)]
    pub scope: i32,
    /// `owner/dseq` for a deployment, `owner/dseq/gseq/oseq/provider` for a bid.
    #[prost(string, tag = 2)]
    pub xid: String,
}

/// A payment out of an account.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct PaymentId {
    #[prost(message, required, tag = 1)]
    pub aid: AccountId,
    /// `gseq/oseq/provider`.
    #[prost(string, tag = 2)]
    pub xid: String,
}

wire_enum! {
    /// What an escrow account belongs to.
    pub enum Scope {
        Invalid = 0 => "invalid",
        Deployment = 1 => "deployment",
        Bid = 2 => "bid",
    }
}

package! {
    OfNetwork("escrow.id.v1");
    messages {
        AccountId as "Account", PaymentId as "Payment",
    }
}
