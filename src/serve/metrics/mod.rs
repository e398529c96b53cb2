//! `/metrics`, on an address of its own.
//!
//! Every value comes from the state file at the moment of the scrape: nothing is counted in this process, so a restart
//! loses nothing and no counter goes back.

mod families;
mod figures;
mod text;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;

use super::{Access, Options, Problem, Route, Shared};
use crate::domain::health::judge;
use crate::jobs::health::look;
use crate::store::job_runs;
use figures::{Figures, Known};
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
    let options = std::sync::Arc::clone(&shared.options);
    let text = shared
        .state
        .with(move |store| {
            let now = Timestamp::now();
            let facts = look(store, &options.expected, now)?;
            let known = Known {
                provider: options.provider.clone(),
                capacity: options.capacity.clone(),
                key_life: options.key_life,
                certificates: certificates(&options),
            };
            let (begun, figures) = store.read("read the figures of the metrics", |snapshot| {
                Ok::<_, crate::store::Error>((job_runs::begun(snapshot)?, Figures::read(snapshot, known, now)?))
            })?;
            let mut all = families::of_health(&facts, &judge(&facts), begun);
            all.extend(families::of_market(&figures));
            all.extend(families::of_money(&figures));
            all.extend(families::of_workloads(&figures));
            all.extend(families::of_upkeep(&facts, &figures));
            Ok::<_, crate::store::Error>(text::encode(&all, form))
        })
        .await?;
    Ok(([(header::CONTENT_TYPE, form.content_type())], text).into_response())
}

/// When the server's certificates end. What cannot be read has no end that is known.
fn certificates(options: &Options) -> Vec<(String, Timestamp)> {
    let Some(files) = &options.tls else { return Vec::new() };
    let pairs = [("server", Some(&files.server)), ("on_chain", files.on_chain.as_ref())];
    let end = |(name, pair): (&str, Option<&(std::path::PathBuf, std::path::PathBuf)>)| {
        let text = std::fs::read_to_string(&pair?.0).ok()?;
        let own = crate::keys::tls::read(&text).ok()?.into_iter().next()?;
        Some((name.to_owned(), own.not_after))
    };
    pairs.into_iter().filter_map(end).collect()
}
