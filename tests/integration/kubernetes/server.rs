//! A real control plane, started by tests/servers/kubernetes.sh: every test has a site and a prefix of its own in it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use provider::adapters::kubernetes::options::{
    Access, Amounts, Checks, Confinement, Network, Options, Overcommit, PodSecurity, Prefix, Pull, SoldClass,
};
use provider::adapters::local::Site;
use serde_json::Value;

/// Where it is, and who its users are.
pub struct Server {
    state: PathBuf,
}

/// Starts it, once for all tests; none where it cannot be had, which is said.
pub fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    let found = SERVER.get_or_init(|| {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/servers/kubernetes.sh");
        let started = Command::new(&script).arg("start").output().ok()?;
        if !started.status.success() {
            eprintln!("{}{}", String::from_utf8_lossy(&started.stdout), String::from_utf8_lossy(&started.stderr));
            return None;
        }
        let state = std::env::var_os("SERVERS_STATE").map_or_else(|| "/var/lib/provider-servers".into(), PathBuf::from);
        Some(Server { state })
    });
    if found.is_none() {
        eprintln!(
            "could not run: the Kubernetes control plane does not start here (it takes root, and Go to build it)"
        );
    }
    found.as_ref()
}

impl Server {
    fn kubeconfig(&self, user: &str) -> PathBuf {
        self.state.join("kubernetes").join(format!("{user}.kubeconfig"))
    }

    /// Who may do everything.
    pub fn admin(&self) -> PathBuf {
        self.kubeconfig("admin")
    }

    /// Who has the role of config/kubernetes-rbac.yaml, and nothing else.
    pub fn provider(&self) -> PathBuf {
        self.kubeconfig("provider")
    }

    /// Who may do nothing.
    pub fn nobody(&self) -> PathBuf {
        self.kubeconfig("nobody")
    }

    /// kubectl as somebody; what it says, and whether it ended well.
    pub fn kubectl_as(&self, user: &Path, arguments: &[&str], input: &str) -> (bool, String) {
        use std::io::Write as _;
        let mut command = Command::new(self.state.join("bin/kubectl"));
        command.arg("--kubeconfig").arg(user).args(arguments);
        command.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
        let mut child = command.stderr(std::process::Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        (output.status.success(), said)
    }

    /// kubectl as the administrator, which must end well.
    pub fn kubectl(&self, arguments: &[&str]) -> String {
        let (well, said) = self.kubectl_as(&self.admin(), arguments, "");
        assert!(well, "{arguments:?}: {said}");
        said
    }

    /// An object, or a list of them.
    pub fn get(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.kubectl(&[&["get", "-o", "json"], arguments].concat())).unwrap()
    }
}

/// A part of the cluster for one test; what is left in it goes when the test ends, however it ends.
pub struct Plot {
    pub server: &'static Server,
    pub site: String,
    pub prefix: String,
}

impl Plot {
    pub fn new(server: &'static Server, tag: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let moment = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().subsec_micros();
        let unique = format!("{:x}{:x}", moment, NUMBER.fetch_add(1, Ordering::Relaxed));
        Self { server, site: format!("k{unique}-{tag}"), prefix: format!("{tag}-{unique}-") }
    }

    pub fn options(&self, kubeconfig: PathBuf) -> Options {
        Options {
            name: "kubernetes".to_owned(),
            site: Site::parse(&self.site).unwrap(),
            access: Access {
                kubeconfig: Some(kubeconfig),
                context: None,
                timeout: Duration::from_secs(30),
                removal_timeout: Duration::from_mins(2),
                page: 500,
            },
            prefix: Prefix::parse(&self.prefix).unwrap(),
            namespace_labels: [("example.com/sold".to_owned(), "yes".to_owned())].into(),
            pod_security: PodSecurity::Restricted,
            confinement: Confinement { run_as_non_root: true, read_only_root: true, allow_privilege_escalation: false },
            network: Network {
                policies: true,
                deny_ingress: true,
                dns_namespace: "kube-system".to_owned(),
                ingress_class: None,
                ingress_domain: Some("leases.example.com".to_owned()),
                ingress_namespace: Some("ingress-nginx".to_owned()),
                load_balancer_class: Some("example.com/balancer".to_owned()),
            },
            storage_classes: vec![SoldClass { name: "standard".to_owned(), default: true }],
            image_pull_secrets: vec![],
            image_pull_secrets_namespace: None,
            pull: Pull::Always,
            default_limits: Amounts::default(),
            pod_limits: Amounts::default(),
            most_pods: None,
            overcommit: Overcommit::default(),
            runtime_class: None,
            checks: Checks { interval: Duration::from_secs(30), timeout: Duration::from_secs(10) },
        }
    }

    pub fn namespace(&self, workload: &str) -> String {
        format!("{}{workload}", self.prefix)
    }

    /// Waits until what is asked for is so.
    pub async fn until<T>(&self, what: &str, look: impl Fn() -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(found) = look() {
                return found;
            }
            assert!(begun.elapsed() < Duration::from_mins(1), "it does not come: {what}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

impl Drop for Plot {
    fn drop(&mut self) {
        let of_site = format!("provider.site={}", self.site);
        let arguments = ["delete", "namespaces", "--wait=false", "-l", &of_site];
        let _ = self.server.kubectl_as(&self.server.admin(), &arguments, "");
    }
}
