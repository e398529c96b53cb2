//! Reading what is so: the state file, the chain, the back ends, the checks of manifests, the data that is held.

mod checks;
mod storage;

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use super::{Error, Request};
use crate::adapters::Adapter;
use crate::domain::fault::in_one_line;
use crate::domain::workload::health::Checked;
use crate::domain::workload::plan::{BackEnd, ChainFacts, UndoneClose};
use crate::domain::workload::{Observed, Reading, Workload, WorkloadId};
use crate::jobs::Circumstances;
use crate::store::workloads::readings::CHAIN;
use crate::store::workloads::{self, readings};

/// What was read.
pub struct Truth {
    workloads: Vec<Workload>,
    chain: Reading<ChainFacts>,
    /// A chain is configured.
    has_chain: bool,
    back_ends: BTreeMap<String, Reading<Seen>>,
    checks: HashMap<WorkloadId, Vec<Checked>>,
    outgrown: HashMap<WorkloadId, String>,
    undone: BTreeMap<WorkloadId, UndoneClose>,
}

/// What a back end runs.
struct Seen {
    readable_since: Timestamp,
    can_pause: bool,
    observed: Vec<Observed>,
}

/// What a reading is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// To show something: nothing is written, no check is made.
    Only,
    /// To say what would be done: nothing is written, no check is made.
    Rehearsing,
    /// To act: what was read and what was not is noted.
    AndNote,
    /// To act, and to make the checks of manifests that are due.
    AndCheck,
}

impl Truth {
    /// Reads everything. Only the state file can fail.
    pub(super) async fn observe(request: &Request<'_>, given: Circumstances<'_>, look: Look) -> Result<Self, Error> {
        let mut workloads = given.store.read("read the workloads", |snapshot| workloads::all(snapshot, false))?;
        let chain = chain(request, given, &workloads, look).await?;
        let mut back_ends = BTreeMap::new();
        for adapter in request.registry.iter() {
            back_ends.insert(adapter.name().to_owned(), seen(adapter, given, look).await?);
        }
        let observed = back_ends.values().filter_map(Reading::known).flat_map(|seen: &Seen| &seen.observed);
        let strangers: Vec<&WorkloadId> = observed
            .map(|observed| &observed.id)
            .filter(|id| workloads.binary_search_by(|workload| workload.id.cmp(id)).is_err())
            .collect();
        let over =
            given.store.read("read workloads that are over", |snapshot| workloads::over(snapshot, &strangers))?;
        if !over.is_empty() {
            workloads.extend(over);
            workloads.sort_by(|one, other| one.id.cmp(&other.id));
        }
        let has_chain = request.market.is_some();
        let undone = undone(request, given, &workloads)?;
        let (checks, outgrown) = (HashMap::new(), HashMap::new());
        let mut truth = Self { workloads, chain, has_chain, back_ends, checks, outgrown, undone };
        if look == Look::AndCheck {
            truth.check(request, given).await?;
        }
        if matches!(look, Look::AndCheck | Look::Rehearsing) {
            truth.weigh(request, given).await?;
        }
        Ok(truth)
    }

    /// Takes a workload for something else than it is in the state file: what would be done then?
    pub(super) fn suppose(&mut self, supposed: Workload) {
        let same = |workload: &Workload| workload.id.cmp(&supposed.id);
        match self.workloads.binary_search_by(same) {
            Ok(place) => self.workloads.splice(place..=place, [supposed]).for_each(drop),
            Err(place) => self.workloads.insert(place, supposed),
        }
    }

    /// Closes of leases that came to nothing, by the workload that waits for them.
    pub const fn undone(&self) -> &BTreeMap<WorkloadId, UndoneClose> {
        &self.undone
    }

    /// Every workload that is not over, and those that are and still run; in order of their ids.
    pub fn workloads(&self) -> &[Workload] {
        &self.workloads
    }

    /// The workload of this id.
    pub fn workload(&self, id: &WorkloadId) -> Option<&Workload> {
        let place = self.workloads.binary_search_by(|workload| workload.id.cmp(id)).ok()?;
        self.workloads.get(place)
    }

    /// What the chain says.
    pub const fn chain(&self) -> &Reading<ChainFacts> {
        &self.chain
    }

    /// The sources that could not be read, with the reason.
    pub fn unknown_sources(&self) -> Vec<(String, String)> {
        let mut unknown = vec![];
        if let (Reading::Unknown(why), true) = (&self.chain, self.has_chain) {
            unknown.push((CHAIN.to_owned(), why.clone()));
        }
        for (name, back_end) in &self.back_ends {
            if let Reading::Unknown(why) = back_end {
                unknown.push((name.clone(), why.clone()));
            }
        }
        unknown
    }

    /// The back ends, as the plan wants them.
    pub fn back_ends(&self) -> BTreeMap<String, Reading<BackEnd<'_>>> {
        self.back_ends.iter().map(|(name, seen)| (name.clone(), self.back_end(seen))).collect()
    }

    fn back_end<'a>(&'a self, seen: &'a Reading<Seen>) -> Reading<BackEnd<'a>> {
        match seen {
            Reading::Unknown(why) => Reading::Unknown(why.clone()),
            Reading::Known(seen) => Reading::Known(BackEnd {
                readable_since: seen.readable_since,
                can_pause: seen.can_pause,
                observed: seen.observed.iter().map(|observed| (&observed.id, observed)).collect(),
                checks: self.checks.iter().map(|(id, checks)| (id, checks.clone())).collect(),
                outgrown: self.outgrown.iter().map(|(id, units)| (id, units.clone())).collect(),
            }),
        }
    }

    /// What the back ends run of a workload.
    pub fn observed(&self, id: &WorkloadId) -> Option<&Observed> {
        let all = self.back_ends.values().filter_map(Reading::known).flat_map(|seen| &seen.observed);
        all.into_iter().find(|observed| observed.id == *id)
    }
}

async fn chain(
    request: &Request<'_>,
    given: Circumstances<'_>,
    workloads: &[Workload],
    look: Look,
) -> Result<Reading<ChainFacts>, Error> {
    let Some(market) = request.market else { return Ok(Reading::Unknown("no chain is configured".to_owned())) };
    let leases = workloads.iter().filter_map(|workload| workload.owner.lease().cloned()).collect();
    let read = market.leases(leases).await;
    let since = note(given, look, CHAIN, read.as_ref().err().map(String::as_str))?;
    if let (Ok(facts), false) = (&read, matches!(look, Look::Only | Look::Rehearsing)) {
        let (height, now) = (facts.height.0, (given.now)());
        given
            .store
            .write("write down the chain's height", |change| readings::note_height(change, CHAIN, height, now))?;
    }
    Ok(match read {
        Ok(facts) => Reading::Known(ChainFacts { readable_since: since, ..facts }),
        Err(why) => Reading::Unknown(why),
    })
}

/// What became of nothing, of those workloads that wait for the end of their lease.
fn undone(
    request: &Request<'_>,
    given: Circumstances<'_>,
    workloads: &[Workload],
) -> Result<BTreeMap<WorkloadId, UndoneClose>, Error> {
    let Some(market) = request.market else { return Ok(BTreeMap::new()) };
    let waiting = workloads.iter().filter(|workload| workload.closing);
    let waiting: Vec<_> = waiting.filter_map(|workload| Some((&workload.id, workload.owner.lease()?))).collect();
    Ok(given.store.read("read what became of the closes of leases", |snapshot| {
        let mut undone = BTreeMap::new();
        for (id, lease) in waiting {
            undone.extend(market.undone(snapshot, lease)?.map(|close| (id.clone(), close)));
        }
        Ok::<_, crate::store::Error>(undone)
    })?)
}

async fn seen(adapter: &dyn Adapter, given: Circumstances<'_>, look: Look) -> Result<Reading<Seen>, Error> {
    let observed = adapter.observe().await.map_err(|error| in_one_line(&error));
    let since = note(given, look, adapter.name(), observed.as_ref().err().map(String::as_str))?;
    Ok(match observed {
        Ok(observed) => {
            Reading::Known(Seen { readable_since: since, can_pause: adapter.capabilities().pause, observed })
        }
        Err(why) => Reading::Unknown(why),
    })
}

/// Since when a source could be read without a break. Whoever only looks takes what is known.
fn note(given: Circumstances<'_>, look: Look, source: &str, failed: Option<&str>) -> Result<Timestamp, Error> {
    let now = (given.now)();
    if matches!(look, Look::Only | Look::Rehearsing) {
        let known = given.store.read("read since when a source can be read", readings::all)?;
        let known = known.into_iter().find(|reading| reading.source == source && reading.failed.is_none());
        return Ok(known.map_or(now, |reading| reading.readable_since));
    }
    Ok(given.store.write("write down that a source was read", |change| readings::note(change, source, failed, now))?)
}
