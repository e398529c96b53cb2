//! The keyring of a command, and the audit trail of what it does with a key.

use std::sync::{Arc, OnceLock};

use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::cli::{Configuration, Context, Failure, Status};
use crate::config::Choice as _;
use crate::config::schema::KeyStore;
use crate::jobs::audit::Trail;
use crate::keys::file::{Access, Keyring, Notice};
use crate::keys::{BackendKind, Places, external, hardware, ledger};
use crate::observe::audit::actor;
use crate::observe::interrupt::Interrupt;
use crate::store::Mode;

/// The option that says where keys are kept.
#[derive(Debug, Clone, Default, Args)]
pub struct KeyringOption {
    /// Where keys are kept; keys.keyring_backend unless given
    #[arg(long, value_name = "STORE", value_parser = stores())]
    keyring_backend: Option<String>,
}

fn stores() -> PossibleValuesParser {
    PossibleValuesParser::new(KeyStore::ALL.iter().map(|store| store.word()))
}

impl KeyringOption {
    /// The configuration, with this option in it.
    pub fn configuration(&self, context: &Context) -> Result<Configuration, Failure> {
        let backend = self.keyring_backend.clone();
        let flag = backend.map(|word| ("keys.keyring_backend", "--keyring-backend", word));
        context.configuration_with(flag.into_iter().collect())
    }
}

/// The back end that a configuration names for new keys.
pub const fn kind(store: KeyStore) -> BackendKind {
    match store {
        KeyStore::File => BackendKind::File,
        KeyStore::Hardware => BackendKind::Hardware,
        KeyStore::Ledger => BackendKind::Ledger,
        KeyStore::NonCustodial => BackendKind::NonCustodial,
        KeyStore::Memory => BackendKind::Memory,
    }
}

/// How a configuration reaches the back ends beside files.
pub fn places(configuration: &Configuration, context: &Context) -> Result<Places, Failure> {
    let settings = &configuration.settings;
    let keys = &settings.keys;
    let hardware = keys.hsm.library_path.clone().map(|library| hardware::Settings {
        library,
        slot: keys.hsm.slot_id,
        label: keys.hsm.token_label.as_ref().map(|label| label.0.clone()),
    });
    let path = keys.ledger.derivation_path.0.parse();
    let path = path.map_err(|error: crate::keys::NotAPath| Failure::new(Status::Configuration, error.to_string()))?;
    let device = ledger::Settings {
        path,
        prefix: configuration.network().address_prefix.to_owned(),
        require_confirmation: keys.ledger.require_confirmation,
        patience: keys.ledger.timeout,
    };
    let place = keys.ledger.emulator.map_or(ledger::Place::Usb, ledger::Place::Emulator);
    let command: Vec<String> = keys.signer.command.iter().map(|part| part.0.clone()).collect();
    let inherited = ["PATH", "HOME", "LANG"].into_iter();
    let environment = inherited.filter_map(|name| Some((name.to_owned(), context.environment.text(name)?.to_owned())));
    let external = (!command.is_empty()).then(|| external::Settings {
        command,
        timeout: keys.signer.timeout,
        confirms: keys.signer.require_confirmation,
        environment: environment.collect(),
        stop: stop(),
    });
    let (chain_id, unlocked) = (settings.chain_id(), context.unlocked.clone());
    Ok(Places { hardware, ledger: Some((device, place)), external, chain_id, unlocked })
}

/// Whether a signal asks this process to end; it listens from the first question on, when a program runs that must not
/// outlive it.
fn stop() -> external::Stop {
    let listening: OnceLock<Interrupt> = OnceLock::new();
    external::Stop(Arc::new(move || {
        let interrupt = listening.get_or_init(|| Interrupt::install(None).unwrap_or_else(|_| Interrupt::after(None)));
        interrupt.requested().is_some()
    }))
}

/// Opens the keyring of a configuration, and logs what opening found or changed.
pub fn open(configuration: &Configuration, access: Access) -> Result<Keyring, Failure> {
    let keyring = Keyring::open(&configuration.keyring, access)?;
    for notice in keyring.notices() {
        match notice {
            Notice::Tightened { path, was } => {
                let was = format!("{was:04o}");
                tracing::warn!(path = %path.display(), was, "other users could use this; they cannot any more");
            }
            Notice::Exposed { path, mode } => {
                let mode = format!("{mode:04o}");
                tracing::warn!(path = %path.display(), mode, "other users may use this; chmod 700 folders, 600 files");
            }
        }
    }
    Ok(keyring)
}

/// Does something that the audit trail records, if a trail is kept, and seals the trail.
pub fn recorded<T>(
    context: &Context,
    configuration: &Configuration,
    doing: &str,
    work: impl FnOnce(Option<&Trail<'_>>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let settings = configuration.audit();
    if !settings.enabled {
        return work(None);
    }
    let store = context.open_state(&configuration.state_file, Mode::Write)?;
    let now = || context.now();
    let trail = Trail::new(&store, &settings, actor(Some(doing), None), &now);
    let done = work(Some(&trail));
    if let Err(error) = trail.finish() {
        // The next run makes up for it.
        tracing::error!(error = &error as &(dyn std::error::Error + 'static), "the audit trail is not sealed");
    }
    done
}
