//! `provider keys import`

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};

use super::add::{Planned, make_known};
use super::key_entry::KeyEntry;
use super::keyring::{self, KeyringOption};
use super::role;
use crate::cli::output::OutputOption;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::{Context, Failure, Report, Status};
use crate::domain::fault::Classified as _;
use crate::jobs::keys_add::Origin;
use crate::keys::file::Access;
use crate::keys::{KeyType, Name, import, protect, read_secret_file};
use crate::observe::redact;

/// Keep a key that other software made
///
/// Takes a private key in PEM (PKCS#8 or SEC 1, as OpenSSL writes them), or 64 hexadecimal digits as `virtengine keys
/// export --unarmored-hex --unsafe` prints them. Only its owner may read the file; /dev/stdin takes a pipe. A key with a
/// mnemonic is better made again by `keys add --recover`: an imported one has none.
#[derive(Debug, Args)]
pub struct Import {
    /// The name of the key
    #[arg(value_name = "NAME")]
    name: Name,

    /// The file with the private key
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// The type of the key; what the file says, or the role of the name, unless given
    #[arg(long, value_name = "TYPE", value_parser = PossibleValuesParser::new(KeyType::WORDS).try_map(|word| word.parse::<KeyType>()))]
    r#type: Option<KeyType>,

    #[command(flatten)]
    passphrase: PassphraseOption,

    #[command(flatten)]
    keyring: KeyringOption,

    #[command(flatten)]
    output: OutputOption,
}

impl Import {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = self.keyring.configuration(context)?;
        protect::lock_memory();
        let text = read_secret_file(&self.file).map_err(|error| Failure::from_error(&error))?;
        redact::register(text.trim());
        let keys = &configuration.settings.keys;
        // Bare digits do not say their type; the role of the name may.
        let by_role = role::meant(&self.name, keys).map(|role| role::key_type(role, keys));
        let is_pem = text.trim_start().starts_with("-----");
        let wanted = self.r#type.or(by_role.filter(|_| !is_pem));
        let private = import::read(&text, wanted).map_err(|error| {
            let failure =
                Failure::new(Status::Data, format!("cannot import {}", self.file.display())).caused_by(&error);
            match error.hint() {
                Some(hint) => failure.hint(hint),
                None => failure,
            }
        })?;
        let key_type = private.key_type();
        let known = (self.name.clone(), key_type);
        let made = make_known(context, &configuration, known, Origin::Imported(&private), &self.passphrase)?;
        let Some(made) = made else {
            let file = keyring::open(&configuration, Access::Look)?.path(&self.name);
            let planned = Planned { name: self.name, r#type: key_type, hd_path: None, file, created: false };
            return Ok(Report::record(planned, self.output.output));
        };
        let mut entry = KeyEntry::new(&made.key, &configuration)?;
        entry.state = made.state;
        Ok(Report::record(entry, self.output.output))
    }
}
