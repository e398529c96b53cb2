//! Connections: accepted, served, and ended kindly.
//!
//! A connection that is quiet costs a place and some kilobytes, until `header_timeout`. A client that takes its time over
//! the handshake, over headers, or over reading what it is sent, loses its connection.
//!
//! Told to stop, the server accepts no more, answers what is under way, says with each answer that the connection ends,
//! and closes what is quiet a moment later: a client that was just about to ask is answered, too.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use hyper::body::Incoming;
use hyper::rt::{Read, Write};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use rustls::server::Acceptor;
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio_rustls::LazyConfigAcceptor;

use super::Limits;
use super::caller::Peer;
use super::clients::{Clients, Presence};
use super::gate::Gate;
use super::socket::Socket;
use super::tls::Certificates;

/// One address that is served.
pub(super) struct Front {
    pub(super) socket: Socket,
    pub(super) tls: Option<Arc<Certificates>>,
    pub(super) gate: Arc<Gate>,
    pub(super) clients: Arc<Clients>,
    pub(super) limits: Limits,
    pub(super) shutdown_timeout: Duration,
    pub(super) stop: watch::Receiver<bool>,
}

/// A connection's place among all, held by whatever goes on of it. An upgraded connection keeps a clone, from the
/// extensions of its request, so that stopping waits for it too.
#[derive(Clone)]
pub struct Place {
    _held: Arc<(OwnedSemaphorePermit, Presence, mpsc::Sender<()>)>,
}

/// How long a quiet connection is left to ask once more when the server stops.
const LAST_WORD: Duration = Duration::from_millis(500);

/// How long the other end may leave what it is sent unread.
const UNREAD: Duration = Duration::from_secs(30);

/// How many requests one connection of HTTP/2 has at once.
const STREAMS: u32 = 100;

/// Waits until somebody says stop.
async fn until(stop: &mut watch::Receiver<bool>) {
    // A sender that is gone says stop, too.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Serves one address until it is told to stop, then what is under way. `alive` is dropped with the last connection.
pub(super) async fn serve(front: Front, alive: mpsc::Sender<()>) {
    let places = Arc::new(Semaphore::new(front.limits.connections));
    let front = Arc::new(front);
    let mut stop = front.stop.clone();
    let take = |permit: OwnedSemaphorePermit, stream: TcpStream, address: IpAddr| {
        // One client's flood ends here, before it costs a handshake.
        let Some(presence) = front.clients.enter(address) else { return };
        let place = Place { _held: Arc::new((permit, presence, alive.clone())) };
        tokio::spawn(connection(Arc::clone(&front), stream, address, place));
    };
    loop {
        let permit = tokio::select! {
            () = until(&mut stop) => break,
            permit = Arc::clone(&places).acquire_owned() => permit,
        };
        let Ok(permit) = permit else { break };
        tokio::select! {
            () = until(&mut stop) => break,
            accepted = front.socket.listener.accept() => match accepted {
                Ok((stream, address)) => take(permit, stream, address.ip()),
                // Too many open files: let some end.
                Err(error) => {
                    tracing::warn!(error = error.to_string(), "cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
        }
    }
    // Who waits at a socket of ours is served still; who waits at systemd's is served by the next server.
    if front.socket.is_systemds {
        return;
    }
    while let Ok(permit) = Arc::clone(&places).try_acquire_owned() {
        let waiting = tokio::time::timeout(Duration::from_millis(5), front.socket.listener.accept());
        let Ok(Ok((stream, address))) = waiting.await else { break };
        take(permit, stream, address.ip());
    }
}

async fn connection(front: Arc<Front>, stream: TcpStream, address: IpAddr, place: Place) {
    // Without this an answer's second half waits for the other side's acknowledgement.
    let _ = stream.set_nodelay(true);
    let unread = u32::try_from(UNREAD.as_millis()).unwrap_or(u32::MAX);
    let _ = rustix::net::sockopt::set_tcp_user_timeout(&stream, unread);
    let plain = Peer { address, is_tls: false, is_tls13: false, certificates: Vec::new(), operator: None };
    let Some(tls) = &front.tls else {
        return speak(&front, TokioIo::new(stream), false, plain, place).await;
    };
    let handshake = async {
        let start = LazyConfigAcceptor::new(Acceptor::default(), stream).await.ok()?;
        let config = tls.config_for(start.client_hello().server_name());
        start.into_stream(config).await.ok()
    };
    let shaken = tokio::time::timeout(front.limits.header_timeout, handshake).await;
    let Ok(Some(stream)) = shaken else { return };
    let session = stream.get_ref().1;
    let certificates: Vec<_> =
        session.peer_certificates().unwrap_or_default().iter().map(|der| der.clone().into_owned()).collect();
    let is_http2 = session.alpn_protocol() == Some(b"h2");
    let operator = tls.operator(&certificates);
    let is_tls13 = session.protocol_version() == Some(rustls::ProtocolVersion::TLSv1_3);
    let peer = Peer { is_tls: true, is_tls13, certificates, operator, ..plain };
    speak(&front, TokioIo::new(stream), is_http2, peer, place).await;
}

/// Speaks HTTP with a client until it goes, or we are told to stop.
async fn speak<I>(front: &Arc<Front>, io: I, is_http2: bool, peer: Peer, place: Place)
where
    I: Read + Write + Unpin + Send + 'static,
{
    let (gate, peer, held) = (Arc::clone(&front.gate), Arc::new(peer), place.clone());
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let (gate, peer, place) = (Arc::clone(&gate), Arc::clone(&peer), held.clone());
        async move {
            let mut request = request.map(axum::body::Body::new);
            request.extensions_mut().insert(place);
            gate.pass(&peer, request).await
        }
    });
    let builder = auto::Builder::new(TokioExecutor::new());
    let mut builder = if is_http2 { builder.http2_only() } else { builder.http1_only() };
    let limits = &front.limits;
    let mut http1 = builder.http1();
    // Less than that and hyper cannot work.
    http1.timer(TokioTimer::new()).header_read_timeout(limits.header_timeout).max_buf_size(limits.headers.max(8192));
    let mut http2 = builder.http2();
    http2.timer(TokioTimer::new()).max_concurrent_streams(STREAMS);
    http2.keep_alive_interval(limits.header_timeout).keep_alive_timeout(limits.header_timeout);
    http2.max_header_list_size(u32::try_from(limits.headers).unwrap_or(u32::MAX));
    let mut serving = std::pin::pin!(builder.serve_connection_with_upgrades(io, service));
    let mut stop = front.stop.clone();
    // However it ends, it is over: clients come and go as they like.
    tokio::select! {
        _ = serving.as_mut() => return,
        () = until(&mut stop) => {}
    }
    tokio::select! {
        _ = serving.as_mut() => return,
        () = tokio::time::sleep(LAST_WORD) => {}
    }
    serving.as_mut().graceful_shutdown();
    let _ = tokio::time::timeout(front.shutdown_timeout, serving).await;
    drop(place);
}
