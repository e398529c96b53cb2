//! `https://`: only with a certificate that the system trusts.

use std::process::Command;

use super::fake::{CHAIN, NodeSays, router};
use tempfile::tempdir;
use tonic::transport::{Identity, Server, ServerTlsConfig};

/// A node that speaks TLS, both protocols at one address.
async fn node() -> u16 {
    let file = |name: &str| std::fs::read(format!("{}/fixtures/tls/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let identity = Identity::from_pem(file("server.pem"), file("server.key"));
    let routes = router(NodeSays::default(), |_, _| Ok(Vec::new().into()), |_, _| Vec::new());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let incoming = tonic::transport::server::TcpIncoming::from(listener);
    let mut server = Server::builder().tls_config(ServerTlsConfig::new().identity(identity)).unwrap();
    let served = server.add_routes(routes.into()).serve_with_incoming(incoming);
    tokio::spawn(async move { served.await.unwrap() });
    port
}

fn ping(port: u16, authority: Option<&str>) -> (i32, serde_json::Value) {
    let home = tempdir().unwrap();
    let file = home.path().join("c.yaml");
    let at = format!("https://127.0.0.1:{port}");
    std::fs::write(&file, format!("chain: {{ chain_id: {CHAIN}, node_url: \"{at}\", grpc_url: \"{at}\" }}\n")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_provider"));
    command.env_clear().env("HOME", home.path()).arg("--config").arg(&file).args(["chain", "ping", "-o", "json"]);
    if let Some(authority) = authority {
        command.env("SSL_CERT_FILE", authority);
    }
    let ran = command.output().unwrap();
    (ran.status.code().unwrap(), serde_json::from_slice(&ran.stdout).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_must_be_trusted() {
    let port = node().await;
    let authority = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/tls/ca.pem");
    let (code, rows) = tokio::task::spawn_blocking(move || ping(port, Some(authority))).await.unwrap();
    assert_eq!(code, 0, "{rows:#}");
    assert!(rows.as_array().unwrap().iter().all(|row| row["believed"] == true && row["height"] == 100), "{rows:#}");
    let (code, rows) = tokio::task::spawn_blocking(move || ping(port, None)).await.unwrap();
    assert_eq!(code, 69, "{rows:#}");
    for row in rows.as_array().unwrap() {
        let message = row["message"].as_str().unwrap();
        assert!(message.starts_with("cannot be reached:") && message.contains("certificate"), "{row:#}");
    }
}
