//! `/health`, its components, and `/ready`.
//!
//! 200 while the provider works, degraded or not; 503 when something does not work: as load balancers expect.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::json;

use super::{Access, Problem, Route, Shared};
use crate::domain::health::{Health, Standing, Status, judge};
use crate::jobs::health::look;

/// Health.
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/health", Access::Anyone, "The health of the provider, with its components.", overall),
        Route::get("/health/{component}", Access::Anyone, "The health of one component.", of_component),
        Route::get("/ready", Access::Anyone, "Whether the server can answer.", ready),
    ]
}

/// The health of the provider.
pub(super) async fn health(shared: &Shared) -> Result<Health, Problem> {
    let expected = shared.options.expected.clone();
    let facts = shared.state.with(move |store| look(store, &expected, Timestamp::now())).await?;
    Ok(judge(&facts))
}

/// What is said where the state file cannot be read: the manual's form, and why.
fn unreadable(problem: &Problem) -> Response {
    let component =
        json!({ "name": "state-file", "status": Standing::Down, "latency": 0, "message": problem.message() });
    let body = json!({
        "status": Status::Unhealthy, "components": { "state-file": component }, "last_checked": Timestamp::now()
    });
    (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
}

async fn overall(State(shared): State<Shared>) -> Response {
    match health(&shared).await {
        Ok(health) => {
            let code = match health.status {
                Status::Healthy | Status::Degraded => StatusCode::OK,
                Status::Unhealthy => StatusCode::SERVICE_UNAVAILABLE,
            };
            (code, Json(health)).into_response()
        }
        Err(problem) => unreadable(&problem),
    }
}

async fn of_component(State(shared): State<Shared>, Path(name): Path<String>) -> Result<Response, Problem> {
    let health = match health(&shared).await {
        Ok(health) => health,
        Err(problem) => return Ok(unreadable(&problem)),
    };
    let component = health.components.get(name.as_str());
    let component = component.ok_or_else(|| Problem::not_found("there is no such component"))?;
    let code = match component.status {
        Standing::Up | Standing::Degraded => StatusCode::OK,
        Standing::Down => StatusCode::SERVICE_UNAVAILABLE,
    };
    Ok((code, Json(component)).into_response())
}

/// Ready: the state file can be read, and nobody has told us to stop.
async fn ready(State(shared): State<Shared>) -> Response {
    let not = |reason: String| (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "ready": false, "reason": reason })));
    if shared.is_stopping() {
        return not("the server stops".to_owned()).into_response();
    }
    match shared.state.read("see whether the state file can be read", |_| Ok(())).await {
        Ok(()) => Json(json!({ "ready": true })).into_response(),
        Err(problem) => not(problem.message()).into_response(),
    }
}
