//! Checks of containers: over the network, or with a command inside.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use bollard::exec::StartExecResults;
use bollard::models::ExecConfig;
use futures_util::StreamExt;

use super::engine::{Engine, Problem, within};
use super::list::Found;
use crate::adapters::Check;
use crate::adapters::local::{descendants, reach};
use crate::domain::workload::Probe;
use crate::domain::workload::health::Checked;

pub(super) async fn run(engine: &Engine, found: &Found, network: &str, check: Check<'_>) -> Result<Checked, Problem> {
    let (healthy, detail) = match check.probe {
        Probe::Http { port, path } => match address(engine, found, network, *port).await? {
            Some(address) => reach::http(address, path, check.timeout).await,
            None => unreachable(),
        },
        Probe::Tcp { port } => match address(engine, found, network, *port).await? {
            Some(address) => reach::tcp(address, check.timeout).await,
            None => unreachable(),
        },
        Probe::Command { command } => execute(engine, found, command, check.timeout).await?,
    };
    let service = check.service.to_owned();
    Ok(Checked { service, replica: check.replica, kind: check.probe.word(), healthy, detail })
}

fn unreachable() -> (bool, String) {
    (false, "it has no address yet".to_owned())
}

fn late(timeout: Duration) -> String {
    format!("the command did not end within {} s", timeout.as_secs())
}

/// The container's own address in its network, which this machine reaches; a published port where it has none.
async fn address(engine: &Engine, found: &Found, network: &str, port: u16) -> Result<Option<SocketAddr>, Problem> {
    let options = None::<bollard::query_parameters::InspectContainerOptions>;
    let inspected = within(engine.docker().inspect_container(&found.id, options)).await?;
    let networks = inspected.network_settings.and_then(|settings| settings.networks).unwrap_or_default();
    let own: Option<IpAddr> = networks.get(network).and_then(|endpoint| endpoint.ip_address.as_ref()?.parse().ok());
    let published = found.endpoints.iter().find(|endpoint| endpoint.port == port).map(|endpoint| {
        let here = if endpoint.address.is_unspecified() { IpAddr::from([127, 0, 0, 1]) } else { endpoint.address };
        SocketAddr::from((here, endpoint.seen_as))
    });
    Ok(own.map(|own| SocketAddr::from((own, port))).or(published))
}

async fn execute(
    engine: &Engine,
    found: &Found,
    command: &[String],
    at_most: Duration,
) -> Result<(bool, String), Problem> {
    let config = ExecConfig {
        cmd: Some(command.to_vec()),
        attach_stdout: Some(true),
        attach_stderr: Some(true),
        privileged: Some(false),
        ..ExecConfig::default()
    };
    let created = within(engine.docker().create_exec(&found.id, config)).await?;
    let name = command.first().cloned().unwrap_or_default();
    match tokio::time::timeout(at_most, to_its_end(engine, &created.id)).await {
        Ok(done) => done?,
        Err(_) if end(engine, found, &created.id).await => return Ok((false, late(at_most))),
        Err(_) => return Ok((false, format!("{}, and could not be ended", late(at_most)))),
    }
    let ended = within(engine.docker().inspect_exec(&created.id)).await?;
    let code = ended.exit_code.unwrap_or(-1);
    Ok((code == 0, format!("`{name}` ended with {code}")))
}

/// Its end is the end of its output, which is the tenant's and of no interest.
async fn to_its_end(engine: &Engine, id: &str) -> Result<(), Problem> {
    if let StartExecResults::Attached { mut output, .. } = engine.docker().start_exec(id, None).await? {
        while output.next().await.is_some() {}
    }
    Ok(())
}

/// Ends a command that goes on in a container: engines have no call for it, so its processes are killed where they are
/// processes of this machine. Whether that could be done.
async fn end(engine: &Engine, found: &Found, id: &str) -> bool {
    let Ok(running) = within(engine.docker().inspect_exec(id)).await else { return false };
    if running.running == Some(false) {
        return true;
    }
    let beside = match found.pid {
        Some(pid) => Some(pid),
        None => first_process(engine, found).await,
    };
    let pid = running.pid.and_then(|pid| i32::try_from(pid).ok()).filter(|pid| *pid > 1);
    pid.zip(beside).is_some_and(|(pid, beside)| descendants::end(pid, beside))
}

/// The first process of a container, as this machine numbers it.
async fn first_process(engine: &Engine, found: &Found) -> Option<i32> {
    let options = None::<bollard::query_parameters::InspectContainerOptions>;
    let inspected = within(engine.docker().inspect_container(&found.id, options)).await.ok()?;
    i32::try_from(inspected.state?.pid?).ok().filter(|pid| *pid > 0)
}
