//! The sums of each lease. Records come ordered by lease, so one lease at a time is held.

use std::collections::BTreeMap;
use std::io::{self, Write};

use rusqlite::Row;

use super::{Error, Format, Request, csv, each, json};
use crate::domain::amount::{Coin, Int};
use crate::domain::usage::{Metric, Metrics, Moment};
use crate::store::Store;

/// The names of the columns.
pub(super) const COLUMNS: &[&str] = &[
    "lease_id",
    "tenant",
    "workload_id",
    "period_start",
    "period_end",
    "records",
    "cpu_milli_seconds",
    "memory_byte_seconds",
    "storage_byte_seconds",
    "network_bytes_in",
    "network_bytes_out",
    "gpu_seconds",
    "cost",
];

#[derive(Debug)]
struct Sum {
    lease: String,
    tenant: String,
    workload: String,
    start: Moment,
    end: Moment,
    records: u64,
    used: Metrics,
    cost: BTreeMap<String, Int>,
}

enum Sink<'s> {
    Csv(csv::Writer<'s>),
    Json(json::Writer<'s>),
}

pub(super) fn run(store: &Store, request: &Request, format: Format, sink: &mut dyn Write) -> Result<u64, Error> {
    let mut sink = match format {
        Format::Csv => Sink::Csv(csv::Writer::new(sink)),
        Format::Json | Format::JsonLines => Sink::Json(json::Writer::new(sink, format == Format::JsonLines)),
    };
    if let Sink::Csv(writer) = &mut sink {
        writer.header(COLUMNS).map_err(Error::Write)?;
    }
    let (mut now, mut leases): (Option<Sum>, u64) = (None, 0);
    each(store, request, |row| {
        let lease: String = row.get("lease")?;
        if let Some(done) = now.take_if(|sum| sum.lease != lease) {
            leases = leases.saturating_add(1);
            if let Err(error) = write(&mut sink, &done) {
                return Ok(Err(error));
            }
        }
        add(&mut now, lease, row).map(Ok)
    })?;
    if let Some(done) = now.take() {
        leases = leases.saturating_add(1);
        write(&mut sink, &done).map_err(Error::Write)?;
    }
    let finished = match sink {
        Sink::Csv(writer) => writer.finish(),
        Sink::Json(writer) => writer.finish(),
    };
    finished.map(|()| leases).map_err(Error::Write)
}

fn add(now: &mut Option<Sum>, lease: String, row: &Row<'_>) -> rusqlite::Result<()> {
    let moment = |column| row.get::<_, i64>(column).map(|micros| Moment(micros.div_euclid(1_000_000)));
    let (start, end) = (moment("start_at")?, moment("end_at")?);
    let (tenant, workload) = (row.get("tenant")?, row.get("workload")?);
    let sum = now.get_or_insert(Sum {
        lease,
        tenant,
        workload,
        start,
        end,
        records: 0,
        used: Metrics::UNKNOWN,
        cost: BTreeMap::new(),
    });
    sum.records = sum.records.saturating_add(1);
    sum.end = sum.end.max(end);
    for metric in Metric::ALL {
        let figure: Option<String> = row.get(metric.word())?;
        if let Some(figure) = figure.and_then(|figure| figure.parse().ok()) {
            sum.used.add(metric, figure);
        }
    }
    let cost: Option<String> = row.get("cost")?;
    for coin in cost.unwrap_or_default().split(',').filter_map(|coin| coin.parse::<Coin>().ok()) {
        let amount = sum.cost.entry(coin.denom.to_string()).or_insert(Int::ZERO);
        *amount = amount.checked_add(coin.amount).unwrap_or(Int::MAX);
    }
    Ok(())
}

fn write(sink: &mut Sink<'_>, sum: &Sum) -> io::Result<()> {
    let cost: Vec<String> = sum.cost.iter().map(|(denom, amount)| format!("{amount}{denom}")).collect();
    let figures = Metric::ALL.map(|metric| sum.used.get(metric).map(|figure| figure.to_string()));
    let (start, end, records) = (sum.start.to_string(), sum.end.to_string(), sum.records.to_string());
    let cost = cost.join(",");
    let mut fields: Vec<Option<&str>> =
        [&sum.lease, &sum.tenant, &sum.workload, &start, &end, &records].map(|text| Some(text.as_str())).to_vec();
    fields.extend(figures.iter().map(Option::as_deref));
    fields.push(Some(cost.as_str()).filter(|cost| !cost.is_empty()));
    match sink {
        Sink::Csv(writer) => writer.fields(fields.into_iter()),
        Sink::Json(writer) => writer.object(COLUMNS.iter().copied().zip(fields)),
    }
}
