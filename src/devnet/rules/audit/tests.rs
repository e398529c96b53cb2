use super::*;
use crate::chain::wire::audit::{
    QueryAllProvidersAttributesRequest, QueryAuditorAttributesRequest, QueryProviderAuditorRequest,
};
use crate::devnet::context::Profile;
use crate::devnet::kv::MemoryKv;
use crate::devnet::rules::replay::Rules;
use crate::domain::network::Name;
use jiff::Timestamp;

#[test]
fn the_recorded_nodes_say_the_same() {
    for network in Name::ALL {
        let rules = Rules::of(*network)
            .message(validate_sign, sign_provider_attributes)
            .query(provider_attributes)
            .query(provider_auditor_attributes);
        let compared = rules.replay("09-certificates-audit.jsonl");
        assert_eq!(compared.len(), 5, "{compared:?}");
    }
}

fn address(byte: u8) -> String {
    auth::of_bytes(Name::Virtengine.facts(), &[byte; 20])
}

fn sign(context: &mut Context<'_>, owner: u8, auditor: u8, pairs: &[(&str, &str)]) {
    let attribute = |(key, value): &(&str, &str)| Attribute { key: (*key).to_owned(), value: (*value).to_owned() };
    let message = MsgSignProviderAttributes {
        owner: address(owner),
        auditor: address(auditor),
        attributes: pairs.iter().map(attribute).collect(),
    };
    validate_sign(context.network, &message).unwrap();
    sign_provider_attributes(context, &message).unwrap();
}

fn delete(context: &mut Context<'_>, owner: u8, auditor: u8, keys: &[&str]) -> Result<(), u32> {
    let keys = keys.iter().map(|key| (*key).to_owned()).collect();
    let message = MsgDeleteProviderAttributes { owner: address(owner), auditor: address(auditor), keys };
    delete_provider_attributes(context, &message).map(drop).map_err(|refusal| refusal.code)
}

fn shown(context: &Context<'_>, owner: u8, auditor: u8) -> Result<String, i32> {
    let request = QueryProviderAuditorRequest { owner: address(owner), auditor: address(auditor) };
    let answer = provider_auditor_attributes(context, &request).map_err(|error| error.status as i32)?;
    let pair = |attribute: &Attribute| format!("{}={}", attribute.key, attribute.value);
    Ok(answer.providers[0].attributes.iter().map(pair).collect::<Vec<_>>().join(" "))
}

#[test]
fn signing_adds_and_replaces_deleting_takes_back() {
    let kv = &mut MemoryKv::new();
    let context = &mut Context::new(kv, Name::Virtengine.facts(), Profile::Localnet, 1, Timestamp::UNIX_EPOCH);
    sign(context, 1, 9, &[("tier", "a"), ("region", "us")]);
    sign(context, 1, 9, &[("tier", "b"), ("host", "x")]);
    sign(context, 2, 9, &[("region", "eu")]);
    assert_eq!(shown(context, 1, 9), Ok("host=x region=us tier=b".to_owned()));
    assert_eq!(delete(context, 1, 9, &["host", "nothing"]), Err(3));
    assert_eq!(delete(context, 1, 9, &["host", "tier"]), Ok(()));
    assert_eq!(shown(context, 1, 9), Ok("region=us".to_owned()));
    assert_eq!(delete(context, 1, 9, &["region"]), Ok(()));
    assert_eq!(shown(context, 1, 9), Err(5));
    assert_eq!(delete(context, 1, 9, &[]), Err(1));
    assert_eq!(delete(context, 2, 9, &[]), Ok(()));
    assert_eq!(context.events.last().unwrap().r#type, "virtengine.audit.v1.EventTrustedAuditorDeleted");
    assert!(audited(context.kv, &[2; 20]).unwrap().is_empty());
}

#[test]
fn listings_are_by_provider() {
    let kv = &mut MemoryKv::new();
    let context = &mut Context::new(kv, Name::Virtengine.facts(), Profile::Localnet, 1, Timestamp::UNIX_EPOCH);
    for (owner, auditor) in [(2, 8), (1, 9), (1, 8)] {
        sign(context, owner, auditor, &[("region", "us")]);
    }
    let all = all_providers_attributes(context, &QueryAllProvidersAttributesRequest::default()).unwrap();
    assert_eq!((all.providers.len(), all.pagination.unwrap().total), (3, 3));
    let request = QueryAuditorAttributesRequest { auditor: address(8), pagination: None };
    let of_auditor = auditor_attributes(context, &request).unwrap().providers;
    assert_eq!(of_auditor.iter().map(|row| row.owner.clone()).collect::<Vec<_>>(), [address(1), address(2)]);
    let wrong = QueryProviderAuditorRequest { owner: "x".into(), auditor: address(8) };
    assert_eq!(provider_auditor_attributes(context, &wrong).unwrap_err().status as i32, 3);
}
