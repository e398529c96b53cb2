use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::domain::resources::Bytes;
use crate::domain::usage::{Levels, Reading};

const CPU: Metric = Metric::CpuMilliSeconds;
const NET: Metric = Metric::NetworkBytesOut;

fn rules() -> Rules {
    Rules {
        interval: Duration::from_hours(1),
        longest_stretch: Duration::from_mins(15),
        shortest_window: Duration::from_mins(1),
    }
}

fn reading(part: &str, counters: Metrics) -> Reading {
    Reading {
        source: "local".parse().unwrap(),
        part: part.to_owned(),
        started_at: None,
        counters,
        levels: Levels::default(),
        ended_at: None,
    }
}

fn cpu(at: i64, value: i128) -> Readout {
    Readout { at: Moment(at), readings: vec![reading("a", Metrics::UNKNOWN.with(CPU, value))] }
}

fn meter() -> Meter {
    Meter::open(Moment(0), rules().interval)
}

/// Feeds samples and ends at the last one; gives back every window.
fn windows(samples: &[Readout], rules: &Rules) -> Vec<Metered> {
    let mut meter = Meter::open(Moment(0), rules.interval);
    let mut all = Vec::new();
    for sample in samples {
        all.extend(meter.take(sample, rules).1);
        // As between two runs.
        meter = serde_json::from_str(&serde_json::to_string(&meter).unwrap()).unwrap();
    }
    let end = meter.position();
    all.extend(meter.finish(end, rules));
    all
}

fn total(windows: &[Metered], metric: Metric) -> Option<i128> {
    windows.iter().fold(Metrics::UNKNOWN, |sum, window| sum.plus(&window.used)).get(metric)
}

fn gaps(window: &Metered) -> Vec<(GapKind, i64, i64)> {
    window.gaps.iter().map(|gap| (gap.kind, gap.start.0, gap.end.0)).collect()
}

#[test]
fn windows_are_cut_at_the_boundaries_of_utc_and_follow_each_other() {
    let samples: Vec<_> = (1..=27).map(|n| cpu(n * 300, i128::from(n) * 300)).collect();
    let windows = windows(&samples, &rules());
    let cut: Vec<_> = windows.iter().map(|window| (window.start.0, window.end.0, window.used.get(CPU))).collect();
    assert_eq!(cut, [(0, 3600, Some(3600)), (3600, 7200, Some(3600)), (7200, 8100, Some(900))]);
    assert!(windows.iter().all(|window| window.gaps.is_empty()));
    assert_eq!(windows.iter().map(|window| window.last).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!(windows[0].used.get(NET), None, "what nobody measured is unknown");
}

#[test]
fn a_boundary_between_two_samples_divides_evenly_and_loses_nothing() {
    let windows = windows(
        &[cpu(3500, 0), cpu(3700, 7), cpu(3900, 7)],
        &Rules { longest_stretch: Duration::from_secs(4000), ..rules() },
    );
    assert_eq!(windows.iter().map(|w| w.used.get(CPU)).collect::<Vec<_>>(), [Some(3), Some(4)]);
}

#[test]
fn a_counter_that_begins_anew_counts_from_zero_and_leaves_a_gap() {
    let windows = windows(&[cpu(300, 100), cpu(600, 30), cpu(900, 50)], &rules());
    assert_eq!(total(&windows, CPU), Some(150));
    assert_eq!(gaps(&windows[0]), [(GapKind::Restarted, 300, 600)]);
}

#[test]
fn a_restart_shows_by_its_begin_even_if_the_counter_went_further() {
    let mut after = cpu(600, 120);
    after.readings[0].started_at = Some(Moment(310));
    let windows = windows(&[cpu(300, 100), after], &rules());
    assert_eq!(total(&windows, CPU), Some(220));
    assert_eq!(gaps(&windows[0]), [(GapKind::Restarted, 300, 600)]);
}

#[test]
fn a_stretch_without_samples_joins_the_windows_it_touches_and_says_so() {
    let windows = windows(&[cpu(3300, 100), cpu(10_000, 500), cpu(10_300, 500), cpu(10_900, 510)], &rules());
    let cut: Vec<_> = windows.iter().map(|w| (w.start.0, w.end.0, w.used.get(CPU).unwrap())).collect();
    // The first sample comes 3300 s after the begin: a gap within one window.
    assert_eq!(cut, [(0, 10_800, 508), (10_800, 10_900, 2)]);
    assert_eq!(gaps(&windows[0]), [(GapKind::NotSampled, 0, 10_000)]);
}

#[test]
fn samples_that_are_late_or_there_already_change_nothing() {
    let mut meter = meter();
    assert_eq!(meter.take(&cpu(300, 10), &rules()).0, Taken::Counted);
    let before = meter.clone();
    assert_eq!(meter.take(&cpu(300, 11), &rules()), (Taken::Duplicate, vec![]));
    assert_eq!(meter.take(&cpu(200, 5), &rules()), (Taken::Late, vec![]));
    assert_eq!(meter, before);
    assert_eq!(meter.in_hand().get(CPU), Some(10));
}

#[test]
fn a_clock_that_is_set_back_loses_nothing() {
    // From 600 the clock goes back to 100 and on from there: what is late counts with the first sample after 600.
    let samples = [cpu(300, 10), cpu(600, 20), cpu(100, 30), cpu(400, 40), cpu(700, 50)];
    let windows = windows(&samples, &rules());
    assert_eq!(total(&windows, CPU), Some(50));
}

#[test]
fn a_new_part_counts_from_zero_and_one_that_is_gone_leaves_a_gap() {
    let both = |at, a, b| Readout {
        at: Moment(at),
        readings: vec![reading("a", Metrics::UNKNOWN.with(CPU, a)), reading("b", Metrics::UNKNOWN.with(CPU, b))],
    };
    let windows = windows(&[cpu(300, 10), both(600, 20, 7), cpu(900, 30), both(1200, 40, 9)], &rules());
    assert_eq!(total(&windows, CPU), Some(49), "b came back and went on counting");
    assert_eq!(gaps(&windows[0]), [(GapKind::Vanished, 600, 900)]);
}

#[test]
fn a_part_that_ran_before_the_lease_counts_from_its_first_reading() {
    let mut meter = Meter::open(Moment(1000), rules().interval);
    let old = |at, value| {
        let mut sample = cpu(at, value);
        sample.readings[0].started_at = Some(Moment(5));
        sample
    };
    meter.take(&old(1300, 500), &rules());
    assert_eq!(meter.in_hand().get(CPU), Some(0));
    meter.take(&old(1600, 520), &rules());
    let windows = meter.finish(Moment(1600), &rules());
    assert_eq!(total(&windows, CPU), Some(20));
    assert_eq!(gaps(&windows[0]), [(GapKind::RanBefore, 1000, 1300)]);
}

#[test]
fn a_metric_keeps_its_first_source() {
    let two = |at, local: Option<i128>, prometheus| {
        let mut other = reading("x", Metrics::UNKNOWN.with(CPU, prometheus).with(NET, prometheus));
        other.source = Source::prometheus();
        let local = local.map(|value| reading("a", Metrics::UNKNOWN.with(CPU, value)));
        Readout { at: Moment(at), readings: local.into_iter().chain([other]).collect() }
    };
    // The second sample lacks the first source: nothing is counted twice.
    let samples = [two(300, Some(10), 11), two(600, None, 22), two(900, Some(30), 33)];
    let windows = windows(&samples, &rules());
    assert_eq!((total(&windows, CPU), total(&windows, NET)), (Some(30), Some(33)));
    let sources: Vec<_> = windows[0].sources.iter().map(Source::as_str).collect();
    assert_eq!(sources, ["local", "prometheus"]);
}

#[test]
fn a_metric_that_is_missing_for_long_counts_where_there_is_room() {
    let mut samples: Vec<_> = (1..=20).map(|n| cpu(n * 600, 0)).collect();
    samples[0].readings[0].counters.add(NET, 5);
    samples[19].readings[0].counters.add(NET, 105);
    let windows = windows(&samples, &rules());
    assert_eq!(windows[1].used.get(NET), None, "unknown, not 0");
    assert_eq!(total(&windows, NET), Some(105));
    assert_eq!(gaps(windows.last().unwrap()), [(GapKind::NotSampled, 600, 12_000)]);
}

#[test]
fn a_last_window_that_is_too_short_is_joined_to_the_one_before() {
    let samples = [cpu(600, 6), cpu(1200, 12), cpu(1800, 18), cpu(2400, 24), cpu(3000, 30), cpu(3620, 36)];
    let ends = |windows: &[Metered]| windows.iter().map(|w| (w.start.0, w.end.0, w.last)).collect::<Vec<_>>();
    let joined = windows(&samples, &rules());
    assert_eq!(ends(&joined), [(0, 3620, true)]);
    assert_eq!(joined[0].used.get(CPU), Some(36));
    let standing = windows(&[&samples[..], &[cpu(3660, 40)]].concat(), &rules());
    assert_eq!(ends(&standing), [(0, 3600, false), (3600, 3660, true)]);
}

#[test]
fn the_end_states_what_nobody_measured() {
    let mut meter = meter();
    meter.take(&cpu(300, 10), &rules());
    let windows = meter.finish(Moment(500), &rules());
    assert_eq!((windows[0].end, windows[0].last), (Moment(300), true));
    assert_eq!(gaps(&windows[0]), [(GapKind::AfterLastSample, 300, 500)]);

    let never = self::meter().finish(Moment(500), &rules());
    assert_eq!((never.len(), never[0].used), (1, Metrics::UNKNOWN));
    assert_eq!(gaps(&never[0]), [(GapKind::NotSampled, 0, 500)]);
    assert_eq!(self::meter().finish(Moment(0), &rules()), []);

    // Ended at a boundary: the complete window is the last one.
    let mut meter = self::meter();
    for at in (600..=3600).step_by(600) {
        assert_eq!(meter.take(&cpu(at, 1), &rules()).1, []);
    }
    let windows = meter.finish(Moment(3700), &rules());
    assert_eq!((windows.len(), windows[0].last, windows[0].end), (1, true, Moment(3600)));
    assert_eq!(gaps(&windows[0]), [(GapKind::AfterLastSample, 3600, 3700)]);
}

#[test]
fn too_many_parts_are_bounded() {
    let mut meter = meter();
    for at in 1..2000 {
        let part = format!("container-{at}");
        meter
            .take(&Readout { at: Moment(at), readings: vec![reading(&part, Metrics::UNKNOWN.with(CPU, 1))] }, &rules());
    }
    assert_eq!(meter.parts.len(), MOST_PARTS);
    assert_eq!(total(&meter.finish(Moment(2000), &rules()), CPU), Some(1999));
}

fn memory(at: i64, bytes: u64) -> Readout {
    let mut readout = cpu(at, 0);
    readout.readings[0].levels.memory = Some(Bytes(bytes));
    readout
}

#[test]
fn a_level_counts_until_the_next_reading() {
    let metric = Metric::MemoryByteSeconds;
    let windows = windows(&[memory(300, 10), memory(600, 20), memory(900, 0), cpu(1000, 0), memory(1200, 5)], &rules());
    assert_eq!(total(&windows, metric), Some(300 * 10 + 300 * 20));
    assert_eq!(gaps(&windows[0]), [(GapKind::LevelsNotRead, 0, 300)]);
}

#[test]
fn a_level_counts_nothing_over_a_gap() {
    let readouts = [memory(300, 10), memory(600, 20), memory(2000, 30), memory(2100, 30)];
    let windows = windows(&readouts, &rules());
    assert_eq!(total(&windows, Metric::MemoryByteSeconds), Some(300 * 10 + 100 * 30));
    let kinds: Vec<_> = gaps(&windows[0]);
    assert!(kinds.contains(&(GapKind::LevelsNotRead, 600, 2000)) && kinds.contains(&(GapKind::NotSampled, 600, 2000)));
}

#[test]
fn a_part_that_ended_says_its_last_and_leaves_no_gap() {
    let mut last = memory(900, 20);
    last.readings[0].counters.add(CPU, 7);
    last.readings[0].ended_at = Some(Moment(700));
    let other = |at| Readout { at: Moment(at), readings: vec![reading("b", Metrics::UNKNOWN.with(CPU, 1))] };
    let windows = windows(&[memory(300, 10), memory(600, 20), last, other(1200)], &rules());
    assert_eq!(total(&windows, CPU), Some(8));
    assert_eq!(total(&windows, Metric::MemoryByteSeconds), Some(300 * 10 + 100 * 20), "until it ended");
    assert_eq!(gaps(&windows[0]), [(GapKind::LevelsNotRead, 0, 300)]);
}

#[test]
fn a_part_that_was_held_still_goes_on() {
    let mut paused = cpu(600, 20);
    paused.readings[0].ended_at = Some(Moment(600));
    let nothing = Readout { at: Moment(900), readings: vec![] };
    let windows = windows(&[cpu(300, 10), paused, nothing, cpu(1200, 25)], &rules());
    assert_eq!(total(&windows, CPU), Some(25));
    assert_eq!(windows[0].gaps, []);
}

#[test]
fn a_counter_is_better_than_a_level() {
    let both = |at, counted| {
        let mut readout = memory(at, 1_000_000);
        readout.readings[0].counters.add(Metric::MemoryByteSeconds, counted);
        readout
    };
    assert_eq!(total(&windows(&[both(300, 7), both(600, 9)], &rules()), Metric::MemoryByteSeconds), Some(9));
}

/// A counter by the second: what it stands at, with restarts, and what was used that a sample can still show.
#[derive(Debug, Clone)]
struct Story {
    steps: Vec<(i64, i128, bool)>,
}

fn story() -> impl Strategy<Value = Story> {
    proptest::collection::vec((1i64..2000, 0i128..1_000_000_000, proptest::bool::weighted(0.1)), 1..60)
        .prop_map(|steps| Story { steps })
}

impl Story {
    /// The samples, and what they show to have been used.
    fn samples(&self) -> (Vec<Readout>, i128) {
        let (mut at, mut value, mut used) = (0, 0, 0);
        let mut samples = Vec::new();
        for (seconds, advance, restart) in &self.steps {
            at += seconds;
            // A restart that shows: the counter stands lower than before.
            let shows = *restart && *advance < value;
            value = if shows { *advance } else { value + advance };
            used += advance;
            samples.push(cpu(at, value));
        }
        (samples, used)
    }
}

proptest! {
    /// Nothing is lost, nothing made up, and the windows cover the time without overlap and hole.
    #[test]
    fn the_windows_are_the_whole(story in story(), interval in 60u64..7200, stretch in 30u64..5000) {
        let rules = Rules { interval: Duration::from_secs(interval), longest_stretch: Duration::from_secs(stretch), ..rules() };
        let (samples, used) = story.samples();
        let windows = windows(&samples, &rules);
        prop_assert_eq!(total(&windows, CPU), Some(used));
        prop_assert_eq!(windows[0].start, Moment(0));
        prop_assert_eq!(windows.last().unwrap().end, samples.last().unwrap().at);
        for pair in windows.windows(2) {
            prop_assert_eq!(pair[0].end, pair[1].start);
            prop_assert_eq!(pair[0].end.0.rem_euclid(i64::try_from(interval).unwrap()), 0);
            prop_assert!(!pair[0].last);
        }
    }

    /// Metering is additive: the same samples under other windows, cut finer or coarser, give the same sum.
    #[test]
    fn where_windows_are_cut_does_not_change_the_sum(story in story(), one in 60u64..7200, other in 60u64..86_400) {
        let (samples, _) = story.samples();
        let sum = |interval| total(&windows(&samples, &Rules { interval: Duration::from_secs(interval), ..rules() }), CPU);
        prop_assert_eq!(sum(one), sum(other));
    }

    /// Lost samples of a counter that runs on, and samples that come twice or late, change no sum.
    #[test]
    fn lost_late_and_double_samples_do_not_change_the_sum(
        story in story(),
        lost in proptest::collection::vec(any::<bool>(), 60),
        echoes in proptest::collection::vec(0usize..60, 0..20),
    ) {
        let steady = Story { steps: story.steps.iter().map(|(s, a, _)| (*s, *a, false)).collect() };
        let (samples, used) = steady.samples();
        let last = samples.len() - 1;
        let mut kept = Vec::new();
        for (place, sample) in samples.iter().enumerate() {
            if place == last || !lost[place] {
                kept.push(sample.clone());
            }
            kept.extend(echoes.iter().filter(|echo| **echo < place && place % 3 == 0).map(|echo| samples[*echo].clone()));
        }
        // An echo of a sample that was lost may come late and count nothing; the counter runs on.
        prop_assert_eq!(total(&windows(&kept, &rules()), CPU), Some(used));
    }

    #[test]
    fn no_counters_panic(values in proptest::collection::vec((any::<i64>(), any::<i128>()), 0..20)) {
        let samples: Vec<_> = values.iter().map(|(at, value)| cpu(*at, *value)).collect();
        let _ = windows(&samples, &rules());
    }
}

/// One sample of series: labels and values of traffic.
fn series(at: i64, says: &[(&str, i128)]) -> Readout {
    let reading = |(part, value): &(&str, i128)| Reading {
        source: Source::prometheus(),
        ..reading(part, Metrics::UNKNOWN.with(Metric::NetworkBytesOut, *value))
    };
    Readout { at: Moment(at), readings: says.iter().map(reading).collect() }
}

#[test]
fn a_series_that_gets_other_labels_is_not_charged_anew() {
    let used = |samples: &[Readout]| {
        let mut meter = meter();
        for sample in samples {
            meter.take(sample, &rules());
        }
        let used = meter.in_hand().get(Metric::NetworkBytesOut).unwrap();
        let gaps = gaps(meter.finish(Moment(5000), &rules()).last().unwrap());
        (used, gaps.iter().any(|(kind, ..)| *kind == GapKind::RanBefore))
    };
    let (first, second) = (series(1100, &[("c=web", 5000)]), 1200);
    assert_eq!(used(&[first.clone(), series(second, &[("c=web,x=a", 5120)])]), (5120, true));
    // The old one may linger for a while.
    let lingers = series(second, &[("c=web", 5000), ("c=web,x=a", 5120)]);
    assert_eq!(used(&[first.clone(), lingers, series(1300, &[("c=web,x=a", 5130)])]), (5130, true));
    // Two at once, and back again.
    let both = series(1100, &[("a", 5000), ("b", 4900)]);
    let renamed = series(second, &[("a2", 5100), ("b2", 5050)]);
    assert_eq!(used(&[both.clone(), renamed, series(1300, &[("a", 5200), ("b", 5060)])]), (10_260, true));
    // A container that was started anew counts from 0, and so does one beside another that goes on.
    assert_eq!(used(&[first.clone(), series(second, &[("c=web,id=2", 120)])]), (5120, false));
    assert_eq!(used(&[first, series(second, &[("c=web", 5001), ("c=side", 9000)])]), (14_001, false));
}

#[test]
fn a_sample_on_a_boundary_says_nothing_of_the_window_after_it() {
    let mut meter = Meter::open(Moment(3000), rules().interval);
    meter.take(&cpu(3300, 300), &rules());
    meter.take(&cpu(3600, 600), &rules());
    assert_eq!(meter.in_hand().get(Metric::CpuMilliSeconds), Some(600));
    meter.take(&cpu(3700, 650), &rules());
    let mut silent = Meter::open(Moment(3000), rules().interval);
    silent.take(&cpu(3600, 600), &rules());
    // Nobody looks any more until it is over.
    let later = Readout { at: Moment(3900), readings: Vec::new() };
    silent.take(&later, &rules());
    let windows = silent.finish(Moment(3900), &rules());
    let last = windows.last().unwrap();
    assert_eq!((last.start, last.used), (Moment(3600), Metrics::UNKNOWN), "unknown, which is not 0");
    assert!(last.sources.is_empty(), "nobody measured");
}

#[test]
fn a_first_window_that_is_too_short_takes_in_the_next() {
    let mut meter = Meter::open(Moment(3590), rules().interval);
    let mut windows = Vec::new();
    for second in [3595, 3610, 7100, 7300, 7500] {
        windows.extend(meter.take(&cpu(second, i128::from(second - 3590)), &rules()).1);
    }
    let bounds: Vec<_> = windows.iter().map(|window| (window.start, window.end)).collect();
    assert_eq!(bounds, [(Moment(3590), Moment(7200))]);
}
