//! Carrying out a plan: each step is written down before it is taken, and its outcome afterwards.

mod down;
mod note;
mod up;

use std::collections::{BTreeMap, HashMap};

use futures_util::StreamExt;
use jiff::Timestamp;

use super::{End, Error, Item, Request, Truth};
use crate::adapters::{self, Adapter, Target};
use crate::domain::audit;
use crate::domain::fault::in_one_line;
use crate::domain::usage::Sample;
use crate::domain::workload::plan::{Step, Verb};
use crate::domain::workload::{Actor, Event, Spec, State, Workload, WorkloadId};
use crate::jobs::audit::{Happening, Trail};
use crate::jobs::{Circumstances, fail_point};
use crate::store::job_runs::RunId;
use crate::store::workloads::history::{self, StepId};
use crate::store::workloads::{self, Stamp, manifests};
use crate::store::{self, Change};

/// The hands of a run.
pub(super) struct Acting<'a> {
    request: &'a Request<'a>,
    given: Circumstances<'a>,
    run: RunId,
    trail: &'a Trail<'a>,
}

/// Why a step was not done: the other side, or the state file.
enum Failed {
    /// What the report says.
    Step(String),
    /// The run cannot go on.
    Run(Error),
}

impl From<adapters::Error> for Failed {
    fn from(error: adapters::Error) -> Self {
        Self::Step(in_one_line(&error))
    }
}

impl From<store::Error> for Failed {
    fn from(error: store::Error) -> Self {
        Self::Run(error.into())
    }
}

impl From<workloads::TransitionError> for Failed {
    fn from(error: workloads::TransitionError) -> Self {
        Self::Run(error.into())
    }
}

/// The last meters, by workload; or why those of a back end could not be read.
type Meters = BTreeMap<String, Result<HashMap<WorkloadId, Vec<Sample>>, String>>;

/// One step in hand.
struct Doing<'a> {
    acting: &'a Acting<'a>,
    workload: &'a Workload,
    step: &'a Step,
    meters: &'a Meters,
    observed_paused: bool,
}

impl<'a> Acting<'a> {
    pub(super) const fn new(
        request: &'a Request<'a>,
        given: Circumstances<'a>,
        run: RunId,
        trail: &'a Trail<'a>,
    ) -> Self {
        Self { request, given, run, trail }
    }

    /// Takes every step, several workloads at the same time. Only the state file can fail.
    pub(super) async fn act(&self, truth: &Truth, steps: Vec<Step>) -> Result<Vec<Item>, Error> {
        let meters = self.meters(truth, &steps).await;
        let work = steps.iter().map(|step| async {
            let end = if (self.given.should_stop)() { Ok(End::Skipped) } else { self.one(truth, step, &meters).await };
            self.trail.settle();
            end.map(|end| {
                log(step, &end);
                Item { workload: step.workload.clone(), verb: step.verb.word(), reason: step.reason.clone(), end }
            })
        });
        let concurrency = self.request.concurrency.max(1);
        // In the order of the plan, as far as several at a time allow.
        let ended: Vec<Result<Item, Error>> = futures_util::stream::iter(work).buffered(concurrency).collect().await;
        ended.into_iter().collect()
    }

    async fn one(&self, truth: &Truth, step: &Step, meters: &Meters) -> Result<End, Error> {
        let done = match (&step.verb, truth.workload(&step.workload)) {
            (Verb::Open { lease }, _) => self.open(step, lease),
            (Verb::Adopt { adapter, observed }, _) => self.adopt(step, adapter, observed),
            (_, Some(workload)) => {
                let observed_paused = truth.observed(&step.workload).is_some_and(|observed| {
                    observed.units.iter().any(|unit| unit.state == crate::domain::workload::UnitState::Paused)
                });
                Doing { acting: self, workload, step, meters, observed_paused }.take().await
            }
            (_, None) => Err(Failed::Step("it is not in the state file any more".to_owned())),
        };
        match done {
            Ok(()) => Ok(End::Done),
            Err(Failed::Step(why)) => Ok(End::Failed(why)),
            Err(Failed::Run(error)) => Err(error),
        }
    }

    /// One bulk reading of each back end of which something is to be ended or held still.
    async fn meters(&self, truth: &Truth, steps: &[Step]) -> Meters {
        let mut meters = Meters::new();
        for step in steps.iter().filter(|step| needs_meters(&step.verb)) {
            let Some(name) = truth.workload(&step.workload).and_then(|workload| workload.adapter.clone()) else {
                continue;
            };
            if meters.contains_key(&name) {
                continue;
            }
            let Some(adapter) = self.request.registry.get(&name) else { continue };
            let read = adapter.sample().await.map_err(|error| in_one_line(&error)).map(|samples| {
                let mut by_workload: HashMap<WorkloadId, Vec<Sample>> = HashMap::new();
                for sample in samples {
                    by_workload.entry(sample.workload.clone()).or_default().push(sample);
                }
                by_workload
            });
            meters.insert(name, read);
        }
        meters
    }

    fn now(&self) -> Timestamp {
        (self.given.now)()
    }

    fn stamp(&self) -> Stamp {
        Stamp { at: self.now(), actor: Actor::Reconcile, run: Some(self.run.0) }
    }

    fn write<T>(
        &self,
        doing: &'static str,
        write: impl FnOnce(&Change<'_>, &Stamp) -> Result<T, Failed>,
    ) -> Result<T, Failed> {
        let stamp = self.stamp();
        self.given.store.write(doing, |change| write(change, &stamp))
    }
}

const fn needs_meters(verb: &Verb) -> bool {
    match verb {
        Verb::Pause
        | Verb::Stop { .. }
        | Verb::Restart
        | Verb::End
        | Verb::Evict { .. }
        | Verb::Sweep
        // These replace units that run, or that ended and whose meters may still be there.
        | Verb::Deploy { .. }
        | Verb::Repair
        | Verb::Update => true,
        Verb::Open { .. }
        | Verb::Adopt { .. }
        | Verb::Up
        | Verb::Fail
        | Verb::Resume
        | Verb::CloseLease { .. }
        | Verb::Settle => false,
    }
}

fn log(step: &Step, end: &End) {
    let (workload, verb, reason) = (step.workload.as_str(), step.verb.word(), step.reason.to_string());
    match end {
        End::Done | End::Planned => tracing::info!(workload, verb, reason, "done"),
        End::Failed(why) => tracing::error!(workload, verb, reason, why, "failed"),
        End::Skipped => tracing::info!(workload, verb, reason, "skipped: the run was asked to stop"),
    }
}

impl<'a> Doing<'a> {
    async fn take(&self) -> Result<(), Failed> {
        match &self.step.verb {
            Verb::Open { .. } | Verb::Adopt { .. } => Ok(()),
            Verb::Deploy { restart } => self.deploy(*restart).await,
            Verb::Repair => self.repair().await,
            Verb::Update => self.update().await,
            Verb::Up => self.note_up(),
            Verb::Fail => self.note(Event::Fail),
            Verb::Settle => self.settle(),
            Verb::Pause => self.pause().await,
            Verb::Resume => self.resume().await,
            Verb::Stop { forced } => self.stop(*forced).await,
            Verb::Restart => self.restart().await,
            Verb::End => self.end().await,
            Verb::Sweep => self.sweep().await,
            Verb::Evict { close, eviction } => self.evict(*close, *eviction).await,
            Verb::CloseLease { close } => self.close_lease(*close),
        }
    }

    fn id(&self) -> &'a WorkloadId {
        &self.workload.id
    }

    fn target(&self) -> Target<'a> {
        Target { id: &self.workload.id, handle: self.workload.handle.as_ref() }
    }

    /// The back end that it was given to, if it was.
    fn adapter(&self) -> Result<Option<&'a dyn Adapter>, Failed> {
        let Some(name) = &self.workload.adapter else { return Ok(None) };
        let missing = || Failed::Step(format!("its back end `{name}` is not configured"));
        self.acting.request.registry.get(name).map(Some).ok_or_else(missing)
    }

    /// What the back end is asked to run.
    fn spec(&self) -> Result<Spec, Failed> {
        let gone = || Failed::Step("its manifest is not in the state file".to_owned());
        let revision = self.workload.revision.ok_or_else(gone)?;
        let kept = self
            .acting
            .given
            .store
            .read("read a manifest", |snapshot| manifests::one(snapshot, self.id(), revision))?;
        let kept = kept.ok_or_else(gone)?;
        let (id, owner) = (self.workload.id.clone(), self.workload.owner.clone());
        Ok(Spec { id, owner, revision, group: kept.group, probes: kept.probes })
    }

    /// Writes down what is about to be asked, with whatever goes with it.
    fn begin(&self, with: impl FnOnce(&Change<'_>, &Stamp) -> Result<(), Failed>) -> Result<StepId, Failed> {
        let ends = self.step.is_counted(self.workload);
        self.acting.write("write down what is to be done to a workload", |change, stamp| {
            with(change, stamp)?;
            let verb = (self.step.verb.word(), ends);
            Ok(history::begin(change, self.id(), verb, &self.step.reason, stamp)?)
        })
    }

    /// Writes down how it ended, with whatever goes with it.
    fn finish(&self, step: StepId, with: impl FnOnce(&Change<'_>, &Stamp) -> Result<(), Failed>) -> Result<(), Failed> {
        self.acting.write("write down what was done to a workload", |change, stamp| {
            with(change, stamp)?;
            Ok(history::end(change, step, None, stamp.at)?)
        })
    }

    /// Writes down that the back end did not do it, and passes that on.
    fn fail<T>(&self, step: StepId, error: &adapters::Error) -> Result<T, Failed> {
        let why = in_one_line(error);
        let shown = crate::observe::redact::text(&why);
        self.acting.write("write down that a back end failed", |change, stamp| {
            Ok(history::end(change, step, Some(&shown), stamp.at)?)
        })?;
        Err(Failed::Step(why))
    }

    /// A transition and nothing else.
    fn note(&self, event: Event) -> Result<(), Failed> {
        self.acting.write("write down a transition", |change, stamp| {
            workloads::transition(change, self.id(), event, &self.step.reason, stamp)?;
            Ok(())
        })
    }

    /// An event of the audit trail.
    fn audit(&self, change: &Change<'_>, event: audit::Event, outcome: audit::Outcome) -> Result<(), Failed> {
        let details = [
            ("owner", self.workload.owner.to_string()),
            ("back_end", self.workload.adapter.clone().unwrap_or_default()),
            ("reason", self.step.reason.to_string()),
        ];
        let details = details.into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect();
        let subject = format!("workload {}", self.id());
        Ok(self.acting.trail.append(change, Happening { event, outcome, subject: &subject, details })?)
    }

    fn is_live(&self) -> bool {
        self.workload.state.is_live()
    }

    const fn state(&self) -> State {
        self.workload.state
    }
}

/// A place where a test may kill the run.
fn at(place: &str) {
    fail_point::reach(place);
}
