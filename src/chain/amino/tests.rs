//! Rules of the mode that no vector shows.

use super::*;
use crate::chain::wire::cosmos::authz::{Grant, MsgGrant};
use crate::chain::wire::cosmos::bank::MsgSend;
use crate::chain::wire::cosmos::coin::Coin;
use crate::chain::wire::cosmos::tx::{Fee, TxBody};
use crate::chain::wire::escrow::DepositAuthorization;
use crate::chain::wire::settlement::MsgRecordUsage;
use crate::chain::wire::{Named, tx_messages};
use crate::domain::network::{Name, Network};
use prost::Message;
use prost_types::{Any, Duration, Timestamp};

fn virtengine() -> &'static Network {
    Name::Virtengine.facts()
}

fn any(name: &str, value: &[u8]) -> Any {
    Any { type_url: format!("/virtengine.{name}"), value: value.to_vec() }
}

#[test]
fn a_name_is_the_option_or_the_type_url() {
    let usage = MsgRecordUsage { usage_units: 5, signature: vec![1, 2], ..MsgRecordUsage::default() };
    assert_eq!(
        message_json(virtengine(), &usage.pack(virtengine())).unwrap(),
        r#"{"type":"settlement/MsgRecordUsage","value":{"signature":"AQI=","unit_price":{},"usage_units":"5"}}"#
    );
    let closed = any("market.v1beta5.MsgWithdrawLease", &[]);
    assert_eq!(
        message_json(virtengine(), &closed).unwrap(),
        r#"{"type":"/virtengine.market.v1beta5.MsgWithdrawLease","value":{}}"#
    );
}

#[test]
fn what_is_kept_is_written_though_empty_and_what_is_in_an_envelope_has_its_name() {
    let akash = Name::Akash.facts();
    let grant = MsgGrant {
        granter: "akash1a".into(),
        grantee: "akash1b".into(),
        grant: Grant {
            authorization: Some(DepositAuthorization { scopes: vec![1, 2], ..Default::default() }.pack(akash)),
            expiration: Some(Timestamp { seconds: 1_700_000_000, nanos: 500_000_000 }),
        },
    };
    assert_eq!(
        message_json(akash, &grant.pack(akash)).unwrap(),
        concat!(
            r#"{"type":"cosmos-sdk/MsgGrant","value":{"grant":{"authorization":{"type":"akash/DepositAuthorization","#,
            r#""value":{"scopes":[1,2],"spend_limit":{"amount":"0"}}},"expiration":"2023-11-14T22:13:20.5Z"},"#,
            r#""grantee":"akash1b","granter":"akash1a"}}"#
        )
    );
}

#[test]
fn numbers_packed_or_not_are_one_list() {
    let packed = any("base.deposit.v1.Deposit", &[0x2a, 2, 1, 2]);
    let single = any("base.deposit.v1.Deposit", &[0x28, 1, 0x28, 2]);
    for deposit in [packed, single] {
        let json = message_json(virtengine(), &deposit).unwrap();
        assert_eq!(json, r#"{"type":"/virtengine.base.deposit.v1.Deposit","value":{"sources":[1,2]}}"#);
    }
}

#[test]
fn a_message_that_comes_twice_is_one_and_the_last_of_a_number_counts() {
    // id{owner "a"}, id{dseq 1}, id{dseq 2}
    let bytes = [0x0a, 3, 0x0a, 1, b'a', 0x0a, 2, 0x10, 1, 0x0a, 2, 0x10, 2];
    let json = message_json(virtengine(), &any("market.v1beta5.MsgWithdrawLease", &bytes)).unwrap();
    assert!(json.ends_with(r#""value":{"id":{"dseq":"2","owner":"a"}}}"#), "{json}");
}

#[test]
fn limits_in_time_are_in_the_document() {
    let body = TxBody {
        unordered: true,
        timeout_timestamp: Some(Timestamp { seconds: 0, nanos: 0 }),
        timeout_height: 5,
        ..TxBody::default()
    };
    let signer = Signer { chain_id: "c", account_number: 0, sequence: 0 };
    let bytes = sign_bytes(virtengine(), &signer, &body, &Fee::default()).unwrap();
    assert_eq!(
        String::from_utf8(bytes).unwrap(),
        concat!(
            r#"{"account_number":"0","chain_id":"c","fee":{"amount":[],"gas":"0"},"memo":"","msgs":[],"sequence":"0","#,
            r#""timeout_height":"5","timeout_timestamp":"1970-01-01T00:00:00Z","unordered":true}"#
        )
    );
}

#[test]
fn durations_are_nanoseconds() {
    let window = Duration { seconds: 2, nanos: 5 };
    let bid = crate::chain::wire::market::MsgCreateBid { reclamation_window: Some(window), ..Default::default() };
    let akash = Name::Akash.facts();
    let json = message_json(akash, &bid.pack(akash)).unwrap();
    assert!(json.contains(r#""reclamation_window":"2000000005""#), "{json}");
}

#[test]
fn what_cannot_be_signed_is_named() {
    let sign = |body: &TxBody| {
        let signer = Signer { chain_id: "c", account_number: 0, sequence: 0 };
        sign_bytes(virtengine(), &signer, body, &Fee::default()).unwrap_err()
    };
    let body = TxBody { non_critical_extension_options: vec![Any::default()], ..TxBody::default() };
    assert_eq!(sign(&body), Error::ExtensionOptions);
    let of = |any: Any| sign(&TxBody { messages: vec![any], ..TxBody::default() });
    assert!(matches!(of(any("market.v9.MsgNone", &[])), Error::UnknownType { .. }));
    assert!(matches!(of(any("market.v1beta5.MsgCreateBid", &[0x0a])), Error::Malformed { .. }));
    assert!(matches!(of(any("market.v1beta5.MsgCreateBid", &[0x7a, 0])), Error::UnknownField { number: 15, .. }));
    assert!(matches!(of(any("market.v1beta5.MsgCreateBid", &[0x08, 1])), Error::Value { .. }));
    assert!(matches!(of(any("market.v1.BidID", &[0x0a, 1, 0xff])), Error::Value { .. }));
    let coin = Coin { denom: "uve".into(), amount: "1.5".into() };
    let send = MsgSend { amount: vec![coin], ..MsgSend::default() };
    assert!(matches!(of(send.pack(virtengine())), Error::Amount { .. }));
    let mode = Any { type_url: "/cosmos.tx.v1beta1.ModeInfo".into(), value: Vec::new() };
    assert!(matches!(of(mode), Error::Unsupported { .. }));
}

#[test]
fn envelopes_without_end_are_refused() {
    let mut grant = Any { type_url: "/cosmos.authz.v1beta1.Grant".into(), value: Vec::new() };
    for _ in 0..100 {
        let value = Grant { authorization: Some(grant), expiration: None }.encode_to_vec();
        grant = Any { type_url: "/cosmos.authz.v1beta1.Grant".into(), value };
    }
    assert!(matches!(message_json(virtengine(), &grant), Err(Error::TooDeep { .. })));
}

#[test]
fn every_message_of_a_transaction_can_be_signed() {
    for message in tx_messages() {
        for network in Name::ALL.iter().map(|name| name.facts()).filter(|network| message.message.is_on(network)) {
            // An empty message as our own encoder writes it: with what is always there.
            let value = (message.message.reencode)(&[]).unwrap();
            let any = Any { type_url: format!("/{}", message.message.full_name(network)), value };
            let json = message_json(network, &any).unwrap_or_else(|error| panic!("{}: {error}", any.type_url));
            serde_json::from_str::<serde_json::Value>(&json).unwrap();
        }
    }
}
