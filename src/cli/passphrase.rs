//! Where the passphrase of a key comes from: `--passphrase-file`, a systemd credential, or a person at a terminal.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Context;
use super::terminal::Terminal;
use crate::keys::{Name, Passphrase, PassphraseError};
use crate::observe::redact;

/// The option of every command that unlocks or seals a key.
#[derive(Debug, Clone, Default, Args)]
pub struct PassphraseOption {
    /// Read the passphrase from the first line of this file, which only its owner may read
    ///
    /// Without it the systemd credential `provider-passphrase` is taken (LoadCredential= in the unit), and without that
    /// the terminal is asked.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

impl PassphraseOption {
    /// The passphrase of a key that exists.
    pub fn existing(&self, context: &Context, key: &Name) -> Result<Passphrase, PassphraseError> {
        self.find(context, |terminal| {
            Passphrase::typed(&hidden(terminal, &format!("Passphrase of the key `{key}`: "))?)
        })
    }

    /// A passphrase for a new key; at a terminal it is asked for twice.
    pub fn new_one(&self, context: &Context, key: &Name) -> Result<Passphrase, PassphraseError> {
        let passphrase = self.find(context, |terminal| {
            let first = Passphrase::typed(&hidden(terminal, &format!("Passphrase for the new key `{key}`: "))?)?;
            first.check_new()?;
            let again = hidden(terminal, "The same passphrase again: ")?;
            if *again == *first.reveal() { Ok(first) } else { Err(PassphraseError::Differ) }
        })?;
        passphrase.check_new()?;
        Ok(passphrase)
    }

    /// A passphrase from the first place that there is, known to the logs as something to keep out of them.
    fn find(
        &self,
        context: &Context,
        ask: impl FnOnce(&mut Terminal) -> Result<Passphrase, PassphraseError>,
    ) -> Result<Passphrase, PassphraseError> {
        let credentials = context.environment.get("CREDENTIALS_DIRECTORY").map(Path::new);
        let credential = || credentials.map_or(Ok(None), Passphrase::from_credential);
        let passphrase = match &self.passphrase_file {
            Some(file) => Passphrase::from_file(file)?,
            None => match credential()? {
                Some(passphrase) => passphrase,
                None => ask(&mut Terminal::open().ok_or(PassphraseError::NoSource)?)?,
            },
        };
        redact::register(passphrase.reveal());
        Ok(passphrase)
    }
}

fn hidden(terminal: &mut Terminal, question: &str) -> Result<zeroize::Zeroizing<String>, PassphraseError> {
    terminal.ask_hidden(question).map_err(|source| PassphraseError::Prompt { source })
}
