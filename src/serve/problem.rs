//! What a client is told that gets nothing else.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::domain::fault::{Classified, Fault};
use crate::observe::redact;
use crate::store;

/// Why a request came to nothing: a status, a word for programs, a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    message: String,
    retry_after: Option<u64>,
    challenge: Option<&'static str>,
}

#[derive(Serialize)]
struct Body<'a> {
    error: &'a str,
    message: &'a str,
}

impl Problem {
    /// A problem of this status.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), retry_after: None, challenge: None }
    }

    /// The request makes no sense.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", message)
    }

    /// The thing that was named does not exist.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", message)
    }

    /// Nobody knows who asks.
    pub fn unauthorized(message: impl Into<String>) -> Self {
        let problem = Self::new(StatusCode::UNAUTHORIZED, "unauthorized", message);
        Self { challenge: Some("Bearer realm=\"provider\""), ..problem }
    }

    /// Who asks may not.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", message)
    }

    /// It does not work now, and may work later.
    pub fn unavailable(message: impl Into<String>) -> Self {
        let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", message);
        Self { retry_after: Some(5), ..problem }
    }

    /// A client asks too often.
    pub fn too_many(retry_after: u64) -> Self {
        let text = "too many requests from this address";
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", text);
        Self { retry_after: Some(retry_after.max(1)), ..problem }
    }

    /// Asks a browser for a name and a password.
    #[must_use]
    pub fn asking_browsers(mut self) -> Self {
        if self.challenge.is_some() {
            self.challenge = Some("Basic realm=\"provider\", charset=\"UTF-8\"");
        }
        self
    }

    /// Its status.
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// What is said, without secrets.
    pub fn message(&self) -> String {
        redact::text(&self.message).into_owned()
    }

    /// An error of a job or of the state file, for somebody who may know what it says.
    pub fn of(error: &(impl Classified + ?Sized)) -> Self {
        let text = match error.hint() {
            Some(hint) => format!("{error}; {hint}"),
            None => error.to_string(),
        };
        match error.fault() {
            Fault::Invalid => Self::new(StatusCode::CONFLICT, "conflict", text),
            Fault::NotFound => Self::not_found(text),
            // What is denied is denied to the server's account, which the client can do nothing about.
            Fault::Conflict | Fault::Unavailable | Fault::Denied => Self::unavailable(text),
            Fault::Bug => {
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "a defect of the server; see its log")
            }
        }
    }
}

/// Whatever is wrong with the state file, it is not the client's fault, and may be mended any time.
impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Self {
        tracing::warn!(error = crate::domain::fault::in_one_line(&error), "the state file cannot be read");
        match error.fault() {
            Fault::Bug => Self::of(&error),
            _ => Self::unavailable(format!("the state file cannot be read: {error}")),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let message = self.message();
        let mut response = (self.status, Json(Body { error: self.code, message: &message })).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(challenge) = self.challenge {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }
}
