//! One workload: what it is, what happened to it, what it uses.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value, json};

use super::listings::{Parameters, Sent, list};
use super::logs::logs;
use crate::domain::usage::Sample;
use crate::domain::workload::{Workload, WorkloadId};
use crate::serve::{Access, Problem, Route, Shared};
use crate::store::listings::{EVENTS, WORKLOADS, one};
use crate::store::workloads::{self, samples};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/workloads/{id}", Access::Operators, "One workload.", show),
        Route::get(
            "/api/v1/workloads/{id}/events",
            Access::Operators,
            "What happened to a workload, the newest first.",
            events,
        ),
        Route::get(
            "/api/v1/workloads/{id}/metrics",
            Access::Operators,
            "What the units of a workload use, and what ended ones used last.",
            metrics,
        ),
        Route::get(
            "/api/v1/workloads/{id}/logs",
            Access::Operators,
            "The output of a workload, a JSON object a line; `follow=true` goes on.",
            logs,
        ),
    ]
}

/// The id in a path.
pub(super) fn id_of(text: &str) -> Result<WorkloadId, Problem> {
    text.parse().map_err(|_| Problem::not_found("there is no such workload"))
}

/// The workload of a path.
pub(super) async fn find(shared: &Shared, text: &str) -> Result<Workload, Problem> {
    let id = id_of(text)?;
    let found = shared.state.read("read a workload", move |snapshot| workloads::one(snapshot, &id)).await?;
    found.ok_or_else(|| Problem::not_found("there is no such workload"))
}

async fn show(State(shared): State<Shared>, Path(text): Path<String>) -> Result<Json<Map<String, Value>>, Problem> {
    let id = id_of(&text)?;
    let found = shared.state.read("read a workload", move |snapshot| one(snapshot, &WORKLOADS, id.as_str())).await?;
    found.map(Json).ok_or_else(|| Problem::not_found("there is no such workload"))
}

async fn events(
    State(shared): State<Shared>,
    Path(text): Path<String>,
    parameters: Parameters,
) -> Result<Json<Sent>, Problem> {
    let workload = find(&shared, &text).await?;
    list(shared, &EVENTS, parameters, vec![("workload".to_owned(), workload.id.to_string())]).await
}

fn meters(sample: &Sample, is_last: bool) -> Value {
    let meters = &sample.meters;
    json!({
        "unit": format!("{}-{}", sample.service, sample.replica),
        "incarnation": sample.incarnation,
        "at": sample.at,
        "last": is_last,
        "cpu_milliseconds": u64::try_from(meters.cpu.as_millis()).unwrap_or(u64::MAX),
        "memory_bytes": meters.memory.0,
        "storage_bytes": meters.storage.map(|bytes| bytes.0),
        "received_bytes": meters.received.map(|bytes| bytes.0),
        "sent_bytes": meters.sent.map(|bytes| bytes.0),
    })
}

async fn metrics(State(shared): State<Shared>, Path(text): Path<String>) -> Result<Json<Value>, Problem> {
    let workload = find(&shared, &text).await?;
    let id = workload.id.clone();
    let last = shared.state.read("read last meters", move |snapshot| samples::of(snapshot, &id)).await?;
    let mut items: Vec<Value> = last.iter().map(|sample| meters(sample, true)).collect();
    if let Some(adapter) = workload.adapter.as_deref().and_then(|name| shared.back_ends.get(name)) {
        let now = adapter.sample().await.map_err(|error| Problem::of(&error))?;
        items.extend(now.iter().filter(|sample| sample.workload == workload.id).map(|sample| meters(sample, false)));
    }
    Ok(Json(json!({ "items": items })))
}
