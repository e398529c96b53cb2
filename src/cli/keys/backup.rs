//! `provider keys backup`

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::keyring::{self, KeyringOption};
use super::life::state_to_look_at;
use crate::cli::output::FormatOption;
use crate::cli::output::record::Entry;
use crate::cli::passphrase::BackupPassphraseOption;
use crate::cli::{Context, Failure, Report, Status};
use crate::jobs::keys_backup;
use crate::keys::file::Access;
use crate::keys::file::backup::Memory;

/// Write all keys to one encrypted file, and verify it
///
/// The backup has a passphrase of its own; sealed keys keep theirs in it, and where each stands in its life is in it too. It is read back, opened and compared before it
/// is called done. Keys on tokens, on devices and with signer programs are in it by name only: back those up with their
/// own tools.
#[derive(Debug, Args)]
pub struct Backup {
    /// The file to write, or a folder that gets a file named by the time
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,

    #[command(flatten)]
    passphrase: BackupPassphraseOption,

    #[command(flatten)]
    keyring: KeyringOption,

    #[command(flatten)]
    format: FormatOption,
}

#[derive(Serialize)]
struct BackedUp {
    path: PathBuf,
    bytes: Option<u64>,
    keys: Vec<String>,
    left_out: Vec<String>,
    verified: bool,
}

impl Entry for BackedUp {
    fn parts(&self) -> Vec<(&'static str, String)> {
        vec![
            ("path", self.path.display().to_string()),
            ("bytes", self.bytes.map(|bytes| bytes.to_string()).unwrap_or_default()),
            ("keys", self.keys.join(", ")),
            ("left_out", self.left_out.join(", ")),
            ("verified", self.verified.to_string()),
        ]
    }
}

impl Backup {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = self.keyring.configuration(context)?;
        let access = if context.global.dry_run { Access::Look } else { Access::Use };
        let keyring = keyring::open(&configuration, access)?;
        let now = context.now();
        let stamp = now.strftime("%Y%m%dT%H%M%SZ");
        let path = if self.output.is_dir() {
            self.output.join(format!("provider-keys-{stamp}.backup"))
        } else {
            self.output.clone()
        };
        let words = |names: Vec<crate::keys::Name>| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        if context.global.dry_run {
            let (keys, left_out) = keys_backup::foresee(&keyring).map_err(|error| Failure::from_error(&error))?;
            let (keys, left_out) = (words(keys), words(left_out));
            return Ok(Report::record(
                BackedUp { path, bytes: None, keys, left_out, verified: false },
                self.format.format,
            ));
        }
        let passphrase = self.passphrase.new_one(context).map_err(|error| Failure::from_error(&error))?;
        let written = keyring::recorded(context, &configuration, "keys-backup", |trail| {
            let memory = match state_to_look_at(&configuration) {
                Some(store) => store
                    .read("read what is remembered of the keys", |snapshot| keys_backup::memory(snapshot, &keyring)),
                None => Ok(Memory::default()),
            };
            let costs = keyring.costs()?;
            let written = memory
                .and_then(|memory| keys_backup::run((&keyring, &memory), &path, &passphrase, costs, (now, trail)));
            written.map_err(|error| Failure::from_error(&error))
        })?;
        let unreadable = !written.left_out.is_empty();
        let entry = BackedUp {
            path: written.path,
            bytes: Some(written.bytes),
            keys: words(written.keys),
            left_out: words(written.left_out),
            verified: true,
        };
        let report = Report::record(entry, self.format.format);
        if unreadable {
            let note = "some key files cannot be read and are not in the backup; `provider keys list` says why";
            return Ok(report.status(Status::SomeFailed).note(note));
        }
        Ok(report)
    }
}
