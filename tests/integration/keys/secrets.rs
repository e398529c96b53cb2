//! No form of a secret gets out: not into outputs, logs, the state file, any other file, or the process's arguments.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bip32::{Language, Mnemonic, XPrv};

use super::{PASSPHRASE, Place};
use provider::domain::hex;

/// The secrets of the account of a mnemonic, each in every form: name and bytes.
fn forms(words: &str) -> Vec<(String, Vec<u8>)> {
    let mnemonic = Mnemonic::new(words, Language::English).unwrap();
    let seed = mnemonic.to_seed("");
    let key = XPrv::derive_from_path(&seed, &"m/44'/118'/0'/0/0".parse().unwrap()).unwrap();
    let mut forms = every_form(&[
        ("entropy", mnemonic.entropy().to_vec()),
        ("seed", seed.as_bytes().to_vec()),
        ("private key", key.private_key().to_bytes().to_vec()),
        ("chain code", key.attrs().chain_code.to_vec()),
        ("passphrase", PASSPHRASE.as_bytes().to_vec()),
        ("mnemonic", words.as_bytes().to_vec()),
    ]);
    // A part of the phrase is most of it.
    let some: Vec<&str> = words.split(' ').take(6).collect();
    forms.push(("six words".into(), some.join(" ").into_bytes()));
    forms.push(("six words, listed".into(), some.join("\",\"").into_bytes()));
    forms
}

/// Secrets as they could stand somewhere.
fn every_form(raw: &[(&str, Vec<u8>)]) -> Vec<(String, Vec<u8>)> {
    let mut forms = Vec::new();
    for (name, bytes) in raw {
        forms.push((format!("{name}, hex"), hex::encode(bytes).into_bytes()));
        forms.push((format!("{name}, upper hex"), hex::encode(bytes).to_uppercase().into_bytes()));
        // Without the last group, which depends on what follows.
        let base64 = STANDARD.encode(bytes);
        forms.push((format!("{name}, base64"), base64.as_bytes()[..base64.len() - 4].to_vec()));
        let url = URL_SAFE_NO_PAD.encode(bytes);
        forms.push((format!("{name}, base64 for URLs"), url.as_bytes()[..url.len() - 4].to_vec()));
        forms.push((format!("{name}, raw"), bytes.clone()));
    }
    forms
}

fn assert_free(what: &str, content: &[u8], forms: &[(String, Vec<u8>)]) {
    for (name, form) in forms {
        assert!(!content.windows(form.len()).any(|window| window == form), "{what} holds the {name}");
    }
}

fn files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    let mut source = fs::File::open("/dev/urandom").unwrap();
    std::io::Read::read_exact(&mut source, &mut bytes).unwrap();
    bytes
}

/// A mnemonic of its own for each run: with the vectors' one, every word is `abandon`.
fn some_mnemonic() -> String {
    Mnemonic::from_entropy(random(), Language::English).phrase().to_owned()
}

#[test]
fn nothing_gets_out() {
    let place = Place::new();
    let (words, imported) = (some_mnemonic(), random());
    let backup = "another horse, for backups only";
    let mut forms = forms(&words);
    let log = "logging: { level: trace, output: all.log, redact_sensitive: false, audit: { output: audit.log } }\n";
    fs::write(place.path(".provider-daemon/config.yaml"), log).unwrap();
    place.secret_file("words", &words);
    place.secret_file("wrong words", &words.replacen(' ', " zebra ", 1));
    place.secret_file("wrong passphrase", &format!("{PASSPHRASE}!"));
    // What is looked for would be found.
    let planted = fs::read(place.path("words")).unwrap();
    let found = forms.iter().filter(|(_, form)| planted.windows(form.len()).any(|window| window == form));
    assert_eq!(found.map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["mnemonic, raw", "six words"]);
    forms.extend(every_form(&[("imported key", imported.to_vec()), ("backup passphrase", backup.as_bytes().to_vec())]));
    place.secret_file("imported", &hex::encode(&imported));
    place.secret_file("backup passphrase", backup);
    fs::write(place.path("text"), "services: {}").unwrap();
    let to = provider::keys::PublicKey::from_bytes(
        provider::keys::KeyType::X25519,
        crypto_box::SecretKey::from(imported).public_key().as_bytes(),
    );
    let sealed = provider::keys::sealing::seal(b"services: {}", &to.unwrap(), None).unwrap();
    fs::write(place.path("sealed"), sealed.to_json()).unwrap();
    let sealing = ["--backup-passphrase-file", "backup passphrase"];
    // `-vvv` says all that there is to say.
    let passphrase = ["--passphrase-file", "passphrase"];
    let recover = ["-vvv", "keys", "add", "provider", "--recover", "--mnemonic-file"];
    let commands: &[Vec<&str>] = &[
        [&recover[..], &["words", "--dry-run"]].concat(),
        [&recover[..], &["wrong words"], &passphrase].concat(),
        [&recover[..], &["words"], &passphrase].concat(),
        [&recover[..], &["words"], &passphrase].concat(),
        [&["-vvv", "keys", "test-sign", "provider", "-o", "json"], &passphrase[..]].concat(),
        vec!["-vvv", "keys", "test-sign", "provider", "--passphrase-file", "wrong passphrase"],
        [&["-vvv", "keys", "import", "provider-encryption", "imported"], &passphrase[..]].concat(),
        [&["-vvv", "keys", "open", "sealed"], &passphrase[..]].concat(),
        [&["-vvv", "keys", "add", "provider-usage"], &passphrase[..]].concat(),
        [&["-vvv", "keys", "rotate", "usage"], &passphrase[..]].concat(),
        [&["-vvv", "keys", "backup", "--output", "keys.backup"], &sealing[..]].concat(),
        [&["-vvv", "keys", "restore", "keys.backup"], &sealing[..]].concat(),
        vec!["-vvv", "keys", "seal", "text"],
        vec!["-vvv", "keys", "export-public", "provider-encryption"],
        vec!["-vvv", "keys", "suspend", "provider-encryption"],
        vec!["-vvv", "keys", "status", "-o", "json"],
        vec!["-vvv", "keys", "list", "-o", "json"],
        vec!["-vvv", "keys", "show", "provider", "-o", "yaml"],
        vec!["-vvv", "audit-log", "-o", "json"],
        vec!["-vvv", "logs"],
    ];
    for command in commands {
        let mut child = place.command(command).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let process = format!("/proc/{}", child.id());
        while child.try_wait().unwrap().is_none() {
            for view in ["cmdline", "environ"] {
                // It may end between two looks.
                let seen = fs::read(format!("{process}/{view}")).unwrap_or_default();
                assert_free(&format!("{view} of {command:?}"), &seen, &forms);
            }
        }
        let output = child.wait_with_output().unwrap();
        assert_free(&format!("stdout of {command:?}"), &output.stdout, &forms);
        assert_free(&format!("stderr of {command:?}"), &output.stderr, &forms);
    }
    let mut found = Vec::new();
    files(place.home.path(), &mut found);
    let ours = ["words", "wrong words", "passphrase", "wrong passphrase", "imported", "backup passphrase"];
    found.retain(|path| !ours.iter().any(|own| *path == place.path(own)));
    for name in ["provider", "provider-encryption", "provider-usage", "provider-usage-v2"] {
        assert!(found.contains(&place.key_file(name)), "{name}: {found:?}");
    }
    assert!(found.contains(&place.path("keys.backup")), "{found:?}");
    assert!(found.iter().any(|path| path.ends_with("state.db")) && found.len() >= 6, "{found:?}");
    assert!(found.iter().any(|path| path.ends_with("all.log")) && found.iter().any(|path| path.ends_with("audit.log")));
    for path in found {
        assert_free(&path.display().to_string(), &fs::read(&path).unwrap(), &forms);
    }
}

/// Where the mnemonic was asked for on stdout, it is there once, and nowhere else.
#[test]
fn a_printed_mnemonic_is_on_stdout_only() {
    let place = Place::new();
    let log = "logging: { level: trace, output: all.log, redact_sensitive: false }\n";
    fs::write(place.path(".provider-daemon/config.yaml"), log).unwrap();
    let add = ["-vvv", "keys", "add", "provider", "--print-mnemonic", "--passphrase-file", "passphrase", "-o", "json"];
    let ran = place.run(&add).succeeded();
    let made: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let words = made["mnemonic"].as_str().unwrap();
    let forms = forms(words);
    assert_eq!(ran.stdout.matches(words).count(), 1);
    assert_free("stderr", ran.stderr.as_bytes(), &forms);
    let mut found = Vec::new();
    files(place.home.path(), &mut found);
    for path in found.into_iter().filter(|path| *path != place.path("passphrase")) {
        assert_free(&path.display().to_string(), &fs::read(&path).unwrap(), &forms);
    }
    // And it is the right one.
    place.secret_file("words", words);
    place.end("provider");
    let again = place.keys(&["add", "provider", "--recover", "--mnemonic-file", "words"]);
    assert_eq!(again["address"], made["address"]);
}

/// A process that holds secrets leaves no core dump, and nobody else of the same user looks into it.
#[test]
fn memory_is_nobody_elses() {
    let place = Place::new();
    // It waits for the text that it is to seal.
    let key = STANDARD.encode([9; 32]);
    let mut command = place.within(&["env"], &["keys", "seal", "-", "--for", &key]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let limits = || fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    let begun = std::time::Instant::now();
    // It forbids dumps before it does anything else.
    while !limits().lines().any(|line| line.starts_with("Max core file size        0 ")) {
        assert!(begun.elapsed() < std::time::Duration::from_secs(10), "{}", limits());
    }
    drop(child.stdin.take());
    child.wait().unwrap();
}
