//! How the endpoints stand: asked at once, before the first call, and again when that is long ago.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::Timestamp;
use prost::Message;
use serde::Deserialize;
use serde_json::json;

use super::belief::{Doubt, NodeStatus, Standing};
use super::error::Problem;
use super::grpc::{GrpcAnswer, GrpcCall, GrpcEndpoint};
use super::rpc::{RpcAnswer, RpcEndpoint, text};
use super::{Client, Inner, LARGEST_ANSWER};
use crate::chain::convert::time_from_wire;
use crate::chain::wire::Call;
use crate::chain::wire::cosmos::comet::{GetLatestBlockRequest, GetSyncingRequest};
use crate::domain::height::Height;
use crate::domain::refusal::Log;

/// How long a survey is good for.
const LIFE: Duration = Duration::from_secs(30);
/// How long nobody is asked again when no endpoint of a protocol could be used.
const REST: Duration = Duration::from_millis(500);
/// How long the others are waited for once one endpoint has answered: a dead endpoint must not hold up every run.
const GRACE: Duration = Duration::from_secs(2);

/// What an endpoint speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// gRPC.
    Grpc,
    /// CometBFT's JSON-RPC.
    Rpc,
}

impl Protocol {
    /// The word in output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Grpc => "grpc",
            Self::Rpc => "rpc",
        }
    }
}

/// An endpoint and how it stands.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// Its address, as configured.
    pub address: Arc<str>,
    /// What it speaks.
    pub protocol: Protocol,
    /// How it stands.
    pub standing: Standing,
    /// Why its word is not enough for a decision that cannot be taken back.
    pub doubt: Option<Doubt>,
    /// How long it took to answer.
    pub took: Duration,
}

impl Endpoint {
    /// Its address and what it speaks.
    pub fn name(&self) -> String {
        format!("{} ({})", self.address, self.protocol.word())
    }

    /// What it says of itself if its word is enough for every decision; else why it is not, after "it".
    pub fn verdict(&self) -> Result<&NodeStatus, String> {
        match (&self.standing, self.doubt) {
            (Standing::Ours(status), None) => Ok(status),
            (Standing::Ours(_), Some(doubt)) => Err(doubt.to_string()),
            (Standing::Unusable(problem), _) => Err(problem.to_string()),
        }
    }

    /// Whether it may be asked: it is of our chain.
    pub const fn is_ours(&self) -> bool {
        match &self.standing {
            Standing::Ours(_) => true,
            Standing::Unusable(_) => false,
        }
    }
}

/// How all endpoints stood at one time.
#[derive(Debug)]
pub(super) struct Surveyed {
    made: Instant,
    pub(super) grpc: Vec<Endpoint>,
    pub(super) rpc: Vec<Endpoint>,
}

impl Surveyed {
    pub(super) fn of(&self, protocol: Protocol) -> &[Endpoint] {
        match protocol {
            Protocol::Grpc => &self.grpc,
            Protocol::Rpc => &self.rpc,
        }
    }
}

impl Client {
    /// Asks every endpoint how it stands, now, and waits for all of them (each at most for the deadline of a call).
    pub async fn endpoints(&self) -> Vec<Endpoint> {
        let surveyed = self.survey(None).await;
        surveyed.grpc.iter().chain(&surveyed.rpc).cloned().collect()
    }

    /// How the endpoints stand; asked anew when that is long ago, or when none of this protocol is left.
    pub(super) async fn surveyed(&self, protocol: Protocol) -> Arc<Surveyed> {
        let mut kept = self.0.survey.lock().await;
        let is_good = |surveyed: &Surveyed| {
            let any = surveyed.of(protocol).iter().any(Endpoint::is_ours);
            surveyed.made.elapsed() < if any { LIFE } else { REST }
        };
        if let Some(surveyed) = kept.as_ref().filter(|surveyed| is_good(surveyed)) {
            return surveyed.clone();
        }
        let surveyed = Arc::new(self.survey(Some(GRACE)).await);
        *kept = Some(surveyed.clone());
        surveyed
    }

    /// Does not ask an endpoint again before the next survey, if there is another: it would cost each call its deadline.
    pub(super) async fn demote(&self, protocol: Protocol, index: usize, problem: &Problem) {
        let mut kept = self.0.survey.lock().await;
        let Some(surveyed) = kept.as_mut() else { return };
        let mut changed = Surveyed { made: surveyed.made, grpc: surveyed.grpc.clone(), rpc: surveyed.rpc.clone() };
        let endpoints = match protocol {
            Protocol::Grpc => &mut changed.grpc,
            Protocol::Rpc => &mut changed.rpc,
        };
        let others = endpoints.iter().enumerate().filter(|(other, endpoint)| *other != index && endpoint.is_ours());
        if others.count() == 0 {
            return;
        }
        if let Some(endpoint) = endpoints.get_mut(index) {
            endpoint.standing = Standing::Unusable(problem.clone());
            endpoint.doubt = None;
        }
        *surveyed = Arc::new(changed);
    }

    /// Asks one endpoint how it stands now, and remembers that: its height and its doubt, if it is of our chain still.
    pub(super) async fn ask_again(&self, protocol: Protocol, index: usize) -> Option<(Height, Option<Doubt>)> {
        let asked = match protocol {
            Protocol::Grpc => Asked::Grpc(index, self.0.grpc.get(index)?),
            Protocol::Rpc => Asked::Rpc(index, self.0.rpc.get(index)?),
        };
        let (_, standing, took) = self.stand(asked).await;
        let height = ours(&standing)?.height;
        self.heard(height);
        let doubt = standing.doubt(self.best(), self.0.settings.max_lag);
        let mut kept = self.0.survey.lock().await;
        if let Some(surveyed) = kept.as_mut() {
            let mut changed = Surveyed { made: surveyed.made, grpc: surveyed.grpc.clone(), rpc: surveyed.rpc.clone() };
            let endpoints = match protocol {
                Protocol::Grpc => &mut changed.grpc,
                Protocol::Rpc => &mut changed.rpc,
            };
            if let Some(endpoint) = endpoints.get_mut(index) {
                *endpoint = Endpoint { standing, doubt, took, ..endpoint.clone() };
            }
            *surveyed = Arc::new(changed);
        }
        Some((height, doubt))
    }

    /// Asks all at once. Once one endpoint has answered, the others have `grace`.
    async fn survey(&self, grace: Option<Duration>) -> Surveyed {
        let grpc = self.0.grpc.iter().enumerate().map(|(index, endpoint)| Asked::Grpc(index, endpoint));
        let rpc = self.0.rpc.iter().enumerate().map(|(index, endpoint)| Asked::Rpc(index, endpoint));
        let mut asking: FuturesUnordered<_> = grpc.chain(rpc).map(|asked| self.stand(asked)).collect();
        let mut found = Vec::new();
        let mut until = None;
        loop {
            let next = match until {
                None => asking.next().await,
                Some(until) => tokio::time::timeout_at(until, asking.next()).await.ok().flatten(),
            };
            let Some((place, standing, took)) = next else { break };
            if let (None, Some(grace), Standing::Ours(_)) = (until, grace, &standing) {
                until = Some(tokio::time::Instant::now() + grace);
            }
            found.push((place, standing, took));
        }
        for status in found.iter().filter_map(|(_, standing, _)| ours(standing)) {
            self.heard(status.height);
        }
        let of = |protocol: Protocol, index: usize, address: &Arc<str>| {
            let answered = found.iter().find(|(place, ..)| *place == (protocol, index));
            let (standing, took) = answered.map_or_else(
                || (Standing::Unusable(Problem::Late(GRACE)), GRACE),
                |(_, standing, took)| (standing.clone(), *took),
            );
            let doubt = standing.doubt(self.best(), self.0.settings.max_lag);
            Endpoint { address: address.clone(), protocol, standing, doubt, took }
        };
        Surveyed {
            made: Instant::now(),
            grpc: self.0.grpc.iter().enumerate().map(|(index, at)| of(Protocol::Grpc, index, &at.address)).collect(),
            rpc: self.0.rpc.iter().enumerate().map(|(index, at)| of(Protocol::Rpc, index, &at.address)).collect(),
        }
    }

    async fn stand(&self, asked: Asked<'_>) -> ((Protocol, usize), Standing, Duration) {
        let begun = Instant::now();
        let (place, told) = match asked {
            Asked::Grpc(index, endpoint) => ((Protocol::Grpc, index), self.status_by_grpc(endpoint).await),
            Asked::Rpc(index, endpoint) => ((Protocol::Rpc, index), self.status_by_rpc(endpoint).await),
        };
        let standing = match told {
            Ok(status) if status.chain_id == self.0.settings.chain_id => Standing::Ours(status),
            Ok(status) => Standing::Unusable(Problem::OtherChain { found: Log::of(status.chain_id.as_bytes()) }),
            Err(problem) => Standing::Unusable(problem),
        };
        (place, standing, begun.elapsed())
    }

    /// Two calls: the newest block says chain, height and time; the other, whether the node is in step.
    async fn status_by_grpc(&self, endpoint: &GrpcEndpoint) -> Result<NodeStatus, Problem> {
        let (block, syncing) = tokio::join!(
            self.ask_plainly(endpoint, &GetLatestBlockRequest {}),
            self.ask_plainly(endpoint, &GetSyncingRequest {})
        );
        let header = block?.block.unwrap_or_default().header;
        let time = time_from_wire(&header.time).map_err(|error| Problem::Garbage(Problem::words(&error)))?;
        let height = height_of(header.height)?;
        Ok(NodeStatus { chain_id: header.chain_id, height, time, catching_up: syncing?.syncing })
    }

    /// A call without belief: it is what belief is made of.
    async fn ask_plainly<C: Call>(&self, endpoint: &GrpcEndpoint, request: &C) -> Result<C::Response, Problem> {
        let path = super::call::path::<C>(self.network())?;
        let call = GrpcCall { path, request: request.encode_to_vec().into(), at: None, most: LARGEST_ANSWER };
        match endpoint.call(call, self.0.settings.timeout).await? {
            GrpcAnswer::Message(bytes, _) => {
                C::Response::decode(bytes).map_err(|error| Problem::Garbage(Problem::words(&error)))
            }
            GrpcAnswer::Absent(words) | GrpcAnswer::Refused(words) => Err(Problem::Garbage(Log::of(words.as_bytes()))),
        }
    }

    pub(super) async fn status_by_rpc(&self, endpoint: &RpcEndpoint) -> Result<NodeStatus, Problem> {
        let Inner { http, settings, .. } = &*self.0;
        match endpoint.call::<StatusResult>(http, "status", &json!({}), LARGEST_ANSWER, settings.timeout).await? {
            RpcAnswer::Result(status) => status.read(),
            RpcAnswer::Refused(words) => Err(Problem::Garbage(Log::of(words.as_bytes()))),
        }
    }
}

enum Asked<'a> {
    Grpc(usize, &'a GrpcEndpoint),
    Rpc(usize, &'a RpcEndpoint),
}

fn ours(standing: &Standing) -> Option<&NodeStatus> {
    match standing {
        Standing::Ours(status) => Some(status),
        Standing::Unusable(_) => None,
    }
}

/// A height of the chain; none is below 1.
pub(super) fn height_of(height: i64) -> Result<Height, Problem> {
    u64::try_from(height)
        .ok()
        .filter(|height| *height > 0)
        .map(Height)
        .ok_or_else(|| Problem::Garbage(Log::of(format!("{height} is no height").as_bytes())))
}

/// The part of CometBFT's answer to `status` that counts here.
#[derive(Deserialize)]
pub(super) struct StatusResult {
    node_info: NodeInfo,
    sync_info: SyncInfo,
}

impl StatusResult {
    pub(super) fn read(self) -> Result<NodeStatus, Problem> {
        let Self { node_info, sync_info } = self;
        Ok(NodeStatus {
            chain_id: node_info.network,
            height: height_of(sync_info.latest_block_height)?,
            time: sync_info.latest_block_time,
            catching_up: sync_info.catching_up,
        })
    }
}

#[derive(Deserialize)]
struct NodeInfo {
    network: String,
}

#[derive(Deserialize)]
struct SyncInfo {
    #[serde(deserialize_with = "text::number")]
    latest_block_height: i64,
    #[serde(deserialize_with = "text::time")]
    latest_block_time: Timestamp,
    catching_up: bool,
}
