//! Samples of units become readouts of workloads.

use std::collections::{BTreeMap, HashSet};

use super::{Levels, Metrics, Moment, Reading, Readout, Sample, Source};
use crate::domain::workload::WorkloadId;

/// What a back end's samples say, by workload. Each life of a unit is a part of its own: its counters begin at 0.
pub fn readouts(source: &Source, samples: &[Sample]) -> BTreeMap<WorkloadId, Readout> {
    let mut all: BTreeMap<WorkloadId, Readout> = BTreeMap::new();
    for sample in samples {
        let at = Moment::of(sample.at);
        let readout = all.entry(sample.workload.clone()).or_insert_with(|| Readout { at, readings: Vec::new() });
        readout.at = readout.at.max(at);
        readout.readings.push(reading(source, sample, false));
    }
    all
}

/// Puts the last meters of units that ended into a readout that does not have them alive, if they are from `since` on.
/// Of an older one everything was counted.
pub fn add_last(readout: &mut Readout, source: &Source, last: &[Sample], since: Moment) {
    let alive: HashSet<String> = readout.readings.iter().map(|reading| reading.part.clone()).collect();
    for sample in last.iter().filter(|sample| Moment::of(sample.at) >= since) {
        let reading = reading(source, sample, true);
        if !alive.contains(&reading.part) {
            readout.readings.push(reading);
        }
    }
}

/// Says how many GPUs each unit holds, which its manifest tells: by service. A unit that has meters holds them.
pub fn add_gpus(readout: &mut Readout, source: &Source, gpus: &BTreeMap<String, u64>) {
    for reading in readout.readings.iter_mut().filter(|reading| reading.source == *source) {
        let unit = reading.part.rsplit_once('/').map(|(unit, _)| unit);
        let service = unit.and_then(|unit| unit.rsplit_once('-')).map(|(service, _)| service);
        reading.levels.gpus = service.and_then(|service| gpus.get(service).copied());
    }
}

fn reading(source: &Source, sample: &Sample, ended: bool) -> Reading {
    let meters = &sample.meters;
    Reading {
        source: source.clone(),
        part: format!("{}-{}/{}", sample.service, sample.replica, sample.incarnation),
        started_at: None,
        counters: Metrics {
            cpu_milli_seconds: i128::try_from(meters.cpu.as_millis()).ok(),
            network_bytes_in: meters.received.map(|bytes| bytes.0.into()),
            network_bytes_out: meters.sent.map(|bytes| bytes.0.into()),
            ..Metrics::UNKNOWN
        },
        levels: Levels { memory: Some(meters.memory), storage: meters.storage, gpus: None },
        ended_at: ended.then(|| Moment::of(sample.at)),
    }
}

/// Puts the readings of another source beside those that are there.
pub fn join(all: &mut BTreeMap<WorkloadId, Readout>, more: BTreeMap<WorkloadId, Readout>) {
    for (workload, readout) in more {
        match all.get_mut(&workload) {
            Some(there) => {
                there.at = there.at.max(readout.at);
                there.readings.extend(readout.readings);
            }
            None => {
                all.insert(workload, readout);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::resources::Bytes;
    use crate::domain::usage::Meters;

    #[test]
    fn units_are_parts_and_what_is_not_counted_is_unknown() {
        let sample = |replica, incarnation: &str, second| Sample {
            workload: WorkloadId::parse("o-web").unwrap(),
            service: "web".to_owned(),
            replica,
            incarnation: incarnation.to_owned(),
            at: jiff::Timestamp::from_second(second).unwrap(),
            meters: Meters { cpu: Duration::from_micros(1_999_999), memory: Bytes(7), ..Meters::default() },
        };
        let source: Source = "local".parse().unwrap();
        let mut all = readouts(&source, &[sample(0, "a", 5), sample(1, "b", 6)]);
        let readout = all.values().next().unwrap();
        assert_eq!((all.len(), readout.at), (1, Moment(6)));
        let parts: Vec<_> = readout.readings.iter().map(|reading| reading.part.as_str()).collect();
        assert_eq!(parts, ["web-0/a", "web-1/b"]);
        let first = &readout.readings[0];
        assert_eq!(first.counters, Metrics { cpu_milli_seconds: Some(1999), ..Metrics::UNKNOWN });
        assert_eq!(first.levels, Levels { memory: Some(Bytes(7)), storage: None, gpus: None });

        let readout = all.values_mut().next().unwrap();
        add_last(readout, &source, &[sample(1, "b", 6), sample(1, "a", 4), sample(2, "c", 5)], Moment(5));
        let ended: Vec<_> = readout.readings.iter().filter(|reading| reading.ended_at.is_some()).collect();
        assert_eq!(ended.iter().map(|reading| reading.part.as_str()).collect::<Vec<_>>(), ["web-2/c"]);
        add_gpus(readout, &source, &BTreeMap::from([("web".to_owned(), 2)]));
        assert!(readout.readings.iter().all(|reading| reading.levels.gpus == Some(2)));
        readout.readings.pop();
        join(&mut all, readouts(&Source::prometheus(), &[sample(0, "a", 9)]));
        let readout = all.values().next().unwrap();
        assert_eq!((readout.at, readout.readings.len()), (Moment(9), 3));
    }
}
