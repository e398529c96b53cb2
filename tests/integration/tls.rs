//! `provider tls`: the certificates that it makes are what OpenSSL and a TLS server say they are.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

struct Place {
    home: TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { home: tempfile::tempdir().unwrap() };
        fs::create_dir(place.path(".provider-daemon")).unwrap();
        fs::write(place.path(".provider-daemon/config.yaml"), "logging: { level: error }\n").unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_provider"));
        command.args(arguments).env_clear().env("HOME", self.home.path()).current_dir(self.home.path());
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    fn generate(&self, more: &[&str]) -> Value {
        let hosts =
            ["tls", "generate", "--hostname", "provider.example.com,192.0.2.7", "--output", "tls", "--format", "json"];
        let (code, stdout, stderr) = self.run(&[&hosts[..], more].concat());
        assert_eq!(code, 0, "{stderr}");
        serde_json::from_str(&stdout).unwrap()
    }

    fn openssl(&self, arguments: &[&str]) -> String {
        let output = Command::new("openssl").args(arguments).current_dir(self.path("tls")).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}");
        said
    }
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o7777
}

/// Whoever may write to the folder must not have us write elsewhere.
#[test]
fn nothing_is_written_through_a_link() {
    let place = Place::new();
    fs::create_dir(place.path("tls")).unwrap();
    fs::write(place.path("victim"), "precious").unwrap();
    for name in ["server.key.part", "server.crt.part", "server.key"] {
        std::os::unix::fs::symlink(place.path("victim"), place.path("tls").join(name)).unwrap();
    }
    place.generate(&["--renew"]);
    assert_eq!(fs::read_to_string(place.path("victim")).unwrap(), "precious");
    assert!(!place.path("tls/server.key").is_symlink());
}

/// Clients that trust the folder's authority go on trusting what is renewed without the option.
#[test]
fn an_authority_that_is_there_signs_every_renewal() {
    let place = Place::new();
    place.generate(&["--ca"]);
    let renewed = place.generate(&["--renew"]);
    assert_eq!(renewed["self_signed"], false);
    place.openssl(&["verify", "-CAfile", "ca.crt", "server.crt"]);
    let (code, stdout, stderr) = place.run(&["tls", "show", "tls/server.crt", "-o", "json"]);
    let shown: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((code, &shown["key_fits"]), (0, &true.into()), "{stderr}");
    fs::copy(place.path("tls/ca.key"), place.path("tls/server.key")).unwrap();
    assert_eq!(place.run(&["tls", "show", "tls/server.crt"]).0, 1, "another key lies beside it");
}

#[test]
fn a_self_signed_certificate_is_what_openssl_says() {
    let place = Place::new();
    let made = place.generate(&[]);
    assert_eq!((&made["self_signed"], &made["days_left"]), (&true.into(), &364.into()));
    assert_eq!((mode(&place.path("tls")), mode(&place.path("tls/server.key"))), (0o700, 0o600));
    let text = place.openssl(&["x509", "-in", "server.crt", "-noout", "-text"]);
    for said in [
        "DNS:provider.example.com",
        "IP Address:192.0.2.7",
        "CN = provider.example.com",
        "TLS Web Server Authentication",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    place.openssl(&["verify", "-CAfile", "server.crt", "-verify_hostname", "provider.example.com", "server.crt"]);
    assert_eq!(
        place.openssl(&["x509", "-in", "server.crt", "-noout", "-pubkey"]),
        place.openssl(&["pkey", "-in", "server.key", "-pubout"])
    );
    // A server of ours takes the pair.
    let pem = |name: &str| fs::read(place.path("tls").join(name)).unwrap();
    let identity = tonic::transport::Identity::from_pem(pem("server.crt"), pem("server.key"));
    let _ = rustls::crypto::ring::default_provider().install_default();
    tonic::transport::Server::builder()
        .tls_config(tonic::transport::ServerTlsConfig::new().identity(identity))
        .unwrap();
    let (code, _, stderr) = place.run(&["tls", "generate", "--hostname", "a", "--output", "tls"]);
    assert!(code == 65 && stderr.contains("server.crt is there already") && stderr.contains("--renew"), "{stderr}");
}

#[test]
fn an_authority_outlives_its_certificates() {
    let place = Place::new();
    place.generate(&["--ca", "--days", "30"]);
    let authority = fs::read(place.path("tls/ca.crt")).unwrap();
    assert_eq!((mode(&place.path("tls/ca.key")), mode(&place.path("tls/ca.crt"))), (0o600, 0o644));
    let check = || {
        place.openssl(&[
            "verify",
            "-CAfile",
            "ca.crt",
            "-purpose",
            "sslserver",
            "-verify_ip",
            "192.0.2.7",
            "server.crt",
        ])
    };
    check();
    let first = fs::read(place.path("tls/server.crt")).unwrap();
    let renewed = place.generate(&["--ca", "--renew", "--days", "90"]);
    assert_eq!((&renewed["days_left"], &renewed["self_signed"]), (&89.into(), &false.into()));
    assert_eq!(fs::read(place.path("tls/ca.crt")).unwrap(), authority);
    assert_ne!(fs::read(place.path("tls/server.crt")).unwrap(), first);
    check();
    // With another's key nobody who trusts ca.crt would believe what is signed.
    let right = fs::read(place.path("tls/ca.key")).unwrap();
    fs::write(place.path("tls/ca.key"), fs::read(place.path("tls/server.key")).unwrap()).unwrap();
    let renew = ["tls", "generate", "--hostname", "a.example", "--output", "tls", "--ca", "--renew"];
    let (code, _, stderr) = place.run(&renew);
    assert!(code == 65 && stderr.contains("not the key of the authority"), "{code} {stderr}");
    check();
    fs::write(place.path("tls/ca.key"), right).unwrap();
}

#[test]
fn show_says_what_is_wrong() {
    let place = Place::new();
    let (cert, key) = (place.path("tls/server.crt"), place.path("tls/server.key"));
    let text = format!(
        "logging: {{ level: error }}\nserver: {{ tls: {{ cert_file: {}, key_file: {} }} }}\n",
        cert.display(),
        key.display()
    );
    fs::write(place.path(".provider-daemon/config.yaml"), text).unwrap();
    let planned = place.generate(&["--dry-run"]);
    assert_eq!((&planned["written"], cert.exists()), (&false.into(), false));
    place.generate(&[]);
    let (code, stdout, _) = place.run(&["tls", "show", "-o", "json"]);
    let shown: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((code, &shown["key_fits"], &shown["hosts"][1]), (0, &true.into(), &"192.0.2.7".into()));
    let other = fs::read(&key).unwrap();
    place.generate(&["--renew"]);
    fs::write(&key, other).unwrap();
    let (code, _, stderr) = place.run(&["tls", "show"]);
    assert!(code == 1 && stderr.contains("its key does not belong to it"), "{stderr}");
    fs::write(&cert, "nothing").unwrap();
    let (code, _, stderr) = place.run(&["tls", "show"]);
    assert!(code == 65 && stderr.contains("it is no certificate in PEM"), "{stderr}");
    let (code, _, stderr) = place.run(&["tls", "generate", "--hostname", "https://a", "--output", "other"]);
    assert!(code == 65 && stderr.contains("neither a host name nor an address"), "{stderr}");
    assert!(!place.path("other").exists());
}
