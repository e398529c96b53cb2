use super::*;
use crate::chain::wire::encryption::{
    EncryptedPayloadEnvelope, MsgRegisterRecipientKey, MsgRevokeRecipientKey, MsgRotateKey, MsgUpdateKeyLabel,
    QueryKeyByFingerprintRequest, QueryRecipientKeyRequest, QueryValidateEnvelopeRequest,
};
use crate::devnet::context::{Context, Profile};
use crate::devnet::kv::MemoryKv;
use crate::devnet::rules::auth;
use crate::devnet::rules::replay::Rules;
use crate::domain::network::Name;
use jiff::Timestamp;

#[test]
fn the_recorded_node_says_the_same() {
    let rules = Rules::of(Name::Virtengine)
        .unchecked(register_recipient_key)
        .unchecked(rotate_key)
        .unchecked(revoke_recipient_key)
        .query(recipient_key)
        .query(params);
    let compared = rules.replay("02-keys-provider.jsonl");
    assert_eq!(compared.len(), 15, "{compared:?}");
    assert_eq!(rules.replay("01-node.jsonl"), ["node facts"]);
}

fn context(kv: &mut MemoryKv) -> Context<'_> {
    Context::new(kv, Name::Virtengine.facts(), Profile::Localnet, 1, Timestamp::from_second(100).unwrap())
}

fn address(byte: u8) -> String {
    auth::of_bytes(Name::Virtengine.facts(), &[byte; 20])
}

fn register(kv: &mut MemoryKv, owner: u8, key: u8) -> Result<String, u32> {
    let message = MsgRegisterRecipientKey {
        sender: address(owner),
        public_key: vec![key; 32],
        algorithm_id: ALGORITHM.to_owned(),
        label: String::new(),
    };
    let answer = register_recipient_key(&mut context(kv), &message);
    answer.map(|answer| answer.key_fingerprint).map_err(|refusal| refusal.code)
}

fn rotate(kv: &mut MemoryKv, owner: u8, old: &str, new: u8, ttl: u64) -> Result<(), u32> {
    let message = MsgRotateKey {
        sender: address(owner),
        old_key_fingerprint: old.to_owned(),
        new_public_key: vec![new; 32],
        new_key_ttl_seconds: ttl,
        ..Default::default()
    };
    rotate_key(&mut context(kv), &message).map(drop).map_err(|refusal| refusal.code)
}

#[test]
fn five_keys_are_all_an_account_ever_gets() {
    let kv = &mut MemoryKv::new();
    let first = register(kv, 1, 0).unwrap();
    for key in 1..5 {
        register(kv, 1, key).unwrap();
    }
    assert_eq!(register(kv, 1, 5), Err(1301));
    assert_eq!(rotate(kv, 1, &first, 5, 0), Err(1301));
    assert!(register(kv, 2, 6).is_ok());
    let message = MsgRegisterRecipientKey { algorithm_id: "AGE-X25519".into(), ..Default::default() };
    assert_eq!(register_recipient_key(&mut context(kv), &message).unwrap_err().code, 1300);
    let message = MsgRegisterRecipientKey { sender: address(2), ..message };
    assert_eq!(register_recipient_key(&mut context(kv), &message).unwrap_err().code, 1306);
}

#[test]
fn anyone_deprecates_anyones_key() {
    let kv = &mut MemoryKv::new();
    let victim = register(kv, 1, 0).unwrap();
    rotate(kv, 2, &victim, 1, 60).unwrap();
    let keys = |kv: &mut MemoryKv, owner| {
        recipient_key(&context(kv), &QueryRecipientKeyRequest { address: address(owner) }).unwrap().keys
    };
    assert_eq!(keys(kv, 1)[0].deprecated_at, 100);
    assert_eq!((keys(kv, 2)[0].expires_at, keys(kv, 2)[0].key_version), (160, 1));
    assert_eq!(rotate(kv, 2, "nothing", 2, 0), Err(1302));
}

#[test]
fn only_the_owner_revokes_and_renames() {
    let kv = &mut MemoryKv::new();
    let key = register(kv, 1, 0).unwrap();
    let revoke = |kv: &mut MemoryKv, sender: String, key: &str| {
        let message = MsgRevokeRecipientKey { sender, key_fingerprint: key.to_owned() };
        revoke_recipient_key(&mut context(kv), &message).map(drop).map_err(|refusal| refusal.code)
    };
    assert_eq!(revoke(kv, address(2), &key), Err(1312));
    assert_eq!(revoke(kv, address(2), "nothing"), Err(1302));
    let rename = |kv: &mut MemoryKv, owner, label: &str| {
        let message =
            MsgUpdateKeyLabel { sender: address(owner), key_fingerprint: key.clone(), label: label.to_owned() };
        let context = &mut context(kv);
        let result = update_key_label(context, &message).map(drop).map_err(|refusal| refusal.code);
        result.map(|()| context.events.remove(0).attributes.remove(4).value)
    };
    assert_eq!(rename(kv, 2, "x"), Err(1302));
    assert_eq!(rename(kv, 1, "x"), Ok("\"\"".to_owned()));
    let gov = auth::of_bytes(Name::Virtengine.facts(), &auth::module_address("gov"));
    assert_eq!(revoke(kv, gov, &key), Ok(()));
    assert_eq!(revoke(kv, address(1), &key), Err(1304));
    assert_eq!(rotate(kv, 1, &key, 1, 0), Err(1304));
}

#[test]
fn a_key_is_found_by_fingerprint_and_version() {
    let kv = &mut MemoryKv::new();
    let key = register(kv, 1, 0).unwrap();
    let find = |kv: &mut MemoryKv, fingerprint: &str| {
        let request = QueryKeyByFingerprintRequest { fingerprint: fingerprint.to_owned() };
        key_by_fingerprint(&context(kv), &request).map(|answer| answer.key.unwrap().key_version)
    };
    assert_eq!(find(kv, &key), Ok(1));
    assert_eq!(find(kv, &format!("{key}:v1")), Ok(1));
    let error = find(kv, &format!("{key}:v2")).unwrap_err();
    assert!(error.message.starts_with("codespace encryption code 1302: recipient key not found"), "{error:?}");
}

/// A change of an envelope, and what is said of it then.
type Case<'a> = (&'a dyn Fn(&mut EncryptedPayloadEnvelope), &'a str);

#[test]
fn envelopes_are_checked_for_their_shape() {
    let kv = &mut MemoryKv::new();
    let key = register(kv, 1, 7).unwrap();
    let good = EncryptedPayloadEnvelope {
        version: 1,
        algorithm_id: ALGORITHM.to_owned(),
        algorithm_version: 1,
        recipient_key_ids: vec![key],
        recipient_public_keys: vec![vec![7; 32]],
        nonce: vec![0; 24],
        ciphertext: vec![1],
        sender_signature: vec![1],
        sender_pub_key: vec![2; 32],
        ..Default::default()
    };
    let mut ask = |change: &dyn Fn(&mut EncryptedPayloadEnvelope)| {
        let mut envelope = good.clone();
        change(&mut envelope);
        let answer = validate_envelope(&context(kv), &QueryValidateEnvelopeRequest { envelope }).unwrap();
        (answer.valid, answer.error, answer.missing_keys.len())
    };
    assert_eq!(ask(&|_| {}), (true, String::new(), 0));
    let unknown = |envelope: &mut EncryptedPayloadEnvelope| {
        (envelope.recipient_key_ids, envelope.recipient_public_keys) = (vec!["x".into()], vec![]);
    };
    assert_eq!(ask(&unknown), (true, String::new(), 1));
    let too_many = |envelope: &mut EncryptedPayloadEnvelope| {
        (envelope.recipient_key_ids, envelope.recipient_public_keys) = (vec!["x".into(); 11], vec![]);
    };
    let wrong: [Case<'_>; 7] = [
        (&too_many, "envelope has 11 recipients, max is 10"),
        (&|envelope| envelope.version = 2, "unsupported envelope version"),
        (&|envelope| envelope.algorithm_id = "X".into(), "unsupported encryption algorithm"),
        (&|envelope| envelope.nonce.clear(), "nonce cannot be empty"),
        (&|envelope| envelope.recipient_public_keys = vec![vec![8; 32]], "key id mismatch at index 0"),
        (&|envelope| envelope.encrypted_keys = vec![vec![], vec![]], "encrypted keys must align"),
        (&|envelope| envelope.recipient_key_ids = vec!["x".into(); 11], "must align"),
    ];
    for (change, text) in wrong {
        let (valid, error, _) = ask(change);
        assert!(!valid && error.contains(text), "{error} is not {text}");
    }
}
