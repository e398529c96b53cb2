//! `provider keys set-policy`

use clap::Args;
use serde::Serialize;

use super::keyring::KeyringOption;
use super::life::Life;
use super::policy;
use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::{Context, Failure, Report};
use crate::domain::key::Field;
use crate::jobs::keys_policy::{self, InForce};
use crate::keys::file::Access;

/// Show or change the rules for keys: their age, their grace period, who approves what
///
/// Without options it shows the policy in force. What is set here is kept in the state file and rules over the
/// configuration (keys.policy, keys.max_age, keys.grace_period) until --reset.
#[derive(Debug, Args)]
pub struct SetPolicy {
    /// What the policy is called
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,

    /// The age at which a key is due for rotation
    #[arg(long, value_name = "DAYS")]
    max_age_days: Option<u64>,

    /// How long a rotated key still opens and verifies
    #[arg(long, value_name = "HOURS")]
    grace_period_hours: Option<u64>,

    /// The age at which a key makes no more signatures
    #[arg(long, value_name = "DAYS")]
    expiration_days: Option<u64>,

    /// How long a deactivated key waits to be archived
    #[arg(long, value_name = "DAYS")]
    archive_after_days: Option<u64>,

    /// How long an archived key is kept before it is due for destruction
    #[arg(long, value_name = "DAYS")]
    destroy_after_days: Option<u64>,

    /// A new key is used only after `keys approve`
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    require_approval_for_activation: Option<bool>,

    /// A key is destroyed only after `keys approve`
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    require_approval_for_destruction: Option<bool>,

    /// `keys rotate --if-due` does what is due; else it only says so
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    auto_rotate: Option<bool>,

    /// How long before a key expires it is called to attention
    #[arg(long, value_name = "DAYS")]
    notify_before_days: Option<u64>,

    /// The types of signing keys that may be made, with commas between them
    #[arg(long, value_name = "TYPES")]
    allowed_key_types: Option<String>,

    /// The fewest bits of a new key
    #[arg(long, value_name = "BITS")]
    minimum_key_strength: Option<u32>,

    /// Take back what was set before
    #[arg(long)]
    reset: bool,

    #[command(flatten)]
    keyring: KeyringOption,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct RuleRow {
    field: &'static str,
    value: String,
    origin: &'static str,
    key: &'static str,
}

impl Row for RuleRow {
    const HEADINGS: &'static [&'static str] = &["field", "value", "origin", "key"];
    const FIELDS: &'static [&'static str] = &["field", "value", "origin", "key"];

    fn cells(&self) -> Vec<String> {
        vec![self.field.to_owned(), self.value.clone(), self.origin.to_owned(), self.key.to_owned()]
    }

    fn csv(&self) -> Vec<String> {
        self.cells()
    }
}

/// The rules of a policy, and where each comes from.
fn rows(found: &InForce) -> Vec<RuleRow> {
    let row = |field: &Field| RuleRow {
        field: field.word(),
        value: field.show(&found.policy),
        origin: if found.given.contains(field) { "set-policy" } else { "configuration" },
        key: field.setting(),
    };
    Field::ALL.iter().map(row).collect()
}

impl SetPolicy {
    /// The rules that were given, as texts.
    fn rules(&self) -> Vec<(Field, String)> {
        let days = |days: Option<u64>| days.map(|days| format!("{days}d"));
        let choice = |choice: Option<bool>| choice.map(|choice| choice.to_string());
        let all = [
            (Field::Name, self.name.clone()),
            (Field::MaxAge, days(self.max_age_days)),
            (Field::GracePeriod, self.grace_period_hours.map(|hours| format!("{hours}h"))),
            (Field::Expiration, days(self.expiration_days)),
            (Field::ArchiveAfter, days(self.archive_after_days)),
            (Field::DestroyAfter, days(self.destroy_after_days)),
            (Field::RequireApprovalForActivation, choice(self.require_approval_for_activation)),
            (Field::RequireApprovalForDestruction, choice(self.require_approval_for_destruction)),
            (Field::AutoRotate, choice(self.auto_rotate)),
            (Field::NotifyBefore, days(self.notify_before_days)),
            (Field::AllowedKeyTypes, self.allowed_key_types.clone()),
            (Field::MinimumKeyStrength, self.minimum_key_strength.map(|bits| bits.to_string())),
        ];
        all.into_iter().filter_map(|(field, value)| Some((field, value?))).collect()
    }

    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = self.keyring.configuration(context)?;
        let rules = self.rules();
        let changes = (!rules.is_empty() || self.reset) && !context.global.dry_run;
        if !changes {
            let mut found = if configuration.state_file.exists() {
                Life::open(context, &configuration, Access::Look)?.policy
            } else {
                policy::in_force(None, &configuration)?
            };
            if self.reset {
                found = policy::in_force(None, &configuration)?;
            }
            for (field, value) in &rules {
                field.set(&mut found.policy, value).map_err(keys_policy::Error::Value)?;
                found.given.push(*field);
            }
            return Ok(Report::listing(rows(&found), self.output.output));
        }
        let life = Life::open(context, &configuration, Access::Use)?;
        let configured = policy::configured(&configuration);
        let found = life.recorded("keys-set-policy", |trail| {
            let found = life.store.write("set the key policy", |change| {
                let found = keys_policy::set(change, configured, &rules, self.reset, context.now())?;
                if let Some(trail) = trail {
                    keys_policy::record(trail, change, &rules, self.reset)?;
                }
                Ok::<_, keys_policy::Error>(found)
            })?;
            Ok(found)
        })?;
        Ok(Report::listing(rows(&found), self.output.output))
    }
}
