//! Checks of containers: over the network, or with a command inside.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use bollard::exec::StartExecResults;
use bollard::models::ExecConfig;
use futures_util::StreamExt;

use super::engine::{Engine, Problem, within};
use super::list::Found;
use crate::adapters::Check;
use crate::adapters::local::reach;
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
        Probe::Command { command } => {
            match tokio::time::timeout(check.timeout, execute(engine, found, command)).await {
                Ok(result) => result?,
                Err(_) => (false, late(check.timeout)),
            }
        }
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

async fn execute(engine: &Engine, found: &Found, command: &[String]) -> Result<(bool, String), Problem> {
    let config = ExecConfig {
        cmd: Some(command.to_vec()),
        attach_stdout: Some(true),
        attach_stderr: Some(true),
        privileged: Some(false),
        ..ExecConfig::default()
    };
    let created = within(engine.docker().create_exec(&found.id, config)).await?;
    if let StartExecResults::Attached { mut output, .. } = engine.docker().start_exec(&created.id, None).await? {
        // Its end is the end of its output, which is the tenant's and of no interest.
        while output.next().await.is_some() {}
    }
    let name = command.first().cloned().unwrap_or_default();
    let ended = within(engine.docker().inspect_exec(&created.id)).await?;
    let code = ended.exit_code.unwrap_or(-1);
    Ok((code == 0, format!("`{name}` ended with {code}")))
}
