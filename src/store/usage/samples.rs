//! `usage_samples`: what the sources said.

use rusqlite::{params, params_from_iter, types::Value};

use super::MeterId;
use super::value::{At, Text, figures, metrics};
use crate::domain::resources::Bytes;
use crate::domain::usage::{Levels, Moment, Reading, Readout, Source};
use crate::store::prune::Rule;
use crate::store::{Change, Error, Snapshot, StoredTime};

/// Keeps a sample. One of the same second that is there already stays.
pub fn keep(change: &Change<'_>, meter: MeterId, readout: &Readout) -> Result<(), Error> {
    for reading in &readout.readings {
        let mut values: Vec<Value> = vec![
            meter.0.into(),
            readout.at.timestamp().as_microsecond().into(),
            reading.source.to_string().into(),
            reading.part.clone().into(),
            reading.started_at.map(|at| at.timestamp().as_microsecond()).into(),
        ];
        values.extend(figures(&reading.counters).map(Value::from));
        let Levels { memory, storage, gpus } = reading.levels;
        let held = [memory.map(|bytes| bytes.0), storage.map(|bytes| bytes.0), gpus];
        values.extend(held.map(|level| Value::from(level.map(|level| level.to_string()))));
        values.push(reading.ended_at.map(|at| at.timestamp().as_microsecond()).into());
        change.execute(
            "INSERT OR IGNORE INTO usage_samples (meter, at, source, part, started_at, cpu_milli_seconds,
               memory_byte_seconds, storage_byte_seconds, network_bytes_in, network_bytes_out, gpu_seconds,
               memory_held, storage_held, gpus_held, ended_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
            params_from_iter(values),
        )?;
    }
    Ok(())
}

/// The readings of a meter since a moment, oldest first.
pub fn since(snapshot: &Snapshot<'_>, meter: MeterId, at: Moment) -> Result<Vec<(Moment, Reading)>, Error> {
    snapshot.rows(
        "SELECT * FROM usage_samples WHERE meter = ?1 AND at >= ?2 ORDER BY at, source, part",
        params![meter.0, At(at)],
        |row| {
            let level =
                |column| Ok::<_, rusqlite::Error>(row.get::<_, Option<Text<u64>>>(column)?.map(|level| level.0));
            let reading = Reading {
                source: row.get::<_, Text<Source>>("source")?.0,
                part: row.get("part")?,
                started_at: row.get::<_, Option<At>>("started_at")?.map(|at| at.0),
                counters: metrics(row)?,
                levels: Levels {
                    memory: level("memory_held")?.map(Bytes),
                    storage: level("storage_held")?.map(Bytes),
                    gpus: level("gpus_held")?,
                },
                ended_at: row.get::<_, Option<At>>("ended_at")?.map(|at| at.0),
            };
            Ok((row.get::<_, At>("at")?.0, reading))
        },
    )
}

/// Samples past their time go: the meters do not need them.
pub(in crate::store) const PRUNING: Rule = Rule {
    table: "usage_samples",
    keep: |retention| retention.samples,
    count: |snapshot, before| {
        let sql = "SELECT count(*) FROM usage_samples WHERE at < ?1";
        snapshot.one(sql, [StoredTime(before)], |row| row.get(0).map(i64::unsigned_abs))
    },
    remove: |change, before, at_most| {
        let sql = "DELETE FROM usage_samples WHERE (meter, at, source, part) IN
                   (SELECT meter, at, source, part FROM usage_samples WHERE at < ?1 ORDER BY at LIMIT ?2)";
        change.execute(sql, params![StoredTime(before), at_most])
    },
};
