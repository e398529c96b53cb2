//! The tenant gateway: what tenants bring us and ask of us.
//!
//! The wire is that of the market's own tools (chain/tenant-gateway.md): paths, JSON, scopes, WebSockets, errors as text.
//! A tenant is known by the certificate that it has on the chain, or by a token that its account's key has signed. All
//! that it can name is a deployment, a group and an order: the owner is itself and the provider is we, so no request can
//! speak of another tenant's lease.
//!
//! ```text
//! identity    who asks: certificate or token, held against the chain     identity.rs, chain_facts.rs
//! permit      what a token allows with that lease                        permit.rs
//! manifest    taken by the same function as `workloads deploy`           manifest.rs
//! lease       how a lease and its services stand                         lease.rs, units.rs
//! streams     logs and events, over WebSockets                           streams.rs, frames.rs
//! ```
//!
//! # What it does not do
//! - It runs nothing: a manifest is written down, and the next reconcile runs it.
//! - No shell, no moving of host names and addresses: no back end of ours offers them. No gRPC.

mod chain_facts;
mod frames;
mod identity;
mod lease;
mod manifest;
mod permit;
mod streams;
mod units;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse as _;
use serde_json::json;

use super::{Access, Problem, Route, Shared};
use crate::adapters::Registry;
use crate::chain::client::Client;
use crate::domain::address::Address;
use crate::store::workloads;
use chain_facts::ChainFacts;
use units::Units;

/// The gateway: who we are, whom it asks, and what it has been told lately.
pub struct Gateway {
    client: Client,
    provider: Address,
    facts: ChainFacts,
    units: Units,
}

impl Gateway {
    /// The gateway of a provider.
    pub fn new(client: Client, provider: Address, registry: Registry) -> Self {
        Self { client, provider, facts: ChainFacts::default(), units: Units::new(registry) }
    }

    fn prefix(&self) -> &'static str {
        self.client.network().address_prefix
    }
}

/// What tenants, and those who look for a provider, may ask.
pub fn routes(gateway: &Arc<Gateway>) -> Vec<Route> {
    let public = Access::Anyone;
    let mut routes = vec![
        Route::get("/version", public, "The version of this provider.", || async {
            Json(json!({ "provider": { "version": env!("CARGO_PKG_VERSION") } }))
        }),
        Route::get("/address", public, "The account of this provider on the chain.", {
            let gateway = Arc::clone(gateway);
            move || async move { Json(json!({ "address": gateway.provider.to_string() })) }
        }),
        Route::get("/status", public, "How much this provider runs.", {
            let gateway = Arc::clone(gateway);
            move |State(shared): State<Shared>| async move { status(&gateway, &shared).await }
        }),
    ];
    routes.extend(manifest::routes(gateway));
    routes.extend(lease::routes(gateway));
    routes.extend(streams::routes(gateway));
    routes
}

/// Numbers only: whose workloads they are is nobody's business.
async fn status(gateway: &Gateway, shared: &Shared) -> Result<axum::response::Response, Problem> {
    let (leases, manifests) = shared
        .state
        .read("count the workloads", |snapshot| {
            let known = workloads::all(snapshot, false)?;
            let of_leases = known.iter().filter(|workload| workload.owner.lease().is_some());
            Ok((of_leases.clone().count(), of_leases.filter(|workload| workload.has_manifest).count()))
        })
        .await?;
    let body = json!({
        "cluster": { "leases": leases },
        "bidengine": { "orders": 0 },
        "manifest": { "deployments": manifests },
        "cluster_public_hostname": "",
        "address": gateway.provider.to_string(),
    });
    Ok(Json(body).into_response())
}
