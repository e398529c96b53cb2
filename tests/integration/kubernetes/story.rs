//! The story of a lease in a cluster: ordered, leased, run, paused at the end of its funds, resumed, closed; the namespace
//! is gone. And a state file that was lost.

use super::proxy::Proxy;
use super::server::{Plot, server};
use crate::workloads::story::Story;

#[tokio::test(flavor = "multi_thread")]
async fn from_an_order_to_a_namespace_that_is_gone() {
    let Some(server) = server() else { return };
    let plot = Plot::new(server, "story");
    let proxy = Proxy::before(server, &server.provider()).await;
    let sections = format!(
        "orchestration:\n  adapter: kubernetes\n  kubernetes: {{ kubeconfig: {}, site: {}, namespace_prefix: {} }}\n",
        proxy.kubeconfig().display(),
        plot.site,
        plot.prefix
    );
    let story = Story::on(plot.site.clone(), &sections).await;
    story.up().await;
    let workload = story.workload().await["workload"].as_str().unwrap().to_owned();
    let namespace = server.get(&["namespace", &plot.namespace(&workload)]);
    assert_eq!(namespace["metadata"]["annotations"]["provider.owner"], story.lease.as_str());
    assert_eq!(namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"], "restricted");
    // The state file is lost: the cluster says what runs, and whose it is.
    let state = story.world.folder.path().join("lost.db");
    let lost = ["workloads", "reconcile", "--state-file", state.to_str().unwrap()];
    let (code, out, err) = story.run(&lost).await;
    assert!(code.is_some(), "{out}{err}");
    let (_, out, err) = story.run(&["workloads", "list", "-o", "json", "--state-file", state.to_str().unwrap()]).await;
    assert!(out.contains(&story.lease) && out.contains(&workload), "{out}{err}");

    story.pass(12).await;
    assert_eq!(story.steps().await, ["pause"]);
    let pods = || server.get(&["pods", "-n", &plot.namespace(&workload)])["items"].as_array().unwrap().len();
    plot.until("no pods while it is paused", || (pods() == 0).then_some(())).await;
    assert_eq!(story.steps().await, Vec::<String>::new());
    assert!(story.try_top_up().await, "a top-up in time is taken");
    assert_eq!(story.steps().await, ["resume"]);
    plot.until("its pod again", || (pods() == 1).then_some(())).await;
    story.until("running").await;
    story.tenant(provider::devnet::tenant::Action::CloseLease { dseq: story.dseq, gseq: None }).await;
    story.until("terminated").await;
    let (there, said) = server.kubectl_as(&server.admin(), &["get", "namespace", &plot.namespace(&workload)], "");
    assert!(!there && said.contains("NotFound"), "{said}");
    story.has_final_usage().await;
    assert_eq!(story.steps().await, Vec::<String>::new());
}
