//! TLS: on by default, read anew, operators by certificate.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use reqwest::{Certificate, Identity};

use super::{PATIENCE, Place, Server, ask, client};

const TLS: &str = "server: { address: '127.0.0.1:0' }\nmetrics: { enabled: false }\n";

fn generate(place: &Place, more: &[&str]) {
    place.run(&[&["tls", "generate", "--hostname", "localhost", "--ca"], more].concat());
}

/// A client that trusts the authority of the server alone.
fn trusting(place: &Place) -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let ca = fs::read(place.path(".provider-daemon/tls/ca.crt")).unwrap();
    let client = reqwest::Client::builder().tls_certs_only([Certificate::from_pem(&ca).unwrap()]);
    client.pool_max_idle_per_host(0).timeout(PATIENCE).build().unwrap()
}

fn url(server: &Server, path: &str) -> String {
    format!("https://localhost:{}{path}", server.api.port())
}

#[tokio::test]
async fn tls_is_the_default_and_a_new_certificate_is_served_without_a_restart() {
    let place = Place::new(TLS);
    let refused = place.command(&["serve"]).output().unwrap();
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("provider tls generate"), "{said}");
    generate(&place, &[]);
    let server = place.serve(1);
    let client = trusting(&place);
    assert_eq!(ask(&client, &url(&server, "/ready")).await.0, 200);
    let plain = super::client().get(format!("http://{}/ready", server.api)).send().await;
    assert!(plain.is_err(), "no plain HTTP on this port");
    let answer = client.get(url(&server, "/health")).send().await.unwrap();
    assert!(answer.headers().contains_key("strict-transport-security"));

    // Another authority: who trusts the new one alone is answered once the server has looked.
    for name in ["ca.crt", "ca.key"] {
        fs::remove_file(place.path(".provider-daemon/tls").join(name)).unwrap();
    }
    generate(&place, &["--renew"]);
    let renewed = trusting(&place);
    loop {
        if renewed.get(url(&server, "/ready")).send().await.is_ok() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    // What cannot be used changes nothing.
    fs::write(place.path(".provider-daemon/tls/server.crt"), "nonsense").unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    assert_eq!(ask(&renewed, &url(&server, "/ready")).await.0, 200);
    server.wait_for("the new certificate cannot be used");
}

/// A pair of a certificate and a key that an authority signs, for a client.
fn signed_by(authority: &rcgen_like::Authority) -> Identity {
    Identity::from_pem(authority.client().as_bytes()).unwrap()
}

/// Certificates by OpenSSL, as an operator would make them.
mod rcgen_like {
    use std::path::PathBuf;
    use std::process::Command;

    pub struct Authority {
        folder: tempfile::TempDir,
    }

    impl Authority {
        pub fn new() -> Self {
            let authority = Self { folder: tempfile::tempdir().unwrap() };
            authority.openssl(&[
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                "/CN=Operators",
                "-keyout",
                "ca.key",
                "-out",
                "ca.crt",
                "-days",
                "2",
            ]);
            authority
        }

        fn openssl(&self, arguments: &[&str]) {
            let output = Command::new("openssl").args(arguments).current_dir(self.folder.path()).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }

        pub fn certificate(&self) -> PathBuf {
            self.folder.path().join("ca.crt")
        }

        pub fn client(&self) -> String {
            self.openssl(&[
                "req",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                "/CN=alice",
                "-keyout",
                "alice.key",
                "-out",
                "alice.csr",
            ]);
            std::fs::write(self.folder.path().join("ext"), "extendedKeyUsage=clientAuth\nbasicConstraints=CA:FALSE\n")
                .unwrap();
            self.openssl(&[
                "x509",
                "-req",
                "-in",
                "alice.csr",
                "-CA",
                "ca.crt",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-days",
                "1",
                "-extfile",
                "ext",
                "-out",
                "alice.crt",
            ]);
            let read = |name: &str| std::fs::read_to_string(self.folder.path().join(name)).unwrap();
            read("alice.key") + &read("alice.crt")
        }
    }
}

#[tokio::test]
async fn an_operators_certificate_is_known_by_its_authority() {
    let (ours, others) = (rcgen_like::Authority::new(), rcgen_like::Authority::new());
    let ca = ours.certificate();
    let place = Place::new(&TLS.replace(" }\nm", &format!(", operators: {{ ca_file: '{}' }} }}\nm", ca.display())));
    generate(&place, &[]);
    let server = place.serve(1);
    let with = |identity: Identity| {
        let client = reqwest::Client::builder().tls_danger_accept_invalid_certs(true).identity(identity);
        client.timeout(PATIENCE).build().unwrap()
    };
    let _ = client();
    let status = |client: reqwest::Client| {
        let url = url(&server, "/api/v1/status");
        async move { client.get(url).send().await.unwrap().status().as_u16() }
    };
    // Where there is no such route yet, nobody is refused it.
    if provider::serve::routes().iter().any(|route| route.path == "/api/v1/status") {
        assert_eq!(status(with(signed_by(&ours))).await, 200);
        assert_eq!(status(with(signed_by(&others))).await, 401);
        assert_eq!(status(client()).await, 401);
    }
    assert_eq!(ask(&with(signed_by(&others)), &url(&server, "/ready")).await.0, 200, "what is anyone's is theirs too");
}

#[tokio::test]
async fn a_key_that_others_can_read_and_plain_http_for_the_world_are_refused() {
    let place = Place::new(TLS);
    generate(&place, &[]);
    let key = place.path(".provider-daemon/tls/server.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let refused = place.command(&["serve"]).output().unwrap();
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("server.key"), "{said}");
    place.configure("server: { address: '0.0.0.0:18443', tls: { enabled: false } }\n");
    let refused = place.command(&["serve"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(78), "{}", String::from_utf8_lossy(&refused.stderr));
}
