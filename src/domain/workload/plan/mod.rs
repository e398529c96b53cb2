//! What is to be done about all workloads, out of what is so and what should be so. Pure.
//!
//! [`World`] is what was read: the state file, the chain, the back ends. [`plan`] holds each workload against it and
//! gives [`Step`]s, in the order in which they should be taken, and says what it holds back and why. Carried out, the
//! same world gives the empty plan.
//!
//! # Rules
//! - What is unknown changes nothing: with the chain unknown no lease is taken for over, with a back end unknown nothing
//!   of it is touched.
//! - A lease is over only when the chain said so twice: in the list and asked for it alone ([`Standing::Over`]).
//! - A lease that the chain does not know at all is neither over nor active: it is shown, and touched only where the
//!   operator terminates it.
//! - What ends workloads without anybody asking is counted, and stops at the caps.

mod budget;
mod decide;
mod held;
mod standing;
mod step;
mod world;

#[cfg(test)]
mod tests;

pub use budget::Budget;
pub use held::{Held, WhyHeld};
pub use standing::{ChainFacts, LeaseFact, Standing};
pub use step::{Step, Verb};
pub use world::{BackEnd, EvictionRules, Plan, Rules, UndoneClose, World};

use super::{Observed, Owner, Reading, Reason, State, Workload, WorkloadId};
use decide::decide;

/// What is to be done.
pub fn plan(world: &World<'_>) -> Plan {
    let mut plan = Plan::default();
    let mut budget = world.budget;
    adopt(world, &mut plan);
    open(world, &mut plan);
    for workload in world.workloads {
        let held = plan.held.len();
        let Some(step) = decide(world, workload, &mut plan) else {
            if plan.held.len() == held && is_nobodys(world, workload) {
                plan.held.push(Held { workload: workload.id.clone(), verb: None, why: WhyHeld::LeaseNotFound });
            }
            continue;
        };
        match budget.spend(&step, workload) {
            Ok(()) => plan.steps.push(step),
            Err(why) => plan.held.push(Held { workload: workload.id.clone(), verb: Some(step.verb), why }),
        }
    }
    plan
}

/// What a back end runs with our label, and the state file does not know: after a crash before the first write, or with a
/// fresh or restored state file. It is adopted, whatever its lease says: then it is a workload like any other.
fn adopt(world: &World<'_>, plan: &mut Plan) {
    for (name, back_end) in world.back_ends {
        let Reading::Known(back_end) = back_end else { continue };
        for observed in back_end.observed.values().filter(|observed| !knows(world, &observed.id)) {
            let adapter = name.clone();
            let verb = Verb::Adopt { adapter, observed: Box::new((*observed).clone()) };
            plan.steps.push(Step { workload: observed.id.clone(), verb, reason: Reason::Adopted });
        }
    }
}

/// It runs for a lease that the chain does not know: never touched, and never silent.
fn is_nobodys(world: &World<'_>, workload: &Workload) -> bool {
    let Owner::Lease(lease) = &workload.owner else { return false };
    let standing = world.chain.known().map(|chain| chain.standing(lease));
    workload.state != State::Terminated && standing == Some(Standing::NotFound)
}

/// A row for each active lease that has none.
fn open(world: &World<'_>, plan: &mut Plan) {
    let Reading::Known(chain) = world.chain else { return };
    for lease in chain.leases.values().filter(|lease| lease.standing == Standing::Active) {
        let id = WorkloadId::of_lease(&lease.id);
        let observed = |back_end: &Reading<BackEnd<'_>>| {
            back_end.known().is_some_and(|back_end| back_end.observed.contains_key(&id))
        };
        if !knows(world, &id) && !world.back_ends.values().any(observed) {
            let verb = Verb::Open { lease: lease.id.clone() };
            plan.steps.push(Step { workload: id, verb, reason: Reason::LeaseActive });
        }
    }
}

/// Workloads come in order of their ids.
fn knows(world: &World<'_>, id: &WorkloadId) -> bool {
    world.workloads.binary_search_by(|workload| workload.id.cmp(id)).is_ok()
}

/// What a back end runs that nothing on chain or in the state file asks for: shown by `workloads orphans`.
pub fn orphans<'a>(world: &'a World<'_>) -> Vec<(&'a str, &'a Observed, &'static str)> {
    let mut orphans = vec![];
    for (name, back_end) in world.back_ends {
        let Reading::Known(back_end) = back_end else { continue };
        for observed in back_end.observed.values() {
            let row = world.workloads.binary_search_by(|workload| workload.id.cmp(&observed.id)).ok();
            let row: Option<&Workload> = row.and_then(|place| world.workloads.get(place));
            let over = |why| Some((name.as_str(), *observed, why));
            orphans.extend(match (&observed.owner, row) {
                (_, Some(workload)) if workload.state == State::Terminated => {
                    over("it is terminated in the state file")
                }
                (Owner::Operator, None) => over("the state file does not know it"),
                (Owner::Operator, Some(_)) => None,
                (Owner::Lease(lease), row) => match world.chain.known().map(|chain| chain.standing(lease)) {
                    Some(Standing::Over { .. }) => over("its lease is over"),
                    Some(Standing::NotFound) => over("the chain does not know its lease"),
                    Some(Standing::Active | Standing::Unread) | None if row.is_none() => {
                        over("the state file does not know it")
                    }
                    Some(Standing::Active | Standing::Unread) | None => None,
                },
            });
        }
    }
    orphans
}
