//! Connections: accepted, served, and ended when somebody says so.

use crate::devnet::node::Node;
use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, broadcast, watch};
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
}

/// Waits until somebody says stop.
pub async fn until(stop: &mut watch::Receiver<bool>) {
    // A sender that is gone says stop, too.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Serves connections until `stop` becomes true.
pub async fn serve(listener: TcpListener, router: Router, node: Node, stop: watch::Receiver<bool>) {
    let mut stopped = stop.clone();
    let mut hang_ups = node.hang_ups();
    let mut closed_until = Instant::now();
    loop {
        tokio::select! {
            () = until(&mut stopped) => return,
            down = hang_ups.recv() => closed_until = Instant::now() + down.unwrap_or(Duration::ZERO),
            accepted = listener.accept() => match accepted {
                // While the node is "down" a connection ends as soon as it begins.
                Ok((stream, _)) if Instant::now() >= closed_until => {
                    tokio::spawn(connection(stream, router.clone(), node.hang_ups(), stop.clone()));
                }
                Ok(_) => {}
                // Too many open files: let some end.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
        }
    }
}

async fn connection(
    stream: TcpStream,
    router: Router,
    mut hang_ups: broadcast::Receiver<Duration>,
    mut stop: watch::Receiver<bool>,
) {
    let closer = Closer::default();
    let inserted = closer.clone();
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(axum::body::Body::new);
        request.extensions_mut().insert(inserted.clone());
        router.clone().oneshot(request)
    });
    // Without this an answer's second half waits for the other side's acknowledgement.
    let _ = stream.set_nodelay(true);
    let builder = auto::Builder::new(TokioExecutor::new());
    let serving = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    tokio::select! {
        // However it ended, it is over.
        _ = serving => {}
        () = closer.0.notified() => {}
        _ = hang_ups.recv() => {}
        () = until(&mut stop) => {}
    }
}
