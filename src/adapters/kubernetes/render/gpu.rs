//! GPUs: which resource they are, and on which nodes they are found.

use k8s_openapi::api::core::v1::{
    Affinity, NodeAffinity, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm, Toleration,
};

use super::Unfit;
use crate::domain::bid::{GpuModel, GpuWish};
use crate::domain::manifest::Service;

/// Nodes that carry one kind of GPU, by the label that says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GpuNode {
    /// Which kind.
    pub(crate) model: GpuModel,
    /// `nvidia.com/gpu.product`.
    pub(crate) label: &'static str,
    /// `NVIDIA-A100-SXM4-80GB`.
    pub(crate) value: String,
}

/// The vendor of a service's GPUs; the usual one where the manifest names none.
fn vendor(service: &Service) -> &str {
    let mut attributes = service.resources.gpu.attributes.iter();
    let vendor = attributes.find_map(|attribute| attribute.key.strip_prefix("vendor/")?.split('/').next());
    vendor.unwrap_or("nvidia")
}

/// What a service's GPUs are called as a resource.
pub(super) fn resource(service: &Service) -> String {
    match vendor(service) {
        "amd" => "amd.com/gpu",
        "intel" => "gpu.intel.com/i915",
        _ => "nvidia.com/gpu",
    }
    .to_owned()
}

/// The nodes that have what a service wants. None where it takes any GPU of the vendor.
pub(super) fn affinity(service: &Service, nodes: &[GpuNode]) -> Result<Option<Affinity>, Unfit> {
    let gpu = &service.resources.gpu;
    if gpu.units == 0 || gpu.attributes.is_empty() {
        return Ok(None);
    }
    let fitting: Vec<&GpuNode> = nodes.iter().filter(|node| GpuWish(&gpu.attributes).takes(&node.model)).collect();
    let mut terms: Vec<(&'static str, Vec<String>)> = vec![];
    for node in fitting {
        match terms.iter_mut().find(|(label, _)| *label == node.label) {
            Some((_, values)) if values.contains(&node.value) => {}
            Some((_, values)) => values.push(node.value.clone()),
            None => terms.push((node.label, vec![node.value.clone()])),
        }
    }
    if terms.is_empty() {
        let wanted: Vec<&str> = gpu.attributes.iter().map(|attribute| attribute.key.as_str()).collect();
        return Err(Unfit::NoGpu { service: service.name.clone(), wanted: wanted.join(", ") });
    }
    let terms = terms.into_iter().map(|(label, mut values)| {
        values.sort();
        NodeSelectorTerm {
            match_expressions: Some(vec![NodeSelectorRequirement {
                key: label.to_owned(),
                operator: "In".to_owned(),
                values: Some(values),
            }]),
            ..NodeSelectorTerm::default()
        }
    });
    let required = NodeSelector { node_selector_terms: terms.collect() };
    Ok(Some(Affinity {
        node_affinity: Some(NodeAffinity {
            required_during_scheduling_ignored_during_execution: Some(required),
            ..NodeAffinity::default()
        }),
        ..Affinity::default()
    }))
}

/// Nodes with GPUs often keep everything else away by a taint of the resource's name.
pub(super) fn tolerations(service: &Service) -> Option<Vec<Toleration>> {
    (service.resources.gpu.units > 0).then(|| {
        vec![Toleration {
            key: Some(resource(service)),
            operator: Some("Exists".to_owned()),
            effect: Some("NoSchedule".to_owned()),
            ..Toleration::default()
        }]
    })
}
