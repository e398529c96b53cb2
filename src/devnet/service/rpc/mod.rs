//! CometBFT's RPC: JSON-RPC by POST, GET with a query, and a websocket with subscriptions.

mod commit;
mod methods;
mod params;
mod render;
mod socket;

use super::{Closer, half};
use crate::devnet::fault::Effects;
use crate::devnet::kv::Broken;
use crate::devnet::node::Node;
use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Extension, Path, RawQuery, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use params::Params;
use serde::Deserialize;
use serde_json::{Value, json};

/// The largest request.
const LARGEST: usize = 16 << 20;

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
    method: String,
    #[serde(default)]
    params: Option<Value>,
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

/// Calls a method that is asked for in JSON, and does what faults say before.
async fn by_json(node: &Node, closer: &Closer, call_: Call) -> (Value, Effects) {
    let effects = node.faults().of_call(&call_.method);
    tokio::time::sleep(effects.delay()).await;
    if effects.drops() {
        return closer.close().await;
    }
    let id = call_.id.unwrap_or(Value::Null);
    let Some(names) = methods::parameters(&call_.method) else {
        return (answer(&id, Err(RpcError::unknown_method())), effects);
    };
    let result = match Params::of_json(call_.params, names) {
        Ok(params) => call(node, &call_.method, params, &effects).await,
        Err(error) => Err(error),
    };
    (answer(&id, result), effects)
}

async fn by_post(State(node): State<Node>, closer: Option<Extension<Closer>>, request: Request) -> Response {
    let closer = closer.map(|Extension(closer)| closer).unwrap_or_default();
    let Ok(body) = to_bytes(request.into_body(), LARGEST).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let parse_error = |error: serde_json::Error| {
        let error =
            RpcError { code: -32700, message: "Parse error. Invalid JSON".to_owned(), data: Some(error.to_string()) };
        answer(&Value::Null, Err(error))
    };
    let wanted: Value = match serde_json::from_slice(&body) {
        Ok(wanted) => wanted,
        Err(error) => return respond(&parse_error(error)),
    };
    let (calls, is_batch) = match wanted {
        Value::Array(calls) => (calls, true),
        one => (vec![one], false),
    };
    let (mut answers, mut halves) = (Vec::new(), false);
    for one in calls {
        let id = one.get("id").cloned();
        match serde_json::from_value::<Call>(one) {
            // A notification is not answered.
            Ok(call_) if call_.id.is_none() => {}
            Ok(call_) => {
                let (answered, effects) = by_json(&node, &closer, call_).await;
                halves |= effects.halves();
                answers.push(answered);
            }
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
    let effects = node.faults().of_call(&method);
    tokio::time::sleep(effects.delay()).await;
    if effects.drops() {
        return closer.close().await;
    }
    if methods::parameters(&method).is_none() {
        return (StatusCode::NOT_FOUND, "404 page not found\n").into_response();
    }
    let params = Params::of_url(&query.unwrap_or_default());
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

fn respond(answered: &Value) -> Response {
    let bytes = Bytes::from(serde_json::to_vec(answered).unwrap_or_default());
    ([(header::CONTENT_TYPE, "application/json")], bytes).into_response()
}
