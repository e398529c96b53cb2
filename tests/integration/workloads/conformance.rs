//! What every back end promises, held against each: one suite.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use super::specs::{service, spec};
use provider::adapters::{Adapter, LogLine, LogRequest, Target};
use provider::domain::workload::{Observed, Spec, Unit, UnitState, WorkloadId};

/// What a back end needs to be told to run something.
pub struct Material {
    /// An image that it has; any text where it runs no images.
    pub image: &'static str,
    /// A command that runs for ever and says `ready` at its begin.
    pub forever: &'static [&'static str],
    /// A command that ends at once with 3.
    pub ends_with_3: &'static [&'static str],
    /// A command that cannot be started.
    pub impossible: Option<&'static [&'static str]>,
    /// Units really run: they have output, and use time.
    pub real: bool,
}

/// How long a back end may take to get somewhere.
const PATIENCE: Duration = Duration::from_secs(20);

/// Runs the whole suite; names its workloads after `tag`, so that suites can share a machine.
pub async fn suite(adapter: &dyn Adapter, tag: &str, material: &Material) {
    adapter.probe().await.unwrap();
    life(adapter, tag, material).await;
    absent_is_done(adapter, tag).await;
    ended_units_are_seen_and_started_again(adapter, tag, material).await;
    revisions(adapter, tag, material).await;
    several_units(adapter, tag, material).await;
    meters_and_output(adapter, tag, material).await;
    hostile_texts_stay_texts(adapter, tag, material).await;
}

fn one(tag: &str, name: &str, material: &Material) -> Spec {
    spec(&format!("{tag}-{name}"), 1, vec![service("web", material.image, material.forever)])
}

pub fn target(spec: &Spec) -> Target<'_> {
    Target { id: &spec.id, handle: None }
}

pub async fn find(adapter: &dyn Adapter, id: &WorkloadId) -> Option<Observed> {
    adapter.observe().await.unwrap().into_iter().find(|observed| observed.id == *id)
}

/// Waits until every unit of a workload is in a state.
pub async fn until(adapter: &dyn Adapter, spec: &Spec, what: &str, test: impl Fn(&UnitState) -> bool) -> Observed {
    let begun = Instant::now();
    loop {
        let found = find(adapter, &spec.id).await;
        if let Some(found) = found.as_ref().filter(|found| {
            found.units.len() == spec.units() as usize && found.units.iter().all(|unit| test(&unit.state))
        }) {
            return found.clone();
        }
        assert!(begun.elapsed() < PATIENCE, "{} is not {what}: {found:?}", spec.id);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

pub async fn running(adapter: &dyn Adapter, spec: &Spec) -> Observed {
    until(adapter, spec, "running", |state| *state == UnitState::Running).await
}

/// Deploy, pause, resume, stop, start again, remove; each step twice.
async fn life(adapter: &dyn Adapter, tag: &str, material: &Material) {
    let spec = one(tag, "life", material);
    assert_eq!(find(adapter, &spec.id).await, None);
    let handle = adapter.ensure(&spec).await.unwrap();
    let first = running(adapter, &spec).await;
    assert_eq!(adapter.ensure(&spec).await.unwrap(), handle);
    let again = running(adapter, &spec).await;
    assert_eq!(first, again, "asked again for what is so: nothing changes");
    assert_eq!((&first.owner, first.revision, &first.handle), (&spec.owner, spec.revision, &handle));
    assert_eq!(first.units[0].revision, spec.revision);

    let found = Target { id: &spec.id, handle: Some(&handle) };
    if adapter.capabilities().pause {
        for _ in 0..2 {
            adapter.pause(found).await.unwrap();
            until(adapter, &spec, "paused", |state| *state == UnitState::Paused).await;
        }
        adapter.ensure(&spec).await.unwrap();
        until(adapter, &spec, "still paused", |state| *state == UnitState::Paused).await;
        for _ in 0..2 {
            adapter.resume(found).await.unwrap();
            running(adapter, &spec).await;
        }
        adapter.pause(found).await.unwrap();
    }
    // What is held still can be ended.
    for _ in 0..2 {
        adapter.stop(found, Duration::from_secs(1)).await.unwrap();
        until(adapter, &spec, "ended", UnitState::has_ended).await;
    }
    adapter.ensure(&spec).await.unwrap();
    running(adapter, &spec).await;
    for _ in 0..2 {
        adapter.remove(found).await.unwrap();
        assert_eq!(find(adapter, &spec.id).await, None);
    }
}

async fn absent_is_done(adapter: &dyn Adapter, tag: &str) {
    let nobody = WorkloadId::of_operator(&format!("{tag}-nobody")).unwrap();
    let target = Target { id: &nobody, handle: None };
    if adapter.capabilities().pause {
        adapter.pause(target).await.unwrap();
        adapter.resume(target).await.unwrap();
    }
    adapter.stop(target, Duration::ZERO).await.unwrap();
    adapter.remove(target).await.unwrap();
    assert_eq!(find(adapter, &nobody).await, None);
}

async fn ended_units_are_seen_and_started_again(adapter: &dyn Adapter, tag: &str, material: &Material) {
    if !material.real {
        return;
    }
    let ends = spec(&format!("{tag}-ends"), 1, vec![service("job", material.image, material.ends_with_3)]);
    adapter.ensure(&ends).await.unwrap();
    let seen = until(adapter, &ends, "ended", UnitState::has_ended).await;
    assert_eq!(seen.units[0].state, UnitState::Exited { code: 3 });
    let since = seen.units[0].since.unwrap();
    // Some engines tell whole seconds.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    adapter.ensure(&ends).await.unwrap();
    let begun = Instant::now();
    loop {
        let now = find(adapter, &ends.id).await.unwrap();
        if now.units[0].since.is_some_and(|again| again > since) || now.units[0].state != seen.units[0].state {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "it was not started again: {now:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    adapter.remove(target(&ends)).await.unwrap();
    if let Some(impossible) = material.impossible {
        let spec = spec(&format!("{tag}-cannot"), 1, vec![service("job", material.image, impossible)]);
        // Refused at once, or seen to have failed: both are answers.
        if adapter.ensure(&spec).await.is_ok() {
            until(adapter, &spec, "failed", UnitState::has_ended).await;
        }
        adapter.remove(target(&spec)).await.unwrap();
        assert_eq!(find(adapter, &spec.id).await, None);
    }
}

async fn revisions(adapter: &dyn Adapter, tag: &str, material: &Material) {
    let old = one(tag, "rev", material);
    adapter.ensure(&old).await.unwrap();
    running(adapter, &old).await;
    let mut new = old.clone();
    new.revision = provider::domain::workload::Revision([2; 32]);
    new.group.services[0].env = Some(vec!["A=1".to_owned()]);
    adapter.ensure(&new).await.unwrap();
    let seen = running(adapter, &new).await;
    assert_eq!((seen.revision, seen.units[0].revision), (new.revision, new.revision));
    adapter.remove(target(&new)).await.unwrap();
}

async fn several_units(adapter: &dyn Adapter, tag: &str, material: &Material) {
    let mut web = service("web", material.image, material.forever);
    web.count = 2;
    let db = service("db", material.image, material.forever);
    let mut both = spec(&format!("{tag}-two"), 1, vec![db.clone(), web]);
    adapter.ensure(&both).await.unwrap();
    let seen = running(adapter, &both).await;
    let mut names: Vec<String> = seen.units.iter().map(Unit::name).collect();
    names.sort();
    assert_eq!(names, ["db-0", "web-0", "web-1"]);
    // Fewer instances: what is too many goes.
    both.group.services[1].count = 1;
    both.revision = provider::domain::workload::Revision([3; 32]);
    adapter.ensure(&both).await.unwrap();
    running(adapter, &both).await;
    adapter.remove(target(&both)).await.unwrap();
    assert_eq!(find(adapter, &both.id).await, None);
}

async fn meters_and_output(adapter: &dyn Adapter, tag: &str, material: &Material) {
    let spec = one(tag, "meter", material);
    adapter.ensure(&spec).await.unwrap();
    running(adapter, &spec).await;
    let sample = || async {
        let samples = adapter.sample().await.unwrap();
        samples.into_iter().find(|sample| sample.workload == spec.id).unwrap()
    };
    let first = sample().await;
    assert_eq!((first.service.as_str(), first.replica), ("web", 0));
    if material.real {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let second = sample().await;
        assert_eq!(first.incarnation, second.incarnation);
        assert!(second.meters.cpu >= first.meters.cpu && second.at > first.at);
        assert!(second.meters.memory.0 > 0, "{second:?}");
        let begun = Instant::now();
        loop {
            let lines = lines(adapter, &spec, &LogRequest::default()).await;
            if lines.iter().any(|line| line.text == "ready") {
                break;
            }
            assert!(begun.elapsed() < PATIENCE, "{lines:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let none = LogRequest { tail: Some(0), ..LogRequest::default() };
        assert_eq!(lines(adapter, &spec, &none).await, vec![]);
        adapter.stop(target(&spec), Duration::ZERO).await.unwrap();
        assert!(!lines(adapter, &spec, &LogRequest::default()).await.is_empty(), "output outlives its unit");
    }
    adapter.remove(target(&spec)).await.unwrap();
    let gone = adapter.sample().await.unwrap();
    assert!(gone.iter().all(|sample| sample.workload != spec.id));
}

pub async fn lines(adapter: &dyn Adapter, spec: &Spec, wanted: &LogRequest) -> Vec<LogLine> {
    let mut lines = vec![];
    let mut sink = |line: LogLine| {
        lines.push(line);
        ControlFlow::Continue(())
    };
    adapter.logs(target(spec), wanted, &mut sink).await.unwrap();
    lines
}

/// Arguments and variables with everything that a shell would act upon reach the program as they are.
async fn hostile_texts_stay_texts(adapter: &dyn Adapter, tag: &str, material: &Material) {
    if !material.real {
        return;
    }
    let hostile = "$(touch /tmp/owned) `id` ; & | > < \\ ' \" * ~ $HOME --privileged \u{202e}\u{1b}[31m";
    let echo = ["/bin/sh", "-c", "printf '%s\\n' \"$1\" \"$HOSTILE\"", "sh", hostile];
    let mut job = service("job", material.image, &echo);
    job.env = Some(vec![format!("HOSTILE={hostile}")]);
    let spec = spec(&format!("{tag}-hostile"), 1, vec![job]);
    adapter.ensure(&spec).await.unwrap();
    until(adapter, &spec, "ended", UnitState::has_ended).await;
    let begun = Instant::now();
    loop {
        let texts: Vec<String> =
            lines(adapter, &spec, &LogRequest::default()).await.into_iter().map(|line| line.text).collect();
        if texts == [hostile, hostile] {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(3), "{texts:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    adapter.remove(target(&spec)).await.unwrap();
}
