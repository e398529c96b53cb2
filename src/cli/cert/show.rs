//! `provider cert show`

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use crate::chain::client::{CallError, Client, Incomplete, Why};
use crate::cli::chain::client;
use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::tx::sending::Sending;
use crate::cli::{Context, Failure, Report, Status, wait_for};
use crate::domain::address::Address;
use crate::domain::certificate::Certificate;
use crate::domain::fault::in_one_line;
use crate::keys::certificate;

/// List the certificates that an account has published
#[derive(Debug, Args)]
pub struct Show {
    /// The account; provider.address unless given, or that of keys.signing_key
    #[arg(value_name = "ADDRESS")]
    address: Option<String>,

    #[command(flatten)]
    output: OutputOption,
}

/// A certificate on chain.
#[derive(Serialize)]
struct CertificateRow {
    serial: String,
    state: String,
    expires_at: Option<Timestamp>,
    common_name: Option<String>,
    certificate: String,
}

impl From<Certificate> for CertificateRow {
    fn from(found: Certificate) -> Self {
        let pem = String::from_utf8_lossy(&found.certificate).into_owned();
        let read = certificate::read(&pem).ok();
        Self {
            serial: found.serial,
            state: found.state.to_string(),
            expires_at: read.as_ref().and_then(|read| Timestamp::from_second(read.expires_at).ok()),
            common_name: read.map(|read| read.common_name),
            certificate: pem,
        }
    }
}

impl Row for CertificateRow {
    const HEADINGS: &'static [&'static str] = &["serial", "state", "expires", "names"];
    const FIELDS: &'static [&'static str] = &["serial", "state", "expires_at", "common_name", "certificate"];

    fn cells(&self) -> Vec<String> {
        let dash = || "-".to_owned();
        vec![
            self.serial.clone(),
            self.state.clone(),
            self.expires_at.map_or_else(dash, |time| format!("{time:.0}")),
            self.common_name.clone().unwrap_or_else(dash),
        ]
    }

    fn csv(&self) -> Vec<String> {
        vec![
            self.serial.clone(),
            self.state.clone(),
            self.expires_at.map(|time| time.to_string()).unwrap_or_default(),
            self.common_name.clone().unwrap_or_default(),
            self.certificate.clone(),
        ]
    }
}

impl Show {
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
        let Published { certificates, believed } = wait_for(published(&client, &address))??;
        let report = Report::listing(certificates.into_iter().map(CertificateRow::from).collect(), self.output.output);
        Ok(match believed {
            Ok(()) => report,
            Err(doubt) => report.because(in_one_line(&doubt)).status(Status::TryLater),
        })
    }
}

/// What an account has published.
pub struct Published {
    /// The certificates.
    pub certificates: Vec<Certificate>,
    /// Whether there are no others, and none has changed.
    pub believed: Result<(), CallError>,
}

/// Every certificate of an account; an account has few.
pub async fn published(client: &Client, address: &Address) -> Result<Published, Failure> {
    let failed = |error: Incomplete| match error.why {
        Why::Page(error) => error.into(),
        Why::Malformed { .. } | Why::Unfinished => Failure::from_error(&error),
    };
    let mut pages = client.certificates(address, None);
    let mut certificates = Vec::new();
    while let Some(page) = pages.next().await.map_err(failed)? {
        certificates.extend(page.rows);
    }
    let believed = pages.finish().map_err(failed)?.believed().map(drop);
    Ok(Published { certificates, believed })
}
