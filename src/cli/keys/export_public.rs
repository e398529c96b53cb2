//! `provider keys export-public`

use clap::{Args, ValueEnum};

use super::keyring::{self, KeyringOption};
use crate::cli::{Context, Failure, Report, Status};
use crate::domain::hex;
use crate::keys::Name;
use crate::keys::file::Access;

/// Print the public part of a key in a form that other software reads
#[derive(Debug, Args)]
pub struct ExportPublic {
    /// The key
    #[arg(value_name = "NAME")]
    name: Name,

    /// The form
    #[arg(long, value_name = "FORM", default_value = "pem")]
    form: Form,

    #[command(flatten)]
    keyring: KeyringOption,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Form {
    /// SubjectPublicKeyInfo, as OpenSSL reads it
    Pem,
    /// The JSON of Cosmos programs
    Cosmos,
    /// The bytes in base64
    Base64,
    /// The bytes in hexadecimal digits
    Hex,
}

impl ExportPublic {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = self.keyring.configuration(context)?;
        let key = keyring::open(&configuration, Access::Look)?.find(&self.name)?;
        let line = |text: String| format!("{text}\n");
        Ok(Report::verbatim(match self.form {
            Form::Pem => key.public.pem(),
            Form::Base64 => line(key.public.base64()),
            Form::Hex => line(hex::encode(key.public.bytes())),
            Form::Cosmos => line(key.public.cosmos_json().ok_or_else(|| {
                let message = format!("Cosmos programs know no keys of type {}", key.public.key_type());
                Failure::new(Status::Data, message).hint("--form base64 is what the chain's encryption module takes")
            })?),
        }))
    }
}
