//! What the jobs do about alerts when they end: evaluate, and tell.

use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;

use crate::cli::keys::{key_policy, look, open_keyring};
use crate::cli::{Configuration, Context, Failure, Status, back_ends, wait_for};
use crate::config::terms::Observations;
use crate::config::{Settings, terms};
use crate::domain::bid::capacity::Inventory;
use crate::domain::bid::price::BlockTime;
use crate::domain::fault::in_one_line;
use crate::jobs::alerts::{self, Known, Thresholds, Told};
use crate::jobs::lease_monitor;
use crate::keys::file::Access;
use crate::notify::{Alertmanager, Channel, Command, Webhook};
use crate::store::Store;

/// Evaluates alerts and tells what is due. What goes wrong with alerts is said in the log, and is no failure of the job.
pub fn after_job(context: &Context, configuration: &Configuration, store: &Store) -> Vec<String> {
    let channels = match channels(context, configuration) {
        Ok(channels) => channels,
        Err(failure) => {
            failure.log();
            return vec!["the channels of alerts.notify cannot be used; the log says why".to_owned()];
        }
    };
    let names: Vec<&str> = channels.iter().map(|channel| channel.name()).collect();
    let known = known(context, configuration, store, context.now());
    if let Err(error) = alerts::evaluate(store, &thresholds(configuration), &known, &names, context.now()) {
        return vec![format!("alerts were not evaluated: {}", in_one_line(&error))];
    }
    match tell(context, configuration, store, &channels) {
        Ok(told) => told.failed,
        Err(failure) => {
            failure.log();
            vec!["alerts were not told; the log says why".to_owned()]
        }
    }
}

/// Tells what is due.
pub(super) fn tell(
    context: &Context,
    configuration: &Configuration,
    store: &Store,
    channels: &[Box<dyn Channel>],
) -> Result<Told, Failure> {
    let settings = &configuration.settings;
    let provider = settings.provider.id.as_ref().map(|id| id.0.as_str());
    let provider = provider.or(settings.provider.address.as_ref().map(|address| address.0.as_str()));
    let now = || context.now();
    Ok(wait_for(alerts::tell(store, channels, provider, settings.alerts.notify.give_up_after, &now))??)
}

/// Everybody who is told.
pub(super) fn channels(context: &Context, configuration: &Configuration) -> Result<Vec<Box<dyn Channel>>, Failure> {
    let notify = &configuration.settings.alerts.notify;
    let address = |key: &str, text: &str| {
        text.parse().map_err(|error| {
            Failure::new(Status::Configuration, format!("alerts.notify.{key} is no address")).caused_by(&error)
        })
    };
    let mut channels: Vec<Box<dyn Channel>> = Vec::new();
    if let Some(webhook) = &notify.webhook {
        let token = notify.webhook_token.as_ref().map(|token| context.secret(token)).transpose()?;
        let token = token.map(SecretString::from);
        channels.push(Box::new(Webhook::new(address("webhook", &webhook.0)?, token, notify.timeout)));
    }
    if let Some(alertmanager) = &notify.alertmanager {
        channels.push(Box::new(Alertmanager::new(address("alertmanager", &alertmanager.0)?, notify.timeout)));
    }
    if let Some(command) = &notify.command {
        channels.push(Box::new(Command::new(command.clone(), notify.timeout)));
    }
    Ok(channels)
}

fn thresholds(configuration: &Configuration) -> Thresholds {
    let (metering, alerts) = (&configuration.settings.metering.alerts, &configuration.settings.alerts);
    Thresholds {
        high_cpu: metering.high_cpu_threshold.0,
        high_memory: metering.high_memory_threshold.0,
        low_storage: metering.low_storage_threshold.0,
        escrow_below: alerts.escrow_below,
        bid_success: alerts.bid_success_below.0,
        lease_close_rate: alerts.lease_close_rate_above.0,
        capacity: (alerts.capacity_warning.0, alerts.capacity_critical.0),
        key_expiry: alerts.key_expiry,
        certificate_expiry: alerts.certificate_expiry,
    }
}

/// What the state file does not know.
fn known(context: &Context, configuration: &Configuration, store: &Store, now: Timestamp) -> Known {
    let settings = &configuration.settings;
    let left = |until: Timestamp| Duration::try_from(until.duration_since(now)).ok();
    let keys = keys_due(configuration, store, now).ok();
    let keys = keys.map(|keys| keys.into_iter().map(|(name, due)| (name, left(due))).collect());
    let certificates = settings.server.tls.cert_file.as_ref().and_then(|path| {
        let end = certificate_end(path)?;
        Some(vec![(path.display().to_string(), left(end))])
    });
    let chain = settings.chain.chain_id.as_ref();
    let chain = chain.map_or(configuration.network().chain_id, |id| id.0.as_str());
    let asked = back_ends::observe(context, configuration).ok();
    // Where one keeps silent nothing is known of the differences: an alert that fires goes on.
    let answered = asked.as_ref().filter(|(_, silent)| silent.is_empty());
    Known {
        keys,
        certificates,
        capacity: there_is(settings, asked.as_ref().map_or(&Observations::new(), |(observations, _)| observations)),
        differences: answered.map(|(observations, _)| terms::differences(settings, observations)),
        block_time: lease_monitor::block_time(store, chain).unwrap_or(BlockTime::USUAL),
    }
}

/// When the certificate in a file ends; none where there is no certificate to be read.
pub fn certificate_end(path: &std::path::Path) -> Option<Timestamp> {
    let pem = std::fs::read(path).ok()?;
    let (_, pem) = x509_parser::pem::parse_x509_pem(&pem).ok()?;
    Timestamp::from_second(pem.parse_x509().ok()?.validity().not_after.timestamp()).ok()
}

/// When each key that is in use is due for rotation, or ends. One that was rotated, or does not rotate, is not.
fn keys_due(configuration: &Configuration, store: &Store, now: Timestamp) -> Result<Vec<(String, Timestamp)>, Failure> {
    let keyring = open_keyring(configuration, Access::Look)?;
    let policy = store.read("read the key policy", |snapshot| key_policy(Some(snapshot), configuration))?.policy;
    let due = look(Some(store), &keyring)?.kept.into_iter().filter_map(|kept| {
        let due = match (&kept.row, &kept.key) {
            (Some(row), _) => {
                let assessed = policy.assess(&row.dates(), now);
                assessed.rotates_at.into_iter().chain(assessed.expires_at).min()?
            }
            // The state file does not know it yet.
            (None, key) => key.as_ref()?.created_at.checked_add(policy.max_age).ok()?,
        };
        Some((kept.name, due))
    });
    Ok(due.collect())
}

/// What there is to sell: as the configuration says, else as the back ends say. `None` where one of them does not say.
pub fn capacity(context: &Context, configuration: &Configuration) -> Option<Vec<(&'static str, u128)>> {
    let said = terms::overall(&configuration.settings.capacity);
    if [said.cpu, said.memory, said.storage, said.gpus].iter().all(Option::is_some) {
        return Some(sold(&configuration.settings));
    }
    let (observations, _) = back_ends::observe(context, configuration).ok()?;
    there_is(&configuration.settings, &observations)
}

/// The same with what back ends said already.
fn there_is(settings: &Settings, observations: &Observations) -> Option<Vec<(&'static str, u128)>> {
    let said = terms::overall(&settings.capacity);
    let said = [said.cpu, said.memory, said.storage, said.gpus];
    let mut observed = [None; 4];
    if said.iter().any(Option::is_none) {
        let all = terms::back_ends(settings, observations);
        // One that keeps silent may have anything.
        let all: Vec<_> = all.into_iter().map(|back_end| back_end.inventory).collect::<Option<_>>()?;
        let sum = |of: fn(&Inventory) -> Option<u64>| -> Option<u64> {
            all.iter().filter_map(of).reduce(u64::saturating_add)
        };
        observed = [sum(|one| one.cpu), sum(|one| one.memory), sum(|one| one.storage), sum(|one| one.gpus)];
    }
    let all = RESOURCES.into_iter().zip(said.into_iter().zip(observed));
    Some(all.filter_map(|(name, (said, observed))| Some((name, u128::from(said.or(observed)?)))).collect())
}

/// What there is to sell as the configuration alone says: where nobody may be asked.
pub fn sold(settings: &Settings) -> Vec<(&'static str, u128)> {
    let said = terms::overall(&settings.capacity);
    let all = RESOURCES.into_iter().zip([said.cpu, said.memory, said.storage, said.gpus]);
    all.filter_map(|(name, said)| Some((name, u128::from(said?)))).collect()
}

/// The resources that are sold, by the names of alerts and metrics.
const RESOURCES: [&str; 4] = ["cpu", "memory", "storage", "gpu"];
