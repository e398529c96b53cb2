//! `provider usage collect`

use clap::Args;
use secrecy::SecretString;
use serde::Serialize;

use super::metering;
use crate::cli::alerts::after_job;
use crate::cli::back_ends::registry;
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::{Configuration, Context, Failure, Report, Status, wait_for};
use crate::config::schema::{self, MetricsSource};
use crate::domain::job::Outcome;
use crate::jobs::Report as _;
use crate::jobs::usage_collect::sampling::{Asked, Standing, sample};
use crate::jobs::usage_collect::{self, Collected, Request};
use crate::observe::clocks;
use crate::sources::prometheus::{Credentials, Prometheus, Queries, Settings};

/// Read what workloads used, and make records of the metering windows that are complete
///
/// Asks the back ends, or what usage.metrics_sources names, in bulk. What nobody says is unknown, never 0. Records that
/// pass the fraud check are signed with keys.usage_key, the others are held for `usage review`.
#[derive(Debug, Args)]
pub struct Collect {
    /// The clock is right, although it jumped ahead since the last collection
    #[arg(long)]
    accept_clock: bool,

    #[command(flatten)]
    passphrase: PassphraseOption,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Shown(Collected);

impl Entry for Shown {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let done = &self.0;
        vec![
            ("meters opened", done.opened.to_string()),
            ("meters read", done.sampled.to_string()),
            ("meters without a reading", done.silent.to_string()),
            ("readings that came late", done.late.to_string()),
            ("meters ended", done.ended.to_string()),
            ("records signed", done.signed.to_string()),
            ("records held", done.held.to_string()),
        ]
    }
}

impl Collect {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let registry = registry(context, &configuration)?;
        let prometheus = prometheus(context, &configuration)?;
        let asked = asked(&configuration, &registry, prometheus.as_ref());
        let collected = metering::with_key(context, &configuration, &self.passphrase, |given, key| {
            let truth = usage_collect::load(given.store)?;
            let request = Request {
                rules: metering::rules(&configuration),
                limits: metering::limits(&configuration),
                prices: metering::prices(&configuration),
                key,
                clocks: clocks::read(context.now()),
                accept_clock: self.accept_clock,
            };
            let known = truth.clone();
            let work = usage_collect::run(given, &request, truth, || async {
                let standing = Standing::load(given.store, &known)?;
                Ok(sample(&asked, &standing, context.now()).await)
            });
            let done = wait_for(work)?.map_err(Failure::from)?;
            // In a rehearsal nobody is told anything.
            let alerts = if context.global.dry_run {
                vec![metering::NOTHING_WRITTEN.to_owned()]
            } else {
                after_job(context, &configuration, given.store)
            };
            Ok::<_, Failure>((done, alerts))
        })?;
        let (collected, alerts) = collected;
        let status = match collected.outcome() {
            Outcome::Done => Status::Done,
            Outcome::Interrupted => Status::TryLater,
            Outcome::PartlyFailed | Outcome::Running | Outcome::Failed | Outcome::Killed => Status::SomeFailed,
        };
        let notes: Vec<String> =
            collected.failed.iter().map(|failure| format!("{}: {}", failure.source, failure.error)).collect();
        let notes = notes.into_iter().chain(alerts);
        let held = collected.held;
        let mut report = Report::record(Shown(collected), self.output.output).status(status);
        for note in notes {
            report = report.note(note);
        }
        Ok(if held > 0 { report.note("`provider usage review` lists what is held") } else { report })
    }
}

/// What is asked, in the order of the configuration.
fn asked<'a>(
    configuration: &Configuration,
    registry: &'a crate::adapters::Registry,
    prometheus: Option<&'a Prometheus>,
) -> Vec<Asked<'a>> {
    let wanted = &configuration.settings.usage.metrics_sources;
    if wanted.is_empty() {
        return vec![Asked::BackEnds(registry)];
    }
    let (mut all, mut back_ends) = (Vec::new(), false);
    for source in wanted {
        match source {
            MetricsSource::Prometheus => all.extend(prometheus.map(Asked::Prometheus)),
            MetricsSource::Local | MetricsSource::Kubernetes if !back_ends => {
                back_ends = true;
                all.push(Asked::BackEnds(registry));
            }
            MetricsSource::Local | MetricsSource::Kubernetes => {}
        }
    }
    all
}

/// The Prometheus server of a configuration, if usage is to come from it.
fn prometheus(context: &Context, configuration: &Configuration) -> Result<Option<Prometheus>, Failure> {
    let (usage, settings) = (&configuration.settings.usage, &configuration.settings.usage.prometheus);
    let Some(address) = &settings.address else { return Ok(None) };
    if !usage.metrics_sources.contains(&MetricsSource::Prometheus) {
        return Ok(None);
    }
    let secret = |secret: &Option<_>| secret.as_ref().map(|secret| context.secret(secret)).transpose();
    let credentials = match (&settings.username, secret(&settings.password)?, secret(&settings.bearer_token)?) {
        (Some(user), Some(password), _) => Credentials::Basic(user.0.clone(), SecretString::from(password)),
        (_, _, Some(token)) => Credentials::Bearer(SecretString::from(token)),
        _ => Credentials::None,
    };
    let address = address.0.parse().map_err(|error| {
        Failure::new(Status::Configuration, "usage.prometheus.address is no address").caused_by(&error)
    });
    let settings = Settings {
        address: address?,
        credentials,
        ca_file: settings.ca_file.clone(),
        timeout: settings.timeout,
        workload_label: settings.workload_label.0.clone(),
        queries: queries(settings),
    };
    // reqwest takes the process's TLS provider; a second installation changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Prometheus::new(settings).map(Some).map_err(|error| Failure::with_status(Status::Configuration, &error))
}

fn queries(settings: &schema::Prometheus) -> Queries {
    let text = |query: &Option<crate::config::Text>| query.as_ref().map(|query| query.0.clone());
    Queries {
        cpu_seconds: text(&settings.cpu_seconds),
        memory_byte_seconds: text(&settings.memory_byte_seconds),
        storage_byte_seconds: text(&settings.storage_byte_seconds),
        network_bytes_in: text(&settings.network_bytes_in),
        network_bytes_out: text(&settings.network_bytes_out),
        gpu_seconds: text(&settings.gpu_seconds),
    }
}
