//! Half of an answer, on purpose.

use super::Closer;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_util::stream;
use std::convert::Infallible;
use std::time::Duration;

/// How long the first half has to leave: what is not sent when a connection ends is lost.
const ON_ITS_WAY: Duration = Duration::from_millis(100);

/// The first half of an answer; then the connection ends.
pub(super) async fn of(response: Response, closer: Closer) -> Response {
    let (mut parts, body) = response.into_parts();
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    // JSON comes with its length; gRPC has the length within.
    if parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/json") {
        parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len()));
    }
    let first = whole.slice(..whole.len() / 2);
    let halves = stream::unfold(Some(first), move |first: Option<Bytes>| {
        let closer = closer.clone();
        async move {
            if let Some(first) = first {
                return Some((Ok::<_, Infallible>(first), None));
            }
            tokio::time::sleep(ON_ITS_WAY).await;
            closer.close().await
        }
    });
    Response::from_parts(parts, Body::from_stream(halves))
}
