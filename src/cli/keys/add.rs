//! `provider keys add`, and `provider keys generate` as the training manual has it.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use serde::Serialize;

use super::key_entry::{KeyEntry, or_dash};
use super::keyring::{self, KeyringOption};
use super::life::Life;
use super::{policy, role};
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::passphrase::{Asking, PassphraseOption};
use crate::cli::terminal::Terminal;
use crate::cli::{Configuration, Context, Failure, Report, Status};
use crate::domain::key::{Role, State};
use crate::jobs::keys_add::{self, Origin};
use crate::keys::file::{Access, Key};
use crate::keys::{
    Ask, BackendKind, Backends, HdPath, KeyType, Known, Mnemonic, Name, Passphrase, PassphraseError, protect,
    read_secret_file,
};
use crate::observe::redact;
use crate::store::Mode;

/// Make a key and keep it sealed with a passphrase
///
/// A secp256k1 key comes with a mnemonic of 24 words, the only way to bring it back when its file and all copies are
/// lost. It is shown once, on the terminal, and kept nowhere. Keys of other types have none: keep a copy of their files.
///
/// With --keyring-backend the key is kept elsewhere than in a file: on a PKCS#11 token (hardware), on a Ledger device, or
/// by a signer program (non_custodial). The key folder then holds its public part and where it is.
#[derive(Debug, Args)]
pub struct Add {
    /// The name of the key
    #[arg(value_name = "NAME")]
    name: Name,

    /// The type of the key; the role that the configuration gives to its name decides unless given
    ///
    /// keys.signing_key is secp256k1, keys.encryption_key is x25519, and so are their later versions (NAME-v2);
    /// keys.usage_key and any other is of keys.default_algorithm.
    #[arg(long, value_name = "TYPE", value_parser = type_parser())]
    r#type: Option<KeyType>,

    #[command(flatten)]
    options: Options,
}

/// Make a key and keep it sealed with a passphrase
#[derive(Debug, Args)]
pub struct Generate {
    /// The name of the key; the configured one of its type's role unless given
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
    /// Take over a key that its back end has already, under this name
    #[arg(long, conflicts_with = "recover")]
    existing: bool,

    #[command(flatten)]
    mnemonic: MnemonicOptions,

    #[command(flatten)]
    passphrase: PassphraseOption,

    #[command(flatten)]
    keyring: KeyringOption,

    #[command(flatten)]
    output: OutputOption,
}

/// What becomes of the mnemonic of a key that has one.
#[derive(Debug, Args)]
struct MnemonicOptions {
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

fn added(kept: &Kept, mnemonic: Option<String>, configuration: &Configuration) -> Result<Added, Failure> {
    let mut key = KeyEntry::new(&kept.key, configuration)?;
    key.state = kept.state;
    Ok(Added { key, mnemonic, created: true })
}

/// What would be made, in a dry run.
#[derive(Serialize)]
pub(super) struct Planned {
    pub(super) name: Name,
    pub(super) r#type: KeyType,
    pub(super) hd_path: Option<String>,
    pub(super) file: PathBuf,
    pub(super) created: bool,
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
        let meant = role::meant(&self.name, keys).map(|role| role::key_type(role, keys));
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
    let role = match key_type {
        KeyType::Secp256k1 => Role::Signing,
        KeyType::X25519 => Role::Encryption,
        KeyType::Ed25519 | KeyType::P256 => Role::Usage,
    };
    role::name_in(role, keys).parse().map_err(|error: crate::keys::NotAName| {
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
        let kind = keyring::kind(configuration.settings.keys.keyring_backend);
        let path = self.path(key_type, kind, configuration)?;
        let rehearsal = context.global.dry_run;
        let keyring = keyring::open(configuration, if rehearsal { Access::Look } else { Access::Create })?;
        keyring.check_free(&name)?;
        check_policy(context, configuration, key_type)?;
        let keys = &configuration.settings.keys;
        let role = role::meant(&name, keys).filter(|role| !role.fits(key_type));
        let remark = role.map(|role| {
            let (setting, needed) = (role::setting(role), role::key_type(role, keys));
            format!("{setting} names keys of type {needed}; `{name}` cannot take that role")
        });
        let report = if rehearsal {
            let file = keyring.path(&name);
            let hd_path = path.map(|path| path.to_string());
            Report::record(Planned { name, r#type: key_type, hd_path, file, created: false }, self.output.output)
        } else if kind == BackendKind::File {
            self.make(context, configuration, (name, key_type, path))?
        } else {
            let ask = Asking::new(context, &self.passphrase, configuration);
            let origin = if self.existing { Origin::Existing(key_type) } else { Origin::New(key_type) };
            let added = added(&keep(context, configuration, (name, origin, kind), &ask)?, None, configuration)?;
            Report::record(added, self.output.output)
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
    ) -> Result<Report, Failure> {
        if key_type.has_mnemonic() && !self.mnemonic.recover {
            self.check_audience()?;
        }
        let mnemonic = match &path {
            Some(_) => Some(self.phrase(&name)?),
            None => None,
        };
        let passphrase = self.passphrase.new_one(context, &name).map_err(|error| Failure::from_error(&error))?;
        let origin = match (&mnemonic, path) {
            (Some(mnemonic), Some(path)) => Origin::Mnemonic { mnemonic, path, recovered: self.mnemonic.recover },
            (_, _) if self.existing => Origin::Existing(key_type),
            (_, _) => Origin::New(key_type),
        };
        let shown = mnemonic
            .as_ref()
            .filter(|_| !self.mnemonic.recover && !self.mnemonic.print_mnemonic && !self.mnemonic.no_mnemonic);
        if let Some(mnemonic) = shown {
            show(mnemonic, &name)?;
        }
        let kept = keep(context, configuration, (name, origin, BackendKind::File), &Known(passphrase));
        let kept = kept.map_err(|failure| match shown {
            Some(_) => failure.hint("the mnemonic that was shown belongs to no key: forget it"),
            None => failure,
        })?;
        let printed = mnemonic.filter(|_| self.mnemonic.print_mnemonic).map(|mnemonic| mnemonic.reveal().to_owned());
        Ok(Report::record(added(&kept, printed, configuration)?, self.output.output))
    }

    /// The derivation path of a key that has a mnemonic; options of mnemonics do not go with other keys.
    fn path(
        &self,
        key_type: KeyType,
        kind: BackendKind,
        configuration: &Configuration,
    ) -> Result<Option<HdPath>, Failure> {
        let network = configuration.network();
        if key_type.has_mnemonic() && kind == BackendKind::File && !self.existing {
            let usual = HdPath::of_account(network.coin_type, 0);
            let usual = usual.map_err(|error| Failure::new(Status::Bug, error.to_string()))?;
            return Ok(Some(self.mnemonic.hd_path.clone().unwrap_or(usual)));
        }
        let given = [
            ("--recover", self.mnemonic.recover),
            ("--hd-path", self.mnemonic.hd_path.is_some()),
            ("--print-mnemonic", self.mnemonic.print_mnemonic),
            ("--no-mnemonic", self.mnemonic.no_mnemonic),
        ];
        match given.into_iter().find(|(_, given)| *given) {
            None => Ok(None),
            Some((option, _)) => {
                let (what, hint) = if kind == BackendKind::File {
                    (format!("keys of type {key_type}"), "add --type secp256k1, or `provider keys restore` its backup")
                } else {
                    (format!("keys in {}", kind.noun()), "only keys in files (--keyring-backend file) have one here")
                };
                Err(Failure::new(Status::Usage, format!("{what} have no mnemonic, and no {option}")).hint(hint))
            }
        }
    }

    /// Nobody may be left without the mnemonic unless that was asked for.
    fn check_audience(&self) -> Result<(), Failure> {
        if self.mnemonic.print_mnemonic || self.mnemonic.no_mnemonic || Terminal::open().is_some() {
            return Ok(());
        }
        let message = "there is no terminal to show the mnemonic of the new key on";
        let hint = "--print-mnemonic prints it on stdout, --no-mnemonic shows it to nobody";
        Err(Failure::new(Status::Usage, message).hint(hint))
    }

    /// The mnemonic, known to the logs as something to keep out of them.
    fn phrase(&self, name: &Name) -> Result<Mnemonic, Failure> {
        protect::lock_memory();
        let mnemonic = match (self.mnemonic.recover, &self.mnemonic.mnemonic_file) {
            (false, _) => Mnemonic::generate()
                .map_err(|error| Failure::new(Status::Unavailable, "cannot make a mnemonic").caused_by(&error))?,
            (true, file) => {
                let text = match file {
                    Some(file) => read_secret_file(file),
                    None => ask_for_mnemonic(name),
                };
                let text = text.map_err(|error| match error {
                    PassphraseError::NoSource { .. } => {
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

/// A key that was made, and its state.
pub(super) struct Kept {
    pub(super) key: Key,
    pub(super) state: Option<State>,
}

/// Has the back end make a key, keeps its file, and takes it up in the state file.
fn keep(
    context: &Context,
    configuration: &Configuration,
    (name, origin, kind): (Name, Origin<'_>, BackendKind),
    ask: &dyn Ask,
) -> Result<Kept, Failure> {
    let life = Life::open(context, configuration, Access::Create)?;
    let backends = Backends::new(&life.keyring, ask, keyring::places(configuration, context)?);
    let backend = backends.of(kind)?;
    let request = keys_add::Request { name, origin, store: &life.store, now: context.now() };
    life.recorded("keys-add", |trail| {
        let key = keys_add::run(request, backend, &life.keyring, trail)?;
        let known = life.sync(trail)?;
        let row = known.named(key.name.as_str()).and_then(|kept| kept.row.as_ref());
        Ok(Kept { state: row.map(|row| row.state), key })
    })
}

/// Keeps a key that was made elsewhere, where the configuration keeps keys; in a rehearsal nothing is kept.
pub(super) fn make_known(
    context: &Context,
    configuration: &Configuration,
    (name, key_type): (Name, KeyType),
    origin: Origin<'_>,
    passphrase: &PassphraseOption,
) -> Result<Option<Kept>, Failure> {
    let kind = keyring::kind(configuration.settings.keys.keyring_backend);
    let rehearsal = context.global.dry_run;
    let keyring = keyring::open(configuration, if rehearsal { Access::Look } else { Access::Create })?;
    keyring.check_free(&name)?;
    check_policy(context, configuration, key_type)?;
    if rehearsal {
        return Ok(None);
    }
    let ask = Asking::new(context, passphrase, configuration);
    keep(context, configuration, (name, origin, kind), &ask).map(Some)
}

/// Whether the policy allows keys of this type.
fn check_policy(context: &Context, configuration: &Configuration, key_type: KeyType) -> Result<(), Failure> {
    let found = if configuration.state_file.exists() {
        let mode = if context.global.dry_run { Mode::Read } else { Mode::Write };
        let store = context.open_state(&configuration.state_file, mode)?;
        store.read("read the key policy", |snapshot| policy::in_force(Some(snapshot), configuration))?
    } else {
        policy::in_force(None, configuration)?
    };
    found.policy.allows(key_type).map_err(|refusal| {
        Failure::new(Status::Denied, refusal.to_string()).hint("`provider keys set-policy` shows and changes the rules")
    })
}

fn ask_for_mnemonic(name: &Name) -> Result<zeroize::Zeroizing<String>, PassphraseError> {
    let mut terminal = Terminal::open().ok_or(PassphraseError::NoSource { credential: Passphrase::CREDENTIAL })?;
    let question = format!("Mnemonic of the key `{name}`, its words in one line (it is not shown): ");
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
