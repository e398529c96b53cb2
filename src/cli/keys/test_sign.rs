//! `provider keys test-sign`

use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use serde::Serialize;

use super::key_entry::{KeyEntry, or_dash};
use super::keyring::{self, KeyringOption};
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::{Context, Failure, Report};
use crate::jobs::keys_test_sign;
use crate::keys::file::{Access, Key};
use crate::keys::{Name, Signer};

/// Unlock a key, sign a text that means nothing, and verify the signature
///
/// What `keys show` says of the key is authentic if this succeeds.
#[derive(Debug, Args)]
pub struct TestSign {
    /// The key
    #[arg(value_name = "NAME")]
    name: Name,

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
        let ask = |key: &Key| self.passphrase.existing(context, &key.name);
        let signer = Signer::new(&keyring, &self.name, &ask)?;
        let mut tested = Tested {
            key: KeyEntry::new(signer.key(), &configuration)?,
            signature: None,
            milliseconds: None,
            verified: false,
        };
        if !context.global.dry_run {
            let signature = keyring::recorded(context, &configuration, "keys-test-sign", |trail| {
                let begun = Instant::now();
                let signature = keys_test_sign::run(&signer, trail)?;
                tested.milliseconds = u64::try_from(begun.elapsed().as_millis()).ok();
                Ok(signature)
            })?;
            tested.signature = Some(STANDARD.encode(signature));
            tested.verified = true;
        }
        Ok(Report::record(tested, self.output.output))
    }
}
