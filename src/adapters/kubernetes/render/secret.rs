//! Secrets: what a pod's specification must not show.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::{EnvVar, EnvVarSource, Secret, SecretKeySelector};

use crate::adapters::kubernetes::{Options, names};
use crate::domain::manifest::{Credentials, Service};
use crate::domain::workload::Spec;

/// The secrets of a workload.
pub(super) fn all(spec: &Spec, options: &Options) -> Vec<Secret> {
    let of = |service: &Service| {
        let variables = variables(service);
        let environment = (!variables.is_empty()).then(|| Secret {
            metadata: names::meta(options, spec, Some(&service.name), &environment_name(service)),
            type_: Some("Opaque".to_owned()),
            data: Some(variables.into_iter().map(|(name, value)| (name.to_owned(), bytes(value))).collect()),
            ..Secret::default()
        });
        let login = service.credentials.as_ref().map(|credentials| Secret {
            metadata: names::meta(options, spec, Some(&service.name), &login_name(service)),
            type_: Some("kubernetes.io/dockerconfigjson".to_owned()),
            data: Some(BTreeMap::from([(".dockerconfigjson".to_owned(), bytes(&login(credentials)))])),
            ..Secret::default()
        });
        [environment, login].into_iter().flatten()
    };
    spec.group.services.iter().flat_map(of).collect()
}

/// The environment of a container: names, and where their values are.
pub(super) fn environment(service: &Service) -> Option<Vec<EnvVar>> {
    let names = variables(service).into_keys();
    let variables: Vec<_> = names
        .map(|name| EnvVar {
            name: name.to_owned(),
            value_from: Some(EnvVarSource {
                secret_key_ref: Some(SecretKeySelector {
                    name: environment_name(service),
                    key: name.to_owned(),
                    optional: Some(false),
                }),
                ..EnvVarSource::default()
            }),
            ..EnvVar::default()
        })
        .collect();
    (!variables.is_empty()).then_some(variables)
}

/// A registry login of the operator's own, as it is in the namespace of a workload.
pub(in super::super) fn copy(spec: &Spec, options: &Options, name: &str, found: Secret) -> Secret {
    Secret {
        metadata: names::meta(options, spec, None, &copied(options, name)),
        type_: found.type_,
        data: found.data,
        ..Secret::default()
    }
}

/// What a registry login of the operator's own is called in the namespace of a workload. A copy's name is none that an
/// environment or a login of a service can have.
pub(super) fn copied(options: &Options, name: &str) -> String {
    if options.image_pull_secrets_namespace.is_some() { format!("{name}.copied") } else { name.to_owned() }
}

/// The login of a service's image.
pub(super) fn login_name(service: &Service) -> String {
    format!("{}-registry", service.name)
}

fn environment_name(service: &Service) -> String {
    format!("{}-environment", service.name)
}

/// Variables by name; of two with one name the last counts, as in a process.
fn variables(service: &Service) -> BTreeMap<&str, &str> {
    let lines = service.env.iter().flatten();
    lines.map(|line| line.split_once('=').unwrap_or((line, ""))).filter(|(name, _)| !name.is_empty()).collect()
}

fn login(credentials: &Credentials) -> String {
    let auth = STANDARD.encode(format!("{}:{}", credentials.username, credentials.password));
    let entry = serde_json::json!({
        "username": credentials.username, "password": credentials.password, "email": credentials.email, "auth": auth,
    });
    serde_json::json!({ "auths": { credentials.host.as_str(): entry } }).to_string()
}

fn bytes(text: &str) -> ByteString {
    ByteString(text.as_bytes().to_vec())
}
