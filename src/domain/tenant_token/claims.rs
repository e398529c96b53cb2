//! What a token claims: whose it is, when it counts, and what its bearer may do with which leases.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

/// How much the clocks of a tenant and ours may differ.
const CLOCKS: SignedDuration = SignedDuration::from_secs(10);

/// One thing that may be done with a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Bring a manifest.
    SendManifest,
    /// Read it back.
    GetManifest,
    /// Read what its containers write.
    Logs,
    /// Run commands in it.
    Shell,
    /// Read what happens to it.
    Events,
    /// See how it stands.
    Status,
    /// Start it again.
    Restart,
    /// Move a host name between leases.
    HostnameMigrate,
    /// Move an address between leases.
    IpMigrate,
}

/// How much a token, or a permission in it, allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Access {
    /// Everything.
    Full,
    /// What the scopes say.
    Scoped,
    /// What is said more closely.
    Granular,
}

/// Why claims are none. They are not quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClaimsError {
    /// They are not of the form.
    #[error("its claims are not of version v1")]
    Form,
    /// It does not count yet.
    #[error("it does not count yet")]
    TooEarly,
    /// It does not count any more.
    #[error("it has expired")]
    Expired,
}

/// What a lease's part is of a deployment, and of which deployment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    scope: Vec<Scope>,
    dseq: u64,
    #[serde(default)]
    gseq: Option<u32>,
    #[serde(default)]
    oseq: Option<u32>,
    #[serde(default)]
    services: Vec<String>,
}

/// What is allowed with leases of one provider.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permission {
    provider: String,
    access: Access,
    #[serde(default)]
    scope: Vec<Scope>,
    #[serde(default)]
    deployments: Vec<Part>,
}

/// What is allowed with the issuer's leases.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leases {
    access: Access,
    #[serde(default)]
    scope: Vec<Scope>,
    #[serde(default)]
    permissions: Vec<Permission>,
}

/// What a token claims.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Claims {
    iss: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    version: String,
    leases: Leases,
}

/// What somebody wants to do it with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target<'a> {
    /// Whose offer it is.
    pub provider: &'a str,
    /// The deployment.
    pub dseq: u64,
    /// The group and the order, where one lease is meant.
    pub order: Option<(u32, u32)>,
    /// The service, where one is meant.
    pub service: Option<&'a str>,
}

impl Claims {
    /// Reads claims, and refuses what contradicts itself.
    pub(super) fn read(json: &[u8]) -> Result<Self, ClaimsError> {
        let claims: Self = serde_json::from_slice(json).map_err(|_| ClaimsError::Form)?;
        let sound = claims.version == "v1" && claims.nbf <= claims.exp && claims.iat <= claims.exp;
        if sound && claims.leases.is_sound() { Ok(claims) } else { Err(ClaimsError::Form) }
    }

    /// Whose token it is: an address on the chain, as it stands there.
    pub fn issuer(&self) -> &str {
        &self.iss
    }

    /// Whether it counts at this time.
    pub fn check_time(&self, now: Timestamp) -> Result<(), ClaimsError> {
        let at = |second: i64| Timestamp::from_second(second).map_err(|_| ClaimsError::Form);
        let early = now.checked_add(CLOCKS).unwrap_or(Timestamp::MAX);
        if at(self.nbf)? > early || at(self.iat)? > early {
            return Err(ClaimsError::TooEarly);
        }
        if at(self.exp)? <= now { Err(ClaimsError::Expired) } else { Ok(()) }
    }

    /// Whether its bearer may do this with that. A deployment as a whole may be meant: then a permission for one of its
    /// leases is not enough, and neither is one for a service where the lease is meant.
    pub fn allow(&self, scope: Scope, target: &Target<'_>) -> bool {
        let leases = &self.leases;
        match leases.access {
            Access::Full => true,
            Access::Scoped => leases.scope.contains(&scope),
            Access::Granular => leases
                .permissions
                .iter()
                .filter(|permission| permission.provider == target.provider)
                .any(|permission| permission.allows(scope, target)),
        }
    }
}

impl Leases {
    fn is_sound(&self) -> bool {
        let providers: BTreeSet<&str> =
            self.permissions.iter().map(|permission| permission.provider.as_str()).collect();
        match self.access {
            Access::Full => self.scope.is_empty() && self.permissions.is_empty(),
            Access::Scoped => are_scopes(&self.scope) && self.permissions.is_empty(),
            Access::Granular => {
                self.scope.is_empty()
                    && !self.permissions.is_empty()
                    && providers.len() == self.permissions.len()
                    && self.permissions.iter().all(Permission::is_sound)
            }
        }
    }
}

impl Permission {
    fn is_sound(&self) -> bool {
        match self.access {
            Access::Full => self.scope.is_empty() && self.deployments.is_empty(),
            Access::Scoped => are_scopes(&self.scope) && self.deployments.is_empty(),
            Access::Granular => {
                self.scope.is_empty() && !self.deployments.is_empty() && self.deployments.iter().all(Part::is_sound)
            }
        }
    }

    fn allows(&self, scope: Scope, target: &Target<'_>) -> bool {
        match self.access {
            Access::Full => true,
            Access::Scoped => self.scope.contains(&scope),
            Access::Granular => self.deployments.iter().any(|part| part.allows(scope, target)),
        }
    }
}

impl Part {
    fn is_sound(&self) -> bool {
        // An order is one of a group.
        are_scopes(&self.scope) && self.dseq > 0 && (self.gseq.is_some() || self.oseq.is_none())
    }

    fn allows(&self, scope: Scope, target: &Target<'_>) -> bool {
        let of_order = match target.order {
            Some((gseq, oseq)) => {
                self.gseq.is_none_or(|wanted| wanted == gseq) && self.oseq.is_none_or(|wanted| wanted == oseq)
            }
            None => self.gseq.is_none(),
        };
        let of_service = self.services.is_empty()
            || target.service.is_some_and(|service| self.services.iter().any(|name| name == service));
        self.scope.contains(&scope) && self.dseq == target.dseq && of_order && of_service
    }
}

/// Some, and each of them once.
fn are_scopes(scopes: &[Scope]) -> bool {
    let different: BTreeSet<&Scope> = scopes.iter().collect();
    !scopes.is_empty() && different.len() == scopes.len()
}
