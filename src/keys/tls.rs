//! TLS certificates of the provider's own server: made, and looked at.
//!
//! Keys are ECDSA on P-256, which every client takes. A certificate is signed by its own key, or by an authority of the
//! operator's own, which lets clients trust one file through all renewals.
//!
//! What it does not do: no files (callers write them), no ACME, and not the certificates of tenants, which are on chain.

use std::borrow::Cow;
use std::net::IpAddr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P256_SHA256, date_time_ymd,
};
use sha2::{Digest as _, Sha256};
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::{FromDer as _, Pem, X509Certificate};
use zeroize::Zeroizing;

use crate::domain::fault::{Classified, Fault};
use crate::domain::hex;

/// A certificate and its private key, in PEM.
pub struct Issued {
    /// The certificate.
    pub certificate: String,
    /// The private key. Overwritten in memory when it is dropped.
    pub key: Zeroizing<String>,
}

/// What a certificate is wanted for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The names and addresses of the server; the first one is also the subject.
    pub hosts: &'a [String],
    /// The first day.
    pub from: Date,
    /// For how many days.
    pub days: u32,
}

/// What a certificate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Whose it is.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// The names and addresses that it is good for.
    pub hosts: Vec<String>,
    /// From when.
    pub not_before: Timestamp,
    /// Until when.
    pub not_after: Timestamp,
    /// It signs others.
    pub is_authority: bool,
    /// Its own key signed it.
    pub is_self_signed: bool,
    /// SHA-256 of the whole, in hexadecimal digits.
    pub fingerprint: String,
    /// The public key, as its bits stand in the certificate.
    pub public_key: Vec<u8>,
}

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A name is no name of a host.
    #[error("`{0}` is neither a host name nor an address")]
    Host(String),
    /// No host is named, or the last day does not exist.
    #[error("{0}")]
    Wanted(&'static str),
    /// The maker of certificates fails.
    #[error("cannot make the {what}")]
    Make {
        /// What.
        what: &'static str,
        /// Why.
        #[source]
        source: rcgen::Error,
    },
    /// It is no certificate in PEM.
    #[error("it is no certificate in PEM")]
    NoCertificate,
    /// It is no private key in PEM that this program makes.
    #[error("it is no private key of a certificate in PEM")]
    NoKey,
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Host(_) | Self::Wanted(_) | Self::NoCertificate | Self::NoKey => Fault::Invalid,
            Self::Make { .. } => Fault::Unavailable,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Host(_) => {
                Some("write it as in provider.example.com, *.example.com or 192.0.2.7, without port".into())
            }
            Self::NoCertificate | Self::NoKey => Some("`openssl x509 -in FILE -text` shows what is in it".into()),
            Self::Wanted(_) | Self::Make { .. } => None,
        }
    }
}

/// Whether a text names a host: a DNS name, perhaps with a wildcard in front, or an address.
pub fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        let outer = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && outer(label.bytes().next())
            && outer(label.bytes().next_back())
    };
    let name = text.strip_prefix("*.").unwrap_or(text);
    text.parse::<IpAddr>().is_ok()
        || (text.len() <= 253
            && name.split('.').all(label)
            && name.split('.').next_back().is_some_and(|last| !last.bytes().all(|byte| byte.is_ascii_digit())))
}

fn failed(what: &'static str) -> impl FnOnce(rcgen::Error) -> Error {
    move |source| Error::Make { what, source }
}

fn key() -> Result<KeyPair, Error> {
    KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(failed("private key"))
}

fn day(date: Date) -> Result<(i32, u8, u8), Error> {
    let part = |number: i8| u8::try_from(number).map_err(|_| Error::Wanted("the day does not exist"));
    Ok((i32::from(date.year()), part(date.month())?, part(date.day())?))
}

fn parameters(hosts: &[String], from: Date, days: u32) -> Result<CertificateParams, Error> {
    let mut parameters = CertificateParams::new(hosts.to_vec()).map_err(failed("certificate"))?;
    let until = from.checked_add(jiff::Span::new().try_days(days).map_err(|_| Error::Wanted("that is too long"))?);
    let until = until.map_err(|_| Error::Wanted("the last day does not exist"))?;
    let ((y, m, d), (to_y, to_m, to_d)) = (day(from)?, day(until)?);
    parameters.not_before = date_time_ymd(y, m, d);
    parameters.not_after = date_time_ymd(to_y, to_m, to_d);
    Ok(parameters)
}

fn server(wanted: &Wanted<'_>) -> Result<CertificateParams, Error> {
    if let Some(wrong) = wanted.hosts.iter().find(|host| !is_host(host)) {
        return Err(Error::Host(wrong.clone()));
    }
    let first = wanted.hosts.first().ok_or(Error::Wanted("no host is named"))?;
    let mut parameters = parameters(wanted.hosts, wanted.from, wanted.days)?;
    // A subject has 64 characters at most; clients look at the names, not at the subject.
    let subject: String = first.chars().take(64).collect();
    parameters.distinguished_name = rcgen::DistinguishedName::new();
    parameters.distinguished_name.push(DnType::CommonName, subject);
    parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    Ok(parameters)
}

fn issued(certificate: &rcgen::Certificate, key: &KeyPair) -> Issued {
    Issued { certificate: certificate.pem(), key: Zeroizing::new(key.serialize_pem()) }
}

/// A certificate that its own key signs.
pub fn self_signed(wanted: &Wanted<'_>) -> Result<Issued, Error> {
    let (key, parameters) = (key()?, server(wanted)?);
    let certificate = parameters.self_signed(&key).map_err(failed("certificate"))?;
    Ok(issued(&certificate, &key))
}

/// An authority: a certificate that signs others.
pub fn authority(name: &str, from: Date, days: u32) -> Result<Issued, Error> {
    let key = key()?;
    let mut parameters = parameters(&[], from, days)?;
    parameters.distinguished_name = rcgen::DistinguishedName::new();
    parameters.distinguished_name.push(DnType::CommonName, name.chars().take(64).collect::<String>());
    parameters.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let certificate = parameters.self_signed(&key).map_err(failed("authority"))?;
    Ok(issued(&certificate, &key))
}

/// A certificate that an authority signs. The authority's own certificate follows it, as servers send them.
pub fn signed_by(wanted: &Wanted<'_>, certificate: &str, private: &str) -> Result<Issued, Error> {
    let authority_key = KeyPair::from_pem(private).map_err(|_| Error::NoKey)?;
    let issuer = Issuer::from_ca_cert_pem(certificate, authority_key).map_err(|_| Error::NoCertificate)?;
    let (key, mut parameters) = (key()?, server(wanted)?);
    parameters.use_authority_key_identifier_extension = true;
    let made = parameters.signed_by(&key, &issuer).map_err(failed("certificate"))?;
    let mut issued = issued(&made, &key);
    issued.certificate.push_str(certificate.trim_start());
    Ok(issued)
}

/// The certificates of a PEM file, the server's own first.
pub fn read(pem: &str) -> Result<Vec<Certificate>, Error> {
    let mut found = Vec::new();
    for block in Pem::iter_from_buffer(pem.as_bytes()) {
        let block = block.map_err(|_| Error::NoCertificate)?;
        if block.label != "CERTIFICATE" {
            continue;
        }
        let (_, certificate) = X509Certificate::from_der(&block.contents).map_err(|_| Error::NoCertificate)?;
        found.push(look_at(&certificate, &block.contents)?);
    }
    if found.is_empty() { Err(Error::NoCertificate) } else { Ok(found) }
}

fn look_at(certificate: &X509Certificate<'_>, der: &[u8]) -> Result<Certificate, Error> {
    let time = |second: i64| Timestamp::from_second(second).map_err(|_| Error::NoCertificate);
    let mut hosts = Vec::new();
    for extension in certificate.extensions() {
        let ParsedExtension::SubjectAlternativeName(names) = extension.parsed_extension() else { continue };
        for name in &names.general_names {
            match name {
                GeneralName::DNSName(name) => hosts.push((*name).to_owned()),
                GeneralName::IPAddress(bytes) => hosts.extend(address(bytes).map(|address| address.to_string())),
                _ => {}
            }
        }
    }
    Ok(Certificate {
        subject: certificate.subject().to_string(),
        issuer: certificate.issuer().to_string(),
        hosts,
        not_before: time(certificate.validity().not_before.timestamp())?,
        not_after: time(certificate.validity().not_after.timestamp())?,
        is_authority: certificate.is_ca(),
        is_self_signed: certificate.subject() == certificate.issuer(),
        fingerprint: hex::encode(&Sha256::digest(der)),
        public_key: certificate.public_key().subject_public_key.data.to_vec(),
    })
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    let four = <[u8; 4]>::try_from(bytes).map(IpAddr::from).ok();
    four.or_else(|| <[u8; 16]>::try_from(bytes).map(IpAddr::from).ok())
}

/// Whether a private key in PEM belongs to a certificate; `None` for a kind of key that is not known here.
pub fn belongs(certificate: &Certificate, private: &str) -> Option<bool> {
    let key = KeyPair::from_pem(private).ok()?;
    Some(key.public_key_raw() == certificate.public_key)
}

/// The day of a time, in UTC.
pub fn day_of(time: Timestamp) -> Date {
    time.to_zoned(TimeZone::UTC).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts() -> Vec<String> {
        ["provider.example.com", "*.apps.example.com", "192.0.2.7", "2001:db8::1"].map(str::to_owned).to_vec()
    }

    const FROM: Date = jiff::civil::date(2026, 11, 21);

    #[test]
    fn a_certificate_says_what_was_wanted() {
        let hosts = hosts();
        let issued = self_signed(&Wanted { hosts: &hosts, from: FROM, days: 365 }).unwrap();
        let found = read(&issued.certificate).unwrap().remove(0);
        assert_eq!((found.hosts.clone(), found.subject.as_str()), (hosts, "CN=provider.example.com"));
        assert_eq!(found.not_before.to_string(), "2026-11-21T00:00:00Z");
        assert_eq!(found.not_after.to_string(), "2027-11-21T00:00:00Z");
        assert!(found.is_self_signed && !found.is_authority);
        assert_eq!(belongs(&found, &issued.key), Some(true));
        let other = self_signed(&Wanted { hosts: &["a".into()], from: FROM, days: 1 }).unwrap();
        assert_eq!((belongs(&found, &other.key), belongs(&found, "")), (Some(false), None));
    }

    #[test]
    fn an_authority_signs_and_is_sent_along() {
        let ca = authority("Example provider", FROM, 3650).unwrap();
        let hosts = hosts();
        let issued = signed_by(&Wanted { hosts: &hosts, from: FROM, days: 90 }, &ca.certificate, &ca.key).unwrap();
        let chain = read(&issued.certificate).unwrap();
        assert_eq!(chain.len(), 2);
        assert_eq!((chain[0].issuer.as_str(), &chain[0].hosts), ("CN=Example provider", &hosts));
        assert!(!chain[0].is_self_signed && chain[1].is_authority && chain[1].is_self_signed);
        assert_eq!(belongs(&chain[0], &issued.key), Some(true));
        assert!(matches!(
            signed_by(&Wanted { hosts: &hosts, from: FROM, days: 90 }, "", &ca.key),
            Err(Error::NoCertificate)
        ));
        assert!(matches!(
            signed_by(&Wanted { hosts: &hosts, from: FROM, days: 90 }, &ca.certificate, ""),
            Err(Error::NoKey)
        ));
    }

    #[test]
    fn hosts_are_names_or_addresses() {
        for good in ["localhost", "a.b", "*.b.c", "xn--bcher-kva.example", "10.0.0.1", "::1", "9to5.example"] {
            assert!(is_host(good), "{good}");
        }
        let long = format!("{}.example", "x".repeat(64));
        for bad in
            ["", ".", "a..b", "-a.b", "a-.b", "a b", "a:8443", "https://a", "*", "a.*.b", "256.1.1.1", "1.2", &long]
        {
            assert!(!is_host(bad), "{bad}");
        }
        let wanted = |hosts: &[String]| self_signed(&Wanted { hosts, from: FROM, days: 1 }).err().unwrap().to_string();
        assert_eq!(wanted(&["a:8443".into()]), "`a:8443` is neither a host name nor an address");
        assert_eq!(wanted(&[]), "no host is named");
    }
}
