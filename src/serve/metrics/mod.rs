//! `/metrics`, on an address of its own.
//!
//! Every value comes from the state file at the moment of the scrape: nothing is counted in this process, so a restart
//! loses nothing and no counter goes back.

mod families;
mod text;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;

use super::{Access, Options, Problem, Route, Shared};
use crate::domain::health::judge;
use crate::jobs::health::look;
use crate::store::job_runs;
use text::Form;

/// The one route of the metrics' address; none where metrics are switched off.
pub(super) fn routes(options: &Options) -> Vec<Route> {
    let path = options.metrics.as_ref().map(|(_, path)| path.clone());
    // The configuration's path lives as long as the server.
    let path = path.map(|path| &*Box::leak(path.into_boxed_str()));
    path.map(|path| Route::get(path, Access::Anyone, "Metrics for Prometheus.", metrics)).into_iter().collect()
}

async fn metrics(State(shared): State<Shared>, headers: HeaderMap) -> Result<Response, Problem> {
    let form = Form::wanted(headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()));
    let expected = shared.options.expected.clone();
    let text = shared
        .state
        .with(move |store| {
            let facts = look(store, &expected, Timestamp::now())?;
            let begun = store.read("count the runs of jobs", job_runs::begun)?;
            let families = families::of_health(&facts, &judge(&facts), begun);
            Ok::<_, crate::store::Error>(text::encode(&families, form))
        })
        .await?;
    Ok(([(header::CONTENT_TYPE, form.content_type())], text).into_response())
}
