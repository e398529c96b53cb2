//! How the provider stands, in figures.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::domain::health::judge;
use crate::jobs::health::look;
use crate::serve::{Problem, Shared};
use crate::store::bids::{pauses, rows};
use crate::store::usage::meters;
use crate::store::{Error, Snapshot, job_runs, totals, workloads};

/// A counting by name, as an object.
fn counted<N: AsRef<str>>(counts: impl IntoIterator<Item = (N, u64)>) -> Value {
    counts
        .into_iter()
        .filter(|(_, many)| *many > 0)
        .map(|(name, many)| (name.as_ref().to_owned(), Value::from(many)))
        .collect()
}

/// At most a second old: a dashboard that many look at costs one reading.
pub(super) async fn status(State(shared): State<Shared>) -> Result<Response, Problem> {
    let text = if let Some(text) = shared.recent.status() {
        text
    } else {
        let expected = shared.options.expected.clone();
        let found = shared.state.with(move |store| {
            let health = judge(&look(store, &expected, Timestamp::now())?);
            let rest = store.read("read how the provider stands", figures)?;
            let mut status = json!({
                "version": env!("CARGO_PKG_VERSION"),
                "status": health.status.word(),
                "components": health.components,
                "last_checked": health.last_checked,
            });
            if let (Some(status), Value::Object(rest)) = (status.as_object_mut(), rest) {
                status.extend(rest);
            }
            Ok::<_, Error>(status.to_string())
        });
        shared.recent.keep_status(found.await?)
    };
    Ok(([(header::CONTENT_TYPE, "application/json")], text.as_ref().to_owned()).into_response())
}

fn figures(snapshot: &Snapshot<'_>) -> Result<Value, Error> {
    let counts = totals::counts(snapshot)?;
    let pause = pauses::in_force(snapshot)?;
    let workloads = workloads::by_state(snapshot)?.into_iter().map(|(state, many)| (state.word(), many));
    let leases = snapshot.rows("SELECT state, count(*) FROM leases GROUP BY state", [], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?.unsigned_abs()))
    })?;
    let money: Vec<Value> = totals::money(snapshot)?
        .into_iter()
        .map(|((name, denom), amount)| json!({ "name": name, "denom": denom, "amount": amount.to_string() }))
        .collect();
    Ok(json!({
        "paused": pause.map(|pause| json!({ "since": pause.at, "reason": pause.reason })),
        "workloads": counted(workloads),
        "bids": counted(counts.by_label("bids")),
        "leases": counted(leases),
        "usage_records": counted(counts.by_label("usage_records")),
        "money": money,
    }))
}

/// How bidding stands.
pub(super) async fn bid_engine(State(shared): State<Shared>) -> Result<Json<Value>, Problem> {
    let enabled = shared.options.expected.bidding;
    let read = move |snapshot: &Snapshot<'_>| {
        let now = Timestamp::now();
        let day = now.checked_sub(Duration::from_hours(24)).unwrap_or(Timestamp::MIN);
        let counts = totals::counts(snapshot)?;
        let pause = pauses::in_force(snapshot)?;
        let classes: Vec<Value> = rows::win_rates(snapshot, day)?
            .into_iter()
            .map(|(class, rate)| json!({ "class": class, "won": rate.won, "decided": rate.decided }))
            .collect();
        let latency = rows::average_time(snapshot, day)?;
        let job = |name: &'static str| job_runs::last_success(snapshot, &crate::domain::job::JobName::constant(name));
        let last = job("bid-run")?;
        Ok(json!({
            "enabled": enabled,
            "paused": pause.map(|pause| json!({ "since": pause.at, "reason": pause.reason })),
            "bids": counted(counts.by_label("bids")),
            "submitted": counts.of("bids_submitted"),
            "won": counts.of("bids_won"),
            "lost": counts.of("bids_lost"),
            "declined": counted(counts.by_label("orders_declined")),
            "last_24_hours": classes,
            "average_milliseconds": latency.map(|span| u64::try_from(span.as_millis()).unwrap_or(u64::MAX)),
            "last_run": last.map(|run| json!({ "run": run.id, "ended_at": run.ended_at, "outcome": run.outcome, "counts": run.counts })),
        }))
    };
    shared.state.read("read how bidding stands", read).await.map(Json)
}

/// What is for sale by the configuration, and what active leases reserve of it.
pub(super) async fn resources(State(shared): State<Shared>) -> Result<Json<Value>, Problem> {
    let reserved = shared.state.read("read what is reserved", meters::reserved).await?;
    let of = |resource: &str| match resource {
        "cpu" => reserved.cpu,
        "memory" => reserved.memory,
        "storage" => reserved.storage,
        _ => reserved.gpus,
    };
    let unit = |resource: &str| match resource {
        "cpu" => "thousandths of a core",
        "memory" | "storage" => "bytes",
        _ => "units",
    };
    let total = |name: &str| {
        shared.options.capacity.iter().find(|(known, _)| *known == name).map(|(_, total)| total.to_string())
    };
    let items: Vec<Value> = ["cpu", "memory", "storage", "gpu"]
        .into_iter()
        .map(|name| json!({ "resource": name, "unit": unit(name), "reserved": of(name).to_string(), "total": total(name) }))
        .collect();
    Ok(Json(json!({ "items": items })))
}
