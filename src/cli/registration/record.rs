//! What the register is to say of us: from options and configuration, checked as the chain checks it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use clap::Args;
use serde::Serialize;
use url::Url;

use crate::chain::wire::base::Attribute;
use crate::chain::wire::provider::Info;
use crate::cli::output::record::Entry;
use crate::cli::tx::delivery::Sent;
use crate::cli::{Configuration, Context, Failure, Status};
use crate::config::{Email, Scalar, Text, WebAddress};
use crate::domain::address::Address;
use crate::domain::amount::Coin;
use crate::domain::provider::Provider;

/// What is said of a provider; what is not given comes from the configuration.
#[derive(Debug, Clone, Default, Args)]
pub struct RecordOptions {
    /// Where tenants reach the gateway, as in `https://provider.example.com:8443`; provider.host_uri unless given
    #[arg(long, value_name = "URI")]
    host_uri: Option<String>,

    /// The name shown to tenants; provider.name unless given (the attribute `name`: the register has no field for it); an
    /// empty value takes it away
    #[arg(long, value_name = "NAME", value_parser = name)]
    name: Option<String>,

    /// Where tenants can write to; provider.contact_email unless given; an empty value takes it away
    #[arg(long, value_name = "EMAIL", value_parser = contact)]
    contact: Option<String>,

    /// Where tenants can read more; provider.website unless given; an empty value takes it away
    #[arg(long, value_name = "URL", value_parser = website)]
    website: Option<String>,

    /// What orders can ask for, as in region=us-east,arch=amd64; an empty value takes one away
    #[arg(long, value_name = "KEY=VALUE", value_delimiter = ',')]
    attributes: Vec<String>,

    /// Accepted because older documents have it: the chain takes no stake
    #[arg(long, value_name = "AMOUNT")]
    deposit: Option<Coin>,
}

/// A record of the register.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Record {
    /// Where its gateway is.
    pub host_uri: String,
    /// How to reach its people.
    pub email: String,
    /// Where they present themselves.
    pub website: String,
    /// What orders can ask for.
    pub attributes: BTreeMap<String, String>,
}

impl From<&Provider> for Record {
    fn from(provider: &Provider) -> Self {
        let attributes = provider.attributes.iter();
        Self {
            host_uri: provider.host_uri.clone(),
            email: provider.email.clone(),
            website: provider.website.clone(),
            attributes: attributes.map(|attribute| (attribute.key.clone(), attribute.value.clone())).collect(),
        }
    }
}

impl RecordOptions {
    /// The record that is wanted, beginning with what is there already.
    pub fn record(&self, configuration: &Configuration, before: Record) -> Result<Record, Failure> {
        let settings = &configuration.settings.provider;
        let mut record = before;
        let text = |given: &Option<String>, configured: Option<&String>, before: String| {
            given.clone().or_else(|| configured.cloned()).unwrap_or(before)
        };
        record.host_uri = text(&self.host_uri, settings.host_uri.as_ref().map(|uri| &uri.0), record.host_uri);
        record.email = text(&self.contact, settings.contact_email.as_ref().map(|email| &email.0), record.email);
        record.website = text(&self.website, settings.website.as_ref().map(|url| &url.0), record.website);
        let configured = [
            ("name", self.name.as_ref().or(settings.name.as_ref().map(|name| &name.0))),
            ("region", settings.region.as_ref().map(|region| &region.0)),
            ("country", settings.country.as_ref().map(|country| &country.0)),
        ];
        for (key, value) in configured {
            match value {
                Some(value) if value.is_empty() => drop(record.attributes.remove(key)),
                Some(value) => drop(record.attributes.insert(key.to_owned(), value.clone())),
                None => {}
            }
        }
        self.apply_attributes(&mut record)?;
        // The configuration writes addresses with a slash at the end, which the register calls a path.
        let host_uri = record.host_uri.trim_end_matches('/').to_owned();
        check_host_uri(&host_uri)?;
        Ok(Record { host_uri, ..record })
    }

    fn apply_attributes(&self, record: &mut Record) -> Result<(), Failure> {
        let mut given = BTreeMap::new();
        for pair in self.attributes.iter().filter(|pair| !pair.is_empty()) {
            let wrong = |why: &str| {
                Failure::new(Status::Usage, format!("--attributes {pair:?}: {why}"))
                    .hint("write region=us-east,arch=amd64")
            };
            let (key, value) = pair.split_once('=').ok_or_else(|| wrong("there is no `=`"))?;
            if !is_attribute_key(key) {
                return Err(wrong("a key is a letter, then 1 to 126 letters, digits and _ / . -"));
            }
            if given.insert(key, value).is_some() {
                return Err(wrong("the key is there twice"));
            }
        }
        if self.name.is_some() && given.contains_key("name") {
            return Err(Failure::new(Status::Usage, "--name and --attributes name=… say the same thing")
                .hint("give one of them: the name is the attribute `name`"));
        }
        for (key, value) in given {
            if value.is_empty() {
                record.attributes.remove(key);
            } else {
                record.attributes.insert(key.to_owned(), value.to_owned());
            }
        }
        Ok(())
    }

    /// What is to be said of the stake that older documents ask for.
    pub fn note_of_deposit(&self) -> Option<String> {
        let deposit = self.deposit.as_ref()?;
        Some(format!("--deposit {deposit}: the chain takes no stake of a provider, so nothing is deposited"))
    }

    /// A failure, with what is to be said of the stake.
    pub fn told_of_deposit(&self, failure: Failure) -> Failure {
        match self.note_of_deposit() {
            Some(note) => failure.hint(note),
            None => failure,
        }
    }
}

/// A text for the register, or nothing.
fn checked<T: Scalar>(text: &str) -> Result<String, String> {
    if text.is_empty() { Ok(String::new()) } else { T::parse(text).map(|_| text.to_owned()) }
}

fn name(text: &str) -> Result<String, String> {
    checked::<Text>(text)
}

fn contact(text: &str) -> Result<String, String> {
    checked::<Email>(text).map_err(|why| format!("expected {}: {why}", Email::WANTED))
}

fn website(text: &str) -> Result<String, String> {
    checked::<WebAddress>(text).map_err(|why| format!("expected {}: {why}", WebAddress::WANTED))
}

/// The chain's rule for keys: `^([a-zA-Z][\w\/\.\-]{1,126})$`.
fn is_attribute_key(key: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b"_/.-".contains(&byte);
    key.starts_with(|first: char| first.is_ascii_alphabetic())
        && (2..=127).contains(&key.len())
        && key.bytes().all(good)
}

/// The chain's rule for the gateway's address: https, a host, no path.
fn check_host_uri(text: &str) -> Result<(), Failure> {
    let wrong = |why: &str| {
        Failure::new(Status::Data, format!("{text:?} cannot be the address of a provider: {why}"))
            .hint("set provider.host_uri, or give --host-uri https://provider.example.com:8443")
    };
    if text.is_empty() {
        return Err(wrong("there is none"));
    }
    let url = Url::parse(text).map_err(|error| wrong(&error.to_string()))?;
    if url.scheme() != "https" {
        Err(wrong("the scheme must be https"))
    } else if url.host_str().is_none_or(str::is_empty) {
        Err(wrong("it names no host"))
    } else if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        Err(wrong("it must not have a path"))
    } else if !url.username().is_empty() || url.password().is_some() {
        Err(wrong("everybody reads the register, so it must hold no credentials"))
    } else {
        Ok(())
    }
}

impl Record {
    /// Its attributes as the chain has them.
    pub fn wire_attributes(&self) -> Vec<Attribute> {
        let pairs = self.attributes.iter();
        pairs.map(|(key, value)| Attribute { key: key.clone(), value: value.clone() }).collect()
    }

    /// Its people as the chain has them.
    pub fn wire_info(&self) -> Info {
        Info { email: self.email.clone(), website: self.website.clone() }
    }

    /// Name and value of each part.
    pub fn parts(&self) -> Vec<(&'static str, String)> {
        let attributes: Vec<String> = self.attributes.iter().map(|(key, value)| format!("{key}={value}")).collect();
        vec![
            ("host uri", self.host_uri.clone()),
            ("email", self.email.clone()),
            ("website", self.website.clone()),
            ("attributes", attributes.join(", ")),
        ]
    }
}

/// A value of the record that is another one afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    field: String,
    before: Option<String>,
    after: Option<String>,
}

impl Record {
    /// Its values by name, without those that say nothing.
    fn values(&self) -> BTreeMap<String, &str> {
        let texts = [("host_uri", &self.host_uri), ("email", &self.email), ("website", &self.website)];
        let texts = texts.into_iter().filter(|(_, text)| !text.is_empty());
        let texts = texts.map(|(name, text)| (name.to_owned(), text.as_str()));
        let attributes = self.attributes.iter().map(|(key, value)| (format!("attributes.{key}"), value.as_str()));
        texts.chain(attributes).collect()
    }

    /// What is different afterwards.
    fn changes(&self, after: &Self) -> Vec<Change> {
        let (before, after) = (self.values(), after.values());
        let fields: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        let value = |values: &BTreeMap<String, &str>, field: &String| values.get(field).map(|text| (*text).to_owned());
        let changes = fields.into_iter().map(|field| Change {
            before: value(&before, field),
            after: value(&after, field),
            field: field.clone(),
        });
        changes.filter(|change| change.before != change.after).collect()
    }
}

/// `website: - → https://example.com`
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        write!(f, "{}: {} → {}", self.field, text(&self.before), text(&self.after))
    }
}

/// A record that was sent to the register, or would be.
#[derive(Debug, Serialize)]
pub struct RecordEntry {
    pub address: String,
    #[serde(flatten)]
    pub record: Record,
    /// The register was changed.
    pub changed: bool,
    /// What is different afterwards, or would be.
    pub changes: Vec<Change>,
    #[serde(flatten)]
    pub sent: Option<Sent>,
}

impl RecordEntry {
    /// A record as it was and as it is wanted, sent or not.
    pub fn new(address: &Address, (before, record): (&Record, Record), sent: Option<Sent>) -> Self {
        let changes = before.changes(&record);
        Self { address: address.to_string(), record, changed: sent.is_some(), changes, sent }
    }

    /// What is to be said of a rehearsal.
    pub fn note_of_rehearsal(&self, context: &Context) -> Option<String> {
        let rehearsed = context.global.dry_run && !self.changes.is_empty();
        rehearsed.then(|| "nothing was sent: without --dry-run the register would be changed so".to_owned())
    }
}

impl Entry for RecordEntry {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let mut parts = vec![("address", self.address.clone())];
        parts.extend(self.record.parts());
        let changes: Vec<String> = self.changes.iter().map(ToString::to_string).collect();
        parts.push(("changes", changes.join("; ")));
        parts.push(("changed", self.changed.to_string()));
        parts.extend(self.sent.iter().flat_map(Sent::parts));
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chains_rules_are_checked_before_anything_is_sent() {
        for good in ["https://a.example", "https://a.example:8443", "https://10.0.0.1"] {
            check_host_uri(good).unwrap();
        }
        for bad in ["", "http://a.example", "https://a.example/x", "https://a.example?x", "a.example", "https://u:p@a"]
        {
            assert!(check_host_uri(bad).is_err(), "{bad}");
        }
        assert!(is_attribute_key("region") && is_attribute_key("capabilities/gpu/vendor/nvidia"));
        assert!(["", "a", "1a", "a b", "ä", &"a".repeat(128)].iter().all(|key| !is_attribute_key(key)));
    }

    #[test]
    fn what_is_different_is_named_with_both_values() {
        let record = |website: &str, attributes: &[(&str, &str)]| Record {
            website: website.to_owned(),
            attributes: attributes.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            ..Record::default()
        };
        let before = record("", &[("tier", "gold"), ("zone", "a"), ("arch", "amd64")]);
        let after = record("https://a.example", &[("zone", "b"), ("arch", "amd64"), ("region", "eu")]);
        let told: Vec<String> = before.changes(&after).iter().map(ToString::to_string).collect();
        let wanted = [
            "attributes.region: - → eu",
            "attributes.tier: gold → -",
            "attributes.zone: a → b",
            "website: - → https://a.example",
        ];
        assert_eq!(told, wanted);
        assert_eq!(before.changes(&before), []);
    }

    #[test]
    fn attributes_are_laid_over_those_that_are_there() {
        let options = |attributes: &[&str]| RecordOptions {
            attributes: attributes.iter().map(|pair| (*pair).to_owned()).collect(),
            ..RecordOptions::default()
        };
        let mut record = Record::default();
        options(&["region=eu", "arch=amd64"]).apply_attributes(&mut record).unwrap();
        options(&["region=", "tier=gold"]).apply_attributes(&mut record).unwrap();
        let pairs: Vec<_> = record.attributes.iter().map(|(key, value)| format!("{key}={value}")).collect();
        assert_eq!(pairs, ["arch=amd64", "tier=gold"]);
        for wrong in [&["region"][..], &["1x=2"], &["region=a", "region=b"]] {
            assert!(options(wrong).apply_attributes(&mut Record::default()).is_err(), "{wrong:?}");
        }
    }
}
