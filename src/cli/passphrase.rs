//! Where the passphrase of a key comes from: `--passphrase-file`, a systemd credential, or a person at a terminal.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Context;
use super::terminal::Terminal;
use crate::cli::Configuration;
use crate::keys::{Ask, Name, Passphrase, PassphraseError, protect};
use crate::observe::redact;

/// The option of every command that unlocks or seals a key.
#[derive(Debug, Clone, Default, Args)]
pub struct PassphraseOption {
    /// Read the passphrase from the first line of this file, which only its owner may read
    ///
    /// Without it the systemd credential `provider-passphrase-NAME` of the key is taken, or `provider-passphrase`
    /// (LoadCredential= in the unit), and without those the terminal is asked.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

impl PassphraseOption {
    /// The passphrase of a key that exists.
    pub fn existing(&self, context: &Context, key: &Name) -> Result<Passphrase, PassphraseError> {
        self.find(context, key, |terminal| {
            Passphrase::typed(&hidden(terminal, &format!("Passphrase of the key `{key}`: "))?)
        })
    }

    /// A passphrase for a new key; at a terminal it is asked for twice.
    pub fn new_one(&self, context: &Context, key: &Name) -> Result<Passphrase, PassphraseError> {
        let passphrase = self.find(context, key, |terminal| {
            let first = Passphrase::typed(&hidden(terminal, &format!("Passphrase for the new key `{key}`: "))?)?;
            first.check_new()?;
            let again = hidden(terminal, "The same passphrase again: ")?;
            if *again == *first.reveal() { Ok(first) } else { Err(PassphraseError::Differ) }
        })?;
        passphrase.check_new()?;
        Ok(passphrase)
    }

    fn find(
        &self,
        context: &Context,
        key: &Name,
        ask: impl FnOnce(&mut Terminal) -> Result<Passphrase, PassphraseError>,
    ) -> Result<Passphrase, PassphraseError> {
        let own = format!("{}-{key}", Passphrase::CREDENTIAL);
        find(context, self.passphrase_file.as_deref(), (Some(&own), Passphrase::CREDENTIAL), ask)
    }
}

/// The option of commands that seal or open a backup.
#[derive(Debug, Clone, Default, Args)]
pub struct BackupPassphraseOption {
    /// Read the backup's passphrase from the first line of this file, which only its owner may read
    ///
    /// Without it the systemd credential `provider-backup-passphrase` is taken, and without that the terminal is asked.
    #[arg(long, value_name = "FILE")]
    backup_passphrase_file: Option<PathBuf>,
}

impl BackupPassphraseOption {
    /// The passphrase of a backup that exists.
    pub fn existing(&self, context: &Context) -> Result<Passphrase, PassphraseError> {
        let question = "Passphrase of the backup: ";
        self.find(context, |terminal| Passphrase::typed(&hidden(terminal, question)?))
    }

    /// A passphrase for a new backup; at a terminal it is asked for twice.
    pub fn new_one(&self, context: &Context) -> Result<Passphrase, PassphraseError> {
        let passphrase = self.find(context, |terminal| {
            let first = Passphrase::typed(&hidden(terminal, "Passphrase for the new backup: ")?)?;
            let again = hidden(terminal, "The same passphrase again: ")?;
            if *again == *first.reveal() { Ok(first) } else { Err(PassphraseError::Differ) }
        })?;
        passphrase.check_new()?;
        Ok(passphrase)
    }

    fn find(
        &self,
        context: &Context,
        ask: impl FnOnce(&mut Terminal) -> Result<Passphrase, PassphraseError>,
    ) -> Result<Passphrase, PassphraseError> {
        find(context, self.backup_passphrase_file.as_deref(), (None, Passphrase::BACKUP_CREDENTIAL), ask)
    }
}

/// A secret from the first place that there is: a file, a credential of its own, the usual one, a person; known to the logs as something to keep out of them.
fn find(
    context: &Context,
    file: Option<&Path>,
    (own, credential): (Option<&str>, &'static str),
    ask: impl FnOnce(&mut Terminal) -> Result<Passphrase, PassphraseError>,
) -> Result<Passphrase, PassphraseError> {
    protect::lock_memory();
    let folder = context.environment.get("CREDENTIALS_DIRECTORY").map(Path::new);
    let given = || {
        let Some(folder) = folder else { return Ok(None) };
        match own.map_or(Ok(None), |own| Passphrase::from_credential(folder, own))? {
            Some(found) => Ok(Some(found)),
            None => Passphrase::from_credential(folder, credential),
        }
    };
    let found = match file {
        Some(file) => Passphrase::from_file(file)?,
        None => match given()? {
            Some(found) => found,
            None => ask(&mut Terminal::open().ok_or(PassphraseError::NoSource { credential })?)?,
        },
    };
    redact::register(found.reveal());
    Ok(found)
}

/// What opens the back ends of a command: the option, the unit's credentials, the terminal.
pub struct Asking<'a> {
    context: &'a Context,
    option: &'a PassphraseOption,
    pin_file: Option<&'a Path>,
}

impl<'a> Asking<'a> {
    /// For the back ends of a configuration.
    pub fn new(context: &'a Context, option: &'a PassphraseOption, configuration: &'a Configuration) -> Self {
        Self { context, option, pin_file: configuration.settings.keys.hsm.pin_file.as_deref() }
    }
}

impl Ask for Asking<'_> {
    fn passphrase(&self, key: &Name) -> Result<Passphrase, PassphraseError> {
        self.option.existing(self.context, key)
    }

    fn new_passphrase(&self, key: &Name) -> Result<Passphrase, PassphraseError> {
        self.option.new_one(self.context, key)
    }

    fn pin(&self, token: &str) -> Result<Passphrase, PassphraseError> {
        let question = format!("PIN of the token `{token}`: ");
        find(self.context, self.pin_file, (None, Passphrase::PIN_CREDENTIAL), |terminal| {
            Passphrase::typed(&hidden(terminal, &question)?)
        })
    }

    fn types(&self) -> bool {
        let folder = self.context.environment.get("CREDENTIALS_DIRECTORY").map(Path::new);
        let given = folder.map_or(Ok(None), |folder| Passphrase::from_credential(folder, Passphrase::CREDENTIAL));
        self.option.passphrase_file.is_none() && matches!(given, Ok(None))
    }
}

fn hidden(terminal: &mut Terminal, question: &str) -> Result<zeroize::Zeroizing<String>, PassphraseError> {
    terminal.ask_hidden(question).map_err(|source| PassphraseError::Prompt { source })
}
