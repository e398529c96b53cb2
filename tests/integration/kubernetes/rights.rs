//! What an account may do: config/kubernetes-rbac.yaml is enough, and what is missing is named.

use provider::adapters::kubernetes::Kubernetes;
use provider::adapters::{Adapter, Error};
use provider::domain::fault::{Classified, Fault};

use super::server::{Plot, server};
use crate::workloads::specs::{service, spec};

#[tokio::test]
async fn what_is_missing_is_named() {
    let Some(server) = server() else { return };
    let plot = Plot::new(server, "rights");
    let ours = Kubernetes::new(plot.options(server.provider()));
    assert_eq!(ours.missing_permissions().await.unwrap(), Vec::<String>::new());
    let nobody = Kubernetes::new(plot.options(server.nobody()));
    let missing = nobody.missing_permissions().await.unwrap();
    for permission in ["create namespaces", "patch deployments.apps", "get pods/log", "get nodes/proxy"] {
        assert!(missing.iter().any(|one| one == permission), "{permission}: {missing:?}");
    }
    assert_eq!(missing.len(), 43, "{missing:?}");
    // And what is missing is denied, not absent.
    for error in [
        nobody.observe().await.unwrap_err(),
        nobody.probe().await.unwrap_err(),
        nobody.ensure(&spec("x", 1, vec![service("web", "img:1", &["/x"])])).await.unwrap_err(),
    ] {
        assert_eq!(error.fault(), Fault::Denied, "{error}");
        assert!(error.hint().unwrap().contains("config/kubernetes-rbac.yaml"));
    }
}

/// Who is not let in at all is denied, too; a kubeconfig that is not there is the operator's to mend.
#[tokio::test]
async fn an_access_that_cannot_be_used_is_said() {
    let Some(server) = server() else { return };
    let plot = Plot::new(server, "access");
    let mut options = plot.options(server.admin());
    options.access.kubeconfig = Some("/nowhere/kubeconfig".into());
    let error = Kubernetes::new(options.clone()).observe().await.unwrap_err();
    assert!(matches!(error, Error::Unavailable { .. }), "{error:?}");
    options.access.kubeconfig = Some(server.admin());
    options.access.context = Some("nowhere".to_owned());
    assert!(Kubernetes::new(options).observe().await.is_err());
}
