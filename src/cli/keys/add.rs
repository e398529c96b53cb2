//! `provider keys add`, and `provider keys generate` as the training manual has it.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use serde::Serialize;

use super::key_entry::{KeyEntry, or_dash};
use super::keyring::{self, KeyringOption};
use super::role::{self, Role};
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::terminal::Terminal;
use crate::cli::{Configuration, Context, Failure, Report, Status};
use crate::jobs::keys_add::{self, Origin};
use crate::keys::file::{Access, Costs, Keyring};
use crate::keys::{HdPath, KeyType, Mnemonic, Name, PassphraseError, read_secret_file};
use crate::observe::redact;

/// Make a key and keep it sealed with a passphrase
///
/// A secp256k1 key comes with a mnemonic of 24 words, the only way to bring it back when its file and all copies are
/// lost. It is shown once, on the terminal, and kept nowhere. Keys of other types have none: keep a copy of their files.
#[derive(Debug, Args)]
pub struct Add {
    /// The name of the key
    #[arg(value_name = "NAME")]
    name: Name,

    /// The type of the key; the role that the configuration gives to its name decides unless given
    ///
    /// keys.signing_key is secp256k1, keys.encryption_key is x25519, and so are their later versions (NAME-v2); any
    /// other is of keys.default_algorithm.
    #[arg(long, value_name = "TYPE", value_parser = type_parser())]
    r#type: Option<KeyType>,

    #[command(flatten)]
    options: Options,
}

/// Make a key and keep it sealed with a passphrase
#[derive(Debug, Args)]
pub struct Generate {
    /// The name of the key; unless given, the configured one of its role, or the signing key's followed by its type
    #[arg(value_name = "NAME")]
    name: Option<Name>,

    /// The type of the key
    #[arg(long, value_name = "TYPE", value_parser = type_parser())]
    algorithm: Option<KeyType>,

    #[command(flatten)]
    options: Options,
}

fn type_parser() -> impl clap::builder::TypedValueParser<Value = KeyType> {
    PossibleValuesParser::new(KeyType::WORDS).try_map(|word| word.parse::<KeyType>())
}

#[derive(Debug, Args)]
struct Options {
    /// Make the key from a mnemonic that exists
    #[arg(long)]
    recover: bool,

    /// Read the mnemonic from this file, which only its owner may read, instead of the terminal
    #[arg(long, value_name = "FILE", requires = "recover")]
    mnemonic_file: Option<PathBuf>,

    /// Where the key is derived from the mnemonic; m/44'/118'/0'/0/0 unless given
    #[arg(long, value_name = "PATH")]
    hd_path: Option<HdPath>,

    /// Print the mnemonic on stdout with the rest, instead of on the terminal
    #[arg(long, conflicts_with = "recover")]
    print_mnemonic: bool,

    /// Show the mnemonic to nobody: only a copy of the key's file brings the key back
    #[arg(long, conflicts_with_all = ["recover", "print_mnemonic"])]
    no_mnemonic: bool,

    #[command(flatten)]
    passphrase: PassphraseOption,

    #[command(flatten)]
    keyring: KeyringOption,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct Added {
    #[serde(flatten)]
    key: KeyEntry,
    /// The words, where stdout was chosen for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    mnemonic: Option<String>,
    created: bool,
}

impl Entry for Added {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let mut parts = self.key.parts();
        parts.extend(self.mnemonic.iter().map(|words| ("mnemonic", words.clone())));
        parts.push(("created", self.created.to_string()));
        parts
    }
}

/// What would be made, in a dry run.
#[derive(Serialize)]
struct Planned {
    name: Name,
    r#type: KeyType,
    hd_path: Option<String>,
    file: PathBuf,
    created: bool,
}

impl Entry for Planned {
    fn parts(&self) -> Vec<(&'static str, String)> {
        vec![
            ("name", self.name.to_string()),
            ("type", self.r#type.to_string()),
            ("hd_path", or_dash(self.hd_path.as_ref())),
            ("file", self.file.display().to_string()),
            ("created", self.created.to_string()),
        ]
    }
}

impl Add {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = self.options.keyring.configuration(context)?;
        let keys = &configuration.settings.keys;
        let meant = Role::meant(&self.name, keys).map(Role::key_type);
        let key_type = self.r#type.or(meant).unwrap_or(role::default_type(keys));
        self.options.run(context, &configuration, self.name, key_type)
    }
}

impl Generate {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = self.options.keyring.configuration(context)?;
        let keys = &configuration.settings.keys;
        let key_type = self.algorithm.unwrap_or(role::default_type(keys));
        let name = match self.name {
            Some(name) => name,
            None => name_for(key_type, keys)?,
        };
        self.options.run(context, &configuration, name, key_type)
    }
}

/// The name of a key that was given none.
fn name_for(key_type: KeyType, keys: &crate::config::schema::Keys) -> Result<Name, Failure> {
    let (signing, encryption) = (&keys.signing_key.0, &keys.encryption_key.0);
    let name = match key_type {
        KeyType::Secp256k1 => signing.clone(),
        KeyType::X25519 => encryption.clone(),
        KeyType::Ed25519 | KeyType::P256 => format!("{signing}-{key_type}"),
    };
    name.parse().map_err(|error: crate::keys::NotAName| {
        Failure::new(Status::Usage, error.to_string()).hint("give the key a name: provider keys generate NAME")
    })
}

impl Options {
    fn run(
        &self,
        context: &Context,
        configuration: &Configuration,
        name: Name,
        key_type: KeyType,
    ) -> Result<Report, Failure> {
        let path = self.path(key_type, configuration)?;
        let rehearsal = context.global.dry_run;
        let keyring = keyring::open(configuration, if rehearsal { Access::Look } else { Access::Create })?;
        keyring.check_free(&name)?;
        let role = Role::meant(&name, &configuration.settings.keys);
        let remark = role.filter(|role| role.key_type() != key_type).map(|role| {
            format!("{} names keys of type {}; `{name}` cannot take that role", role.setting(), role.key_type())
        });
        let report = if rehearsal {
            let file = keyring.path(&name);
            let hd_path = path.map(|path| path.to_string());
            Report::record(Planned { name, r#type: key_type, hd_path, file, created: false }, self.output.output)
        } else {
            self.make(context, configuration, (name, key_type, path), &keyring)?
        };
        Ok(match remark {
            Some(remark) => report.note(remark),
            None => report,
        })
    }

    /// Asks for what is needed, shows the mnemonic, and makes the key: a person who gives up has no key and knows it.
    fn make(
        &self,
        context: &Context,
        configuration: &Configuration,
        (name, key_type, path): (Name, KeyType, Option<HdPath>),
        keyring: &Keyring,
    ) -> Result<Report, Failure> {
        if key_type.has_mnemonic() && !self.recover {
            self.check_audience()?;
        }
        let mnemonic = match &path {
            Some(_) => Some(self.mnemonic(&name)?),
            None => None,
        };
        let passphrase = self.passphrase.new_one(context, &name).map_err(|error| Failure::from_error(&error))?;
        let origin = match (&mnemonic, path) {
            (Some(mnemonic), Some(path)) => Origin::Mnemonic { mnemonic, path, recovered: self.recover },
            (_, _) => Origin::Random(key_type),
        };
        let shown = mnemonic.as_ref().filter(|_| !self.recover && !self.print_mnemonic && !self.no_mnemonic);
        if let Some(mnemonic) = shown {
            show(mnemonic, &name)?;
        }
        let request =
            keys_add::Request { name, origin, passphrase: &passphrase, costs: Costs::NEW, now: context.now() };
        let key =
            keyring::recorded(context, configuration, "keys-add", |trail| Ok(keys_add::run(request, keyring, trail)?));
        let key = key.map_err(|failure| match shown {
            Some(_) => failure.hint("the mnemonic that was shown belongs to no key: forget it"),
            None => failure,
        })?;
        let printed = mnemonic.filter(|_| self.print_mnemonic).map(|mnemonic| mnemonic.reveal().to_owned());
        let added = Added { key: KeyEntry::new(&key, configuration)?, mnemonic: printed, created: true };
        Ok(Report::record(added, self.output.output))
    }

    /// The derivation path of a key that has a mnemonic; options of mnemonics do not go with other keys.
    fn path(&self, key_type: KeyType, configuration: &Configuration) -> Result<Option<HdPath>, Failure> {
        let network = configuration.network();
        if key_type.has_mnemonic() {
            let usual = HdPath::of_account(network.coin_type, 0);
            let usual = usual.map_err(|error| Failure::new(Status::Bug, error.to_string()))?;
            return Ok(Some(self.hd_path.clone().unwrap_or(usual)));
        }
        let given = [
            ("--recover", self.recover),
            ("--hd-path", self.hd_path.is_some()),
            ("--print-mnemonic", self.print_mnemonic),
            ("--no-mnemonic", self.no_mnemonic),
        ];
        match given.into_iter().find(|(_, given)| *given) {
            None => Ok(None),
            Some((option, _)) => {
                Err(Failure::new(Status::Usage, format!("keys of type {key_type} have no mnemonic, and no {option}"))
                    .hint("add --type secp256k1, or put the copy of the key's file into the key folder"))
            }
        }
    }

    /// Nobody may be left without the mnemonic unless that was asked for.
    fn check_audience(&self) -> Result<(), Failure> {
        if self.print_mnemonic || self.no_mnemonic || Terminal::open().is_some() {
            return Ok(());
        }
        let message = "there is no terminal to show the mnemonic of the new key on";
        let hint = "--print-mnemonic prints it on stdout, --no-mnemonic shows it to nobody";
        Err(Failure::new(Status::Usage, message).hint(hint))
    }

    /// The mnemonic, known to the logs as something to keep out of them.
    fn mnemonic(&self, name: &Name) -> Result<Mnemonic, Failure> {
        let mnemonic = match (self.recover, &self.mnemonic_file) {
            (false, _) => Mnemonic::generate()
                .map_err(|error| Failure::new(Status::Unavailable, "cannot make a mnemonic").caused_by(&error))?,
            (true, file) => {
                let text = match file {
                    Some(file) => read_secret_file(file),
                    None => ask_for_mnemonic(name),
                };
                let text = text.map_err(|error| match error {
                    PassphraseError::NoSource => {
                        Failure::new(Status::Usage, "there is no terminal to ask for the mnemonic")
                            .hint("name a file with --mnemonic-file, or a pipe: --mnemonic-file /dev/stdin")
                    }
                    error => Failure::from_error(&error),
                })?;
                Mnemonic::parse(&text).map_err(|error| Failure::from_error(&error))?
            }
        };
        redact::register(mnemonic.reveal());
        Ok(mnemonic)
    }
}

fn ask_for_mnemonic(name: &Name) -> Result<zeroize::Zeroizing<String>, PassphraseError> {
    let mut terminal = Terminal::open().ok_or(PassphraseError::NoSource)?;
    let question = format!("Mnemonic of the key `{name}`, 24 words in one line (it is not shown): ");
    terminal.ask_hidden(&question).map_err(|source| PassphraseError::Prompt { source })
}

/// Shows a mnemonic on the terminal, in lines of six words.
fn show(mnemonic: &Mnemonic, name: &Name) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        Failure::new(Status::Unavailable, "the terminal did not take the mnemonic").caused_by(&error)
    };
    let mut text = zeroize::Zeroizing::new(String::with_capacity(1024));
    text.push_str("The mnemonic of the key `");
    text.push_str(name.as_str());
    text.push_str("`. Write it down now and keep it safe: it is shown once, and whoever has it has the account.\n\n");
    for (place, word) in mnemonic.reveal().split(' ').enumerate() {
        text.push_str(if place.is_multiple_of(6) { "    " } else { " " });
        text.push_str(word);
        if place % 6 == 5 {
            text.push('\n');
        }
    }
    text.push('\n');
    Terminal::open()
        .ok_or_else(|| std::io::Error::other("it is gone"))
        .and_then(|mut terminal| terminal.say(&text))
        .map_err(failed)
}
