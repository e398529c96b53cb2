//! Back ends: which are sold, and how each is reached.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::config::section::section;
use crate::config::value::{
    Count, HostOrAddress, OpenstackNetwork, Secret, StorageClass, Text, Texts, WebAddress, choice,
};
use crate::domain::resources::{Bytes, MilliCpu};

choice! {
    /// A kind of back end.
    Adapter {
        /// Containers or processes of this machine.
        Local = "local",
        /// A Kubernetes cluster.
        Kubernetes = "kubernetes",
        /// A SLURM partition.
        Slurm = "slurm",
        /// An OpenStack site, directly or through Waldur.
        Openstack = "openstack",
        /// A vSphere site.
        Vmware = "vmware",
        /// Amazon EC2.
        Aws = "aws",
        /// Microsoft Azure.
        Azure = "azure",
        /// Machines that Ansible playbooks set up.
        Ansible = "ansible",
        /// Virtual machines of this machine, by Multipass.
        Multipass = "multipass",
    }
}

choice! {
    /// What runs workloads on this machine.
    LocalRuntime {
        /// Containers where there is an engine, else processes.
        Auto = "auto",
        /// Containers.
        Container = "container",
        /// Processes.
        Process = "process",
    }
}

choice! {
    /// A level of the cluster's Pod Security standards.
    PodSecurity {
        /// Everything that hardens.
        Restricted = "restricted",
        /// What is known to be dangerous is not allowed.
        Baseline = "baseline",
        /// Anything goes.
        Privileged = "privileged",
    }
}

choice! {
    /// When an image is pulled.
    ImagePull {
        /// Whenever a container is made of it.
        Always = "always",
        /// When the engine lacks it; always with a login.
        Missing = "missing",
        /// Never.
        Never = "never",
    }
}

choice! {
    /// What runs containers on a SLURM node.
    ContainerRuntime {
        /// Singularity.
        Singularity = "singularity",
        /// Apptainer, Singularity's continuation.
        Apptainer = "apptainer",
    }
}

section! {
    /// Back ends.
    Orchestration at ["orchestration"] {
        section local: Local;
        section kubernetes: Kubernetes;
        section slurm: Slurm;
        section openstack: Openstack;
        section waldur: Waldur;
        section vmware: Vmware;
        section aws: Aws;
        section azure: Azure;
        section ansible: Ansible;
        section multipass: Multipass;
        /// The back ends that are sold; several may be named.
        adapter: Vec<Adapter> = "[]", also ["orchestration.adapters"];
    }

    /// Containers or processes of this machine. Where no back end is named, it is this one.
    Local at ["orchestration.local", "adapters.local"] {
        /// Sell it; the same as naming it in `orchestration.adapter`.
        enabled: Option<bool>, like "true";
        /// What runs workloads: containers where there is an engine, else processes; or one of both.
        runtime: LocalRuntime = "auto";
        /// The name by which what is ours on this machine is known: in labels, folders and names. Two providers on one
        /// machine need two.
        site: Text = "provider";
        /// The socket of the container engine; where Docker or Podman have theirs unless set.
        socket: Option<PathBuf>, like "/run/podman/podman.sock";
        /// When an image is pulled.
        pull: ImagePull = "always";
        /// The address at which published ports are taken.
        publish_address: IpAddr = "0.0.0.0";
        /// No writing outside of volumes, /tmp and /run.
        read_only_root: bool = "true";
        /// Capabilities that containers keep; all others are dropped.
        capabilities: Vec<Text> = "[]";
        /// How the users of containers are mapped, in the engine's words: `auto`, `host`. Unless set, Podman as root maps
        /// those of each container to their own where /etc/subuid and /etc/subgid have a range for `containers`; those of
        /// a container with volumes stay.
        user_namespace: Option<Text>, like "auto";
        /// Processes of one container, at most.
        max_processes: u64 = "1024", in "1" ..= "1000000";
        /// Where processes have their folders; `workloads` beside the state file unless set.
        data_dir: Option<PathBuf>, like "/var/lib/provider-daemon/workloads";
        /// The account that processes run under; our own unless set.
        process_user: Option<Text>, like "nobody";
        /// Run tenants of a real chain as processes of this machine. It hardly isolates them.
        allow_untrusted_process: bool = "false";
    }

    /// A Kubernetes cluster.
    Kubernetes at ["orchestration.kubernetes", "adapters.kubernetes"] {
        section resource_quota: ResourceQuota;
        section default_limits: DefaultLimits;
        section resource_limits: ResourceLimits;
        section network_policies: NetworkPolicies;
        section security_context: SecurityContext;
        section overcommit: Overcommit;
        section network: ClusterNetwork;
        /// Sell it; the same as naming it in `orchestration.adapter`.
        enabled: Option<bool>, like "true";
        /// The name by which what is ours in the cluster is known: in labels and field managers. Two providers in one
        /// cluster need two, and two prefixes.
        site: Text = "provider";
        /// How the cluster is reached; the pod's service account unless set.
        kubeconfig: Option<PathBuf>, like "/etc/provider-daemon/kubeconfig";
        /// The context of the kubeconfig; its current one unless set.
        context: Option<Text>, like "production";
        /// How long one request may take.
        timeout: Duration = "30s", in "1s" ..= "10m";
        /// How long the end of a namespace, or of a pod beyond its grace, is waited for. What takes longer is reported,
        /// and looked at again by the next run.
        removal_timeout: Duration = "2m", in "1s" ..= "1h";
        /// What the name of each lease's namespace begins with.
        namespace_prefix: Text = "virt-", also ["orchestration.kubernetes.namespace", "adapters.kubernetes.namespace"];
        /// Labels of each namespace besides our own.
        namespace_labels: Texts = "{}";
        /// Storage classes that are sold, by name, or as a mapping with `name` and `default`.
        storage_classes: Vec<StorageClass> = "[]",
            also ["orchestration.kubernetes.storage_class", "adapters.kubernetes.storage_class"];
        /// Secrets with registry credentials, which every pod may use.
        image_pull_secrets: Vec<Text> = "[]";
        /// The namespace that those secrets are copied from into each lease's; unless set each is expected to have them.
        image_pull_secrets_namespace: Option<Text>, like "provider-system";
        /// When an image is pulled.
        pull: ImagePull = "always";
        /// The level of Pod Security that each namespace enforces.
        pod_security: PodSecurity = "restricted";
        /// The runtime class of every pod; the cluster's usual one unless set.
        runtime_class: Option<Text>, like "gvisor";
    }

    /// The most that all leases together may use.
    ResourceQuota at ["orchestration.kubernetes.resource_quota", "adapters.kubernetes.resource_quota"] {
        /// Processor.
        cpu: Option<MilliCpu>, like "100";
        /// Memory.
        memory: Option<Bytes>, like "512Gi";
        /// GPUs.
        gpu: Option<Count>, like "8";
        /// Storage.
        storage: Option<Bytes>, like "10Ti";
    }

    /// Limits of a container whose manifest sets none.
    DefaultLimits at ["orchestration.kubernetes.default_limits", "adapters.kubernetes.default_limits"] {
        /// Processor.
        cpu: Option<MilliCpu>, like "4";
        /// Memory.
        memory: Option<Bytes>, like "8Gi";
    }

    /// The most that one deployment and one pod may use.
    ResourceLimits at ["orchestration.kubernetes.resource_limits", "adapters.kubernetes.resource_limits"] {
        /// Pods of a deployment.
        max_pods_per_deployment: Option<u64>, like "10", in "1" ..= "10000";
        /// Processor of a pod.
        max_cpu_per_pod: Option<MilliCpu>, like "8";
        /// Memory of a pod.
        max_memory_per_pod: Option<Bytes>, like "32Gi";
    }

    /// Network policies of each namespace. `network_policies: true` stands for `enabled: true`.
    NetworkPolicies at ["orchestration.kubernetes.network_policies", "adapters.kubernetes.network_policies"] {
        /// Isolate each namespace.
        enabled: bool = "true";
        /// Let nothing in that the manifest does not expose.
        default_deny_ingress: bool = "true";
    }

    /// What every container is held to.
    SecurityContext at ["orchestration.kubernetes.security_context", "adapters.kubernetes.security_context"] {
        /// Never as root.
        run_as_non_root: bool = "true";
        /// No writing outside of volumes.
        read_only_root_filesystem: bool = "true";
        /// Processes may gain privileges that their parent lacks.
        allow_privilege_escalation: bool = "false";
    }

    /// How much more is sold than there is, in percent: with 100 a pod that may use a core is promised half of one.
    Overcommit at ["orchestration.kubernetes.overcommit", "adapters.kubernetes.overcommit"] {
        /// Of processors.
        cpu: u64 = "0", in "0" ..= "1000";
        /// Of memory. What is promised twice and used twice ends pods.
        memory: u64 = "0", in "0" ..= "1000";
    }

    /// How leases reach the world and are reached.
    ClusterNetwork at ["orchestration.kubernetes.network", "adapters.kubernetes.network"] {
        /// The namespace of the cluster's DNS.
        dns_namespace: Text = "kube-system";
        /// The class of ingresses; the cluster's own default unless set.
        ingress_class: Option<Text>, like "nginx";
        /// The domain under which each service that is served by host name gets one of its own; unless set only those
        /// that the manifest names.
        ingress_domain: Option<Text>, like "leases.example.com";
        /// The namespace of the ingress controller: only its pods reach what is served by host name; any unless set.
        ingress_namespace: Option<Text>, like "ingress-nginx";
        /// The class of load balancers that lease IP addresses; none are leased unless set.
        load_balancer_class: Option<Text>, like "metallb.io/metallb";
    }

    /// A SLURM partition.
    Slurm at ["orchestration.slurm", "adapters.slurm"] {
        section ssh: Ssh;
        section resource_mapping: ResourceMapping;
        section defaults: SlurmDefaults;
        /// Sell it; the same as naming it in `orchestration.adapter`.
        enabled: Option<bool>, like "true";
        /// The host that jobs are submitted on.
        controller_host: Option<Text>, like "slurm-controller.local";
        /// The port of the controller.
        controller_port: u64 = "6817", in "1" ..= "65535";
        /// The partition that is sold.
        partition: Option<Text>, like "compute";
        /// The account that jobs are charged to.
        account: Option<Text>, like "virtengine";
        /// What runs containers on a node.
        container_runtime: ContainerRuntime = "singularity";
        /// The folder of container images.
        singularity_images_dir: Option<PathBuf>, like "/shared/images";
    }

    /// The way to the host that jobs are submitted on.
    Ssh at ["orchestration.slurm.ssh", "adapters.slurm.ssh"] {
        /// The user.
        user: Option<Text>, like "slurm-submit";
        /// The private key.
        key_path: Option<PathBuf>, like "/home/provider/.ssh/slurm_key";
        /// How long connecting and one command may take.
        timeout: Duration = "30s", in "1s" ..= "10m";
    }

    /// What an order's units are on the partition.
    ResourceMapping at ["orchestration.slurm.resource_mapping", "adapters.slurm.resource_mapping"] {
        /// Cores of the partition for a core of an order.
        cpu_to_cores: u64 = "1", in "1" ..= "64";
        /// MB of the partition for a GiB of an order.
        memory_to_mb: u64 = "1024", in "1" ..= "65536";
        /// The generic resource for a GPU of an order.
        gpu_to_gres: Text = "gpu:1";
    }

    /// What a job is submitted with unless its manifest says otherwise.
    SlurmDefaults at ["orchestration.slurm.defaults", "adapters.slurm.defaults"] {
        /// The longest run, as SLURM writes it.
        time_limit: Text = "'24:00:00'";
        /// The folder of a job's output; %j is the job's number.
        output_dir: Option<Text>, like "/scratch/virtengine/%j";
        /// The quality of service.
        qos: Option<Text>, like "normal";
    }

    /// An OpenStack site.
    Openstack at ["orchestration.openstack", "adapters.openstack"] {
        section defaults: OpenstackDefaults;
        /// Sell it; the same as naming it in `orchestration.adapter`.
        enabled: Option<bool>, like "true";
        /// The project that servers belong to.
        project_uuid: Option<Text>, like "3f0a8f4e-0d2c-4f53-9f0e-1f0a4e2d7c11";
        /// The key pair for access.
        ssh_keypair: Option<Text>, like "virtengine-provider";
        /// Networks, by name, or as a mapping with `name` and `external`.
        networks: Vec<OpenstackNetwork> = "[]";
    }

    /// What a server is made with unless its manifest says otherwise.
    OpenstackDefaults at ["orchestration.openstack.defaults", "adapters.openstack.defaults"] {
        /// The flavor.
        flavor: Option<Text>, like "m1.medium",
            also ["orchestration.openstack.default_flavor", "adapters.openstack.default_flavor"];
        /// The image.
        image: Option<Text>, like "ubuntu-22.04",
            also ["orchestration.openstack.default_image", "adapters.openstack.default_image"];
        /// The network.
        network: Option<Text>, like "provider-network";
        /// The security group.
        security_group: Option<Text>, like "virtengine-workloads";
    }

    /// Waldur, a bridge to clouds.
    Waldur at ["orchestration.waldur", "adapters.waldur"] {
        /// Its API.
        api_url: Option<WebAddress>, like "https://waldur.example.com/api/",
            also ["orchestration.openstack.waldur_url", "adapters.openstack.waldur_url"];
        /// The token.
        token: Option<Secret>, like "${WALDUR_TOKEN}",
            also ["orchestration.openstack.waldur_token", "adapters.openstack.waldur_token"];
    }

    /// A vSphere site.
    Vmware at ["orchestration.vmware", "adapters.vmware"] {
        section defaults: VmwareDefaults;
        /// Sell it; the same as naming it in `orchestration.adapter`.
        enabled: Option<bool>, like "true";
        /// The vCenter, a host or an https address.
        vcenter_url: Option<HostOrAddress>, like "vcenter.local";
        /// The user.
        username: Option<Text>, like "${VCENTER_USER}";
        /// The password.
        password: Option<Secret>, like "${VCENTER_PASSWORD}";
        /// The datacenter.
        datacenter: Option<Text>, like "DC1";
        /// The cluster.
        cluster: Option<Text>, like "Compute-Cluster";
        /// The resource pool.
        resource_pool: Option<Text>, like "VirtEngine";
        /// The datastore.
        datastore: Option<Text>, like "Fast-Storage";
    }

    /// What a machine is made with unless its manifest says otherwise.
    VmwareDefaults at ["orchestration.vmware.defaults", "adapters.vmware.defaults"] {
        /// The template.
        template: Option<Text>, like "ubuntu-22.04-template";
        /// The network.
        network: Option<Text>, like "VM Network";
        /// The folder.
        folder: Option<Text>, like "VirtEngine-Workloads";
    }

    /// Amazon EC2.
    Aws at ["orchestration.aws", "adapters.aws"] {
        /// Sell it; the same as naming it in `orchestration.adapter`.
        enabled: Option<bool>, like "true";
        /// The region.
        region: Option<Text>, like "us-east-1";
        /// The virtual private cloud.
        vpc_id: Option<Text>, like "vpc-12345";
        /// The instance type unless the manifest says otherwise.
        default_instance_type: Option<Text>, like "t3.medium";
        /// The image unless the manifest says otherwise.
        default_ami: Option<Text>, like "ami-12345";
    }

    /// Microsoft Azure.
    Azure at ["orchestration.azure", "adapters.azure"] {
        /// Sell it; the same as naming it in `orchestration.adapter`.
        enabled: Option<bool>, like "true";
        /// The subscription.
        subscription_id: Option<Text>, like "3f0a8f4e-0d2c-4f53-9f0e-1f0a4e2d7c11";
        /// The resource group.
        resource_group: Option<Text>, like "virtengine-rg";
        /// The location.
        location: Option<Text>, like "eastus";
        /// The machine size unless the manifest says otherwise.
        default_vm_size: Option<Text>, like "Standard_B2s";
    }

    /// Machines that Ansible playbooks set up.
    Ansible at ["orchestration.ansible", "adapters.ansible"] {
        /// Sell it; the same as naming it in `orchestration.adapter`.
        enabled: Option<bool>, like "true";
    }

    /// Virtual machines of this machine, by Multipass.
    Multipass at ["orchestration.multipass", "adapters.multipass"] {
        /// Sell it; the same as naming it in `orchestration.adapter`.
        enabled: Option<bool>, like "true";
        /// Machines at once, at most.
        max_vms: u64 = "10", in "1" ..= "1000", env ["GOLEM_PROVIDER_MAX_VMS"];
        /// The image unless the order says otherwise.
        default_image: Text = "ubuntu:24.04", env ["GOLEM_PROVIDER_DEFAULT_VM_IMAGE"];
        /// The folder of machine data.
        data_dir: Option<PathBuf>, like "/var/lib/provider-daemon/vms", env ["GOLEM_PROVIDER_VM_DATA_DIR"];
    }
}

impl Orchestration {
    /// The back ends that are sold, by either spelling, in the order of [`Adapter`].
    pub fn enabled(&self) -> Vec<Adapter> {
        let by_section = [
            (Adapter::Local, self.local.enabled),
            (Adapter::Kubernetes, self.kubernetes.enabled),
            (Adapter::Slurm, self.slurm.enabled),
            (Adapter::Openstack, self.openstack.enabled),
            (Adapter::Vmware, self.vmware.enabled),
            (Adapter::Aws, self.aws.enabled),
            (Adapter::Azure, self.azure.enabled),
            (Adapter::Ansible, self.ansible.enabled),
            (Adapter::Multipass, self.multipass.enabled),
        ];
        by_section
            .into_iter()
            .filter(|(adapter, enabled)| enabled.unwrap_or(false) || self.adapter.contains(adapter))
            .map(|(adapter, _)| adapter)
            .collect()
    }
}
