//! A server between us and the apiserver: it passes on what it is asked as the provider's own user, fails on demand, and
//! plays the kubelets, whose meters KWOK does not have.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, Response};
use k8s_openapi::api::core::v1::Pod;
use kube::api::{Api, ListParams};
use kube::config::{KubeConfigOptions, Kubeconfig};
use serde_json::json;
use tempfile::TempDir;

use super::server::Server;

/// What happens to a request instead.
#[derive(Debug, Clone)]
pub enum Then {
    /// It is answered with this status and reason, and perhaps told to come again after so many seconds.
    Status(u16, &'static str, Option<u32>),
    /// Half of an answer, and the connection is cut.
    Cut,
    /// No answer at all.
    Hang,
    /// It is passed on after so long.
    Late(Duration),
}

/// Which requests: a method and a part of the path and query; how often; what then.
#[derive(Debug, Clone)]
pub struct Rule {
    pub method: &'static str,
    pub part: String,
    pub times: usize,
    pub then: Then,
}

pub fn rule(method: &'static str, part: &str, then: Then) -> Rule {
    Rule { method, part: part.to_owned(), times: usize::MAX, then }
}

struct Inner {
    upstream: kube::Client,
    admin: kube::Client,
    rules: Mutex<Vec<Rule>>,
    seen: Mutex<Vec<String>>,
    beats: AtomicU64,
}

pub struct Proxy {
    inner: Arc<Inner>,
    folder: TempDir,
}

async fn client(kubeconfig: &Path) -> kube::Client {
    let file = Kubeconfig::read_from(kubeconfig).unwrap();
    let config = kube::Config::from_custom_kubeconfig(file, &KubeConfigOptions::default()).await.unwrap();
    kube::Client::try_from(config).unwrap()
}

impl Proxy {
    /// Begins to listen; passes on as this user.
    pub async fn before(server: &Server, user: &Path) -> Self {
        let inner = Arc::new(Inner {
            upstream: client(user).await,
            admin: client(&server.admin()).await,
            rules: Mutex::default(),
            seen: Mutex::default(),
            beats: AtomicU64::new(1),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = axum::Router::new().fallback(pass).with_state(Arc::clone(&inner));
        tokio::spawn(async move { axum::serve(listener, app).await });
        let folder = tempfile::tempdir().unwrap();
        let text = format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: proxy\nclusters: [{{ name: proxy, cluster: {{ server: 'http://{address}' }} }}]\n\
             contexts: [{{ name: proxy, context: {{ cluster: proxy, user: us }} }}]\nusers: [{{ name: us, user: {{}} }}]\n"
        );
        std::fs::write(folder.path().join("kubeconfig"), text).unwrap();
        Self { inner, folder }
    }

    pub fn kubeconfig(&self) -> PathBuf {
        self.folder.path().join("kubeconfig")
    }

    /// From now on these rules hold, and no others.
    pub fn set(&self, rules: impl IntoIterator<Item = Rule>) {
        *self.inner.rules.lock().unwrap() = rules.into_iter().collect();
    }

    /// The requests since the last time: `GET /api/v1/pods?…`.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.inner.seen.lock().unwrap())
    }
}

impl Inner {
    fn then(&self, method: &str, path: &str) -> Option<Then> {
        let mut rules = self.rules.lock().unwrap();
        let found = rules.iter_mut().find(|rule| {
            rule.times > 0 && (rule.method == "*" || rule.method == method) && path.contains(&rule.part)
        })?;
        found.times = found.times.saturating_sub(1);
        Some(found.then.clone())
    }

    /// What a kubelet says: every pod of its node has used some more since the last time.
    async fn summary(&self, node: &str) -> Response<Body> {
        let wanted = ListParams::default().fields(&format!("spec.nodeName={node}"));
        let pods = Api::<Pod>::all(self.admin.clone()).list(&wanted).await.unwrap();
        let beat = self.beats.fetch_add(1, Ordering::Relaxed);
        let now = jiff::Timestamp::now().to_string();
        let of_pod = |pod: &Pod| {
            json!({
                "podRef": { "name": pod.metadata.name, "namespace": pod.metadata.namespace, "uid": pod.metadata.uid },
                "containers": [{
                    "name": "service",
                    "cpu": { "time": now, "usageNanoCores": 1, "usageCoreNanoSeconds": beat * 1_000_000_000 },
                    "memory": { "time": now, "workingSetBytes": 4096 * beat, "usageBytes": 9_999_999 },
                }],
                "network": { "time": now, "name": "eth0", "rxBytes": 10 * beat, "txBytes": 20 * beat },
                "volume": [
                    { "name": "data-x", "usedBytes": 1000, "pvcRef": { "name": "x", "namespace": "y" } },
                    { "name": "scratch", "usedBytes": 5_000_000 },
                ],
                "ephemeral-storage": { "time": now, "usedBytes": 500 },
            })
        };
        let text = json!({ "node": { "nodeName": node }, "pods": pods.items.iter().map(of_pod).collect::<Vec<_>>() });
        Response::builder().header("content-type", "application/json").body(Body::from(text.to_string())).unwrap()
    }
}

fn status(code: u16, reason: &str, after: Option<u32>) -> Response<Body> {
    let text = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "code": code, "reason": reason,
        "message": format!("a fault that was asked for ({code})"), "details": { "retryAfterSeconds": after },
    });
    let mut answer = Response::builder().status(code).header("content-type", "application/json");
    if let Some(seconds) = after {
        answer = answer.header("retry-after", seconds);
    }
    answer.body(Body::from(text.to_string())).unwrap()
}

async fn pass(State(inner): State<Arc<Inner>>, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path_and_query().unwrap().as_str().to_owned();
    inner.seen.lock().unwrap().push(format!("{} {path}", parts.method));
    match inner.then(parts.method.as_str(), &path) {
        None => {}
        Some(Then::Late(late)) => tokio::time::sleep(late).await,
        Some(Then::Hang) => std::future::pending::<()>().await,
        Some(Then::Status(code, reason, after)) => return status(code, reason, after),
        Some(Then::Cut) => {
            let pieces = [Ok("{\"kind\": \"List\", \"items\": ["), Err(std::io::Error::other("cut"))];
            let body = Body::from_stream(futures_util::stream::iter(pieces));
            return Response::builder().header("content-type", "application/json").body(body).unwrap();
        }
    }
    if let Some(node) = path.strip_prefix("/api/v1/nodes/").and_then(|rest| rest.strip_suffix("/proxy/stats/summary")) {
        return inner.summary(node).await;
    }
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let mut forwarded = Request::builder().method(parts.method).uri(path);
    for name in ["content-type", "accept"] {
        if let Some(value) = parts.headers.get(name) {
            forwarded = forwarded.header(name, value);
        }
    }
    let forwarded = forwarded.body(kube::client::Body::from(bytes.to_vec())).unwrap();
    match inner.upstream.send(forwarded).await {
        Ok(answer) => answer.map(Body::new),
        Err(error) => status(502, "BadGateway", None).map(|_| Body::from(error.to_string())),
    }
}
