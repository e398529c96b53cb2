//! Many leases for thirty days, through restarts, resets, silence, kills and faults of the node: at the end every unit
//! that the back end counted is in a record, and every unit that was charged is on the chain exactly once.
//!
//! As many leases as `LEDGER_LEASES` says: `tests/run` asks for two hundred, `cargo test` alone for twenty.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use provider::devnet::fault::{Fault, Rule};
use provider::domain::fraud::Limits;
use provider::domain::id::LeaseId;
use provider::domain::resources::{Bytes, MilliCpu};
use provider::domain::usage::clock::Clocks;
use provider::domain::usage::meter::Rules;
use provider::domain::usage::state::State;
use provider::domain::usage::{Allocation, Levels, Metric, Metrics, Moment, Reading, Readout, UsageType};
use provider::domain::workload::WorkloadId;
use provider::jobs::Circumstances;
use provider::jobs::usage_collect::{self, Request, Sampled, Truth};
use provider::jobs::usage_sign::UsageKey;
use provider::store::Store;
use provider::store::usage::meters::NewMeter;
use provider::store::usage::{Filter, charges, records};

use super::market::Market;

const SDL: &str = "version: v1\nname: metered\nservices:\n  web:\n    image: none\n    command: [/bin/true]\n    resources: { cpu: { units: 1 }, memory: { size: 64Mi }, storage: { size: 64Mi } }\n    expose: [{ port: 80, to: [{ global: true }] }]\n    price: { amount: 10, denom: uve }\n";

const DAYS: i64 = 30;

/// Between two samples: four in a day, the time of a window.
const STEP: i64 = 6 * 3600;

const GIB: u64 = 1 << 30;

/// Numbers that a seed gives, always the same (xorshift64*).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }
}

/// What a back end counts for one lease: processor time and traffic.
#[derive(Default)]
struct BackEnd {
    life: u32,
    counters: [i128; 2],
    /// Since the first life.
    consumed: [i128; 2],
    /// The last meters of lives that ended and were not told yet.
    ended: Vec<(u32, [i128; 2], Moment)>,
    told: bool,
}

/// The most that is used between two samples.
const MOST: [u64; 2] = [STEP as u64 * 1000, 4 * GIB];

impl BackEnd {
    /// Some hours pass.
    fn pass(&mut self, dice: &mut Dice, now: Moment) {
        // A counter begins anew where a source was restarted: nothing is lost if it was read just before.
        let large = self.counters.iter().zip(MOST).all(|(counter, most)| *counter > 2 * i128::from(most));
        let reset = self.told && large && dice.chance(5);
        if reset {
            self.counters = [0; 2];
        }
        if dice.chance(8) {
            self.ended.push((self.life, self.counters, Moment(now.0 - STEP / 2)));
            (self.life, self.counters) = (self.life + 1, [0; 2]);
        }
        for (place, most) in MOST.into_iter().enumerate() {
            let used = if dice.chance(10) { 0 } else { i128::from(dice.between(1, most)) };
            self.counters[place] += used;
            self.consumed[place] += used;
        }
        // Now and then somebody uses what cannot be.
        if !reset && dice.chance(1) {
            let much = i128::from(MOST[0]) * 10;
            self.counters[0] += much;
            self.consumed[0] += much;
        }
        self.told = false;
    }

    fn readout(&mut self, now: Moment) -> Readout {
        let reading = |life: u32, [cpu, out]: [i128; 2], ended_at| Reading {
            source: "local".parse().unwrap(),
            part: format!("web-0/{life}"),
            started_at: None,
            counters: Metrics::UNKNOWN.with(Metric::CpuMilliSeconds, cpu).with(Metric::NetworkBytesOut, out),
            levels: Levels::default(),
            ended_at,
        };
        let mut readings: Vec<Reading> =
            self.ended.iter().map(|(life, counters, at)| reading(*life, *counters, Some(*at))).collect();
        readings.push(reading(self.life, self.counters, None));
        Readout { at: now, readings }
    }
}

struct Books<'a> {
    market: &'a Market,
    dice: Dice,
    back_ends: BTreeMap<LeaseId, BackEnd>,
    begin: i64,
    kills: u32,
}

impl Books<'_> {
    /// Collects at a moment; sometimes it is killed at one step, and then again.
    fn collect(&mut self, store: &Store, at: i64, last: bool) {
        let mut readouts = BTreeMap::new();
        for (lease, back_end) in &mut self.back_ends {
            // Some say nothing now and then.
            if last || !self.dice.chance(7) {
                readouts.insert(WorkloadId::of_lease(lease), back_end.readout(Moment(at)));
                back_end.told = true;
            }
        }
        if self.dice.chance(30) {
            let step = self.dice.between(1, 6);
            self.kills += u32::from(!self.run(store, at, (&readouts, last), Some(step)));
        }
        assert!(self.run(store, at, (&readouts, last), None));
        for back_end in self.back_ends.values_mut().filter(|back_end| back_end.told) {
            back_end.ended.clear();
        }
    }

    /// Runs the job. Whether it came to its end: it is torn off when it looks at the clock the n-th time.
    fn run(
        &self,
        store: &Store,
        at: i64,
        (readouts, last): (&BTreeMap<WorkloadId, Readout>, bool),
        kill: Option<u64>,
    ) -> bool {
        let looks = AtomicU64::new(0);
        let now = || {
            if Some(looks.fetch_add(1, Ordering::Relaxed) + 1) == kill {
                resume_unwind(Box::new("killed"));
            }
            Timestamp::from_second(at).unwrap()
        };
        let since_boot = (at - self.begin) * 1_000_000;
        let clocks = Clocks { wall: Timestamp::from_second(at).unwrap(), boot: "b".to_owned(), since_boot };
        let prices =
            BTreeMap::from([(UsageType::Egress, "2uve".parse().unwrap()), (UsageType::Cpu, "7.3uve".parse().unwrap())]);
        let request = Request {
            rules: Rules {
                interval: Duration::from_hours(24),
                longest_stretch: Duration::from_hours(7),
                shortest_window: Duration::from_mins(1),
            },
            limits: Limits { max_record_duration: Duration::from_hours(24 * 8), ..Limits::default() },
            prices,
            key: UsageKey::new(&self.market.key).unwrap(),
            clocks,
            accept_clock: false,
        };
        let given = Circumstances { store, now: &now, should_stop: &|| false, wait: Duration::ZERO, audit: None };
        let sampled = Sampled { readouts: readouts.clone(), failed: Vec::new() };
        let work = usage_collect::run(given, &request, self.truth(at, last), || async { Ok(sampled) });
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        catch_unwind(AssertUnwindSafe(|| runtime.block_on(work))).is_ok_and(|ran| {
            ran.unwrap();
            true
        })
    }

    fn truth(&self, at: i64, last: bool) -> Truth {
        let leases = self.back_ends.keys();
        if last {
            return Truth { ended: leases.map(|lease| (lease.clone(), Moment(at))).collect(), ..Truth::default() };
        }
        let allocated = Allocation {
            cpu_milli_cores: MilliCpu(1000),
            gpus: 0,
            memory_bytes: Bytes(64 << 20),
            storage_bytes: Bytes(0),
        };
        let running = leases.map(|lease| {
            let workload = WorkloadId::of_lease(lease).to_string();
            let new = NewMeter { lease: lease.clone(), workload, allocated: Some(allocated), lease_price: None };
            (new, Moment(self.begin))
        });
        Truth { running: running.collect(), ..Truth::default() }
    }

    /// Submits while the node misbehaves; the program is killed, or comes to its end.
    async fn submit_in_trouble(&mut self) {
        let methods = [None, Some("BroadcastTx"), Some("UsageRecordsByOrder"), Some("EscrowsByOrder"), Some("GetTx")];
        let world = &self.market.world;
        for _ in 0..self.dice.between(0, 2) {
            let method = methods[usize::try_from(self.dice.next()).unwrap() % methods.len()];
            let (fault, method) = match self.dice.between(0, 4) {
                0 => (Fault::Status { code: 14, message: "away".to_owned() }, method),
                1 => (Fault::Drop, method),
                2 => (Fault::Stale { blocks: 5 }, method),
                3 => (Fault::Swallow, Some("BroadcastTx")),
                _ => (Fault::Half, method),
            };
            let (from, times) = (self.dice.between(1, 30), Some(self.dice.between(1, 3)));
            world.server.node.faults().set(Rule { from, times, ..Rule::of(fault, method) });
        }
        let mut command = world.command(&["usage", "submit", "--passphrase-file", "passphrase"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let (begun, patience) = (Instant::now(), Duration::from_millis(self.dice.between(50, 4000)));
        while child.try_wait().unwrap().is_none() && begun.elapsed() < patience {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            self.kills += 1;
        }
        child.wait().unwrap();
        world.server.node.faults().clear();
    }

    /// Submits in peace until nothing is left to do.
    async fn submit_to_the_end(&self) {
        let open = [State::Pending, State::Submitted, State::NoEscrow, State::Failed];
        for _ in 0..40 {
            let ran = self.market.run(&["usage", "submit", "--force", "--passphrase-file", "passphrase"]).await;
            assert!(matches!(ran.code, Some(0 | 1 | 75)), "{}{}", ran.stdout, ran.stderr);
            let filter = Filter { states: open.to_vec(), superseded: true, ..Filter::default() };
            let store = self.market.world.store();
            if store.read("look", |snapshot| records::list(snapshot, &filter)).unwrap().is_empty() {
                return;
            }
        }
        panic!("the records never come to their end");
    }

    /// Holds what the back end consumed, what the state file says and what the chain says against each other.
    async fn check(&self) {
        let store = self.market.world.store();
        let (mut held, mut charged, mut units) = (0, 0, 0);
        for (lease, back_end) in &self.back_ends {
            let filter = Filter { lease: Some(lease.to_string()), ..Filter::default() };
            let (rows, charges, carries) = store
                .read("look", |snapshot| {
                    let text = lease.to_string();
                    let charges = charges::of_lease(snapshot, &text)?;
                    Ok::<_, provider::store::Error>((
                        records::list(snapshot, &filter)?,
                        charges,
                        charges::carries(snapshot, &text)?,
                    ))
                })
                .unwrap();
            for pair in rows.windows(2) {
                assert_eq!(pair[0].facts.window.end(), pair[1].facts.window.start(), "{lease}: a hole, or an overlap");
            }
            for (place, usage_type) in [UsageType::Cpu, UsageType::Egress].into_iter().enumerate() {
                let metric = usage_type.metric();
                let used = |row: &&records::RecordRow| row.facts.used.get(metric);
                let recorded: i128 = rows.iter().filter_map(|row| used(&row)).sum();
                assert_eq!(recorded, back_end.consumed[place], "{lease} {usage_type}");
                let signed: i128 =
                    rows.iter().filter(|row| row.state != State::Held).filter_map(|row| used(&row)).sum();
                let of_type: Vec<_> = charges.iter().filter(|row| row.charge.usage_type == usage_type).collect();
                let metered: i128 = of_type.iter().map(|row| row.charge.metered).sum();
                assert_eq!(metered, signed, "{lease} {usage_type}: charged is what is signed");
                let taken: i128 = of_type.iter().map(|row| i128::from(row.charge.units)).sum();
                let carried = carries.iter().find(|(kind, _)| *kind == usage_type).map_or(0, |(_, carried)| *carried);
                assert_eq!(taken * usage_type.unit() + carried, metered, "{lease} {usage_type}");

                let on_chain = self.market.on_chain(lease).await;
                let mut theirs: Vec<(u64, i64)> = on_chain
                    .iter()
                    .filter(|record| record.usage_type == usage_type.word())
                    .map(|record| (record.usage_units, record.period_start))
                    .collect();
                let mut ours: Vec<(u64, i64)> = of_type
                    .iter()
                    .filter(|row| row.charge.units > 0)
                    .map(|row| {
                        let record = rows.iter().find(|record| record.id == row.record).unwrap();
                        assert!(row.usage_id.is_some(), "{lease}: a charge that is not on the chain");
                        (row.charge.units, record.facts.window.start().0)
                    })
                    .collect();
                theirs.sort_unstable();
                ours.sort_unstable();
                assert_eq!(ours, theirs, "{lease} {usage_type}: each charge once, and nothing else");
                charged += ours.len();
                units += taken;
            }
            held += rows.iter().filter(|row| row.state == State::Held).count();
        }
        assert!(held > 0 && charged > self.back_ends.len() * 30, "{held} held, {charged} charged");
        let synced = self.market.ok(&["settlement", "sync"]).await;
        assert_eq!(synced["discrepancies"], serde_json::json!([]), "{synced}");
        eprintln!("{charged} charges of {units} units, {held} records held, {} kills", self.kills);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_unit_is_accounted_for() {
    let count = std::env::var_os("LEDGER_LEASES")
        .map_or(20, |count| count.to_str().and_then(|count| count.parse().ok()).expect("LEDGER_LEASES is a number"));
    let market = Market::new(count, SDL, Some("10000000uve")).await;
    market.configure("usage: { batch_size: 1000, retry_delay: 1s, max_retries: 100 }\nsettlement: { interval: 1h }\n");
    // Thirty days that ended a little ago, from a boundary of no window on.
    let begin = Timestamp::now().as_second() - DAYS * 24 * 3600 - 1234;
    let back_ends = market.leases.iter().map(|lease| (lease.clone(), BackEnd::default())).collect();
    let mut books = Books { market: &market, dice: Dice(0x9e37_79b9), back_ends, begin, kills: 0 };
    let mut at = begin;
    for round in 1..=DAYS * 24 * 3600 / STEP {
        at = begin + round * STEP;
        for back_end in books.back_ends.values_mut() {
            back_end.pass(&mut books.dice, Moment(at));
        }
        let store = market.world.store();
        collect_apart(&mut books, &store, at, false);
        drop(store);
        if round % 12 == 0 {
            books.submit_in_trouble().await;
        }
    }
    collect_apart(&mut books, &market.world.store(), at + 60, true);
    books.submit_to_the_end().await;
    books.check().await;
    assert!(books.kills > 5, "{} kills", books.kills);
}

/// A runtime cannot be started within another one.
fn collect_apart(books: &mut Books<'_>, store: &Store, at: i64, last: bool) {
    tokio::task::block_in_place(|| books.collect(store, at, last));
}
