//! The gRPC services: one handler for all of them, driven by the table of methods.

use super::body::{self, Problem};
use super::{Closer, Intake, effects_of, half, reflection, refused};
use crate::devnet::fault::Effects;
use crate::devnet::node::{Asked, Node, has_method, has_service};
use crate::devnet::refusal::QueryError;
use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, Request, State};
use axum::response::Response;
use prost::bytes::{Buf, BufMut, Bytes};
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::{Code, Status};
use tower::ServiceExt;

/// The header that names a height: of the state that is asked, and of the answer.
const HEIGHT: &str = "x-cosmos-block-height";

/// The largest request: a node's own limit.
const LARGEST: usize = 10 << 20;

/// The length and the flag before a message.
const FRAME: usize = 5;

/// The most that a client of reflection says in one stream: names of services and files.
const NAMES: usize = 64 << 10;

/// What calls are answered with.
#[derive(Clone)]
struct Served {
    node: Node,
    reflection: Router,
}

pub(super) fn router(node: Node) -> Router {
    let reflection = reflection::router(node.identity().network);
    Router::new().fallback(call).with_state(Served { node, reflection })
}

async fn call(
    State(served): State<Served>,
    closer: Option<Extension<Closer>>,
    Extension(intake): Extension<Intake>,
    request: Request,
) -> Response {
    let Served { node, reflection } = served;
    let path = request.uri().path().to_owned();
    let closer = closer.map(|Extension(closer)| closer).unwrap_or_default();
    let effects = effects_of(&node, &closer, &[&path]).await;
    if let Some(refused) = refused(&effects) {
        return refused;
    }
    if let Some((code, message)) = effects.status() {
        return Status::new(Code::from_i32(code), message).into_http();
    }
    if reflection::PATHS.contains(&path.as_str()) {
        let Ok(response) = reflection.oneshot(request.map(|body| body::limited(body, NAMES))).await;
        return response;
    }
    if let Some(unknown) = unknown(&node, &path) {
        return unknown.into_http();
    }
    let halves = effects.halves();
    let (parts, body) = request.into_parts();
    let whole = match intake.read(body, LARGEST + FRAME).await {
        Ok(whole) => whole,
        Err(problem) => return unread(problem).into_http(),
    };
    let request = Request::from_parts(parts, Body::from(whole.bytes.clone()));
    let response = answer(node, path, effects, request).await;
    drop(whole);
    if halves { half::of(response, closer).await } else { response }
}

/// What is said of a request that did not arrive.
fn unread(problem: Problem) -> Status {
    let text = problem.to_string();
    match problem {
        Problem::TooLarge => Status::resource_exhausted(format!("grpc: received message larger than max ({LARGEST})")),
        Problem::NoRoom => Status::resource_exhausted(text),
        Problem::TooLate => Status::deadline_exceeded(text),
        Problem::Broken => Status::cancelled(text),
    }
}

/// What a node says of a path that it does not know.
fn unknown(node: &Node, path: &str) -> Option<Status> {
    let network = node.identity().network;
    if has_method(network, path) {
        return None;
    }
    let (service, method) = path.trim_start_matches('/').rsplit_once('/').unwrap_or((path, ""));
    Some(Status::unimplemented(if has_service(network, service) {
        format!("unknown method {method} for service {service}")
    } else {
        format!("unknown service {service}")
    }))
}

async fn answer(node: Node, path: String, effects: Effects, request: Request) -> Response {
    let method = tower::service_fn(move |request: tonic::Request<Bytes>| {
        let (node, path, effects) = (node.clone(), path.clone(), effects.clone());
        async move {
            let asked = Asked { height: height(&request)?, effects };
            let request = request.into_inner();
            let answered = tokio::task::spawn_blocking(move || node.answer(&path, &request, &asked)).await;
            let answer = answered.map_err(|_| Status::internal("the handler panicked"))?.map_err(status)?;
            let mut response = tonic::Response::new(Bytes::from(answer.bytes));
            response.metadata_mut().insert(HEIGHT, answer.height.into());
            Ok::<_, Status>(response)
        }
    });
    let mut server = tonic::server::Grpc::new(Raw).max_decoding_message_size(LARGEST);
    server.unary(method, request).await.map(Body::new)
}

fn height<T>(request: &tonic::Request<T>) -> Result<Option<i64>, Status> {
    let Some(value) = request.metadata().get(HEIGHT) else { return Ok(None) };
    let number = value.to_str().ok().and_then(|text| text.parse::<i64>().ok());
    match number {
        Some(0) => Ok(None),
        Some(number) if number > 0 => Ok(Some(number)),
        _ => Err(Status::invalid_argument("Baseapp.RegisterGRPCServer: invalid height header")),
    }
}

fn status(error: QueryError) -> Status {
    Status::new(Code::from_i32(error.status as i32), error.message)
}

/// Messages as their bytes: what they mean is known behind the table of methods.
#[derive(Debug, Clone, Copy, Default)]
struct Raw;

impl Codec for Raw {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        *self
    }

    fn decoder(&mut self) -> Self {
        *self
    }
}

impl Encoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, target: &mut EncodeBuf<'_>) -> Result<(), Status> {
        target.put(item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, source: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        let length = source.remaining();
        Ok(Some(source.copy_to_bytes(length)))
    }
}
