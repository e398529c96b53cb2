//! A back end that fails on demand, around another one.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::{Adapter, Answer, Call, Capacity, Check, Error, LogRequest, LogSink, Operation, Stray, Target};
use crate::domain::usage::Sample;
use crate::domain::workload::health::Checked;
use crate::domain::workload::{Capabilities, Handle, Observed, Spec, WorkloadId};

/// Which calls fail, and how many were made. Shared with whoever sets it.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Mutex<Book>>);

#[derive(Debug, Default)]
struct Book {
    failing: Vec<Operation>,
    how: How,
    calls: BTreeMap<Operation, u64>,
}

/// How a call fails.
#[derive(Debug, Clone, Copy, Default)]
enum How {
    /// Before it does anything; nobody knows that.
    #[default]
    Lost,
    /// The effect is there, and only the answer is lost.
    AnswerLost,
    /// The back end will not do it.
    Refused,
}

/// A back end whose calls fail as [`Faults`] say, and whose other calls go through to the one within.
pub struct Faulty<A> {
    within: A,
    faults: Faults,
}

impl Faults {
    /// From now on these calls fail before they do anything.
    pub fn fail(&self, operations: &[Operation]) {
        self.set(operations, How::Lost);
    }

    /// From now on these calls are refused for good.
    pub fn refuse(&self, operations: &[Operation]) {
        self.set(operations, How::Refused);
    }

    /// From now on these calls do what they should, and their answer is lost.
    pub fn lose_answers(&self, operations: &[Operation]) {
        self.set(operations, How::AnswerLost);
    }

    /// From now on every call goes through.
    pub fn heal(&self) {
        self.set(&[], How::Lost);
    }

    /// How many calls there were of each operation, failed ones too.
    pub fn calls(&self) -> BTreeMap<Operation, u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).calls.clone()
    }

    fn set(&self, operations: &[Operation], how: How) {
        let mut book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        book.failing = operations.to_vec();
        book.how = how;
    }

    /// Counts a call. How it fails, if it does.
    fn count(&self, operation: Operation) -> Option<How> {
        let mut book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *book.calls.entry(operation).or_default() += 1;
        book.failing.contains(&operation).then_some(book.how)
    }
}

impl<A: Adapter> Faulty<A> {
    /// Puts faults around a back end.
    pub const fn around(within: A, faults: Faults) -> Self {
        Self { within, faults }
    }

    /// The back end within.
    pub const fn within(&self) -> &A {
        &self.within
    }

    fn through<'a, T: Send + 'a>(
        &'a self,
        operation: Operation,
        workload: Option<&WorkloadId>,
        call: impl FnOnce(&'a A) -> Answer<'a, T>,
    ) -> Answer<'a, T> {
        const WHY: &str = "a fault that was asked for";
        let asked = Call { adapter: self.within.name().to_owned(), operation, workload: workload.cloned() };
        match self.faults.count(operation) {
            None => call(&self.within),
            Some(How::Lost) => Box::pin(async move { Err(Error::Unavailable { call: asked, source: WHY.into() }) }),
            Some(How::Refused) => Box::pin(async move { Err(Error::Refused { call: asked, reason: WHY.to_owned() }) }),
            Some(How::AnswerLost) => {
                let effect = call(&self.within);
                Box::pin(async move {
                    effect.await?;
                    Err(Error::Unavailable { call: asked, source: WHY.into() })
                })
            }
        }
    }
}

impl<A: Adapter> Adapter for Faulty<A> {
    fn name(&self) -> &str {
        self.within.name()
    }

    fn capabilities(&self) -> Capabilities {
        self.within.capabilities()
    }

    fn probe(&self) -> Answer<'_, Capacity> {
        self.through(Operation::Probe, None, |within| within.probe())
    }

    fn ensure<'a>(&'a self, spec: &'a Spec) -> Answer<'a, Handle> {
        self.through(Operation::Ensure, Some(&spec.id), |within| within.ensure(spec))
    }

    fn observe(&self) -> Answer<'_, Vec<Observed>> {
        self.through(Operation::Observe, None, |within| within.observe())
    }

    fn missing_place(&self) -> Option<String> {
        self.within().missing_place()
    }

    fn strays(&self) -> Answer<'_, Vec<Stray>> {
        self.through(Operation::Observe, None, |within| within.strays())
    }

    fn sample(&self) -> Answer<'_, Vec<Sample>> {
        self.through(Operation::Sample, None, |within| within.sample())
    }

    fn logs<'a>(&'a self, target: Target<'a>, wanted: &'a LogRequest, sink: LogSink<'a>) -> Answer<'a, ()> {
        self.through(Operation::Logs, Some(target.id), |within| within.logs(target, wanted, sink))
    }

    fn pause<'a>(&'a self, target: Target<'a>) -> Answer<'a, ()> {
        self.through(Operation::Pause, Some(target.id), |within| within.pause(target))
    }

    fn resume<'a>(&'a self, target: Target<'a>) -> Answer<'a, ()> {
        self.through(Operation::Resume, Some(target.id), |within| within.resume(target))
    }

    fn stop<'a>(&'a self, target: Target<'a>, grace: Duration) -> Answer<'a, ()> {
        self.through(Operation::Stop, Some(target.id), |within| within.stop(target, grace))
    }

    fn remove<'a>(&'a self, target: Target<'a>) -> Answer<'a, ()> {
        self.through(Operation::Remove, Some(target.id), |within| within.remove(target))
    }

    fn check<'a>(&'a self, check: Check<'a>) -> Answer<'a, Checked> {
        self.through(Operation::Check, Some(check.workload.id), |within| within.check(check))
    }
}
