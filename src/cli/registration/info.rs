//! `provider info`

use std::collections::BTreeMap;

use clap::Args;
use serde::Serialize;

use super::record::Record;
use crate::chain::client::{CallError, Source};
use crate::cli::chain::client;
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::tx::sending::Sending;
use crate::cli::{Context, Failure, Report, Status, wait_for};
use crate::domain::address::Address;
use crate::domain::provider::AuditedAttributes;

/// Show what the chain's register says of a provider, and what auditors vouch for
#[derive(Debug, Args)]
pub struct Info {
    /// The provider's address; provider.address unless given, or that of keys.signing_key
    #[arg(value_name = "ADDRESS")]
    address: Option<String>,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct Audited {
    auditor: String,
    attributes: BTreeMap<String, String>,
}

impl From<&AuditedAttributes> for Audited {
    fn from(audited: &AuditedAttributes) -> Self {
        let attributes = audited.attributes.iter();
        Self {
            auditor: audited.auditor.to_string(),
            attributes: attributes.map(|attribute| (attribute.key.clone(), attribute.value.clone())).collect(),
        }
    }
}

#[derive(Serialize)]
struct InfoEntry {
    address: String,
    #[serde(flatten)]
    record: Record,
    audited: Vec<Audited>,
}

impl Entry for InfoEntry {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let mut parts = vec![("address", self.address.clone())];
        parts.extend(self.record.parts());
        let vouched = self.audited.iter().map(|audited| {
            let pairs: Vec<String> = audited.attributes.iter().map(|(key, value)| format!("{key}={value}")).collect();
            format!("{} ({})", pairs.join(", "), audited.auditor)
        });
        parts.push(("audited", vouched.collect::<Vec<_>>().join("; ")));
        parts
    }
}

/// There is no such provider.
pub fn not_registered(address: &Address) -> Failure {
    Failure::new(Status::Data, format!("{address} is not registered as a provider"))
        .hint("`provider register` registers the account of keys.signing_key")
}

/// Why the word of who answered is not enough, in words.
pub fn in_doubt(source: &Source) -> Option<String> {
    source.doubt.map(|doubt| format!("{} {doubt}: what it says may be out of date", source.endpoint))
}

impl Info {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let client = client(&configuration);
        let named = self.address.or_else(|| configuration.settings.provider.address.as_ref().map(|own| own.0.clone()));
        let address = match named {
            Some(text) => Address::parse(&text, client.network().address_prefix)
                .map_err(|error| Failure::with_status(Status::Data, &error))?,
            None => Sending::to_look(context, &configuration)?.address()?,
        };
        let (provider, audited) = wait_for(async {
            let provider = client.provider(&address).await?;
            Ok::<_, CallError>((provider, client.audited_attributes(&address).await?))
        })??;
        let doubt = [&provider.source, &audited.source].into_iter().find_map(in_doubt);
        let (provider, audited) = if let Some(found) = provider.value {
            (found, audited.value)
        } else {
            // That a node does not know it yet says nothing.
            provider.believed()?;
            return Err(not_registered(&address));
        };
        let entry = InfoEntry {
            address: address.to_string(),
            record: Record::from(&provider),
            audited: audited.iter().map(Audited::from).collect(),
        };
        let report = Report::record(entry, self.output.output);
        Ok(match doubt {
            Some(words) => report.because(words).status(Status::TryLater),
            None => report,
        })
    }
}
