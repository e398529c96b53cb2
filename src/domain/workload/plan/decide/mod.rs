//! One workload: what is to be done about it.
//!
//! - [`Case`]: what is known of it, and which rule it falls under.
//! - `ending`: it is to be over, or to stay down. `starting`: it is to come up. `running`: it is up, or held still.
//!   `failing`: it failed, or stopped and may start again.

mod ending;
mod failing;
mod running;
mod starting;

use std::time::Duration;

use jiff::Timestamp;

use super::{BackEnd, ChainFacts, Held, LeaseFact, Plan, Standing, Step, Verb, WhyHeld, World};
use crate::domain::workload::health::Summary;
use crate::domain::workload::{Hold, Observed, Owner, Reading, Reason, State, Unit, UnitState, Workload};

use Decision::{Do, Nothing, Wait};

/// The next step for a workload, if there is one; what is waited for goes into the plan.
pub(super) fn decide(world: &World<'_>, workload: &Workload, plan: &mut Plan) -> Option<Step> {
    let case = Case { world, workload, lease: lease(world, workload), back_end: back_end(world, workload) };
    match case.decide() {
        Do(verb, reason) => Some(Step { workload: workload.id.clone(), verb, reason }),
        Nothing => None,
        Wait(why) => {
            plan.held.push(Held { workload: workload.id.clone(), verb: None, why });
            None
        }
    }
}

enum Decision {
    Do(Verb, Reason),
    Nothing,
    Wait(WhyHeld),
}

/// What is known of a workload's lease.
enum Lease<'a> {
    /// It has none, and needs none.
    Operator,
    /// Active.
    Active(&'a ChainFacts, &'a LeaseFact),
    /// Over.
    Over { state: &'a str, overdrawn: bool },
    /// Nothing is known; why.
    Unknown(String),
}

/// What is known of what the back end runs.
enum Runs<'a> {
    /// No back end was chosen yet.
    Nowhere,
    /// Read; none where it runs nothing of this workload.
    Known(&'a BackEnd<'a>, Option<&'a Observed>),
    /// Nothing is known; why.
    Unknown(String),
}

struct Case<'a> {
    world: &'a World<'a>,
    workload: &'a Workload,
    lease: Lease<'a>,
    back_end: Runs<'a>,
}

fn lease<'a>(world: &'a World<'_>, workload: &'a Workload) -> Lease<'a> {
    let Owner::Lease(id) = &workload.owner else { return Lease::Operator };
    let facts = match world.chain {
        Reading::Known(facts) => facts,
        Reading::Unknown(why) => return Lease::Unknown(why.clone()),
    };
    let Some(fact) = facts.leases.get(id) else { return Lease::Unknown("it was not read".to_owned()) };
    match &fact.standing {
        Standing::Active => Lease::Active(facts, fact),
        Standing::Over { state, overdrawn } => Lease::Over { state, overdrawn: *overdrawn },
        Standing::NotFound => Lease::Unknown("the chain does not know it".to_owned()),
        Standing::Unread => Lease::Unknown("it could not be read twice alike".to_owned()),
    }
}

fn back_end<'a>(world: &'a World<'_>, workload: &'a Workload) -> Runs<'a> {
    let Some(name) = &workload.adapter else { return Runs::Nowhere };
    match world.back_ends.get(name) {
        None => Runs::Unknown(format!("`{name}` is not configured")),
        Some(Reading::Unknown(why)) => Runs::Unknown(why.clone()),
        Some(Reading::Known(back_end)) => Runs::Known(back_end, back_end.observed.get(&workload.id).copied()),
    }
}

impl Case<'_> {
    fn decide(&self) -> Decision {
        if self.workload.state == State::Terminated {
            return self.terminated();
        }
        if let Lease::Over { state, overdrawn } = self.lease {
            return self.end(Reason::LeaseOver { state: state.to_owned(), overdrawn });
        }
        if self.workload.hold == Some(Hold::Terminated) {
            return self.terminate_by_operator();
        }
        if self.workload.eviction.is_some() || self.workload.closing {
            let observed = match &self.back_end {
                Runs::Nowhere => None,
                Runs::Unknown(why) => return Wait(WhyHeld::BackEndUnknown(why.clone())),
                Runs::Known(_, observed) => *observed,
            };
            return self.wait_for_the_end(observed, self.workload.reason.clone());
        }
        let (back_end, observed) = match &self.back_end {
            Runs::Nowhere if self.workload.state == State::Failed => {
                let stopped = matches!(self.workload.hold, Some(Hold::Stopped { .. }));
                return if stopped { Nothing } else { self.failed() };
            }
            Runs::Nowhere => return self.without_back_end(),
            Runs::Unknown(why) => return Wait(WhyHeld::BackEndUnknown(why.clone())),
            Runs::Known(back_end, observed) => (*back_end, *observed),
        };
        if let Some(Hold::Stopped { forced }) = self.workload.hold {
            return self.stopped_by_operator(observed, forced);
        }
        let units = observed.map_or(&[][..], |observed| &observed.units);
        let summary = self.summary(units);
        match self.workload.state {
            State::Pending => self.pending(),
            State::Deploying => self.deploying(back_end, &summary),
            State::Running => self.running(back_end, observed, &summary),
            State::Paused => self.paused(back_end, &summary),
            State::Stopping => Do(Verb::Stop { forced: self.overdue() }, self.workload.reason.clone()),
            State::Stopped => self.start_again(observed),
            State::Failed => self.failed(),
            State::Terminated => Nothing,
        }
    }

    /// Held against the revision that the back end was last asked to run.
    fn summary(&self, units: &[Unit]) -> Summary {
        let services: Vec<(&str, u32)> =
            self.workload.services.iter().map(|(name, count)| (name.as_str(), *count)).collect();
        let wanted = self.workload.deployed.or(self.workload.revision);
        Summary::against(&services, units, |unit| wanted.is_none_or(|wanted| unit.revision == wanted))
    }

    /// Why it should not run, if the tenant's money is used up.
    fn unfunded(&self) -> Option<Reason> {
        let Lease::Active(facts, fact) = &self.lease else { return None };
        let paid_until = fact.paid_until.filter(|_| is_unfunded(facts, fact))?;
        Some(Reason::FundsEnded { paid_until: paid_until.0, height: facts.height.0 })
    }

    /// When its agreed time ended, if it did.
    fn expired(&self) -> Option<Timestamp> {
        let Lease::Active(_, fact) = &self.lease else { return None };
        fact.agreed_until.filter(|agreed| self.world.now >= *agreed)
    }

    /// It was asked to end, and has had its time.
    fn overdue(&self) -> bool {
        self.workload.state == State::Stopping
            && passed(self.workload.since, self.world.rules.eviction.timeout, self.world.now)
    }
}

fn operator(command: &str) -> Reason {
    Reason::Operator { command: command.to_owned(), note: None }
}

fn keep_paused(summary: &Summary) -> Decision {
    if summary.running > 0 || !summary.starting.is_empty() { Do(Verb::Repair, drift(summary)) } else { Nothing }
}

fn is_unfunded(facts: &ChainFacts, fact: &LeaseFact) -> bool {
    fact.paid_until.is_some_and(|paid_until| facts.height >= paid_until)
}

fn ended(summary: &Summary) -> Reason {
    let units = summary.endings();
    if summary.exhausted.is_empty() { Reason::UnitsEnded { units } } else { Reason::Exhausted { units } }
}

fn drift(summary: &Summary) -> Reason {
    Reason::Drift { what: summary.shown() }
}

fn runs(observed: Option<&Observed>) -> bool {
    let alive = |unit: &Unit| match unit.state {
        UnitState::Starting | UnitState::Running | UnitState::Paused => true,
        UnitState::Exited { .. } | UnitState::Failed { .. } => false,
    };
    observed.is_some_and(|observed| observed.units.iter().any(alive))
}

fn passed(since: Timestamp, limit: Duration, now: Timestamp) -> bool {
    since.saturating_add(limit).is_ok_and(|then| now >= then)
}
