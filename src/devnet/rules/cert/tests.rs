use super::*;
use crate::chain::wire::cert::{CertificateFilter, CertificateId, QueryCertificatesRequest};
use crate::chain::wire::cosmos::page::PageRequest;
use crate::devnet::context::Profile;
use crate::devnet::kv::MemoryKv;
use crate::devnet::rules::replay::Rules;
use crate::domain::network::Name;
use jiff::Timestamp;

#[test]
fn the_recorded_nodes_say_the_same() {
    for network in Name::ALL {
        let rules = Rules::of(*network)
            .message(validate_create, create_certificate)
            .message(validate_revoke, revoke_certificate)
            .query(certificates);
        let compared = rules.replay("09-certificates-audit.jsonl");
        assert_eq!(compared.len(), 10, "{compared:?}");
    }
}

/// The certificate of the recording: for the tenant, number 1234567890123.
fn recorded() -> MsgCreateCertificate {
    use base64::Engine;
    let text = include_str!("../../../../fixtures/recorded/virtengine/09-certificates-audit.jsonl");
    let found = text.lines().find_map(|line| {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let message = &row["response"]["tx"]["body"]["messages"][0];
        let bytes = |key: &str| {
            let text = message[key].as_str()?;
            base64::engine::general_purpose::STANDARD.decode(text).ok()
        };
        Some(MsgCreateCertificate {
            owner: message["owner"].as_str()?.to_owned(),
            cert: bytes("cert")?,
            pubkey: bytes("pubkey")?,
        })
    });
    found.unwrap()
}

/// A change of a message, and what is said of it then: codespace, code, text.
type Case<'a> = (&'a dyn Fn(&mut MsgCreateCertificate), &'a str, u32, &'a str);

#[test]
fn what_is_no_certificate_of_the_owner_is_refused() {
    let network = Name::Virtengine.facts();
    let check = |change: &dyn Fn(&mut MsgCreateCertificate)| {
        let mut message = recorded();
        change(&mut message);
        let refusal = validate_create(network, &message).err();
        refusal.map(|refusal| (refusal.codespace.to_string(), refusal.code, refusal.text().into_owned()))
    };
    assert_eq!(check(&|_| {}), None);
    let cases: [Case<'_>; 9] = [
        (&|message| message.owner = "x".into(), "sdk", 7, "Invalid Owner Address"),
        (&|message| message.pubkey.clear(), "cert", 7, "invalid pubkey value"),
        (&|message| message.cert.clear(), "cert", 6, "invalid certificate value"),
        (&|message| message.cert.extend(b"more"), "cert", 6, "invalid certificate value"),
        (&|message| message.cert.resize(100_000, b'\n'), "cert", 6, "invalid certificate value"),
        (&|message| message.cert = message.pubkey.clone(), "undefined", 1, "invalid pem block type"),
        (&|message| message.pubkey = relabelled(&message.cert), "undefined", 1, "no ECDSA public key"),
        (&|message| message.cert = flipped(&message.cert), "undefined", 1, "invalid certificate"),
        (&|message| message.owner = auth::of_bytes(network, &[1; 20]), "undefined", 1, "CommonName does not match"),
    ];
    for (change, codespace, code, text) in cases {
        let found = check(change).expect(text);
        assert!(found.0 == codespace && found.1 == code && found.2.contains(text), "{found:?} is not {text}");
    }
}

/// A certificate that is called a key.
fn relabelled(cert: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(cert).replace("CERTIFICATE", "EC PUBLIC KEY").into_bytes()
}

/// The signature with one bit changed.
fn flipped(cert: &[u8]) -> Vec<u8> {
    use base64::Engine;
    let engine = base64::engine::general_purpose::STANDARD;
    let text = String::from_utf8_lossy(cert);
    let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    let mut der = engine.decode(body).unwrap();
    *der.last_mut().unwrap() ^= 1;
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", engine.encode(der)).into_bytes()
}

#[test]
fn serial_numbers_are_decimal_and_at_most_forty_bytes() {
    assert_eq!(Serial::parse("0001234").unwrap().to_string(), "1234");
    assert_eq!(Serial::of_bytes(&[0, 1, 0]).unwrap().to_string(), "256");
    for text in ["", "-", "1x", "0x1", &"9".repeat(97), "1_0"] {
        assert_eq!(Serial::parse(text), None, "{text:?}");
    }
    assert!(Serial::of_bytes(&[1; 41]).is_none());
}

#[test]
fn certificates_are_listed_valid_ones_first_in_pages() {
    let kv = &mut MemoryKv::new();
    let context = &mut Context::new(kv, Name::Virtengine.facts(), Profile::Localnet, 1, Timestamp::UNIX_EPOCH);
    let stored = |owner: u8, serial: &str, state: State| Stored {
        owner: vec![owner; 20],
        response: CertificateResponse {
            certificate: Certificate { state: state.into(), ..Default::default() },
            serial: serial.to_owned(),
        },
    };
    for (owner, serial, state) in
        [(2, "9", State::Valid), (1, "300", State::Valid), (1, "20", State::Revoked), (1, "7", State::Valid)]
    {
        put(context.kv, &Serial::parse(serial).unwrap(), &stored(owner, serial, state)).unwrap();
    }
    let owner = auth::of_bytes(context.network, &[1; 20]);
    let list = |filter: CertificateFilter, page: PageRequest| {
        let request = QueryCertificatesRequest { filter, pagination: Some(page) };
        let answer = certificates(context, &request).unwrap();
        let serials: Vec<_> = answer.certificates.into_iter().map(|row| row.serial).collect();
        (serials, answer.pagination.unwrap())
    };
    let (serials, page) = list(CertificateFilter::default(), PageRequest { limit: 3, ..Default::default() });
    assert_eq!(serials, ["7", "300", "9"]);
    assert_eq!(page.total, 3);
    let (rest, page) = list(CertificateFilter::default(), PageRequest { key: page.next_key, ..Default::default() });
    assert_eq!((rest, page.next_key), (vec!["20".to_owned()], vec![]));
    let of_owner = CertificateFilter { owner, ..Default::default() };
    assert_eq!(list(of_owner.clone(), PageRequest::default()).0, ["7", "300", "20"]);
    let revoked = CertificateFilter { state: "revoked".into(), ..of_owner.clone() };
    assert_eq!(list(revoked, PageRequest::default()).0, ["20"]);
    for wrong in [
        CertificateFilter { state: "gone".into(), ..Default::default() },
        CertificateFilter { owner: "x".into(), ..Default::default() },
        CertificateFilter { serial: "x".into(), ..of_owner },
    ] {
        let request = QueryCertificatesRequest { filter: wrong, pagination: None };
        assert_eq!(certificates(context, &request).unwrap_err().status as i32, 3);
    }
}

#[test]
fn a_certificate_is_revoked_once() {
    let kv = &mut MemoryKv::new();
    let context = &mut Context::new(kv, Name::Virtengine.facts(), Profile::Localnet, 1, Timestamp::UNIX_EPOCH);
    let message = recorded();
    let id = CertificateId { owner: message.owner.clone(), serial: "1234567890123".into() };
    let revoke = MsgRevokeCertificate { id };
    assert_eq!(revoke_certificate(context, &revoke).unwrap_err().code, 1);
    create_certificate(context, &message).unwrap();
    revoke_certificate(context, &revoke).unwrap();
    assert_eq!(revoke_certificate(context, &revoke).unwrap_err().code, 4);
    assert_eq!(create_certificate(context, &message).unwrap_err().code, 3);
    let wrong = |owner: &str, serial: &str| {
        let id = CertificateId { owner: owner.to_owned(), serial: serial.to_owned() };
        validate_revoke(Name::Virtengine.facts(), &MsgRevokeCertificate { id }).unwrap_err().code
    };
    assert_eq!((wrong("x", "1"), wrong(&message.owner, "x")), (7, 5));
}
