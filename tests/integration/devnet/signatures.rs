//! Signatures beyond one key and SIGN_MODE_DIRECT: as hardware wallets sign, and accounts of several keys.

use super::client::{Client, Draft, Key, start};
use super::services::send;
use prost::Message;
use provider::chain::amino::{Signer, sign_bytes};
use provider::chain::wire::Named;
use provider::chain::wire::cosmos::abci::TxResponse;
use provider::chain::wire::cosmos::bank::MsgSend;
use provider::chain::wire::cosmos::coin::Coin;
use provider::chain::wire::cosmos::multisig::LegacyAminoPubKey;
use provider::chain::wire::cosmos::multisignature::{CompactBitArray, MultiSignature};
use provider::chain::wire::cosmos::signing::SignMode;
use provider::chain::wire::cosmos::tx::{
    AuthInfo, ModeInfo, ModeInfoMulti, ModeInfoSingle, ModeInfoSum, SignDoc, SignerInfo, TxRaw,
};
use provider::chain::wire::deployment::MsgCloseDeployment;
use provider::domain::address::Address;
use provider::domain::network::Name;
use sha2::{Digest, Sha256};
use tempfile::tempdir;

fn code(answer: &TxResponse) -> (&str, u32) {
    (&answer.codespace, answer.code)
}

fn mode(mode: SignMode) -> ModeInfo {
    ModeInfo { sum: Some(ModeInfoSum::Single(ModeInfoSingle { mode: mode.into() })) }
}

/// The draft as a wallet signs it that signs JSON.
fn json(client: &Client, draft: &Draft, number: u64, sequence: u64) -> Vec<u8> {
    let signer = Signer { chain_id: &client.chain_id, account_number: number, sequence };
    sign_bytes(client.network, &signer, &draft.body, &draft.fee).unwrap()
}

async fn send_as_json(client: &Client, key: &Key, draft: &Draft, signed: &Draft) -> TxResponse {
    let account = client.account(&key.address).await;
    let auth_info = draft.auth_info(client.network, key, SignMode::LegacyAminoJson, account.sequence);
    let signatures = vec![key.sign(&json(client, signed, account.account_number, account.sequence))];
    let (body_bytes, auth_info_bytes) = (draft.body.encode_to_vec(), auth_info.encode_to_vec());
    client.broadcast(TxRaw { body_bytes, auth_info_bytes, signatures }.encode_to_vec()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wallet_may_sign_json() {
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Virtengine, &["a", "b"]).await;
    let client = Client::of(&server).await;
    let (a, b) = (Key::of("a", client.network), Key::of("b", client.network));
    let mut draft = client.draft(vec![send(&a, &b, 5).pack(client.network)]);
    draft.body.memo = "<&> \"five\"".to_owned();
    draft.body.timeout_height = 1_000;
    let sent = send_as_json(&client, &a, &draft, &draft).await;
    assert_eq!(sent.code, 0, "{}", String::from_utf8_lossy(&sent.raw_log));
    assert_eq!(client.included(&sent.txhash).await.tx_response.unwrap().code, 0);

    // Signed with another memo: the account's number, sequence and chain are named.
    let mut other = draft.clone();
    other.body.memo.clear();
    let refused = send_as_json(&client, &a, &draft, &other).await;
    assert_eq!(code(&refused), ("sdk", 4));
    let log = String::from_utf8(refused.raw_log).unwrap();
    assert!(
        log.starts_with("signature verification failed; please verify account number (")
            && log.contains("), sequence (1) and chain-id (devnet-virtengine-1)"),
        "{log}"
    );

    // What is signed has no form for extension options.
    let mut extended = draft.clone();
    extended.body.non_critical_extension_options = vec![prost_types::Any::default()];
    assert_eq!(code(&send_as_json(&client, &a, &extended, &draft).await), ("sdk", 4));
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_of_the_network_may_be_signed_as_json() {
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Akash, &["a"]).await;
    let client = Client::of(&server).await;
    let a = Key::of("a", client.network);
    let mut close = MsgCloseDeployment::default();
    close.id.owner.clone_from(&a.address);
    close.id.dseq = 7;
    let draft = client.draft(vec![close.pack(client.network)]);
    let sent = send_as_json(&client, &a, &draft, &draft).await;
    assert_eq!(sent.code, 0, "{}", String::from_utf8_lossy(&sent.raw_log));
    let result = client.included(&sent.txhash).await.tx_response.unwrap();
    assert_eq!(code(&result), ("deployment", 4));
    server.stop().await.unwrap();
}

/// An account of several keys.
struct Several {
    keys: Vec<Key>,
    threshold: u32,
    address: String,
}

impl Several {
    fn of(client: &Client, names: &[&str], threshold: u32) -> Self {
        let keys: Vec<_> = names.iter().map(|name| Key::of(name, client.network)).collect();
        let amino = keys.iter().flat_map(|key| {
            let point = key.public().key;
            [vec![0x12, 38, 0xeb, 0x5a, 0xe9, 0x87, 33], point].concat()
        });
        let threshold_byte = u8::try_from(threshold).unwrap();
        let bytes: Vec<u8> = [0x22, 0xc1, 0xf7, 0xe2, 8, threshold_byte].into_iter().chain(amino).collect();
        let address = Address::of_bytes(&Sha256::digest(bytes)[..20], client.network.address_prefix).unwrap();
        Self { keys, threshold, address: address.to_string() }
    }

    /// The draft, signed by the keys with these indices in a mode.
    async fn sign(&self, client: &Client, draft: &Draft, by: &[usize], in_mode: SignMode) -> Vec<u8> {
        let account = client.account(&self.address).await;
        let public_keys = self.keys.iter().map(|key| key.public().pack(client.network)).collect();
        let key = LegacyAminoPubKey { threshold: self.threshold, public_keys };
        let mut elems = vec![0u8];
        for index in by {
            elems[0] |= 0x80 >> index;
        }
        let bitarray = Some(CompactBitArray { extra_bits_stored: u32::try_from(self.keys.len()).unwrap(), elems });
        let multi = ModeInfoMulti { bitarray, mode_infos: by.iter().map(|_| mode(in_mode)).collect() };
        let auth_info = AuthInfo {
            signer_infos: vec![SignerInfo {
                public_key: Some(key.pack(client.network)),
                mode_info: Some(ModeInfo { sum: Some(ModeInfoSum::Multi(multi)) }),
                sequence: account.sequence,
            }],
            fee: Some(draft.fee.clone()),
            tip: None,
        };
        let (body_bytes, auth_info_bytes) = (draft.body.encode_to_vec(), auth_info.encode_to_vec());
        let document = match in_mode {
            SignMode::LegacyAminoJson => json(client, draft, account.account_number, account.sequence),
            _ => SignDoc {
                body_bytes: body_bytes.clone(),
                auth_info_bytes: auth_info_bytes.clone(),
                chain_id: client.chain_id.clone(),
                account_number: account.account_number,
            }
            .encode_to_vec(),
        };
        let signatures = by.iter().map(|index| self.keys[*index].sign(&document)).collect();
        let signatures = vec![MultiSignature { signatures }.encode_to_vec()];
        TxRaw { body_bytes, auth_info_bytes, signatures }.encode_to_vec()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_of_several_keys_needs_enough_of_them() {
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Akash, &["a", "b", "c"]).await;
    let client = Client::of(&server).await;
    let a = Key::of("a", client.network);
    let several = Several::of(&client, &["a", "b", "c"], 2);
    let coins = |amount: &str| vec![Coin { denom: "uakt".into(), amount: amount.into() }];
    let message =
        MsgSend { from_address: a.address.clone(), to_address: several.address.clone(), amount: coins("1000000") };
    client.run(&a, &message).await;
    let back = MsgSend { from_address: several.address.clone(), to_address: a.address.clone(), amount: coins("1") };
    let draft = client.draft(vec![back.pack(client.network)]);

    for (by, mode) in [(vec![0, 2], SignMode::LegacyAminoJson), (vec![0, 1, 2], SignMode::Direct)] {
        let bytes = several.sign(&client, &draft, &by, mode).await;
        let sent = client.broadcast(bytes).await.unwrap();
        assert_eq!(sent.code, 0, "{}", String::from_utf8_lossy(&sent.raw_log));
        let result = client.included(&sent.txhash).await.tx_response.unwrap();
        assert_eq!(result.code, 0, "{}", String::from_utf8_lossy(&result.raw_log));
        // Each signature is told, and what joins them.
        let signatures = result.events.iter().filter(|event| event.attributes.iter().any(|at| at.key == "signature"));
        assert_eq!(signatures.count(), by.len() + 1);
    }
    assert_eq!(client.account(&several.address).await.sequence, 2);

    // One of two is too few; the second of a third key that did not sign is no signature of the third.
    let bytes = several.sign(&client, &draft, &[1], SignMode::LegacyAminoJson).await;
    let refused = client.broadcast(bytes).await.unwrap();
    assert_eq!(code(&refused), ("sdk", 4));
    assert!(String::from_utf8_lossy(&refused.raw_log).contains("signature size is incorrect 1"));
    let stranger = Several { keys: ["a", "b", "d"].map(|name| Key::of(name, client.network)).into(), ..several };
    let bytes = stranger.sign(&client, &draft, &[0, 2], SignMode::LegacyAminoJson).await;
    assert_eq!(code(&client.broadcast(bytes).await.unwrap()), ("sdk", 8));
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn each_key_counts_as_a_signature_and_each_signature_costs() {
    let home = tempdir().unwrap();
    let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let server = start(home.path(), Name::Akash, &names).await;
    let client = Client::of(&server).await;
    let a = Key::of("a", client.network);
    let coins = |amount: &str| vec![Coin { denom: "uakt".into(), amount: amount.into() }];
    let mut used = Vec::new();
    for (names, by, expected) in [(&names[..2], &[0][..], 0), (&names[..2], &[0, 1], 0), (&names[..8], &[0], 14)] {
        let several = Several::of(&client, names, 1);
        client
            .run(
                &a,
                &MsgSend {
                    from_address: a.address.clone(),
                    to_address: several.address.clone(),
                    amount: coins("1000000"),
                },
            )
            .await;
        let back = MsgSend { from_address: several.address.clone(), to_address: a.address.clone(), amount: coins("1") };
        let draft = client.draft(vec![back.pack(client.network)]);
        let bytes = several.sign(&client, &draft, by, SignMode::LegacyAminoJson).await;
        let size = u64::try_from(bytes.len()).unwrap();
        let sent = client.broadcast(bytes).await.unwrap();
        assert_eq!(sent.code, expected, "{}", String::from_utf8_lossy(&sent.raw_log));
        if expected == 0 {
            let result = client.included(&sent.txhash).await.tx_response.unwrap();
            used.push(u64::try_from(result.gas_used).unwrap() - 10 * size);
        }
    }
    assert_eq!(used[1] - used[0], 1_000);
    server.stop().await.unwrap();
}
