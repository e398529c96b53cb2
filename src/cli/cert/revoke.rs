//! `provider cert revoke`

use clap::Args;
use serde::Serialize;

use super::show::{Published, published};
use crate::chain::wire::cert::{CertificateId, MsgRevokeCertificate};
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::tx::delivery::{Delivery, Sent};
use crate::cli::tx::sending::Sending;
use crate::cli::{Context, Failure, Report, Status, wait_for};
use crate::domain::certificate::CertificateState;

/// Revoke a certificate of the provider on chain, for ever
#[derive(Debug, Args)]
pub struct Revoke {
    /// Its serial number, as `cert show` lists it
    #[arg(value_name = "SERIAL")]
    serial: String,

    #[command(flatten)]
    passphrase: PassphraseOption,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct RevokeEntry {
    address: String,
    serial: String,
    revoked: bool,
    #[serde(flatten)]
    sent: Option<Sent>,
}

impl Entry for RevokeEntry {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let mut parts = vec![
            ("address", self.address.clone()),
            ("serial", self.serial.clone()),
            ("revoked", self.revoked.to_string()),
        ];
        parts.extend(self.sent.iter().flat_map(Sent::parts));
        parts
    }
}

impl Revoke {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let sending = Sending::open(context, &configuration)?;
        let address = sending.address()?;
        let Published { certificates: known, believed } = wait_for(published(&sending.client, &address))??;
        believed?;
        let state = known.iter().find(|known| known.serial == self.serial).map(|known| known.state);
        match state {
            Some(CertificateState::Revoked) => {
                return Err(Failure::new(Status::Data, format!("the certificate {} is revoked already", self.serial)));
            }
            None => {
                return Err(Failure::new(
                    Status::Data,
                    format!("{address} has published no certificate {}", self.serial),
                )
                .hint("`provider cert show` lists them"));
            }
            Some(_) => {}
        }
        let id = CertificateId { owner: address.to_string(), serial: self.serial.clone() };
        let Delivery { sent, notes } =
            sending.send(("cert-revoke", "cert/revoke"), &self.passphrase, &MsgRevokeCertificate { id })?;
        let entry = RevokeEntry { address: address.to_string(), serial: self.serial, revoked: sent.is_some(), sent };
        Ok(notes.into_iter().fold(Report::record(entry, self.output.output), Report::note))
    }
}
