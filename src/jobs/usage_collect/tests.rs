use std::cell::Cell;
use std::time::Duration;

use super::*;
use crate::domain::id::LeaseId;
use crate::domain::resources::{Bytes, MilliCpu};
use crate::domain::usage::state::State;
use crate::domain::usage::{Allocation, Kind, Levels, Metric, Metrics, Reading, Source, Window};
use crate::jobs::usage_record::{self, Error as RecordError};
use crate::jobs::usage_review::{self, Decision};
use crate::jobs::usage_sign::tests::InMemory;
use crate::jobs::usage_verify;
use crate::keys::{KeyType, Signs as _};
use crate::store::Mode;
use crate::store::usage::meters::NewMeter;
use crate::store::usage::{Filter, RecordRow, charges, records};

const GIB: i128 = 1 << 30;

fn lease(number: u64) -> LeaseId {
    let text =
        format!("ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw/{number}/1/1/ve18u2t7lt8zchhhc2tj3yq6yqq56j68mja3xe3gg");
    LeaseId::parse(&text, "ve").unwrap()
}

/// A state file, a key and a clock.
struct World {
    _folder: tempfile::TempDir,
    store: Store,
    signer: InMemory,
    now: Cell<i64>,
    stop: Cell<bool>,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("state.db"), Mode::Write).unwrap();
        let signer = InMemory::new(KeyType::Ed25519);
        Self { _folder: folder, store, signer, now: Cell::new(0), stop: Cell::new(false) }
    }

    fn request(&self) -> Request<'_> {
        Request {
            rules: Rules {
                interval: Duration::from_hours(1),
                longest_stretch: Duration::from_mins(15),
                shortest_window: Duration::from_mins(1),
            },
            limits: Limits::default(),
            prices: BTreeMap::from([(UsageType::Egress, "2uve".parse().unwrap())]),
            key: UsageKey::new(&self.signer).unwrap(),
            clocks: self.clocks(0),
            accept_clock: false,
        }
    }

    fn clocks(&self, ahead: i64) -> Clocks {
        let since_boot = self.now.get() * 1_000_000;
        Clocks { wall: Timestamp::from_second(self.now.get() + ahead).unwrap(), boot: "b".to_owned(), since_boot }
    }

    fn given<T>(&self, work: impl FnOnce(Circumstances<'_>) -> T) -> T {
        let (now, stop) = (self.now.get(), self.stop.get());
        let clock = move || Timestamp::from_second(now).unwrap();
        let should_stop = move || stop;
        work(Circumstances {
            store: &self.store,
            now: &clock,
            should_stop: &should_stop,
            wait: Duration::ZERO,
            audit: None,
        })
    }

    /// Collects at a second: what each workload's counters of processor time and traffic say.
    fn collect(&self, at: i64, truth: Truth, says: &[(u64, i128, i128)]) -> Result<Collected, Error> {
        self.now.set(at);
        self.collect_with(&self.request(), truth, says)
    }

    fn collect_with(
        &self,
        request: &Request<'_>,
        truth: Truth,
        says: &[(u64, i128, i128)],
    ) -> Result<Collected, Error> {
        let readouts = says.iter().map(|(number, cpu, out)| {
            let counters = Metrics::UNKNOWN.with(Metric::CpuMilliSeconds, *cpu).with(Metric::NetworkBytesOut, *out);
            let reading = Reading {
                source: "local".parse().unwrap(),
                part: "web-0/1".to_owned(),
                started_at: None,
                counters,
                levels: Levels { memory: Some(Bytes(1000)), storage: None, gpus: None },
                ended_at: None,
            };
            (WorkloadId::of_lease(&lease(*number)), Readout { at: Moment(self.now.get()), readings: vec![reading] })
        });
        let sampled = Sampled { readouts: readouts.collect(), failed: Vec::new() };
        self.given(|given| {
            let work = run(given, request, truth, || async { Ok(sampled) });
            tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
        })
    }

    fn records(&self, number: u64) -> Vec<RecordRow> {
        let filter = Filter { lease: Some(lease(number).to_string()), ..Filter::default() };
        self.store.read("list", |snapshot| records::list(snapshot, &filter)).unwrap()
    }
}

fn runs(numbers: &[u64]) -> Truth {
    let meter = |number: &u64| {
        let allocated =
            Allocation { cpu_milli_cores: MilliCpu(1000), gpus: 0, memory_bytes: Bytes(4000), storage_bytes: Bytes(0) };
        let new = NewMeter {
            lease: lease(*number),
            workload: WorkloadId::of_lease(&lease(*number)).to_string(),
            allocated: Some(allocated),
            lease_price: Some("10uve".parse().unwrap()),
        };
        (new, Moment(0))
    };
    Truth { running: numbers.iter().map(meter).collect(), ..Truth::default() }
}

fn over(number: u64, at: i64) -> Truth {
    Truth { ended: BTreeMap::from([(lease(number), Moment(at))]), ..Truth::default() }
}

#[test]
fn windows_become_signed_records_that_anybody_can_verify() {
    let world = World::new();
    for minute in (5..=65).step_by(5) {
        let at = minute * 60;
        world.collect(at, runs(&[1]), &[(1, i128::from(at) * 500, i128::from(at) * 1_000_000)]).unwrap();
    }
    let records = world.records(1);
    assert_eq!(records.len(), 1);
    let record = &records[0];
    assert_eq!((record.facts.used.cpu_milli_seconds, record.state), (Some(1_800_000), State::Pending));
    assert_eq!(record.facts.used.network_bytes_out, Some(3_600_000_000));
    assert_eq!(record.facts.used.memory_byte_seconds, Some(3300 * 1000), "from the first reading on");
    assert_eq!(record.facts.used.network_bytes_in, None);
    assert_eq!(record.facts.sources.iter().map(Source::as_str).collect::<Vec<_>>(), ["local"]);
    let charged = world.store.read("charges", |s| charges::of_record(s, record.id)).unwrap();
    assert_eq!((charged[0].charge.units, charged[0].charge.carried_out), (3, 3_600_000_000 - 3 * GIB));

    let document = usage_verify::of_row(record).unwrap();
    let key = world.signer.key().public;
    assert_eq!(usage_verify::document(&document, Some(&key)).problem, None);
    let tampered = document.replace("1800000", "1800001");
    assert!(usage_verify::document(&tampered, None).problem.unwrap().contains("was changed"));
    let other = InMemory::new(KeyType::Ed25519);
    let verdict = usage_verify::document(&document, Some(&other.key().public));
    assert_eq!(verdict.problem.unwrap(), "it is signed with another key");
}

#[test]
fn the_end_of_a_lease_is_the_final_record_and_nothing_comes_after_it() {
    let world = World::new();
    world.collect(300, runs(&[1]), &[(1, 10, 0)]).unwrap();
    let ended = world.collect(600, over(1, 550), &[(1, 25, 0)]).unwrap();
    assert_eq!((ended.ended, ended.signed), (1, 1));
    let records = world.records(1);
    assert_eq!((records[0].facts.kind, records[0].facts.used.cpu_milli_seconds), (Kind::Final, Some(25)));
    assert_eq!(records[0].facts.window.end(), Moment(600));
    let again = world.collect(900, over(1, 550), &[(1, 99, 0)]).unwrap();
    assert_eq!((again.sampled, again.ended, world.records(1).len()), (0, 0, 1));
}

#[test]
fn a_source_that_says_nothing_is_not_a_zero() {
    let world = World::new();
    world.collect(300, runs(&[1, 2]), &[(1, 10, 0), (2, 10, 0)]).unwrap();
    let collected = world.collect(600, runs(&[1, 2]), &[(2, 20, 0)]).unwrap();
    assert_eq!((collected.sampled, collected.silent), (1, 1));
    world.collect(900, over(1, 900), &[(1, 40, 0)]).unwrap();
    let record = &world.records(1)[0];
    assert_eq!(record.facts.used.cpu_milli_seconds, Some(40), "the counter brought what the lost sample had not");
}

#[test]
fn what_is_suspicious_is_held_until_a_person_decides() {
    let world = World::new();
    // Two cores for a lease of one are credible, three are not.
    world.collect(300, runs(&[1, 2]), &[(1, 900_000, 0), (2, 600_000, 5 * GIB)]).unwrap();
    world.collect(301, over(1, 301), &[(1, 900_000, 0)]).unwrap();
    world.collect(302, over(2, 302), &[(2, 600_000, 5 * GIB)]).unwrap();
    let held = &world.records(1)[0];
    assert_eq!((held.state, held.flags[0].word()), (State::Held, "EXCESSIVE_CPU_USAGE"));
    assert!(usage_verify::of_row(held).is_err(), "not signed");
    assert_eq!(world.records(2)[0].state, State::Pending);

    let key = UsageKey::new(&world.signer).unwrap();
    let name = held.id.to_string();
    let approve = || Decision::Approve { by: "alice".to_owned(), key };
    let approved = world.given(|given| usage_review::run(given, &name, approve())).unwrap().0;
    assert_eq!((approved.state, approved.review.clone().unwrap().by), (State::Local, "alice".to_owned()));
    let document = usage_verify::of_row(&approved).unwrap();
    assert!(document.contains(r#""flags":["EXCESSIVE_CPU_USAGE"]"#), "{document}");
    assert_eq!(usage_verify::document(&document, None).problem, None);
    assert!(world.given(|given| usage_review::run(given, &name, approve())).is_err(), "only once");
}

#[test]
fn a_clock_that_jumped_ahead_meters_nothing_until_a_person_accepts_it() {
    let world = World::new();
    world.collect(300, runs(&[1]), &[(1, 10, 0)]).unwrap();
    world.now.set(600);
    let jumped = Request { clocks: world.clocks(86_400), ..world.request() };
    assert!(matches!(world.collect_with(&jumped, runs(&[1]), &[(1, 20, 0)]), Err(Error::Clock { .. })));
    let accepted = Request { accept_clock: true, ..jumped };
    assert_eq!(world.collect_with(&accepted, runs(&[1]), &[(1, 20, 0)]).unwrap().sampled, 1);
}

#[test]
fn a_stop_between_two_transactions_loses_nothing() {
    let world = World::new();
    let many: Vec<u64> = (1..=600).collect();
    let says = |cpu: i128| many.iter().map(|number| (*number, cpu, 0)).collect::<Vec<_>>();
    assert_eq!(world.collect(300, runs(&many), &says(10)).unwrap().sampled, 600);
    world.stop.set(true);
    let stopped = world.collect(600, Truth::default(), &says(20)).unwrap();
    assert!(stopped.interrupted && stopped.sampled == 0);
    world.stop.set(false);
    let ended = Truth { ended: many.iter().map(|number| (lease(*number), Moment(900))).collect(), ..Truth::default() };
    assert_eq!(world.collect(900, ended, &says(30)).unwrap().ended, 600);
    let all = world.store.read("list", |s| records::list(s, &Filter::default())).unwrap();
    assert_eq!(all.iter().map(|row| row.facts.used.cpu_milli_seconds.unwrap()).sum::<i128>(), 600 * 30);
}

#[test]
fn records_by_hand_fill_what_no_meter_sees_and_correct_what_is_wrong() {
    let world = World::new();
    let window = |start, end| Window::new(Moment(start), Moment(end)).unwrap();
    let record = |number, window, used: Metrics, correct| {
        let request = usage_record::Request {
            lease: lease(number),
            provider: None,
            window,
            used,
            last: false,
            correct,
            limits: Limits::default(),
            prices: world.request().prices,
            key: UsageKey::new(&world.signer).unwrap(),
        };
        world.given(|given| usage_record::run(given, &request))
    };
    world.now.set(100_000);
    let gpu = |seconds| Metrics::UNKNOWN.with(Metric::GpuSeconds, seconds);
    let first = record(7, window(0, 3600), gpu(3600), false).unwrap();
    assert_eq!(first.flags, []);
    assert!(matches!(record(7, window(1800, 5400), gpu(1), false), Err(RecordError::Rows(_))), "overlaps");
    assert!(matches!(record(7, window(7200, 7300), gpu(1), true), Err(RecordError::NothingToCorrect { .. })));
    assert!(matches!(record(7, window(7200, 7300), Metrics::UNKNOWN, false), Err(RecordError::Nothing)));
    let negative = record(7, window(3600, 7200), gpu(-5), false).unwrap();
    assert_eq!(negative.flags[0].word(), "NEGATIVE_METRICS");

    let out = Metrics::UNKNOWN.with(Metric::NetworkBytesOut, 3 * GIB);
    record(7, window(0, 3600), out, true).unwrap();
    let corrected = &world.records(7)[0];
    assert_eq!((corrected.facts.revision, corrected.facts.used.gpu_seconds), (2, Some(3600)), "the rest stays");
    assert_eq!((corrected.state, corrected.cost.as_deref()), (State::Pending, Some("6uve")));
    assert_eq!(corrected.facts.sources.iter().map(Source::as_str).collect::<Vec<_>>(), ["manual"]);

    world.collect(300, runs(&[8]), &[(8, 10, 0)]).unwrap();
    world.now.set(100_000);
    assert!(matches!(record(8, window(600, 900), gpu(1), false), Err(RecordError::Metered { .. })));
}
