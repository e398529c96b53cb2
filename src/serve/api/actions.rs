//! What an operator asks of a workload: written down as the command line does, and carried out by the next reconcile.

use axum::body::Bytes;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::workload::id_of;
use crate::domain::workload::{Actor, Wish};
use crate::jobs::workloads_ask;
use crate::serve::{Access, Caller, Problem, Route, Shared};

/// The body of a request; none is as good as an empty one.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Why, for the record.
    note: Option<String>,
}

/// The longest note, in characters.
const LONGEST: usize = 500;

impl From<workloads_ask::Error> for Problem {
    fn from(error: workloads_ask::Error) -> Self {
        match error {
            workloads_ask::Error::Store(error) => error.into(),
            error => Self::of(&error),
        }
    }
}

pub(super) fn routes() -> Vec<Route> {
    let route = |path, about, wish: Wish| {
        let act = move |State(shared): State<Shared>,
                        Extension(caller): Extension<Caller>,
                        Path(id): Path<String>,
                        body: Bytes| { act(shared, caller, id, body, wish) };
        Route::post(path, Access::Acting, about, act)
    };
    vec![
        route("/api/v1/workloads/{id}/pause", "Hold a workload still.", Wish::Pause),
        route("/api/v1/workloads/{id}/resume", "Let a workload go on.", Wish::Resume),
        route("/api/v1/workloads/{id}/stop", "End a workload and keep its data.", Wish::Stop { forced: false }),
        route("/api/v1/workloads/{id}/restart", "End a workload and start it again.", Wish::Restart),
    ]
}

async fn act(shared: Shared, caller: Caller, id: String, body: Bytes, wish: Wish) -> Result<Response, Problem> {
    let asked: Asked = if body.is_empty() {
        Asked::default()
    } else {
        serde_json::from_slice(&body)
            .map_err(|_| Problem::bad_request("the body is nothing, or an object with a `note`"))?
    };
    if asked.note.as_ref().is_some_and(|note| note.chars().count() > LONGEST) {
        return Err(Problem::bad_request(format!("a note has {LONGEST} characters at most")));
    }
    let id = id_of(&id)?;
    let Caller::Operator { name, .. } = caller else { return Err(Problem::forbidden("only operators act")) };
    let actor = Actor::Operator { user: format!("api:{name}") };
    let (workload, word) = (id.clone(), wish.word());
    let written = shared
        .state
        .change(move |store| workloads_ask::ask(store, &id, wish, asked.note.as_deref(), actor, Timestamp::now()));
    written.await?;
    tracing::info!(%workload, wish = word, operator = name, "written down");
    let body = json!({ "workload": workload.to_string(), "wanted": word, "note": "the next reconcile carries it out" });
    Ok((StatusCode::ACCEPTED, axum::Json(body)).into_response())
}
