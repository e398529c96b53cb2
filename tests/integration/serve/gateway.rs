//! The tenant gateway on a development chain: from a manifest that a tenant brings to what its container says.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::StreamExt as _;
use k256::ecdsa::signature::Signer as _;
use k256::ecdsa::{Signature, SigningKey};
use prost::Message as _;
use provider::chain::wire::deployment::GroupSpec;
use provider::chain::wire::market::{OrderFilters, QueryOrdersRequest};
use provider::devnet::tenant::{Action, Done, Tenant};
use provider::domain::hex;
use provider::domain::manifest;
use provider::domain::tenant_token::adr36;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

use super::{Place, Server, client};
use crate::tx::world::World;
use crate::workloads::house::kill_supervisors_below;

const SDL: &str = "version: v1\nname: here\nservices:\n  web:\n    image: none\n    command: [/bin/sh, -c, 'echo ready; while :; do sleep 1; done']\n    resources: { cpu: { units: 100m }, memory: { size: 64Mi }, storage: { size: 64Mi } }\n    expose: [{ port: 18098, to: [{ global: true }] }]\n    price: { amount: 50000, denom: uve }\n";

struct Story {
    world: World,
    site: String,
    server: Option<Server>,
    manifest: String,
}

impl Drop for Story {
    fn drop(&mut self) {
        kill_supervisors_below(&self.world.path("workloads").join(&self.site), &self.site);
    }
}

/// The key of an account of the development chain: anybody has it.
fn key(name: &str) -> SigningKey {
    SigningKey::from_slice(&Sha256::digest(format!("provider devnet account {name}"))).unwrap()
}

impl Story {
    /// A lease, and a server that knows nothing of it but what the chain says.
    async fn begin() -> Self {
        let world = World::new(0, "").await;
        let site = format!("g{}", std::process::id());
        world.configure(&format!(
            "---\norchestration: {{ adapter: local, local: {{ runtime: process, site: {site} }} }}\n\
             server: {{ address: '127.0.0.1:0', tls: {{ enabled: false }} }}\nmetrics: {{ enabled: false }}\n\
             provider: {{ address: {} }}\n",
            world.address
        ));
        let (_, deployment) = manifest::read(SDL).unwrap();
        let groups: Vec<String> =
            deployment.groups.iter().map(|group| hex::encode(&GroupSpec::from(group).encode_to_vec())).collect();
        let mut story = Self { world, site, server: None, manifest: deployment.manifest.to_json() };
        let hash = hex::encode(&deployment.manifest.version());
        let deposit = Some("500000uve".to_owned());
        for (tenant, dseq) in [("tenant", 77), ("other", 78)] {
            let order = Action::Deploy {
                groups: groups.clone(),
                hash: hash.clone(),
                deposit: deposit.clone(),
                dseq: Some(dseq),
            };
            story.tenant(tenant, order).await;
        }
        let filters = OrderFilters { state: "open".to_owned(), dseq: 77, ..OrderFilters::default() };
        let open = story.world.client.call(QueryOrdersRequest { filters, pagination: None }).await.unwrap();
        let store = story.world.store();
        story.world.enqueue(&store, "bid", &story.world.bid(&open.orders[0]), Some("500000uve"));
        drop(store);
        story.world.flush_to_the_end().await;
        story.tenant("tenant", Action::Accept { dseq: 77, gseq: None, wait: 0 }).await;
        let serve = story.world.command(&["serve", "--log-format", "json", "-vv"]);
        story.server = Some(tokio::task::spawn_blocking(move || Place::serve_by(serve, 1)).await.unwrap());
        story
    }

    async fn tenant(&self, name: &'static str, action: Action) -> Done {
        let node = self.world.server.node.clone();
        let done = tokio::task::spawn_blocking(move || Tenant::named(&node, name).unwrap().perform(&action).unwrap());
        done.await.unwrap()
    }

    fn address(&self, name: &str) -> String {
        let point = key(name).verifying_key().to_encoded_point(true);
        let prefix = self.world.network.address_prefix;
        provider::domain::address::Address::of_secp256k1(point.as_bytes().try_into().unwrap(), prefix).unwrap().to_string()
    }

    /// A token of an account, for so many seconds from now on.
    fn token(&self, name: &str, alg: &str, leases: &Value, seconds: i64) -> String {
        let now = jiff::Timestamp::now().as_second();
        let issuer = self.address(name);
        let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let claims = json!({ "iss": issuer, "iat": now - 1, "nbf": now - 1, "exp": now + seconds, "version": "v1",
                             "leases": leases });
        let text = format!("{}.{}", encoded(&json!({ "alg": alg, "typ": "JWT" })), encoded(&claims));
        let message = if alg == "ES256K" { text.as_bytes().to_vec() } else { adr36(&issuer, text.as_bytes()) };
        let signature: Signature = key(name).sign(&message);
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }

    fn full(&self, name: &str) -> String {
        self.token(name, "ES256K", &json!({ "access": "full" }), 900)
    }

    fn url(&self, path: &str) -> String {
        self.server.as_ref().unwrap().url(path)
    }

    async fn ask(&self, path: &str, token: Option<&str>) -> (u16, Value) {
        let mut request = client().get(self.url(path));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or(Value::Null))
    }

    async fn bring(&self, dseq: u64, manifest: &str, token: Option<&str>) -> (u16, String) {
        let mut request = client().put(self.url(&format!("/deployment/{dseq}/manifest"))).body(manifest.to_owned());
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    async fn run(&self, arguments: &[&str]) {
        let ran = self.world.run(self.world.command(arguments)).await;
        assert_eq!(ran.code, Some(0), "{arguments:?} {}{}", ran.stdout, ran.stderr);
    }

    /// The first frame of a WebSocket.
    async fn frame(&self, path: &str, token: &str) -> Value {
        let mut request = self.url(path).replace("http://", "ws://").into_client_request().unwrap();
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        let (mut socket, _) = tokio_tungstenite::connect_async(request).await.unwrap();
        let first = socket.next().await.unwrap().unwrap();
        serde_json::from_str(first.to_text().unwrap()).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_brings_its_manifest_and_sees_its_lease() {
    let story = Story::begin().await;
    let (ours, others) = (story.full("tenant"), story.full("other"));
    assert_eq!(story.ask("/address", None).await, (200, json!({ "address": story.world.address.to_string() })));
    assert_eq!(story.ask("/version", None).await.0, 200);

    // Who may bring it, and what.
    let manifest = story.manifest.clone();
    let another = manifest.replace("echo ready", "echo other");
    let logs_only = story.token("tenant", "ES256K", &json!({ "access": "scoped", "scope": ["logs"] }), 900);
    let expired = story.token("tenant", "ES256K", &json!({ "access": "full" }), 0);
    let stranger = story.full("nobody");
    let forged = format!("{}{}", &ours[..ours.len() - 8], "AAAAAAAA");
    for (token, body, status) in [
        (None, &manifest, 401),
        (Some("a.b.c"), &manifest, 401),
        (Some(&*forged), &manifest, 401),
        (Some(&*expired), &manifest, 401),
        (Some(&*stranger), &manifest, 401),
        (Some(&*logs_only), &manifest, 401),
        // Its own lease has another owner: there is none of that number.
        (Some(&*others), &manifest, 404),
        (Some(&*ours), &another, 422),
        (Some(&*ours), &"[]".to_owned(), 422),
        (Some(&*ours), &"{".to_owned(), 422),
    ] {
        let answer = story.bring(77, body, token).await;
        assert_eq!(answer.0, status, "{token:?} {}", answer.1);
    }
    assert_eq!(story.ask("/lease/77/1/1/status", Some(&ours)).await.0, 404, "nothing was taken");
    assert_eq!(story.bring(77, &manifest, Some(&ours)).await, (200, String::new()));
    assert_eq!(story.bring(77, &manifest, Some(&ours)).await.0, 200, "brought again, it is the same");

    // A wallet's token, for this lease alone.
    let part = json!({ "access": "granular", "permissions": [{ "provider": story.world.address.to_string(),
        "access": "granular", "deployments": [{ "scope": ["status", "get-manifest"], "dseq": 77 }] }] });
    let wallet = story.token("tenant", "ES256KADR36", &part, 900);
    let (status, lease) = story.ask("/lease/77/1/1/status", Some(&wallet)).await;
    assert_eq!((status, &lease["services"]["web"]["total"]), (200, &1.into()), "{lease}");
    let (_, read_back) = story.ask("/lease/77/1/1/manifest", Some(&wallet)).await;
    assert_eq!(read_back, serde_json::from_str::<Value>(&manifest).unwrap());
    for path in ["/lease/77/1/1/status", "/lease/77/1/1/manifest", "/lease/77/1/1/service/web/status", "/lease/78/1/1/status"] {
        assert_eq!(story.ask(path, Some(&others)).await.0, 404, "{path}: another's lease is no lease of ours");
        assert_eq!(story.ask(path, None).await.0, 401, "{path}");
    }
    assert_eq!(story.ask("/lease/77/1/x/status", Some(&ours)).await.0, 400);
    assert_eq!(story.ask("/lease/77/1/1/logs", Some(&ours)).await.0, 426, "over a WebSocket");

    // Reconcile runs it; the tenant sees it running, and what it says.
    let begun = Instant::now();
    loop {
        story.run(&["workloads", "reconcile"]).await;
        let (_, service) = story.ask("/lease/77/1/1/service/web/status", Some(&ours)).await;
        if service["available"] == 1 {
            break;
        }
        assert!(begun.elapsed() < Duration::from_mins(2), "{service}");
    }
    let line = story.frame("/lease/77/1/1/logs?follow=true&tail=-1", &ours).await;
    assert_eq!(line, json!({ "name": "web-0", "message": "ready" }));
    let event = story.frame("/lease/77/1/1/kubeevents?follow=false", &ours).await;
    assert_eq!((&event["type"], &event["reason"]), (&"Normal".into(), &"pending".into()), "{event}");
    let (_, status) = story.ask("/status", None).await;
    assert_eq!((&status["cluster"]["leases"], &status["manifest"]["deployments"]), (&1.into(), &1.into()));
}
