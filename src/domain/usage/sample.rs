//! One reading of a unit's meters.

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::resources::Bytes;
use crate::domain::workload::WorkloadId;

/// The meters of a unit at one moment.
///
/// Counters begin at 0 with each `incarnation` and only grow within it: what was used between two samples of one
/// incarnation is their difference, and a new incarnation begins anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// The workload.
    pub workload: WorkloadId,
    /// The service.
    pub service: String,
    /// Which of its instances, from 0.
    pub replica: u32,
    /// Which life of the unit: changes whenever its counters begin anew.
    pub incarnation: String,
    /// When the meters were read.
    pub at: Timestamp,
    /// What they said.
    pub meters: Meters,
}

/// What the meters of a unit say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Meters {
    /// Processor time used since the incarnation began.
    pub cpu: Duration,
    /// Memory in use now.
    pub memory: Bytes,
    /// Storage in use now; none where the back end does not count it.
    pub storage: Option<Bytes>,
    /// Received since the incarnation began; none where the back end does not count it.
    pub received: Option<Bytes>,
    /// Sent since the incarnation began; none where the back end does not count it.
    pub sent: Option<Bytes>,
}
