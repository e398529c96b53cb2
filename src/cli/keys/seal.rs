//! `provider keys seal`

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;

use super::keyring::{self, KeyringOption};
use super::life::{look, not_the_key, state_to_look_at};
use crate::cli::{Context, Failure, Report, Status};
use crate::domain::key::{Role, State};
use crate::jobs::keys_inventory::Problem;
use crate::keys::file::Access;
use crate::keys::{KeyType, Name, PublicKey, sealing};

/// Seal a text for a key, as tenants do
///
/// What comes out opens with that key only. To try whether a tenant's manifest would open, seal one for your own
/// encryption key and `keys open` it.
#[derive(Debug, Args)]
pub struct Seal {
    /// The file to seal; - is stdin
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// For whom: the name of a key of ours, or a public key in base64; the encryption key in use unless
    /// given
    #[arg(long = "for", value_name = "KEY")]
    recipient: Option<String>,

    #[command(flatten)]
    keyring: KeyringOption,
}

impl Seal {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = self.keyring.configuration(context)?;
        let keyring = keyring::open(&configuration, Access::Look)?;
        let word = self.recipient.as_deref().unwrap_or(&configuration.settings.keys.encryption_key.0);
        let bytes = STANDARD.decode(word).ok().filter(|bytes| bytes.len() == 32);
        let recipient = if let Some(bytes) = bytes {
            PublicKey::from_bytes(KeyType::X25519, &bytes)
                .map_err(|error| Failure::new(Status::Usage, format!("--for: {error}")))?
        } else {
            let name: Name = word.parse().map_err(|_| {
                Failure::new(Status::Usage, format!("--for: `{word}` is neither a key of ours nor 32 bytes in base64"))
            })?;
            let state = state_to_look_at(&configuration);
            let kept = look(state.as_ref(), &keyring)?;
            // The configuration names a line of keys; the one that took over last is meant.
            let serves = kept.serving(Role::Encryption, name.as_str()).filter(|_| self.recipient.is_none());
            // Others may open what is sealed for a key that was given up, and nobody should seal for one that is revoked.
            if let Some(row) = serves.and_then(|kept| kept.row.as_ref()).filter(|row| row.must_go()) {
                let how =
                    if row.state == State::Compromised { "given up as compromised" } else { "replaced on the chain" };
                let message = format!("no key serves encryption: `{}` is {how}", row.name);
                return Err(Failure::new(Status::Denied, message).hint(
                    "`provider keys rotate encryption` puts another in its place; --for names any key, this one too",
                ));
            }
            let found = serves.or_else(|| kept.named(name.as_str()));
            match found.map(|kept| (kept.key.as_ref(), kept.problem.as_ref())) {
                Some((Some(key), _)) => key.public,
                Some((None, Some(Problem::OtherKey))) => return Err(not_the_key(name.as_str())),
                Some((None, _)) | None => keyring.find(&name)?.public,
            }
        };
        let text = super::open::read(&self.file)?;
        let envelope = sealing::seal(&text, &recipient, None).map_err(|error| Failure::from_error(&error))?;
        Ok(Report::verbatim(format!("{}\n", envelope.to_json())))
    }
}
