//! A manifest for a workload: checked, written down; reconcile runs it.
//!
//! A manifest is taken for a lease only if its version is the one on chain and its resources are the lease's. Without a
//! lease it is a workload of the operator's own: metered, never settled.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::domain::deployment;
use crate::domain::fault::{Classified, Fault};
use crate::domain::id::LeaseId;
use crate::domain::manifest::{Group, Manifest, Unfit};
use crate::domain::workload::heal::Restarts;
use crate::domain::workload::{Actor, NotAWorkload, Owner, Probe, Reason, Revision, State, Workload, WorkloadId};
use crate::store::workloads::manifests::{self, Kept};
use crate::store::workloads::{self, Stamp, TransitionError};
use crate::store::{self, Store};

/// A manifest that came.
#[derive(Debug)]
pub struct Request<'a> {
    /// It.
    pub manifest: &'a Manifest,
    /// Its version: of the bytes as they came.
    pub revision: Revision,
    /// The checks that it asks for, by service.
    pub probes: &'a BTreeMap<String, Probe>,
    /// Whose it is.
    pub owner: For<'a>,
    /// Who brings it.
    pub actor: Actor,
    /// The time.
    pub now: Timestamp,
}

/// Whose a manifest is.
#[derive(Debug, Clone, Copy)]
pub enum For<'a> {
    /// A lease's, with its deployment as the chain has it.
    Lease(&'a LeaseId, &'a deployment::Deployment),
    /// The operator's own, under a name.
    Operator(&'a str),
}

/// Why a manifest was not taken. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be run.
    #[error("the manifest is wrong: {}", problems.join("; "))]
    Wrong {
        /// What is wrong with it.
        problems: Vec<String>,
    },
    /// The chain names another one.
    #[error("the manifest has version {found}, and the deployment on chain wants {wanted}")]
    OtherVersion {
        /// The version on chain.
        wanted: Revision,
        /// The version of what came.
        found: Revision,
    },
    /// It does not fit the lease.
    #[error("the manifest does not fit the lease: {}", in_a_row(unfit))]
    Unfit {
        /// What does not fit.
        unfit: Vec<Unfit>,
    },
    /// It has several groups, and nothing says which is to run.
    #[error("the manifest has {groups} groups; a workload of the operator's own has one")]
    Groups {
        /// How many.
        groups: usize,
    },
    /// The group of the lease is not in it, or not on chain.
    #[error("there is no group {gseq} in the deployment, or its name is not in the manifest")]
    NoGroup {
        /// Its number.
        gseq: u32,
    },
    /// The name cannot be one.
    #[error("the workload cannot be called so")]
    Name(#[source] NotAWorkload),
    /// The workload is over.
    #[error("workload {workload} is over; give a new one another name")]
    Over {
        /// Which.
        workload: WorkloadId,
    },
    /// Its lease is being closed: nothing of it starts again.
    #[error("workload {workload} waits for the end of its lease; a manifest comes too late")]
    Closing {
        /// Which.
        workload: WorkloadId,
    },
    /// The state file failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<TransitionError> for Error {
    fn from(error: TransitionError) -> Self {
        match error {
            TransitionError::Illegal { workload, .. } => Self::Over { workload },
            TransitionError::Store(error) => Self::Store(error),
        }
    }
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Wrong { .. }
            | Self::OtherVersion { .. }
            | Self::Unfit { .. }
            | Self::Groups { .. }
            | Self::NoGroup { .. }
            | Self::Name(_)
            | Self::Over { .. }
            | Self::Closing { .. } => Fault::Invalid,
            Self::Store(error) => error.fault(),
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::OtherVersion { .. } => Some(Cow::Borrowed(
                "`provider manifest hash FILE` shows the version of a file; the tenant changes the one on chain with an \
                 update of the deployment",
            )),
            Self::Store(error) => error.hint(),
            Self::Wrong { .. }
            | Self::Unfit { .. }
            | Self::Groups { .. }
            | Self::NoGroup { .. }
            | Self::Name(_)
            | Self::Over { .. }
            | Self::Closing { .. } => None,
        }
    }
}

/// What became of a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployed {
    /// The workload.
    pub workload: WorkloadId,
    /// It is new; else it has another manifest now, or the same.
    pub new: bool,
}

/// What would become of a manifest, and the workload as it would be then; nothing is written. Without a state file
/// every workload is new.
pub fn rehearse(store: Option<&Store>, request: &Request<'_>) -> Result<(Deployed, Workload), Error> {
    let (id, owner, group) = checked(request)?;
    let known = match store {
        Some(store) => store.read("look whether a workload is there", |snapshot| workloads::one(snapshot, &id))?,
        None => None,
    };
    let new = known.is_none();
    let known = taken_by(&id, known)?.unwrap_or_else(|| fresh(&id, owner, request));
    let services = if known.deployed.is_none() { services(&group) } else { known.services.clone() };
    let restart = known.restart || tries_again(&known);
    let workload = Workload { revision: Some(request.revision), services, has_manifest: true, restart, ..known };
    Ok((Deployed { workload: id, new }, workload))
}

/// A workload that takes a manifest, if there is one.
fn taken_by(id: &WorkloadId, known: Option<Workload>) -> Result<Option<Workload>, Error> {
    match known {
        Some(workload) if workload.state == State::Terminated => Err(Error::Over { workload: id.clone() }),
        Some(workload) if workload.closing => Err(Error::Closing { workload: id.clone() }),
        known => Ok(known),
    }
}

/// A manifest that a back end refused is brought again: somebody thinks that it will not, this time.
const fn tries_again(known: &Workload) -> bool {
    matches!((&known.state, &known.reason), (State::Failed, Reason::DeployRefused { .. }))
}

fn services(group: &Group) -> Vec<(String, u32)> {
    group.services.iter().map(|service| (service.name.clone(), service.count)).collect()
}

fn checked(request: &Request<'_>) -> Result<(WorkloadId, Owner, Group), Error> {
    let problems = request.manifest.problems();
    if !problems.is_empty() {
        return Err(Error::Wrong { problems });
    }
    match request.owner {
        For::Lease(lease, deployment) => {
            let group = accept(request, lease, deployment)?;
            Ok((WorkloadId::of_lease(lease), Owner::Lease(lease.clone()), group))
        }
        For::Operator(name) => match request.manifest.groups.as_slice() {
            [group] => Ok((WorkloadId::of_operator(name).map_err(Error::Name)?, Owner::Operator, group.clone())),
            groups => Err(Error::Groups { groups: groups.len() }),
        },
    }
}

/// Takes a manifest.
pub fn deploy(store: &Store, request: &Request<'_>) -> Result<Deployed, Error> {
    let (id, owner, group) = checked(request)?;
    let services = services(&group);
    let kept = Kept { revision: request.revision, group, probes: request.probes.clone() };
    let stamp = Stamp { at: request.now, actor: request.actor.clone(), run: None };
    store.write("write down a manifest", |change| {
        let known = taken_by(&id, workloads::one(change, &id)?)?;
        match &known {
            None => drop(workloads::create(change, &fresh(&id, owner, request), &stamp)?),
            Some(known) if tries_again(known) => workloads::hold(change, &id, known.hold, true)?,
            Some(_) => {}
        }
        manifests::keep(change, &id, &kept, request.now)?;
        workloads::want(change, &id, request.revision, &services)?;
        Ok(Deployed { workload: id.clone(), new: known.is_none() })
    })
}

/// The group of a manifest that a lease wants, if the manifest is the one on chain and fits.
fn accept(request: &Request<'_>, lease: &LeaseId, deployment: &deployment::Deployment) -> Result<Group, Error> {
    let wanted = Revision(deployment.hash);
    if wanted != request.revision {
        return Err(Error::OtherVersion { wanted, found: request.revision });
    }
    let specs: Vec<_> = deployment.groups.iter().map(|group| group.spec.clone()).collect();
    let unfit = request.manifest.unfit(&specs);
    if !unfit.is_empty() {
        return Err(Error::Unfit { unfit });
    }
    let gseq = lease.order().gseq();
    let name = deployment.group(gseq).map(|group| group.spec.name.as_str());
    let group = request.manifest.groups.iter().find(|group| Some(group.name.as_str()) == name);
    group.cloned().ok_or(Error::NoGroup { gseq })
}

fn fresh(id: &WorkloadId, owner: Owner, request: &Request<'_>) -> Workload {
    Workload {
        id: id.clone(),
        owner,
        adapter: None,
        state: State::Pending,
        since: request.now,
        reason: Reason::ManifestAccepted { revision: request.revision.to_string() },
        created: request.now,
        revision: None,
        deployed: None,
        services: vec![],
        has_manifest: false,
        handle: None,
        hold: None,
        restart: false,
        restarts: Restarts::default(),
        failed_checks: 0,
        eviction: None,
        closing: false,
    }
}

fn in_a_row(unfit: &[Unfit]) -> String {
    unfit.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
