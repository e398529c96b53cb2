//! `provider keys delete`

use clap::Args;
use serde::Serialize;

use super::key_entry::KeyEntry;
use super::keyring::{self, KeyringOption};
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::passphrase::{Asking, PassphraseOption};
use crate::cli::terminal::Terminal;
use crate::cli::{Context, Failure, Report, Status};
use crate::jobs::keys_delete;
use crate::keys::file::Access;
use crate::keys::{Backends, Name};

/// Delete a key for good
///
/// Only a mnemonic or a copy of its file brings it back. What it signed stays valid; what was sealed to it cannot be
/// opened any more.
#[derive(Debug, Args)]
pub struct Delete {
    /// The key
    #[arg(value_name = "NAME")]
    name: Name,

    /// Do not ask
    #[arg(long, short)]
    yes: bool,

    #[command(flatten)]
    keyring: KeyringOption,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct Deleted {
    #[serde(flatten)]
    key: KeyEntry,
    deleted: bool,
}

impl Entry for Deleted {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let mut parts = self.key.parts();
        parts.push(("deleted", self.deleted.to_string()));
        parts
    }
}

impl Delete {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = self.keyring.configuration(context)?;
        let rehearsal = context.global.dry_run;
        let keyring = keyring::open(&configuration, if rehearsal { Access::Look } else { Access::Use })?;
        let key = keyring.find(&self.name)?;
        let entry = KeyEntry::new(&key, &configuration)?;
        if !rehearsal {
            if !self.yes {
                confirm(&entry)?;
            }
            let option = PassphraseOption::default();
            let ask = Asking::new(context, &option, &configuration);
            let backends = Backends::new(&keyring, &ask, keyring::places(&configuration, context)?);
            keyring::recorded(context, &configuration, "keys-delete", |trail| {
                Ok(keys_delete::run(&key, &backends, trail)?)
            })?;
        }
        Ok(Report::record(Deleted { key: entry, deleted: !rehearsal }, self.output.output))
    }
}

/// Has a person type the name of the key.
fn confirm(key: &KeyEntry) -> Result<(), Failure> {
    let unsure = |message: String| Failure::new(Status::Usage, message).hint("nothing was deleted; --yes does not ask");
    let mut terminal = Terminal::open()
        .ok_or_else(|| unsure(format!("nobody can be asked whether to delete the key `{}`", key.name)))?;
    let of = key.address.as_ref().map_or_else(String::new, |address| format!(" of the account {address}"));
    let question = format!("Delete the {} key{of} for good? Type its name ({}) to go on: ", key.r#type, key.name);
    let answer = terminal.ask(&question).map_err(|error| unsure("there was no answer".to_owned()).caused_by(&error))?;
    if answer.trim() == key.name { Ok(()) } else { Err(unsure("the answer is not the name of the key".to_owned())) }
}
