//! Module `market`: orders, bids and leases.
//!
//! An order is what a group asks for; providers bid; the tenant's lease takes one bid. A bid holds a deposit in an
//! escrow account of its own, a lease has a payment out of the deployment's account.
//!
//! Escrow calls back when an account or a payment ends ([`account_closed`], [`payment_closed`]): that is how closing or
//! overdrawing an account closes a deployment and all in it. Nothing happens at the begin or end of a block.

pub mod basic;
mod bid;
mod event;
mod hooks;
mod id;
mod lease;
mod order;
mod params;
mod query;
mod reclaim;
pub mod refusals;
mod state;

pub use bid::{close_bid, create_bid};
pub use hooks::{account_closed, close_orders, payment_closed};
pub use id::{account_of, bid_of, deployment_of, group_of, lease_of, order_of, payment_of};
pub use lease::{close_lease, create_lease, withdraw_lease};
pub use order::create_order;
pub use params::{parameters, set_parameters, update_params};
pub use query::{bid, bids, lease, leases, order, orders, params};
pub use reclaim::{check_notice, lease_start_reclaim};
pub use state::{all_bids, all_leases, all_orders, find_bid, find_lease, find_order, has_active_leases};

#[cfg(test)]
pub mod tests;
