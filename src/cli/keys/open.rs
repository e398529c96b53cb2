//! `provider keys open`

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::keyring::{self, KeyringOption};
use super::life::{Life, look, state_to_look_at};
use crate::cli::passphrase::{Asking, PassphraseOption};
use crate::cli::{Configuration, Context, Failure, Report, Status};
use crate::domain::envelope::{Envelope, fingerprint_of};
use crate::domain::key::State;
use crate::jobs::keys_inventory::Kept;
use crate::jobs::keys_open;
use crate::keys::file::{Access, Key};
use crate::keys::sealing::Opened;
use crate::keys::{Backends, Signer};

/// Open what was sealed to one of our keys
///
/// Takes an envelope of the chain's encryption module as JSON. It opens with the key that it is sealed for, as long as
/// that key is in use, in its grace period or deactivated.
#[derive(Debug, Args)]
pub struct Open {
    /// The file with the envelope; - is stdin
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Write what was sealed to this file, which must not exist and only its owner may read, instead of stdout
    #[arg(long, value_name = "FILE")]
    output_file: Option<PathBuf>,

    #[command(flatten)]
    passphrase: PassphraseOption,

    #[command(flatten)]
    keyring: KeyringOption,
}

/// The most bytes of an envelope that is read.
const LONGEST: u64 = 16 * 1024 * 1024;

/// The text of a file, or of stdin.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    use std::io::Read as _;
    let failed = |error: std::io::Error| {
        let status = if error.kind() == std::io::ErrorKind::NotFound { Status::Data } else { Status::Unavailable };
        Failure::new(status, format!("cannot read {}", path.display())).caused_by(&error)
    };
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin().lock().take(LONGEST + 1).read_to_end(&mut bytes).map_err(failed)?;
    } else {
        let file = std::fs::File::open(path).map_err(failed)?;
        file.take(LONGEST + 1).read_to_end(&mut bytes).map_err(failed)?;
    }
    let fits = u64::try_from(bytes.len()).is_ok_and(|length| length <= LONGEST);
    if fits { Ok(bytes) } else { Err(Failure::new(Status::Data, format!("{} has more than 16 MiB", path.display()))) }
}

impl Open {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = self.keyring.configuration(context)?;
        let text = String::from_utf8_lossy(&read(&self.file)?).into_owned();
        let envelope = Envelope::from_json(&text)
            .map_err(|error| Failure::from_error(&crate::keys::sealing::SealingError::from(error)))?;
        if let Some(path) = self.output_file.as_ref().filter(|path| path.symlink_metadata().is_ok()) {
            return Err(Failure::new(Status::Data, format!("cannot write {}", path.display()))
                .hint("an existing file is never overwritten"));
        }
        if context.global.dry_run {
            return rehearse(&configuration, &envelope);
        }
        let opened = open(context, &configuration, &envelope, &self.passphrase)?;
        let report = match &self.output_file {
            Some(path) => {
                write_new(path, &opened.text)?;
                Report::nothing().note(format!("wrote {} bytes to {}", opened.text.len(), path.display()))
            }
            None => Report::verbatim(String::from_utf8(opened.text.to_vec()).map_err(|_| {
                Failure::new(Status::Data, "what was sealed is no text").hint("write it to a file with --output-file")
            })?),
        };
        Ok(remarks(&opened).into_iter().fold(report, Report::note))
    }
}

/// Says which of our keys would open it.
fn rehearse(configuration: &Configuration, envelope: &Envelope) -> Result<Report, Failure> {
    let keyring = keyring::open(configuration, Access::Look)?;
    let known = look(state_to_look_at(configuration).as_ref(), &keyring)?;
    let meant = known.kept.iter().filter(|kept| {
        let public = kept.key.as_ref().map(|key| key.public.fingerprint());
        public.is_some_and(|ours| envelope.recipient(&ours).is_some())
    });
    let opens = |kept: &&Kept| kept.row.as_ref().is_none_or(|row| row.state.may_open());
    let words = match meant.into_iter().find(opens) {
        Some(kept) => format!("the key `{}` would open it", kept.name),
        None => "no key of ours would open it".to_owned(),
    };
    Ok(Report::nothing().note(words))
}

/// Opens an envelope with whichever of our keys it is sealed for, and records that.
pub fn open(
    context: &Context,
    configuration: &Configuration,
    envelope: &Envelope,
    passphrase: &PassphraseOption,
) -> Result<Opened, Failure> {
    let life = Life::open(context, configuration, Access::Use)?;
    let ask = Asking::new(context, passphrase, configuration);
    let backends = Backends::new(&life.keyring, &ask, keyring::places(configuration, context)?);
    life.recorded("keys-open", |trail| {
        let known = life.sync(trail)?;
        let is_meant = |key: &Key| {
            let ours = key.public.fingerprint();
            envelope.recipient_key_ids.iter().any(|id| fingerprint_of(id) == ours)
        };
        let (mut ours, mut shut): (Vec<Key>, Option<Failure>) = (Vec::new(), None);
        for kept in known.kept {
            let Some(key) = kept.key.filter(is_meant) else { continue };
            match kept.row.map(|row| row.state).filter(|state| !state.may_open()) {
                None => ours.push(key),
                Some(state) => shut = Some(does_not_open(&key, state)),
            }
        }
        // One that may open it is enough.
        if let Some(failure) = shut.filter(|_| ours.is_empty()) {
            return Err(failure);
        }
        let signers: Result<Vec<Signer<'_>>, _> = ours.iter().map(|key| backends.signer(key)).collect();
        Ok(keys_open::run(envelope, &signers?, trail)?)
    })
}

/// Why a key in this state opens nothing, and what can be done.
fn does_not_open(key: &Key, state: State) -> Failure {
    let name = &key.name;
    let failure = Failure::new(Status::Denied, format!("it is sealed for the key `{name}`, which is {state}"));
    match state {
        State::Suspended => failure.hint(format!("a suspended key opens again after `provider keys resume {name}`")),
        State::Created => failure.hint("`provider keys status` shows what it waits for"),
        State::Pending
        | State::Active
        | State::Rotating
        | State::Deactivated
        | State::Archived
        | State::Compromised
        | State::Destroyed => failure.hint("an archived key opens nothing any more: ask the sender to seal it anew"),
    }
}

/// What whoever sealed it did wrong.
pub fn remarks(opened: &Opened) -> Vec<&'static str> {
    let mut remarks = Vec::new();
    if opened.readable_by_anyone {
        remarks.push(
            "it was sealed for several recipients in a way that anybody can read: take what is in it for known, and ask \
             the sender for one envelope for each",
        );
    }
    if !opened.checksum_fits {
        remarks.push("its checksum (sender_signature) does not belong to it; the box itself is sound");
    }
    remarks
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let written = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(|error| {
        let taken = error.kind() == std::io::ErrorKind::AlreadyExists;
        if !taken {
            // Part of a secret is of no use, and the next try would find it in its way.
            let _ = std::fs::remove_file(path);
        }
        let failure = Failure::new(Status::Data, format!("cannot write {}", path.display())).caused_by(&error);
        failure.hint(if taken { "an existing file is never overwritten" } else { "look at the folder and its disk" })
    })
}
