//! `provider serve`

use std::sync::Arc;

use clap::Args;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::{Configuration, Context, Failure, Report, Status};
use crate::config::Settings;
use crate::domain::network::Name;
use crate::jobs::health::Expected;
use crate::serve::{self, Gateway, Limits, OperatorCertificates, Options, TlsFiles};

/// Serve health, metrics, the tenant gateway and the dashboard
///
/// Tenants bring their manifests here and see how their leases stand, known by the certificate that they have on the chain
/// or by a token of their account; the dashboard at `/` is for operators, whose token a browser takes as a password.
///
/// The one process that stays; systemd starts it with everything else (`provider timers enable`). It reads the state
/// file and runs no job: the provider works without it. SIGTERM lets requests that are under way end; a second one does
/// not. Certificates are read anew when their files change.
#[derive(Debug, Args)]
pub struct Serve {}

impl Serve {
    /// Runs the command.
    #[allow(clippy::unused_self, reason = "commands are alike")]
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let options = options(&configuration);
        if context.global.dry_run {
            let places = std::iter::once(options.address).chain(options.metrics.map(|(address, _)| address));
            let places: Vec<String> = places.map(|address| address.to_string()).collect();
            return Ok(Report::nothing().note(format!("would listen on {}", places.join(" and "))));
        }
        let gateway = gateway(context, &configuration)?;
        let failed = |error: std::io::Error| {
            Failure::new(Status::Unavailable, "the system gives no resources for a server").caused_by(&error)
        };
        // Requests wait for the disk and not for processors; a small server is enough for a large provider.
        let workers = std::thread::available_parallelism().map_or(2, usize::from).clamp(2, 4);
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(workers).max_blocking_threads(16).enable_all().build().map_err(failed)?;
        let deadline = context.global.deadline;
        let served = runtime.block_on(async {
            let told = signals().map_err(failed)?;
            let stop = async {
                match deadline {
                    Some(after) => tokio::select! { () = tokio::time::sleep(after) => {}, () = times(&told, 1) => {} },
                    None => times(&told, 1).await,
                }
            };
            let served = serve::run(options, gateway, stop, times(&told, 2)).await;
            served.map_err(|error| Failure::from_error(&error))
        });
        runtime.shutdown_background();
        served.map(|()| Report::nothing())
    }
}

/// The gateway; none where it is not known who we are on the chain, and so whose leases tenants have with us.
fn gateway(context: &Context, configuration: &Configuration) -> Result<Option<Arc<Gateway>>, Failure> {
    let Some(provider) = super::workloads::provider(context, configuration) else {
        tracing::warn!("tenants are not served: neither provider.address nor a signing key says which account is ours");
        return Ok(None);
    };
    let registry = super::back_ends::registry(context, configuration)?;
    Ok(Some(Arc::new(Gateway::new(super::chain::client(configuration), provider, registry))))
}

/// Counts the signals that tell us to end.
fn signals() -> std::io::Result<watch::Receiver<u32>> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let mut hang_up = signal(SignalKind::hangup())?;
    let (count, told) = watch::channel(0);
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
                _ = hang_up.recv() => {
                    tracing::info!("a hang-up is no end: certificates are read anew when they change");
                    continue;
                }
            }
            count.send_modify(|count: &mut u32| *count = count.saturating_add(1));
        }
    });
    Ok(told)
}

/// Waits until we were told so many times.
async fn times(told: &watch::Receiver<u32>, wanted: u32) {
    let mut told = told.clone();
    // The counting ends with the runtime only.
    let _ = told.wait_for(|count| *count >= wanted).await;
}

fn options(configuration: &Configuration) -> Options {
    let settings = &configuration.settings;
    let (server, metrics) = (&settings.server, &settings.metrics);
    let beside = |name: &str| configuration.state_file.with_file_name("tls").join(name);
    let file = |path: &Option<std::path::PathBuf>, name| path.clone().unwrap_or_else(|| beside(name));
    let tls = &server.tls;
    let files =
        || TlsFiles { server: (file(&tls.cert_file, "server.crt"), file(&tls.key_file, "server.key")), on_chain: None };
    Options {
        state_file: configuration.state_file.clone(),
        address: server.address,
        tls: tls.enabled.then(files),
        metrics: metrics.enabled.then(|| (metrics.address, metrics.path.0.clone())),
        operators: server
            .operators
            .ca_file
            .clone()
            .map(|ca_file| OperatorCertificates { ca_file, may_act: server.operators.may_act }),
        limits: limits(settings),
        shutdown_timeout: server.shutdown_timeout,
        expected: Expected {
            timetable: super::timers::timetable(settings),
            bidding: settings.bidding.enabled,
            usage: configuration.network().name == Name::Virtengine,
        },
        capacity: super::alerts::capacity(&settings.capacity),
    }
}

fn limits(settings: &Settings) -> Limits {
    let limits = &settings.server.limits;
    let whole = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    Limits {
        connections: whole(limits.connections),
        connections_per_client: whole(limits.connections_per_client),
        requests_per_second: limits.requests_per_second,
        body: whole(limits.body.0),
        headers: whole(limits.headers.0),
        header_timeout: limits.header_timeout,
        request_timeout: limits.request_timeout,
    }
}
