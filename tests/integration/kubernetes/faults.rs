//! A cluster that fails: each failure is what it is, and never means that something is absent.

use std::time::Duration;

use provider::adapters::Adapter;
use provider::adapters::kubernetes::Kubernetes;
use provider::domain::fault::{Classified, Fault};

use super::proxy::{Proxy, Rule, Then, rule};
use super::server::{Plot, server};
use crate::workloads::conformance::{running, target};
use crate::workloads::specs::{service, spec};

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_not_absent() {
    let Some(server) = server() else { return };
    let plot = Plot::new(server, "faults");
    let proxy = Proxy::before(server, &server.provider()).await;
    let mut options = plot.options(proxy.kubeconfig());
    options.access.timeout = Duration::from_secs(5);
    options.access.page = 1;
    let adapter = Kubernetes::new(options.clone());
    let two = ["a", "b"].map(|name| spec(name, 1, vec![service("web", "img:1", &["/x"])]));
    for spec in &two {
        adapter.ensure(spec).await.unwrap();
    }
    for spec in &two {
        running(&adapter, spec).await;
    }
    proxy.take();
    let pods = "/api/v1/pods";
    let half = |then: Then| Rule { method: "GET", part: "continue=".to_owned(), times: usize::MAX, then };
    for (name, rule, fault) in [
        ("401", rule("GET", pods, Then::Status(401, "Unauthorized", None)), Fault::Denied),
        ("403", rule("GET", pods, Then::Status(403, "Forbidden", None)), Fault::Denied),
        ("429", rule("GET", pods, Then::Status(429, "TooManyRequests", Some(1))), Fault::Unavailable),
        ("500", rule("GET", pods, Then::Status(500, "InternalError", None)), Fault::Unavailable),
        ("503", rule("GET", pods, Then::Status(503, "ServiceUnavailable", None)), Fault::Unavailable),
        ("cut", rule("GET", pods, Then::Cut), Fault::Unavailable),
        ("half a list that expires", half(Then::Status(410, "Expired", None)), Fault::Unavailable),
        ("half a list that is cut", half(Then::Cut), Fault::Unavailable),
        ("half a list that fails", half(Then::Status(500, "InternalError", None)), Fault::Unavailable),
    ] {
        proxy.set([rule]);
        let error = adapter.observe().await.unwrap_err();
        assert_eq!(error.fault(), fault, "{name}: {error:?}");
        assert!(adapter.sample().await.is_err(), "{name}");
        assert!(adapter.probe().await.is_err(), "{name}");
    }
    // What is to be ended and cannot be seen is not taken for ended.
    proxy.set([rule("GET", "/api/v1/namespaces/", Then::Status(503, "ServiceUnavailable", None))]);
    for spec in &two {
        assert_eq!(adapter.remove(target(spec)).await.unwrap_err().fault(), Fault::Unavailable);
        assert_eq!(adapter.stop(target(spec), Duration::ZERO).await.unwrap_err().fault(), Fault::Unavailable);
        assert_eq!(adapter.ensure(spec).await.unwrap_err().fault(), Fault::Unavailable);
    }
    let changed: Vec<String> = proxy.take().into_iter().filter(|request| !request.starts_with("GET ")).collect();
    assert_eq!(changed, Vec::<String>::new(), "nothing is changed on what is not known");
    // What passes is waited for: a list that expires once, a cluster that is busy once, one that is slow.
    for then in [
        Then::Status(410, "Expired", None),
        Then::Status(429, "TooManyRequests", Some(1)),
        Then::Late(Duration::from_millis(300)),
    ] {
        proxy.set([Rule { times: 1, ..half(then) }]);
        assert_eq!(adapter.observe().await.unwrap().len(), 2);
    }
    // No answer at all: it ends with the time for one request.
    options.access.timeout = Duration::from_secs(1);
    let hasty = Kubernetes::new(options.clone());
    proxy.set([rule("GET", pods, Then::Hang)]);
    let error = hasty.observe().await.unwrap_err();
    assert_eq!(error.fault(), Fault::Unavailable);
    assert!(provider::domain::fault::in_one_line(&error).contains("no answer in 1 s"), "{error:?}");
    // Changes that the cluster refuses.
    for (name, then, fault) in [
        ("409", Then::Status(409, "Conflict", None), Fault::Conflict),
        ("422", Then::Status(422, "Invalid", None), Fault::Invalid),
        ("403", Then::Status(403, "Forbidden", None), Fault::Denied),
        ("500", Then::Status(500, "InternalError", None), Fault::Unavailable),
        ("cut", Then::Cut, Fault::Unavailable),
    ] {
        proxy.set([rule("PATCH", "/deployments/", then)]);
        let error = adapter.ensure(&two[0]).await.unwrap_err();
        assert_eq!(error.fault(), fault, "{name}: {error:?}");
    }
    proxy.set([]);
    assert_eq!(adapter.observe().await.unwrap().len(), 2, "all of it is still there");
    // Nobody there.
    let text = std::fs::read_to_string(proxy.kubeconfig()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("kubeconfig");
    let at = text.find("http://127.0.0.1:").unwrap();
    let end = at + text[at..].find('\'').unwrap();
    std::fs::write(&nowhere, text.replace(&text[at..end], "http://127.0.0.1:1")).unwrap();
    options.access.kubeconfig = Some(nowhere);
    let gone = Kubernetes::new(options);
    assert_eq!(gone.observe().await.unwrap_err().fault(), Fault::Unavailable);
    assert_eq!(gone.remove(target(&two[0])).await.unwrap_err().fault(), Fault::Unavailable);
    for spec in &two {
        adapter.remove(target(spec)).await.unwrap();
    }
}

/// A steady look asks for one list of each kind, in pages, whatever there is.
#[tokio::test(flavor = "multi_thread")]
async fn a_steady_look_is_one_list_of_each_kind() {
    let Some(server) = server() else { return };
    let plot = Plot::new(server, "steady");
    let proxy = Proxy::before(server, &server.provider()).await;
    let adapter = Kubernetes::new(plot.options(proxy.kubeconfig()));
    let specs: Vec<_> = (0..4).map(|n| spec(&format!("s{n}"), 1, vec![service("web", "img:1", &["/x"])])).collect();
    for spec in &specs {
        adapter.ensure(spec).await.unwrap();
    }
    for spec in &specs {
        running(&adapter, spec).await;
    }
    proxy.take();
    assert_eq!(adapter.observe().await.unwrap().len(), 4);
    let mut kinds: Vec<String> =
        proxy.take().iter().map(|request| request.split('?').next().unwrap().to_owned()).collect();
    kinds.sort();
    assert_eq!(
        kinds,
        [
            "GET /api/v1/namespaces",
            "GET /api/v1/pods",
            "GET /api/v1/services",
            "GET /apis/apps/v1/deployments",
            "GET /apis/apps/v1/statefulsets",
        ]
    );
    let samples = adapter.sample().await.unwrap();
    assert_eq!(samples.len(), 4);
    let meters = &samples[0].meters;
    assert_eq!((meters.storage.unwrap().0, meters.received.unwrap().0 * 2), (1500, meters.sent.unwrap().0));
    assert_eq!((meters.cpu.as_secs() * 4096, meters.cpu.as_secs() * 10), (meters.memory.0, meters.received.unwrap().0));
    for spec in &specs {
        adapter.remove(target(spec)).await.unwrap();
    }
}
