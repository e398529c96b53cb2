//! The state file under many processes, kills, full and read-only disks, and other users.

mod child;
mod commands;
mod damage;
mod disks;
mod kills;
mod locks;
mod processes;
mod restores;
mod users;

use std::collections::BTreeSet;
use std::path::Path;

use provider::domain::job::JobName;
use provider::store::job_runs::{self, History};
use provider::store::{Error, JobLock, Mode, ShouldStop, Store, Waiting};

const NEVER: ShouldStop<'static> = &never;
const AT_ONCE: Waiting<'static> = Waiting { at_most: std::time::Duration::ZERO, should_stop: NEVER };

fn never() -> bool {
    false
}

fn job(name: &str) -> JobName {
    name.parse().unwrap()
}

/// Writes that can be told apart: each is a run of the writer's job that counted to its number.
struct Writer<'s> {
    store: &'s Store,
    job: JobName,
    lock: JobLock,
}

impl<'s> Writer<'s> {
    fn new(store: &'s Store, name: &str) -> Self {
        let job = job(name);
        let lock = JobLock::take(store, &job, jiff::Timestamp::now(), AT_ONCE).unwrap();
        Self { store, job, lock }
    }

    fn write(&self, number: u64) -> Result<(), Error> {
        self.store.write("write a number", |change| {
            let now = jiff::Timestamp::now();
            let (run, killed) = job_runs::start(change, &self.lock, &self.job, now)?;
            assert_eq!(killed, [], "starting and ending is one change, so no run is ever seen half");
            let mut counts = provider::domain::job::Counts::default();
            counts.add("number", number);
            job_runs::finish(change, run, now, provider::domain::job::Outcome::Done, &counts, None)
        })
    }
}

/// The numbers in a state file.
fn numbers(store: &Store) -> BTreeSet<u64> {
    let runs = store.read("read the numbers", |snapshot| job_runs::history(snapshot, &History::default())).unwrap();
    let numbers: BTreeSet<u64> = runs.iter().map(|run| run.counts.of("number")).collect();
    assert_eq!(numbers.len(), runs.len(), "each number once");
    numbers
}

/// The same of a file, after every check.
fn sound_numbers(file: &Path) -> BTreeSet<u64> {
    let store = Store::open(file, Mode::Write).unwrap();
    assert_eq!(store.check(NEVER).unwrap(), []);
    numbers(&store)
}

/// A new state file with the numbers 1 to `count`, its log folded in.
fn filled(file: &Path, count: u64) {
    let store = Store::open(file, Mode::Write).unwrap();
    let writer = Writer::new(&store, "filler");
    (1..=count).for_each(|number| writer.write(number).unwrap());
}
