//! `keys seal` and `keys open`: with the program's own keys, and with an envelope that libsodium sealed.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::{Place, names};

fn vectors() -> Value {
    serde_json::from_str(&fs::read_to_string("fixtures/keys/envelopes.json").unwrap()).unwrap()
}

#[test]
fn what_is_sealed_for_the_encryption_key_opens() {
    let place = Place::new();
    place.keys(&["add", "provider-encryption"]);
    fs::write(place.path("manifest.yaml"), "services: {}\n").unwrap();
    let sealed = place.run(&["keys", "seal", "manifest.yaml"]).succeeded().stdout;
    assert!(!sealed.contains("services"));
    fs::write(place.path("sealed.json"), &sealed).unwrap();
    let open = ["keys", "open", "sealed.json", "--passphrase-file", "passphrase"];
    assert_eq!(place.run(&open).succeeded().stdout, "services: {}\n");
    // For a key by its bytes, as tenants have it from the chain.
    let public = place.run(&["keys", "show", "provider-encryption", "--pubkey"]).succeeded().stdout;
    let sealed = place.run(&["keys", "seal", "manifest.yaml", "--for", public.trim()]).succeeded().stdout;
    fs::write(place.path("sealed.json"), sealed).unwrap();
    assert_eq!(place.run(&open).succeeded().stdout, "services: {}\n");
    // Into a file, for its owner only, and never over another.
    let into = [&open[..], &["--output-file", "opened"]].concat();
    assert_eq!(place.run(&into).succeeded().stdout, "");
    assert_eq!(place.path("opened").metadata().unwrap().permissions().mode() & 0o7777, 0o600);
    place.run(&into).failed(65, &["cannot write opened", "never overwritten"]);
    // Each opening is in the trail.
    let trail: Vec<Value> = serde_json::from_str(&place.run(&["audit-log", "-o", "json"]).succeeded().stdout).unwrap();
    assert_eq!(trail.iter().filter(|row| row["details"]["use"] == "open").count(), 3);
}

#[test]
fn a_sealed_manifest_is_deployed() {
    let place = Place::new();
    place.keys(&["add", "provider-encryption"]);
    let deployments: Value =
        serde_json::from_str(&fs::read_to_string("fixtures/vectors/sdl-vectors.json").unwrap()).unwrap();
    let sdl = find(&deployments, "sdl").unwrap().as_str().unwrap();
    fs::write(place.path("deploy.yaml"), sdl).unwrap();
    let deploy = |file: &str| {
        let all = ["workloads", "deploy", "--manifest", file, "--name", "demo", "--passphrase-file", "passphrase"];
        place.run(&[&all[..], &["-o", "json"]].concat())
    };
    let plain = deploy("deploy.yaml").json();
    let sealed = place.run(&["keys", "seal", "deploy.yaml"]).succeeded().stdout;
    fs::write(place.path("sealed.json"), &sealed).unwrap();
    assert_eq!(deploy("sealed.json").json()["manifest"], plain["manifest"], "the manifest inside is what counts");
    // One that is sealed for somebody else is not guessed at.
    fs::write(place.path("sealed.json"), vectors()["cases"][1]["envelope"].to_string()).unwrap();
    deploy("sealed.json").failed(65, &["none of these is a key of ours"]);
    place.run(&["audit-log", "verify"]).succeeded();
}

fn find<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    match value {
        Value::Object(object) => object.get(key).or_else(|| object.values().find_map(|value| find(value, key))),
        Value::Array(values) => values.iter().find_map(|value| find(value, key)),
        _ => None,
    }
}

#[test]
fn libsodiums_envelopes_open_with_an_imported_key() {
    let place = Place::new();
    let vectors = vectors();
    place.secret_file("secret", vectors["secret"].as_str().unwrap());
    let made = place.keys(&["import", "provider-encryption", "secret"]);
    assert_eq!((&made["type"], &made["fingerprint"]), (&"x25519".into(), &vectors["fingerprint"]));
    for case in vectors["cases"].as_array().unwrap() {
        fs::write(place.path("envelope"), case["envelope"].to_string()).unwrap();
        let _ = fs::remove_file(place.path("opened"));
        let ran =
            place.run(&["keys", "open", "envelope", "--passphrase-file", "passphrase", "--output-file", "opened"]);
        let ran = ran.succeeded();
        let opened = fs::read(place.path("opened")).unwrap();
        assert_eq!(provider::domain::hex::encode(&opened), case["text"], "{}", case["name"]);
        let several = case["name"] == "several recipients";
        assert_eq!(ran.stderr.contains("anybody can read"), several, "{}", ran.stderr);
    }
}

#[test]
fn what_is_not_ours_or_no_envelope_is_said() {
    let place = Place::new();
    place.keys(&["add", "provider-encryption"]);
    fs::write(place.path("envelope"), vectors()["cases"][1]["envelope"].to_string()).unwrap();
    let open = ["keys", "open", "envelope", "--passphrase-file", "passphrase"];
    place
        .run(&open)
        .failed(65, &["sealed for eedd883da0a9451593dc0a38e583fb770fa27dbb", "none of these is a key of ours"]);
    fs::write(place.path("manifest"), "text").unwrap();
    let own = place.run(&["keys", "seal", "manifest"]).succeeded().stdout;
    let spoil = |from: &str, to: &str| fs::write(place.path("envelope"), own.replacen(from, to, 1)).unwrap();
    spoil("\"nonce\": \"", "\"nonce\": \"AAAA");
    place.run(&open).failed(65, &["nonce has not 24 bytes"]);
    spoil("X25519-XSALSA20-POLY1305", "AGE-X25519");
    place.run(&open).failed(65, &["it is sealed by `AGE-X25519`"]);
    fs::write(place.path("envelope"), "services: {}").unwrap();
    place.run(&open).failed(65, &["it is no sealed envelope"]);
    fs::write(place.path("envelope"), &own).unwrap();
    place.run(&["keys", "suspend", "provider-encryption"]).succeeded();
    place.run(&open).failed(77, &["sealed for the key `provider-encryption`, which is suspended"]);
    // For a point of low order everybody can open it.
    let everybody = STANDARD.encode(provider::domain::hex::decode(&format!("01{}", "0".repeat(62))).unwrap());
    place.run(&["keys", "seal", "manifest", "--for", &everybody]).failed(64, &["no public key of x25519"]);
    place.run(&["keys", "seal", "manifest", "--for", "nobody"]).failed(65, &["there is no key `nobody`"]);
}

#[test]
fn keys_of_other_software_are_kept() {
    let place = Place::new();
    let made = fs::read_to_string("fixtures/keys/openssl.txt").unwrap();
    for (number, part) in made.split("== ").skip(1).enumerate() {
        let (head, pem) = part.split_once('\n').unwrap();
        let (key_type, public) = head.split_once(' ').unwrap();
        let (name, file) = (format!("key-{number}"), format!("pem-{number}"));
        place.secret_file(&file, pem);
        let entry = place.keys(&["import", &name, &file]);
        assert_eq!(entry["type"], key_type);
        let hex = place.run(&["keys", "export-public", &name, "--form", "hex"]).succeeded().stdout;
        assert_eq!(hex.trim(), public);
        // OpenSSL reads the public key that we print.
        fs::write(place.path("public.pem"), place.run(&["keys", "export-public", &name]).succeeded().stdout).unwrap();
        let mut shown = std::process::Command::new("openssl");
        shown.args(["pkey", "-pubin", "-noout", "-text", "-in"]).arg(place.path("public.pem"));
        assert!(shown.output().unwrap().status.success(), "{key_type}");
        if key_type != "x25519" {
            assert_eq!(place.keys(&["test-sign", &name])["verified"], true);
            let json = place.run(&["keys", "export-public", &name, "--form", "cosmos"]).succeeded().stdout;
            assert!(json.contains("/cosmos.crypto."), "{json}");
        }
    }
    fs::write(place.path("open"), "00").unwrap();
    place.run(&["keys", "import", "other", "open"]).failed(77, &["other users may use"]);
    place.secret_file("digits", &"07".repeat(32));
    place.run(&["keys", "import", "other", "digits"]).failed(65, &["do not say of which type"]);
    assert_eq!(place.keys(&["import", "provider", "digits"])["type"], "secp256k1", "the role of the name says it");
    place.run(&["keys", "export-public", "key-3", "--form", "cosmos"]).failed(65, &["know no keys of type x25519"]);
    // Beside them is the folder's lock.
    assert_eq!(names(&place.path(".provider-daemon/keyring")).len(), 8);
}
