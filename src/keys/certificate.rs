//! Certificates for the chain's register: self-signed, ECDSA on P-256 with SHA-256, the account's address as common name.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use rcgen::{CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose};
use ruint::Uint;
use x509_parser::prelude::{FromDer, Pem, X509Certificate};
use zeroize::Zeroizing;

use crate::domain::fault::{Classified, Fault};

/// The chain takes serial numbers of 40 bytes at most.
type Serial = Uint<320, 5>;

/// A certificate, as the chain wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// PEM: one `CERTIFICATE` block.
    pub certificate: String,
    /// PEM of its public key: one `EC PUBLIC KEY` block.
    pub public_key: String,
    /// Its serial number, in decimal: its name on chain.
    pub serial: String,
    /// Whom it names.
    pub common_name: String,
    /// Until when it is valid, in seconds since 1970.
    pub expires_at: i64,
}

/// A certificate that was just made, with its private key.
pub struct NewCertificate {
    /// The certificate.
    pub certificate: Certificate,
    /// PEM of the private key (PKCS#8).
    pub private_key: Zeroizing<String>,
}

impl fmt::Debug for NewCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewCertificate").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// It cannot be made.
    #[error("cannot make a certificate for {common_name}")]
    Make {
        /// Whom it was to name.
        common_name: String,
        /// Why.
        #[source]
        source: rcgen::Error,
    },
    /// A text is no certificate that the chain takes.
    #[error("not a certificate that the chain takes: {why}")]
    Unfit {
        /// What is wrong.
        why: &'static str,
    },
}

impl Classified for CertificateError {
    fn fault(&self) -> Fault {
        Fault::Invalid
    }

    fn hint(&self) -> Option<std::borrow::Cow<'static, str>> {
        match self {
            Self::Make { .. } => Some("host names are names such as provider.example.com, or IP addresses".into()),
            Self::Unfit { .. } => {
                Some("it must be one PEM block, self-signed with ECDSA, its common name the account's address".into())
            }
        }
    }
}

/// Makes a key and a certificate for an account, valid from one time to another.
pub fn make(
    common_name: &str,
    hostnames: &[String],
    (from, until): (Timestamp, Timestamp),
) -> Result<NewCertificate, CertificateError> {
    let failed = |source| CertificateError::Make { common_name: common_name.to_owned(), source };
    let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).map_err(failed)?;
    let mut wanted = CertificateParams::new(hostnames.to_vec()).map_err(failed)?;
    wanted.distinguished_name = DistinguishedName::new();
    wanted.distinguished_name.push(DnType::CommonName, common_name);
    wanted.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment];
    wanted.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
    // Certificates count in days here.
    let day = |time: Timestamp| {
        let date = time.to_zoned(jiff::tz::TimeZone::UTC).date();
        let part = |number: i8| u8::try_from(number).unwrap_or(1);
        rcgen::date_time_ymd(i32::from(date.year()), part(date.month()), part(date.day()))
    };
    (wanted.not_before, wanted.not_after) = (day(from), day(until));
    let made = wanted.self_signed(&key).map_err(failed)?;
    Ok(NewCertificate { certificate: read(&made.pem())?, private_key: Zeroizing::new(key.serialize_pem()) })
}

/// Reads a certificate, and what the chain wants to know of it.
pub fn read(pem: &str) -> Result<Certificate, CertificateError> {
    let unfit = |why| CertificateError::Unfit { why };
    let (block, length) = Pem::read(std::io::Cursor::new(pem.trim_end())).map_err(|_| unfit("it is no PEM"))?;
    if block.label != "CERTIFICATE" || length != pem.trim_end().len() {
        return Err(unfit("it is not one block CERTIFICATE"));
    }
    let (rest, found) = X509Certificate::from_der(&block.contents).map_err(|_| unfit("it is no X.509 certificate"))?;
    if !rest.is_empty() {
        return Err(unfit("something follows the certificate"));
    }
    let common_name = found.subject().iter_common_name().next().and_then(|name| name.as_str().ok());
    let common_name = common_name.ok_or_else(|| unfit("it has no common name"))?.to_owned();
    let serial = serial_of(found.raw_serial()).ok_or_else(|| unfit("its serial number is too long"))?;
    let expires_at = found.validity().not_after.timestamp();
    let public_key = block_of("EC PUBLIC KEY", found.public_key().raw);
    Ok(Certificate {
        certificate: block_of("CERTIFICATE", &block.contents),
        public_key,
        serial,
        common_name,
        expires_at,
    })
}

/// The serial number of a certificate in decimal, its name on chain; none of one that is longer than the chain takes.
pub fn serial_of(raw: &[u8]) -> Option<String> {
    Serial::try_from_be_slice(raw).map(|serial| serial.to_string())
}

/// A PEM block.
fn block_of(label: &str, der: &[u8]) -> String {
    let mut text = format!("-----BEGIN {label}-----\n");
    for (place, letter) in STANDARD.encode(der).chars().enumerate() {
        if place > 0 && place % 64 == 0 {
            text.push('\n');
        }
        text.push(letter);
    }
    text.push_str(&format!("\n-----END {label}-----\n"));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "ve1r5v5srda7xfth3hn2s26txvrcrntldju8ku0ch";

    fn made() -> NewCertificate {
        let (from, until) = ("2026-11-21T10:00:00Z".parse().unwrap(), "2027-11-21T10:00:00Z".parse().unwrap());
        make(ADDRESS, &["provider.example.com".to_owned(), "10.0.0.1".to_owned()], (from, until)).unwrap()
    }

    #[test]
    fn a_certificate_names_the_account_and_reads_back() {
        let new = made();
        let certificate = &new.certificate;
        assert_eq!(certificate.common_name, ADDRESS);
        assert_eq!(certificate.expires_at, "2027-11-21T00:00:00Z".parse::<Timestamp>().unwrap().as_second());
        assert!(
            certificate.public_key.starts_with("-----BEGIN EC PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE")
        );
        assert!(certificate.serial.len() > 20 && certificate.serial.bytes().all(|byte| byte.is_ascii_digit()));
        assert_eq!(read(&certificate.certificate).unwrap(), *certificate);
        assert_ne!(made().certificate.serial, certificate.serial);
    }

    #[test]
    fn the_private_key_is_not_shown() {
        let new = made();
        assert!(new.private_key.starts_with("-----BEGIN PRIVATE KEY-----"));
        assert!(!format!("{new:?}").contains("PRIVATE"));
    }

    #[test]
    fn what_is_no_certificate_is_refused() {
        let good = made().certificate.certificate;
        for bad in ["", "text", &good.replace("CERTIFICATE", "THING"), &format!("{good}{good}"), &made().private_key] {
            assert!(matches!(read(bad), Err(CertificateError::Unfit { .. })), "{bad}");
        }
        let date = (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH);
        assert!(matches!(make(ADDRESS, &["\u{e4}".to_owned()], date), Err(CertificateError::Make { .. })));
    }
}
