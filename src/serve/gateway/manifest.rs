//! Manifests: brought and read back.
//!
//! What is brought is held against the chain (an active lease, the hash of the deployment, its groups) and then written
//! down by the function that `provider workloads deploy --manifest --lease` uses: [`workloads_deploy::deploy`].

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;

use super::permit::Numbers;
use super::{Gateway, Problem};
use crate::chain::client::LeaseFilter;
use crate::domain::address::Address;
use crate::domain::deployment::Deployment;
use crate::domain::envelope::Envelope;
use crate::domain::fault::Classified as _;
use crate::domain::id::{DeploymentId, LeaseId};
use crate::domain::lease::LeaseState;
use crate::domain::manifest::Manifest;
use crate::domain::tenant_token::Scope;
use crate::domain::workload::{Actor, Revision, WorkloadId};
use crate::jobs::workloads_deploy::{self, For, Request};
use crate::serve::{Access, Caller, Route, Shared};
use crate::store::Store;
use crate::store::workloads::{self, manifests};

/// How long a tenant waits for us: the chain is asked twice.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) fn routes(gateway: &Arc<Gateway>) -> Vec<Route> {
    let (put, get) = (Arc::clone(gateway), Arc::clone(gateway));
    vec![
        Route::put(
            "/deployment/{dseq}/manifest",
            Access::Tenants,
            "Brings the manifest of a deployment, in JSON; it must have the hash that the chain has.",
            move |State(shared): State<Shared>,
                  Extension(caller): Extension<Caller>,
                  Path(dseq): Path<String>,
                  headers: HeaderMap,
                  body: String| async move { put.bring(&shared, (&caller, &headers), &dseq, &body).await },
        )
        .patient(PATIENCE),
        Route::get(
            "/lease/{dseq}/{gseq}/{oseq}/manifest",
            Access::Tenants,
            "The manifest of a lease, with the one group that it is for.",
            move |State(shared): State<Shared>,
                  Extension(caller): Extension<Caller>,
                  Path(numbers): Path<Numbers>,
                  headers: HeaderMap| async move { get.read_back(&shared, (&caller, &headers), &numbers).await },
        ),
    ]
}

fn unprocessable(message: impl Into<String>) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unprocessable", message)
}

impl Gateway {
    async fn bring(
        &self,
        shared: &Shared,
        (caller, headers): (&Caller, &HeaderMap),
        dseq: &str,
        body: &str,
    ) -> Result<Response, Problem> {
        let tenant = self.tenant(caller, headers)?;
        let dseq = self.deployment(&tenant, dseq, Scope::SendManifest)?;
        if Envelope::is_meant(body) {
            return Err(unprocessable("a sealed manifest is opened by the operator, with `provider workloads deploy`"));
        }
        let (manifest, version) = Manifest::read_json(body).map_err(|error| unprocessable(error.to_string()))?;
        let (leases, deployment) = self.leased(&tenant.owner, dseq).await?;
        let owner = tenant.owner.to_string();
        let taken = shared
            .state
            .change(move |store| take(store, (&manifest, Revision(version)), (&leases, &deployment), &owner));
        taken.await?;
        tracing::info!(tenant = %tenant.owner, dseq, "took a manifest");
        Ok(StatusCode::OK.into_response())
    }

    /// The leases of a deployment that are active here, by the chain's own word, and the deployment.
    async fn leased(&self, owner: &Address, dseq: u64) -> Result<(Vec<LeaseId>, Deployment), Problem> {
        let none = || Problem::not_found("there is no active lease of this deployment here");
        let id = DeploymentId::new(owner.clone(), dseq).map_err(|error| Problem::bad_request(error.to_string()))?;
        let filter = LeaseFilter {
            owner: Some(owner.clone()),
            dseq: Some(dseq),
            provider: Some(self.provider.clone()),
            state: Some(LeaseState::Active),
        };
        let (leases, deployment) = self
            .ask(async {
                let mut leases = Vec::new();
                let listed = self.client.leases(&filter).for_each(|lease| {
                    // A node may give more than it was asked for.
                    let is_ours = lease.id.provider() == &self.provider && lease.id.order().deployment() == &id;
                    if is_ours && !lease.state.is_over() {
                        leases.push(lease.id);
                    }
                });
                listed.await?.believed()?;
                if leases.is_empty() {
                    return Ok((leases, None));
                }
                Ok((leases, self.client.deployment(&id).await?.believed()?.into_value()))
            })
            .await?;
        let deployment = deployment.ok_or_else(none)?;
        if leases.is_empty() { Err(none()) } else { Ok((leases, deployment)) }
    }

    async fn read_back(
        &self,
        shared: &Shared,
        (caller, headers): (&Caller, &HeaderMap),
        numbers: &Numbers,
    ) -> Result<Response, Problem> {
        let tenant = self.tenant(caller, headers)?;
        let lease = self.lease(&tenant, numbers, Scope::GetManifest, None)?;
        let id = WorkloadId::of_lease(&lease);
        let kept = shared.state.read("read a manifest", move |snapshot| {
            let revision = workloads::one(snapshot, &id)?.and_then(|workload| workload.revision);
            revision.map_or(Ok(None), |revision| manifests::one(snapshot, &id, revision))
        });
        let kept = kept.await?.ok_or_else(|| Problem::not_found("there is no manifest of this lease"))?;
        let text = Manifest { groups: vec![kept.group] }.to_json();
        Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response())
    }
}

/// Takes a manifest for every lease that it is for. Each is looked at before any is written down.
fn take(
    store: &Store,
    (manifest, revision): (&Manifest, Revision),
    (leases, deployment): (&[LeaseId], &Deployment),
    tenant: &str,
) -> Result<(), Problem> {
    let probes = BTreeMap::new();
    let request = |lease| Request {
        manifest,
        revision,
        probes: &probes,
        owner: For::Lease(lease, deployment),
        actor: Actor::Tenant { address: tenant.to_owned() },
        now: Timestamp::now(),
    };
    for lease in leases {
        workloads_deploy::rehearse(Some(store), &request(lease)).map_err(|error| refused(&error))?;
    }
    for lease in leases {
        workloads_deploy::deploy(store, &request(lease)).map_err(|error| refused(&error))?;
    }
    Ok(())
}

/// What a tenant is told: what is wrong with what it brought, and nothing of ours.
fn refused(error: &workloads_deploy::Error) -> Problem {
    use workloads_deploy::Error;
    match error {
        Error::Wrong { .. } | Error::OtherVersion { .. } | Error::Unfit { .. } | Error::NoGroup { .. } => {
            unprocessable(error.to_string())
        }
        Error::Over { .. } | Error::Closing { .. } => Problem::not_found("the lease is over, or ends"),
        Error::Groups { .. } | Error::Name(_) => unprocessable(error.to_string()),
        Error::Store(store) => {
            tracing::warn!(error = crate::domain::fault::in_one_line(store), fault = ?error.fault(), "a manifest is not kept");
            Problem::unavailable("the manifest cannot be written down now")
        }
    }
}
