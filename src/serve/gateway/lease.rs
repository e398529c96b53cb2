//! How a lease stands, and its services, in the words of the market's tools.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::{Extension, Json};
use serde::Serialize;

use super::permit::Numbers;
use super::{Gateway, Problem};
use crate::domain::manifest::{Group, Protocol};
use crate::domain::tenant_token::Scope;
use crate::domain::workload::{Observed, UnitState, Workload, WorkloadId};
use crate::serve::{Access, Caller, Route, Shared};
use crate::store::workloads;
use crate::store::workloads::manifests::{self, Kept};

/// A lease.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct LeaseStatus {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<String>,
    services: BTreeMap<String, ServiceStatus>,
    forwarded_ports: BTreeMap<String, Vec<ForwardedPort>>,
    /// No back end of ours leases addresses.
    ips: BTreeMap<String, Vec<()>>,
}

/// A service. The names are those of the market's tools.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct ServiceStatus {
    name: String,
    available: u32,
    total: u32,
    uris: Vec<String>,
    observed_generation: u32,
    replicas: u32,
    updated_replicas: u32,
    ready_replicas: u32,
    available_replicas: u32,
}

/// A port that is reached from outside.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct ForwardedPort {
    host: String,
    port: u16,
    #[serde(rename = "externalPort")]
    external_port: u16,
    proto: &'static str,
    name: String,
}

pub(super) fn routes(gateway: &Arc<Gateway>) -> Vec<Route> {
    let (lease, service) = (Arc::clone(gateway), Arc::clone(gateway));
    vec![
        Route::get(
            "/lease/{dseq}/{gseq}/{oseq}/status",
            Access::Tenants,
            "How a lease stands: its services, its ports.",
            move |State(shared): State<Shared>,
                  Extension(caller): Extension<Caller>,
                  Path(numbers): Path<Numbers>,
                  headers: HeaderMap| async move {
                let status = lease.stands(&shared, (&caller, &headers), &numbers, None).await?;
                Ok::<_, Problem>(Json(status))
            },
        ),
        Route::get(
            "/lease/{dseq}/{gseq}/{oseq}/service/{service}/status",
            Access::Tenants,
            "How one service of a lease stands.",
            move |State(shared): State<Shared>,
                  Extension(caller): Extension<Caller>,
                  Path((dseq, gseq, oseq, name)): Path<(String, String, String, String)>,
                  headers: HeaderMap| async move {
                let numbers = (dseq, gseq, oseq);
                let mut status = service.stands(&shared, (&caller, &headers), &numbers, Some(&name)).await?;
                let found = status.services.remove(&name);
                found.map(Json).ok_or_else(|| Problem::not_found("the lease has no such service"))
            },
        ),
    ]
}

impl Gateway {
    /// The workload of a lease of the tenant's, with the manifest that it should run.
    pub(super) async fn workload(&self, shared: &Shared, id: WorkloadId) -> Result<(Workload, Kept), Problem> {
        let found = shared.state.read("read a workload", move |snapshot| {
            let Some(workload) = workloads::one(snapshot, &id)? else { return Ok(None) };
            let Some(revision) = workload.revision else { return Ok(None) };
            Ok(manifests::one(snapshot, &id, revision)?.map(|kept| (workload, kept)))
        });
        found.await?.ok_or_else(|| Problem::not_found("there is no manifest of this lease"))
    }

    async fn stands(
        &self,
        shared: &Shared,
        (caller, headers): (&Caller, &HeaderMap),
        numbers: &Numbers,
        service: Option<&str>,
    ) -> Result<LeaseStatus, Problem> {
        let tenant = self.tenant(caller, headers)?;
        let lease = self.lease(&tenant, numbers, Scope::Status, service)?;
        let (workload, kept) = self.workload(shared, WorkloadId::of_lease(&lease)).await?;
        let observed = self.units.of(&workload).await;
        Ok(status(&kept.group, &workload, observed.as_ref().map(Option::as_ref).map_err(|()| ())))
    }
}

/// What is said of a lease, by its manifest and by what runs. What nobody knows is an error and no zero of its own accord.
fn status(group: &Group, workload: &Workload, observed: Result<Option<&Observed>, ()>) -> LeaseStatus {
    let mut status = LeaseStatus::default();
    if observed.is_err() {
        status.errors.push("what runs of it is not known now".to_owned());
    }
    let units = || observed.ok().flatten().into_iter().flat_map(|observed| &observed.units);
    for service in &group.services {
        let of_service = || units().filter(|unit| unit.service == service.name);
        let count = |is: &dyn Fn(&crate::domain::workload::Unit) -> bool| {
            u32::try_from(of_service().filter(|unit| is(unit)).count()).unwrap_or(u32::MAX)
        };
        let running = count(&|unit| unit.state == UnitState::Running);
        let mut uris: Vec<String> = service
            .expose
            .iter()
            .filter(|expose| expose.global)
            .flat_map(|expose| expose.hosts.clone().unwrap_or_default())
            .collect();
        uris.sort();
        uris.dedup();
        status.services.insert(
            service.name.clone(),
            ServiceStatus {
                name: service.name.clone(),
                available: running,
                total: service.count,
                uris,
                observed_generation: 1,
                replicas: count(&|_| true),
                updated_replicas: count(&|unit| Some(unit.revision) == workload.revision),
                ready_replicas: running,
                available_replicas: running,
            },
        );
        let mut ports: Vec<ForwardedPort> = of_service()
            .flat_map(|unit| &unit.endpoints)
            .map(|endpoint| ForwardedPort {
                host: endpoint.address.to_string(),
                port: endpoint.port,
                external_port: endpoint.seen_as,
                proto: match endpoint.protocol {
                    Protocol::Tcp => "TCP",
                    Protocol::Udp => "UDP",
                },
                name: service.name.clone(),
            })
            .collect();
        ports.sort();
        if !ports.is_empty() {
            status.forwarded_ports.insert(service.name.clone(), ports);
        }
    }
    status
}
