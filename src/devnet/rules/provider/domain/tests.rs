use super::*;
use crate::chain::wire::provider::Provider;
use crate::devnet::context::Profile;
use crate::devnet::kv::MemoryKv;
use crate::devnet::rules::{auth, provider};
use crate::domain::network::Name;
use jiff::{SignedDuration, Timestamp};

const OWNER: &str = "ve18u2t7lt8zchhhc2tj3yq6yqq56j68mja3xe3gg";

fn with_provider(kv: &mut MemoryKv) -> Context<'_> {
    let mut context = Context::new(kv, Name::Virtengine.facts(), Profile::Localnet, 7, Timestamp::UNIX_EPOCH);
    let address = auth::bytes_of(context.network, OWNER).unwrap();
    provider::register(&mut context, &address, &Provider { owner: OWNER.into(), ..Provider::default() }).unwrap();
    context
}

fn request(context: &mut Context<'_>, domain: &str) -> Result<MsgRequestDomainVerificationResponse, Refusal> {
    let method = VerificationMethod::HttpWellKnown as i32;
    let message = MsgRequestDomainVerification { owner: OWNER.into(), domain: domain.into(), method };
    request_domain_verification(context, &message)
}

fn confirm(context: &mut Context<'_>, proof: &str) -> Result<MsgConfirmDomainVerificationResponse, Refusal> {
    confirm_domain_verification(context, &MsgConfirmDomainVerification { owner: OWNER.into(), proof: proof.into() })
}

#[test]
fn a_domain_is_proved_and_revoked() {
    let kv = &mut MemoryKv::new();
    let context = &mut with_provider(kv);
    assert_eq!(confirm(context, "x").unwrap_err().code, 31);
    let asked = request(context, "p.example.com").unwrap();
    assert_eq!(asked.token.len(), 64);
    assert_eq!(asked.verification_target, "https://p.example.com/.well-known/virtengine-verification");
    assert_eq!(asked.expires_at, 7 * 24 * 3600);
    let verify = MsgVerifyProviderDomain { owner: OWNER.into() };
    assert_eq!(verify_provider_domain(context, &verify).unwrap_err().code, 32);
    assert_eq!(confirm(context, "").unwrap_err().code, 32);
    assert!(confirm(context, "x").unwrap().verified);
    assert_eq!(confirm(context, "x").unwrap_err().text(), "domain already verified: domain verification failed");
    assert!(verify_provider_domain(context, &verify).unwrap().verified);
    revoke_domain_verification(context, &MsgRevokeDomainVerification { owner: OWNER.into() }).unwrap();
    assert_eq!(verify_provider_domain(context, &verify).unwrap_err().code, 32);
    let told: Vec<_> = context.events.iter().filter_map(|event| event.r#type.rsplit('.').next()).collect();
    assert_eq!(
        told,
        [
            "EventProviderDomainVerificationRequested",
            "EventProviderDomainVerificationConfirmed",
            "EventProviderDomainVerified",
            "EventProviderDomainVerificationRevoked",
        ]
    );
}

#[test]
fn a_token_lives_for_a_week() {
    let kv = &mut MemoryKv::new();
    let context = &mut with_provider(kv);
    request(context, "p.example.com").unwrap();
    context.time += SignedDuration::from_secs(LIFETIME_SECONDS + 1);
    assert_eq!(confirm(context, "x").unwrap_err().code, 33);
}

#[test]
fn what_is_no_domain_is_refused() {
    let kv = &mut MemoryKv::new();
    let context = &mut with_provider(kv);
    for domain in ["", "example", "a..b", "-a.example", "a.example-", &"a.".repeat(200)] {
        assert_eq!(request(context, domain).unwrap_err().code, 30, "{domain:?}");
    }
    let message = MsgGenerateDomainVerificationToken { owner: OWNER.into(), domain: "a.example".into() };
    assert_eq!(generate_domain_verification_token(context, &message).unwrap().token.len(), 64);
    let stranger = "ve1lpwx2rx6h3r4atqq8nqjpwc5lphk6t4ca7d8vl".to_owned();
    let message = MsgGenerateDomainVerificationToken { owner: stranger, ..message };
    assert_eq!(generate_domain_verification_token(context, &message).unwrap_err().code, 3);
}
