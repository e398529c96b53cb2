//! fixtures/vectors/chain-vectors.json, made with CosmJS and the Akash TypeScript SDK: addresses, messages built from
//! their values, and whole transactions down to the signature, byte for byte.

use super::{fixture, hex, unhex};
use bip32::{DerivationPath, Language, Mnemonic, XPrv};
use k256::ecdsa::SigningKey;
use k256::ecdsa::signature::Signer;
use prost::Message;
use prost_types::Any;
use provider::chain::wire::base::{
    Attribute, Cpu, Deposit, Endpoint, EndpointKind, Gpu, Memory, PlacementRequirements, ResourceValue, Resources,
    Source, Storage,
};
use provider::chain::wire::cosmos::coin::{Coin, DecCoin};
use provider::chain::wire::cosmos::page::{PageRequest, PageResponse};
use provider::chain::wire::cosmos::secp256k1::PubKey;
use provider::chain::wire::cosmos::signing::SignMode;
use provider::chain::wire::cosmos::tx::{
    AuthInfo, Fee, ModeInfo, ModeInfoSingle, ModeInfoSum, SignDoc, SignerInfo, TxBody, TxRaw,
};
use provider::chain::wire::deployment::{GroupSpec, ResourceUnit};
use provider::chain::wire::escrow::{
    Account, AccountId, AccountState, Balance, Payment, PaymentId, PaymentState, Scope, State,
};
use provider::chain::wire::market::{
    Bid, BidId, BidState, Lease, LeaseClosedReason, LeaseFilters, LeaseId, LeaseState, MsgCloseBid, MsgCloseLease,
    MsgCreateBid, MsgCreateLease, MsgWithdrawLease, Order, OrderFilters, OrderId, OrderState, QueryBidResponse,
    QueryBidsResponse, QueryLeaseResponse, QueryLeasesRequest, QueryLeasesResponse, QueryOrdersRequest,
    QueryOrdersResponse, ResourceOffer,
};
use provider::chain::wire::provider::{Info, MsgCreateProvider, MsgUpdateProvider};
use provider::chain::wire::{Named, message_of};
use provider::domain::address::Address;
use provider::domain::amount;
use provider::domain::network::Name;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

const OWNER: &str = "ve1vtad8680vhdfqvxx0f2yaxa6agdylelmyn8y87";
const PROVIDER: &str = "ve1r5v5srda7xfth3hn2s26txvrcrntldju8ku0ch";
const DSEQ: u64 = 1_748_293;

fn vectors() -> Value {
    serde_json::from_slice(&std::fs::read(fixture("vectors/chain-vectors.json")).unwrap()).unwrap()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("no text {key:?} in {value}"))
}

fn key(vectors: &Value, path: &str) -> SigningKey {
    let mnemonic = Mnemonic::new(text(vectors, "mnemonic"), Language::English).unwrap();
    let path: DerivationPath = path.parse().unwrap();
    SigningKey::from(XPrv::derive_from_path(mnemonic.to_seed(""), &path).unwrap())
}

fn public_key(key: &SigningKey) -> [u8; 33] {
    key.verifying_key().to_encoded_point(true).as_bytes().try_into().unwrap()
}

#[test]
fn addresses_come_from_the_phrase() {
    let vectors = vectors();
    let mut seen = 0;
    for (prefix, accounts) in vectors["accounts"].as_object().unwrap() {
        for account in accounts.as_array().unwrap() {
            let key = public_key(&key(&vectors, text(account, "hd_path")));
            assert_eq!(hex(&key), text(account, "pubkey_hex"));
            let address = Address::of_secp256k1(&key, prefix).unwrap();
            assert_eq!(address.as_str(), text(account, "address"));
            seen += 1;
        }
    }
    assert_eq!(seen, 6);
}

fn price(text: &str) -> DecCoin {
    DecCoin::from(&text.parse::<amount::DecCoin>().unwrap())
}

fn coin(text: &str) -> Coin {
    Coin::from(&text.parse::<amount::Coin>().unwrap())
}

fn quantity(value: u64) -> ResourceValue {
    amount::Int::from(value).into()
}

fn attributes(pairs: &[(&str, &str)]) -> Vec<Attribute> {
    pairs.iter().map(|(key, value)| Attribute { key: (*key).into(), value: (*value).into() }).collect()
}

fn bid_id() -> BidId {
    BidId { owner: OWNER.into(), dseq: DSEQ, gseq: 1, oseq: 1, provider: PROVIDER.into(), bseq: 0 }
}

fn lease_id() -> LeaseId {
    LeaseId { owner: OWNER.into(), dseq: DSEQ, gseq: 1, oseq: 1, provider: PROVIDER.into(), bseq: 0 }
}

fn resources() -> Resources {
    let volume = |name: &str, bytes, pairs| Storage {
        name: name.into(),
        quantity: quantity(bytes),
        attributes: attributes(pairs),
    };
    Resources {
        id: 1,
        cpu: Some(Cpu { units: quantity(1500), attributes: attributes(&[("arch", "amd64")]) }),
        memory: Some(Memory { quantity: quantity(2 << 30), attributes: vec![] }),
        storage: vec![
            volume("default", 10 << 30, &[]),
            volume("data", 50 << 30, &[("class", "beta3"), ("persistent", "true")]),
        ],
        gpu: Some(Gpu { units: quantity(1), attributes: attributes(&[("vendor/nvidia/model/a100", "true")]) }),
        endpoints: vec![
            Endpoint { kind: EndpointKind::SharedHttp.into(), sequence_number: 0 },
            Endpoint { kind: EndpointKind::RandomPort.into(), sequence_number: 0 },
        ],
    }
}

fn offer() -> ResourceOffer {
    ResourceOffer { resources: resources(), count: 2, prices: None }
}

fn order(dseq: u64) -> Order {
    Order {
        id: OrderId { owner: OWNER.into(), dseq, gseq: 1, oseq: 1 },
        state: OrderState::Open.into(),
        spec: GroupSpec {
            name: "east".into(),
            requirements: PlacementRequirements {
                attributes: attributes(&[("region", "us-east")]),
                ..PlacementRequirements::default()
            },
            resources: vec![ResourceUnit { resource: resources(), count: 2, price: price("12.5uve") }],
        },
        created_at: 1_748_290,
        reclamation: None,
    }
}

fn create_bid() -> MsgCreateBid {
    MsgCreateBid {
        id: bid_id(),
        price: price("0.001437uve"),
        deposit: Deposit { amount: coin("500000uve"), sources: vec![Source::Balance.into()] },
        resources_offer: vec![offer()],
        reclamation_window: None,
    }
}

fn bids() -> QueryBidsResponse {
    let bid = Bid {
        id: bid_id(),
        state: BidState::Open.into(),
        price: price("0.001437uve"),
        created_at: 1_748_295,
        resources_offer: vec![offer()],
        reclamation_window: None,
    };
    let escrow_account = Account {
        id: AccountId { scope: Scope::Bid.into(), xid: format!("{OWNER}/{DSEQ}/1/1/{PROVIDER}") },
        state: AccountState {
            owner: PROVIDER.into(),
            state: State::Open.into(),
            transferred: vec![price("0uve")],
            settled_at: 1_748_295,
            funds: vec![Balance::from(&"500000uve".parse::<amount::DecCoin>().unwrap())],
            deposits: vec![],
        },
    };
    QueryBidsResponse {
        bids: vec![QueryBidResponse { bid, escrow_account }],
        pagination: Some(PageResponse { next_key: vec![], total: 1 }),
    }
}

fn leases() -> QueryLeasesResponse {
    let lease = Lease {
        id: lease_id(),
        state: LeaseState::Active.into(),
        price: price("0.001437uve"),
        created_at: 1_748_299,
        ..Lease::default()
    };
    let escrow_payment = Payment {
        id: PaymentId {
            aid: AccountId { scope: Scope::Deployment.into(), xid: format!("{OWNER}/{DSEQ}") },
            xid: format!("1/1/{PROVIDER}"),
        },
        state: PaymentState {
            owner: PROVIDER.into(),
            state: State::Open.into(),
            rate: price("0.001437uve"),
            balance: price("1.25uve"),
            unsettled: price("0uve"),
            withdrawn: coin("12uve"),
        },
    };
    QueryLeasesResponse {
        leases: vec![QueryLeaseResponse { lease, escrow_payment }],
        pagination: Some(PageResponse { next_key: vec![], total: 1 }),
    }
}

fn create_provider() -> MsgCreateProvider {
    MsgCreateProvider {
        owner: PROVIDER.into(),
        host_uri: "https://provider.example.com:8443".into(),
        attributes: attributes(&[("region", "us-east"), ("tier", "community")]),
        info: Info { email: "ops@example.com".into(), website: "https://example.com".into() },
    }
}

fn entry<M: Named>(message: &M) -> (&'static str, Vec<u8>) {
    (M::NAME, message.encode_to_vec())
}

/// Every message of the vectors, built from its values.
fn built() -> BTreeMap<&'static str, Vec<u8>> {
    let update_provider = MsgUpdateProvider {
        owner: PROVIDER.into(),
        host_uri: "https://provider.example.com:8443".into(),
        attributes: attributes(&[("region", "us-west")]),
        info: Info { email: "ops@example.com".into(), website: String::new() },
    };
    let page_key = vec![0x00, 0x11, 0xff];
    let orders_request = QueryOrdersRequest {
        filters: OrderFilters { state: "open".into(), ..OrderFilters::default() },
        pagination: Some(PageRequest { key: page_key.clone(), limit: 500, ..PageRequest::default() }),
    };
    let orders = QueryOrdersResponse {
        orders: vec![order(DSEQ), order(DSEQ + 1)],
        pagination: Some(PageResponse { next_key: page_key, total: 2 }),
    };
    let leases_request = QueryLeasesRequest {
        filters: LeaseFilters { provider: PROVIDER.into(), state: "active".into(), ..LeaseFilters::default() },
        pagination: Some(PageRequest { limit: 500, count_total: true, ..PageRequest::default() }),
    };
    let close_bid = MsgCloseBid { id: bid_id(), reason: LeaseClosedReason::Decommission.into() };
    let close_lease = MsgCloseLease { id: lease_id(), reason: LeaseClosedReason::Unstable.into() };

    BTreeMap::from([
        entry(&create_bid()),
        entry(&close_bid),
        entry(&MsgWithdrawLease { id: lease_id() }),
        entry(&close_lease),
        entry(&MsgCreateLease { bid_id: bid_id() }),
        entry(&orders),
        entry(&orders_request),
        entry(&bids()),
        entry(&leases()),
        entry(&leases_request),
        entry(&create_provider()),
        entry(&update_provider),
    ])
}

#[test]
fn messages_built_from_their_values_have_the_vectors_bytes() {
    let vectors = vectors();
    let mut built = built();
    for vector in vectors["messages"].as_array().unwrap() {
        let name = text(vector, "type").rsplit('.').next().unwrap();
        let bytes = built.remove(name).unwrap_or_else(|| panic!("nobody builds {name}"));
        assert_eq!(hex(&bytes), text(vector, "hex"), "{name}");
    }
    assert!(built.is_empty(), "built, but not in the vectors: {:?}", built.keys());
}

/// The bytes hold no package name, so each network reads them under its own.
#[test]
fn messages_read_and_write_the_same_on_both_networks() {
    for vector in vectors()["messages"].as_array().unwrap() {
        let bytes = unhex(text(vector, "hex"));
        for network in Name::ALL.iter().map(|name| name.facts()) {
            let below = text(vector, "type").strip_prefix("virtengine").unwrap();
            let type_url = format!("/{}{below}", network.package_prefix);
            let message = message_of(network, &type_url).unwrap_or_else(|| panic!("{type_url} is unknown"));
            assert_eq!(hex(&(message.reencode)(&bytes).unwrap()), hex(&bytes), "{type_url}");
        }
    }
}

fn packed(name: &str) -> Any {
    let network = Name::Virtengine.facts();
    match name {
        "virtengine.market.v1beta5.MsgCreateBid" => create_bid().pack(network),
        "virtengine.market.v1beta5.MsgWithdrawLease" => MsgWithdrawLease { id: lease_id() }.pack(network),
        "virtengine.provider.v1beta4.MsgCreateProvider" => create_provider().pack(network),
        other => panic!("nobody packs {other}"),
    }
}

#[test]
fn transactions_have_the_vectors_bytes_down_to_signature_and_hash() {
    let vectors = vectors();
    let key = key(&vectors, "m/44'/118'/0'/0/0");
    let txs = vectors["txs"].as_array().unwrap();
    assert_eq!(txs.len(), 3);
    for tx in txs {
        let label = text(tx, "label");
        let number = |value: &Value| value.as_u64().or_else(|| value.as_str()?.parse().ok()).unwrap();
        let body = TxBody {
            messages: tx["messages"].as_array().unwrap().iter().map(|name| packed(name.as_str().unwrap())).collect(),
            memo: text(tx, "memo").into(),
            timeout_height: number(&tx["timeout_height"]),
            ..TxBody::default()
        };
        let single = ModeInfoSingle { mode: SignMode::Direct.into() };
        let signer = SignerInfo {
            public_key: Some(PubKey { key: public_key(&key).to_vec() }.pack(Name::Virtengine.facts())),
            mode_info: Some(ModeInfo { sum: Some(ModeInfoSum::Single(single)) }),
            sequence: number(&tx["sequence"]),
        };
        let fee = Fee {
            amount: vec![Coin { denom: text(&tx["fee"], "denom").into(), amount: text(&tx["fee"], "amount").into() }],
            gas_limit: number(&tx["gas_limit"]),
            ..Fee::default()
        };
        let auth_info = AuthInfo { signer_infos: vec![signer], fee: Some(fee), tip: None };
        let sign_doc = SignDoc {
            body_bytes: body.encode_to_vec(),
            auth_info_bytes: auth_info.encode_to_vec(),
            chain_id: text(tx, "chain_id").into(),
            account_number: number(&tx["account_number"]),
        };
        assert_eq!(hex(&sign_doc.body_bytes), text(tx, "body_bytes"), "{label}");
        assert_eq!(hex(&sign_doc.auth_info_bytes), text(tx, "auth_info_bytes"), "{label}");
        let sign_bytes = sign_doc.encode_to_vec();
        assert_eq!(hex(&sign_bytes), text(tx, "sign_bytes"), "{label}");

        let signature: k256::ecdsa::Signature = key.sign(&sign_bytes);
        let signature = signature.normalize_s().unwrap_or(signature).to_bytes().to_vec();
        assert_eq!(hex(&signature), text(tx, "signature"), "{label}");
        let raw = TxRaw {
            body_bytes: sign_doc.body_bytes,
            auth_info_bytes: sign_doc.auth_info_bytes,
            signatures: vec![signature],
        };
        let bytes = raw.encode_to_vec();
        assert_eq!(hex(&bytes), text(tx, "tx_raw"), "{label}");
        assert_eq!(hex(&Sha256::digest(&bytes)).to_uppercase(), text(tx, "tx_hash"), "{label}");
    }
}
