//! Who we are, what we have to sell, and where we tell of it.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::config::section::section;
use crate::config::value::{
    AccountAddress, BackEndCapacity, Country, Email, NodeGroupCapacity, Ratio, Text, WebAddress,
};
use crate::domain::resources::{Bytes, MilliCpu};

section! {
    /// Who we are on the marketplace.
    Provider at ["provider"] {
        /// The account address under which the provider is registered.
        address: Option<AccountAddress>, like "ve1t3xpjep5pt99kefe8wlf6vjfeht3hcnx8e5599";
        /// The name of this provider in usage records and advertisements; its address unless set.
        id: Option<Text>, like "provider1", also ["metering.provider_id"],
            env ["GOLEM_PROVIDER_ID", "GOLEM_PROVIDER_PROVIDER_ID"];
        /// The name shown to tenants.
        name: Option<Text>, like "MyProvider", env ["GOLEM_PROVIDER_NAME", "GOLEM_PROVIDER_PROVIDER_NAME"];
        /// Where tenants can write to.
        contact_email: Option<Email>, like "ops@myprovider.com";
        /// Where tenants can read more.
        website: Option<WebAddress>, like "https://myprovider.com";
        /// Where tenants reach the gateway: https, a host, perhaps a port, and no path.
        host_uri: Option<WebAddress>, like "https://provider.example.com:8443";
        /// The region that orders may ask for.
        region: Option<Text>, like "us-east-1";
        /// The country that the machines stand in (two letters).
        country: Option<Country>, like "SE", env ["GOLEM_PROVIDER_COUNTRY"];
    }

    /// What there is to sell. The lesser of this and what the back end reports counts.
    Capacity at ["capacity"] {
        section thresholds: Thresholds;
        /// Ask the back ends what they have; without it what is configured counts alone.
        observe: bool = "true";
        /// Processor cores in all.
        total_cpu: Option<MilliCpu>, like "128", also ["capacity.total_cpu_cores"];
        /// Memory in all.
        total_memory: Option<Bytes>, like "512Gi", also ["capacity.total_memory_gb" as "Gi"];
        /// Storage in all.
        total_storage: Option<Bytes>, like "10000Gi", also ["capacity.total_storage_gb" as "Gi"];
        /// GPUs in all.
        total_gpus: Option<u64>, like "8";
        /// GPUs by model: `nvidia/a100`, `nvidia/a100/80Gi/sxm`. Orders that name a model get one of these.
        gpu_models: BTreeMap<String, u64> = "{}";
        /// Persistent storage by class. Classes without an entry share `total_storage`.
        storage_classes: BTreeMap<String, Bytes> = "{}";
        /// IP addresses that can be leased; as many as the back end says, where it says so, and else none.
        leased_ips: Option<u64>, like "4", in "0" ..= "1000000";
        /// The nodes, in groups of such that are alike; where they are known, an instance must fit on one of them.
        nodes: Vec<NodeGroupCapacity> = "[]";
        /// What each of several back ends has, by back end. The keys above then limit all of them together.
        back_ends: BTreeMap<String, BackEndCapacity> = "{}";
        /// Processor cores that are never sold.
        reserved_cpu: MilliCpu = "0", also ["capacity.reserved_cpu_cores"];
        /// Memory that is never sold.
        reserved_memory: Bytes = "0", also ["capacity.reserved_memory_gb" as "Gi"];
        /// Storage that is never sold.
        reserved_storage: Bytes = "0", also ["capacity.reserved_storage_gb" as "Gi"];
    }

    /// A machine that is busier than this takes no new virtual machine.
    Thresholds at ["capacity.thresholds"] {
        /// Share of processor time in use.
        cpu: Ratio = "90%", in "0" ..= "1", env ["GOLEM_PROVIDER_CPU_THRESHOLD" as "%"];
        /// Share of memory in use.
        memory: Ratio = "85%", in "0" ..= "1", env ["GOLEM_PROVIDER_MEMORY_THRESHOLD" as "%"];
        /// Share of storage in use.
        storage: Ratio = "90%", in "0" ..= "1", env ["GOLEM_PROVIDER_STORAGE_THRESHOLD" as "%"];
    }

    /// Advertisement of free resources to a discovery service.
    Discovery at ["discovery"] {
        /// The service; nothing is advertised unless set.
        url: Option<WebAddress>, like "http://discovery.golem.network:7465", env ["GOLEM_PROVIDER_DISCOVERY_URL"];
        /// Time between two advertisements.
        interval: Duration = "4m", in "1s" ..= "24h", env ["GOLEM_PROVIDER_ADVERTISEMENT_INTERVAL" as "s"];
        /// With less free memory than this nothing is advertised.
        min_memory: Bytes = "1Gi", env ["GOLEM_PROVIDER_MIN_MEMORY_GB" as "Gi"];
        /// With less free storage than this nothing is advertised.
        min_storage: Bytes = "10Gi", env ["GOLEM_PROVIDER_MIN_STORAGE_GB" as "Gi"];
        /// With fewer free cores than this nothing is advertised.
        min_cpu: MilliCpu = "1", env ["GOLEM_PROVIDER_MIN_CPU_CORES"];
    }
}
