//! What we must be allowed to do in a cluster: one table, from which the file for the operator is written and by which
//! `provider validate-config --check-connectivity` asks.

use futures_util::{StreamExt, TryStreamExt};
use k8s_openapi::api::authorization::v1::{ResourceAttributes, SelfSubjectAccessReview, SelfSubjectAccessReviewSpec};
use kube::api::{Api, PostParams};

use super::cluster::{Cluster, Problem};

/// What is to be done with one kind of thing, and what for.
struct Rule {
    group: &'static str,
    resource: &'static str,
    verbs: &'static [&'static str],
    why: &'static str,
}

const fn rule(group: &'static str, resource: &'static str, verbs: &'static [&'static str], why: &'static str) -> Rule {
    Rule { group, resource, verbs, why }
}

/// Everything, in all namespaces: those of leases come and go. Nothing here gives out rights, reads what is not ours but
/// its names, or runs anything inside of a pod.
const RULES: [Rule; 14] = [
    rule("", "namespaces", &["get", "list", "create", "patch", "delete"], "one for each lease"),
    rule("", "resourcequotas", &["get", "create", "patch"], "what was leased and no more"),
    rule("", "limitranges", &["create", "patch"], "what a container gets that says nothing"),
    rule("", "serviceaccounts", &["create", "patch"], "an account for pods that may do nothing"),
    rule("", "secrets", &["get", "list", "create", "patch", "delete"], "environments, and registry logins"),
    rule("", "services", &["list", "create", "patch", "delete"], "ways in"),
    rule("networking.k8s.io", "networkpolicies", &["list", "create", "patch", "delete"], "walls between leases"),
    rule("networking.k8s.io", "ingresses", &["list", "create", "patch", "delete"], "host names"),
    rule("apps", "deployments", &["list", "create", "patch", "delete"], "what keeps pods up"),
    rule("apps", "statefulsets", &["get", "list", "create", "patch", "delete"], "the same with volumes that persist"),
    rule("", "pods", &["list", "delete"], "how they are; and their end when a lease is stopped"),
    rule("", "pods/log", &["get"], "their output"),
    rule("", "nodes", &["list"], "what the cluster has"),
    rule("", "nodes/proxy", &["get"], "what pods used (`usage collect`); not needed where usage comes from Prometheus"),
];

/// How many questions are asked at the same time.
const AT_ONCE: usize = 8;

impl Rule {
    /// `deployments.apps`.
    fn shown(&self) -> String {
        if self.group.is_empty() { self.resource.to_owned() } else { format!("{}.{}", self.resource, self.group) }
    }

    fn attributes(&self, verb: &str) -> ResourceAttributes {
        let (resource, subresource) =
            self.resource.split_once('/').map_or((self.resource, None), |(of, sub)| (of, Some(sub)));
        ResourceAttributes {
            group: Some(self.group.to_owned()),
            resource: Some(resource.to_owned()),
            subresource: subresource.map(str::to_owned),
            verb: Some(verb.to_owned()),
            ..ResourceAttributes::default()
        }
    }
}

/// The file that gives an account of the cluster everything that we need, and no more.
pub fn rbac() -> String {
    let mut text = "# What `provider` must be allowed to do in a cluster: all of it and no more. Written by the program itself.\n\
                    # kubectl apply -f kubernetes-rbac.yaml; then let the account of your kubeconfig have the role.\n\
                    apiVersion: v1\nkind: Namespace\nmetadata: { name: provider-system }\n---\n\
                    apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: provider, namespace: provider-system }\n---\n\
                    apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: provider }\nrules:\n"
        .to_owned();
    for rule in &RULES {
        let Rule { group, resource, verbs, why } = rule;
        text.push_str(&format!(
            "  # {why}\n  - {{ apiGroups: [\"{group}\"], resources: [{resource}], verbs: [{}] }}\n",
            verbs.join(", ")
        ));
    }
    text.push_str(
        "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: { name: provider }\n\
         roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: provider }\nsubjects:\n  \
         - { kind: ServiceAccount, name: provider, namespace: provider-system }\n",
    );
    text
}

/// Which permissions are missing.
pub(super) async fn missing(cluster: &Cluster) -> Result<Vec<String>, Problem> {
    let api = Api::<SelfSubjectAccessReview>::all(cluster.client().clone());
    let wanted: Vec<(&Rule, &str)> =
        RULES.iter().flat_map(|rule| rule.verbs.iter().map(move |verb| (rule, *verb))).collect();
    let ask = async |(rule, verb): (&Rule, &str)| {
        let review = SelfSubjectAccessReview {
            spec: SelfSubjectAccessReviewSpec {
                resource_attributes: Some(rule.attributes(verb)),
                ..SelfSubjectAccessReviewSpec::default()
            },
            ..SelfSubjectAccessReview::default()
        };
        let how = PostParams::default();
        let answer = cluster.within(|| api.create(&how, &review)).await?;
        let allowed = answer.status.is_some_and(|status| status.allowed);
        Ok::<_, Problem>((!allowed).then(|| format!("{verb} {}", rule.shown())))
    };
    let mut asked = vec![];
    for one in wanted {
        asked.push(ask(one));
    }
    let answers: Vec<Option<String>> = futures_util::stream::iter(asked).buffered(AT_ONCE).try_collect().await?;
    Ok(answers.into_iter().flatten().collect())
}
