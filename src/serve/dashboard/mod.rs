//! The dashboard at `/`: one page for operators, made here, with nothing from anywhere else.
//!
//! It needs no program in the browser: charts are SVG in the page, and it is asked for anew by itself until somebody stops
//! that. The policy that goes with it allows its own style sheet and nothing more.

mod chart;
mod html;
mod page;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use super::{Access, Problem, Route, Shared};
use crate::jobs::dashboard::{Certificate, Dashboard};

/// What a browser may do with the page: show it, with its own style sheet.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STYLE: &str = include_str!("style.css");

/// The page and its style sheet.
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/", Access::Operators, "How the provider stands, for people.", show).for_browsers(),
        Route::get("/dashboard.css", Access::Anyone, "How the dashboard looks.", style),
    ]
}

async fn show(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let now = Timestamp::now();
    let totals = shared.options.capacity.clone();
    let mut dashboard =
        shared.state.with(move |store| Dashboard::read(store, &totals, now).map_err(Problem::from)).await?;
    if let Some(tls) = &shared.options.tls {
        let path = &tls.server.0;
        let end = super::tls::end_of(path);
        dashboard.certificate = Some(Certificate::of(path, end, now));
    }
    let refreshes = query.as_deref() != Some("refresh=off");
    Ok(answer("text/html; charset=utf-8", "no-store", page::page(&dashboard, now, refreshes)))
}

async fn style() -> Response {
    answer("text/css; charset=utf-8", "max-age=3600", STYLE.to_owned())
}

fn answer(kind: &'static str, keep: &'static str, text: String) -> Response {
    let headers: [(HeaderName, HeaderValue); 3] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static(keep)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    ];
    (headers, text).into_response()
}
