//! `provider keys init`

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use clap::builder::PossibleValuesParser;
use serde::Serialize;

use super::keyring;
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::passphrase::{Asking, PassphraseOption};
use crate::cli::{Context, Failure, Report};
use crate::config::Choice as _;
use crate::config::schema::KeyStore;
use crate::keys::file::{Access, Costs};
use crate::keys::{BackendKind, Backends, KeyType};

/// Make the key folder, and find out what its back end can
///
/// For keys in files it measures how much one guess at a passphrase can cost on this machine: about half a second, and at
/// least 64 MiB of memory. New keys are sealed at that cost. For a token it looks which types of keys it can keep.
#[derive(Debug, Args)]
pub struct Init {
    /// Where keys are kept; keys.keyring_backend unless given
    #[arg(long, alias = "keyring-backend", value_name = "STORE", value_parser = stores())]
    storage_type: Option<String>,

    /// The key folder; keys.keyring_path unless given
    #[arg(long, value_name = "FOLDER")]
    key_dir: Option<PathBuf>,

    #[command(flatten)]
    output: OutputOption,
}

fn stores() -> PossibleValuesParser {
    PossibleValuesParser::new(KeyStore::ALL.iter().map(|store| store.word()))
}

/// What one guess at a passphrase is meant to take.
const AIM: Duration = Duration::from_millis(500);

#[derive(Serialize)]
struct Made {
    key_dir: PathBuf,
    storage_type: &'static str,
    keeps: Vec<KeyType>,
    memory_kib: Option<u32>,
    passes: Option<u32>,
    created: bool,
}

impl Entry for Made {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
        vec![
            ("key_dir", self.key_dir.display().to_string()),
            ("storage_type", self.storage_type.to_owned()),
            ("keeps", self.keeps.iter().map(|key_type| key_type.word()).collect::<Vec<_>>().join(", ")),
            ("memory_kib", number(self.memory_kib)),
            ("passes", number(self.passes)),
            ("created", self.created.to_string()),
        ]
    }
}

impl Init {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let usual = context.configuration()?;
        let store = self.storage_type.clone().map(|word| ("keys.keyring_backend", "--storage-type", word));
        let folder = self.key_dir.as_ref().map(|path| ("keys.keyring_path", "--key-dir", path.display().to_string()));
        let configuration = context.configuration_with(store.into_iter().chain(folder).collect())?;
        let rehearsal = context.global.dry_run;
        let was_there = configuration.keyring.is_dir();
        let keyring = keyring::open(&configuration, if rehearsal { Access::Look } else { Access::Create })?;
        let kind = keyring::kind(configuration.settings.keys.keyring_backend);
        let option = PassphraseOption::default();
        let ask = Asking::new(context, &option, &configuration);
        let backends = Backends::new(&keyring, &ask, keyring::places(&configuration, context)?);
        let backend = backends.of(kind)?;
        let keeps = match kind {
            BackendKind::Hardware => backends.hardware()?.look().map_err(crate::keys::Error::from)?,
            _ => KeyType::ALL.iter().copied().filter(|key_type| backend.keeps(*key_type)).collect(),
        };
        let mut is_kept = false;
        let mut made = Made {
            key_dir: configuration.keyring.clone(),
            storage_type: kind.word(),
            keeps,
            memory_kib: None,
            passes: None,
            created: !rehearsal && !was_there,
        };
        if kind == BackendKind::File && !rehearsal {
            let (measured, before) = (Costs::measured(AIM), keyring.costs()?);
            // What an earlier run measured is never lowered: this machine is not the one that guesses.
            let costs = if was_there && !measured.are_at_least(before) { before } else { measured };
            is_kept = costs != measured;
            keyring.set_costs(costs)?;
            (made.memory_kib, made.passes) = (Some(costs.memory_kib), Some(costs.passes));
        }
        let mut report = Report::record(made, self.output.output);
        if is_kept {
            report = report.note("a guess at a passphrase costs what it did: what was measured now would be less");
        }
        if usual.keyring != configuration.keyring {
            let folder = configuration.keyring.display();
            report = report.note(format!("other commands use this folder when keys.keyring_path is {folder}"));
        }
        if keyring::kind(usual.settings.keys.keyring_backend) != kind {
            report = report.note(format!("new keys are kept there when keys.keyring_backend is {kind}"));
        }
        Ok(report)
    }
}
