//! CometBFT's RPC: JSON-RPC by POST, GET with a query, and a websocket with subscriptions.

mod commit;
mod methods;
mod params;
mod render;
mod search;
mod socket;

use super::{Closer, Intake, half, refused};
use crate::devnet::fault::Effects;
use crate::devnet::kv::Broken;
use crate::devnet::node::Node;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Extension, Path, RawQuery, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use params::Params;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// The largest request: CometBFT's `max_body_bytes`.
pub(super) const LARGEST: usize = 1_000_000;

/// The most calls in one request. (CometBFT's own limit is for its operator to set; clients send twenty at once.)
const LARGEST_BATCH: usize = 100;

/// Why a call failed: an error of JSON-RPC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RpcError {
    code: i32,
    message: String,
    data: Option<String>,
}

impl RpcError {
    /// What CometBFT answers for nearly everything: the reason is in `data`.
    fn internal(data: impl Into<String>) -> Self {
        Self { code: -32603, message: "Internal error".to_owned(), data: Some(data.into()) }
    }

    fn invalid_params(data: impl Into<String>) -> Self {
        Self { code: -32602, message: "Invalid params".to_owned(), data: Some(data.into()) }
    }

    fn invalid_request(data: impl Into<String>) -> Self {
        Self { code: -32600, message: "Invalid Request".to_owned(), data: Some(data.into()) }
    }

    fn unreadable(error: &serde_json::Error) -> Self {
        let data = format!("error unmarshaling request: {error}");
        Self { code: -32700, message: "Parse error. Invalid JSON".to_owned(), data: Some(data) }
    }

    fn unknown_method() -> Self {
        Self { code: -32601, message: "Method not found".to_owned(), data: None }
    }

    fn json(&self) -> Value {
        match &self.data {
            Some(data) => json!({ "code": self.code, "message": self.message, "data": data }),
            None => json!({ "code": self.code, "message": self.message }),
        }
    }
}

impl From<Broken> for RpcError {
    fn from(broken: Broken) -> Self {
        Self::internal(broken.to_string())
    }
}

/// A request.
#[derive(Debug, Deserialize)]
struct Call {
    /// Missing in a notification, which is not answered.
    id: Option<Value>,
    #[serde(default)]
    method: String,
    #[serde(default)]
    params: Option<Value>,
}

impl Call {
    /// Reads one: an object, though serde would take a list as well.
    fn of(value: Value) -> serde_json::Result<Self> {
        let object: Map<String, Value> = serde_json::from_value(value)?;
        serde_json::from_value(Value::Object(object))
    }
}

/// Whether there is a method with this name, by POST, GET or the websocket.
pub fn has_method(name: &str) -> bool {
    methods::parameters(name).is_some() || socket::METHODS.contains(&name)
}

pub(super) fn router(node: Node) -> Router {
    Router::new()
        .route("/", post(by_post).get(overview))
        .route("/websocket", get(socket::upgrade))
        .route("/{method}", get(by_url))
        .with_state(node)
}

fn answer(id: &Value, result: Result<Value, RpcError>) -> Value {
    match result {
        Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
        Err(error) => json!({ "jsonrpc": "2.0", "id": id, "error": error.json() }),
    }
}

/// Runs what blocks in a thread that may.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, RpcError> + Send + 'static,
) -> Result<T, RpcError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(RpcError::internal("the handler panicked")))
}

/// Calls a method that is no subscription.
async fn call(node: &Node, method: &str, params: Params, effects: &Effects) -> Result<Value, RpcError> {
    if let Some((code, message)) = effects.status() {
        return Err(RpcError { code, message: message.to_owned(), data: None });
    }
    if method == commit::METHOD {
        return commit::call(node, &params, effects).await;
    }
    let (node, method, effects) = (node.clone(), method.to_owned(), effects.clone());
    blocking(move || methods::call(&node, &method, &params, &effects)).await
}

/// What goes wrong in a call; what comes later or not at all does so here. `abci_query` is a call of the gRPC method
/// that it asks, too.
async fn effects_of(node: &Node, closer: &Closer, method: &str, params: Option<&Params>) -> Effects {
    let path = params.filter(|_| method == "abci_query").and_then(|params| params.text("path").ok());
    match &path {
        Some(path) => super::effects_of(node, closer, &[method, path]).await,
        None => super::effects_of(node, closer, &[method]).await,
    }
}

/// Calls a method that is asked for in JSON, and does what faults say before.
async fn by_json(node: &Node, closer: &Closer, call_: Call) -> (Value, Effects) {
    let id = call_.id.unwrap_or(Value::Null);
    let names = methods::parameters(&call_.method);
    let params = Params::of_json(call_.params, names.unwrap_or_default());
    let effects = effects_of(node, closer, &call_.method, params.as_ref().ok()).await;
    if effects.http().is_some() {
        return (Value::Null, effects);
    }
    let result = match (names, params) {
        (None, _) => Err(RpcError::unknown_method()),
        (_, Err(error)) => Err(error),
        (_, Ok(params)) => call(node, &call_.method, params, &effects).await,
    };
    (answer(&id, result), effects)
}

async fn by_post(
    State(node): State<Node>,
    closer: Option<Extension<Closer>>,
    Extension(intake): Extension<Intake>,
    request: Request,
) -> Response {
    let closer = closer.map(|Extension(closer)| closer).unwrap_or_default();
    let body = match intake.read(request.into_body(), LARGEST).await {
        Ok(body) => body,
        Err(problem) => return refuse(&format!("error reading request body: {problem}")),
    };
    let wanted: Value = match serde_json::from_slice(&body.bytes) {
        Ok(wanted) => wanted,
        Err(error) => return unreadable(&error),
    };
    let (calls, is_batch) = match wanted {
        Value::Array(calls) => (calls, true),
        one => (vec![one], false),
    };
    if calls.len() > LARGEST_BATCH {
        return refuse(&format!("batch of {} requests is larger than the limit of {LARGEST_BATCH}", calls.len()));
    }
    let (mut answers, mut halves) = (Vec::new(), false);
    for one in calls {
        let id = one.get("id").cloned();
        match Call::of(one) {
            // A notification is not answered.
            Ok(call_) if call_.id.is_none() => {}
            Ok(call_) => {
                let (answered, effects) = by_json(&node, &closer, call_).await;
                if let Some(refused) = refused(&effects) {
                    return refused;
                }
                halves |= effects.halves();
                answers.push(answered);
            }
            Err(error) if !is_batch => return unreadable(&error),
            Err(error) => {
                let id = id.unwrap_or(Value::Null);
                answers.push(answer(&id, Err(RpcError::invalid_request(error.to_string()))));
            }
        }
    }
    let response = match answers.pop() {
        Some(only) if !is_batch => respond(&only),
        Some(last) => {
            answers.push(last);
            respond(&Value::Array(answers))
        }
        None => StatusCode::OK.into_response(),
    };
    if halves { half::of(response, closer).await } else { response }
}

async fn by_url(
    State(node): State<Node>,
    closer: Option<Extension<Closer>>,
    Path(method): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let closer = closer.map(|Extension(closer)| closer).unwrap_or_default();
    let params = Params::of_url(&query.unwrap_or_default());
    let effects = effects_of(&node, &closer, &method, Some(&params)).await;
    if let Some(refused) = refused(&effects) {
        return refused;
    }
    if methods::parameters(&method).is_none() {
        return (StatusCode::NOT_FOUND, "404 page not found\n").into_response();
    }
    let result = call(&node, &method, params, &effects).await;
    let status = if result.is_ok() { StatusCode::OK } else { StatusCode::INTERNAL_SERVER_ERROR };
    // As CometBFT does: a URL has no id, and gets -1.
    let mut response = respond(&answer(&json!(-1), result));
    *response.status_mut() = status;
    if effects.halves() { half::of(response, closer).await } else { response }
}

/// Lists the methods, for people.
async fn overview() -> Response {
    let mut text = "A development chain of `provider devnet`: nothing on it is worth anything.\n\n".to_owned();
    for name in methods::names() {
        text.push('/');
        text.push_str(name);
        text.push('\n');
    }
    text.into_response()
}

/// A request that is none.
fn unreadable(error: &serde_json::Error) -> Response {
    let mut response = respond(&answer(&Value::Null, Err(RpcError::unreadable(error))));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}

/// A request that is not looked at.
fn refuse(why: &str) -> Response {
    let mut response = respond(&answer(&Value::Null, Err(RpcError::invalid_request(why))));
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
}

fn respond(answered: &Value) -> Response {
    let bytes = Bytes::from(serde_json::to_vec(answered).unwrap_or_default());
    ([(header::CONTENT_TYPE, "application/json")], bytes).into_response()
}
