//! Health: what the units of a workload and the manifest's own checks say together.

use std::time::Duration;

use super::{Spec, Unit, UnitState};

/// How health is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Time between two checks.
    pub interval: Duration,
    /// How long one check may take.
    pub timeout: Duration,
    /// Failed checks in a row that make a workload unhealthy.
    pub retries: u32,
}

/// What the units of a workload say, against how many there should be of each service.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// `web-0`: named in the manifest, unknown to the back end.
    pub missing: Vec<String>,
    /// `web-1 exited with 1`.
    pub ended: Vec<String>,
    /// `web-2 failed: …`, because the node was short or the unit outgrew its limits.
    pub exhausted: Vec<String>,
    /// Being set up.
    pub starting: Vec<String>,
    /// Held still.
    pub paused: Vec<String>,
    /// Running, of the revision that is wanted.
    pub running: u32,
    /// Of another revision than the one that is wanted, however they are.
    pub outdated: Vec<String>,
    /// Not in the manifest.
    pub surplus: Vec<String>,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The service.
    pub service: String,
    /// Which of its instances, from 0.
    pub replica: u32,
    /// What was checked: `http`, `tcp`, `command`.
    pub kind: &'static str,
    /// Whether it is well.
    pub healthy: bool,
    /// What the check saw, in one line.
    pub detail: String,
}

impl Summary {
    /// Holds units against what a workload should have.
    pub fn of(spec: &Spec, units: &[Unit]) -> Self {
        let wanted = spec.group.services.iter().map(|service| (service.name.as_str(), service.count));
        Self::against(wanted.collect::<Vec<_>>().as_slice(), units, |unit| unit.revision == spec.revision)
    }

    /// The same for a list of services and counts; `current` says whether a unit is of the revision that is wanted.
    pub fn against(services: &[(&str, u32)], units: &[Unit], current: impl Fn(&Unit) -> bool) -> Self {
        let mut summary = Self::default();
        for unit in units {
            let known = services.iter().any(|(service, count)| *service == unit.service && unit.replica < *count);
            if !known {
                summary.surplus.push(unit.name());
                continue;
            }
            if !current(unit) {
                summary.outdated.push(unit.name());
                continue;
            }
            let named = || format!("{} {}", unit.name(), unit.state);
            match &unit.state {
                UnitState::Starting => {
                    let waits = unit.waits_for.as_ref().map_or_else(String::new, |why| format!(" ({why})"));
                    summary.starting.push(unit.name() + &waits);
                }
                UnitState::Running => summary.running = summary.running.saturating_add(1),
                UnitState::Paused => summary.paused.push(unit.name()),
                UnitState::Exited { .. } | UnitState::Failed { exhausted: false, .. } => summary.ended.push(named()),
                UnitState::Failed { exhausted: true, .. } => summary.exhausted.push(named()),
            }
        }
        for (service, count) in services {
            for replica in 0..*count {
                if !units.iter().any(|unit| unit.service == *service && unit.replica == replica) {
                    summary.missing.push(format!("{service}-{replica}"));
                }
            }
        }
        summary
    }

    /// All that should run runs, and nothing else is there.
    pub fn is_up(&self) -> bool {
        let Self { missing, ended, exhausted, starting, paused, running: _, outdated, surplus } = self;
        [missing, ended, exhausted, starting, paused, outdated, surplus].into_iter().all(Vec::is_empty)
    }

    /// Something ended that should run.
    pub fn has_ended(&self) -> bool {
        !self.ended.is_empty() || !self.exhausted.is_empty()
    }

    /// Everything that ended, with how.
    pub fn endings(&self) -> String {
        shown(self.exhausted.iter().chain(&self.ended))
    }

    /// What is not as it should be, in one line.
    pub fn shown(&self) -> String {
        let mut parts = vec![];
        for (what, units) in [
            ("", &self.exhausted),
            ("", &self.ended),
            ("missing ", &self.missing),
            ("starting ", &self.starting),
            ("paused ", &self.paused),
            ("outdated ", &self.outdated),
            ("surplus ", &self.surplus),
        ] {
            if !units.is_empty() {
                parts.push(format!("{what}{}", shown(units.iter())));
            }
        }
        if parts.is_empty() { "all running".to_owned() } else { parts.join("; ") }
    }
}

/// How many units are named in one line, at most.
const NAMED: usize = 5;

/// The first few, and how many more.
pub fn shown<'a>(units: impl Iterator<Item = &'a String>) -> String {
    let units: Vec<&str> = units.map(String::as_str).collect();
    let named = units.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match units.len().checked_sub(NAMED) {
        None | Some(0) => named,
        Some(more) => format!("{named} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::workload::Revision;

    fn unit(service: &str, replica: u32, state: UnitState) -> Unit {
        Unit {
            service: service.to_owned(),
            replica,
            revision: Revision([1; 32]),
            state,
            waits_for: None,
            since: None,
            endpoints: vec![],
        }
    }

    fn summary(units: &[Unit]) -> Summary {
        Summary::against(&[("db", 1), ("web", 2)], units, |unit| unit.revision == Revision([1; 32]))
    }

    #[test]
    fn up_means_all_of_it_and_nothing_else() {
        let running = || UnitState::Running;
        let all = vec![unit("db", 0, running()), unit("web", 0, running()), unit("web", 1, running())];
        assert!(summary(&all).is_up());
        assert_eq!(summary(&all).shown(), "all running");
        let mut surplus = all.clone();
        surplus.push(unit("web", 2, running()));
        assert_eq!(summary(&surplus).shown(), "surplus web-2");
        let mut outdated = all.clone();
        outdated[0].revision = Revision([2; 32]);
        assert_eq!(summary(&outdated).shown(), "outdated db-0");
        assert!(!summary(&surplus).is_up() && !summary(&outdated).is_up() && !summary(&[]).is_up());
    }

    #[test]
    fn what_is_wrong_is_said() {
        let failed = UnitState::Failed { reason: "out of memory".to_owned(), exhausted: true };
        let found = summary(&[unit("db", 0, failed), unit("web", 0, UnitState::Exited { code: 3 })]);
        assert!(found.has_ended() && !found.is_up());
        assert_eq!(found.shown(), "db-0 failed: out of memory; web-0 exited with 3; missing web-1");
        assert_eq!(found.endings(), "db-0 failed: out of memory, web-0 exited with 3");
        let many: Vec<String> = (0..8).map(|number| format!("w-{number}")).collect();
        assert_eq!(shown(many.iter()), "w-0, w-1, w-2, w-3, w-4 and 3 more");
    }
}
