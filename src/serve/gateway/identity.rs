//! Who a tenant is.

use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::{Gateway, Problem};
use crate::domain::address::Address;
use crate::domain::tenant_token::Token;
use crate::keys::certificate;
use crate::serve::{Peer, TenantFound, Tenants};

impl Tenants for Gateway {
    fn identify<'a>(&'a self, parts: &'a Parts, peer: &'a Peer) -> TenantFound<'a> {
        Box::pin(async move {
            match (bearer(&parts.headers), peer.certificates.as_slice()) {
                (None, []) => Ok(None),
                (Some(_), [_, ..]) => {
                    Err(Problem::bad_request("a certificate and a token came together: which of them counts?"))
                }
                // Tenants' tools speak nothing older, and what is older shows certificates to whoever listens.
                _ if peer.is_tls && !peer.is_tls13 => Err(Problem::forbidden("tenants speak TLS 1.3")),
                (Some(text), []) => self.by_token(text).await.map(Some),
                (None, [certificate]) => self.by_certificate(certificate).await.map(Some),
                (None, _) => Err(Problem::unauthorized("a tenant's certificate comes alone")),
            }
        })
    }
}

/// The text of a token.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, text) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| text.trim())
}

impl Gateway {
    async fn by_token(&self, text: &str) -> Result<String, Problem> {
        let wrong = |why: &str| Problem::unauthorized(format!("the token is not valid: {why}"));
        let token = Token::read(text).map_err(|error| wrong(&error.to_string()))?;
        token.claims.check_time(Timestamp::now()).map_err(|error| wrong(&error.to_string()))?;
        let issuer = Address::parse(token.claims.issuer(), self.prefix());
        let issuer = issuer.map_err(|_| wrong("its issuer is no account of this network"))?;
        let key = self.account_key(&issuer).await?;
        let key =
            key.ok_or_else(|| wrong("the chain knows no key of its issuer, who has never signed anything there"))?;
        let is_its = matches!(key.address(self.prefix()), Some(Ok(address)) if address == issuer);
        if is_its && key.verifies(&token.signed_bytes(), &token.signature) {
            Ok(issuer.to_string())
        } else {
            Err(wrong("its signature is not that of its issuer"))
        }
    }

    /// The connection has proved that the client has the certificate's key; here, that it is the one on the chain.
    async fn by_certificate(&self, der: &CertificateDer<'_>) -> Result<String, Problem> {
        let wrong = |why: &str| Problem::unauthorized(format!("the certificate is not valid: {why}"));
        let (owner, serial) = claimed(der, self.prefix(), Timestamp::now()).map_err(wrong)?;
        let published = self.certificate(&owner, &serial).await?;
        let published = published.ok_or_else(|| wrong("the chain has none of this account and number that counts"))?;
        let published =
            CertificateDer::from_pem_slice(&published).map_err(|_| wrong("the one on the chain is none"))?;
        // The same to the byte: its key, its dates and its purposes are those that the owner has signed and published.
        if published == *der { Ok(owner.to_string()) } else { Err(wrong("the chain has another one")) }
    }
}

/// Whom a certificate names, and its number, if it can be a tenant's at all.
fn claimed(der: &CertificateDer<'_>, prefix: &str, now: Timestamp) -> Result<(Address, String), &'static str> {
    let (rest, parsed) = X509Certificate::from_der(der).map_err(|_| "it is no X.509 certificate")?;
    if !rest.is_empty() {
        return Err("something follows it");
    }
    let name = |name: &x509_parser::x509::X509Name<'_>| {
        let mut names = name.iter_common_name();
        let first = names.next().and_then(|name| name.as_str().ok()).map(str::to_owned);
        first.filter(|_| names.next().is_none())
    };
    let subject = name(parsed.subject()).ok_or("it names nobody")?;
    if name(parsed.issuer()).as_ref() != Some(&subject) {
        return Err("another has issued it than it names");
    }
    let validity = parsed.validity();
    let at = |time: i64| Timestamp::from_second(time).map_err(|_| "its time is none");
    if now < at(validity.not_before.timestamp())? || at(validity.not_after.timestamp())? < now {
        return Err("its time is over, or has not come");
    }
    let purposes = parsed.extended_key_usage().ok().flatten();
    if !purposes.is_some_and(|purposes| purposes.value.client_auth) {
        return Err("it is not for clients");
    }
    let owner = Address::parse(&subject, prefix).map_err(|_| "it names no account of this network")?;
    let serial = certificate::serial_of(parsed.raw_serial()).ok_or("its number is too long")?;
    Ok((owner, serial))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENANT: &str = "ve1r5v5srda7xfth3hn2s26txvrcrntldju8ku0ch";

    fn made(name: &str) -> (CertificateDer<'static>, String) {
        let (from, until) = ("2026-11-21T10:00:00Z".parse().unwrap(), "2027-11-21T10:00:00Z".parse().unwrap());
        let new = certificate::make(name, &[], (from, until)).unwrap();
        (CertificateDer::from_pem_slice(new.certificate.certificate.as_bytes()).unwrap(), new.certificate.serial)
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_certificate_of_the_chain_names_its_owner_and_number() {
        let (der, serial) = made(TENANT);
        let (owner, number) = claimed(&der, "ve", at("2026-12-01T00:00:00Z")).unwrap();
        assert_eq!((owner.to_string().as_str(), number), (TENANT, serial));
    }

    #[test]
    fn what_cannot_be_a_tenants_is_refused_before_the_chain_is_asked() {
        let now = at("2026-12-01T00:00:00Z");
        let (der, _) = made(TENANT);
        for time in ["2026-11-20T00:00:00Z", "2027-11-22T00:00:00Z"] {
            assert_eq!(claimed(&der, "ve", at(time)), Err("its time is over, or has not come"));
        }
        assert_eq!(claimed(&der, "akash", now), Err("it names no account of this network"));
        assert_eq!(claimed(&made("provider.example").0, "ve", now), Err("it names no account of this network"));
        let longer = CertificateDer::from([der.as_ref(), &[0]].concat());
        assert_eq!(claimed(&longer, "ve", now), Err("something follows it"));
        assert_eq!(claimed(&CertificateDer::from(vec![1, 2, 3]), "ve", now), Err("it is no X.509 certificate"));
    }

    #[test]
    fn tokens_come_in_one_header() {
        let headers = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, axum::http::HeaderValue::from_static(value));
            headers
        };
        assert_eq!(bearer(&headers("Bearer  a.b.c")), Some("a.b.c"));
        assert_eq!(bearer(&headers("bearer a.b.c")), Some("a.b.c"));
        assert_eq!([bearer(&headers("Basic abc")), bearer(&headers("Bearer")), bearer(&HeaderMap::new())], [None; 3]);
    }
}
