//! Workloads in a cluster: what every back end promises, and what only a cluster does.

use std::time::Duration;

use provider::adapters::kubernetes::{Kubernetes, Options};
use provider::adapters::{Adapter, Check, Error, LogRequest};
use provider::domain::manifest::{Attribute, Mount, Parameters, Volume};
use provider::domain::resources::{Bytes, MilliCpu};
use provider::domain::workload::{Probe, Revision, Spec, UnitState, WorkloadId};

use super::proxy::Proxy;
use super::server::{Plot, server};
use crate::workloads::conformance::{Material, find, lines, running, suite, target};
use crate::workloads::specs::{service, spec};

const IMAGE: &str = "registry.example.com/web:1";

fn small(name: &str) -> Spec {
    spec(name, 1, vec![service("web", IMAGE, &["/bin/web"])])
}

/// What is on the way is a list of our own, so that nothing of it is missed: more than a page.
#[tokio::test(flavor = "multi_thread")]
async fn the_cluster_conforms() {
    let Some(server) = server() else { return };
    let plot = Plot::new(server, "suite");
    let proxy = Proxy::before(server, &server.provider()).await;
    let mut options = plot.options(proxy.kubeconfig());
    options.access.page = 2;
    let material = Material {
        image: IMAGE,
        forever: &["/bin/forever"],
        ends_with_3: &["/bin/false"],
        impossible: None,
        real: false,
    };
    suite(&Kubernetes::new(options), "suite", &material).await;
}

/// What the cluster itself holds a lease to, whoever tries.
#[tokio::test(flavor = "multi_thread")]
async fn the_cluster_enforces_what_was_leased() {
    let Some(server) = server() else { return };
    let plot = Plot::new(server, "walls");
    let adapter = Kubernetes::new(plot.options(server.provider()));
    let spec = small("walls");
    adapter.ensure(&spec).await.unwrap();
    running(&adapter, &spec).await;
    let namespace = plot.namespace(spec.id.as_str());
    let pod = |name: &str, privileged: bool, resources: &str| {
        format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, namespace: {namespace}}}, spec: {{securityContext: \
             {{runAsNonRoot: true, seccompProfile: {{type: RuntimeDefault}}}}, containers: [{{name: c, image: 'a:1', \
             resources: {{{resources}}}, securityContext: {{privileged: {privileged}, allowPrivilegeEscalation: \
             {privileged}, capabilities: {{drop: [ALL]}}}}}}]}}}}"
        )
    };
    let limits = "limits: {cpu: 1m, memory: 1Mi}, requests: {cpu: 1m, memory: 1Mi}";
    for (text, why) in [
        (pod("bad", true, limits), "violates PodSecurity \"restricted"),
        (pod("second", false, limits), "exceeded quota: leased"),
        (pod("big", false, "limits: {cpu: 100, memory: 1Mi}"), "maximum cpu usage per Container is 500m"),
    ] {
        let (well, said) = server.kubectl_as(&server.admin(), &["create", "-f", "-"], &text);
        assert!(!well && said.contains(why), "{said}");
    }
    let policies = server.get(&["networkpolicies", "-n", &namespace]);
    let names: Vec<&str> =
        policies["items"].as_array().unwrap().iter().map(|one| one["metadata"]["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["egress", "ingress"]);
    let to = &policies["items"][0]["spec"]["egress"][2]["to"];
    for range in ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"] {
        assert!(to[0]["ipBlock"]["except"].as_array().unwrap().iter().any(|one| one == range), "{to}");
    }
    assert_eq!(to[1]["ipBlock"]["cidr"], "2000::/3");
    let account = server.get(&["serviceaccount", "workload", "-n", &namespace]);
    assert_eq!(account["automountServiceAccountToken"], false);
    adapter.remove(target(&spec)).await.unwrap();
}

/// Another manager of fields changes what is ours, and adds what is not: ours is as it should be after the next step,
/// theirs stays.
#[tokio::test(flavor = "multi_thread")]
async fn fields_that_others_changed_come_back() {
    let Some(server) = server() else { return };
    let plot = Plot::new(server, "fields");
    let adapter = Kubernetes::new(plot.options(server.provider()));
    let spec = small("fields");
    adapter.ensure(&spec).await.unwrap();
    running(&adapter, &spec).await;
    let namespace = plot.namespace(spec.id.as_str());
    let theirs = format!(
        "{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: web, namespace: {namespace}, annotations: {{theirs: \
         kept}}}}, spec: {{replicas: 0, template: {{spec: {{containers: [{{name: service, image: 'other:1'}}]}}}}}}}}"
    );
    let arguments = ["apply", "--server-side", "--force-conflicts", "--field-manager=theirs", "-f", "-"];
    let (well, said) = server.kubectl_as(&server.admin(), &arguments, &theirs);
    assert!(well, "{said}");
    adapter.ensure(&spec).await.unwrap();
    let deployment = server.get(&["deployment", "web", "-n", &namespace]);
    assert_eq!(deployment["spec"]["template"]["spec"]["containers"][0]["image"], IMAGE);
    assert_eq!(
        (&deployment["spec"]["replicas"], &deployment["metadata"]["annotations"]["theirs"]),
        (&1.into(), &"kept".into())
    );
    running(&adapter, &spec).await;
    adapter.remove(target(&spec)).await.unwrap();
}

/// Two providers in one cluster do not see each other, and what has the name of ours and is not ours is not touched.
#[tokio::test(flavor = "multi_thread")]
async fn another_provider_is_not_touched() {
    let Some(server) = server() else { return };
    let (plot, other) = (Plot::new(server, "one"), Plot::new(server, "two"));
    let ours = Kubernetes::new(plot.options(server.provider()));
    let theirs = Kubernetes::new(other.options(server.provider()));
    let spec = small("same");
    theirs.ensure(&spec).await.unwrap();
    assert_eq!(find(&ours, &spec.id).await, None);
    ours.remove(target(&spec)).await.unwrap();
    running(&theirs, &spec).await;
    // The same prefix: it is in the way.
    let mut options: Options = plot.options(server.provider());
    options.prefix = other.options(server.provider()).prefix;
    let confused = Kubernetes::new(options);
    let error = confused.ensure(&spec).await.unwrap_err();
    assert!(matches!(&error, Error::InTheWay { what, .. } if what.starts_with("namespace two-")), "{error:?}");
    for _ in 0..2 {
        confused.pause(target(&spec)).await.unwrap();
        confused.stop(target(&spec), Duration::ZERO).await.unwrap();
        confused.remove(target(&spec)).await.unwrap();
    }
    running(&theirs, &spec).await;
    // A namespace with our label and nothing else is shown and left alone.
    let stray = plot.namespace("stray");
    server.kubectl(&["create", "namespace", &stray]);
    server.kubectl(&["label", "namespace", &stray, &format!("provider.site={}", plot.site)]);
    let strays = ours.strays().await.unwrap();
    assert_eq!((strays.len(), strays[0].what.as_str()), (1, format!("namespace {stray}").as_str()));
    assert_eq!(strays[0].why, "its provider.workload is missing, or is no word of ours");
    ours.remove(provider::adapters::Target { id: &WorkloadId::of_operator("stray").unwrap(), handle: None })
        .await
        .unwrap();
    server.get(&["namespace", &stray]);
    theirs.remove(target(&spec)).await.unwrap();
}

/// What keeps a namespace is named; when it is gone the next attempt comes to its end.
#[tokio::test(flavor = "multi_thread")]
async fn what_keeps_a_namespace_is_named() {
    let Some(server) = server() else { return };
    let plot = Plot::new(server, "stuck");
    let mut options = plot.options(server.provider());
    options.access.removal_timeout = Duration::from_secs(12);
    let adapter = Kubernetes::new(options);
    let spec = small("stuck");
    adapter.ensure(&spec).await.unwrap();
    running(&adapter, &spec).await;
    let namespace = plot.namespace(spec.id.as_str());
    let held = "{\"metadata\":{\"finalizers\":[\"example.com/keeps-it\"]}}";
    server.kubectl(&["patch", "service", "web", "-n", &namespace, "--type=merge", "-p", held]);
    let error = adapter.remove(target(&spec)).await.unwrap_err();
    let why = provider::domain::fault::in_one_line(&error);
    assert!(why.contains("is still ending") && why.contains("example.com/keeps-it"), "{why}");
    assert!(find(&adapter, &spec.id).await.is_some(), "it is not gone");
    let early = provider::domain::fault::in_one_line(&adapter.ensure(&spec).await.unwrap_err());
    assert!(early.contains("is still ending"), "{early}");
    let free = "{\"metadata\":{\"finalizers\":null}}";
    server.kubectl(&["patch", "service", "web", "-n", &namespace, "--type=merge", "-p", free]);
    plot.until("the end of the namespace", || {
        (!server.kubectl_as(&server.admin(), &["get", "namespace", &namespace], "").0).then_some(())
    })
    .await;
    adapter.remove(target(&spec)).await.unwrap();
    assert_eq!(find(&adapter, &spec.id).await, None);
}

/// Why a unit is not up, in words.
#[tokio::test(flavor = "multi_thread")]
async fn failures_are_told_in_words() {
    let Some(server) = server() else { return };
    let plot = Plot::new(server, "words");
    let adapter = Kubernetes::new(plot.options(server.provider()));
    let mut spec = spec(
        "words",
        1,
        ["crash", "oom", "pull", "huge", "unready"].map(|name| service(name, IMAGE, &["/bin/x"])).to_vec(),
    );
    spec.group.services[3].resources.cpu.units = MilliCpu(1_000_000);
    let probe = Probe::Http { port: 80, path: "/up".to_owned() };
    spec.probes.insert("unready".to_owned(), probe.clone());
    adapter.ensure(&spec).await.unwrap();
    let namespace = plot.namespace(spec.id.as_str());
    for (service, fail) in [("crash", "crashloop"), ("oom", "oom"), ("pull", "imagepull"), ("unready", "unready")] {
        let patch = format!(
            "{{\"spec\":{{\"template\":{{\"metadata\":{{\"annotations\":{{\"test.provider/fail\":\"{fail}\"}}}}}}}}}}"
        );
        server.kubectl(&["patch", "deployment", service, "-n", &namespace, "--type=merge", "-p", &patch]);
    }
    let begun = std::time::Instant::now();
    loop {
        let seen = find(&adapter, &spec.id).await.unwrap();
        let of = |service: &str| seen.units.iter().find(|unit| unit.service == service && unit.replica == 0).unwrap();
        let failed = |service: &str, word: &str, short: bool| match &of(service).state {
            UnitState::Failed { reason, exhausted } => reason.contains(word) && *exhausted == short,
            _ => false,
        };
        let waits = of("huge").waits_for.as_deref().unwrap_or_default();
        if failed("crash", "CrashLoopBackOff", false)
            && failed("oom", "outgrew its memory (OOMKilled)", true)
            && failed("pull", "image cannot be pulled (ImagePullBackOff)", false)
            && waits.contains("no node takes it (Unschedulable): 0/")
            && waits.contains("Insufficient cpu")
            && of("unready").state == UnitState::Running
        {
            break;
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "{seen:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let container =
        &server.get(&["deployment", "unready", "-n", &namespace])["spec"]["template"]["spec"]["containers"][0];
    assert_eq!(container["readinessProbe"]["httpGet"]["path"], "/up");
    let check = Check {
        workload: target(&spec),
        service: "unready",
        replica: 0,
        probe: &probe,
        timeout: Duration::from_secs(1),
    };
    let found = adapter.check(check).await.unwrap();
    assert!(!found.healthy && found.kind == "http", "{found:?}");
    adapter.remove(target(&spec)).await.unwrap();
}

/// Volumes outlive pods, holds and other sizes; they go with the workload.
#[tokio::test(flavor = "multi_thread")]
async fn volumes_stay_as_long_as_the_workload() {
    let Some(server) = server() else { return };
    let plot = Plot::new(server, "disks");
    let adapter = Kubernetes::new(plot.options(server.provider()));
    let mut db = service("db", IMAGE, &["/bin/db"]);
    let attributes = [("persistent", "true"), ("class", "default")]
        .map(|(key, value)| Attribute { key: key.to_owned(), value: value.to_owned() })
        .to_vec();
    db.resources.storage.push(Volume { name: "Data_1".to_owned(), size: Bytes(1_000_000_000), attributes });
    let mount = Mount { name: "Data_1".to_owned(), mount: "/var/lib/db".to_owned(), read_only: false };
    db.parameters = Some(Parameters { storage: vec![mount] });
    let mut spec = spec("disks", 1, vec![db]);
    adapter.ensure(&spec).await.unwrap();
    running(&adapter, &spec).await;
    let namespace = plot.namespace(spec.id.as_str());
    let claims = || {
        let found = server.get(&["persistentvolumeclaims", "-n", &namespace]);
        let claims = found["items"].as_array().unwrap().iter();
        claims.map(|claim| claim["metadata"]["uid"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let first = claims();
    assert_eq!(first.len(), 1);
    // The cluster writes its size in another way; it is the same set all the same.
    let set = || server.get(&["statefulset", "db", "-n", &namespace])["metadata"]["uid"].clone();
    let before = set();
    adapter.ensure(&spec).await.unwrap();
    assert_eq!(set(), before);
    adapter.pause(target(&spec)).await.unwrap();
    adapter.resume(target(&spec)).await.unwrap();
    running(&adapter, &spec).await;
    // Another image and a second volume: what cannot be changed in the set is changed, and the data stay.
    spec.revision = Revision([2; 32]);
    spec.group.services[0].image = "registry.example.com/web:2".to_owned();
    let mut second = spec.group.services[0].resources.storage[1].clone();
    second.name = "more".to_owned();
    spec.group.services[0].resources.storage.push(second);
    let mount = Mount { name: "more".to_owned(), mount: "/more".to_owned(), read_only: false };
    spec.group.services[0].parameters.as_mut().unwrap().storage.push(mount);
    adapter.ensure(&spec).await.unwrap();
    let begun = std::time::Instant::now();
    while !find(&adapter, &spec.id).await.unwrap().units.iter().all(|unit| unit.revision == spec.revision) {
        assert!(begun.elapsed() < Duration::from_mins(1), "{:?}", find(&adapter, &spec.id).await);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    running(&adapter, &spec).await;
    assert!(claims().contains(&first[0]) && claims().len() == 2, "{:?}", claims());
    adapter.remove(target(&spec)).await.unwrap();
}

/// The output of every pod; the cluster's simulated containers all say the same two lines.
#[tokio::test(flavor = "multi_thread")]
async fn output_is_read() {
    let Some(server) = server() else { return };
    let plot = Plot::new(server, "logs");
    let adapter = Kubernetes::new(plot.options(server.provider()));
    let spec = small("logs");
    adapter.ensure(&spec).await.unwrap();
    running(&adapter, &spec).await;
    let read = lines(&adapter, &spec, &LogRequest::default()).await;
    let texts: Vec<&str> = read.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(texts, ["started", "serving on 8080"]);
    assert_eq!((read[0].service.as_str(), read[0].replica), ("web", 0));
    adapter.remove(target(&spec)).await.unwrap();
    assert_eq!(lines(&adapter, &spec, &LogRequest::default()).await, vec![]);
}
