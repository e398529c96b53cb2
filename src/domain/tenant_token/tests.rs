//! Tokens as tenants' tools make them, and as nobody should.

use jiff::Timestamp;
use k256::ecdsa::signature::{Signer as _, Verifier as _};
use k256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};

use super::*;

const TENANT: &str = "ve1q5lvvypeqjrkp96y6k3jqpqm3jqq5lvv0x8x5k";
const PROVIDER: &str = "ve1provider";

fn key() -> SigningKey {
    SigningKey::from_slice(&[7; 32]).unwrap()
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn claims(leases: &Value) -> Value {
    json!({"iss": TENANT, "iat": 1000, "nbf": 1000, "exp": 1900, "version": "v1", "leases": leases})
}

fn signed(header: &Value, claims: &Value) -> String {
    let text = format!("{}.{}", encoded(header), encoded(claims));
    let message =
        if header["alg"] == "ES256KADR36" { adr36(TENANT, text.as_bytes()) } else { text.as_bytes().to_vec() };
    let signature: Signature = key().sign(&message);
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

fn token(leases: &Value) -> Token {
    Token::read(&signed(&json!({"alg": "ES256K", "typ": "JWT"}), &claims(leases))).unwrap()
}

fn target(dseq: u64, order: Option<(u32, u32)>, service: Option<&str>) -> Target<'_> {
    Target { provider: PROVIDER, dseq, order, service }
}

#[test]
fn what_is_signed_is_what_the_key_signed() {
    let leases = json!({"access": "full"});
    for alg in ["ES256K", "ES256KADR36"] {
        let token = Token::read(&signed(&json!({"alg": alg, "typ": "JWT"}), &claims(&leases))).unwrap();
        let signature = Signature::from_slice(&token.signature).unwrap();
        key().verifying_key().verify(&token.signed_bytes(), &signature).unwrap();
        assert_eq!(token.claims.issuer(), TENANT);
    }
    // A signature for the one is none for the other: the header is signed too.
    let plain = signed(&json!({"alg": "ES256K"}), &claims(&leases));
    let (_, rest) = plain.split_once('.').unwrap();
    let other = Token::read(&format!("{}.{rest}", encoded(&json!({"alg": "ES256KADR36"})))).unwrap();
    let signature = Signature::from_slice(&other.signature).unwrap();
    assert!(key().verifying_key().verify(&other.signed_bytes(), &signature).is_err());
}

/// The bytes that a wallet signs, written out.
#[test]
fn the_sign_doc_is_that_of_adr_36() {
    let text = "{\"account_number\":\"0\",\"chain_id\":\"\",\"fee\":{\"amount\":[],\"gas\":\"0\"},\"memo\":\"\",\
                \"msgs\":[{\"type\":\"sign/MsgSignData\",\"value\":{\"data\":\"aGVsbG8=\",\"signer\":\"ve1a\"}}],\
                \"sequence\":\"0\"}";
    assert_eq!(String::from_utf8(adr36("ve1a", b"hello")).unwrap(), text);
}

#[test]
fn what_is_no_token_is_refused() {
    let good = signed(&json!({"alg": "ES256K"}), &claims(&json!({"access": "full"})));
    assert!(Token::read(&good).is_ok());
    let (head, tail) = good.split_once('.').unwrap();
    let short = format!("{}.{}", good.rsplit_once('.').unwrap().0, URL_SAFE_NO_PAD.encode([7; 63]));
    for (text, why) in [
        (String::new(), TokenError::Form),
        ("a.b".to_owned(), TokenError::Form),
        (format!("{good}.x"), TokenError::Form),
        (format!("{head}=.{tail}"), TokenError::Form),
        ("x".repeat(LONGEST + 1), TokenError::Form),
        (short, TokenError::Signature),
        (format!("{}.{tail}", encoded(&json!({"alg": "none"}))), TokenError::Algorithm),
        (format!("{}.{tail}", encoded(&json!({"alg": "HS256"}))), TokenError::Algorithm),
        (format!("{}.{tail}", encoded(&json!({"alg": "ES256K", "crit": ["b64"]}))), TokenError::Form),
        (format!("{}.{tail}", encoded(&json!({"alg": "ES256K", "typ": "JOSE"}))), TokenError::Form),
    ] {
        assert_eq!(Token::read(&text).unwrap_err(), why, "{text}");
    }
}

#[test]
fn claims_that_contradict_themselves_are_refused() {
    let all = ["send-manifest", "get-manifest", "logs", "shell", "events", "status", "restart"];
    let granular = |permissions: Value| json!({"access": "granular", "permissions": permissions});
    let full = json!({"provider": PROVIDER, "access": "full"});
    for leases in [json!({"access": "full"}), json!({"access": "scoped", "scope": all}), granular(json!([full]))] {
        let header = json!({"alg": "ES256K"});
        assert!(Token::read(&signed(&header, &claims(&leases))).is_ok(), "{leases}");
    }
    for leases in [
        json!({}),
        json!({"access": "everything"}),
        json!({"access": "full", "scope": ["logs"]}),
        json!({"access": "scoped"}),
        json!({"access": "scoped", "scope": []}),
        json!({"access": "scoped", "scope": ["logs", "logs"]}),
        json!({"access": "scoped", "scope": ["root"]}),
        json!({"access": "scoped", "scope": ["logs"], "permissions": [full]}),
        json!({"access": "full", "more": 1}),
        granular(json!([])),
        granular(json!([full, full])),
        granular(json!([{"provider": PROVIDER, "access": "granular"}])),
        granular(json!([{"provider": PROVIDER, "access": "granular", "deployments": [{"scope": [], "dseq": 7}]}])),
        granular(
            json!([{"provider": PROVIDER, "access": "granular", "deployments": [{"scope": ["logs"], "dseq": 0}]}]),
        ),
        granular(json!([{"provider": PROVIDER, "access": "granular",
                         "deployments": [{"scope": ["logs"], "dseq": 7, "oseq": 1}]}])),
    ] {
        let read = Token::read(&signed(&json!({"alg": "ES256K"}), &claims(&leases)));
        assert_eq!(read.unwrap_err(), TokenError::Claims(ClaimsError::Form), "{leases}");
    }
    for (field, value) in [("version", json!("v2")), ("iss", json!(7)), ("exp", json!(999)), ("nbf", Value::Null)] {
        let mut wrong = claims(&json!({"access": "full"}));
        wrong[field] = value;
        assert!(Token::read(&signed(&json!({"alg": "ES256K"}), &wrong)).is_err(), "{field}");
    }
}

#[test]
fn a_token_counts_in_its_time() {
    let claims = token(&json!({"access": "full"})).claims;
    let at = |second| claims.check_time(Timestamp::from_second(second).unwrap());
    assert_eq!(at(980), Err(ClaimsError::TooEarly));
    // The tenant's clock may be a little ahead.
    assert_eq!([at(995), at(1000), at(1899)], [Ok(()), Ok(()), Ok(())]);
    assert_eq!([at(1900), at(9999)], [Err(ClaimsError::Expired), Err(ClaimsError::Expired)]);
}

#[test]
fn a_token_allows_what_it_says_and_no_more() {
    let full = token(&json!({"access": "full"})).claims;
    assert!(full.allow(Scope::Shell, &target(7, None, None)));
    let scoped = token(&json!({"access": "scoped", "scope": ["logs", "status"]})).claims;
    assert!(scoped.allow(Scope::Logs, &target(7, Some((1, 1)), None)));
    assert!(!scoped.allow(Scope::SendManifest, &target(7, None, None)));
    let parts = json!([
        {"provider": PROVIDER, "access": "granular", "deployments": [
            {"scope": ["status", "send-manifest"], "dseq": 7},
            {"scope": ["logs"], "dseq": 8, "gseq": 1, "services": ["web"]},
        ]},
        {"provider": "ve1other", "access": "full"},
    ]);
    let claims = token(&json!({"access": "granular", "permissions": parts})).claims;
    for (scope, target, allowed) in [
        (Scope::SendManifest, target(7, None, None), true),
        (Scope::Status, target(7, Some((2, 1)), None), true),
        (Scope::Status, target(7, Some((2, 1)), Some("web")), true),
        (Scope::Logs, target(7, Some((1, 1)), None), false),
        (Scope::Status, target(9, Some((1, 1)), None), false),
        (Scope::Logs, target(8, Some((1, 5)), Some("web")), true),
        (Scope::Logs, target(8, Some((1, 5)), Some("db")), false),
        (Scope::Logs, target(8, Some((1, 5)), None), false),
        (Scope::Logs, target(8, Some((2, 1)), Some("web")), false),
        (Scope::Logs, target(8, None, Some("web")), false),
        // What it allows with another provider's leases it does not allow here.
        (Scope::Shell, target(7, Some((1, 1)), None), false),
    ] {
        assert_eq!(claims.allow(scope, &target), allowed, "{scope:?} {target:?}");
    }
}
