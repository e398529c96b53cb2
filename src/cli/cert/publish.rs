//! `provider cert publish`

use std::io::Write as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::chain::wire::cert::MsgCreateCertificate;
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::tx::delivery::{Delivery, Sent};
use crate::cli::tx::sending::Sending;
use crate::cli::{Configuration, Context, Failure, Report, Status};
use crate::domain::address::Address;
use crate::keys::certificate::{self, Certificate};

/// Publish a certificate of the provider on chain: a new one, or one from a file
///
/// A new one is self-signed with a key of its own, both of which are written before anything is sent. The chain takes
/// certificates whose common name is the account's address, signed with ECDSA.
#[derive(Debug, Args)]
pub struct Publish {
    /// A host name or an IP address for which the new certificate is valid; may be given several times
    #[arg(long, value_name = "NAME", conflicts_with = "certificate", value_parser = host_name)]
    hostname: Vec<String>,

    /// For how many days the new certificate is valid
    #[arg(long, value_name = "DAYS", default_value_t = 365, value_parser = clap::value_parser!(u32).range(1..=3650))]
    days: u32,

    /// The folder for the new certificate and its key; `certificates` beside the folder of keys unless given
    #[arg(long, value_name = "FOLDER", conflicts_with = "certificate")]
    folder: Option<PathBuf>,

    /// Publish this certificate (PEM) instead of a new one
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,

    #[command(flatten)]
    passphrase: PassphraseOption,

    #[command(flatten)]
    output: OutputOption,
}

/// What the messages of this command are for.
const PURPOSE: &str = "cert/publish";

/// A host name as certificates have it, perhaps with `*` as its first part, or an IP address.
fn host_name(text: &str) -> Result<String, String> {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let host = text.strip_prefix("*.").unwrap_or(text);
    let numeric = host.rsplit('.').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
    let is_name = host.len() <= 253 && !numeric && host.split('.').all(is_label);
    if is_name || text.parse::<std::net::IpAddr>().is_ok() {
        Ok(text.to_owned())
    } else {
        Err("expected a host name such as provider.example.com, or an IP address".to_owned())
    }
}

#[derive(Serialize)]
struct PublishEntry {
    address: String,
    serial: String,
    expires_at: Option<Timestamp>,
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
    published: bool,
    #[serde(flatten)]
    sent: Option<Sent>,
}

impl Entry for PublishEntry {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        let mut parts = vec![
            ("address", self.address.clone()),
            ("serial", self.serial.clone()),
            ("expires", self.expires_at.map(|time| time.to_string()).unwrap_or_default()),
            ("certificate", path(&self.certificate)),
            ("key", path(&self.key)),
            ("published", self.published.to_string()),
        ];
        parts.extend(self.sent.iter().flat_map(Sent::parts));
        parts
    }
}

impl Publish {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let sending = Sending::open(context, &configuration)?;
        let address = sending.address()?;
        let (certificate, files) = if let Some(file) = &self.certificate {
            (existing(file, &address)?, None)
        } else {
            // Another key and certificate would be made for nothing.
            sending.check_settled(PURPOSE)?;
            self.new_one(context, &configuration, &address)?
        };
        let message = MsgCreateCertificate {
            owner: address.to_string(),
            cert: certificate.certificate.clone().into_bytes(),
            pubkey: certificate.public_key.clone().into_bytes(),
        };
        let Delivery { sent, notes } = sending.send(("cert-publish", PURPOSE), &self.passphrase, &message)?;
        let (file, key) = files.unzip();
        let entry = PublishEntry {
            address: address.to_string(),
            serial: certificate.serial,
            expires_at: Timestamp::from_second(certificate.expires_at).ok(),
            certificate: file.or(self.certificate),
            key,
            published: sent.is_some(),
            sent,
        };
        Ok(notes.into_iter().fold(Report::record(entry, self.output.output), Report::note))
    }

    /// A new certificate, written down with its key; in a rehearsal neither.
    #[allow(clippy::type_complexity, reason = "the certificate, and its two files if there are any")]
    fn new_one(
        &self,
        context: &Context,
        configuration: &Configuration,
        address: &Address,
    ) -> Result<(Certificate, Option<(PathBuf, PathBuf)>), Failure> {
        let now = context.now();
        let until = now.checked_add(SignedDuration::from_hours(i64::from(self.days) * 24)).unwrap_or(Timestamp::MAX);
        // A clock somewhere may be behind ours.
        let from = now.checked_sub(SignedDuration::from_hours(24)).unwrap_or(now);
        let new = certificate::make(address.as_str(), &self.hostname, (from, until))
            .map_err(|error| Failure::from_error(&error))?;
        if context.global.dry_run {
            return Ok((new.certificate, None));
        }
        let beside = || configuration.keyring.parent().unwrap_or(Path::new(".")).join("certificates");
        let folder = self.folder.clone().unwrap_or_else(beside);
        let write = |name: String, content: &str| {
            let path = folder.join(name);
            write_new(&path, content).map(|()| path.clone()).map_err(|error| {
                Failure::new(Status::Unavailable, format!("cannot write {}", path.display())).caused_by(&error)
            })
        };
        let key = write(format!("{}.key", new.certificate.serial), &new.private_key)?;
        let file = write(format!("{}.crt", new.certificate.serial), &new.certificate.certificate)?;
        Ok((new.certificate, Some((file, key))))
    }
}

/// Writes a file that only its owner may read, as a whole or not at all, and never over another.
fn write_new(path: &Path, content: &str) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(content.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path)?;
    std::fs::File::open(folder)?.sync_all()
}

/// A certificate from a file, for this account.
fn existing(file: &Path, address: &Address) -> Result<Certificate, Failure> {
    const LARGEST: u64 = 64 << 10;
    let failed =
        |error: std::io::Error| Failure::new(Status::Data, format!("cannot read {}", file.display())).caused_by(&error);
    let too_large = std::fs::metadata(file).map_err(failed)?.len() > LARGEST;
    let text = if too_large { String::new() } else { std::fs::read_to_string(file).map_err(failed)? };
    let read = certificate::read(&text).map_err(|error| Failure::from_error(&error))?;
    if read.common_name == address.as_str() {
        Ok(read)
    } else {
        let words = format!("the certificate names {}, and the account is {address}", read.common_name);
        Err(Failure::new(Status::Data, words).hint("the chain takes an account's own certificates only"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_names_are_names_that_a_certificate_can_have() {
        for good in ["a", "p.example.com", "*.example.com", "x-1.example.com", "10.0.0.1", "::1"] {
            assert_eq!(host_name(good).as_deref(), Ok(good));
        }
        let long = "a".repeat(300);
        for bad in
            ["", "bad host", "-x", "x-", "a..b", ".a", "a.", "a\nb", "https://a.example", "a:80", "1.2.3", "*", &long]
        {
            assert!(host_name(bad).is_err(), "{bad:?}");
        }
    }
}
