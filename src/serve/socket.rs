//! Sockets: systemd's where it hands us some, else our own.
//!
//! systemd's socket outlives the server, so that who connects while it starts anew waits and is refused by nobody. Which
//! is which is told by the ports.

use std::io;
use std::net::SocketAddr;

use listenfd::ListenFd;
use tokio::net::TcpListener;

/// A socket that listens.
pub(super) struct Socket {
    pub(super) listener: TcpListener,
    /// It stays open when we go.
    pub(super) is_systemds: bool,
}

/// An address that cannot be listened on.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}")]
pub struct Refused {
    /// The address.
    pub address: SocketAddr,
    /// Why.
    #[source]
    pub source: io::Error,
}

/// Listens on each of these addresses, in their order.
pub(super) async fn listen(addresses: &[SocketAddr]) -> Result<Vec<Socket>, Refused> {
    let mut handed = handed();
    let mut sockets = Vec::new();
    for address in addresses {
        let port =
            |listener: &std::net::TcpListener| listener.local_addr().is_ok_and(|found| found.port() == address.port());
        let failed = |source| Refused { address: *address, source };
        let socket = match handed.iter().position(port) {
            Some(place) => {
                let listener = handed.swap_remove(place);
                listener.set_nonblocking(true).map_err(failed)?;
                Socket { listener: TcpListener::from_std(listener).map_err(failed)?, is_systemds: true }
            }
            None => Socket { listener: TcpListener::bind(address).await.map_err(failed)?, is_systemds: false },
        };
        sockets.push(socket);
    }
    for left in handed {
        let address = left.local_addr().map(|address| address.to_string()).unwrap_or_default();
        tracing::warn!(address, "systemd listens here, and the configuration does not; run `provider timers install`");
    }
    Ok(sockets)
}

fn handed() -> Vec<std::net::TcpListener> {
    let mut given = ListenFd::from_env();
    (0..given.len()).filter_map(|place| given.take_tcp_listener(place).ok().flatten()).collect()
}
