//! The real apiserver takes every object that we make of ten manifests.

use provider::adapters::Adapter;
use provider::adapters::kubernetes::Kubernetes;
use provider::adapters::kubernetes::options::SoldClass;
use provider::domain::manifest;
use provider::domain::workload::{Owner, Revision, Spec, WorkloadId};

use super::server::{Plot, server};
use crate::workloads::conformance::{find, target};

#[tokio::test(flavor = "multi_thread")]
async fn the_cluster_takes_what_we_make_of_ten_manifests() {
    let Some(server) = server() else { return };
    let plot = Plot::new(server, "ten");
    let mut options = plot.options(server.provider());
    // Another site of this run has the same names of its own: they are told apart by the domain.
    options.network.ingress_domain = Some(format!("{}.example.com", plot.site));
    options.storage_classes.push(SoldClass { name: "beta2".to_owned(), default: false });
    options.image_pull_secrets = vec!["operator".to_owned()];
    options.image_pull_secrets_namespace = Some(plot.namespace("secrets"));
    server.kubectl(&["create", "namespace", &plot.namespace("secrets")]);
    let docker = ["--docker-server=a.example", "--docker-username=u", "--docker-password=p"];
    let missing = Kubernetes::new(options.clone());
    let mut specs = vec![];
    for name in ["one", "web", "db", "pair", "gpu", "ram", "ports", "ip", "login", "long"] {
        let text = std::fs::read_to_string(format!("fixtures/kubernetes/{name}.yaml")).unwrap();
        let text = text.replace("shop.example.com", &format!("{}.shop.example.com", plot.site));
        let (_, mut deployment) = manifest::read(&text).unwrap();
        specs.push(Spec {
            id: WorkloadId::of_operator(name).unwrap(),
            owner: Owner::Operator,
            revision: Revision([1; 32]),
            group: deployment.manifest.groups.remove(0),
            probes: deployment.probes,
        });
    }
    let error = missing.ensure(&specs[0]).await.unwrap_err().to_string();
    assert!(error.contains("secret operator of `image_pull_secrets` is not in namespace"), "{error}");
    let of_secret = ["create", "secret", "docker-registry", "operator", "-n"];
    server.kubectl(&[&of_secret[..], &[&plot.namespace("secrets")], &docker].concat());
    let adapter = Kubernetes::new(options);
    for spec in &specs {
        for _ in 0..2 {
            adapter.ensure(spec).await.unwrap_or_else(|error| panic!("{}: {error:?}", spec.id));
        }
        let seen = find(&adapter, &spec.id).await.unwrap();
        assert_eq!(seen.units.len(), spec.units() as usize, "{seen:?}");
    }
    let namespace = plot.namespace(specs[0].id.as_str());
    let copied = server.get(&["secret", "operator.copied", "-n", &namespace]);
    assert_eq!(copied["type"], "kubernetes.io/dockerconfigjson");
    // A host name that another lease has is refused.
    let text = std::fs::read_to_string("fixtures/kubernetes/web.yaml").unwrap();
    let text = text.replace("shop.example.com", &format!("{}.shop.example.com", plot.site));
    let (_, mut deployment) = manifest::read(&text).unwrap();
    let group = deployment.manifest.groups.remove(0);
    let id = WorkloadId::of_operator("thief").unwrap();
    let thief = Spec { id, owner: Owner::Operator, revision: Revision([1; 32]), group, probes: deployment.probes };
    let error = adapter.ensure(&thief).await.unwrap_err().to_string();
    assert!(error.contains("is served for another already"), "{error}");
    for spec in &specs {
        // All at once: each is told, and their ends are watched by the cluster.
        server.kubectl(&["delete", "namespace", "--wait=false", &plot.namespace(spec.id.as_str())]);
    }
    for spec in &specs {
        adapter.remove(target(spec)).await.unwrap();
    }
    server.kubectl(&["delete", "namespace", "--wait=false", &plot.namespace("secrets")]);
}
