//! What a tenant wants to run, in its two halves: the groups that go on chain, and the manifest that goes to the
//! provider.
//!
//! - [`Resources`]: hardware, the same in both halves.
//! - [`GroupSpec`]: what the chain and the bidders see: hardware, prices, requirements. [`groups_json`] and
//!   [`read_groups`] are its JSON list form.
//! - [`Manifest`]: what only the provider sees: images, commands, ports. Its JSON form is exact to the byte, because
//!   its SHA-256 is the deployment's version on chain ([`Manifest::version`]).
//! - [`Deployment`]: both halves, as [`read`] derives them from the tenant's file, whatever its [`Form`].
//! - [`sdl`]: the grammars of that file.
//!
//! Pure: no file is read here, nothing is sent.

mod deployment;
mod fit;
mod group_list;
mod group_spec;
mod json;
mod json_form;
mod json_tree;
mod limits;
mod manifest_json;
mod names;
mod problems;
mod resources;
pub mod sdl;
mod service;

#[cfg(test)]
mod tests;

pub use deployment::{Deployment, Form, read};
pub use fit::Unfit;
pub use group_list::{GroupListError, groups_json, read_groups};
pub use group_spec::{GroupSpec, Requirements, ResourceUnit};
pub use json::canonical;
pub use manifest_json::ManifestJsonError;
pub use resources::{Attribute, Cpu, Endpoint, EndpointKind, Gpu, Memory, Resources, Volume};
pub use service::{Credentials, Expose, Group, HttpOptions, Manifest, Mount, Parameters, Protocol, Service};
