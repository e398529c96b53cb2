//! Rank 2, the back ends: what runs workloads.
//!
//! - [`Adapter`]: what each of them can be asked, over plain data; [`Capabilities`] say beforehand what it can do.
//! - [`Registry`]: those that are sold. The command line names the concrete ones, nobody else does.
//! - [`local`]: this machine, with or without a container engine.
//! - [`Simulated`] and [`Faulty`]: a back end in memory, and one that fails on demand, for tests and rehearsals.
//!
//! What every back end promises is written at [`Adapter`] and held against each by the same suite,
//! `tests/integration/workloads/conformance.rs`.

mod call;
mod faulty;
pub mod kubernetes;
pub mod local;
mod log;
mod registry;
mod simulated;

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

pub use call::{Call, Error, Operation};
pub use faulty::{Faults, Faulty};
pub use log::{LogLine, LogRequest, LogSink, Stream};
pub use registry::Registry;
pub use simulated::Simulated;

use crate::domain::bid::GpuModel;
use crate::domain::resources::{Bytes, MilliCpu};
use crate::domain::usage::Sample;
use crate::domain::workload::health::Checked;
use crate::domain::workload::{Capabilities, Handle, Observed, Probe, Spec, WorkloadId};

/// What a back end says in the end.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// Which workload is meant.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// Its id: the label of everything that it is made of.
    pub id: &'a WorkloadId,
    /// What the back end said when it was made; none where that was lost.
    pub handle: Option<&'a Handle>,
}

/// Which unit is checked, and how.
#[derive(Debug, Clone, Copy)]
pub struct Check<'a> {
    /// Its workload.
    pub workload: Target<'a>,
    /// Its service.
    pub service: &'a str,
    /// Which instance, from 0.
    pub replica: u32,
    /// How.
    pub probe: &'a Probe,
    /// How long it may take.
    pub timeout: Duration,
}

/// Something that carries our label in part: made by hand after ours, or by an older or a broken version of this program.
/// It is shown and never touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray {
    /// What the back end calls it.
    pub what: String,
    /// What is wrong with its labels.
    pub why: String,
}

/// All that a back end has, used or not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Capacity {
    /// Processors.
    pub cpu: MilliCpu,
    /// Memory.
    pub memory: Bytes,
    /// Storage, where it is known.
    pub storage: Option<Bytes>,
    /// GPUs.
    pub gpus: u64,
    /// The nodes, where there are several: an instance must fit on one of them.
    pub nodes: Vec<NodeCapacity>,
}

/// What one node has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeCapacity {
    /// What the back end calls it.
    pub name: String,
    /// Processors.
    pub cpu: MilliCpu,
    /// Memory.
    pub memory: Bytes,
    /// Storage, where it is the node's.
    pub storage: Option<Bytes>,
    /// Its GPUs, if it has any: which, and how many.
    pub gpus: Option<(GpuModel, u64)>,
}

/// A back end.
///
/// # Promises
/// - Everything that it makes carries the workload's id, owner and revision, and the name of this provider's site; it
///   sees and touches nothing that does not.
/// - An error never means "absent": a call that could not be answered in full is an error, and what is in a list is
///   all there is.
/// - Each call can be repeated: asked again for what is so already, it does nothing and succeeds. Ending or removing
///   what is absent succeeds.
/// - Nothing that a tenant wrote goes through a shell, or is taken for an option or a path of ours.
/// - Secrets of a manifest appear in no error, log line or list.
pub trait Adapter: Send + Sync {
    /// What it is called in the configuration, the state file and errors.
    fn name(&self) -> &str;

    /// What it can do. Asks nobody.
    fn capabilities(&self) -> Capabilities;

    /// Whether it is there, and what it has.
    fn probe(&self) -> Answer<'_, Capacity>;

    /// Brings every unit of a workload up as its spec says: makes what is missing, starts what has ended, replaces what
    /// is of another revision, removes what is not in the spec. A unit that is held still stays so. Everything that can
    /// be known to be wrong is refused before anything that runs is touched.
    ///
    /// It is done when the units are made and started, not when they are up: that is for [`observe`](Self::observe).
    fn ensure<'a>(&'a self, spec: &'a Spec) -> Answer<'a, Handle>;

    /// Everything of ours, in a number of calls that does not depend on how much that is.
    fn observe(&self) -> Answer<'_, Vec<Observed>>;

    /// The place where everything of ours is kept, where there is one and it is not there: a disk that is not mounted, a folder
    /// that was moved. Then an empty list is no answer to what runs. Asks nobody.
    fn missing_place(&self) -> Option<String> {
        None
    }

    /// Whatever carries our label, and not all that belongs to it: no workload can be known by it.
    fn strays(&self) -> Answer<'_, Vec<Stray>> {
        Box::pin(std::future::ready(Ok(vec![])))
    }

    /// The meters of every unit of ours that has any, in a number of calls that does not depend on how many they are.
    fn sample(&self) -> Answer<'_, Vec<Sample>>;

    /// The output of a workload, oldest first, line by line, until the sink has enough, or there is no more and
    /// following was not asked for.
    fn logs<'a>(&'a self, target: Target<'a>, wanted: &'a LogRequest, sink: LogSink<'a>) -> Answer<'a, ()>;

    /// Holds every unit still, so that it uses no processor and keeps its memory.
    fn pause<'a>(&'a self, target: Target<'a>) -> Answer<'a, ()>;

    /// Lets every unit that is held still go on.
    fn resume<'a>(&'a self, target: Target<'a>) -> Answer<'a, ()>;

    /// Ends every unit, at once where `grace` is zero, else politely first. It returns when nothing runs any more. Data,
    /// output and the units themselves stay.
    fn stop<'a>(&'a self, target: Target<'a>, grace: Duration) -> Answer<'a, ()>;

    /// Ends at once whatever still runs, and removes everything: units, data, output.
    fn remove<'a>(&'a self, target: Target<'a>) -> Answer<'a, ()>;

    /// Asks a unit whether it is well, as its manifest wants it. A check that finds the unit unwell is an answer, not an
    /// error.
    fn check<'a>(&'a self, check: Check<'a>) -> Answer<'a, Checked>;
}
