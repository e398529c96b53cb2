//! What the jobs do about alerts when they end: evaluate, and tell.

use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;

use crate::cli::keys::{key_policy, look, open_keyring};
use crate::cli::{Configuration, Context, Failure, Status, wait_for};
use crate::config::schema::Capacity;
use crate::domain::fault::in_one_line;
use crate::jobs::alerts::{self, Known, Thresholds, Told};
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
    let known = known(configuration, store, context.now());
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
fn known(configuration: &Configuration, store: &Store, now: Timestamp) -> Known {
    let settings = &configuration.settings;
    let left = |until: Timestamp| Duration::try_from(until.duration_since(now)).ok();
    let keys = keys_due(configuration, store, now).ok();
    let keys = keys.map(|keys| keys.into_iter().map(|(name, due)| (name, left(due))).collect());
    let certificates = settings.server.tls.cert_file.as_ref().and_then(|path| {
        let end = certificate_end(path)?;
        Some(vec![(path.display().to_string(), left(end))])
    });
    Known { keys, certificates, capacity: capacity(&settings.capacity) }
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

/// What there is to sell, where the configuration says it.
pub fn capacity(capacity: &Capacity) -> Vec<(&'static str, u128)> {
    let left = |total: u64, reserved: u64| u128::from(total.saturating_sub(reserved));
    let all = [
        ("cpu", capacity.total_cpu.map(|total| left(total.0, capacity.reserved_cpu.0))),
        ("memory", capacity.total_memory.map(|total| left(total.0, capacity.reserved_memory.0))),
        ("storage", capacity.total_storage.map(|total| left(total.0, capacity.reserved_storage.0))),
        ("gpu", capacity.total_gpus.map(u128::from)),
    ];
    all.into_iter().filter_map(|(resource, total)| total.map(|total| (resource, total))).collect()
}
