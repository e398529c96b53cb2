//! No form of a secret gets out: not into outputs, logs, the state file, any other file, or the process's arguments.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bip32::{Language, Mnemonic, XPrv};

use super::{PASSPHRASE, Place};
use provider::domain::hex;
use provider::keys::file::{Access, Keyring};
use provider::keys::{Passphrase, PrivateKey};

/// A signer that shows all that it was given, and refuses.
const NOSY: &str = "#!/bin/sh\nenv > seen-environment\ntr '\\0' '\\n' < /proc/$PPID/environ > seen-parent\n\
                    tr '\\0' ' ' < /proc/$PPID/cmdline > seen-command\ncat > seen-request\nexit 1\n";

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
        // Wherever it begins in what is encoded; without the first and last digits, which others decide too.
        for offset in 0..3 {
            let padded = [&[0; 3][..offset], bytes].concat();
            let digits = |text: String| text.into_bytes()[4..padded.len() / 3 * 4].to_vec();
            forms.push((format!("{name}, base64 at {offset}"), digits(STANDARD.encode(&padded))));
            forms.push((format!("{name}, base64 for URLs at {offset}"), digits(URL_SAFE_NO_PAD.encode(&padded))));
        }
        // As `{:?}` and JSON write bytes.
        let numbers: Vec<String> = bytes.iter().take(12).map(u8::to_string).collect();
        forms.push((format!("{name}, numbers"), numbers.join(", ").into_bytes()));
        forms.push((format!("{name}, numbers in JSON"), numbers.join(",").into_bytes()));
        forms.push((format!("{name}, raw"), bytes.clone()));
    }
    forms
}

/// The secret of every key file of a folder that opens with the usual passphrase.
fn secrets_of(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let keyring = Keyring::open(folder, Access::Use).unwrap();
    let passphrase = Passphrase::typed(PASSPHRASE).unwrap();
    let listed = keyring.list().unwrap();
    let secret = |key: &provider::keys::file::Key| {
        let bytes = match keyring.unlock(key, &passphrase).ok()? {
            PrivateKey::Secp256k1(key) => key.to_bytes().to_vec(),
            PrivateKey::Ed25519(key) => key.to_bytes().to_vec(),
            PrivateKey::X25519(key) => key.to_bytes().to_vec(),
            PrivateKey::P256(key) => key.to_bytes().to_vec(),
        };
        Some((key.name.to_string(), bytes))
    };
    listed.iter().filter_map(|listed| secret(listed.key.as_ref().unwrap())).collect()
}

fn assert_free(what: &str, content: &[u8], forms: &[(String, Vec<u8>)]) {
    for (name, form) in forms {
        let is_it = |window: &[u8]| window[0] == form[0] && window == form;
        assert!(!content.windows(form.len()).any(is_it), "{what} holds the {name}");
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
#[allow(clippy::too_many_lines, reason = "one story: what is run, and where is looked")]
fn nothing_gets_out() {
    let place = Place::new();
    let (words, imported) = (some_mnemonic(), random());
    let backup = "another horse, for backups only";
    let mut forms = forms(&words);
    let log = "logging: { level: trace, output: all.log, redact_sensitive: false, audit: { output: audit.log } }\n";
    fs::write(place.path("nosy"), NOSY).unwrap();
    fs::set_permissions(place.path("nosy"), std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    let signer = format!("keys: {{ signer: {{ command: [{}], timeout: 5s }} }}\n", place.path("nosy").display());
    fs::write(place.path(".provider-daemon/config.yaml"), format!("{log}{signer}")).unwrap();
    place.secret_file("words", &words);
    place.secret_file("wrong words", &words.replacen(' ', " zebra ", 1));
    place.secret_file("wrong passphrase", &format!("{PASSPHRASE}!"));
    // What is looked for would be found.
    let planted = fs::read(place.path("words")).unwrap();
    let found = forms.iter().filter(|(_, form)| planted.windows(form.len()).any(|window| window == form));
    assert_eq!(found.map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["mnemonic, raw", "six words"]);
    forms.extend(every_form(&[("imported key", imported.to_vec()), ("backup passphrase", backup.as_bytes().to_vec())]));
    place.secret_file("imported", &hex::encode(&imported));
    // One of every type, in every form that an import takes.
    let (of_ed25519, of_p256, of_secp256k1) = (random(), random(), random());
    let more = [("ed25519", of_ed25519), ("p256", of_p256), ("secp256k1", of_secp256k1)];
    for (name, bytes) in more {
        forms.extend(every_form(&[(name, bytes.to_vec())]));
    }
    place.secret_file("imported-ed25519", &hex::encode(&of_ed25519));
    place.secret_file("imported-p256", &hex::encode(&of_p256));
    place.secret_file("imported-secp256k1", &hex::encode(&of_secp256k1));
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
        [&["-vvv", "keys", "import", "other-e", "imported-ed25519", "--type", "ed25519"], &passphrase[..]].concat(),
        [&["-vvv", "keys", "import", "other-p", "imported-p256", "--type", "p256"], &passphrase[..]].concat(),
        [&["-vvv", "keys", "import", "other-s", "imported-secp256k1", "--type", "secp256k1"], &passphrase[..]].concat(),
        [&["-vvv", "keys", "test-sign", "other-e"], &passphrase[..]].concat(),
        [&["-vvv", "keys", "test-sign", "other-p"], &passphrase[..]].concat(),
        [&["-vvv", "keys", "test-sign", "other-s"], &passphrase[..]].concat(),
        [
            &["-vvv", "keys", "add", "by-a-signer", "--type", "ed25519", "--keyring-backend", "non_custodial"],
            &passphrase[..],
        ]
        .concat(),
        [&["-vvv", "keys", "compromise", "provider-usage-v2", "--offline"], &passphrase[..]].concat(),
        vec!["-vvv", "tls", "generate", "--hostname", "provider.example", "--ca", "--output", "tls"],
        vec!["-vvv", "tls", "show", "tls/server.crt"],
        vec!["-vvv", "keys", "seal", "text"],
        vec!["-vvv", "keys", "export-public", "provider-encryption"],
        vec!["-vvv", "keys", "suspend", "provider-encryption"],
        vec!["-vvv", "keys", "status", "-o", "json"],
        vec!["-vvv", "keys", "list", "-o", "json"],
        vec!["-vvv", "keys", "show", "provider", "-o", "yaml"],
        vec!["-vvv", "audit-log", "-o", "json"],
        vec!["-vvv", "logs"],
    ];
    let mut outputs = Vec::new();
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
        outputs.push((format!("stdout of {command:?}"), output.stdout));
        outputs.push((format!("stderr of {command:?}"), output.stderr));
    }
    // What the program itself has made, too: keys that it generated, and those of its certificates.
    let generated = secrets_of(&place.path(".provider-daemon/keyring"));
    assert!(
        generated.len() >= 8 && generated.iter().any(|(name, _)| name == "provider-usage-v3"),
        "{}",
        generated.len()
    );
    let generated: Vec<(&str, Vec<u8>)> =
        generated.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
    forms.extend(every_form(&generated));
    for file in ["tls/server.key", "tls/ca.key"] {
        let text = fs::read_to_string(place.path(file)).unwrap();
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("-----")).collect();
        assert!(lines.len() >= 2, "{file}");
        forms.extend(
            lines.iter().filter(|line| line.len() > 40).map(|line| (file.to_owned(), line.as_bytes().to_vec())),
        );
        // The scalar itself stands in an EC PRIVATE KEY at the seventh byte, within what PKCS#8 puts around it.
        let der = STANDARD.decode(lines.concat()).unwrap();
        let scalar = der.windows(5).position(|window| window == [2, 1, 1, 4, 32]).unwrap() + 5;
        forms.extend(every_form(&[(file, der[scalar..scalar + 32].to_vec())]));
    }
    for (what, content) in &outputs {
        assert_free(what, content, &forms);
    }
    let mut found = Vec::new();
    files(place.home.path(), &mut found);
    // Only root may look at what its parent was given.
    let parents: &[&str] = if super::is_root("a look at the parent") { &["seen-parent", "seen-command"] } else { &[] };
    for seen in ["seen-environment", "seen-request"].iter().chain(parents) {
        assert!(fs::read(place.path(seen)).is_ok_and(|seen| !seen.is_empty()), "the signer was asked: {seen}");
    }
    let ours = [
        "words",
        "wrong words",
        "passphrase",
        "wrong passphrase",
        "imported",
        "imported-ed25519",
        "imported-p256",
        "imported-secp256k1",
        "backup passphrase",
        "tls/server.key",
        "tls/ca.key",
    ];
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

/// A crash at the moment at which a passphrase and a mnemonic are in memory writes no core, whatever the limits allow.
#[test]
fn a_crash_leaves_no_core() {
    use std::os::unix::process::ExitStatusExt as _;

    let place = Place::new();
    place.secret_file("words", &some_mnemonic());
    // It waits for its passphrase from a pipe; the mnemonic is read by then, or will be.
    let made = std::process::Command::new("mkfifo").args(["-m", "600"]).arg(place.path("pipe")).status().unwrap();
    assert!(made.success());
    let limit = "ulimit -c unlimited 2>/dev/null; exec \"$0\" \"$@\"";
    let add = ["keys", "add", "provider", "--recover", "--mnemonic-file", "words", "--passphrase-file", "pipe"];
    let mut command = place.within(&["sh", "-c", limit], &add);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    // Opening the other end succeeds when it has come to reading.
    let pipe = fs::OpenOptions::new().write(true).open(place.path("pipe")).unwrap();
    let pid = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    // Who could look into it is root: its files in /proc are root's, whoever runs it.
    let of_root = fs::metadata(format!("/proc/{}/mem", child.id())).unwrap();
    assert_eq!(std::os::unix::fs::MetadataExt::uid(&of_root), 0);
    // Not SIGSEGV: what is sent and not met is survived, by a handler that looks for overflows of the stack.
    rustix::process::kill_process(pid, rustix::process::Signal::ABORT).unwrap();
    let status = child.wait().unwrap();
    drop(pipe);
    assert_eq!(status.signal(), Some(6));
    assert!(!status.core_dumped(), "{status:?}");
    let mut found = Vec::new();
    files(place.home.path(), &mut found);
    let is_core = |path: &std::path::PathBuf| path.file_name().unwrap().to_string_lossy().starts_with("core");
    assert!(!found.iter().any(is_core), "{found:?}");
    // The same without our precaution does leave one, where this system writes cores at all.
    let mut other = std::process::Command::new("sh");
    let other =
        other.args(["-c", "ulimit -c unlimited; kill -ABRT $$"]).current_dir(place.home.path()).status().unwrap();
    if !other.core_dumped() {
        eprintln!("could not run: this system writes no cores, so that ours has none proves little");
    }
}
