//! `usage-collect`: reads what workloads used, and makes records of the windows that are complete.
//!
//! ```text
//! lock      one run at a time; the wall clock must have gone as time did
//! load      the meters that run, the workloads that should have one, the leases that ended
//! open      a meter for each workload that has none
//! sample    every source, in bulk; a source that fails says nothing, which is not 0
//! meter     each meter takes its readout; complete windows come out (pure)
//! check     the fraud rules; what is flagged is held for a person (pure)
//! sign      with the usage key
//! write     meters, samples, records and charges together, some hundred meters in a transaction
//! report    how many of what, and what each source failed with
//! ```
//! A kill before a write leaves the meters of that transaction as they were: the next run's counters bring the whole
//! difference. After it, everything of those meters is there. So nothing is lost and nothing counted twice.

mod close;
mod error;
mod report;
pub mod sampling;
#[cfg(test)]
mod tests;
mod truth;

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use super::audit::Trail;
use super::usage_sign::UsageKey;
use super::{Circumstances, Run};
use crate::domain::amount::DecCoin;
use crate::domain::fraud::Limits;
use crate::domain::job::JobName;
use crate::domain::usage::clock::{Clocks, jumped_ahead};
use crate::domain::usage::meter::{Rules, Taken};
use crate::domain::usage::{Meter, Metered, Moment, Readout, UsageType};
use crate::domain::workload::WorkloadId;
use crate::store::Store;
use crate::store::usage::{MeterId, MeterRow, clock, meters, samples};

pub use close::Made;
pub use error::Error;
pub use report::{Collected, SourceFailure};
pub use truth::{Truth, load};

/// The job's name.
pub const NAME: JobName = JobName::constant("usage-collect");

/// How to meter.
pub struct Request<'a> {
    /// How windows are cut.
    pub rules: Rules,
    /// What is credible.
    pub limits: Limits,
    /// What usage costs beyond the lease.
    pub prices: BTreeMap<UsageType, DecCoin>,
    /// The key that signs records.
    pub key: UsageKey<'a>,
    /// The clocks of the machine now.
    pub clocks: Clocks,
    /// A person says that the clock is right although it jumped.
    pub accept_clock: bool,
}

/// What the sources said: by workload, and who said nothing.
#[derive(Debug, Clone, Default)]
pub struct Sampled {
    /// What is known.
    pub readouts: BTreeMap<WorkloadId, Readout>,
    /// Sources that could not be asked.
    pub failed: Vec<SourceFailure>,
}

/// So many meters are written in one transaction: other writers get their turn between two of them.
const BATCH: usize = 250;

/// Runs the job. `sample` asks the sources; it is called once, after the truth is known.
pub async fn run<S: Future<Output = Result<Sampled, Error>>>(
    given: Circumstances<'_>,
    request: &Request<'_>,
    truth: Truth,
    sample: impl FnOnce() -> S,
) -> Result<Collected, Error> {
    let run = Run::begin(&NAME, given)?;
    let collected = collect(&run, given, request, truth, sample).await;
    run.conclude(collected)
}

async fn collect<S: Future<Output = Result<Sampled, Error>>>(
    run: &Run<'_>,
    given: Circumstances<'_>,
    request: &Request<'_>,
    truth: Truth,
    sample: impl FnOnce() -> S,
) -> Result<Collected, Error> {
    let store = given.store;
    check_clock(store, request)?;
    let mut collected = Collected { opened: open(store, request, &truth)?, ..Collected::default() };
    let running = store.read("read the meters", meters::running)?;
    let sampled = sample().await?;
    collected.failed.clone_from(&sampled.failed);
    let readouts: HashMap<&str, &Readout> =
        sampled.readouts.iter().map(|(workload, readout)| (workload.as_str(), readout)).collect();
    for batch in running.chunks(BATCH) {
        if (given.should_stop)() {
            collected.interrupted = true;
            break;
        }
        step(given, run.trail(), request, (batch, &truth, &readouts), &mut collected)?;
    }
    store.write("keep the clocks of the collection", |change| clock::keep(change, &request.clocks))?;
    Ok(collected)
}

fn check_clock(store: &Store, request: &Request<'_>) -> Result<(), Error> {
    let before = store.read("read the clocks of the last collection", clock::last)?;
    match before.and_then(|before| jumped_ahead(&before, &request.clocks)) {
        Some(ahead) if !request.accept_clock => Err(Error::Clock { ahead }),
        Some(_) | None => Ok(()),
    }
}

/// Opens a meter for each workload that has none.
fn open(store: &Store, request: &Request<'_>, truth: &Truth) -> Result<u64, Error> {
    let mut opened = 0;
    for batch in truth.running.chunks(BATCH) {
        opened += store.write("open meters", |change| {
            let mut opened = 0_u64;
            for (new, since) in batch {
                opened += u64::from(meters::open(change, new, &Meter::open(*since, request.rules.interval))?);
            }
            Ok::<_, Error>(opened)
        })?;
    }
    Ok(opened)
}

/// A meter after this run.
struct Advanced<'a> {
    row: &'a MeterRow,
    readout: Option<&'a Readout>,
    meter: Meter,
    windows: Vec<Metered>,
    ended_at: Option<Moment>,
}

/// Takes some meters from their readouts to their rows.
fn step(
    given: Circumstances<'_>,
    trail: &Trail<'_>,
    request: &Request<'_>,
    (rows, truth, readouts): (&[MeterRow], &Truth, &HashMap<&str, &Readout>),
    collected: &mut Collected,
) -> Result<(), Error> {
    let now: Timestamp = (given.now)();
    let mut advanced = Vec::with_capacity(rows.len());
    for row in rows {
        let readout = readouts.get(row.workload.as_str()).copied();
        let ended_at = truth.ended.get(&row.lease).copied();
        if readout.is_none() && ended_at.is_none() {
            collected.silent = collected.silent.saturating_add(1);
            continue;
        }
        let (mut meter, mut windows) = (row.meter.clone(), Vec::new());
        if let Some(readout) = readout {
            let (taken, complete) = meter.take(readout, &request.rules);
            match taken {
                Taken::Counted => collected.sampled = collected.sampled.saturating_add(1),
                Taken::Late | Taken::Duplicate => collected.late = collected.late.saturating_add(1),
            }
            windows.extend(complete);
        }
        if let Some(at) = ended_at {
            windows.extend(meter.clone().finish(at, &request.rules));
        }
        advanced.push(Advanced { row, readout, meter, windows, ended_at });
    }
    let mut made: Vec<(MeterId, Vec<Made>)> = Vec::new();
    for meter in &mut advanced {
        let windows = std::mem::take(&mut meter.windows);
        made.push((meter.row.id, close::close(given.store, request, (meter.row, now), windows)?));
    }
    given.store.write("write what was metered", |change| {
        let mut signed = 0;
        for (meter, (_, records)) in advanced.iter().zip(&made) {
            if let Some(readout) = meter.readout {
                samples::keep(change, meter.row.id, readout)?;
            }
            meters::save(change, meter.row.id, &meter.meter)?;
            for record in records {
                signed += usize::from(close::write(change, record)?);
            }
            if let Some(at) = meter.ended_at {
                meters::end(change, meter.row.id, at)?;
            }
        }
        Ok::<_, Error>(request.key.note(trail, change, signed)?)
    })?;
    collected.count(made.iter().flat_map(|(_, records)| records));
    collected.ended =
        collected.ended.saturating_add(advanced.iter().filter(|meter| meter.ended_at.is_some()).count() as u64);
    trail.settle();
    Ok(())
}
