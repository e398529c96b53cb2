//! `provider workloads deploy`

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::reconciling::{Reconciling, operator};
use super::steps;
use crate::chain::client::CallError;
use crate::cli::keys::{envelope_remarks, open_envelope};
use crate::cli::manifest::file::{self, TenantFile};
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::{Context, Failure, Report, Status, wait_for};
use crate::domain::deployment::Deployment;
use crate::domain::envelope::Envelope;
use crate::domain::id::LeaseId;
use crate::domain::workload::Workload;
use crate::jobs::workloads_deploy::{self, Deployed, For, Request};
use crate::keys::sealing::SealingError;

/// Give a workload its manifest; reconcile runs it
///
/// With --lease it must be the manifest whose version stands on chain, and fit the lease. Without, it is the operator's
/// own workload: metered, never settled. Deployed again under the same name it gets another manifest.
///
/// The file may be sealed to one of our keys, as `keys seal` and the chain's envelopes are: it is opened first.
#[derive(Debug, Args)]
pub struct Deploy {
    /// The file: an SDL, `v2beta1`, `v1`, or a manifest in JSON
    #[arg(long, value_name = "FILE")]
    manifest: PathBuf,

    /// The lease that it is for, as OWNER/DSEQ/GSEQ/OSEQ/PROVIDER
    #[arg(long, value_name = "LEASE", conflicts_with = "name")]
    lease: Option<String>,

    /// The name of the operator's own workload; that of the manifest's group unless given
    #[arg(long, value_name = "NAME")]
    name: Option<String>,

    /// Run it at once
    #[arg(long)]
    now: bool,

    #[command(flatten)]
    passphrase: PassphraseOption,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct Taken {
    workload: String,
    manifest: String,
    new: bool,
}

impl Entry for Taken {
    fn parts(&self) -> Vec<(&'static str, String)> {
        vec![("workload", self.workload.clone()), ("manifest", self.manifest.clone()), ("new", self.new.to_string())]
    }
}

impl Deploy {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let (read, remarks) = self.read(context)?;
        let reconciling = Reconciling::open(context)?;
        let group = read.deployment.manifest.groups.first().map(|group| group.name.clone()).unwrap_or_default();
        let name = self.name.clone().unwrap_or(group);
        let lease = self.lease.as_deref().map(|text| lease(&reconciling, text)).transpose()?;
        let deployment = match &lease {
            None => None,
            Some(lease) => Some(on_chain(&reconciling, lease)?),
        };
        let owner = match (&lease, &deployment) {
            (Some(lease), Some(deployment)) => For::Lease(lease, deployment),
            _ => For::Operator(&name),
        };
        let request = Request {
            manifest: &read.deployment.manifest,
            revision: read.revision,
            probes: &read.deployment.probes,
            owner,
            actor: operator(),
            now: context.now(),
        };
        let dry_run = context.global.dry_run;
        let (taken, supposed) =
            if dry_run { rehearse(&reconciling, &request)? } else { deploy(&reconciling, &request)? };
        let shown = Taken { workload: taken.workload.to_string(), manifest: read.revision.to_string(), new: taken.new };
        let report = remarks.into_iter().fold(Report::record(shown, self.output.output), Report::note);
        let report = reconciling.remarks().into_iter().fold(report, Report::note);
        let report = if dry_run { report.note("nothing is written down") } else { report };
        if !self.now {
            let next = "the next `provider workloads reconcile` runs it; --now does it at once";
            return Ok(if dry_run { report } else { report.note(next) });
        }
        let only = Some(&taken.workload);
        let done = if dry_run { reconciling.rehearse(only, supposed)? } else { reconciling.run(only)? };
        let done = steps::report_at_once(context, done, self.output.output);
        let (status, notes) = (done.status, done.notes.clone());
        Ok(notes.into_iter().fold(report.followed_by(done).status(status), Report::note))
    }

    /// The manifest, opened if it is sealed, and what there is to say about its seal.
    fn read(&self, context: &Context) -> Result<(TenantFile, Vec<&'static str>), Failure> {
        // Base64 takes a third more.
        let text = file::text_of(&self.manifest, 2 * file::LARGEST)?;
        if !Envelope::is_meant(&text) {
            return Ok((file::read(context, &self.manifest)?, Vec::new()));
        }
        let envelope = Envelope::from_json(&text).map_err(|error| Failure::from_error(&SealingError::from(error)))?;
        let opened = open_envelope(context, &context.configuration()?, &envelope, &self.passphrase)?;
        let text = std::str::from_utf8(&opened.text).map_err(|_| {
            let message = format!("what is sealed in {} is no text", self.manifest.display());
            Failure::new(Status::Data, message).hint("`provider keys open` writes it to a file, to be looked at")
        })?;
        Ok((file::read_text(context, &self.manifest, text)?, envelope_remarks(&opened)))
    }
}

/// Writes the manifest down.
fn deploy(reconciling: &Reconciling<'_>, request: &Request<'_>) -> Result<(Deployed, Option<Workload>), Failure> {
    Ok((workloads_deploy::deploy(&reconciling.store()?, request)?, None))
}

/// What would become of the manifest; a state file that is not there yet is empty.
fn rehearse(reconciling: &Reconciling<'_>, request: &Request<'_>) -> Result<(Deployed, Option<Workload>), Failure> {
    let store = reconciling.store_if_any()?;
    let (taken, workload) = workloads_deploy::rehearse(store.as_ref(), request)?;
    Ok((taken, Some(workload)))
}

fn lease(reconciling: &Reconciling<'_>, text: &str) -> Result<LeaseId, Failure> {
    let prefix = reconciling.configuration.network().address_prefix;
    LeaseId::parse(text, prefix).map_err(|error| Failure::from_error(&error))
}

/// The deployment of an active lease of ours, as a node says that is in step with the chain.
fn on_chain(reconciling: &Reconciling<'_>, lease: &LeaseId) -> Result<Deployment, Failure> {
    if reconciling.provider().is_some_and(|own| own != lease.provider()) {
        return Err(Failure::new(Status::Data, format!("the lease {lease} is another provider's"))
            .hint("its last part is the provider's account; see `provider info` for ours"));
    }
    let (client, id) = (reconciling.client(), lease.order().deployment());
    let (found, deployment) = wait_for(async {
        let found = client.lease(lease).await?.believed()?.into_value();
        Ok::<_, CallError>((found, client.deployment(id).await?.believed()?.into_value()))
    })??;
    let active = found.is_some_and(|lease| !lease.state.is_over());
    if !active {
        return Err(Failure::new(Status::Data, format!("the chain has no active lease {lease}"))
            .hint("a manifest is taken while its lease is active"));
    }
    deployment.ok_or_else(|| Failure::new(Status::Data, format!("the chain does not know the deployment {id}")))
}
