//! `provider keys register` and `provider keys revoke`

use clap::Args;
use serde::Serialize;

use super::keyring::KeyringOption;
use super::life::Life;
use super::role;
use crate::chain::wire::encryption::{MsgRegisterRecipientKey, MsgRevokeRecipientKey};
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::tx::delivery::{Delivery, Sent};
use crate::cli::tx::sending::Sending;
use crate::cli::{Configuration, Context, Failure, Report, Status, wait_for};
use crate::domain::address::Address;
use crate::domain::envelope::ALGORITHM;
use crate::domain::key::{Role, State};
use crate::domain::recipient_key::RecipientKey;
use crate::jobs::keys_inventory::serving;
use crate::jobs::keys_rotate::{register_purpose, remember, revoke_purpose};
use crate::keys::file::Access;
use crate::keys::{KeyType, Name};

/// Register an encryption key on the chain, so that tenants seal for it
///
/// The chain takes five keys of an account, old ones included, and forgets none. To put a new key in the place of one
/// that is registered, use `keys rotate encryption`.
#[derive(Debug, Args)]
pub struct Register {
    /// The key; the one that keys.encryption_key names unless given
    #[arg(value_name = "NAME")]
    name: Option<Name>,

    /// What the chain calls it; the name of the key unless given
    #[arg(long, value_name = "TEXT")]
    label: Option<String>,

    #[command(flatten)]
    passphrase: PassphraseOption,

    #[command(flatten)]
    keyring: KeyringOption,

    #[command(flatten)]
    output: OutputOption,
}

/// Revoke an encryption key on the chain, so that nobody seals for it any more
///
/// It cannot be taken back, and the key keeps its place among the five of the account.
#[derive(Debug, Args)]
pub struct Revoke {
    /// The key; --fingerprint names one that is not in the key folder
    #[arg(value_name = "NAME", required_unless_present = "fingerprint")]
    name: Option<Name>,

    /// The key's fingerprint on the chain: 40 hexadecimal digits
    #[arg(long, value_name = "DIGITS", conflicts_with = "name")]
    fingerprint: Option<String>,

    /// Revoke it even if it is the key in use
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    passphrase: PassphraseOption,

    #[command(flatten)]
    keyring: KeyringOption,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct OnChain {
    name: Option<String>,
    fingerprint: String,
    version: Option<u32>,
    label: Option<String>,
    state: &'static str,
    places_left: Option<u32>,
    #[serde(flatten)]
    sent: Option<Sent>,
}

impl Entry for OnChain {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
        let mut parts = vec![
            ("name", text(&self.name)),
            ("fingerprint", self.fingerprint.clone()),
            ("version", number(self.version)),
            ("label", text(&self.label)),
            ("state", self.state.to_owned()),
            ("places_left", number(self.places_left)),
        ];
        parts.extend(self.sent.iter().flat_map(Sent::parts));
        parts
    }
}

/// Refuses networks without recipient keys.
fn check_network(configuration: &Configuration) -> Result<(), Failure> {
    let network = configuration.network();
    if network.has("encryption.v1") {
        return Ok(());
    }
    Err(Failure::new(Status::Data, format!("{} registers no encryption keys", network.word)).hint(
        "tenants of this network send manifests through the gateway; `keys seal` and `keys open` work without a chain",
    ))
}

/// What the chain holds of an account, and how many more keys it takes. It is written down for `keys status`.
fn held(sending: &Sending<'_>, life: &Life<'_>, address: &Address) -> Result<(Vec<RecipientKey>, u32), Failure> {
    let client = &sending.client;
    let (keys, limit) = wait_for(async {
        let keys = client.recipient_keys(address).await?.believed()?.into_value();
        let limit = client.encryption_params().await?.believed()?.into_value().keys_per_account;
        Ok::<_, crate::chain::client::CallError>((keys, limit))
    })??;
    remember(&life.store, &keys, life.now())?;
    let free = limit.saturating_sub(u32::try_from(keys.len()).unwrap_or(u32::MAX));
    Ok((keys, free))
}

impl Register {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = self.keyring.configuration(context)?;
        check_network(&configuration)?;
        let access = if context.global.dry_run { Access::Look } else { Access::Use };
        let life = Life::open(context, &configuration, access)?;
        let usual = role::name_in(Role::Encryption, &configuration.settings.keys);
        let wanted = self.name.as_ref().map_or(usual, Name::as_str);
        let kept = super::life::look(Some(&life.store), &life.keyring)?;
        let found =
            if self.name.is_some() { kept.iter().find(|kept| kept.name == wanted) } else { serving(&kept, wanted) };
        let key = found.and_then(|kept| kept.key.as_ref());
        let key = key.ok_or_else(|| Failure::new(Status::Data, format!("there is no key `{wanted}`")))?;
        if key.public.key_type() != KeyType::X25519 {
            let message =
                format!("the key `{}` is of type {}, and the chain registers x25519", key.name, key.public.key_type());
            return Err(Failure::new(Status::Data, message));
        }
        let sending = Sending::open(context, &configuration)?;
        let address = sending.address()?;
        let fingerprint = key.public.fingerprint();
        let label = self.label.clone().unwrap_or_else(|| key.name.to_string());
        let message = MsgRegisterRecipientKey {
            sender: address.to_string(),
            public_key: key.public.bytes().to_vec(),
            algorithm_id: ALGORITHM.to_owned(),
            label: label.clone(),
        };
        let (keys, free) = held(&sending, &life, &address)?;
        let known = keys.iter().any(|known| known.fingerprint == fingerprint);
        if !known && free == 0 {
            return Err(Failure::new(Status::Data, "the chain takes no further key from this account")
                .hint("old keys keep their places, revoked ones too: go on with the newest that is registered"));
        }
        let Delivery { sent, notes } = if known {
            Delivery::default()
        } else {
            sending.send(("keys-register", &register_purpose(&fingerprint)), &self.passphrase, &message)?
        };
        let (keys, free) = if sent.is_some() { held(&sending, &life, &address)? } else { (keys, free) };
        let on_chain = keys.iter().find(|known| known.fingerprint == fingerprint);
        let entry = OnChain {
            name: Some(key.name.to_string()),
            version: on_chain.map(|known| known.version),
            label: on_chain.map(|known| known.label.clone()).or(Some(label)),
            state: if on_chain.is_some() { "registered" } else { "not registered" },
            fingerprint,
            places_left: Some(free),
            sent,
        };
        let report = notes.into_iter().fold(Report::record(entry, self.output.output), Report::note);
        Ok(if known { report.note("the chain has it already; nothing was sent") } else { report })
    }
}

impl Revoke {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = self.keyring.configuration(context)?;
        check_network(&configuration)?;
        let access = if context.global.dry_run { Access::Look } else { Access::Use };
        let life = Life::open(context, &configuration, access)?;
        let kept = super::life::look(Some(&life.store), &life.keyring)?;
        let by_name = self.name.as_ref().map(Name::as_str);
        let row = kept
            .iter()
            .filter_map(|kept| kept.row.as_ref())
            .find(|row| Some(row.name.as_str()) == by_name || Some(&row.fingerprint) == self.fingerprint.as_ref());
        let fingerprint = match (&self.fingerprint, row) {
            (Some(digits), _) if digits.len() == 40 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                digits.to_ascii_lowercase()
            }
            (Some(digits), _) => {
                return Err(Failure::new(
                    Status::Usage,
                    format!("--fingerprint: `{digits}` has not 40 hexadecimal digits"),
                ));
            }
            (None, Some(row)) => row.fingerprint.clone(),
            (None, None) => {
                let name = by_name.unwrap_or_default();
                return Err(Failure::new(
                    Status::Data,
                    format!("there is no key `{name}` whose life the state file knows"),
                ));
            }
        };
        if row.is_some_and(|row| row.state == State::Active) && !self.force {
            return Err(Failure::new(Status::Denied, "it is the key in use: nobody could seal for us any more").hint(
                "`provider keys rotate encryption` puts another in its place first; --force revokes it all the same",
            ));
        }
        let sending = Sending::open(context, &configuration)?;
        let address = sending.address()?;
        let message = MsgRevokeRecipientKey { sender: address.to_string(), key_fingerprint: fingerprint.clone() };
        let Delivery { sent, notes } =
            sending.send(("keys-revoke", &revoke_purpose(&fingerprint)), &self.passphrase, &message)?;
        let (keys, free) = held(&sending, &life, &address)?;
        let on_chain = keys.iter().find(|known| known.fingerprint == fingerprint);
        let entry = OnChain {
            name: row.map(|row| row.name.clone()),
            version: on_chain.map(|known| known.version),
            label: on_chain.map(|known| known.label.clone()),
            state: match on_chain {
                Some(known) if known.revoked_at.is_some() => "revoked",
                Some(_) => "registered",
                None => "not registered",
            },
            fingerprint,
            places_left: Some(free),
            sent,
        };
        Ok(notes.into_iter().fold(Report::record(entry, self.output.output), Report::note))
    }
}
