//! `provider keys register` and `provider keys revoke`

use clap::Args;
use serde::Serialize;

use super::keyring::{self, KeyringOption};
use super::life::{Life, not_the_key};
use super::role;
use crate::chain::wire::encryption::{MsgRegisterRecipientKey, MsgRevokeRecipientKey};
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::passphrase::{Asking, PassphraseOption};
use crate::cli::tx::delivery::{Delivery, Sent};
use crate::cli::tx::sending::Sending;
use crate::cli::{Configuration, Context, Failure, Report, Status, wait_for};
use crate::domain::address::Address;
use crate::domain::envelope::ALGORITHM;
use crate::domain::key::{Role, State};
use crate::domain::recipient_key::RecipientKey;
use crate::jobs::keys_inventory::Problem;
use crate::jobs::keys_open;
use crate::jobs::keys_rotate::{register_purpose, remember, revoke_purpose};
use crate::keys::file::Access;
use crate::keys::{Backends, KeyType, Name};

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
    // A rehearsal writes nothing down.
    if !sending.is_rehearsal() {
        remember(&life.store, &keys, life.now())?;
    }
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
        let found = match &self.name {
            Some(name) => kept.named(name.as_str()),
            None => kept.serving(Role::Encryption, usual),
        };
        let key = match found.map(|kept| (kept.key.as_ref(), kept.problem.as_ref())) {
            Some((Some(key), None)) => key,
            Some((None, Some(Problem::OtherKey))) => return Err(not_the_key(wanted)),
            Some((_, Some(problem))) => {
                return Err(Failure::new(Status::Data, format!("the key `{wanted}` cannot be registered: {problem}")));
            }
            Some((None, None)) | None => {
                return Err(Failure::new(Status::Data, format!("there is no key `{wanted}`"))
                    .hint(format!("make it: provider keys add {wanted} --type x25519")));
            }
        };
        if let Some(row) = found.and_then(|kept| kept.row.as_ref()).filter(|row| row.state != State::Active) {
            let message = format!("the key `{}` is {}, and tenants would seal for it", key.name, row.state);
            return Err(Failure::new(Status::Denied, message)
                .hint("only an active key is registered; `provider keys status` shows which one serves"));
        }
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
        let on_chain = keys.iter().find(|known| known.fingerprint == fingerprint);
        if on_chain.is_some_and(|known| known.revoked_at.is_some()) {
            let message = format!("the key `{}` is revoked on the chain, for ever", key.name);
            return Err(
                Failure::new(Status::Data, message).hint("`provider keys rotate encryption` puts another in its place")
            );
        }
        let known = on_chain.is_some();
        // A fingerprint is on the chain once, whoever's it is: this account does not have it, and another was seen to.
        let seen = found.and_then(|kept| kept.row.as_ref()).is_some_and(|row| row.registered_at.is_some());
        if !known && seen {
            let message =
                format!("the key `{}` is registered for another account, and the chain takes a key once", key.name);
            return Err(Failure::new(Status::Data, message)
                .hint(format!("`provider keys rotate encryption --again` makes and registers one for {address}")));
        }
        if !known && free == 0 {
            return Err(Failure::new(Status::Data, "the chain takes no further key from this account")
                .hint("old keys keep their places, revoked ones too: go on with the newest that is registered"));
        }
        if !known && !context.global.dry_run {
            // Whoever may write to the key folder must not have tenants seal for a key of his own.
            let ask = Asking::new(context, &self.passphrase, &configuration);
            let backends = Backends::new(&life.keyring, &ask, keyring::places(&configuration, context)?);
            life.recorded("keys-register", |trail| Ok(keys_open::prove(&backends.signer(key)?, trail)?))?;
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
        let digits = self.fingerprint.as_ref().map(|digits| digits.to_ascii_lowercase());
        if let Some(digits) = &digits
            && !(digits.len() == 40 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
        {
            let message = format!("--fingerprint: `{digits}` has not 40 hexadecimal digits");
            return Err(Failure::new(Status::Usage, message));
        }
        let by_name = self.name.as_ref().map(Name::as_str);
        // The newest of a name, if all of it are destroyed.
        let living = kept.kept.iter().filter_map(|kept| kept.row.as_ref());
        let row = living
            .chain(kept.gone.iter().rev())
            .find(|row| Some(row.name.as_str()) == by_name || Some(&row.fingerprint) == digits.as_ref());
        let fingerprint = match (digits, row) {
            (Some(digits), _) => digits,
            (None, Some(row)) => row.fingerprint.clone(),
            (None, None) => {
                let name = by_name.unwrap_or_default();
                return Err(Failure::new(
                    Status::Data,
                    format!("there is no key `{name}` whose life the state file knows"),
                ));
            }
        };
        let usual = role::name_in(Role::Encryption, &configuration.settings.keys);
        let serving = kept.serving(Role::Encryption, usual).and_then(|kept| kept.row.as_ref());
        let serves = serving.is_some_and(|row| row.fingerprint == fingerprint && row.state == State::Active);
        if serves && !self.force {
            return Err(Failure::new(Status::Denied, "it is the key in use: nobody could seal for us any more").hint(
                "`provider keys rotate encryption` puts another in its place first; --force revokes it all the same",
            ));
        }
        let sending = Sending::open(context, &configuration)?;
        let address = sending.address()?;
        let message = MsgRevokeRecipientKey { sender: address.to_string(), key_fingerprint: fingerprint.clone() };
        let (before, free) = held(&sending, &life, &address)?;
        let known = before.iter().find(|known| known.fingerprint == fingerprint);
        let is_revoked = match known {
            Some(known) => known.revoked_at.is_some(),
            None => {
                return Err(Failure::new(Status::Data, format!("the chain holds no key {fingerprint} of {address}"))
                    .hint("there is nothing to revoke; `provider keys status` shows what the chain was seen to hold"));
            }
        };
        let Delivery { sent, notes } = if is_revoked {
            Delivery::default()
        } else {
            sending.send(("keys-revoke", &revoke_purpose(&fingerprint)), &self.passphrase, &message)?
        };
        let (keys, free) = if sent.is_some() { held(&sending, &life, &address)? } else { (before, free) };
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
        let report = notes.into_iter().fold(Report::record(entry, self.output.output), Report::note);
        Ok(if is_revoked { report.note("it is revoked already; nothing was sent") } else { report })
    }
}
