//! What every command needs that makes usage records: the rules and prices of the configuration, and the usage key.

use std::collections::BTreeMap;

use crate::cli::keys::{check_in_use, look, open_keyring, places, state_to_look_at};
use crate::cli::passphrase::{Asking, PassphraseOption};
use crate::cli::{Configuration, Context, Failure, Status};
use crate::domain::amount::DecCoin;
use crate::domain::fraud::Limits;
use crate::domain::key::{Role, State as KeyState};
use crate::domain::usage::meter::Rules;
use crate::domain::usage::{Pricing, UsageType};
use crate::jobs::Circumstances;
use crate::jobs::audit::Audited;
use crate::jobs::usage_sign::UsageKey;
use crate::keys::file::Access;
use crate::keys::{Backends, Name};
use crate::store::Mode;

/// How windows are cut.
pub(super) fn rules(configuration: &Configuration) -> Rules {
    let settings = &configuration.settings;
    Rules {
        interval: settings.metering.interval,
        longest_stretch: settings.metering.max_sample_gap,
        shortest_window: settings.fraud.min_record_duration,
    }
}

/// What is credible.
pub(super) fn limits(configuration: &Configuration) -> Limits {
    let fraud = &configuration.settings.fraud;
    Limits {
        max_cpu_usage_ratio: fraud.max_cpu_usage_ratio.0,
        max_memory_usage_ratio: fraud.max_memory_usage_ratio.0,
        max_network_anomaly_ratio: fraud.max_network_anomaly_ratio.0,
        network_floor: fraud.network_floor,
        min_record_duration: fraud.min_record_duration,
        max_record_duration: fraud.max_record_duration,
        future_tolerance: fraud.future_tolerance,
    }
}

/// What usage costs beyond the lease.
pub(super) fn prices(configuration: &Configuration) -> BTreeMap<UsageType, DecCoin> {
    let (set, list) = (&configuration.settings.usage.prices, &configuration.settings.pricing.base_prices);
    let set = [
        (UsageType::Cpu, &set.cpu_core_hour),
        (UsageType::Memory, &set.memory_gb_hour),
        (UsageType::Storage, &set.storage_gb_hour),
        (UsageType::Gpu, &set.gpu_hour),
        (UsageType::Ingress, &set.ingress_gb),
        (UsageType::Egress, &set.egress_gb),
    ];
    let set = set.into_iter().filter_map(|(kind, price)| price.as_ref().map(|price| (kind, price.coin.clone())));
    Pricing::usage_prices(set, list.bandwidth_gb.as_ref().map(|price| &price.coin))
}

/// What a rehearsal says in the end.
pub(super) const NOTHING_WRITTEN: &str = "nothing was written down: --dry-run";

/// Runs a job that makes usage records.
pub(super) fn with_key<T, E: Into<Failure>>(
    context: &Context,
    configuration: &Configuration,
    passphrase: &PassphraseOption,
    job: impl FnOnce(Circumstances<'_>, UsageKey<'_>) -> Result<T, E>,
) -> Result<T, Failure> {
    let keyring = open_keyring(configuration, Access::Use)?;
    let word = &configuration.settings.keys.usage_key.0;
    let name: Name = word
        .parse()
        .map_err(|_| Failure::new(Status::Configuration, format!("keys.usage_key: `{word}` is no name of a key")))?;
    // The configuration names a line of keys; the one that took over last signs.
    let kept = look(state_to_look_at(configuration).as_ref(), &keyring)?;
    let key = match kept.serving(Role::Usage, name.as_str()).and_then(|kept| kept.key.as_ref()) {
        Some(key) => key.clone(),
        None => keyring.find(&name)?,
    };
    check_in_use(context, configuration, &key, KeyState::may_sign)?;
    let ask = Asking::new(context, passphrase, configuration);
    let backends = Backends::new(&keyring, &ask, places(configuration, context)?);
    let signer = backends.signer(&key)?;
    let key = UsageKey::new(&signer).map_err(|error| Failure::with_status(Status::Configuration, &error))?;
    with_store(context, configuration, |given| job(given, key))
}

/// Runs a job that changes the state file; with `--dry-run` a copy of it that is gone afterwards.
pub fn with_store<T, E: Into<Failure>>(
    context: &Context,
    configuration: &Configuration,
    job: impl FnOnce(Circumstances<'_>) -> Result<T, E>,
) -> Result<T, Failure> {
    let interrupt = context.interrupt()?;
    let rehearsal = context.global.dry_run;
    let store = if rehearsal {
        context.open_state(&configuration.state_file, Mode::Read)?.rehearsal()?
    } else {
        context.open_for_job(&configuration.state_file)?
    };
    let (audit, values) = (configuration.audit(), configuration.values());
    let given = Circumstances {
        store: &store,
        now: &|| context.now(),
        should_stop: &|| interrupt.requested().is_some(),
        wait: context.global.wait.unwrap_or_default(),
        audit: (!rehearsal).then_some(Audited { settings: &audit, configuration: Some(&values) }),
    };
    job(given).map_err(Into::into)
}
