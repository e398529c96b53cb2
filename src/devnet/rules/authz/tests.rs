use super::*;
use crate::chain::wire::cosmos::authz::QueryGrantsRequest;
use crate::chain::wire::cosmos::coin;
use crate::chain::wire::escrow::{DepositAuthorizationScope, Scope};
use crate::devnet::context::Profile;
use crate::devnet::kv::MemoryKv;
use crate::domain::amount::Coin;
use crate::domain::network::Name;
use prost_types::Any;

fn context(kv: &mut MemoryKv, seconds: i64) -> Context<'_> {
    let time = Timestamp::from_second(seconds).unwrap();
    Context::new(kv, Name::Akash.facts(), Profile::Localnet, 1, time)
}

fn address(byte: u8) -> String {
    auth::of_bytes(Name::Akash.facts(), &[byte; 20])
}

fn coin_of(text: &str) -> coin::Coin {
    (&text.parse::<Coin>().unwrap()).into()
}

fn authorization(scopes: &[DepositAuthorizationScope], one: &str, list: &[&str]) -> DepositAuthorization {
    DepositAuthorization {
        spend_limit: coin_of(one),
        scopes: scopes.iter().map(|scope| *scope as i32).collect(),
        spend_limits: list.iter().map(|text| coin_of(text)).collect(),
    }
}

fn message(from: u8, to: u8, authorization: &DepositAuthorization, end: Option<i64>) -> MsgGrant {
    let authorization =
        Any { type_url: "/akash.escrow.v1.DepositAuthorization".into(), value: authorization.encode_to_vec() };
    MsgGrant {
        granter: address(from),
        grantee: address(to),
        grant: Grant {
            authorization: Some(authorization),
            expiration: end.map(|seconds| prost_types::Timestamp { seconds, nanos: 0 }),
        },
    }
}

const BOTH: &[DepositAuthorizationScope] = &[DepositAuthorizationScope::Deployment, DepositAuthorizationScope::Bid];

fn spent(kv: &mut MemoryKv, at: i64, scope: Scope, wanted: &str) -> Vec<(String, String)> {
    let found = spend(&mut context(kv, at), &address(9), scope, &wanted.parse().unwrap()).unwrap();
    found.into_iter().map(|(granter, coin)| (granter, coin.to_string())).collect()
}

#[test]
fn grants_lend_in_order_and_grow_again() {
    let kv = &mut MemoryKv::new();
    let deployments = &BOTH[..1];
    grant(&mut context(kv, 0), &message(2, 9, &authorization(deployments, "70uakt", &[]), None)).unwrap();
    grant(&mut context(kv, 0), &message(1, 9, &authorization(BOTH, "5uact", &["40uakt"]), Some(100))).unwrap();
    // Another's grants do not count.
    grant(&mut context(kv, 0), &message(3, 8, &authorization(BOTH, "999uakt", &[]), None)).unwrap();
    assert_eq!(spent(kv, 1, Scope::Bid, "50uakt"), [(address(1), "40uakt".to_owned())]);
    assert_eq!(spent(kv, 1, Scope::Bid, "50uakt"), []);
    assert_eq!(spent(kv, 1, Scope::Deployment, "50uakt"), [(address(2), "50uakt".to_owned())]);
    restore(&mut context(kv, 1), &address(9), &address(1), &["15uakt".parse().unwrap()]).unwrap();
    let both = [(address(1), "15uakt".to_owned()), (address(2), "5uakt".to_owned())];
    assert_eq!(spent(kv, 99, Scope::Deployment, "20uakt"), both);
    // One that ended lends nothing, and is gone at the next block.
    restore(&mut context(kv, 1), &address(9), &address(1), &["15uakt".parse().unwrap()]).unwrap();
    assert_eq!(spent(kv, 100, Scope::Deployment, "20uakt"), [(address(2), "15uakt".to_owned())]);
    begin_block(&mut context(kv, 100)).unwrap();
    let request = QueryGrantsRequest { granter: address(1), grantee: address(9), ..Default::default() };
    assert!(grants(&context(kv, 100), &request).unwrap().grants.is_empty());
    let request = QueryGrantsRequest { granter: address(2), ..request };
    assert_eq!(grants(&context(kv, 100), &request).unwrap().grants.len(), 1);
    // What came back of a grant that is gone is lost to it.
    restore(&mut context(kv, 1), &address(9), &address(1), &["15uakt".parse().unwrap()]).unwrap();
}

#[test]
fn a_grant_is_taken_back_once() {
    let kv = &mut MemoryKv::new();
    grant(&mut context(kv, 0), &message(1, 9, &authorization(BOTH, "5uakt", &[]), None)).unwrap();
    let url = "/akash.escrow.v1.MsgAccountDeposit".to_owned();
    let message = MsgRevoke { granter: address(1), grantee: address(9), msg_type_url: url };
    let other = MsgRevoke { msg_type_url: "/x".into(), ..message.clone() };
    assert_eq!(revoke(&mut context(kv, 0), &other).unwrap_err().code, 2);
    revoke(&mut context(kv, 0), &message).unwrap();
    let refusal = revoke(&mut context(kv, 0), &message).unwrap_err();
    assert_eq!((refusal.codespace.as_ref(), refusal.code), ("authz", 2));
    let request = QueryGrantsRequest {
        granter: address(1),
        grantee: address(9),
        msg_type_url: "/akash.escrow.v1.MsgAccountDeposit".into(),
        pagination: None,
    };
    let error = grants(&context(kv, 0), &request).unwrap_err();
    assert!(error.message.starts_with("codespace authz code 2: authorization not found for /akash"), "{error:?}");
}

#[test]
fn a_grant_must_say_something() {
    let kv = &mut MemoryKv::new();
    let mut refused = |message: &MsgGrant| {
        let refusal = grant(&mut context(kv, 50), message).unwrap_err();
        (refusal.codespace.clone().into_owned(), refusal.code)
    };
    let good = authorization(BOTH, "5uakt", &[]);
    assert_eq!(refused(&message(1, 1, &good, None)), ("authz".into(), 7));
    assert_eq!(refused(&message(1, 2, &good, Some(50))), ("authz".into(), 3));
    assert_eq!(refused(&message(1, 2, &authorization(&[], "5uakt", &[]), None)), ("escrow".into(), 17));
    let twice = [DepositAuthorizationScope::Bid; 2];
    assert_eq!(refused(&message(1, 2, &authorization(&twice, "5uakt", &[]), None)), ("escrow".into(), 17));
    let none = [DepositAuthorizationScope::Invalid];
    assert_eq!(refused(&message(1, 2, &authorization(&none, "5uakt", &[]), None)), ("escrow".into(), 17));
    assert_eq!(refused(&message(1, 2, &authorization(BOTH, "0uakt", &[]), None)), ("sdk".into(), 10));
    let unordered = ["1uakt", "1uact"];
    assert_eq!(refused(&message(1, 2, &authorization(BOTH, "0uakt", &unordered), None)), ("sdk".into(), 10));
    assert_eq!(refused(&MsgGrant { grant: Grant::default(), ..message(1, 2, &good, None) }), ("sdk".into(), 29));
    let mut other = message(1, 2, &good, None);
    other.grant.authorization.as_mut().unwrap().type_url = "/cosmos.bank.v1beta1.SendAuthorization".into();
    assert_eq!(validate_grant(Name::Akash.facts(), &other).unwrap_err().code, 2);
    assert!(validate_grant(Name::Akash.facts(), &message(1, 2, &good, None)).is_ok());
}
