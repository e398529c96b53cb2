//! Values that are a mapping of their own: what the operator names, with a few facts about it.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::{Decimal, Ratio, Text, Value, choice};
use crate::config::diagnostic::Diagnostic;
use crate::config::reading::Reading;
use crate::domain::resources::{Bytes, MilliCpu};
use crate::domain::yaml::{Node, Value as Yaml};

/// Defines a value that is written as a mapping, each of whose keys may be left out.
macro_rules! record {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident { $( $(#[doc = $fdoc:literal])+ $field:ident : $type:ty; )+ }
    )+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq, Eq, Default)]
        pub struct $name {
            $( $(#[doc = $fdoc])+ pub $field: Option<$type>, )+
        }

        impl Value for $name {
            fn schema() -> Json {
                let mut properties = Map::new();
                $(
                    let mut property = <$type as Value>::schema();
                    if let Json::Object(fields) = &mut property {
                        fields.insert("description".to_owned(), words(&[$($fdoc),+]).into());
                    }
                    properties.insert(stringify!($field).to_owned(), property);
                )+
                json!({ "type": "object", "properties": properties, "additionalProperties": false })
            }

            fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
                let Yaml::Mapping(entries) = &node.value else {
                    reading.error(node, format!("expected a mapping, found {}", node.value.noun()));
                    return None;
                };
                let mut record = Self::default();
                let mut good = true;
                for entry in entries {
                    match entry.key.as_str() {
                        $( stringify!($field) => {
                            record.$field = <$type as Value>::read(&entry.value, reading);
                            good &= record.$field.is_some();
                        } )+
                        unknown => {
                            let known = [$( stringify!($field) ),+].join(", ");
                            let place = reading.place(entry.key_span.clone());
                            let diagnostic = Diagnostic::error(place, format!("unknown key `{unknown}`"));
                            reading.diagnostics.push(diagnostic.help(format!("the keys here are {known}")));
                            good = false;
                        }
                    }
                }
                good.then_some(record)
            }

            fn show(&self) -> Json {
                let mut shown = Map::new();
                $( if let Some(value) = &self.$field {
                    shown.insert(stringify!($field).to_owned(), value.show());
                } )+
                Json::Object(shown)
            }

            fn outside(&self, _: &str, _: &str) -> bool {
                false
            }
        }
    )+};
}

fn words(doc: &[&str]) -> String {
    doc.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

choice! {
    /// For how long the prices of a list are.
    PriceFor {
        /// An hour.
        Hour = "hour",
        /// A block.
        Block = "block",
    }
}

record! {
    /// A price list for one more denomination, in that denomination.
    DenominationPrices {
        /// For how long the prices are: `hour` (unless set) or `block`.
        per: PriceFor;
        /// A processor core.
        cpu_core: Decimal;
        /// A GiB of memory.
        memory_gb: Decimal;
        /// A GiB of storage.
        storage_gb: Decimal;
        /// A GiB of persistent storage, by class.
        storage_classes: BTreeMap<String, Decimal>;
        /// A GPU.
        gpu_unit: Decimal;
        /// A GPU, by model.
        gpu_models: BTreeMap<String, Decimal>;
        /// A way in from outside.
        endpoint: Decimal;
        /// A leased IP.
        leased_ip: Decimal;
        /// A GiB of traffic.
        bandwidth_gb: Decimal;
        /// Added to the cost.
        markup: Ratio;
        /// The least price of a bid.
        minimum: Decimal;
    }

    /// What one back end has.
    BackEndCapacity {
        /// Processor cores in all.
        cpu: MilliCpu;
        /// Memory in all.
        memory: Bytes;
        /// Storage in all, classes with an entry of their own left out.
        storage: Bytes;
        /// GPUs in all; the sum of the models unless set.
        gpus: u64;
        /// GPUs by model.
        gpu_models: BTreeMap<String, u64>;
        /// Persistent storage by class; classes without an entry share `storage`.
        storage_classes: BTreeMap<String, Bytes>;
        /// IP addresses that can be leased.
        leased_ips: u64;
        /// Its nodes, in groups of such that are alike.
        nodes: Vec<NodeGroupCapacity>;
    }

    /// Nodes that are alike.
    NodeGroupCapacity {
        /// The name of the group.
        name: Text;
        /// How many nodes; one unless set.
        count: u64;
        /// Processor cores of each.
        cpu: MilliCpu;
        /// Memory of each.
        memory: Bytes;
        /// Storage of each, where it is the node's own.
        storage: Bytes;
        /// GPUs of each; the sum of the models unless set.
        gpus: u64;
        /// GPUs of each, by model.
        gpu_models: BTreeMap<String, u64>;
    }
}
