//! A certificate as commands show it.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::Serialize;

use crate::cli::output::record::Entry;
use crate::domain::key::days_between;
use crate::keys::tls::Certificate;

/// A certificate and its files.
#[derive(Debug, Clone, Serialize)]
pub struct CertificateEntry {
    subject: String,
    issuer: String,
    hosts: Vec<String>,
    not_before: Timestamp,
    not_after: Timestamp,
    days_left: i64,
    self_signed: bool,
    fingerprint: String,
    /// Whether the key in the key file is that of the certificate, as far as it can be told.
    key_fits: Option<bool>,
    cert_file: PathBuf,
    key_file: Option<PathBuf>,
    ca_file: Option<PathBuf>,
    written: Option<bool>,
}

/// Where the files of a certificate are.
pub struct Files {
    /// The certificate.
    pub cert: PathBuf,
    /// Its key.
    pub key: Option<PathBuf>,
    /// Its authority.
    pub ca: Option<PathBuf>,
}

impl CertificateEntry {
    /// A certificate at a time.
    pub fn new(
        found: Certificate,
        now: Timestamp,
        files: Files,
        key_fits: Option<bool>,
        written: Option<bool>,
    ) -> Self {
        let Files { cert: cert_file, key: key_file, ca: ca_file } = files;
        Self {
            days_left: days_between(now, found.not_after),
            subject: found.subject,
            issuer: found.issuer,
            hosts: found.hosts,
            not_before: found.not_before,
            not_after: found.not_after,
            self_signed: found.is_self_signed,
            fingerprint: found.fingerprint,
            key_fits,
            cert_file,
            key_file,
            ca_file,
            written,
        }
    }

    /// How many days it is good for.
    pub const fn days_left(&self) -> i64 {
        self.days_left
    }
}

impl Entry for CertificateEntry {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        let choice = |choice: Option<bool>| choice.map(|choice| choice.to_string()).unwrap_or_default();
        vec![
            ("subject", self.subject.clone()),
            ("issuer", self.issuer.clone()),
            ("hosts", self.hosts.join(", ")),
            ("not_before", self.not_before.to_string()),
            ("not_after", self.not_after.to_string()),
            ("days_left", self.days_left.to_string()),
            ("self_signed", self.self_signed.to_string()),
            ("fingerprint", self.fingerprint.clone()),
            ("key_fits", choice(self.key_fits)),
            ("cert_file", self.cert_file.display().to_string()),
            ("key_file", path(&self.key_file)),
            ("ca_file", path(&self.ca_file)),
            ("written", choice(self.written)),
        ]
    }
}
