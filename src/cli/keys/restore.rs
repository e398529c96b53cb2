//! `provider keys restore`

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::keyring::KeyringOption;
use super::life::Life;
use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::passphrase::BackupPassphraseOption;
use crate::cli::{Context, Failure, Report, Status};
use crate::jobs::keys_restore::{self, Outcome};
use crate::keys::KeyType;
use crate::keys::file::{Access, backup};

/// Put keys from a backup into the key folder
///
/// A key that is there already stays as it is, and one of another content under the same name is never overwritten. A key
/// that the state file does not know comes back in the state that it had: one that was given up stays given up. So do the
/// rules of `keys set-policy`, where there are none.
#[derive(Debug, Args)]
pub struct Restore {
    /// The backup
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    passphrase: BackupPassphraseOption,

    #[command(flatten)]
    keyring: KeyringOption,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct RestoredRow {
    name: String,
    r#type: KeyType,
    kept: &'static str,
    fingerprint: String,
    outcome: Outcome,
}

impl Row for RestoredRow {
    const HEADINGS: &'static [&'static str] = &["name", "type", "kept", "fingerprint", "outcome"];
    const FIELDS: &'static [&'static str] = &["name", "type", "kept", "fingerprint", "outcome"];

    fn cells(&self) -> Vec<String> {
        let (name, fingerprint) = (self.name.clone(), self.fingerprint.clone());
        vec![name, self.r#type.to_string(), self.kept.to_owned(), fingerprint, self.outcome.word().to_owned()]
    }

    fn csv(&self) -> Vec<String> {
        self.cells()
    }
}

impl Restore {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = self.keyring.configuration(context)?;
        let rehearsal = context.global.dry_run;
        let passphrase = self.passphrase.existing(context).map_err(|error| Failure::from_error(&error))?;
        let keyring = super::keyring::open(&configuration, if rehearsal { Access::Look } else { Access::Create })?;
        let contents = backup::read(&keyring, &self.file, &passphrase).map_err(|error| Failure::from_error(&error))?;
        let files = contents.files;
        let done = if rehearsal {
            files.iter().map(|file| (file.key().clone(), keys_restore::foresee(file, &keyring))).collect()
        } else {
            let life = Life::open(context, &configuration, Access::Create)?;
            life.recorded("keys-restore", |trail| {
                let memory = (files.as_slice(), &contents.memory);
                keys_restore::remember(&life.store, memory, &life.keyring, (life.now(), trail))?;
                let mut done = Vec::new();
                for file in files {
                    done.push(keys_restore::run(file, &life.keyring, trail)?);
                }
                life.sync(trail)?;
                Ok(done)
            })?
        };
        let conflict = done.iter().any(|(_, outcome)| *outcome == Outcome::Conflict);
        let rows = done.into_iter().map(|(key, outcome)| RestoredRow {
            name: key.name.to_string(),
            r#type: key.public.key_type(),
            kept: key.home.kind().word(),
            fingerprint: key.public.fingerprint(),
            outcome,
        });
        let report = Report::listing(rows.collect(), self.output.output);
        if conflict {
            let note =
                "a key of another content has the name already, and stays; move its file away to restore the other";
            return Ok(report.status(Status::SomeFailed).note(note));
        }
        Ok(report)
    }
}
