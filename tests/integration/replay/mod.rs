//! A server that answers as a recorded node did: by method and request, from fixtures/recorded.
//!
//! An answer is found by the path of the method and the bytes of the request (decoded and encoded again, so that only
//! what is said counts). What was asked several times is answered in the recorded order; the last answer stays. A page
//! that is limited is also looked up without its limit: where the whole listing was recorded, it is that.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::post;
use axum::serve::ListenerExt;
use prost::bytes::{Buf, BufMut, Bytes};
use provider::chain::wire;
use provider::domain::hex;
use provider::domain::network::{Name, Network};
use serde_json::{Value, json};
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::{Code, Status};

/// A recorded exchange.
pub type Line = Value;

/// Everything that was recorded of a network, in order.
pub fn recorded(name: Name) -> Vec<Line> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/recorded").join(name.word());
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    files.sort();
    let read = |path: &std::path::PathBuf| std::fs::read_to_string(path).unwrap();
    files.iter().map(read).flat_map(|text| text.lines().map(line).collect::<Vec<_>>()).collect()
}

fn line(text: &str) -> Line {
    serde_json::from_str(text).unwrap()
}

/// Answers in the order in which they were recorded; the last one stays.
#[derive(Default)]
struct Answers {
    all: Vec<Line>,
    next: usize,
}

impl Answers {
    fn next(&mut self) -> Line {
        let answer = self.all[self.next.min(self.all.len() - 1)].clone();
        self.next += 1;
        answer
    }
}

struct Tape {
    network: &'static Network,
    grpc: BTreeMap<(String, Vec<u8>), Answers>,
    rpc: BTreeMap<(String, String), Answers>,
}

/// A running server.
pub struct Replay {
    pub grpc: SocketAddr,
    pub rpc: SocketAddr,
    pub network: &'static Network,
    pub chain_id: String,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Replay {
    /// Serves what was recorded of a network.
    pub async fn start(name: Name) -> Self {
        let network = name.facts();
        let mut tape = Tape { network, grpc: BTreeMap::new(), rpc: BTreeMap::new() };
        for line in recorded(name) {
            let method = line["method"].as_str().unwrap_or_default().to_owned();
            match line["kind"].as_str().unwrap() {
                "grpc" => {
                    let request = hex::decode(line["request_hex"].as_str().unwrap()).unwrap();
                    let exact = canonical(network, &method, &request);
                    let unlimited = unlimited(&exact);
                    if unlimited != exact {
                        tape.grpc.entry((method.clone(), unlimited)).or_default().all.push(line.clone());
                    }
                    tape.grpc.entry((method, exact)).or_default().all.push(line);
                }
                "rpc" => {
                    let parameters = told(&line["params"]).to_string();
                    tape.rpc.entry((method, parameters)).or_default().all.push(line);
                }
                _ => {}
            }
        }
        let tape = Arc::new(Mutex::new(tape));
        let grpc = Router::new().fallback(by_grpc).with_state(tape.clone());
        let rpc = Router::new().route("/", post(by_rpc)).with_state(tape);
        let (grpc, grpc_task) = serve(grpc).await;
        let (rpc, rpc_task) = serve(rpc).await;
        let chain_id = network.test_chain_ids.iter().find(|id| id.contains("localnet")).unwrap();
        Self { grpc, rpc, network, chain_id: (*chain_id).to_owned(), tasks: vec![grpc_task, rpc_task] }
    }
}

impl Drop for Replay {
    fn drop(&mut self) {
        self.tasks.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

/// Serves on a free port of this machine.
pub async fn serve(router: Router) -> (SocketAddr, tokio::task::JoinHandle<()>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let listener = listener.tap_io(|stream| stream.set_nodelay(true).unwrap());
    (address, tokio::spawn(async move { axum::serve(listener, router).await.unwrap() }))
}

fn canonical(network: &Network, path: &str, request: &[u8]) -> Vec<u8> {
    let call = wire::calls().find(|call| call.is_on(network) && call.path(network) == path);
    call.map_or_else(|| request.to_vec(), |call| (call.request.reencode)(request).unwrap())
}

/// The request without a page that says no more than a limit, or nothing.
fn unlimited(request: &[u8]) -> Vec<u8> {
    let (mut rest, mut kept) = (request, Vec::new());
    while rest.has_remaining() {
        let begun = rest;
        let (tag, kind) = prost::encoding::decode_key(&mut rest).unwrap();
        let context = prost::encoding::DecodeContext::default();
        prost::encoding::skip_field(kind, tag, &mut rest, context).unwrap();
        let field = &begun[..begun.len() - rest.len()];
        // A message with nothing in it, but the filter, which is the first.
        let empty = field.len() == 2 && field[0] == 0x12 && field[1] == 0;
        // A message whose only field is number 3, a varint.
        let limit_alone = field.len() > 3 && field[2] == 0x18 && usize::from(field[1]) == field.len() - 2;
        let one_varint = field.iter().skip(3).rev().skip(1).all(|byte| byte & 0x80 != 0);
        if !(empty || limit_alone && one_varint) {
            kept.extend_from_slice(field);
        }
    }
    kept
}

async fn by_grpc(State(tape): State<Arc<Mutex<Tape>>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let method = tower::service_fn(move |request: tonic::Request<Bytes>| {
        let found = {
            let mut tape = tape.lock().unwrap();
            let asked = canonical(tape.network, &path, &request.into_inner());
            let whole = unlimited(&asked);
            let keys = [(path.clone(), asked), (path.clone(), whole)];
            keys.iter().find_map(|key| tape.grpc.get_mut(key).map(Answers::next))
        };
        let path = path.clone();
        async move {
            let line = found.ok_or_else(|| Status::aborted(format!("{path} was never asked like that")))?;
            let code = i32::try_from(line["code"].as_i64().unwrap()).unwrap();
            if code != 0 {
                return Err(Status::new(Code::from_i32(code), line["message"].as_str().unwrap()));
            }
            // An answer with a stack trace was not kept whole.
            let bytes = line["response_hex"].as_str().ok_or_else(|| Status::aborted("not recorded"))?;
            let mut response = tonic::Response::new(Bytes::from(hex::decode(bytes).unwrap()));
            if let Some(height) = line["headers"]["x-cosmos-block-height"].as_str() {
                response.metadata_mut().insert("x-cosmos-block-height", height.parse().unwrap());
            }
            Ok(response)
        }
    });
    tonic::server::Grpc::new(Raw).unary(method, request).await.map(Body::new)
}

async fn by_rpc(State(tape): State<Arc<Mutex<Tape>>>, body: Bytes) -> axum::Json<Value> {
    let asked: Value = serde_json::from_slice(&body).unwrap();
    let key = (asked["method"].as_str().unwrap().to_owned(), told(&asked["params"]).to_string());
    let found = tape.lock().unwrap().rpc.get_mut(&key).map(Answers::next);
    axum::Json(match found {
        Some(line) => line["response"].clone(),
        None => {
            json!({"jsonrpc": "2.0", "id": 1, "error": {"code": -32603, "message": format!("{key:?} was never asked")}})
        }
    })
}

/// Parameters as they were recorded: without those that say nothing.
fn told(parameters: &Value) -> Value {
    let Value::Object(all) = parameters else { return parameters.clone() };
    all.iter().filter(|(_, value)| *value != &json!(false)).map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// Messages as their bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Raw;

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
