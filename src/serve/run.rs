//! The server from its start to its end.

use std::borrow::Cow;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use sd_notify::NotifyState;
use tokio::sync::{mpsc, watch};

use super::clients::Clients;
use super::connection::{Front, serve};
use super::gate::Gate;
use super::route::{Route, router};
use super::socket::{self, Refused};
use super::tls::{self, Certificates, Operators};
use super::{Gateway, Options, Shared, StateFile, Tenants, gateway, metrics, routes};
use crate::domain::fault::{Classified, Fault};

/// Why the server does not run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An address is taken, or not ours.
    #[error(transparent)]
    Listen(#[from] Refused),
    /// There are no certificates.
    #[error(transparent)]
    Tls(#[from] tls::Error),
    /// Plain HTTP is for this machine only.
    #[error("without TLS the server listens on loopback only, and {0} is not")]
    Open(SocketAddr),
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Listen(refused) if refused.source.kind() == std::io::ErrorKind::PermissionDenied => Fault::Denied,
            Self::Listen(_) => Fault::Unavailable,
            Self::Tls(error) => error.fault(),
            Self::Open(_) => Fault::Invalid,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Listen(refused) => Some(
                format!(
                    "`ss -ltnp 'sport = :{}'` shows who has it; another server may run already",
                    refused.address.port()
                )
                .into(),
            ),
            Self::Tls(error) => error.hint(),
            Self::Open(_) => Some("set server.address to 127.0.0.1:8443, or leave server.tls.enabled on".into()),
        }
    }
}

/// Runs the server until it is told to stop, and then until what is under way has its answer. `hurry` ends it at once.
pub async fn run(
    options: Options,
    gateway: Option<Arc<Gateway>>,
    stop: impl Future<Output = ()>,
    hurry: impl Future<Output = ()>,
) -> Result<(), Error> {
    if options.tls.is_none() && !options.address.ip().is_loopback() {
        return Err(Error::Open(options.address));
    }
    let operators = options.operators.as_ref().map(|operators| Operators::open(&operators.ca_file)).transpose()?;
    let tls = options.tls.clone().map(|files| Certificates::open(files, operators)).transpose()?.map(Arc::new);
    let addresses: Vec<SocketAddr> =
        std::iter::once(options.address).chain(options.metrics.as_ref().map(|(address, _)| *address)).collect();
    let sockets = socket::listen(&addresses).await?;
    let (told, stopping) = watch::channel(false);
    let shared = Shared {
        state: StateFile::at(options.state_file.clone()),
        options: Arc::new(options),
        tenants: gateway.clone().map(|gateway| gateway as Arc<dyn Tenants>),
        stopping: stopping.clone(),
    };
    let mut of_api = routes();
    of_api.extend(gateway.iter().flat_map(gateway::routes));
    let (alive, mut ended) = mpsc::channel(1);
    let kinds = [("api", of_api, tls), ("metrics", metrics::routes(&shared.options), None)];
    for (socket, (name, routes, tls)) in sockets.into_iter().zip(kinds) {
        let address = socket.listener.local_addr().map(|address| address.to_string()).unwrap_or_default();
        let (is_systemds, is_tls) = (socket.is_systemds, tls.is_some());
        tracing::info!(name, address, is_systemds, is_tls, "listening");
        let front = front(socket, tls, routes, &shared, stopping.clone());
        tokio::spawn(serve(front, alive.clone()));
    }
    drop(alive);
    tell(&[NotifyState::Ready, NotifyState::Status("answering")]);
    tokio::spawn(watchdog());
    stop.await;
    tell(&[NotifyState::Stopping, NotifyState::Status("ending what is under way")]);
    tracing::info!("told to stop: ending what is under way");
    let _ = told.send(true);
    let patience = shared.options.shutdown_timeout.saturating_add(Duration::from_secs(1));
    tokio::select! {
        _ = ended.recv() => tracing::info!("stopped"),
        () = tokio::time::sleep(patience) => tracing::warn!("stopped; some requests were not at their end"),
        () = hurry => tracing::warn!("stopped at once"),
    }
    Ok(())
}

fn front(
    socket: socket::Socket,
    tls: Option<Arc<Certificates>>,
    routes: Vec<Route>,
    shared: &Shared,
    stop: watch::Receiver<bool>,
) -> Front {
    let limits = shared.options.limits;
    let clients = Clients::new(&limits);
    let gate = Gate::new(router(routes, shared), Arc::clone(&clients), limits, stop.clone());
    let shutdown_timeout = shared.options.shutdown_timeout;
    Front { socket, tls, gate: Arc::new(gate), clients, limits, shutdown_timeout, stop }
}

/// Tells systemd, if it listens.
fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!(error = error.to_string(), "systemd cannot be told how the server stands");
    }
}

/// Shows systemd that the server is not hung, twice as often as it asks for.
async fn watchdog() {
    let Some(period) = sd_notify::watchdog_enabled() else { return };
    loop {
        tell(&[NotifyState::Watchdog]);
        tokio::time::sleep(period / 2).await;
    }
}
