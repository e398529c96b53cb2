//! What every request passes, whatever it asks for: its client's rate, the size of its body, the headers of safety and
//! the log.
//!
//! The log has method, path, status, time, client and kind of caller; no query, no header and no body, for secrets are
//! there.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, Version, header};
use axum::response::{IntoResponse as _, Response};
use tokio::sync::watch;
use tower::ServiceExt as _;

use super::caller::Peer;
use super::clients::Clients;
use super::route::Asked;
use super::{Limits, Problem};
use crate::observe::escape;

/// The gate in front of a router.
pub(super) struct Gate {
    router: Router,
    clients: Arc<Clients>,
    limits: Limits,
    stopping: watch::Receiver<bool>,
}

/// What browsers are told, unless a handler says otherwise.
const HEADERS: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    ("cache-control", "no-store"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
];

impl Gate {
    pub(super) fn new(router: Router, clients: Arc<Clients>, limits: Limits, stopping: watch::Receiver<bool>) -> Self {
        Self { router: router.layer(DefaultBodyLimit::max(limits.body)), clients, limits, stopping }
    }

    /// Answers a request.
    pub(super) async fn pass(&self, peer: &Peer, mut request: Request) -> Result<Response, Infallible> {
        let begun = Instant::now();
        let (method, version) = (request.method().clone(), request.version());
        let path = request.uri().path().to_owned();
        let (address, is_tls) = (peer.address, peer.is_tls);
        let mut response = if let Some(problem) = self.refused(peer, &request) {
            problem.into_response()
        } else {
            request.extensions_mut().insert(peer.clone());
            let Ok(response) = self.router.clone().oneshot(request).await;
            response
        };
        self.dress(&mut response, is_tls, version);
        let caller = response.extensions().get::<Asked>().map_or("anonymous", |asked| asked.0);
        log(&method, &path, &response, (address, caller), begun);
        Ok(response)
    }

    fn refused(&self, peer: &Peer, request: &Request) -> Option<Problem> {
        if let Err(wait) = self.clients.ask(peer.address, Instant::now()) {
            return Some(Problem::too_many(wait.as_secs().saturating_add(1)));
        }
        let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        if length.is_some_and(|length: usize| length > self.limits.body) {
            return Some(Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too_large",
                "the body of this request is too large",
            ));
        }
        // A browser that is logged in does nothing because a page of somebody else says so.
        let site = request.headers().get("sec-fetch-site").and_then(|site| site.to_str().ok());
        let is_read = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
        if !is_read && site.is_some_and(|site| site != "same-origin" && site != "none") {
            return Some(Problem::forbidden("another site's page may not ask that"));
        }
        None
    }

    fn dress(&self, response: &mut Response<Body>, is_tls: bool, version: Version) {
        let refuses_body = response.status() == StatusCode::PAYLOAD_TOO_LARGE;
        let headers = response.headers_mut();
        for (name, value) in HEADERS {
            headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
        }
        if is_tls {
            let year = HeaderValue::from_static("max-age=31536000");
            headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(year);
        }
        // Who asks again does so on a new connection; a body that nobody reads ends its connection.
        if version <= Version::HTTP_11
            && (*self.stopping.borrow() || refuses_body)
            && !headers.contains_key(header::UPGRADE)
        {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
    }
}

fn log(method: &Method, path: &str, response: &Response, (client, caller): (std::net::IpAddr, &str), begun: Instant) {
    let (status, path) = (response.status().as_u16(), escape::line(path));
    let took = format!("{:?}", begun.elapsed());
    let is_probe = path.starts_with("/health") || path == "/ready" || path == "/metrics";
    if response.status().is_server_error() && !is_probe {
        tracing::warn!(%method, %path, status, took, %client, caller, "answered");
    } else if is_probe {
        tracing::debug!(%method, %path, status, took, %client, caller, "answered");
    } else {
        tracing::info!(%method, %path, status, took, %client, caller, "answered");
    }
}
