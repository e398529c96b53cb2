//! Connections: accepted, served, and ended when somebody says so.

use super::body::Intake;
use super::target::Escaped;
use crate::devnet::node::Node;
use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, broadcast, watch};
use tokio::time::Instant;
use tower::ServiceExt;

/// Ends the connection that a request came by.
#[derive(Clone, Default)]
pub struct Closer(Arc<Notify>);

impl Closer {
    /// Ends it, and never comes back.
    pub async fn close<T>(&self) -> T {
        self.0.notify_one();
        std::future::pending().await
    }

    /// Waits until somebody ends it.
    pub async fn closed(&self) {
        self.0.notified().await;
    }
}

/// A connection's place among those that there may be at once; free again when all of these are gone.
#[derive(Clone)]
pub struct Place {
    _permit: Arc<OwnedSemaphorePermit>,
}

/// What clients may take of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many connections there are at once; more wait until one ends.
    pub connections: usize,
    /// How long a client may take until a request's headers are there, for its body, and between two requests.
    pub patience: Duration,
    /// How many bytes of requests there are at once; what comes then is refused.
    pub bytes: usize,
}

impl Default for Limits {
    /// CometBFT's own: `max_open_connections` and its server's read timeout; and three of the largest requests.
    fn default() -> Self {
        Self { connections: 900, patience: Duration::from_secs(10), bytes: 32 << 20 }
    }
}

/// Waits until somebody says stop.
pub async fn until(stop: &mut watch::Receiver<bool>) {
    // A sender that is gone says stop, too.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Serves connections until `stop` becomes true.
pub async fn serve(listener: TcpListener, router: Router, node: Node, limits: Limits, stop: watch::Receiver<bool>) {
    let mut stopped = stop.clone();
    let mut hang_ups = node.hang_ups();
    let mut closed_until = Instant::now();
    let places = Arc::new(Semaphore::new(limits.connections));
    let intake = Intake::new(limits.bytes, limits.patience);
    loop {
        tokio::select! {
            () = until(&mut stopped) => return,
            down = hang_ups.recv() => closed_until = Instant::now() + down.unwrap_or(Duration::ZERO),
            accepted = accept(&listener, &places) => match accepted {
                // While the node is "down" a connection ends as soon as it begins.
                Some((stream, place)) if Instant::now() >= closed_until => {
                    let (router, hang_ups, stop) = (router.clone(), node.hang_ups(), stop.clone());
                    let taken = (place, intake.clone());
                    tokio::spawn(async move {
                        connection(stream, taken, router, limits.patience, hang_ups, stop).await;
                    });
                }
                Some(_) => {}
                // Too many open files: let some end.
                None => tokio::time::sleep(Duration::from_millis(50)).await,
            },
        }
    }
}

async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> Option<(TcpStream, Place)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    let (stream, _) = listener.accept().await.ok()?;
    Some((stream, Place { _permit: Arc::new(place) }))
}

async fn connection(
    stream: TcpStream,
    (place, intake): (Place, Intake),
    router: Router,
    patience: Duration,
    mut hang_ups: broadcast::Receiver<Duration>,
    mut stop: watch::Receiver<bool>,
) {
    let closer = Closer::default();
    let inserted = closer.clone();
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(axum::body::Body::new);
        request.extensions_mut().insert(inserted.clone());
        request.extensions_mut().insert(place.clone());
        request.extensions_mut().insert(intake.clone());
        router.clone().oneshot(request)
    });
    // Without this an answer's second half waits for the other side's acknowledgement.
    let _ = stream.set_nodelay(true);
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(patience);
    // A client that is gone without a word is noticed.
    let mut http2 = builder.http2();
    http2.timer(TokioTimer::new()).keep_alive_interval(KEEP_ALIVE).keep_alive_timeout(patience);
    http2.max_concurrent_streams(STREAMS);
    let serving = async {
        if tokio::time::timeout(patience, begun(&stream)).await.is_ok_and(|begun| begun.is_ok()) {
            let stream = TokioIo::new(Escaped::new(stream));
            // However it ended, it is over.
            let _ = builder.serve_connection_with_upgrades(stream, service).await;
        }
    };
    tokio::select! {
        () = serving => {}
        () = closer.closed() => {}
        _ = hang_ups.recv() => {}
        () = until(&mut stop) => {}
    }
}

/// Waits until it is known which HTTP a client speaks: until then the server itself does not watch the time.
async fn begun(stream: &TcpStream) -> io::Result<()> {
    const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    let mut first = [0; PREFACE.len()];
    loop {
        let seen = stream.peek(&mut first).await?;
        let seen = first.get(..seen).unwrap_or_default();
        if seen.is_empty() || seen.len() == PREFACE.len() || !PREFACE.starts_with(seen) {
            return Ok(());
        }
        // There is something to be seen already: waiting for more of it cannot be told apart.
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// How many calls one connection of HTTP/2 has at once; a client waits with more.
const STREAMS: u32 = 250;

/// How often a quiet client of HTTP/2 is asked whether it is there.
const KEEP_ALIVE: Duration = Duration::from_mins(1);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::devnet::app::engine::Identity;
    use crate::devnet::app::genesis::Genesis;
    use crate::devnet::context::Profile;
    use crate::domain::network::Name;
    use std::net::SocketAddr;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    async fn served(limits: Limits) -> (SocketAddr, watch::Sender<bool>, tempfile::TempDir) {
        let home = tempfile::tempdir().unwrap();
        let identity = Identity {
            network: Name::Virtengine.facts(),
            chain_id: "devnet-1".to_owned(),
            profile: Profile::Localnet,
            refuses_provider_messages: false,
        };
        let path = home.path().join("chain.db");
        let node = Node::open(&path, identity, &Genesis::default(), Duration::ZERO).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, (stop, stopped)) = (listener.local_addr().unwrap(), watch::channel(false));
        let grpc = crate::devnet::service::grpc(node.clone());
        let router = crate::devnet::service::rpc(node.clone()).fallback_service(grpc);
        tokio::spawn(serve(listener, router, node, limits, stopped));
        (address, stop, home)
    }

    /// Calls a method with a message that is never whole; the gRPC status, and what is said.
    async fn unfinished(client: &reqwest::Client, address: SocketAddr, length: usize) -> (String, String) {
        let stream = futures_util::stream::iter([Ok::<_, io::Error>(vec![0; length])]);
        let body = reqwest::Body::wrap_stream(futures_util::StreamExt::chain(stream, futures_util::stream::pending()));
        let path = "virtengine.market.v1beta5.Query/Orders";
        let request = client.post(format!("http://{address}/{path}")).header("content-type", "application/grpc");
        let answer = request.header("te", "trailers").body(body).send().await.unwrap();
        let header = |name: &str| answer.headers().get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
        (header("grpc-status"), header("grpc-message"))
    }

    #[tokio::test]
    async fn requests_of_grpc_have_their_time_and_their_room() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let limits = Limits { patience: Duration::from_secs(1), bytes: 10_000, ..Limits::default() };
        let (address, _stop, _home) = served(limits).await;
        let client = reqwest::Client::builder().http2_prior_knowledge().build().unwrap();
        // As many at once as there is room for arrive late; the others are refused at once.
        let calls = (0..8).map(|_| unfinished(&client, address, 2_000));
        let answers = futures_util::future::join_all(calls).await;
        let count = |status: &str| answers.iter().filter(|(found, _)| found == status).count();
        assert_eq!((count("4"), count("8")), (5, 3), "{answers:?}");
        let begun = std::time::Instant::now();
        assert_eq!(unfinished(&client, address, 2_000).await.0, "4", "there is room again");
        assert!(begun.elapsed() < Duration::from_secs(5));
    }

    const ASK: &[u8] = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n";

    async fn ends(stream: &mut TcpStream) -> bool {
        let mut rest = Vec::new();
        tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut rest)).await.is_ok()
    }

    #[tokio::test]
    async fn clients_that_take_their_time_are_dropped() {
        let limits = Limits { patience: Duration::from_millis(200), ..Limits::default() };
        let (address, _stop, _home) = served(limits).await;
        for said in [&b""[..], b"P", b"PRI * HTT", b"GET /hea", b"GET /health HTTP/1.1\r\nHost:", ASK] {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(said).await.unwrap();
            assert!(ends(&mut stream).await, "{}", String::from_utf8_lossy(said));
        }
    }

    #[tokio::test]
    async fn more_connections_than_there_are_places_wait() {
        let limits = Limits { connections: 2, ..Limits::default() };
        let (address, _stop, _home) = served(limits).await;
        let mut held = Vec::new();
        for _ in 0..3 {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(ASK).await.unwrap();
            held.push(stream);
        }
        let mut first = [0; 8];
        held[0].read_exact(&mut first).await.unwrap();
        let mut third = held.pop().unwrap();
        let early = tokio::time::timeout(Duration::from_millis(200), third.read_exact(&mut first)).await;
        assert!(early.is_err(), "there was no place");
        held.pop();
        tokio::time::timeout(Duration::from_secs(5), third.read_exact(&mut first)).await.unwrap().unwrap();
        assert_eq!(&first, b"HTTP/1.1");
    }
}
