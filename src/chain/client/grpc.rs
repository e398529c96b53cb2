//! One gRPC call to one endpoint.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use prost::bytes::{Buf, BufMut, Bytes};
use tonic::client::Grpc;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::codegen::http::uri::PathAndQuery;
use tonic::metadata::MetadataValue;
use tonic::transport::{Channel, ClientTlsConfig, Endpoint};
use tonic::{Code, Status};

use super::error::Problem;
use super::settings::with_scheme;
use crate::domain::height::Height;
use crate::domain::refusal::Log;

/// The header that names a height: of the state that is asked, and of the answer.
const HEIGHT: &str = "x-cosmos-block-height";

/// How tonic begins the text of a status that it made of an answer which is no gRPC.
const NOT_GRPC: &str = "grpc-status header missing";

/// The longest trailers: a node puts the stack trace of a panic into the text of a status.
const LONGEST_TRAILERS: u32 = 1 << 20;

/// A gRPC endpoint; the connection is made with the first call.
#[derive(Debug)]
pub(super) struct GrpcEndpoint {
    pub(super) address: Arc<str>,
    channel: Mutex<Option<Channel>>,
}

/// A call, ready to be sent.
#[derive(Debug, Clone)]
pub(super) struct GrpcCall {
    pub(super) path: PathAndQuery,
    pub(super) request: Bytes,
    /// The state to ask; `None`: the newest.
    pub(super) at: Option<Height>,
    /// The most bytes of an answer.
    pub(super) most: usize,
}

/// What a node answered.
#[derive(Debug)]
pub(super) enum GrpcAnswer {
    /// The message, and the height of the state that was asked, where the node tells it.
    Message(Bytes, Option<Height>),
    /// There is no such thing, in its words.
    Absent(String),
    /// It will not do that, in its words.
    Refused(String),
}

impl GrpcEndpoint {
    pub(super) fn new(address: &str) -> Self {
        Self { address: address.into(), channel: Mutex::default() }
    }

    /// The connection; made when it is first used.
    fn channel(&self, timeout: Duration) -> Result<Channel, Problem> {
        let mut kept = self.channel.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(channel) = kept.as_ref() {
            return Ok(channel.clone());
        }
        let bad = |error: tonic::transport::Error| Problem::Address(Problem::words(&error));
        let full = with_scheme(&self.address);
        let mut endpoint = Endpoint::from_shared(full.clone())
            .map_err(bad)?
            .connect_timeout(timeout)
            .http2_max_header_list_size(LONGEST_TRAILERS);
        if full.starts_with("https://") {
            endpoint = endpoint.tls_config(ClientTlsConfig::new().with_native_roots()).map_err(bad)?;
        }
        Ok(kept.insert(endpoint.connect_lazy()).clone())
    }

    /// Makes a new connection for the next call: one that is breaking fails calls until it is known to be broken.
    fn reconnect(&self) {
        *self.channel.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Sends a call and waits for the whole answer, at most for `timeout`.
    pub(super) async fn call(&self, call: GrpcCall, timeout: Duration) -> Result<GrpcAnswer, Problem> {
        let channel = self.channel(timeout)?;
        let answer = tokio::time::timeout(timeout, answer(channel, call)).await.unwrap_or(Err(Problem::Late(timeout)));
        if let Err(Problem::Connection(_)) = &answer {
            self.reconnect();
        }
        answer
    }
}

async fn answer(channel: Channel, call: GrpcCall) -> Result<GrpcAnswer, Problem> {
    let mut grpc = Grpc::new(channel).max_decoding_message_size(call.most);
    grpc.ready().await.map_err(|error| Problem::Connection(Problem::words(&error)))?;
    let mut request = tonic::Request::new(call.request);
    if let Some(height) = call.at {
        request.metadata_mut().insert(HEIGHT, MetadataValue::from(height.0));
    }
    match grpc.unary(request, call.path, Raw).await {
        Ok(response) => {
            let height = response.metadata().get(HEIGHT).and_then(|value| value.to_str().ok()?.parse().ok());
            Ok(GrpcAnswer::Message(response.into_inner(), height.map(Height)))
        }
        Err(status) => sorted(&status, call.most),
    }
}

/// What a status means: an answer of the node, or a problem on the way.
fn sorted(status: &Status, most: usize) -> Result<GrpcAnswer, Problem> {
    // A status that was made on this side, of a connection that failed, has a source; one of the node has none.
    if let Some(source) = std::error::Error::source(status) {
        return Err(Problem::Connection(Problem::words(source)));
    }
    let words = || Log::of(status.message().as_bytes());
    match status.code() {
        Code::NotFound => Ok(GrpcAnswer::Absent(status.message().to_owned())),
        Code::OutOfRange => Err(Problem::TooLarge { most }),
        Code::Unavailable
        | Code::DeadlineExceeded
        | Code::Cancelled
        | Code::ResourceExhausted
        | Code::Aborted
        | Code::DataLoss
        // The chain asks nobody who they are; what stands before a node may.
        | Code::PermissionDenied
        | Code::Unauthenticated => Err(Problem::Busy(words())),
        // A node without the method is older than the network is, or what answers is no node; internal is what a
        // broken frame looks like as well.
        Code::Unimplemented | Code::Internal | Code::Ok => Err(Problem::Garbage(words())),
        Code::Unknown if status.message().starts_with(NOT_GRPC) => Err(Problem::Garbage(words())),
        Code::Unknown
        | Code::InvalidArgument
        | Code::AlreadyExists
        | Code::FailedPrecondition => Ok(GrpcAnswer::Refused(status.message().to_owned())),
    }
}

/// Messages as their bytes: they are decoded where a failure can be told from a refusal.
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
