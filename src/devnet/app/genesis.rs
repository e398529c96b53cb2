//! What a chain begins with: the JSON that `drive.py genesis` prints, or nothing.

use crate::chain::wire::base::Attribute;
use crate::chain::wire::provider::{self, MsgCreateProvider};
use crate::devnet::context::Context;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::identity::Tier;
use crate::devnet::rules::{self, auth, bank, identity};
use crate::domain::amount::Coin;
use serde::{Deserialize, Serialize};

/// The accounts, identity records and providers of a new chain.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Genesis {
    /// The chain's id.
    pub chain_id: Option<String>,
    /// Who has what.
    #[serde(default)]
    pub accounts: Vec<Account>,
    /// How well owners are known.
    #[serde(default)]
    pub identity: Vec<Identity>,
    /// Providers that are registered.
    #[serde(default)]
    pub providers: Vec<Provider>,
}

/// An account with its coins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// For people only.
    #[serde(default)]
    pub name: String,
    /// The address.
    pub address: String,
    /// As in `1000uakt,5uact`.
    pub coins: String,
}

/// How well an account's owner is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The address.
    pub address: String,
    /// 0 … 100.
    pub score: u32,
    /// `basic`, `standard` or `premium`.
    pub tier: String,
}

/// A provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// The address of its account.
    pub owner: String,
    /// Its gateway.
    pub host_uri: String,
    /// What it declares.
    #[serde(default)]
    pub attributes: Vec<KeyValue>,
    /// Whom to ask.
    #[serde(default)]
    pub info: Info,
}

/// An attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyValue {
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
}

/// Whom to ask about a provider.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Info {
    /// An address to write to.
    pub email: String,
    /// A page to read.
    pub website: String,
}

impl From<&KeyValue> for Attribute {
    fn from(pair: &KeyValue) -> Self {
        Self { key: pair.key.clone(), value: pair.value.clone() }
    }
}

/// Why a genesis cannot begin a chain.
#[derive(Debug, thiserror::Error)]
#[error("the genesis cannot be used: {what}: {why}")]
pub struct Error {
    /// Which part of it.
    pub what: String,
    /// What is wrong with it.
    pub why: String,
}

fn wrong(what: impl Into<String>, why: impl std::fmt::Display) -> Error {
    Error { what: what.into(), why: why.to_string() }
}

/// Writes the genesis to a new state.
pub fn apply(context: &mut Context<'_>, genesis: &Genesis) -> Result<(), Error> {
    let stored = |refusal: Refusal| wrong("the state", refusal.text());
    // The one validator has the first account, as on the recorded nodes.
    let validator = auth::module_address("devnet validator");
    auth::ensure(context, &validator).map_err(|broken| stored(broken.into()))?;
    for account in &genesis.accounts {
        let what = || format!("account {}", account.address);
        let address = auth::bytes_of(context.network, &account.address).map_err(|why| wrong(what(), why.text()))?;
        let coins = coins(&account.coins).map_err(|why| wrong(what(), why))?;
        bank::check_mint(&*context.kv, &coins).map_err(|refusal| wrong(what(), refusal.text()))?;
        bank::mint(context, &address, &coins).map_err(|broken| stored(broken.into()))?;
    }
    auth::make_module_accounts(context).map_err(|broken| stored(broken.into()))?;
    for record in &genesis.identity {
        let what = || format!("identity of {}", record.address);
        let address = auth::bytes_of(context.network, &record.address).map_err(|why| wrong(what(), why.text()))?;
        let tier = Tier::from_word(&record.tier)
            .ok_or_else(|| wrong(what(), format!("{:?} is not basic, standard or premium", record.tier)))?;
        identity::set(context.kv, &address, record.score, tier).map_err(|broken| stored(broken.into()))?;
    }
    for provider in &genesis.providers {
        add_provider(context, provider)
            .map_err(|refusal| wrong(format!("provider {}", provider.owner), refusal.text()))?;
    }
    Ok(())
}

/// Reads coins as in `1000uakt,5uact`; those of one denomination are one.
pub fn coins(text: &str) -> Result<Vec<Coin>, crate::domain::amount::Error> {
    let mut coins: Vec<Coin> = Vec::new();
    for coin in text.split(',').map(str::trim).filter(|coin| !coin.is_empty()) {
        let coin: Coin = coin.parse()?;
        match coins.iter_mut().find(|known| known.denom == coin.denom) {
            Some(known) => known.amount = known.amount.checked_add(coin.amount)?,
            None => coins.push(coin),
        }
    }
    coins.sort_by(|left, right| left.denom.cmp(&right.denom));
    Ok(coins)
}

/// Registers a provider, as genesis does: nobody signs, nobody is asked for an identity.
pub fn add_provider(context: &mut Context<'_>, provider: &Provider) -> Result<(), Refusal> {
    let message = MsgCreateProvider {
        owner: provider.owner.clone(),
        host_uri: provider.host_uri.clone(),
        attributes: provider.attributes.iter().map(Attribute::from).collect(),
        info: provider::Info { email: provider.info.email.clone(), website: provider.info.website.clone() },
    };
    rules::provider::basic::create_provider(context.network, &message)?;
    let MsgCreateProvider { owner, host_uri, attributes, info } = message;
    let address = auth::bytes_of(context.network, &owner)?;
    rules::provider::register(context, &address, &provider::Provider { owner, host_uri, attributes, info })?;
    Ok(())
}
