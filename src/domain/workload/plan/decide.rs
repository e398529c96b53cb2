//! One workload: what is to be done about it.

use std::time::Duration;

use jiff::Timestamp;

use super::{BackEnd, ChainFacts, Held, LeaseFact, Plan, Standing, Step, Verb, WhyHeld, World};
use crate::domain::lease::ClosedReason;
use crate::domain::workload::heal::{self, Verdict};
use crate::domain::workload::health::Summary;
use crate::domain::workload::{
    EvictionReason, Hold, Observed, Owner, Reading, Reason, State, Unit, UnitState, Workload,
};

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
            return self.stay_down(observed, self.workload.reason.clone());
        }
        let (back_end, observed) = match &self.back_end {
            Runs::Nowhere if self.workload.state == State::Failed => return self.failed(),
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

    /// Over in the state file; the back end should hold nothing of it.
    fn terminated(&self) -> Decision {
        match &self.back_end {
            Runs::Known(_, Some(_)) => match &self.lease {
                // Active again is what no lease becomes: somebody should look.
                Lease::Active(..) => Wait(WhyHeld::LeaseUnknown("it is active, and the workload is over".to_owned())),
                Lease::Unknown(why) => Wait(WhyHeld::LeaseUnknown(why.clone())),
                Lease::Operator | Lease::Over { .. } => {
                    Do(Verb::Sweep, Reason::Drift { what: "it is over and still there".to_owned() })
                }
            },
            Runs::Known(_, None) | Runs::Nowhere | Runs::Unknown(_) => Nothing,
        }
    }

    fn end(&self, reason: Reason) -> Decision {
        match &self.back_end {
            Runs::Unknown(why) => Wait(WhyHeld::BackEndUnknown(why.clone())),
            Runs::Nowhere | Runs::Known(..) => Do(Verb::End, reason),
        }
    }

    fn terminate_by_operator(&self) -> Decision {
        let reason = operator("terminate");
        match &self.lease {
            Lease::Operator | Lease::Over { .. } => self.end(reason),
            Lease::Active(..) if self.workload.closing => match &self.back_end {
                Runs::Known(_, observed) => self.stay_down(*observed, reason),
                Runs::Nowhere => Nothing,
                Runs::Unknown(why) => Wait(WhyHeld::BackEndUnknown(why.clone())),
            },
            Lease::Active(..) => match &self.back_end {
                Runs::Unknown(why) => Wait(WhyHeld::BackEndUnknown(why.clone())),
                Runs::Nowhere | Runs::Known(..) => {
                    Do(Verb::Evict { close: ClosedReason::Decommission, eviction: None }, reason)
                }
            },
            Lease::Unknown(why) => Wait(WhyHeld::LeaseUnknown(why.clone())),
        }
    }

    /// It waits for the end of its lease: nothing of it runs until then.
    fn stay_down(&self, observed: Option<&Observed>, reason: Reason) -> Decision {
        match self.workload.state {
            State::Running | State::Paused | State::Stopping | State::Deploying => {
                Do(Verb::Stop { forced: self.overdue() }, reason)
            }
            State::Pending | State::Stopped | State::Failed if runs(observed) => {
                Do(Verb::Repair, Reason::Drift { what: "it runs and should not".to_owned() })
            }
            State::Pending | State::Stopped | State::Failed | State::Terminated => Nothing,
        }
    }

    fn stopped_by_operator(&self, observed: Option<&Observed>, forced: bool) -> Decision {
        let reason = operator("stop");
        match self.workload.state {
            State::Running | State::Paused | State::Deploying => Do(Verb::Stop { forced }, reason),
            State::Stopping => Do(Verb::Stop { forced: forced || self.overdue() }, reason),
            State::Pending | State::Stopped | State::Failed | State::Terminated => self.stay_down(observed, reason),
        }
    }

    /// No back end was asked yet.
    fn without_back_end(&self) -> Decision {
        if self.workload.has_manifest && self.workload.hold.is_none() {
            return self.pending();
        }
        self.await_manifest()
    }

    fn await_manifest(&self) -> Decision {
        let Lease::Active(facts, _) = &self.lease else { return Wait(WhyHeld::NoManifest) };
        let limit = self.world.rules.manifest_timeout;
        let began = self.workload.created.max(facts.readable_since);
        let late = passed(began, limit, self.world.now);
        if late && !self.workload.closing && self.world.rules.draining.is_none() && !self.workload.has_manifest {
            let close = ClosedReason::ManifestTimeout;
            return Do(Verb::CloseLease { close }, Reason::ManifestTimeout { limit: limit.as_secs() });
        }
        Wait(WhyHeld::NoManifest)
    }

    fn pending(&self) -> Decision {
        if !self.workload.has_manifest {
            return self.await_manifest();
        }
        let revision = self.workload.revision.map(|revision| revision.to_string()).unwrap_or_default();
        match &self.lease {
            Lease::Unknown(why) => return Wait(WhyHeld::LeaseUnknown(why.clone())),
            Lease::Active(_, fact) if fact.revision.is_some() && fact.revision != self.workload.revision => {
                return self.await_manifest();
            }
            Lease::Active(facts, fact) if is_unfunded(facts, fact) => return Nothing,
            Lease::Active(..) | Lease::Operator | Lease::Over { .. } => {}
        }
        if let Some(why) = &self.world.rules.draining {
            return Wait(WhyHeld::Draining(why.clone()));
        }
        Do(Verb::Deploy { restart: None }, Reason::ManifestAccepted { revision })
    }

    fn deploying(&self, back_end: &BackEnd<'_>, summary: &Summary) -> Decision {
        if summary.is_up() {
            return Do(Verb::Up, Reason::UnitsRunning { units: summary.running });
        }
        if summary.has_ended() {
            return Do(Verb::Fail, ended(summary));
        }
        let limit = self.world.rules.deploy_timeout;
        if passed(self.workload.since.max(back_end.readable_since), limit, self.world.now) {
            return Do(Verb::Fail, Reason::DeployTimeout { limit: limit.as_secs(), units: summary.shown() });
        }
        if !summary.paused.is_empty() {
            return Do(Verb::Repair, drift(summary));
        }
        let asked = summary.missing.is_empty() && summary.outdated.is_empty() && summary.surplus.is_empty();
        if asked || !self.workload.has_manifest { Nothing } else { Do(Verb::Repair, drift(summary)) }
    }

    fn running(&self, back_end: &BackEnd<'_>, observed: Option<&Observed>, summary: &Summary) -> Decision {
        if self.workload.restart {
            return Do(Verb::Restart, operator("restart"));
        }
        if let Some(reason) = self.unfunded() {
            return Do(if back_end.can_pause { Verb::Pause } else { Verb::Stop { forced: false } }, reason);
        }
        if let Some(at) = self.expired() {
            return self.evict(EvictionReason::LeaseExpired, Reason::LeaseExpired { at }, ClosedReason::Unspecified);
        }
        if self.workload.hold == Some(Hold::Paused) && back_end.can_pause {
            return Do(Verb::Pause, operator("pause"));
        }
        if summary.has_ended() {
            return Do(Verb::Fail, ended(summary));
        }
        if !summary.missing.is_empty() {
            return Do(Verb::Fail, Reason::UnitsMissing { units: summary.missing.join(", ") });
        }
        if self.workload.failed_checks >= self.world.rules.health.retries {
            return Do(Verb::Fail, self.unhealthy(back_end));
        }
        if let Some(step) = self.update() {
            return step;
        }
        if !summary.paused.is_empty() {
            return Do(Verb::Repair, drift(summary));
        }
        let wrong = !summary.outdated.is_empty() || !summary.surplus.is_empty();
        if wrong && self.workload.has_manifest && observed.is_some() {
            return Do(Verb::Repair, drift(summary));
        }
        let rules = &self.world.rules.heal;
        let settled = heal::settled(rules, self.workload.restarts, self.workload.since, self.world.now);
        if summary.is_up() && settled != self.workload.restarts {
            return Do(Verb::Settle, Reason::UnitsRunning { units: summary.running });
        }
        Nothing
    }

    /// The tenant, or the operator, sent another manifest.
    fn update(&self) -> Option<Decision> {
        let (from, to) = (self.workload.deployed?, self.workload.revision?);
        let wanted = match &self.lease {
            Lease::Active(_, fact) => fact.revision.is_none_or(|wanted| wanted == to),
            Lease::Operator => true,
            Lease::Over { .. } | Lease::Unknown(_) => false,
        };
        let due = from != to && wanted && self.workload.has_manifest;
        due.then(|| Do(Verb::Update, Reason::NewRevision { from: from.to_string(), to: to.to_string() }))
    }

    fn paused(&self, back_end: &BackEnd<'_>, summary: &Summary) -> Decision {
        if self.workload.restart && self.unfunded().is_none() {
            return Do(Verb::Restart, operator("restart"));
        }
        if summary.has_ended() {
            return Do(Verb::Fail, ended(summary));
        }
        if !summary.missing.is_empty() {
            return Do(Verb::Fail, Reason::UnitsMissing { units: summary.missing.join(", ") });
        }
        if let Some(at) = self.expired() {
            return self.evict(EvictionReason::LeaseExpired, Reason::LeaseExpired { at }, ClosedReason::Unspecified);
        }
        if let Some(reason) = self.unfunded() {
            let for_funds = matches!(self.workload.reason, Reason::FundsEnded { .. });
            let waited = self.workload.since.max(back_end.readable_since);
            if for_funds && passed(waited, self.world.rules.eviction.timeout, self.world.now) {
                return self.evict(EvictionReason::LeaseExpired, reason, ClosedReason::Unspecified);
            }
            return keep_paused(summary);
        }
        if self.workload.hold == Some(Hold::Paused) {
            return keep_paused(summary);
        }
        match (&self.lease, &self.workload.reason) {
            // Who adopted it knows neither why it was paused nor by whom: the tenant's money decides.
            (Lease::Active(facts, fact), Reason::FundsEnded { .. } | Reason::Adopted) => match fact.paid_until {
                Some(paid_until) => {
                    Do(Verb::Resume, Reason::FundsReturned { paid_until: paid_until.0, height: facts.height.0 })
                }
                None => keep_paused(summary),
            },
            // Whether its money is back cannot be seen.
            (Lease::Unknown(why), Reason::FundsEnded { .. } | Reason::Adopted) => {
                Wait(WhyHeld::LeaseUnknown(why.clone()))
            }
            (Lease::Operator | Lease::Active(..) | Lease::Over { .. } | Lease::Unknown(_), _) => {
                Do(Verb::Resume, operator("resume"))
            }
        }
    }

    /// Stopped, and nobody wants it to be any more.
    fn start_again(&self, observed: Option<&Observed>) -> Decision {
        let for_funds = matches!(self.workload.reason, Reason::FundsEnded { .. });
        let reason = match (&self.lease, self.unfunded()) {
            (_, Some(_)) => return self.stay_down(observed, self.workload.reason.clone()),
            (Lease::Unknown(why), None) if for_funds => return Wait(WhyHeld::LeaseUnknown(why.clone())),
            (Lease::Active(facts, LeaseFact { paid_until: Some(paid_until), .. }), None) if for_funds => {
                Reason::FundsReturned { paid_until: paid_until.0, height: facts.height.0 }
            }
            (Lease::Active(..) | Lease::Operator | Lease::Unknown(_) | Lease::Over { .. }, None) => {
                operator(if self.workload.restart { "restart" } else { "resume" })
            }
        };
        self.deploy_anew(reason, None)
    }

    fn failed(&self) -> Decision {
        let rules = self.world.rules;
        if self.workload.restart {
            return self.deploy_anew(operator("restart"), None);
        }
        if self.unfunded().is_some() {
            return Nothing;
        }
        let wanted = self.workload.revision.map(|revision| revision.to_string());
        let refused = matches!(&self.workload.reason, Reason::DeployRefused { revision, .. } if Some(revision) == wanted.as_ref());
        let exhausted = matches!(self.workload.reason, Reason::Exhausted { .. });
        if exhausted && self.workload.restarts.count > 0 && rules.draining.is_none() {
            let because = self.workload.reason.clone();
            let eviction = EvictionReason::ResourceExhaustion;
            if let Do(verb, reason) = self.evict(eviction, because, ClosedReason::Unstable) {
                return Do(verb, reason);
            }
        }
        if refused {
            // Asked for the same it would refuse again.
            return Wait(WhyHeld::NoRestart);
        }
        match heal::verdict(&rules.heal, self.workload.restarts, self.workload.since, self.world.now) {
            Verdict::Wait(until) => Wait(WhyHeld::Backoff(until)),
            Verdict::Restart(restart) => {
                let of = rules.heal.max_restarts;
                self.deploy_anew(Reason::Heal { restart, of }, Some(restart))
            }
            Verdict::UsedUp(restarts) if rules.draining.is_none() => {
                let eviction = EvictionReason::RepeatedFailures;
                self.evict(eviction, Reason::RestartsUsedUp { restarts }, ClosedReason::Unstable)
            }
            Verdict::UsedUp(_) | Verdict::Off => Wait(WhyHeld::NoRestart),
        }
    }

    fn deploy_anew(&self, reason: Reason, restart: Option<u32>) -> Decision {
        if self.workload.has_manifest { Do(Verb::Deploy { restart }, reason) } else { Wait(WhyHeld::NoManifest) }
    }

    fn evict(&self, eviction: EvictionReason, because: Reason, close: ClosedReason) -> Decision {
        if let Lease::Unknown(why) = &self.lease {
            return Wait(WhyHeld::LeaseUnknown(why.clone()));
        }
        if !self.world.rules.eviction.reasons.contains(&eviction) {
            return Wait(WhyHeld::NoRestart);
        }
        let reason = Reason::Evicted { eviction, because: Box::new(because) };
        Do(Verb::Evict { close, eviction: Some(eviction) }, reason)
    }

    fn unhealthy(&self, back_end: &BackEnd<'_>) -> Reason {
        let found = back_end.checks.get(&self.workload.id).into_iter().flatten().filter(|check| !check.healthy);
        let units: Vec<String> =
            found.map(|check| format!("{}-{}: {}", check.service, check.replica, check.detail)).collect();
        let units = if units.is_empty() { "its checks".to_owned() } else { units.join("; ") };
        Reason::Unhealthy { units, checks: self.workload.failed_checks }
    }

    /// Why it should not run, if the tenant's money is used up.
    fn unfunded(&self) -> Option<Reason> {
        let Lease::Active(facts, fact) = &self.lease else { return None };
        let paid_until = fact.paid_until.filter(|_| is_unfunded(facts, fact))?;
        Some(Reason::FundsEnded { paid_until: paid_until.0, height: facts.height.0 })
    }

    /// The height at which its agreed time ended, if it did.
    fn expired(&self) -> Option<u64> {
        let Lease::Active(facts, fact) = &self.lease else { return None };
        fact.agreed_until.filter(|agreed| facts.height >= *agreed).map(|agreed| agreed.0)
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
