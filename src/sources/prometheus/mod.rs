//! A Prometheus server as a source of usage figures.
//!
//! Each metric has one query, asked once for all workloads. A label of its answer names the workload; all other labels
//! together name the part, so that another container is another counter.
//!
//! Two kinds of queries:
//! - *Counters* only grow (`container_cpu_usage_seconds_total`): the value is taken as it is. That a counter began anew
//!   shows by its value, or by its labels.
//! - *Increments* have `$range` in them (`sum_over_time(…[$range:15s]) * 15`): the value is what was used in the time since
//!   this metric of the workload was read last, however many runs could not read it meanwhile. It is added to what was
//!   read before, so that it becomes a counter. This is for levels, such as memory, which nothing counts over time.
//!
//! Values are decimal texts and never become floating-point numbers here; fractions of a unit are cut off.
//!
//! A workload that is not in an answer is unknown, not idle. An answer that is not a vector, is too large, or comes from
//! something else than Prometheus is an error.

mod answer;
mod decimal;
mod error;
mod queries;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

pub use error::Error;
pub use queries::Queries;

use crate::domain::usage::{Counted, Levels, Meter, Metric, Metrics, Moment, Reading, Readout, Source};
use crate::domain::workload::WorkloadId;
use answer::Series;

/// Credentials of a server.
#[derive(Clone, Default)]
pub enum Credentials {
    /// It asks for none.
    #[default]
    None,
    /// A user name and a password.
    Basic(String, SecretString),
    /// A token.
    Bearer(SecretString),
}

/// Where a server is, and how it is asked.
#[derive(Clone)]
pub struct Settings {
    /// Its address.
    pub address: Url,
    /// Its credentials.
    pub credentials: Credentials,
    /// Certificates that its own is checked against, besides the system's.
    pub ca_file: Option<PathBuf>,
    /// How long one query may take.
    pub timeout: Duration,
    /// The label that names the workload.
    pub workload_label: String,
    /// The queries.
    pub queries: Queries,
}

/// A server.
pub struct Prometheus {
    settings: Settings,
    client: reqwest::Client,
}

/// What was read of a workload before: increments are of the time since then, and are added to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    /// Nothing of the workload is older.
    opened_at: Moment,
    /// Of a metric that was never read, increments are asked for since then.
    begin: Moment,
    /// The counters of each part.
    counters: BTreeMap<String, BTreeMap<Metric, Counted>>,
}

/// Leases that began in the same hour are asked for together.
const HOUR: i64 = 3600;

impl Before {
    /// What the meter of a workload knows of this source.
    pub fn of(meter: &Meter) -> Self {
        let since = meter.in_hand_since();
        // Before a lease began nothing has its label, so that the time may as well begin with the hour.
        let first = since == meter.opened_at();
        let begin = if first { Moment(since.0.div_euclid(HOUR).saturating_mul(HOUR)) } else { since };
        Self { opened_at: meter.opened_at(), begin, counters: meter.counters_of(&Source::prometheus()) }
    }

    /// When a metric was read last.
    fn read_at(&self, metric: Metric) -> Moment {
        let read = self.counters.values().filter_map(|part| part.get(&metric));
        read.map(|last| last.at).max().unwrap_or(self.begin)
    }

    /// The counter that an increment since a moment makes of a part, and since when it counts if it is new.
    fn counter(&self, part: &str, metric: Metric, (since, increment): (Moment, i128)) -> (i128, Option<Moment>) {
        match self.counters.get(part).and_then(|part| part.get(&metric)) {
            Some(last) => (last.value.saturating_add(increment), None),
            None => (increment, Some(since.max(self.opened_at))),
        }
    }
}

/// Increments are asked for once for each time at which workloads were read before. Normally that is one time for all; of
/// workloads that lag behind beyond these, nothing is asked, and a later run asks for the longer time.
const MOST_TIMES: usize = 8;

/// The most bytes of an answer: a million series of a metric.
const LARGEST: usize = 256 << 20;

impl Prometheus {
    /// A server. Nothing is asked yet.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let mut builder =
            reqwest::Client::builder().timeout(settings.timeout).redirect(reqwest::redirect::Policy::none());
        if let Some(path) = &settings.ca_file {
            let wrong = |source| Error::Certificates { path: path.clone(), source };
            let pem = std::fs::read(path).map_err(|error| wrong(error.into()))?;
            for certificate in reqwest::Certificate::from_pem_bundle(&pem).map_err(|error| wrong(error.into()))? {
                builder = builder.add_root_certificate(certificate);
            }
        }
        let client = builder.build().map_err(|source| Error::Client { source })?;
        Ok(Self { settings, client })
    }

    /// Asks every query. A query that fails fails alone: its metric is unknown.
    pub async fn sample(
        &self,
        now: Moment,
        before: &BTreeMap<WorkloadId, Before>,
    ) -> (BTreeMap<WorkloadId, Readout>, Vec<Error>) {
        let (mut readouts, mut failed) = (BTreeMap::new(), Vec::new());
        for (metric, query) in self.settings.queries.all() {
            let times: Vec<Option<Moment>> = if query.is_increment() {
                let times: BTreeSet<Moment> = before.values().map(|before| before.read_at(metric)).collect();
                times.into_iter().rev().filter(|at| *at < now).take(MOST_TIMES).map(Some).collect()
            } else {
                vec![None]
            };
            for since in times {
                match self.ask(metric, &query.text(since.map(|since| now.since(since))), now).await {
                    Ok(series) => self.read(metric, (since, now), series, before, &mut readouts),
                    Err(error) => {
                        failed.push(error);
                        break;
                    }
                }
            }
        }
        (readouts, failed)
    }

    async fn ask(&self, metric: Metric, query: &str, now: Moment) -> Result<Vec<Series>, Error> {
        let mut address = self.settings.address.clone();
        let path = format!("{}/api/v1/query", address.path().trim_end_matches('/'));
        address.set_path(&path);
        let failed = |source: reqwest::Error| Error::Ask { metric: metric.word(), source: source.without_url() };
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("query", query)
            .append_pair("time", &now.0.to_string())
            .finish();
        let kind = "application/x-www-form-urlencoded";
        let mut request = self.client.post(address).header(reqwest::header::CONTENT_TYPE, kind).body(form);
        request = match &self.settings.credentials {
            Credentials::None => request,
            Credentials::Basic(user, password) => request.basic_auth(user, Some(password.expose_secret())),
            Credentials::Bearer(token) => request.bearer_auth(token.expose_secret()),
        };
        let mut answer = request.send().await.map_err(failed)?;
        let status = answer.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(failed)? {
            if body.len().saturating_add(chunk.len()) > LARGEST {
                return Err(Error::TooLarge { metric: metric.word() });
            }
            body.extend_from_slice(&chunk);
        }
        answer::read(metric, status, &body)
    }

    /// Puts the values of a metric into the readouts of their workloads.
    fn read(
        &self,
        metric: Metric,
        (since, now): (Option<Moment>, Moment),
        series: Vec<Series>,
        before: &BTreeMap<WorkloadId, Before>,
        readouts: &mut BTreeMap<WorkloadId, Readout>,
    ) {
        for series in series {
            let (workload, part) = series.names(&self.settings.workload_label);
            let Some(workload) = workload.and_then(|text| WorkloadId::parse(text).ok()) else { continue };
            let Some(value) = decimal::scaled(&series.value, self.settings.queries.factor(metric)) else { continue };
            let part = format!("{}/{part}", metric.word());
            let (value, started_at) = match since {
                None => (value, None),
                Some(since) => {
                    // Of a workload that was read at another time this is another stretch.
                    let Some(before) = before.get(&workload).filter(|before| before.read_at(metric) == since) else {
                        continue;
                    };
                    before.counter(&part, metric, (since, value.max(0)))
                }
            };
            let readout = readouts.entry(workload).or_insert_with(|| Readout { at: now, readings: Vec::new() });
            readout.readings.push(Reading {
                source: Source::prometheus(),
                part,
                started_at,
                counters: Metrics::UNKNOWN.with(metric, value),
                levels: Levels::default(),
                ended_at: None,
            });
        }
    }
}
