//! `provider keys test-sign`

use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use serde::Serialize;

use super::key_entry::{KeyEntry, or_dash};
use super::keyring::{self, KeyringOption};
use super::life::{check_in_use, look, state_to_look_at};
use super::role;
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::passphrase::{Asking, PassphraseOption};
use crate::cli::{Configuration, Context, Failure, Report, Status};
use crate::domain::key::{Role, State};
use crate::jobs::keys_test_sign;
use crate::keys::file::{Access, Keyring};
use crate::keys::{Backends, Name};

/// Unlock a key, sign a text that means nothing, and verify the signature
///
/// What `keys show` says of the key is authentic if this succeeds.
#[derive(Debug, Args)]
pub struct TestSign {
    /// The key; the signing key, else that of usage records, unless given
    #[arg(value_name = "NAME")]
    name: Option<Name>,

    #[command(flatten)]
    passphrase: PassphraseOption,

    #[command(flatten)]
    keyring: KeyringOption,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct Tested {
    #[serde(flatten)]
    key: KeyEntry,
    /// The signature of [`keys_test_sign::MESSAGE`] in base64.
    signature: Option<String>,
    milliseconds: Option<u64>,
    verified: bool,
}

impl Entry for Tested {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let mut parts = self.key.parts();
        parts.push(("signature", or_dash(self.signature.as_ref())));
        parts.push(("milliseconds", or_dash(self.milliseconds)));
        parts.push(("verified", self.verified.to_string()));
        parts
    }
}

impl TestSign {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = self.keyring.configuration(context)?;
        let access = if context.global.dry_run { Access::Look } else { Access::Use };
        let keyring = keyring::open(&configuration, access)?;
        let key = keyring.find(&self.chosen(&configuration, &keyring)?)?;
        let state = check_in_use(context, &configuration, &key, |state| {
            state.may_sign() || matches!(state, State::Created | State::Pending)
        })?;
        let ask = Asking::new(context, &self.passphrase, &configuration);
        let backends = Backends::new(&keyring, &ask, keyring::places(&configuration, context)?);
        let signer = backends.signer(&key)?;
        let entry = KeyEntry { state, ..KeyEntry::new(&key, &configuration)? };
        let mut tested = Tested { key: entry, signature: None, milliseconds: None, verified: false };
        if !context.global.dry_run {
            let prefix = configuration.network().address_prefix;
            let signature = keyring::recorded(context, &configuration, "keys-test-sign", |trail| {
                let begun = Instant::now();
                let signature = keys_test_sign::run(&signer, prefix, trail)?;
                tested.milliseconds = u64::try_from(begun.elapsed().as_millis()).ok();
                Ok(signature)
            })?;
            tested.signature = Some(STANDARD.encode(signature));
            tested.verified = true;
        }
        Ok(Report::record(tested, self.output.output))
    }

    /// The key that was named, else the first of those that sign for the provider.
    fn chosen(&self, configuration: &Configuration, keyring: &Keyring) -> Result<Name, Failure> {
        if let Some(name) = &self.name {
            return Ok(name.clone());
        }
        let keys = &configuration.settings.keys;
        let names = [Role::Signing, Role::Usage].map(|role| (role, role::name_in(role, keys)));
        let state = state_to_look_at(configuration);
        let kept = look(state.as_ref(), keyring)?;
        let found = names.iter().find_map(|(role, name)| kept.serving(*role, name)?.key.as_ref());
        found.map(|key| key.name.clone()).ok_or_else(|| {
            let message = format!("there is no key `{}`", names.map(|(_, name)| name).join("` nor a key `"));
            Failure::new(Status::Data, message).hint("name the key: provider keys test-sign NAME")
        })
    }
}
