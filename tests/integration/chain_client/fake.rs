//! A node that answers what a test tells it to: of our chain and in step with it, but otherwise anything.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::post;
use prost::Message;
use prost::bytes::Bytes;
use provider::chain::client::{Client, Settings};
use provider::chain::wire::cosmos::comet::{GetLatestBlockResponse, GetSyncingResponse};
use provider::chain::wire::tendermint::types::{Block, Header};
use provider::domain::network::{Name, Network};
use serde_json::{Value, json};
use tonic::Status;

use super::world::settings;
use crate::replay::{Raw, serve};

pub const CHAIN: &str = "fake-1";

/// What a node says of itself.
#[derive(Clone)]
pub struct NodeSays {
    pub chain_id: String,
    pub height: u64,
    pub catching_up: bool,
}

impl Default for NodeSays {
    fn default() -> Self {
        Self { chain_id: CHAIN.to_owned(), height: 100, catching_up: false }
    }
}

type Grpc = dyn Fn(&str, Bytes) -> Result<Bytes, Status> + Send + Sync;
type Rpc = dyn Fn(&str, &Value) -> Vec<u8> + Send + Sync;

#[derive(Clone)]
struct Script {
    itself: NodeSays,
    grpc: Arc<Grpc>,
    rpc: Arc<Rpc>,
    calls: Arc<AtomicU64>,
}

/// A running node.
pub struct Fake {
    pub grpc: SocketAddr,
    pub rpc: SocketAddr,
    calls: Arc<AtomicU64>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Fake {
    /// A node that answers all gRPC calls but those of its status so.
    pub async fn grpc(answer: impl Fn(&str, Bytes) -> Result<Bytes, Status> + Send + Sync + 'static) -> Self {
        Self::start(NodeSays::default(), answer, |_, _| Vec::new()).await
    }

    /// A node that says this of itself, and answers all other calls so.
    pub async fn start(
        itself: NodeSays,
        grpc: impl Fn(&str, Bytes) -> Result<Bytes, Status> + Send + Sync + 'static,
        rpc: impl Fn(&str, &Value) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        let calls = Arc::new(AtomicU64::new(0));
        let script = Script { itself, grpc: Arc::new(grpc), rpc: Arc::new(rpc), calls: calls.clone() };
        let (grpc, grpc_task) = serve(routes(script.clone())).await;
        let (rpc, rpc_task) = serve(routes(script)).await;
        Self { grpc, rpc, calls, tasks: vec![grpc_task, rpc_task] }
    }

    /// How many calls there were, but for those of its status.
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// A client of this node alone.
    pub fn client(&self) -> Client {
        Client::new(self.settings())
    }

    pub fn settings(&self) -> Settings {
        Settings { grpc: vec![self.grpc.to_string()], rpc: vec![self.rpc.to_string()], ..settings(network(), CHAIN) }
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.tasks.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

/// The routes of a node that says this of itself, and answers all other calls so.
pub fn router(
    itself: NodeSays,
    grpc: impl Fn(&str, Bytes) -> Result<Bytes, Status> + Send + Sync + 'static,
    rpc: impl Fn(&str, &Value) -> Vec<u8> + Send + Sync + 'static,
) -> Router {
    routes(Script { itself, grpc: Arc::new(grpc), rpc: Arc::new(rpc), calls: Arc::default() })
}

fn routes(script: Script) -> Router {
    Router::new().route("/", post(by_rpc)).fallback(by_grpc).with_state(script)
}

pub fn network() -> &'static Network {
    Name::Virtengine.facts()
}

async fn by_grpc(State(script): State<Script>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let method = tower::service_fn(move |request: tonic::Request<Bytes>| {
        let answer = match path.rsplit('/').next().unwrap() {
            "GetLatestBlock" => Ok(latest(&script.itself)),
            "GetSyncing" => Ok(GetSyncingResponse { syncing: script.itself.catching_up }.encode_to_vec().into()),
            _ => {
                script.calls.fetch_add(1, Ordering::Relaxed);
                (script.grpc)(&path, request.into_inner())
            }
        };
        async move { answer.map(tonic::Response::new) }
    });
    tonic::server::Grpc::new(Raw).unary(method, request).await.map(Body::new)
}

fn latest(itself: &NodeSays) -> Bytes {
    let header = Header {
        chain_id: itself.chain_id.clone(),
        height: i64::try_from(itself.height).unwrap(),
        ..Header::default()
    };
    let block = Some(Block { header, ..Block::default() });
    GetLatestBlockResponse { block, ..GetLatestBlockResponse::default() }.encode_to_vec().into()
}

async fn by_rpc(State(script): State<Script>, body: Bytes) -> Vec<u8> {
    let asked: Value = serde_json::from_slice(&body).unwrap();
    let method = asked["method"].as_str().unwrap();
    if method == "status" {
        let NodeSays { chain_id, height, catching_up } = script.itself;
        let sync = json!({
            "latest_block_height": height.to_string(),
            "latest_block_time": "2026-11-21T11:45:08.149344151Z",
            "catching_up": catching_up,
        });
        let result = json!({ "node_info": { "network": chain_id }, "sync_info": sync });
        return json!({ "jsonrpc": "2.0", "id": 1, "result": result }).to_string().into_bytes();
    }
    script.calls.fetch_add(1, Ordering::Relaxed);
    (script.rpc)(method, &asked["params"])
}
