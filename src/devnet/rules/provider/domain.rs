//! The proof that a provider's domain is its own. (VirtEngine only.)
//!
//! The chain gives out a token, the provider publishes it, and says so. (What a real node makes of chance, the token,
//! is made here of the block and the provider, so that the same messages give the same chain.)

use super::{find, refusals};
use crate::chain::wire::provider::{
    EventProviderDomainVerificationConfirmed, EventProviderDomainVerificationRequested,
    EventProviderDomainVerificationRevoked, EventProviderDomainVerificationStarted, EventProviderDomainVerified,
    MsgConfirmDomainVerification, MsgConfirmDomainVerificationResponse, MsgGenerateDomainVerificationToken,
    MsgGenerateDomainVerificationTokenResponse, MsgRequestDomainVerification, MsgRequestDomainVerificationResponse,
    MsgRevokeDomainVerification, MsgRevokeDomainVerificationResponse, MsgVerifyProviderDomain,
    MsgVerifyProviderDomainResponse, VerificationMethod,
};
use crate::devnet::collection::Collection;
use crate::devnet::context::Context;
use crate::devnet::hex;
use crate::devnet::refusal::Refusal;
use prost::Message;
use sha2::{Digest, Sha256};

const LIFETIME_SECONDS: i64 = 7 * 24 * 3_600;

/// Proofs by their provider's address.
const PROOFS: Collection<Proof> = Collection::new("provider/domain");

/// A proof that was asked for.
#[derive(Clone, PartialEq, Eq, Message)]
struct Proof {
    #[prost(string, tag = 1)]
    domain: String,
    #[prost(string, tag = 2)]
    token: String,
    #[prost(enumeration = "VerificationMethod", tag = 3)]
    method: i32,
    /// Confirmed, and not revoked since.
    #[prost(bool, tag = 4)]
    verified: bool,
    /// Unix seconds.
    #[prost(int64, tag = 5)]
    expires_at: i64,
}

fn method_word(method: VerificationMethod) -> &'static str {
    match method {
        VerificationMethod::Unknown => "unknown",
        VerificationMethod::DnsTxt => "dns_txt",
        VerificationMethod::DnsCname => "dns_cname",
        VerificationMethod::HttpWellKnown => "http_well_known",
    }
}

/// `MsgGenerateDomainVerificationToken`: the older way, always by a TXT record.
pub fn generate_domain_verification_token(
    context: &mut Context<'_>,
    message: &MsgGenerateDomainVerificationToken,
) -> Result<MsgGenerateDomainVerificationTokenResponse, Refusal> {
    let (owner, domain) = (message.owner.clone(), message.domain.clone());
    let (proof, _) = begin(context, &owner, &domain, VerificationMethod::DnsTxt)?;
    let token = proof.token.clone();
    context.emit(&EventProviderDomainVerificationStarted { owner, domain, token });
    Ok(MsgGenerateDomainVerificationTokenResponse { token: proof.token, expires_at: proof.expires_at })
}

/// `MsgRequestDomainVerification`.
pub fn request_domain_verification(
    context: &mut Context<'_>,
    message: &MsgRequestDomainVerification,
) -> Result<MsgRequestDomainVerificationResponse, Refusal> {
    let (owner, domain) = (message.owner.clone(), message.domain.clone());
    let (proof, verification_target) = begin(context, &owner, &domain, message.method())?;
    let (method, token) = (method_word(proof.method()).to_owned(), proof.token.clone());
    context.emit(&EventProviderDomainVerificationRequested { owner, domain, method, token });
    let Proof { token, expires_at, .. } = proof;
    Ok(MsgRequestDomainVerificationResponse { token, expires_at, verification_target })
}

/// Makes a new proof in place of any other; gives where to publish the token, too.
fn begin(
    context: &mut Context<'_>,
    owner: &str,
    domain: &str,
    method: VerificationMethod,
) -> Result<(Proof, String), Refusal> {
    check_registered(context, owner)?;
    check_domain(domain)?;
    let target = match method {
        VerificationMethod::DnsTxt | VerificationMethod::DnsCname => format!("_virtengine-verification.{domain}"),
        VerificationMethod::HttpWellKnown => format!("https://{domain}/.well-known/virtengine-verification"),
        VerificationMethod::Unknown => {
            return Err(refusals::invalid_domain().wrap("unsupported verification method"));
        }
    };
    let seed = format!("{owner}/{domain}/{}/{}", context.height, context.time);
    let token = hex::lower(&Sha256::digest(seed.as_bytes()));
    let expires_at = context.time.as_second().saturating_add(LIFETIME_SECONDS);
    let proof = Proof { domain: domain.to_owned(), token, method: method as i32, verified: false, expires_at };
    PROOFS.set(context.kv, &(owner,), &proof)?;
    Ok((proof, target))
}

fn check_registered(context: &Context<'_>, owner: &str) -> Result<(), Refusal> {
    if find(context, owner)?.is_none() {
        return Err(refusals::not_found().wrap(format!("provider not found: {owner}")));
    }
    Ok(())
}

fn check_domain(domain: &str) -> Result<(), Refusal> {
    const LONGEST: usize = 253;
    const LONGEST_PART: usize = 63;
    let invalid = |why: &str| Err(refusals::invalid_domain().wrap(format!("invalid domain: {why}")));
    if domain.is_empty() {
        return invalid("domain cannot be empty");
    }
    if domain.len() > LONGEST {
        return invalid("domain too long");
    }
    if !domain.contains('.') {
        return invalid("domain must have at least two parts");
    }
    for part in domain.split('.') {
        let ends = [part.as_bytes().first(), part.as_bytes().last()];
        if part.is_empty() || part.len() > LONGEST_PART {
            return invalid("invalid domain part length");
        }
        if !ends.into_iter().flatten().all(u8::is_ascii_alphanumeric) {
            return invalid("domain parts must start and end with alphanumeric characters");
        }
    }
    Ok(())
}

/// The proof that the provider asked for, in time.
fn current(context: &Context<'_>, owner: &str) -> Result<Proof, Refusal> {
    let proof = asked(context, owner)?;
    if context.time.as_second() > proof.expires_at {
        return Err(refusals::verification_expired().wrap("verification token has expired"));
    }
    Ok(proof)
}

fn asked(context: &Context<'_>, owner: &str) -> Result<Proof, Refusal> {
    check_registered(context, owner)?;
    PROOFS
        .get(&*context.kv, &(owner,))?
        .ok_or_else(|| refusals::verification_not_found().wrap(format!("no verification record for provider: {owner}")))
}

/// `MsgConfirmDomainVerification`.
pub fn confirm_domain_verification(
    context: &mut Context<'_>,
    message: &MsgConfirmDomainVerification,
) -> Result<MsgConfirmDomainVerificationResponse, Refusal> {
    let mut proof = current(context, &message.owner)?;
    if proof.verified {
        return Err(refusals::verification_failed().wrap("domain already verified"));
    }
    if message.proof.is_empty() {
        return Err(refusals::verification_failed().wrap("proof cannot be empty"));
    }
    proof.verified = true;
    PROOFS.set(context.kv, &(message.owner.as_str(),), &proof)?;
    let method = method_word(proof.method()).to_owned();
    let (owner, domain) = (message.owner.clone(), proof.domain);
    context.emit(&EventProviderDomainVerificationConfirmed { owner, domain, method });
    Ok(MsgConfirmDomainVerificationResponse { verified: true, verified_at: context.time.as_second() })
}

/// `MsgVerifyProviderDomain`: the older way to ask whether the proof was confirmed.
pub fn verify_provider_domain(
    context: &mut Context<'_>,
    message: &MsgVerifyProviderDomain,
) -> Result<MsgVerifyProviderDomainResponse, Refusal> {
    let proof = current(context, &message.owner)?;
    if !proof.verified {
        let text = "domain not verified - use ConfirmDomainVerification with off-chain proof";
        return Err(refusals::verification_failed().wrap(text));
    }
    context.emit(&EventProviderDomainVerified { owner: message.owner.clone(), domain: proof.domain });
    Ok(MsgVerifyProviderDomainResponse { verified: true })
}

/// `MsgRevokeDomainVerification`.
pub fn revoke_domain_verification(
    context: &mut Context<'_>,
    message: &MsgRevokeDomainVerification,
) -> Result<MsgRevokeDomainVerificationResponse, Refusal> {
    let mut proof = asked(context, &message.owner)?;
    proof.verified = false;
    PROOFS.set(context.kv, &(message.owner.as_str(),), &proof)?;
    let (owner, domain) = (message.owner.clone(), proof.domain);
    context.emit(&EventProviderDomainVerificationRevoked { owner, domain });
    Ok(MsgRevokeDomainVerificationResponse {})
}

#[cfg(test)]
mod tests;
