//! Who asks.
//!
//! An operator has a token (`provider api-token create`), in `Authorization: Bearer …` or, for a browser that looks, as
//! the password of `Basic`; or a client certificate of the operators' authority. Whoever is neither may be a tenant, which
//! the gateway knows. Credentials that are given and wrong are an error, never anonymity.

use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;

use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use rustls::pki_types::CertificateDer;

use super::{Problem, Shared};
use crate::domain::api_token::{self, Scope};
use crate::store::api_tokens;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// Nobody that we know.
    Anonymous,
    /// A tenant, by its address on the chain.
    Tenant(String),
    /// An operator.
    Operator {
        /// By which name: that of the token, or the subject of the certificate.
        name: String,
        /// What it may.
        scope: Scope,
    },
}

impl Caller {
    /// The word in the log.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Tenant(_) => "tenant",
            Self::Operator { .. } => "operator",
        }
    }
}

/// The other end of a connection.
#[derive(Debug, Clone)]
pub struct Peer {
    /// Its address.
    pub address: IpAddr,
    /// TLS is spoken.
    pub is_tls: bool,
    /// It is TLS 1.3.
    pub is_tls13: bool,
    /// The certificates that it came with, its own first. It has proved that it holds the key; nothing else is known.
    pub certificates: Vec<CertificateDer<'static>>,
    /// The operators' authority signed its certificate: the subject, and until when.
    pub operator: Option<(String, Timestamp)>,
}

/// A look-up of a tenant: none where the request has no credentials of a tenant.
pub type TenantFound<'a> = Pin<Box<dyn Future<Output = Result<Option<String>, Problem>> + Send + 'a>>;

/// Who knows tenants: the gateway, which asks the chain.
pub trait Tenants: Send + Sync {
    /// The tenant's address by the certificate or token that came with a request. Credentials that are given and wrong
    /// are a problem.
    fn identify<'a>(&'a self, parts: &'a Parts, peer: &'a Peer) -> TenantFound<'a>;
}

/// Finds out who asks.
pub(super) async fn identify(shared: &Shared, request: &Parts, for_browsers: bool) -> Result<Caller, Problem> {
    let peer = request.extensions.get::<Peer>();
    if let Some(text) = operator_token(&request.headers, for_browsers && request.method == Method::GET) {
        return by_token(shared, text).await;
    }
    if let Some((name, until)) = peer.and_then(|peer| peer.operator.clone()) {
        // A connection may be older than the end of its certificate.
        if Timestamp::now() < until && !request.headers.contains_key(header::AUTHORIZATION) {
            let may_act = shared.options.operators.as_ref().is_some_and(|operators| operators.may_act);
            return Ok(Caller::Operator { name, scope: if may_act { Scope::Act } else { Scope::Read } });
        }
    }
    if let (Some(tenants), Some(peer)) = (&shared.tenants, peer)
        && let Some(address) = tenants.identify(request, peer).await?
    {
        return Ok(Caller::Tenant(address));
    }
    if request.headers.contains_key(header::AUTHORIZATION) {
        return Err(Problem::unauthorized("these credentials are not known here"));
    }
    if peer.is_some_and(|peer| !peer.certificates.is_empty()) {
        return Err(Problem::unauthorized("this certificate is not known here"));
    }
    Ok(Caller::Anonymous)
}

/// The text that claims to be a token of ours.
fn operator_token(headers: &HeaderMap, also_basic: bool) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest) = value.split_once(' ')?;
    let text = if scheme.eq_ignore_ascii_case("bearer") {
        rest.trim().to_owned()
    } else if also_basic && scheme.eq_ignore_ascii_case("basic") {
        let decoded = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
        decoded.split_once(':')?.1.to_owned()
    } else {
        return None;
    };
    text.starts_with(api_token::PREFIX).then_some(text)
}

async fn by_token(shared: &Shared, text: String) -> Result<Caller, Problem> {
    let unknown = || Problem::unauthorized("this token is not valid");
    let id = api_token::claimed(&text).ok_or_else(unknown)?;
    let found = shared.state.read("look a token up", move |snapshot| api_tokens::one(snapshot, id)).await?;
    match found.filter(|token| token.admits(&text, Timestamp::now())) {
        Some(token) => Ok(Caller::Operator { name: token.name, scope: token.scope }),
        None => Err(unknown()),
    }
}
